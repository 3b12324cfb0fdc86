"""What a person should know about how a file was read, in notices."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.errors import Notice
from geodata.import_report import StackedPoint, UnknownText
from geodata.incidents.options import ImportOptions
from geodata.incidents.table import File
from geodata.language import gettext as _
from geodata.language import ngettext, number, percent
from geodata.offences import CodeCount
from geodata.schema import SOURCES

_UNKNOWN_SOURCE = SOURCES.index("unknown")
_SHOWN = 8
"""Codes or texts named in one notice; the report lists all."""


def tell(
    file: File,
    codes: Sequence[CodeCount],
    stacks: Sequence[StackedPoint],
    options: ImportOptions,
    where: str,
) -> list[Notice]:
    """Return the notices about one file's codes, texts, duplicates and points."""
    return [
        *_codes(codes, file.understood.meaning.n_restored, where),
        *_classes(file, options, where),
        *_unknown(file.understood.meaning.unknown, where),
        *_source(file, where),
        *_duplicates(file, options, where),
        *(tell_stack(stack, where) for stack in stacks),
    ]


def _named(pairs: Sequence[tuple[str, int]]) -> str:
    """Return texts with their counts, the most common first."""
    shown = ", ".join(f"{text} ({number(n)})" for text, n in pairs[:_SHOWN])
    more = len(pairs) - _SHOWN
    return shown + (_(" och {n} till").format(n=number(more)) if more > 0 else "")


def _codes(codes: Sequence[CodeCount], n_restored: int, where: str) -> list[Notice]:
    notices = []
    unknown = sorted(((c.code, c.rows) for c in codes if not c.known), key=lambda p: (-p[1], p[0]))
    expired = sorted(((c.code, c.expired) for c in codes if c.expired), key=lambda p: (-p[1], p[0]))
    if unknown:
        rows = sum(n for _code, n in unknown)
        notices.append(
            Notice(
                code="unknown_code",
                level="warning",
                text=ngettext(
                    "{where}: {n} rad har en brottskod som inte finns i kodlistan och får klassen "
                    "okänt: {codes}.",
                    "{where}: {n} rader har brottskoder som inte finns i kodlistan och får klassen "
                    "okänt: {codes}.",
                    rows,
                ).format(where=where, n=number(rows), codes=_named(unknown)),
                data={"rows": rows, "codes": dict(unknown)},
            )
        )
    if expired:
        rows = sum(n for _code, n in expired)
        notices.append(
            Notice(
                code="expired_code",
                level="warning",
                text=ngettext(
                    "{where}: {n} rad har en brottskod som inte gällde på händelsens dag; den är "
                    "kvar: {codes}.",
                    "{where}: {n} rader har brottskoder som inte gällde på händelsens dag; de är "
                    "kvar: {codes}.",
                    rows,
                ).format(where=where, n=number(rows), codes=_named(expired)),
                data={"rows": rows, "codes": dict(expired)},
            )
        )
    if n_restored:
        notices.append(
            Notice(
                code="leading_zero_restored",
                level="chosen",
                text=ngettext(
                    "{where}: brottskoden har fått tillbaka sin inledande nolla på {n} rad.",
                    "{where}: brottskoden har fått tillbaka sin inledande nolla på {n} rader.",
                    n_restored,
                ).format(where=where, n=number(n_restored)),
                data={"rows": n_restored},
            )
        )
    return notices


def _classes(file: File, options: ImportOptions, where: str) -> list[Notice]:
    """Tell that classes come from texts, where the file has no codes."""
    columns = file.understood.chosen.columns
    if "offence_code" in columns:
        return []
    if "offence_text" in columns:
        return [
            Notice(
                code="class_by_text",
                level="chosen",
                text=_(
                    "{where}: filen har inga brottskoder; klassen är satt efter texten i "
                    "”{column}”."
                ).format(where=where, column=" + ".join(columns["offence_text"])),
                data={"columns": list(columns["offence_text"])},
            )
        ]
    if options.constants.get("offence_class") or any(r.offence_class for r in options.rules):
        return []
    return [
        Notice(
            code="no_class",
            level="warning",
            text=_(
                "{where}: filen har varken brottskod eller brottstext, så alla händelser får "
                "klassen okänt. Ange offence_class i [input.constants] om filen har en enda klass."
            ).format(where=where),
        )
    ]


def _unknown(unknown: Sequence[UnknownText], where: str) -> list[Notice]:
    notices = []
    for target in dict.fromkeys(u.target for u in unknown):
        pairs = [(f"”{u.text}”", u.rows) for u in unknown if u.target == target]
        rows = sum(n for _text, n in pairs)
        label = "offence_class" if target == "offence_text" else target
        notices.append(
            Notice(
                code="unknown_text",
                level="warning",
                text=ngettext(
                    "{where}: {n} rad har en text i {target} som ingen regel känner och räknas "
                    "som okänd: {texts}. Ange vad den betyder under [input.values.{label}].",
                    "{where}: {n} rader har texter i {target} som ingen regel känner och räknas "
                    "som okända: {texts}. Ange vad de betyder under [input.values.{label}].",
                    rows,
                ).format(
                    where=where, n=number(rows), target=target, texts=_named(pairs), label=label
                ),
                data={"target": target, "rows": rows},
            )
        )
    return notices


def _source(file: File, where: str) -> list[Notice]:
    known = (file.understood.meaning.categories["source"] != _UNKNOWN_SOURCE).any()
    if known or "source" in file.understood.chosen.columns:
        return []
    return [
        Notice(
            code="no_source",
            level="warning",
            text=_(
                "{where}: filen säger inte vem som rapporterat. Ange till exempel "
                'source = "police" i [input.constants].'
            ).format(where=where),
        )
    ]


def _duplicates(file: File, options: ImportOptions, where: str) -> list[Notice]:
    events = file.events
    notices = []
    if events.n_duplicate:
        notices.append(
            Notice(
                code="duplicates_merged",
                level="chosen" if options.duplicates == "auto" else "info",
                text=ngettext(
                    "{where}: {n} rad upprepar en annan helt och är sammanslagen med den.",
                    "{where}: {n} rader upprepar andra helt och är sammanslagna med dem.",
                    events.n_duplicate,
                ).format(where=where, n=number(events.n_duplicate)),
                data={"rows": events.n_duplicate},
            )
        )
    if events.n_added:
        notices.append(
            Notice(
                code="offences_joined",
                level="info",
                text=ngettext(
                    "{where}: {n} rad är ytterligare ett brott i en händelse som redan finns.",
                    "{where}: {n} rader är ytterligare brott i händelser som redan finns.",
                    events.n_added,
                ).format(where=where, n=number(events.n_added)),
                data={"rows": events.n_added},
            )
        )
    if events.n_identical:
        notices.append(
            Notice(
                code="identical_kept",
                level="warning",
                text=ngettext(
                    "{where}: {n} rad upprepar en annan helt, men utan ärendenummer och klockslag "
                    "kan de vara skilda händelser. Den är kvar som egen händelse; "
                    'duplicates = "merge" slår ihop dem.',
                    "{where}: {n} rader upprepar andra helt, men utan ärendenummer och klockslag "
                    "kan de vara skilda händelser. De är kvar som egna händelser; "
                    'duplicates = "merge" slår ihop dem.',
                    events.n_identical,
                ).format(where=where, n=number(events.n_identical)),
                data={"rows": events.n_identical},
            )
        )
    if events.n_split:
        notices.append(
            Notice(
                code="case_split",
                level="info",
                text=ngettext(
                    "{where}: {n} ärendenummer står på flera platser eller tider och räknas som "
                    "skilda händelser.",
                    "{where}: {n} ärendenummer står på flera platser eller tider och räknas som "
                    "skilda händelser.",
                    events.n_split,
                ).format(where=where, n=number(events.n_split)),
                data={"cases": events.n_split},
            )
        )
    return notices


def tell_stack(stack: StackedPoint, where: str) -> Notice:
    """Return what is told of a point with an implausible share of the rows of `where`."""
    name = stack.address or f"({number(stack.x_m)}; {number(stack.y_m)})"
    of = _("narkotikaraderna") if stack.of == "street_drugs" else _("raderna")
    texts = {
        "flagged": _(
            "{where}: {n} rader, {share} av {of}, står på samma punkt: {name}. Det ser ut som en "
            "standardadress, så punkten räknas inte i hot spots. Är den riktig, skriv den i "
            "confirmed_stacks."
        ),
        "confirmed": _(
            "{where}: {n} rader, {share} av {of}, står på samma punkt: {name}. Projektfilen "
            "bekräftar den."
        ),
        "suspect": _(
            "{where}: {n} rader, {share} av {of}, står på samma punkt: {name}. Den räknas med, "
            "men se efter om den är en standardadress."
        ),
    }
    return Notice(
        code=f"stacked_{stack.status}",
        level="info" if stack.status == "confirmed" else "warning",
        text=texts[stack.status].format(
            where=where, n=number(stack.rows), share=percent(stack.share, 1), of=of, name=name
        ),
        data={"rows": stack.rows, "share": stack.share, "x_m": stack.x_m, "y_m": stack.y_m},
    )
