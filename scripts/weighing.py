"""Weighs the hot spots: everything of `hotspots` that says how sure one can be, in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.errors import DataError, Fault, LagesbildError, Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.schema import OFFENCE_CLASSES
from hotspots.activity import initiative_table
from hotspots.agreement import Agreement, agreement_map
from hotspots.concentration import Concentration, over_cells, over_places
from hotspots.kde import Density, estimate_density
from hotspots.matching import Matches, earlier_hotspots, match_hotspots
from hotspots.nearrepeat import NearRepeat, near_repeat
from hotspots.persistence import Persistence, follow_hotspots
from hotspots.relative import RelativeDensity, relative_density
from hotspots.scan.gathering import gather, set_out
from hotspots.scan.permutation import scan_permutation
from hotspots.scan.search import Scan
from hotspots.selection import event_days, select
from hotspots.significance import (
    GiStar,
    gi_star_areas,
    gi_star_cells,
    make_ground,
    pairs_touching,
)
from hotspots.stability import Stability, measure_stability
from hotspots.timeprofile import TimeProfile, hotspot_times, time_profiles
from hotspots.withoutoperations import WithoutOperations, without_operations
from scripts.config import Project
from scripts.pipeline import Results
from scripts.progress import Steps
from scripts.reading import Material

T = TypeVar("T")

MOST_CELLS: Final = 60_000
"""Cells of a map of relative density; more take over half a minute."""
LEAST_AREAS: Final = 10
"""Areas without which neighbours tell nothing."""
GROUND_LAYERS: Final = ("streets", "buildings", "entrances")


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that was found about the hot spots, before anything is held back.

    ``None`` stands for what could not be asked of these data; the notices say why.
    """

    gi_star: GiStar | None
    gi_star_areas: GiStar | None
    density: Density | None
    stability: Stability | None
    persistence: Persistence | None
    matches: Matches | None
    profiles: Mapping[str, TimeProfile]
    times: pd.DataFrame
    initiative: pd.DataFrame
    without: WithoutOperations | None
    agreement: Agreement | None
    relative: RelativeDensity | None
    scan: Scan | None
    near_repeat: NearRepeat | None
    concentration: tuple[Concentration, ...]
    notices: tuple[Notice, ...]


def weigh(project: Project, material: Material, results: Results, steps: Steps) -> Evidence:
    """Run every test on what the pipeline found.

    A test that these data can't stand (too few events, months only, more pairs than memory holds)
    is left out, and its own words are passed on as a notice.
    """
    asked = _Asked()
    incidents, counted, hotspots = results.incidents, results.counted, results.hotspots
    crs, seed = project.project.crs, project.project.seed
    events = counted.events
    beside = counted.beside
    with steps.step(_("Prövar om det är mer än slump")):
        gi_star = asked.ask(lambda: _gi_star(project, material, results))
        by_area = asked.ask(lambda: _gi_star_areas(project, results))
        density = asked.ask(lambda: estimate_density(events, project.density))
        days = _dated(events)
        scan, repeat = None, None
        if days.empty and len(events):
            asked.notices.append(_only_months())
        else:
            if len(days) < len(events):
                asked.notices.append(_some_months(len(events) - len(days)))
            scan = asked.ask(lambda: _scan(project, results, days))
            repeat = asked.ask(lambda: near_repeat(days, replace(project.near_repeat, seed=seed)))
    with steps.step(_("Flyttar punkter för att pröva stabiliteten")):
        stability = asked.ask(
            lambda: measure_stability(
                incidents,
                results.places,
                hotspots,
                project.hotspots,
                stability=replace(project.stability, seed=seed),
            )
        )
    with steps.step(_("Följer hot spots över tid")):
        persistence = asked.ask(
            lambda: follow_hotspots(
                incidents, results.places, hotspots, project.hotspots, project.persistence
            )
        )
        matches = asked.ask(lambda: _matches(project, results, asked))
        profiles = time_profiles(beside, project.time)
        times = hotspot_times(beside, hotspots.place_hotspot, project.time)
    with steps.step(_("Jämför källor och insatser")):
        initiative = initiative_table(beside, beside["place_id"].map(hotspots.place_hotspot))
        without = asked.ask(
            lambda: without_operations(
                counted, hotspots, material.operations, project.hotspots, project.activity
            )
        )
        agreement = asked.ask(lambda: agreement_map(beside, project.agreement, crs=crs))
        relative = asked.ask(lambda: _relative(project, results))
    cell_m, margin_m = project.hotspots.cell_size_m, project.accuracy.margin_m
    return Evidence(
        gi_star=gi_star,
        gi_star_areas=by_area,
        density=density,
        stability=stability,
        persistence=persistence,
        matches=matches,
        profiles=profiles,
        times=times,
        initiative=initiative,
        without=without,
        agreement=agreement,
        relative=relative,
        scan=scan,
        near_repeat=repeat,
        concentration=(
            over_places(events, incidents),
            over_cells(events, incidents, cell_size_m=cell_m, margin_m=margin_m),
        ),
        notices=tuple(asked.notices),
    )


class _Asked:
    """Notices so far, and what happens when a question can't be asked of the data."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    def ask(self, question: Callable[[], T]) -> T | None:
        try:
            answer = question()
        except LagesbildError as error:
            self.notices += [
                Notice(code=fault.code, text=" ".join(fault.lines()), level="warning")
                for fault in error.faults
            ]
            return None
        self.notices += list(getattr(answer, "notices", ()))
        return answer


def _only_months() -> Notice:
    return Notice(
        code="no_days_known",
        text=_(
            "Händelserna har bara månad. Ansamlingar i rum och tid och närupprepning går inte att "
            "pröva utan dag."
        ),
        level="warning",
    )


def _some_months(n: int) -> Notice:
    text = ngettext(
        "{n} händelse har bara månad och räknas inte när ansamlingar i rum och tid och "
        "närupprepning prövas.",
        "{n} händelser har bara månad och räknas inte när ansamlingar i rum och tid och "
        "närupprepning prövas.",
        n,
    )
    return Notice(
        code="months_left_out", text=text.format(n=number(n)), level="warning", data={"events": n}
    )


def _scan(project: Project, results: Results, days: pd.DataFrame) -> Scan:
    """Search among the places of the counted events for what goes on at the end of the period."""
    places = results.places[results.places["place_id"].isin(days["place_id"])]
    options = replace(project.scan, seed=project.project.seed)
    found = gather(days, places, options=options, cell_size_m=project.hotspots.cell_size_m)
    period = results.counted.period
    scan = scan_permutation(
        found.cases,
        found.locations,
        options,
        first_day=period.first if period else None,
        last_day=period.last if period else None,
    )
    return set_out(scan, found, places)


def _dated(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events known by day, with their day: months can't be set against days."""
    known = (events["time_precision"] != "month").to_numpy()
    dated = events.loc[known, ["place_id", "x_m", "y_m"]]
    return dated.assign(day=event_days(events)[known].astype("datetime64[s]"))


def _gi_star(project: Project, material: Material, results: Results) -> GiStar:
    whole = results.areas[results.areas["kind"].isin(("municipality", "regso"))]
    ground = make_ground(
        results.incidents,
        cell_size_m=_cell_size(results.grid, project),
        layers=[material.layers[name] for name in GROUND_LAYERS if name in material.layers],
        inside=whole if len(whole) else None,
        never=material.layers.get("water"),
    )
    options = replace(project.significance, seed=project.project.seed)
    return gi_star_cells(results.grid, ground, options, crs=project.project.crs)


def _gi_star_areas(project: Project, results: Results) -> GiStar | None:
    """Test the statistical areas that cover the town, by events per hectare."""
    areas = results.areas[results.areas["kind"] == "regso"].reset_index(drop=True)
    if len(areas) < LEAST_AREAS:
        return None
    counts = results.counted.column("regso_id").value_counts()
    per_ha = areas["area_id"].map(counts).fillna(0) / (areas.geometry.area / 10_000)
    options = replace(project.significance, seed=project.project.seed)
    return gi_star_areas(areas["area_id"], per_ha.to_numpy(), pairs_touching(areas), options)


def _relative(project: Project, results: Results) -> RelativeDensity | None:
    """Hold the counted reports against all other reports of the same source and period."""
    counted = results.counted
    if counted.period is None:
        return None
    others = select(
        results.incidents, classes=OFFENCE_CLASSES, source=counted.source, period=counted.period
    )
    others = others.drop(index=counted.events.index, errors="ignore")
    options = replace(project.relative, seed=project.project.seed)
    sides = np.ptp(results.places[["x_m", "y_m"]].to_numpy(), axis=0)
    cells = float(np.prod(sides / options.cell_size_m + 1))
    if cells > MOST_CELLS:
        text = _(
            "Relativ täthet görs inte: kartan skulle få {n} rutor, fler än {most}. Större "
            "cell_size_m under [relative] ger färre."
        ).format(n=number(cells), most=number(MOST_CELLS))
        raise DataError(Fault(code="relative_too_large", what=text))
    return relative_density(counted.events, others, options, crs=project.project.crs)


def _cell_size(grid: gpd.GeoDataFrame, project: Project) -> float:
    """Return the side of the grid's cells, which the profile may have coarsened."""
    if grid.empty:
        return project.hotspots.cell_size_m
    bounds = grid.geometry.iloc[:1].bounds
    return float(np.round((bounds["maxx"] - bounds["minx"]).iloc[0], 6))


def _matches(project: Project, results: Results, asked: _Asked) -> Matches | None:
    earlier, notices = earlier_hotspots(
        results.incidents,
        results.places,
        results.hotspots,
        project.hotspots,
        crs=project.project.crs,
        match=project.match,
    )
    asked.notices += list(notices)
    if earlier is None:
        return None
    return match_hotspots(results.hotspots, earlier, project.match)
