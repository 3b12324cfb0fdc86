"""The stage of the weekly watch: signals in series, and gatherings that no area border shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from areas.watch import control
from areas.watch.calendar import choose_week, event_weeks, read_week, week_words
from areas.watch.options import WatchOptions
from areas.watch.reference import monday
from areas.watch.series import Series, make_series
from areas.watch.tables import Gathering, series_table, signals_table, weeks_table
from areas.watch.watching import Judged, judge
from geodata.disclosure import Released
from geodata.errors import Notice
from geodata.files.pages import write_page
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.schema import SOURCES, STREET_DRUG_CLASSES
from maps.watch_page import PAGE, watch_html
from scripts.stages import Page, Part

if TYPE_CHECKING:
    from scripts.config import Project
    from scripts.pipeline import Results
    from scripts.progress import Steps
    from scripts.reading import Material
    from scripts.weighing import Evidence

SCAN_WEEKS: Final = 52
"""Weeks that the scan looks at: a year, so that each place's usual number is known."""


def read(project: Project, areas: gpd.GeoDataFrame) -> None:
    """Check the week asked for; there are no files.

    Raises
    ------
    SettingsError
        ``bad_week``.
    """
    del areas
    if project.watch.week:
        read_week(project.watch.week)


def work(
    project: Project,
    material: Material,
    results: Results,
    evidence: Evidence | None,
    steps: Steps,
) -> Part:
    """Watch the week, and say how the page is written."""
    del material, evidence
    if project.project.profile != "intern":
        text = _("Veckans bevakning görs bara för profilen intern.")
        return Part(notices=(Notice(code="watch_intern_only", text=text),))
    with steps.step(_("Bevakar veckan")):
        return watch_week(project, results)


def watch_week(project: Project, results: Results) -> Part:
    """Watch the week that the project asks for: of `results`, events, places and areas are read."""
    incidents, options = results.incidents, project.watch
    dated = incidents[(incidents["time_precision"] != "month").to_numpy()]
    by_month = _by_month(len(incidents) - len(dated), len(incidents))
    if dated.empty:
        return Part(notices=by_month)
    days = dated["start"].dt.tz_localize(None)
    week, notices = choose_week(
        days.min().date(),
        days.max().date(),
        extract_date=project.project.extract_date,
        asked=options.week,
    )
    series = make_series(dated, results.areas, results.places, week=week, options=options)
    judged = judge(series, options, seed=project.project.seed)
    found = find_gatherings(project, results, dated, week)
    signals = signals_table(series, judged, found.gatherings, n_scans=found.n_scans)
    told = (*by_month, *notices, *_about(series, judged, options), *found.notices)
    tables = {
        "watch_signals": signals,
        "watch_series": series_table(series, judged, options),
        "watch_weeks": weeks_table(series, judged, found.gatherings, options),
    }
    texts = [notice.text for notice in told]

    def write(folder: Path, released: Mapping[str, Released]) -> None:
        page = watch_html(
            released,
            week=week_words(week),
            title=project.project.name,
            notices=texts,
            synthetic=project.project.synthetic,
        )
        write_page(folder / PAGE, page)

    return Part(
        tables=tables,
        notices=told,
        counts={"watch_signals": len(signals)},
        said=(_said(len(signals), week),),
        pages=(Page(PAGE, _("Veckans bevakning"), _said(len(signals), week)),),
        write=write,
    )


def _said(n: int, week: int) -> str:
    if n == 0:
        return _("inga signaler {week}").format(week=week_words(week))
    text = ngettext("{n} signal {week}", "{n} signaler {week}", n)
    return text.format(n=number(n), week=week_words(week))


def _by_month(n: int, total: int) -> tuple[Notice, ...]:
    if n == 0:
        return ()
    if n == total:
        text = _(
            "Händelserna har bara månad. Då går det inte att bevaka vecka för vecka: varken serier "
            "eller ansamlingar söks."
        )
        return (Notice(code="watch_months_only", text=text, level="warning"),)
    text = ngettext(
        "{n} händelse har bara månad och räknas inte i veckans bevakning.",
        "{n} händelser har bara månad och räknas inte i veckans bevakning.",
        n,
    ).format(n=number(n))
    return (Notice(code="watch_months_left_out", text=text, level="warning", data={"events": n}),)


def _about(series: Series, judged: Judged, options: WatchOptions) -> list[Notice]:
    """Return what is to be known of the series: missing weeks, and that there are none."""
    notices = []
    if not (series.keys["unit"] == "area").any():
        text = _(
            "Inget område av slaget {kind} har händelser: bara hela kommunen och enskilda platser "
            "får serier. Ett annat slag väljs med area_kind under [watch]."
        ).format(kind=label(options.area_kind))
        notices.append(Notice(code="watch_no_areas", text=text, level="chosen"))
    for source, weeks in series.missing.items():
        text = ngettext(
            "{source}: {n} vecka saknar rader helt och räknas som saknad, inte som noll. Den "
            "senaste är {week}.",
            "{source}: {n} veckor saknar rader helt och räknas som saknade, inte som noll. Den "
            "senaste är {week}.",
            len(weeks),
        ).format(
            source=label(source).capitalize(),
            n=number(len(weeks)),
            week=week_words(int(weeks[-1])),
        )
        now = int(weeks[-1]) == series.week
        notices.append(
            Notice(
                code="watch_weeks_missing",
                text=text,
                level="warning" if now else "info",
                data={"source": source, "weeks": len(weeks)},
            )
        )
    if judged.n_watched == 0:
        text = _(
            "Ingen serie kan bevakas för sig den här veckan: historiken är kortare än två år eller "
            "händelserna för få. Ansamlingar i rum och tid söks ändå."
        )
        notices.append(Notice(code="watch_no_series", text=text, level="warning"))
    return notices


@dataclass(frozen=True)
class Scanned:
    """The gatherings that reach the limit, out of how many searches, and notices."""

    gatherings: list[Gathering]
    n_scans: int
    notices: tuple[Notice, ...]


def find_gatherings(project: Project, results: Results, dated: pd.DataFrame, week: int) -> Scanned:
    """Search each source for gatherings that go on in the watched week."""
    last = monday(week) + timedelta(days=6)
    first = monday(week - SCAN_WEEKS + 1)
    at = event_weeks(dated["start"]).to_numpy()
    inside = (at <= week) & (at > week - SCAN_WEEKS) & ~dated["stacked"].to_numpy(bool)
    events = dated[inside]
    searched = _searches(events)
    limit = control.limit(project.watch.false_signals, "scan", len(searched))
    found: list[Gathering] = []
    notices: dict[str, Notice] = {}
    for source, kind, rows in searched:
        clusters, more = _scan(project, results, rows, (first, last))
        notices |= {notice.text: notice for notice in more}
        strong = clusters[clusters["p_value"] <= limit]
        found += [
            _gathering(cluster, source, kind, rows, results.places, week)
            for _row, cluster in strong.iterrows()
        ]
    return Scanned(found, len(searched), tuple(notices.values()))


def _searches(events: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """Return source, what is counted and events of each search: drugs, and all together."""
    found = []
    for source in SOURCES:
        own = events[(events["source"] == source).to_numpy()]
        drugs = own[own["offence_class"].isin(STREET_DRUG_CLASSES).to_numpy()]
        if len(drugs):
            found.append((source, "street_drugs", drugs))
        if len(own) > len(drugs):
            found.append((source, "all", own))
    return found


def _scan(
    project: Project, results: Results, events: pd.DataFrame, period: tuple[date, date]
) -> tuple[pd.DataFrame, Sequence[Notice]]:
    from hotspots.scan.gathering import gather, set_out  # brings numba
    from hotspots.scan.permutation import scan_permutation

    days = events["start"].dt.tz_localize(None).dt.normalize().astype("datetime64[s]")
    cases = pd.DataFrame({"place_id": events["place_id"].to_numpy(), "day": days.to_numpy()})
    places = results.places[results.places["place_id"].isin(cases["place_id"])]
    options = replace(project.scan, seed=project.project.seed, mode="prospective")
    found = gather(cases, places, options=options, cell_size_m=project.hotspots.cell_size_m)
    scan = scan_permutation(
        found.cases, found.locations, options, first_day=period[0], last_day=period[1]
    )
    scan = set_out(scan, found, places)
    return scan.table, scan.notices


def _gathering(
    cluster: pd.Series[Any],
    source: str,
    kind: str,
    events: pd.DataFrame,
    places: gpd.GeoDataFrame,
    week: int,
) -> Gathering:
    """Return a cluster with the name of its centre and the share found on police initiative."""
    ids = np.array(str(cluster["place_ids"]).split(";"), dtype=np.int64)
    day = events["start"].dt.tz_localize(None).dt.normalize()
    here = events[events["place_id"].isin(ids)]
    weeks = event_weeks(here["start"]).to_numpy() - week + SCAN_WEEKS - 1
    own = here[(day >= cluster["first_day"])[here.index]]
    told = own["police_initiated"].astype("str")
    known = told.isin(("yes", "no"))
    centre = places.loc[places["place_id"] == cluster["center_place_id"], "address"].iloc[0]
    return Gathering(
        source=source,
        kind=kind,
        center_place_id=int(cluster["center_place_id"]),
        name=str(centre)
        if isinstance(centre, str) and centre
        else _("plats {id}").format(id=int(cluster["center_place_id"])),
        x_m=float(cluster["x_m"]),
        y_m=float(cluster["y_m"]),
        radius_m=float(cluster["radius_m"]),
        first_day=cluster["first_day"],
        last_day=cluster["last_day"],
        observed=int(cluster["observed"]),
        expected=float(cluster["expected"]),
        p=float(cluster["p_value"]),
        initiated=float((told[known] == "yes").mean()) if known.any() else 0.0,
        weeks=tuple(np.bincount(weeks, minlength=SCAN_WEEKS).tolist()),
    )
