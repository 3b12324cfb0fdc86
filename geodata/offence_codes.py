"""Offence codes and what they mean, from an editable file with the years each code was in use.

Codes are text: ``0301`` is not 301. A code that is not in the file is never dropped: it becomes
class ``unknown`` and is told. Data without codes are classed by text, by rules in a second file and
in the project file. Degree (minor, serious) can't be told from a code and is never inferred.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from geodata.errors import DataError, Fault, raise_all
from geodata.language import gettext as _
from geodata.language import language
from geodata.options import nearest
from geodata.schema import ANDTS_GROUPS, OFFENCE_CLASSES

DATA: Final = Path(__file__).parent / "data"
COLUMNS: Final = (
    "code",
    "text_sv",
    "text_en",
    "valid_from",
    "valid_to",
    "offence_class",
    "andts_group",
    "note",
    "source",
)
REQUIRED: Final = ("code", "offence_class")

ANDTS_OF_CLASS: Final[Mapping[str, str]] = {
    "drug_supply": "narcotics",
    "drug_production": "narcotics",
    "drug_possession": "narcotics",
    "drug_use": "narcotics",
    "drug_unspecified": "narcotics",
    "drug_smuggling": "narcotics",
    "drug_control_act": "narcotics",
    "doping": "doping",
    "alcohol": "alcohol",
    "tobacco": "tobacco",
    "harmful_substances": "narcotics",
    "violence": "none",
    "damage": "none",
    "disorder": "none",
    "other": "none",
    "unknown": "unknown",
}
"""ANDTS group of a class when no code tells it."""

_CODE_LENGTH: Final = 4


@dataclass(frozen=True)
class OffenceCode:
    """One code. Dates are inclusive; ``None`` is no known bound."""

    code: str
    text_sv: str
    text_en: str
    valid_from: date | None
    valid_to: date | None
    offence_class: str
    andts_group: str
    note: str
    source: str

    @property
    def text(self) -> str:
        """What the code stands for in the user's language; Swedish where there is no English."""
        return self.text_en if language() == "en" and self.text_en else self.text_sv


@dataclass(frozen=True)
class TextRule:
    """One rule by text: the first that matches decides."""

    kind: str
    pattern: str
    offence_class: str

    def matches(self, text: str) -> bool:
        """Tell whether the rule holds for a text, whatever its case."""
        if self.kind == "contains":
            return self.pattern.casefold() in text.casefold()
        return re.search(self.pattern, text, re.IGNORECASE) is not None


@dataclass(frozen=True)
class OffenceCodes:
    """The codes of a file, by code."""

    by_code: Mapping[str, OffenceCode]
    version: str

    def __getitem__(self, code: str) -> OffenceCode:
        return self.by_code[code]

    def __contains__(self, code: str) -> bool:
        return code in self.by_code


def read_offence_codes(path: Path | None = None) -> OffenceCodes:
    """Read a file of offence codes, the built-in one unless another is given.

    Parameters
    ----------
    path
        CSV, UTF-8, with the columns of `COLUMNS`; only ``code`` and ``offence_class`` are required.

    Raises
    ------
    DataError
        With every fault: ``codes_unreadable``, ``codes_column``, ``codes_row``.
    """
    file = path or DATA / "offence_codes.csv"
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            Fault(
                code="codes_unreadable",
                what=_("Filen med brottskoder går inte att läsa."),
                where=str(file),
                why=str(error),
                next_step=_("Spara den som CSV i UTF-8, eller ta bort offence_codes."),
            )
        ) from error
    separator = (
        ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    )
    reader = csv.DictReader(text.splitlines(), delimiter=separator)
    header = [name.strip() for name in reader.fieldnames or ()]
    faults = [
        Fault(
            code="codes_column",
            what=_("Kolumnen ”{name}” saknas i filen med brottskoder.").format(name=name),
            where=str(file),
            next_step=nearest(name, header) if header else "",
        )
        for name in REQUIRED
        if name not in header
    ]
    raise_all(faults, DataError)
    codes: dict[str, OffenceCode] = {}
    for number, row in enumerate(reader, start=2):
        code, wrong = _read_row({str(k).strip(): (v or "") for k, v in row.items()})
        if code.code in codes:
            wrong.append(_("koden står två gånger"))
        faults += [_row_fault(file, number, code.code, why) for why in wrong]
        codes[code.code] = code
    raise_all(faults, DataError)
    sources = sorted({code.source for code in codes.values() if code.source})
    return OffenceCodes(codes, "; ".join(sources))


def _row_fault(file: Path, number: int, code: str, why: str) -> Fault:
    return Fault(
        code="codes_row",
        what=_("Brottskod ”{code}”: {why}.").format(code=code, why=why),
        where=_("{file}, rad {row}").format(file=file, row=number),
    )


def _read_row(row: Mapping[str, str]) -> tuple[OffenceCode, list[str]]:
    wrong = []
    cell = {name: row.get(name, "").strip() for name in COLUMNS}
    if not cell["code"]:
        wrong.append(_("koden är tom"))
    if cell["offence_class"] not in OFFENCE_CLASSES:
        hint = nearest(cell["offence_class"], OFFENCE_CLASSES)
        wrong.append(
            _("okänd klass ”{name}”. {hint}").format(name=cell["offence_class"], hint=hint)
        )
    group = cell["andts_group"] or ANDTS_OF_CLASS.get(cell["offence_class"], "unknown")
    if group not in ANDTS_GROUPS:
        hint = nearest(group, ANDTS_GROUPS)
        wrong.append(_("okänd ANDTS-grupp ”{name}”. {hint}").format(name=group, hint=hint))
    days: dict[str, date | None] = {}
    for name in ("valid_from", "valid_to"):
        try:
            days[name] = date.fromisoformat(cell[name]) if cell[name] else None
        except ValueError:
            days[name] = None
            wrong.append(_("datumet ”{text}” går inte att tolka").format(text=cell[name]))
    code = OffenceCode(
        code=tidy_code(cell["code"])[0],
        text_sv=cell["text_sv"],
        text_en=cell["text_en"],
        valid_from=days["valid_from"],
        valid_to=days["valid_to"],
        offence_class=cell["offence_class"],
        andts_group=group,
        note=cell["note"],
        source=cell["source"],
    )
    return code, wrong


def tidy_code(text: str) -> tuple[str, bool]:
    """Return a code as the list writes it, and whether a leading zero was put back.

    ``5011.0`` is ``5011``; ``301``, whose zero a spreadsheet ate, is ``0301``; of ``5011 Bruk`` the
    code is kept.
    """
    code = text.strip()
    match = re.fullmatch(r"(\d{1,4})(?:[.,]0+)?", code) or re.fullmatch(
        r"(\d{4})[\s:–-]+\D.*", code
    )
    if not match:
        return code, False
    digits = match[1]
    return digits.zfill(_CODE_LENGTH), len(digits) < _CODE_LENGTH


@cache
def text_rules() -> tuple[TextRule, ...]:
    """Return the built-in rules for data without codes, in the order they are tried."""
    with (DATA / "offence_rules.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            TextRule(r["kind"], r["pattern"], r["offence_class"]) for r in csv.DictReader(file)
        )


def class_of_text(text: str, rules: Sequence[TextRule] | None = None) -> str:
    """Return the class that the text rules give a text, ``unknown`` if none holds."""
    for rule in text_rules() if rules is None else rules:
        if rule.matches(text):
            return rule.offence_class
    return "unknown"
