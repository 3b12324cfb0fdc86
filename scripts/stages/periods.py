"""The stage that counts by period for the map's switch, and finds the hot spots of each.

Its tables leave in ``intern`` only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.language import gettext as _
from hotspots.periods import count_periods, period_unit
from hotspots.periodspots import find_period_hotspots
from scripts.stages import Part

if TYPE_CHECKING:
    import geopandas as gpd

    from scripts.config import Project
    from scripts.pipeline import Results
    from scripts.progress import Steps
    from scripts.reading import Material
    from scripts.weighing import Evidence

TABLE = "period_counts"
SPOTS = "period_hotspots"


def read(project: Project, areas: gpd.GeoDataFrame) -> None:
    """Read nothing: the stage has no files."""
    del project, areas


def work(
    project: Project,
    material: Material,
    results: Results,
    evidence: Evidence | None,
    steps: Steps,
) -> Part:
    """Count the events of the grid by period, and find the hot spots of each period."""
    del material, evidence
    with steps.step(_("Räknar per period")):
        asked, counted = project.map.periods, results.counted
        if counted.period is None:
            return Part()
        days = counted.period
        best = period_unit(days.first, days.last, counted.column("place_id").nunique())
        unit = best if asked == "auto" or asked == "none" else asked  # noqa: PLR1714 (mypy narrows)
        table = count_periods(
            counted,
            results.hotspots.place_hotspot,
            cell_size_m=project.hotspots.cell_size_m,
            unit=unit,
        )
        spots = find_period_hotspots(
            counted,
            results.places,
            results.hotspots,
            project.hotspots,
            unit=unit,
            crs=project.project.crs,
        )
    return Part(tables={TABLE: table, SPOTS: spots}, layers=(TABLE, SPOTS))
