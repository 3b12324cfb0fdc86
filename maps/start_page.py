"""The first page of a run: where to look, in what order, and what to bear in mind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from geodata.disclosure import Profile, span_told
from geodata.errors import Notice
from geodata.files.manifest import MANIFEST
from geodata.files.titles import title as table_title
from geodata.import_report import ImportReport
from geodata.language import N_, day, ngettext, number
from geodata.language import gettext as _
from maps.sheet import render

FILES: Final[dict[str, tuple[str, str]]] = {
    "karta.html": (
        N_("Kartan"),
        N_("Hot spots, rutnät, områden och förslag. Öppnas i webbläsaren, utan internet."),
    ),
    "hotspots.html": (
        N_("Hur säkra hot spots är"),
        N_("Varje hot spot med belägg, metodkortet, timme och veckodag. Säger vad som är osäkert."),
    ),
    "importrapport.html": (
        N_("Importrapporten"),
        N_("Vad som lästes ur filerna, vad som behölls och varför resten avvisades."),
    ),
    "rejected.csv": (
        N_("Avvisade rader"),
        N_("Raderna som inte kunde användas, med orsak. Rätta dem och läs in filen på nytt."),
    ),
    "results.gpkg": (
        N_("Tabellerna för QGIS"),
        N_("Alla lager i en GeoPackage. Dra in den i QGIS så ritas de med färdiga stilar."),
    ),
    "results.xlsx": (N_("Tabellerna för Excel"), N_("Ett blad för varje tabell.")),
    "importrapport.json": (
        N_("Importrapporten som data"),
        N_("Samma uppgifter som i importrapporten, för program."),
    ),
    "published.json": (
        N_("Vad som har lämnats ut"),
        N_("Spara den och ange den i [disclosure] earlier nästa gång, så röjer de två inget ihop."),
    ),
    "run.json": (
        N_("Hur körningen gjordes"),
        N_("Inställningar, versioner och kontrollsummor, så att den kan upprepas."),
    ),
}
"""What is known by name, in the order it is shown: title and one line."""

_KINDS: Final = {
    ".parquet": N_("Tabell som GeoParquet, för QGIS, R och Python."),
    ".csv": N_("Tabell som CSV, för Excel."),
    ".html": N_("Sida för webbläsaren."),
}


_SENSITIVE: Final = frozenset({"camera_sites", "search_sites", "events"})
"""How many sites are thought of is as sensitive as where; how many events there are is one number
more to work hidden ones back from, when the next edition tells another."""


@dataclass(frozen=True)
class _Door:
    href: str
    name: str
    text: str


@dataclass(frozen=True)
class _Told:
    text: str
    file: str = ""


def index_html(  # noqa: PLR0913 (one page shows it all)
    *,
    files: Iterable[str],
    report: ImportReport,
    counts: Mapping[str, int],
    notices: Sequence[Notice],
    profile: Profile,
    title: str,
    notes: Sequence[str] = (),
    synthetic: bool = False,
    pages: Mapping[str, tuple[str, str]] | None = None,
) -> str:
    """Make the first page of a run.

    Parameters
    ----------
    files
        Names of the files of the run, relative to the page, in any order; ``run.json``, which is
        written last, is added.
    report
        What the import did.
    counts
        Table → rows, as found: ``events``, ``hotspots``, ``camera_sites``, ``search_sites``;
        those left out are not told.
    notices
        What was chosen and what to look at. Shown in profile ``intern`` only: they may quote
        addresses.
    profile
        Whom the page is for. Outside ``intern`` the number of events and of proposed sites is not
        told either, nor the account of the rows, whose numbers may be small.
    title
        Name of the project.
    notes
        What was hidden or withheld (`geodata.disclosure.Released.notes`).
    synthetic
        The data are made up.
    pages
        File → title and one line, of pages that a stage of the run made; shown after the map, in
        this order. Other files of their folders are not listed.

    Returns
    -------
    str
        A whole HTML page without script that fetches nothing. Every text is escaped.
    """
    told = notices if profile == "intern" else ()
    levels = {
        level: [_Told(notice.text) for notice in told if notice.level == level]
        for level in ("warning", "chosen", "info")
    }
    return render(
        "start_page.html",
        profile=profile,
        title=title,
        synthetic=synthetic,
        period=_period(report, profile),
        lead=headline(report) if profile == "intern" else "",
        figures=_figures(counts, profile),
        doors=_doors([*files, MANIFEST], pages or {}),
        warnings=levels["warning"],
        chosen=levels["chosen"],
        others=[_Told(note) for note in dict.fromkeys(notes)] + levels["info"],
    )


def headline(report: ImportReport) -> str:
    """Return the account of the rows in one sentence."""
    totals = report.totals
    read, kept = totals["rows_read"], totals["rows_kept"]
    rejected, duplicate = totals["rows_rejected"], totals["rows_duplicate"]
    return _("{read}: {kept}, {rejected}, {duplicate}.").format(
        read=ngettext("{n} rad läst", "{n} rader lästa", read).format(n=number(read)),
        kept=ngettext("{n} behållen", "{n} behållna", kept).format(n=number(kept)),
        rejected=ngettext("{n} avvisad", "{n} avvisade", rejected).format(n=number(rejected)),
        duplicate=ngettext("{n} dubblett", "{n} dubbletter", duplicate).format(n=number(duplicate)),
    )


def _period(report: ImportReport, profile: Profile) -> str:
    if report.first_date is None or report.last_date is None:
        return ""
    if profile != "intern":  # these are the days of single events
        span = span_told(report.first_date, report.last_date, "publik")
        return _("Händelser från {span}").format(span=span)
    return _("Händelser från {first} till {last}").format(
        first=day(report.first_date), last=day(report.last_date)
    )


def _figures(counts: Mapping[str, int], profile: Profile) -> list[tuple[str, str]]:
    named: dict[str, Callable[[int], str]] = {
        "events": lambda n: ngettext("händelse", "händelser", n),
        "hotspots": lambda n: ngettext("hot spot", "hot spots", n),
        "camera_sites": lambda n: ngettext("föreslagen kameraplats", "föreslagna kameraplatser", n),
        "search_sites": lambda n: ngettext(
            "föreslagen plats för hundsök", "föreslagna platser för hundsök", n
        ),
    }
    return [
        (text(counts[name]), number(counts[name]))
        for name, text in named.items()
        if name in counts and (profile == "intern" or name not in _SENSITIVE)
    ]


def _doors(files: Iterable[str], pages: Mapping[str, tuple[str, str]]) -> list[_Door]:
    """Return the links: the map, the pages of the stages, then all else at the top level."""
    own = [_Door(quote(file), title, text) for file, (title, text) in pages.items()]
    rest = [name for name in files if name not in pages and "/" not in name]
    doors = [_door(name) for name in _ordered(rest)]
    first = [door for door in doors if door.href == "karta.html"]
    return [*first, *own, *(door for door in doors if door not in first)]


def _ordered(files: Iterable[str]) -> list[str]:
    """Put what people read first, then the tables, then what programs read."""
    known = list(FILES)
    tables = known.index("importrapport.json") - 0.5
    rank = {name: float(i) for i, name in enumerate(known)}
    return sorted(set(files), key=lambda name: (rank.get(_family(name), tables), name))


def _family(name: str) -> str:
    """Return the name in `FILES` that a file goes by: ``rejected-2.csv`` is one of ``rejected``."""
    path = PurePosixPath(name)
    return re.sub(r"-[0-9]+$", "", path.stem) + path.suffix


def _door(name: str) -> _Door:
    family = _family(name)
    if family in FILES:
        shown, text = FILES[family]
        number_ = "" if family == name else f" ({name})"
        return _Door(quote(name), _(shown) + number_, _(text))
    path = PurePosixPath(name)
    kind = _KINDS.get(path.suffix)
    return _Door(quote(name), table_title(path.stem), _(kind) if kind else path.name)
