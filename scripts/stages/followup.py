"""The stage of the follow-up: areas period against period, and what each measure did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from areas.followup import choose_periods, follow_up
from areas.followup.periods import check_periods
from geodata.disclosure import Released
from geodata.errors import LagesbildError, Notice
from geodata.files.pages import write_page
from geodata.forms.plans import started_cameras
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.measures import Measures
from geodata.reference import Layer, read_layer
from geodata.schema import SOURCES, STREET_DRUG_CLASSES
from maps.followup_page import PAGE, FollowupFacts, followup_html
from scripts.stages import Page, Part
from scripts.stages.cameras import Cameras, listed_measures
from scripts.stages.cameras import read as read_cameras

if TYPE_CHECKING:
    from scripts.config import Project
    from scripts.pipeline import Results
    from scripts.progress import Steps
    from scripts.reading import Material
    from scripts.weighing import Evidence

ON_MAP: Final = ("measures", "measure_counts", "measure_sources")
MOST_QUIET: Final = 3.0
"""Events to expect in days without any at the end: with more (5 %), the export has ended."""
BASELINES: Final = (10, 20, 40, 80, 160)
"""Events before, in the table of what can be shown at all."""


@dataclass(frozen=True, eq=False)
class Extra:
    """What the stage read; ``None`` for each file that the project doesn't name.

    Cameras that are decided on have their fixed polygons in `plan`, those that have started stand
    among the measures.
    """

    measures: Measures | None
    plan: Layer | None


def read(project: Project, areas: gpd.GeoDataFrame) -> Extra:
    """Check the periods, read the table of measures and the plan of earlier camera proposals.

    Raises
    ------
    LagesbildError
        With the faults of all of these.
    """
    errors: list[LagesbildError] = []
    measures, plan = None, None
    reference, crs = project.reference, project.project.crs
    try:
        check_periods(project.followup)
    except LagesbildError as error:
        errors.append(error)
    try:
        measures = listed_measures(project, areas)
    except LagesbildError as error:
        errors.append(error)
    if reference.evaluation_plan:
        path, _sign, layer = reference.evaluation_plan.partition("#")
        try:
            plan = read_layer(
                project.base / path, crs=crs, kinds=("polygon",), layer=layer or "camera_evaluation"
            )
        except LagesbildError as error:
            errors.append(_named(error, "evaluation_plan"))
    try:
        cameras = read_cameras(project, areas)
    except LagesbildError as error:
        errors.append(error)
    if errors:
        raise type(errors[0])([fault for error in errors for fault in error.faults])
    return _with_cameras(Extra(measures, plan), cameras)


def _named(error: LagesbildError, setting: str) -> LagesbildError:
    where = f"[reference] {setting}"
    return type(error)([replace(f, where=f"{where}: {f.where}") for f in error.faults])


def work(
    project: Project,
    material: Material,
    results: Results,
    evidence: Evidence | None,
    steps: Steps,
) -> Part:
    """Compare the periods, judge the measures, and say how the page is written."""
    del evidence
    if project.project.profile != "intern":
        # The areas' table leaves with its small numbers hidden; the page and the measures don't.
        part = follow(project, results, Extra(measures=None, plan=None))
        text = _("Uppföljningens sida och åtgärder görs bara för profilen intern.")
        notice = Notice(code="followup_intern_only", text=text)
        return Part(tables=part.tables, notices=(*part.notices, notice))
    extra = material.extras["followup"]
    assert isinstance(extra, Extra)
    with steps.step(_("Följer upp områden och åtgärder")):
        return follow(project, results, extra)


def _with_cameras(extra: Extra, cameras: Cameras) -> Extra:
    """Add decided cameras with their fixed polygons: those that have started are measures.

    A row of the same id in the project's own table of measures goes before.
    """
    if cameras.plans is None or cameras.plans.empty:
        return extra
    plan, own = cameras.plans, extra.measures
    if extra.plan is not None:
        table = extra.plan.table
        others = table[~table["site_id"].astype("str").isin(plan["site_id"])]
        plan = gpd.GeoDataFrame(pd.concat([plan, others], ignore_index=True), crs=plan.crs)
    notices = extra.plan.notices if extra.plan is not None else ()
    started = started_cameras(cameras.forms, cameras.plans)
    if own is not None and len(started):
        started = started[~started["measure_id"].isin(own.table["measure_id"])]
    if len(started):
        rows = [started] if own is None else [own.table, started]
        table = pd.concat(rows, ignore_index=True)
        table = table.sort_values(["first_date", "measure_id"], ignore_index=True)
        told = () if own is None else own.notices
        own = Measures(gpd.GeoDataFrame(table, geometry="geometry", crs=plan.crs), told)
    return Extra(own, Layer(plan, notices))


def follow(project: Project, results: Results, extra: Extra) -> Part:
    """Return the part of the follow-up; of `results`, events and areas are read."""
    incidents, by_month, notices = _dated(results.incidents)
    if incidents.empty:
        return Part(notices=tuple(notices))
    tables: dict[str, pd.DataFrame] = {}
    span = _span(incidents, project.project.extract_date, by_month=by_month)
    periods, told = choose_periods(span, project.followup, by_month=by_month)
    notices += told
    if periods is not None:
        compared = follow_up(incidents, results.areas, periods, project.followup, by_month=by_month)
        tables["followup_areas"] = compared.table
        notices += compared.notices
    source = ""
    if extra.measures is not None:
        source = results.counted.source
        found, more = _effects(project, incidents, extra, source, by_month=by_month)
        tables |= found
        notices += [*extra.measures.notices, *more]
    facts = FollowupFacts(
        title=project.project.name,
        profile=project.project.profile,
        source=source,
        outcome=_outcome(source, project.hotspots.classes),
        change=project.followup.change,
        power=project.followup.power,
        notes=tuple(note.text for note in notices if note.level != "warning"),
        warnings=tuple(note.text for note in notices if note.level == "warning"),
        synthetic=project.project.synthetic,
    )
    return _part(tables, tuple(notices), facts)


def _dated(incidents: pd.DataFrame) -> tuple[pd.DataFrame, bool, list[Notice]]:
    """Return the events that periods can be made of, and whether only their month is known.

    Where some are known by month only, these are left out and told; where all are, months count.
    """
    month = (incidents["time_precision"] == "month").to_numpy()
    if month.all() or not month.any():
        return incidents, bool(len(month)) and bool(month.all()), []
    n = int(month.sum())
    text = ngettext(
        "{n} händelse har bara månad och räknas inte i uppföljningen.",
        "{n} händelser har bara månad och räknas inte i uppföljningen.",
        n,
    ).format(n=number(n))
    notice = Notice(code="followup_months_left_out", text=text, level="warning", data={"events": n})
    return incidents[~month], False, [notice]


def _span(
    incidents: pd.DataFrame, extract_date: date | None, *, by_month: bool
) -> tuple[date, date]:
    """Return first and last day that the extract covers: up to its date, where that is stated."""
    from hotspots.period import event_days

    days = event_days(incidents)
    last: date = days.max().astype(date)
    if by_month:
        last = (pd.Timestamp(last) + pd.DateOffset(months=1)).date() - timedelta(days=1)
    first: date = days.min().astype(date)
    # The day of the extract isn't whole. Days without any event before it are days without events
    # only where that could well be: else the export stops earlier than its date says.
    if extract_date is not None and not by_month:
        quiet = (extract_date - last).days - 1
        if 0 < quiet * len(days) / max((last - first).days, 1) < MOST_QUIET:
            last = extract_date - timedelta(days=1)
    return first, last


def _effects(
    project: Project,
    incidents: pd.DataFrame,
    extra: Extra,
    source: str,
    *,
    by_month: bool,
) -> tuple[dict[str, pd.DataFrame], tuple[Notice, ...]]:
    from hotspots.effect.evaluating import Counted, evaluate_by_source
    from hotspots.selection import find_rows

    assert extra.measures is not None
    classes, extracted = project.hotspots.classes, project.project.extract_date
    parts = []
    for one in _sources(incidents, source):
        rows = find_rows(incidents, classes=classes, source=one)
        if one != source and not len(rows):
            continue
        own = incidents[(incidents["source"] == one).to_numpy()]
        counted = Counted(
            source=one,
            outcome=_outcome(one, classes),
            span=_span(own, extracted, by_month=by_month),
            by_month=by_month,
        )
        parts.append((incidents.iloc[rows], counted))
    found = evaluate_by_source(
        extra.measures.table,
        parts,
        project.effect,
        plan=extra.plan.table if extra.plan is not None else None,
    )
    text = _("Åtgärdernas effekt räknas på en källa: {source}.").format(source=label(source))
    if len(parts) > 1:
        text = _(
            "Åtgärdernas effekt räknas för varje källa för sig: {sources}. Omdömet är det som "
            "{source} visar, den källa som hot spots räknas på."
        ).format(sources=", ".join(label(one.source) for _rows, one in parts), source=label(source))
    chosen = Notice(code="effect_source", text=text, level="chosen")
    return found.tables, (chosen, *found.notices)


def _sources(incidents: pd.DataFrame, first: str) -> list[str]:
    """Return the sources of the events, that of the hot spots first."""
    there = set(incidents["source"].astype("str").unique())
    return [first, *(one for one in SOURCES if one in there and one != first)]


def _outcome(source: str, classes: tuple[str, ...]) -> str:
    """Return what is counted, in words."""
    drugs = set(classes) <= set(STREET_DRUG_CLASSES)
    if source == "police":
        return _("anmälda narkotikabrott") if drugs else _("anmälda händelser")
    return _("rapporterad narkotika") if drugs else _("rapporterade händelser")


def _part(
    tables: Mapping[str, pd.DataFrame], notices: tuple[Notice, ...], facts: FollowupFacts
) -> Part:
    if not tables:
        return Part(notices=notices)
    measures = tables.get("measures")
    n = 0 if measures is None else len(measures)
    certain = 0 if measures is None else int(measures["verdict"].isin(("fell", "rose")).sum())
    changed = 0
    if "followup_areas" in tables:
        changed = int(np.isin(tables["followup_areas"]["state"], ("rose", "fell")).sum())
    text = _("säkerställda förändringar bland områdena: {changed}").format(changed=number(changed))
    if n:
        said = ngettext("{n} åtgärd följd upp", "{n} åtgärder följda upp", n).format(n=number(n))
        text = _("{measures}, {certain} med säkerställd förändring; {areas}").format(
            measures=said, certain=number(certain), areas=text
        )

    def write(folder: Path, released: Mapping[str, Released]) -> None:
        page = followup_html({name: released[name] for name in tables}, facts, power=_power())
        write_page(folder / PAGE, page)

    return Part(
        tables=tables,
        notices=notices,
        counts={name: len(tables[name]) for name in ("measures",) if name in tables},
        said=(text,),
        layers=tuple(name for name in ON_MAP if name in tables),
        pages=(Page(PAGE, _("Uppföljning"), text),),
        write=write,
    )


def _power() -> dict[int, float | None]:
    """Return the smallest fall that can be shown of the usual numbers of events before."""
    from hotspots.effect.power import least_effect

    found = {n: least_effect(n, n) for n in BASELINES}
    return {n: None if one is None else one.share for n, one in found.items()}


__all__ = ["read", "work"]
