"""From lists of a dialogue or a survey to points and to answers by area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.crs import to_crs_points
from geodata.errors import DataError, Fault, Notice, raise_all
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.lists import Listing, as_number, read_listing
from geodata.options import nearest

POINT_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "feeling": ("känsla", "upplevelse", "trygghet", "feeling"),
    "x": ("e", "öst", "east", "x", "x_m"),
    "y": ("n", "nord", "north", "y", "y_m"),
    "lon": ("longitud", "lon", "longitude"),
    "lat": ("latitud", "lat", "latitude"),
    "answers": ("antal", "svar", "antal svar", "answers", "count"),
    "origin": ("källa", "dialog", "undersökning", "origin", "source"),
    "date": ("datum", "date"),
}
ANSWER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "area": ("område", "area", "area_id"),
    "n_answers": ("svar", "antal svar", "n_answers", "answers"),
    "n_unsafe": ("otrygga", "antal otrygga", "n_unsafe", "unsafe"),
    "question": ("fråga", "question"),
    "origin": ("källa", "dialog", "undersökning", "origin", "source"),
    "wave": ("omgång", "år", "wave", "year"),
}
FEELING_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("otrygg", "otrygg plats", "otryggt", "unsafe"), "unsafe"),
    **dict.fromkeys(("trygg", "trygg plats", "tryggt", "safe"), "safe"),
}
FAR_M: Final = 50_000.0
"""A point farther than this from all areas can't be right."""

_WGS84: Final = "EPSG:4326"


@dataclass(frozen=True, eq=False)
class Feelings:
    """Points of a dialogue or survey.

    Attributes
    ----------
    table
        ``feeling``, ``origin``, ``answers``, ``date``, geometry in the project's system; by
        easting, northing, feeling, origin and date.
    notices
        What was chosen.
    """

    table: gpd.GeoDataFrame
    notices: tuple[Notice, ...]


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers by area.

    Attributes
    ----------
    table
        ``area_id``, ``question``, ``origin``, ``wave``, ``n_answers``, ``n_unsafe``; in order of
        these.
    notices
        What was chosen.
    """

    table: pd.DataFrame
    notices: tuple[Notice, ...]


def read_feelings(path: Path, *, areas: gpd.GeoDataFrame, crs: str) -> Feelings:
    """Read points that people have marked as unsafe or safe.

    Parameters
    ----------
    path
        CSV, XLSX or a vector file of points; columns of `POINT_NAMES`. ``känsla`` is required, and
        a place: ``E`` and ``N`` in the project's system, or ``longitud`` and ``latitud``.
    areas
        Table ``areas``, to know whether a point can be right.
    crs
        The project's system.

    Raises
    ------
    DataError
        As `read_listing`; ``missing_column`` (no place), ``unknown_feeling``,
        ``unreadable_number``, ``unreadable_date``, ``far_away``.
    """
    listing = read_listing(path, POINT_NAMES, required=("feeling",), ignored=("fid", "id"))
    faults: list[Fault] = []
    words = [text.casefold() for text in listing.texts("feeling")]
    feelings = [FEELING_WORDS.get(word) for word in words]
    bad = [i for i, feeling in enumerate(feelings) if feeling is None]
    if bad:
        what = _("Okänd upplevelse ”{text}”.").format(text=listing.texts("feeling")[bad[0]])
        step = nearest(words[bad[0]], list(FEELING_WORDS))
        faults.append(listing.fault("unknown_feeling", what, bad, step))
    x, y = _places(listing, crs, faults)
    if not faults:
        faults += _far(listing, x, y, areas)
    answers = _counts(listing, "answers", 1, faults)
    days = _days(listing, faults)
    raise_all(faults, DataError)
    table = gpd.GeoDataFrame(
        {
            "feeling": pd.Series(feelings, dtype="str"),
            "origin": pd.Series([text or None for text in listing.texts("origin")], dtype="str"),
            "answers": answers,
            "date": pd.Series(np.array(days, dtype="datetime64[us]")),
        },
        geometry=gpd.points_from_xy(x, y),
        crs=crs,
    )
    order = pd.DataFrame({"x": x, "y": y}).join(table[["feeling", "origin", "date", "answers"]])
    table = table.iloc[order.sort_values(list(order.columns)).index].reset_index(drop=True)
    text = ngettext(
        "{n} punkt om upplevd trygghet är inläst.",
        "{n} punkter om upplevd trygghet är inlästa.",
        len(table),
    ).format(n=number(len(table)))
    read = Notice(code="feelings_read", text=text, data={"n": len(table)})
    return Feelings(table, (*listing.notices, read))


def read_answers(path: Path, *, areas: gpd.GeoDataFrame) -> Answers:
    """Read answers by area.

    Parameters
    ----------
    path
        CSV or XLSX with columns of `ANSWER_NAMES`; ``område``, ``svar`` and ``otrygga`` (how many
        of the answers) are required.
    areas
        Table ``areas``, for ids and names.

    Raises
    ------
    DataError
        As `read_listing`; ``unknown_area``, ``unreadable_number``, ``more_unsafe_than_answers``,
        ``several_rows_an_area``.
    """
    required = ("area", "n_answers", "n_unsafe")
    listing = read_listing(path, ANSWER_NAMES, required=required)
    faults: list[Fault] = []
    ids = areas["area_id"].astype("str")
    known = dict(zip(areas["name"].astype("str").str.casefold(), ids, strict=True))
    known |= {one.casefold(): one for one in ids}
    found = [known.get(text.casefold()) for text in listing.texts("area")]
    bad = [i for i, area in enumerate(found) if area is None]
    if bad:
        first = listing.texts("area")[bad[0]]
        what = _("Okänt område ”{text}”.").format(text=first)
        faults.append(listing.fault("unknown_area", what, bad, nearest(first, list(known))))
    total = _counts(listing, "n_answers", 0, faults)
    unsafe = _counts(listing, "n_unsafe", 0, faults)
    bad = np.flatnonzero(unsafe > total).tolist()
    if bad:
        what = _("Fler otrygga än svar: {unsafe} av {total}.").format(
            unsafe=number(unsafe[bad[0]]), total=number(total[bad[0]])
        )
        faults.append(listing.fault("more_unsafe_than_answers", what, bad))
    table = pd.DataFrame(
        {
            "area_id": pd.Series(found, dtype="str"),
            "question": pd.Series(
                [text or _("Trygghet i området") for text in listing.texts("question")], dtype="str"
            ),
            "origin": pd.Series([text or None for text in listing.texts("origin")], dtype="str"),
            "wave": pd.Series(list(listing.texts("wave")), dtype="str"),
            "n_answers": total,
            "n_unsafe": unsafe,
        }
    )
    keys = ["question", "wave", "area_id", "origin"]
    again = np.flatnonzero(table.duplicated(keys)).tolist()
    if again:
        what = _("Samma område, fråga och omgång står på flera rader.")
        faults.append(listing.fault("several_rows_an_area", what, again))
    raise_all(faults, DataError)
    table = table.sort_values(keys, ignore_index=True)
    text = ngettext(
        "Svar om trygghet från {n} område är inlästa.",
        "Svar om trygghet från {n} områden är inlästa.",
        table["area_id"].nunique(),
    ).format(n=number(table["area_id"].nunique()))
    read = Notice(code="answers_read", text=text, data={"n": len(table)})
    return Answers(table, (*listing.notices, read))


def _places(listing: Listing, crs: str, faults: list[Fault]) -> tuple[np.ndarray, np.ndarray]:
    """Return coordinates in the project's system."""
    geographic = "lon" in listing.columns and "lat" in listing.columns
    pair = ("lon", "lat") if geographic else ("x", "y")
    if not all(name in listing.columns for name in pair):
        step = _("Ge kolumnerna E och N i projektets system, eller longitud och latitud.")
        what = _("Punkterna saknar läge.")
        faults.append(
            Fault(code="missing_column", what=what, where=str(listing.path), next_step=step)
        )
        return np.zeros(0), np.zeros(0)
    axes = []
    for name in pair:
        texts = listing.texts(name)
        values = [as_number(text) for text in texts]
        bad = [i for i, value in enumerate(values) if value is None]
        if bad:
            what = _("Koordinat som inte går att läsa: ”{text}”.").format(text=texts[bad[0]])
            faults.append(listing.fault("unreadable_number", what, bad))
        axes.append(np.array([np.nan if v is None else v for v in values], dtype=np.float64))
    source = _WGS84 if geographic else (listing.crs or crs)
    if faults or source == crs:
        return axes[0], axes[1]
    return to_crs_points(axes[0], axes[1], source, crs)


def _far(listing: Listing, x: np.ndarray, y: np.ndarray, areas: gpd.GeoDataFrame) -> list[Fault]:
    if areas.empty:
        return []
    west, south, east, north = areas.total_bounds
    near = (x > west - FAR_M) & (x < east + FAR_M) & (y > south - FAR_M) & (y < north + FAR_M)
    if near.all():
        return []
    what = _("Punkt som ligger mer än {km} km från alla områden.").format(km=number(FAR_M / 1000))
    step = _("Kontrollera att E är öst, N är nord och att systemet är projektets.")
    return [listing.fault("far_away", what, np.flatnonzero(~near).tolist(), step)]


def _counts(listing: Listing, name: str, blank: int, faults: list[Fault]) -> np.ndarray:
    texts = listing.texts(name)
    values = [as_number(text) if text else float(blank) for text in texts]
    bad = [i for i, v in enumerate(values) if v is None or v < 0 or v != int(v)]
    if bad:
        what = _("Antal som inte går att läsa: {text}.").format(text=texts[bad[0]])
        faults.append(listing.fault("unreadable_number", what, bad))
    return np.array([0 if v is None else int(v) for v in values], dtype=np.int64)


def _days(listing: Listing, faults: list[Fault]) -> Sequence[date | None]:
    texts = listing.texts("date")
    days: list[date | None] = []
    bad = []
    for i, text in enumerate(texts):
        try:
            days.append(date.fromisoformat(text) if text else None)
        except ValueError:
            days.append(None)
            bad.append(i)
    if bad:
        what = _("Datum som inte går att läsa: {text}.").format(text=texts[bad[0]])
        faults.append(listing.fault("unreadable_date", what, bad, _("Skriv som 2025-01-31.")))
    return days
