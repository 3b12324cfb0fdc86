"""From a simple list of indicators to the table of the promise.

One row is one figure: the area or the whole, the period, the promise item, what is counted, its
value and where it comes from. An empty value is not known; it never becomes zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import schema
from geodata.appendix_tables import APPENDIX
from geodata.errors import DataError, Fault, Notice, SettingsError, raise_all
from geodata.indicators.texts import Item
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.lists import Listing, as_number, read_listing
from geodata.options import nearest
from geodata.periods import read_period

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "area": ("område", "area", "area_id"),
    "period": ("period", "år"),
    "item": ("löftespunkt", "punkt", "promise item"),
    "indicator": ("indikator", "mått", "indicator"),
    "value": ("värde", "value"),
    "source": ("källa", "source"),
    "role": ("slag", "role"),
    "unit": ("enhet", "unit"),
    "uncertainty": ("osäkerhet", "uncertainty"),
}
"""Headings of the list; the last three may be left out."""

REQUIRED: Final = ("area", "period", "item", "indicator", "value", "source")
WHOLE_WORDS: Final = ("", "hela", "hela kommunen", "kommunen", "totalt", "whole", "*")
ROLE_WORDS: Final[Mapping[str, str]] = {
    "": "done",
    "gjort": "done",
    "gjord": "done",
    "done": "done",
    "resultat": "result",
    "result": "result",
}
COUNT_UNITS: Final = ("", "st", "antal", "number")
_KEYS: Final = ["item", "role", "indicator", "area_id", "period"]


@dataclass(frozen=True, eq=False)
class Indicators:
    """A list of indicators.

    Attributes
    ----------
    table
        Table ``appendix_indicators``, in order of the promise, then as in the list's words.
    notices
        What was summed, and what was read.
    """

    table: pd.DataFrame
    notices: tuple[Notice, ...] = ()


def no_indicators() -> Indicators:
    """Return the list of a project that has none: every figure of it is unknown."""
    text = _(
        "Ingen indikatortabell är angiven ([appendix] indicators): löftespunkter som inte räknas "
        "ur projektet står som ”uppgift saknas”."
    )
    notice = Notice(code="no_indicators", text=text, level="warning")
    return Indicators(schema.empty("appendix_indicators", tables=APPENDIX), (notice,))


def read_indicators(path: Path, *, areas: gpd.GeoDataFrame, items: Sequence[Item]) -> Indicators:
    """Read the list.

    Parameters
    ----------
    path
        CSV or XLSX with the headings of `NAMES`.
    areas
        Table ``areas``, for ids and names.
    items
        The promise items, for what they may be called.

    Raises
    ------
    DataError
        ``indicators_missing``; as `geodata.lists.read_listing`; ``unknown_area``,
        ``unknown_item``, ``unknown_role``, ``unreadable_number``, ``negative_value``,
        ``no_indicator``, ``bad_period``, ``several_values``.
    """
    if not path.is_file():
        raise DataError(_missing(path))
    listing = read_listing(path, NAMES, required=REQUIRED)
    faults: list[Fault] = []
    table = _table(listing, areas, items, faults)
    again = np.flatnonzero(table.duplicated(_KEYS)).tolist()
    if again:
        what = _("Samma uppgift står på flera rader.")
        step = _("Låt varje område, period, löftespunkt, slag och indikator stå på en rad.")
        faults.append(listing.fault("several_values", what, again, step))
    raise_all(faults, DataError)
    table, summed = _totals(table)
    order = {item.key: place for place, item in enumerate(items)}
    table = table.assign(place=table["item"].map(order)).sort_values(
        ["place", "role", "indicator", "period", "area_id"], na_position="first", kind="stable"
    )
    table = table.drop(columns="place").reset_index(drop=True)
    schema.check(table, "appendix_indicators", tables=APPENDIX)
    text = ngettext("{n} indikator är inläst.", "{n} indikatorer är inlästa.", len(table))
    read = Notice(
        code="indicators_read", text=text.format(n=number(len(table))), data={"n": len(table)}
    )
    return Indicators(table, (*listing.notices, read, *summed))


def _missing(path: Path) -> Fault:
    return Fault(
        code="indicators_missing",
        what=_("Indikatortabellen finns inte."),
        where=f"[appendix] indicators: {path}",
        next_step=_(
            "Rätta sökvägen, eller ta bort inställningen: då står punkterna som ”uppgift saknas”."
        ),
    )


def _table(
    listing: Listing, areas: gpd.GeoDataFrame, items: Sequence[Item], faults: list[Fault]
) -> pd.DataFrame:
    ids = areas["area_id"].astype("str")
    known = dict(zip(areas["name"].astype("str").str.casefold(), ids, strict=True))
    known |= {one.casefold(): one for one in ids}
    names = dict(zip(ids, areas["name"].astype("str"), strict=True))
    called = {name.casefold(): item.key for item in items for name in (item.name, *item.names)}
    sensitive = {item.key for item in items if item.sensitive}
    whole: dict[str, str | None] = dict.fromkeys(WHOLE_WORDS)
    area = _looked_up(listing, "area", {**known, **whole}, "unknown_area", faults)
    keys = _looked_up(listing, "item", called, "unknown_item", faults)
    roles = _looked_up(listing, "role", ROLE_WORDS, "unknown_role", faults)
    empty = [i for i, text in enumerate(listing.texts("indicator")) if not text]
    if empty:
        what = _("Raden säger inte vad som räknas.")
        faults.append(listing.fault("no_indicator", what, empty))
    units = [u if u.casefold() not in COUNT_UNITS else None for u in listing.texts("unit")]
    return pd.DataFrame(
        {
            "item": pd.Series(keys, dtype="str"),
            "role": schema.category(
                [r or "done" for r in roles], "appendix_indicators", "role", tables=APPENDIX
            ),
            "indicator": pd.Series(list(listing.texts("indicator")), dtype="str"),
            "area_id": pd.Series(area, dtype="str"),
            "name": pd.Series([names.get(a) if a else None for a in area], dtype="str"),
            "period": pd.Series(_periods(listing, faults), dtype="str"),
            "value": _values(listing, faults),
            "unit": pd.Series(units, dtype="str"),
            "data_source": _texts(listing, "source"),
            "uncertainty": _texts(listing, "uncertainty"),
            "sensitive": [key in sensitive for key in keys],
        }
    )


def _periods(listing: Listing, faults: list[Fault]) -> list[str]:
    """Return the periods by their keys: ``2023``, ``2023-H1``, ``2023-01-15_2023-05-31``."""
    found, bad = [], []
    for i, text in enumerate(listing.texts("period")):
        try:
            found.append(read_period(text).key)
        except SettingsError:
            found.append("")
            bad.append(i)
    if bad:
        what = _("Perioden ”{text}” går inte att tyda.").format(
            text=listing.texts("period")[bad[0]]
        )
        step = _("Skriv ett år (2023), ett halvår (2023-H1) eller två dagar ({span}).").format(
            span="2023-01-15--2023-05-31"
        )
        faults.append(listing.fault("bad_period", what, bad, step))
    return found


def _texts(listing: Listing, name: str) -> pd.Series:
    return pd.Series([text or None for text in listing.texts(name)], dtype="str")


def _looked_up(
    listing: Listing,
    name: str,
    known: Mapping[str, str | None],
    code: str,
    faults: list[Fault],
) -> list[str | None]:
    texts = [text.casefold() for text in listing.texts(name)]
    bad = [i for i, text in enumerate(texts) if text not in known]
    if bad:
        words = {
            "unknown_area": _("Okänt område ”{text}”."),
            "unknown_item": _("Okänd löftespunkt ”{text}”."),
            "unknown_role": _("Okänt slag ”{text}”: ange gjort eller resultat."),
        }
        what = words[code].format(text=listing.texts(name)[bad[0]])
        step = nearest(texts[bad[0]], [one for one in known if one])
        faults.append(listing.fault(code, what, bad, step))
    return [known.get(text) for text in texts]


def _values(listing: Listing, faults: list[Fault]) -> np.ndarray:
    """Return the values; an empty cell is not known, and never zero."""
    texts = listing.texts("value")
    values = [as_number(text) if text else None for text in texts]
    bad = [i for i, (v, text) in enumerate(zip(values, texts, strict=True)) if text and v is None]
    if bad:
        what = _("Värde som inte går att läsa: ”{text}”.").format(text=texts[bad[0]])
        step = _("Skriv ett tal, eller lämna cellen tom när uppgiften saknas.")
        faults.append(listing.fault("unreadable_number", what, bad, step))
    low = [i for i, v in enumerate(values) if v is not None and v < 0]
    if low:
        faults.append(listing.fault("negative_value", _("Värdet är mindre än noll."), low))
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def _totals(table: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    """Make totals of what is about single persons; a total already there stands."""
    by_area = table["sensitive"] & table["area_id"].notna()
    if not by_area.any():
        return table, ()
    keys = ["item", "role", "indicator", "period"]
    kept, parts = table[~by_area], table[by_area]
    stated = set(kept.loc[kept["sensitive"], keys].itertuples(index=False, name=None))
    rows = []
    for key, own in parts.groupby(keys, sort=True, observed=True):
        if tuple(key) in stated:
            continue
        row = own.iloc[[0]].copy()
        # One unknown part makes the sum unknown: left out it would count as zero.
        # So does a unit: percents of parts have no sum.
        counts = bool(own["unit"].isna().all())
        row["value"] = own["value"].sum(skipna=False) if counts else np.nan
        row["data_source"] = "; ".join(dict.fromkeys(own["data_source"].dropna())) or None
        row[["area_id", "name"]] = None
        rows.append(row)
    made = pd.concat([kept, *rows], ignore_index=True).astype(table.dtypes.to_dict())
    text = ngettext(
        "{n} uppgift om SSPF eller SIG per område är inte tagen som den är: bara summan för hela "
        "kommunen visas.",
        "{n} uppgifter om SSPF eller SIG per område är inte tagna som de är: bara summan för hela "
        "kommunen visas.",
        len(parts),
    ).format(n=number(len(parts)))
    notice = Notice(code="areas_summed", text=text, level="warning", data={"n": len(parts)})
    return made, (notice,)
