"""Inhabitants by DeSO or RegSO, as Statistics Sweden's files have them.

A CSV or XLSX file has a row a zone: its code and its inhabitants, either in a column with a name or
in one headed by a year (the latest counts). Codes may carry the version at the end, as in
``0581A0010_DeSO2025``. The zones' borders are those of the project's areas of kind ``deso`` or
``regso``. A vector file brings its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.errors import DataError, Fault, Notice, raise_all
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.lists import Listing, as_number, read_listing
from geodata.reference import read_layer

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("kod", "region", "deso", "regso", "områdeskod", "desokod", "regsokod", "code"),
    "population": (
        "invånare",
        "befolkning",
        "folkmängd",
        "antal invånare",
        "antal",
        "population",
        "beftotalt",
    ),
    "year": ("år", "year", "tid"),
}
IGNORED: Final = ("namn", "regionnamn", "områdesnamn", "name", "kommun", "kommunnamn", "version")
VECTOR_SUFFIXES: Final = (".gpkg", ".geojson", ".json", ".shp", ".zip", ".parquet")
NOISE_FROM: Final = 2025
"""First year that Statistics Sweden publishes small-area counts with cell key noise."""

_CODE: Final = re.compile(r"^(\d{4}(?:R\d{3}|[A-C]\d{4}))(?:_.*)?$", re.IGNORECASE)
_YEAR: Final = re.compile(r"^(19|20)\d\d$")
_LISTED: Final = 5


@dataclass(frozen=True, eq=False)
class Population:
    """Inhabitants by zone.

    Attributes
    ----------
    zones
        ``zone_id``, ``population`` (NaN where the file has none), geometry; in order of id.
    year
        Of the figures, where the file tells.
    notices
        What was chosen and what to look at.
    """

    zones: gpd.GeoDataFrame
    year: int | None
    notices: tuple[Notice, ...]


def read_population(
    path: Path, *, areas: gpd.GeoDataFrame, crs: str, layer: str | None = None
) -> Population:
    """Read inhabitants by zone.

    Parameters
    ----------
    path
        CSV or XLSX with codes, or a vector file with borders too.
    areas
        Table ``areas``, for the borders of codes.
    crs
        The project's system.
    layer
        Layer of a vector file.

    Raises
    ------
    DataError
        As `read_listing` and `read_layer`; ``several_rows_a_zone``, ``no_population``,
        ``unreadable_number``, ``negative_population``, ``unknown_codes``.
    """
    if path.suffix.lower() in VECTOR_SUFFIXES:
        zones, year, notices = _vector(path, crs, layer)
    else:
        zones, year, notices = _listed(path, areas)
    told = (*notices, *_tell(zones, year))
    return Population(zones.sort_values("zone_id", ignore_index=True), year, told)


def _vector(
    path: Path, crs: str, layer: str | None
) -> tuple[gpd.GeoDataFrame, int | None, tuple[Notice, ...]]:
    read = read_layer(path, crs=crs, kinds=("polygon",), layer=layer)
    named = {str(c).casefold().replace("_", " "): str(c) for c in read.table.columns}
    columns = {
        name: next((named[a] for a in aliases if a in named), None)
        for name, aliases in NAMES.items()
    }
    code, people = columns["code"], columns["population"]
    if code is None or people is None:
        raise DataError(
            Fault(
                code="missing_column",
                what=_("Befolkningslagret saknar kolumnen ”{name}”.").format(
                    name=NAMES["code" if code is None else "population"][0]
                ),
                where=str(path),
                next_step=_("Rubriker som finns: {names}.").format(
                    names=", ".join(str(c) for c in read.table.columns)
                ),
            )
        )
    texts = ["" if pd.isna(v) else str(v) for v in read.table[people]]
    rows = list(range(1, len(texts) + 1))
    listing = Listing(path, {}, rows, None, ())
    ids = [_zone(str(v)) for v in read.table[code]]
    values, faults = _numbers(listing, texts)
    faults += _repeated(listing, ids)
    raise_all(faults, DataError)
    zones = gpd.GeoDataFrame(
        {"zone_id": pd.Series(ids, dtype="str"), "population": values},
        geometry=read.table.geometry.to_numpy(),
        crs=crs,
    )
    years = read.table[columns["year"]].dropna() if columns["year"] else []
    year = max((int(y) for y in years if _YEAR.match(str(y))), default=None)
    return zones, year, read.notices


def _listed(
    path: Path, areas: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, int | None, tuple[Notice, ...]]:
    years = {str(y): (str(y),) for y in range(1990, 2100)}
    read = read_listing(path, {**NAMES, **years}, required=("code",), ignored=IGNORED)
    headed = sorted(name for name in read.columns if _YEAR.match(name))
    if "population" not in read.columns and not headed:
        raise DataError(
            Fault(
                code="no_population",
                what=_("Befolkningsfilen har ingen kolumn med invånare."),
                where=str(path),
                next_step=_("Kalla kolumnen ”invånare”, eller ett årtal som 2025."),
            )
        )
    column = "population" if "population" in read.columns else headed[-1]
    told = [int(y) for y in read.texts("year") if _YEAR.match(y)]
    year = int(headed[-1]) if column in headed else max(told, default=None)
    use = [i for i, y in enumerate(read.texts("year")) if not told or y == str(year)]
    kept = Listing(path, {}, [read.rows[i] for i in use], None, ())
    ids = [_zone(read.texts("code")[i]) for i in use]
    values, faults = _numbers(kept, [read.texts(column)[i] for i in use])
    faults += _repeated(kept, ids)
    borders = areas[areas["kind"].isin(("regso", "deso"))].drop_duplicates("area_id", keep="last")
    own, foreign, more = _match(kept, ids, borders)
    raise_all([*faults, *more], DataError)
    people = dict(zip(ids, values, strict=True))
    zones = gpd.GeoDataFrame(
        {
            "zone_id": own["area_id"].astype("str"),
            "population": own["area_id"].map(people).astype("float64"),
        },
        geometry=own.geometry,
        crs=areas.crs,
    ).reset_index(drop=True)
    notices = list(read.notices)
    if foreign:
        text = ngettext(
            "{n} rad i befolkningsfilen gäller en annan kommun och lästes inte.",
            "{n} rader i befolkningsfilen gäller andra kommuner och lästes inte.",
            foreign,
        ).format(n=number(foreign))
        notices.append(Notice(code="population_elsewhere", text=text, data={"n": foreign}))
    return zones, year, tuple(notices)


def _zone(text: str) -> str:
    found = _CODE.match(text.strip())
    return found[1].upper() if found else text.strip()


def _numbers(listing: Listing, texts: Sequence[str]) -> tuple[np.ndarray, list[Fault]]:
    values = [as_number(text) if text else float("nan") for text in texts]
    bad = [i for i, value in enumerate(values) if value is None]
    made = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    negative = np.flatnonzero(made < 0).tolist()
    faults = []
    if bad:
        what = _("Antal invånare som inte går att läsa: {text}.").format(text=texts[bad[0]])
        faults.append(listing.fault("unreadable_number", what, bad))
    if negative:
        what = _("Negativt antal invånare: {n}.").format(n=number(made[negative[0]]))
        step = _("Lämna cellen tom där antalet inte är känt.")
        faults.append(listing.fault("negative_population", what, negative, step))
    return made, faults


def _repeated(listing: Listing, ids: Sequence[str]) -> list[Fault]:
    again = np.flatnonzero(pd.Series(list(ids), dtype="str").duplicated()).tolist()
    if not again:
        return []
    what = _("Samma område står på flera rader: {code}.").format(code=ids[again[0]])
    step = _("Hämta filen med en rad per område: alla åldrar och kön tillsammans.")
    return [listing.fault("several_rows_a_zone", what, again, step)]


def _match(
    listing: Listing, ids: Sequence[str], borders: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, int, list[Fault]]:
    """Return the borders of the kind that the codes are of, and rows of other municipalities."""
    known = set(borders["area_id"])
    hits = [code for code in ids if code in known]
    if not hits:
        step = (
            _("Områdenas koder börjar till exempel {codes}.").format(
                codes=", ".join(sorted(known)[:3])
            )
            if known
            else _("Läs in DeSO eller RegSO under [areas], eller ge befolkningen som vektorlager.")
        )
        what = _("Ingen kod i befolkningsfilen finns bland projektets DeSO och RegSO.")
        return borders, 0, [listing.fault("unknown_codes", what, range(len(ids)), step)]
    here = {code[:4] for code in known}
    stray = [i for i, code in enumerate(ids) if code not in known]
    strange = [i for i in stray if ids[i][:4] in here]
    faults = []
    if strange:
        shown = ", ".join(ids[i] for i in strange[:_LISTED])
        what = _("Okända koder i befolkningsfilen: {codes}.").format(codes=shown)
        step = _("Använd samma version av DeSO eller RegSO i filen som bland områdena.")
        faults.append(listing.fault("unknown_codes", what, strange, step))
    kinds = borders.set_index("area_id")["kind"].astype("str").loc[hits]
    kind = str(kinds.mode().iloc[0])
    return borders[borders["kind"].astype("str") == kind], len(stray) - len(strange), faults


def _tell(zones: gpd.GeoDataFrame, year: int | None) -> list[Notice]:
    people, missing = zones["population"], int(zones["population"].isna().sum())
    text = _("Befolkning: {people} invånare i {n} områden{when}.").format(
        people=number(float(people.sum())),
        n=number(len(zones) - missing),
        when=f", {year}" if year else "",
    )
    notices = [Notice(code="population_read", text=text, data={"n": len(zones) - missing})]
    if missing:
        names = ", ".join(zones.loc[people.isna(), "zone_id"].head(_LISTED))
        text = ngettext(
            "Befolkning saknas för {n} område: {names}. Tal per invånare räknas inte där.",
            "Befolkning saknas för {n} områden: {names}. Tal per invånare räknas inte där.",
            missing,
        ).format(n=number(missing), names=names)
        data = {"n": missing}
        notices.append(Notice(code="population_missing", text=text, level="warning", data=data))
    if year is None or year >= NOISE_FROM:
        text = _(
            "SCB lägger från 2025 slumpmässigt brus (Cell Key-metoden) på befolkning i DeSO och "
            "RegSO: små tal kan avvika med någon person och summor stämmer inte alltid."
        )
        notices.append(Notice(code="population_noise", text=text))
    return notices
