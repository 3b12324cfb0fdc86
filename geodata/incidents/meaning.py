"""The meaning of each row's texts: class, source, kind of space and the other categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geodata.columns import Codes, Distinct
from geodata.errors import Fault
from geodata.import_report import UnknownText
from geodata.incidents.options import ImportOptions, Rule
from geodata.language import gettext as _
from geodata.mapping import ColumnMap
from geodata.offence_codes import OffenceCodes
from geodata.offences import UNKNOWN, CodeColumn, classes_of_codes, classes_of_texts, tidy_codes
from geodata.schema import INCIDENTS
from geodata.values import CATEGORIES, SETTABLE, categorise, check_value, texts

Bytes = npt.NDArray[np.int8]

NOTHING = Distinct(pa.array([], pa.string()), np.empty(0, dtype=np.int64))


@dataclass(frozen=True, eq=False)
class Meaning:
    """What the texts of a file say, one entry a row.

    Attributes
    ----------
    categories
        ``offence_class`` and each of `CATEGORIES` → position among the values of the schema.
    case, code, text, address
        The texts themselves; all codes −1 where the file has no such column.
    count
        Offences (``antal``), 0 where the file doesn't say.
    counted
        Whether the file has such a column.
    n_restored
        Rows whose code got its leading zero back.
    unclassed
        Texts of offences that no rule knows, with all rows that hold them.
    unknown
        Texts of categories that nobody knows.
    screened
        Target → the texts that can reach a table or the report.
    """

    categories: Mapping[str, Bytes]
    case: Distinct
    code: Distinct
    text: Distinct
    address: Distinct
    count: Codes
    counted: bool
    n_restored: int
    unknown: tuple[UnknownText, ...]
    screened: Mapping[str, Distinct] = field(default_factory=dict)


def check_rules(rules: tuple[Rule, ...], where: str) -> list[Fault]:
    """Return a fault for each rule without a column or condition, or with an unknown category."""
    faults = []
    for number, rule in enumerate(rules, start=1):
        place = f"{where} rules {number}"
        if not rule.column or bool(rule.equals) == bool(rule.contains):
            faults.append(
                Fault(
                    code="bad_rule",
                    what=_("Regeln är inte fullständig."),
                    where=place,
                    next_step=_("Ange column och antingen equals eller contains."),
                )
            )
        for label in SETTABLE:
            value = getattr(rule, label)
            if value:
                faults += check_value(label, value, f"{place} {label}")
    return faults


def read_meaning(
    table: pa.Table, chosen: ColumnMap, options: ImportOptions, codes: OffenceCodes
) -> Meaning:
    """Read the texts of a file.

    What decides a category, first to last: the project's rules, the offence code, the project's
    own texts, the built-in ones, the project's constants; else ``unknown``.
    """
    n = len(table)
    columns = {
        target: texts(table, names, ordered=target != "case_id")
        for target, names in chosen.columns.items()
        if target not in ("date", "time", "end_date", "end_time", "x", "y", "count")
    }
    nothing = Distinct(NOTHING.values, np.full(n, -1, dtype=np.int64))
    tidy = tidy_codes(columns.get("offence_code", nothing))
    by_rule = _by_rules(table, options.rules)
    categories: dict[str, Bytes] = {}
    unknown: list[UnknownText] = []
    for label in CATEGORIES:
        found = by_rule[label]
        if label in columns:
            read = categorise(columns[label], label, options.values.get(label, {}))
            found = _first(found, read.codes)
            unknown += [UnknownText(label, text, rows) for text, rows in read.unknown.items()]
        categories[label] = _filled(found, label, options.constants)
    classes = by_rule["offence_class"]
    classes = _first(classes, classes_of_codes(tidy.distinct, codes))
    text = columns.get("offence_text", nothing)
    by_text = classes_of_texts(text, options.values.get("offence_class", {}))
    # A code that the list lacks is class unknown, whatever else the row says: it must be seen.
    classes = _first(classes, np.where(tidy.distinct.codes < 0, by_text, np.int8(UNKNOWN)))
    free = bool(set(chosen.columns.get("offence_text", ())) & set(chosen.sentences))
    unknown += _unclassed(text, tidy, classes, free=free)
    categories["offence_class"] = _filled(classes, "offence_class", options.constants)
    return Meaning(
        categories=categories,
        case=columns.get("case_id", nothing),
        code=tidy.distinct,
        text=text,
        address=columns.get("address", nothing),
        count=_counts(table, chosen.columns.get("count"), n),
        counted="count" in chosen.columns,
        n_restored=tidy.n_restored,
        unknown=tuple(sorted(unknown, key=lambda u: (u.target, -u.rows, u.text))),
        screened=columns,
    )


def _by_rules(table: pa.Table, rules: tuple[Rule, ...]) -> dict[str, Bytes]:
    """Return for each settable column what the rules say, −1 where they say nothing."""
    said = {label: np.full(len(table), -1, dtype=np.int8) for label in SETTABLE}
    columns = {name: texts(table, (name,)) for name in {rule.column for rule in rules}}
    for rule in rules:
        column = columns[rule.column]
        lower = [text.casefold() for text in column.values.to_pylist()]
        wanted = (rule.equals or rule.contains).strip().casefold()
        holds = [(wanted == t) if rule.equals else (wanted in t) for t in lower]
        of_row = np.array([*holds, False], dtype=bool)[column.codes]
        for label, values in said.items():
            value = getattr(rule, label)
            if value:
                values[of_row & (values < 0)] = INCIDENTS[label].values.index(value)
    return said


def _first(one: Bytes, other: Bytes) -> Bytes:
    """Return `one` where it says something, else `other`."""
    return np.where(one < 0, other, one)


def _filled(codes: Bytes, label: str, constants: Mapping[str, str]) -> Bytes:
    """Return the codes with −1 replaced by the constant, or by ``unknown``."""
    values = INCIDENTS[label].values
    rest = values.index(constants.get(label, "unknown"))
    return np.where(codes < 0, np.int8(rest), codes)


def _unclassed(
    text: Distinct, codes: CodeColumn, classes: Bytes, *, free: bool
) -> list[UnknownText]:
    """Return the offence texts of rows that neither rule, code nor text gives a class.

    Free text is not repeated, only counted.
    """
    lost = (classes < 0) & (codes.distinct.codes < 0) & (text.codes >= 0)
    if free:
        return [UnknownText("offence_text", _("(fritext)"), int(lost.sum()))] if lost.any() else []
    counts = np.bincount(text.codes[lost], minlength=len(text.values))
    return [
        UnknownText("offence_text", text.values[i].as_py(), int(counts[i]))
        for i in np.flatnonzero(counts).tolist()
    ]


def _counts(table: pa.Table, names: tuple[str, ...] | None, n: int) -> Codes:
    """Return the whole numbers of the column ``antal``, 0 where it holds none above 0."""
    if names is None:
        return np.zeros(n, dtype=np.int64)
    column = texts(table, names)
    numbers = pc.if_else(
        pc.match_substring_regex(column.values, r"\A[0-9]{1,6}\z"), column.values, None
    ).cast(pa.int64())
    of_value = np.append(numbers.fill_null(0).to_numpy(zero_copy_only=False), 0).astype(np.int64)
    return of_value[column.codes]
