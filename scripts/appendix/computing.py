"""The appendix's tables: everything of one period and the ones before it, before any is held back.

The data are read once, and every period is counted by the same settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from areas.picture.units import Window, chosen_kind, in_force
from areas.picture.weeks import local_days
from geodata import schema
from geodata.appendix_tables import APPENDIX
from geodata.errors import DataError, Fault, LagesbildError, Notice
from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from geodata.periods import Period
from hotspots.clusters import Hotspots
from hotspots.persistence import follow_hotspots
from hotspots.stability import measure_stability
from scripts.appendix.changing import change_table
from scripts.appendix.counting import Counting, counts_table, times_table
from scripts.appendix.searching import period_searches
from scripts.pipeline import Results, compute

if TYPE_CHECKING:
    from geodata.incidents import Import
    from geodata.indicators import Indicators
    from scripts.config import Project
    from scripts.progress import Steps
    from scripts.reading import Material

REACH_DAYS: Final = 31
"""A period counts as within the extract when it begins at most so long before the first events."""
ODD_SHARE: Final = 0.005
"""The earliest events, by share, that may be slips of the pen and tell nothing of the reach."""


@dataclass(frozen=True)
class Span:
    """Which periods are told of.

    Attributes
    ----------
    asked
        The period asked for.
    told
        What the extract holds of it: the period itself, or its beginning.
    earlier
        The periods before, nearest first, as long as `told`; those that the extract holds.
    compared
        What `told` is held against; ``None`` where the extract doesn't reach that far back.
    late
        Days from the period's last day to the extract, where they are few; ``None`` else.
    """

    asked: Period
    told: Period
    earlier: tuple[Period, ...]
    compared: Period | None
    late: int | None

    @property
    def unfinished(self) -> bool:
        """Whether the period goes on after the extract."""
        return self.told.last < self.asked.last


@dataclass(frozen=True, eq=False)
class Found:
    """Everything of an appendix, before anything is held back.

    Attributes
    ----------
    tables
        By name of `geodata.all_tables`.
    results
        The pipeline's results for the period.
    span
        The periods.
    moved
        Names of areas whose boundary was changed within the periods, with the days of change.
    operations
        Measures begun in the period by the list of operations; ``None`` without such a list.
    existing_cameras
        Cameras in the project's layer of existing ones; ``None`` without one.
    notices
        What was chosen and what to look at.
    """

    tables: Mapping[str, pd.DataFrame]
    results: Results
    span: Span
    moved: tuple[tuple[str, tuple[date, ...]], ...]
    operations: int | None
    existing_cameras: int | None
    notices: tuple[Notice, ...]


def choose_span(
    incidents: pd.DataFrame,
    period: Period,
    *,
    against: Period | None,
    extract: date | None,
    periods: int,
    late_days: int,
) -> Span:
    """Return which periods the data can tell of.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    period, against
        The period asked for, and what to hold it against: the same days a year before without.
    extract
        Day of the extract; without one the last event's day is its end.
    periods
        Most periods side by side.
    late_days
        Days that reports are waited for.

    Raises
    ------
    DataError
        ``period_without_data``: no event falls within it.
    """
    days = local_days(incidents["start"])
    if not len(days) or not _held(days, period):
        raise DataError(_without_data(days, period))
    ordered = np.sort(days)
    first: date = ordered[int(len(ordered) * ODD_SHARE)].item()
    last = extract or ordered[-1].item()
    told = period.until(_whole_quarter(period, last))
    earlier = []
    for years in range(1, periods):
        one = _as_long(period.before(years), told, years)
        if one.first < first - timedelta(days=REACH_DAYS) or not _held(days, one):
            break
        earlier.append(one)
    compared = against or _as_long(period.before(), told, 1)
    reached = compared.first >= first - timedelta(days=REACH_DAYS) and _held(days, compared)
    waited = (last - told.last).days
    late = waited if extract is not None and waited < late_days else None
    return Span(period, told, tuple(earlier), compared if reached else None, late)


def _whole_quarter(period: Period, last: date) -> date:
    """Return the last day told of: of a year or half of one that isn't over, whole quarters.

    Publicly nothing nearer than quarters is told, and both tiers tell of the same days. Where not
    even one quarter is over, it is the last day itself.
    """
    if period.kind == "span" or last >= period.last:
        return last
    begins = pd.Timestamp(last + timedelta(days=1)).to_period("Q").start_time.date()
    ended: date = begins - timedelta(days=1)
    return ended if ended > period.first else last


def _as_long(one: Period, told: Period, years: int) -> Period:
    """Return the part of an earlier period that ends on the same day of its year."""
    return one.until(told.before(years).last)


def _held(days: np.ndarray, period: Period) -> bool:
    within = (days >= np.datetime64(period.first)) & (days <= np.datetime64(period.last))
    return bool(within.any())


def _without_data(days: np.ndarray, period: Period) -> Fault:
    why = _("Uttaget är tomt.")
    if len(days):
        why = _("Uttagets händelser är från {first} till {last}.").format(
            first=day(days.min().item()), last=day(days.max().item())
        )
    return Fault(
        code="period_without_data",
        what=_("Uttaget har inga händelser under {period}, så ingen bilaga görs.").format(
            period=period.name
        ),
        where="--period",
        why=why,
        next_step=_("Välj en period som uttaget täcker, eller läs in ett uttag som täcker den."),
    )


def compute_appendix(
    project: Project,
    material: Material,
    imported: Import,
    span: Span,
    indicators: Indicators,
    steps: Steps,
) -> Found:
    """Run the pipeline for the period and count it beside the ones before.

    Parameters
    ----------
    project
        With its own settings; those of the period are forced here.
    material, imported
        What was read and understood, once for all periods.
    span, indicators
        The periods, and the list of indicators.
    """
    told = span.told
    of_period = replace(
        project,
        hotspots=replace(project.hotspots, date_from=told.first, date_to=told.last),
        evidence=replace(project.evidence, run=False),
    )
    results = compute(of_period, material, imported, steps, proposals=False)
    with steps.step(_("Räknar perioderna")):
        counting = Counting.of(of_period, material, results, span)
        tables: dict[str, pd.DataFrame] = {
            "areas": results.areas,
            "appendix_counts": counts_table(counting),
            "appendix_change": change_table(counting, project.followup),
            "appendix_times": times_table(counting),
            "appendix_indicators": indicators.table,
        }
        searches = period_searches(material, results, told)
        if searches is not None:
            tables["search_areas"] = searches
    notices = list(results.notices)
    hotspots, more = _weighed(of_period, results, steps)
    tables["hotspots"] = hotspots
    notices += more
    tables["appendix_cameras"] = schema.empty(
        "appendix_cameras", crs=project.project.crs, tables=APPENDIX
    )
    if project.project.profile == "intern" and project.cameras.run:
        from scripts.appendix.cameras import camera_states

        tables["appendix_cameras"], more = camera_states(project, material, imported, span, steps)
        notices += more
    moved = _moved(project, results.areas, span)
    return Found(
        tables=tables,
        results=results,
        span=span,
        moved=moved,
        operations=_begun(material.operations, told),
        existing_cameras=_cameras(material),
        notices=(*indicators.notices, *notices, *_tell(span, moved)),
    )


def _weighed(
    project: Project, results: Results, steps: Steps
) -> tuple[gpd.GeoDataFrame, tuple[Notice, ...]]:
    """Return the hot spots with their stability and how they have lasted."""
    found: Hotspots = results.hotspots
    table = found.table
    notices: list[Notice] = []
    places, options = results.places, project.hotspots
    with steps.step(_("Följer hot spots över tid")):
        try:
            moved = measure_stability(
                results.incidents,
                places,
                found,
                options,
                stability=replace(project.stability, seed=project.project.seed),
            ).table.set_index("hotspot_id")
            ids = table["hotspot_id"]
            table = table.assign(
                stability=ids.map(moved["stability"]).astype("float64"),
                uncertain=ids.map(moved["uncertain"]).fillna(value=False).astype("bool"),
            )
        except LagesbildError as error:
            notices += _untested(error)
        try:
            lasting = follow_hotspots(
                results.incidents, places, found, options, project.persistence
            )
            classes = lasting.table.set_index("hotspot_id")["class"].astype("str")
            table = table.assign(persistence=table["hotspot_id"].map(classes).astype("str"))
            notices += lasting.notices
        except LagesbildError as error:
            notices += _untested(error)
    return cast("gpd.GeoDataFrame", table), tuple(notices)


def _untested(error: LagesbildError) -> list[Notice]:
    return [
        Notice(code=fault.code, text=" ".join(fault.lines()), level="warning")
        for fault in error.faults
    ]


def _moved(
    project: Project, areas: gpd.GeoDataFrame, span: Span
) -> tuple[tuple[str, tuple[date, ...]], ...]:
    """Return areas whose boundary began, ended or changed within a period that is told of."""
    kind = chosen_kind(areas, project.picture.area_kind)
    first = min(
        [span.told, *span.earlier, *([span.compared] if span.compared else [])],
        key=lambda one: one.first,
    ).first
    window = Window(first, span.told.last)
    own = areas[areas["kind"].astype("str") == (kind or "")]
    there = set(in_force(areas, kind, window)["area_id"])
    found = []
    for _area, rows in own[own["area_id"].isin(there)].groupby("area_id", sort=True):
        begins = {one.date() for one in rows["valid_from"].dropna()}
        ends = {(one + pd.Timedelta(days=1)).date() for one in rows["valid_to"].dropna()}
        days = sorted(one for one in begins | ends if window.first < one <= window.last)
        if days:
            found.append((str(rows["name"].iloc[-1]), tuple(days)))
    return tuple(found)


def _begun(operations: gpd.GeoDataFrame | None, told: Period) -> int | None:
    if operations is None:
        return None
    begins = operations["first_date"]
    within = (begins >= pd.Timestamp(told.first)) & (begins <= pd.Timestamp(told.last))
    return int(within.sum())


def _cameras(material: Material) -> int | None:
    layer = material.layers.get("cameras")
    return None if layer is None else len(layer)


def _tell(span: Span, moved: Sequence[tuple[str, tuple[date, ...]]]) -> tuple[Notice, ...]:
    notices = []
    if span.unfinished:
        text = _(
            "Perioden {period} är inte slut i uttaget: bilagan gäller till och med {last}, och "
            "jämförs med samma dagar tidigare år."
        ).format(period=span.asked.name, last=day(span.told.last))
        notices.append(Notice(code="period_unfinished", text=text, level="warning"))
    elif span.late == 0:
        text = _("Uttaget är gjort dagen då perioden slutar. Sena rapporter kan saknas.")
        notices.append(Notice(code="extract_early", text=text, level="warning"))
    elif span.late is not None:
        text = ngettext(
            "Uttaget är gjort {n} dag efter periodens slut. Sena rapporter kan saknas.",
            "Uttaget är gjort {n} dagar efter periodens slut. Sena rapporter kan saknas.",
            span.late,
        ).format(n=number(span.late))
        notices.append(Notice(code="extract_early", text=text, level="warning"))
    if span.compared is None:
        text = _("Uttaget når inte till året före, så någon förändring kan inte räknas.")
        notices.append(Notice(code="nothing_before", text=text, level="warning"))
    for name, days in moved:
        text = _("Gränsen för {name} ändrades {days}.").format(
            name=name, days=", ".join(day(one) for one in days)
        )
        notices.append(Notice(code="boundary_changed", text=text, level="warning"))
    return tuple(notices)
