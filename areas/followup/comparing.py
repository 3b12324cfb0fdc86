"""Every area period against period, by source and class, and against the rest of the town."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from areas.followup.counting import Unit, Weeks, find_units, find_weeks, series_of
from areas.followup.options import FollowupOptions
from areas.followup.periods import Periods
from areas.followup.ratios import chance_to_show, dispersion_of, period_ratio
from areas.followup.words import sentence
from areas.picture.units import chosen_kind
from geodata.effect_tables import BY_DATE, shaped
from geodata.errors import Notice
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.ratios import ratio_of_ratios, rri

YEAR_DAYS: Final = 365.25
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Followup:
    """Table ``followup_areas``, and what to know."""

    table: pd.DataFrame
    notices: tuple[Notice, ...]


def follow_up(
    incidents: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    periods: Periods,
    options: FollowupOptions,
    *,
    by_month: bool,
) -> Followup:
    """Compare two periods.

    Parameters
    ----------
    incidents
        Table ``incidents``. An event belongs to the area in force on its own day.
    areas
        Table ``areas``.
    periods
        As of `choose_periods`.
    options
        Areas, and the change that must be possible to show.
    by_month
        Only months are known.

    Returns
    -------
    Followup
        One row a unit, boundary, source and class; units in order of id, the whole first.
    """
    days = incidents["start"].dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    units = find_units(incidents, areas, chosen_kind(areas, options.area_kind), periods)
    weeks = find_weeks(days, periods, by_month=by_month)
    rows: list[dict[str, Any]] = []
    sources: dict[str, tuple[int, int]] = {}
    for source, kind, which in series_of(incidents):
        if kind == "all":
            sources[source] = weeks.total(which, now=False), weeks.total(which, now=True)
        silent = 0 in sources[source]
        rows += _rows(units, which, weeks, periods, options, source, kind, silent=silent)
    order = {(one.area_id, one.boundary): i for i, one in enumerate(units)}
    rows.sort(
        key=lambda row: order[row["area_id"], row["boundary"]]
    )  # stable: series stay in order
    table = shaped(rows, "followup_areas")
    return Followup(table, _notices(units, table, sources))


def _rows(
    units: list[Unit],
    which: NDArray[np.bool_],
    weeks: Weeks,
    periods: Periods,
    options: FollowupOptions,
    source: str,
    kind: str,
    *,
    silent: bool,
) -> list[dict[str, Any]]:
    """Return the rows of one series, one a unit."""
    own = [one.inside & which for one in units]
    n = np.array([[weeks.total(w, now=False), weeks.total(w, now=True)] for w in own])
    blocks = [np.array([weeks.counts(w, now=now) for w in own]) for now in (False, True)]
    spread = dispersion_of(*(b.astype(np.float64) for b in blocks), paired=periods.alike)
    long = np.array([[one.days_before, one.days_now] for one in units], dtype=np.float64)
    known = np.asarray((long > 0).all(axis=1)) & (not silent)
    before, now = n.astype(np.float64).T
    ratio = period_ratio(before, now, long[:, 0], long[:, 1], spread)
    power = chance_to_show(before + now, long[:, 0], long[:, 1], spread, options.change)
    rows = []
    for i, one in enumerate(units):
        row = {
            "area_id": one.area_id,
            "name": one.name,
            "unit": one.unit,
            "boundary": one.boundary,
            "source": source,
            "class": kind,
            "first_before": periods.first_before,
            "last_before": periods.last_before,
            "first_now": periods.first_now,
            "last_now": periods.last_now,
            "days_before": one.days_before,
            "days_now": one.days_now,
        }
        if known[i]:
            row |= {
                "n_before": int(before[i]),
                "n_now": int(now[i]),
                "per_year_before": before[i] / long[i, 0] * YEAR_DAYS,
                "per_year_now": now[i] / long[i, 1] * YEAR_DAYS,
                **{
                    f"ratio{end}": v[i] for end, v in zip(("", "_low", "_high"), ratio, strict=True)
                },
                **_against(i, units, n, spread),
                "dispersion": spread[i],
                "power": power[i],
            }
        row["state"] = _state(row, options)
        row["sentence"] = sentence(row, options.change)
        rows.append(row)
    return rows


def _against(i: int, units: list[Unit], n: NDArray[np.int64], spread: Floats) -> dict[str, float]:
    """Return the change over that of the rest, and over that of the whole.

    Only where the unit was in force on all days of both periods, as the rest was.
    """
    one, whole = units[i], units[0]
    full = (one.days_before, one.days_now) == (whole.days_before, whole.days_now)
    if one.unit != "area" or not full:
        return {}
    rest = n[0] - n[i]
    found = ratio_of_ratios(
        (float(n[i, 0]), float(n[i, 1])),
        (float(rest[0]), float(rest[1])),
        dispersion=float(max(spread[i], spread[0])),
    )
    return {
        "rest_ratio": found.estimate,
        "rest_ratio_low": found.low,
        "rest_ratio_high": found.high,
        "rri": rri(*(float(v) for v in (*n[i], *n[0]))),
    }


def _state(row: dict[str, Any], options: FollowupOptions) -> str:
    if "n_now" not in row:
        return "missing"
    if row["ratio_low"] > 1:
        return "rose"
    if row["ratio_high"] < 1:
        return "fell"
    return "none" if row["power"] >= options.power else "few"


def _notices(
    units: list[Unit], table: pd.DataFrame, sources: dict[str, tuple[int, int]]
) -> tuple[Notice, ...]:
    notices = []
    redrawn = list(dict.fromkeys(one.name for one in units if one.boundary != BY_DATE))
    if redrawn:
        text = ngettext(
            "Gränsen för {names} gällde inte oförändrad i båda perioderna: jämförelsen visas både "
            "med gränsen den dag händelsen skedde och med samma gräns i båda.",
            "Gränserna för {names} gällde inte oförändrade i båda perioderna: jämförelsen visas "
            "både med gränsen den dag händelsen skedde och med samma gräns i båda.",
            len(redrawn),
        ).format(names=", ".join(redrawn))
        notices.append(Notice(code="boundary_changed", text=text, level="warning"))
    for source, counts in sources.items():
        if 0 in counts:
            text = _(
                "{source}: inga rader alls i den ena perioden. Det räknas som att uppgift saknas, "
                "inte som noll."
            ).format(source=label(source).capitalize())
            notices.append(Notice(code="source_missing", text=text, level="warning"))
    tried = int(table["state"].isin(("rose", "fell", "none")).sum())
    said = int(table["state"].isin(("rose", "fell")).sum())
    if tried:
        text = _(
            "{tried} jämförelser har tillräckligt med händelser; {said} visar en förändring. Av "
            "slumpen är {chance} att vänta även om inget har ändrats."
        ).format(tried=number(tried), said=number(said), chance=number(0.05 * tried, 1))
        data = {"tried": tried, "said": said}
        notices.append(Notice(code="followup_compared", text=text, data=data))
    return tuple(notices)
