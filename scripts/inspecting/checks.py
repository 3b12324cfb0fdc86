"""What is looked for in one file, each check on its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import pyarrow as pa

from geodata.all_tables import ALL_TABLES
from geodata.disclosure import DisclosureOptions, Profile, inside_only
from geodata.files.excel import sheet_name
from geodata.files.titles import TITLES
from geodata.language import LANGUAGES, number, using
from geodata.language import gettext as _
from geodata.screening import KIND_TEXTS, KINDS, find_personal
from scripts.inspecting.contents import Contents, Sheet
from scripts.inspecting.findings import MOST_TOLD, Finding
from scripts.inspecting.signs import (
    ADDRESS,
    CAMERA,
    CAMERA_NAMES,
    CASE,
    COUNT,
    FLAT,
    NAMES,
    NO_COUNT,
    OWN_PATH,
    OWN_WORK,
    PAIR,
    PROGRAMS,
    TECHNICAL,
    WEB,
)

WHOLE: Final = re.compile(r"\d+(?:\.0)?")
FINE: Final = 0.98
"""Share of the profile's cell that a polygon's longer side may fall short of, by rounding."""


@dataclass(frozen=True)
class Rule:
    """What a file is held to: the profile with the house's own limits, never weaker ones."""

    profile: Profile
    options: DisclosureOptions = field(default_factory=DisclosureOptions)


def check_contents(file: str, found: Contents, rule: Rule) -> Iterator[Finding]:
    """Give all that a file holds and must not, one finding a kind."""
    yield from _tables(file, found, rule)
    yield from _geometry(file, found, rule)
    yield from _counts(file, found, rule)
    yield from _cameras(file, found)
    yield from _personal(file, found)
    yield from _metadata(file, found)
    yield from _references(file, found)


def _finding(file: str, check: str, code: str, what: str, where: Iterable[str]) -> list[Finding]:
    """Return one finding of all its places; none without any."""
    places = list(dict.fromkeys(where))
    if not places:
        return []
    return [Finding(file, check, code, what, tuple(places[:MOST_TOLD]), len(places))]


def table_names(layers: Iterable[str]) -> list[str]:
    """Return the tables of the program among names of layers, sheets and files."""
    titles = sheet_titles()
    names = [titles.get(layer, layer) for layer in layers]
    return [name for name in names if name in ALL_TABLES]


@cache
def sheet_titles() -> Mapping[str, str]:
    """Return the table of each name that a sheet may have, in any language."""
    titles: dict[str, str] = {}
    for spoken in LANGUAGES:
        with using(spoken):
            titles |= {sheet_name(name): name for name in TITLES}
    return titles


def _tables(file: str, found: Contents, rule: Rule) -> list[Finding]:
    inside = [name for name in table_names(found.layers) if inside_only(name, rule.profile)]
    what = _("Tabellen lämnas bara ut internt")
    return _finding(file, "tables", "inside_table", what, inside)


def _geometry(file: str, found: Contents, rule: Rule) -> Iterator[Finding]:
    side = rule.options.least_cell_m(rule.profile)
    points = [one.name for one in found.shapes if any("Polygon" not in kind for kind in one.kinds)]
    yield from _finding(file, "geometry", "points", _("Punkter eller linjer"), points)
    small = [one.name for one in found.shapes if (one.sides_m < FINE * side).any()]
    what = _("Ytor mindre än {side} m").format(side=number(side))
    yield from _finding(file, "geometry", "fine_shapes", what, small)
    pairs = [
        where or one
        for where, text in found.texts
        for one in PAIR.findall(text)
        if not _of_lattice(one, side)
    ]
    yield from _finding(file, "geometry", "coordinates", _("Koordinater i text"), pairs)
    addresses = [where or _("i texten") for where, text in found.texts if ADDRESS.search(text)]
    yield from _finding(file, "geometry", "addresses", _("Adress med husnummer"), addresses)


def _of_lattice(pair: str, side: float) -> bool:
    """Tell whether coordinates are a corner of the profile's cells, which anybody may know."""
    numbers = [float(n.replace(",", ".")) for n in re.findall(r"\d+(?:[.,]\d+)?", pair)]
    return all(n > 1000 and n % side == 0 for n in numbers)


def _counts(file: str, found: Contents, rule: Rule) -> list[Finding]:
    least = rule.options.least(rule.profile)
    places = [
        f"{sheet.name} {heading}: {value}"
        for sheet in found.sheets
        for heading, value in _small(sheet, least)
    ]
    what = _("Antal under {n}").format(n=number(least))
    return _finding(file, "counts", "small_counts", what, places)


def _small(sheet: Sheet, least: int) -> Iterator[tuple[str, str]]:
    if OWN_WORK.search(" ".join(sheet.heading)):
        return
    for at, heading in enumerate(sheet.heading):
        if COUNT.search(heading) and not NO_COUNT.search(heading):
            for row in sheet.rows:
                value = row[at].strip()
                if WHOLE.fullmatch(value) and 0 < float(value) < least:
                    yield heading, value


def _cameras(file: str, found: Contents) -> Iterator[Finding]:
    layers = [name for name in found.layers if CAMERA_NAMES.search(name)]
    yield from _finding(file, "cameras", "camera_layer", _("Lager med kameror"), layers)
    named = [one for _where, text in found.texts for one in CAMERA.findall(text)]
    yield from _finding(file, "cameras", "camera_name", _("Beteckning på en kameraplats"), named)


def _personal(file: str, found: Contents) -> Iterator[Finding]:
    distinct = {TECHNICAL.sub("", text): where for where, text in reversed(found.texts)}
    texts = list(distinct)
    kinds = find_personal(pa.array(texts, type=pa.string()), "text")
    by_kind: dict[int, list[str]] = {}
    for text, kind in zip(texts, kinds.tolist(), strict=True):
        # A list of numbers can look like a flat; only one that is called so is told.
        if kind >= 0 and (KINDS[kind] != "flat" or FLAT.search(text)):
            by_kind.setdefault(kind, []).append(distinct[text] or _("i texten"))
    for kind, where in sorted(by_kind.items()):
        yield Finding(
            file, "personal", KINDS[kind], _("Något som ser ut som {kind}").format(
                kind=_(KIND_TEXTS[KINDS[kind]])
            ), tuple(dict.fromkeys(where))[:MOST_TOLD], len(where),
        )  # fmt: skip
    cases = [where or _("i texten") for where, text in found.texts if CASE.search(text)]
    yield from _finding(file, "personal", "case_number", _("Ärendenummer"), cases)


def _metadata(file: str, found: Contents) -> Iterator[Finding]:
    named = [
        key
        for key, value in found.metadata
        if NAMES.match(key) and value.strip() and not PROGRAMS.search(value)
    ]
    yield from _finding(file, "metadata", "named", _("Filens egna uppgifter är ifyllda"), named)
    said = [
        key
        for key, value in found.metadata
        if key in ("tEXt", "iTXt", "zTXt", "COM") and not PROGRAMS.search(value)
    ]
    yield from _finding(file, "metadata", "picture_text", _("Bilden bär text"), said)
    carried = [key for key, _v in found.metadata if key in ("EXIF", "eXIf", "IPTC")]
    what = _("Bilden bär uppgifter om hur den togs")
    yield from _finding(file, "metadata", "picture_data", what, carried)
    yield from _finding(file, "metadata", "hidden", _("Något som inte syns"), found.hidden)


def _references(file: str, found: Contents) -> Iterator[Finding]:
    fetched = [one for one in found.fetched if WEB.match(one.strip())]
    yield from _finding(file, "references", "fetched", _("Hämtas utifrån"), fetched)
    led = [one for one in found.linked if re.match(r"(?i)^(?:file:|[a-z]:[\\/]|\\\\)", one)]
    texts = [where or _("i texten") for where, text in found.texts if OWN_PATH.search(text)]
    texts += [key for key, value in found.metadata if OWN_PATH.search(value)]
    yield from _finding(file, "references", "own_path", _("Sökväg inifrån huset"), [*led, *texts])
