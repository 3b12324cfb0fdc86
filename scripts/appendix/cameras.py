"""Camera proposals by how far their papers have come, at the end of a period."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from geodata import schema
from geodata.appendix_tables import APPENDIX
from geodata.camera_tables import CAMERAS
from geodata.errors import Notice
from scripts.pipeline import compute

if TYPE_CHECKING:
    from geodata.incidents import Import
    from scripts.appendix.computing import Span
    from scripts.config import Project
    from scripts.progress import Steps
    from scripts.reading import Material


def camera_states(
    project: Project, material: Material, imported: Import, span: Span, steps: Steps
) -> tuple[gpd.GeoDataFrame, tuple[Notice, ...]]:
    """Return table ``appendix_cameras``.

    Proposals rest on the project's own months back from the period's last day, as in a run made
    that day: a year alone would propose other places than those decided on.
    """
    from scripts.stages import cameras

    at_end = replace(
        project,
        hotspots=replace(project.hotspots, date_from=None, date_to=span.told.last),
        evidence=replace(project.evidence, run=False),
    )
    results = compute(at_end, material, imported, steps, proposals=False)
    part = cameras.work(at_end, material, results, None, steps)
    sites = part.tables["camera_sites"]
    status = part.tables.get("camera_status")
    names = results.areas.drop_duplicates("area_id").set_index("area_id")["name"]
    table = sites[["site_id", "rank", "area_id", "hotspot_id", "geometry"]]
    if status is None:
        status = schema.empty("camera_status", tables=CAMERAS)
    table = table.merge(status, on="site_id", how="left", validate="one_to_one")
    table["area_name"] = table["area_id"].map(names).astype("str")
    state = pd.Series("proposed", index=table.index)
    state = state.mask(table["complete"].eq(other=False), "incomplete")
    state = state.mask(table["complete"].eq(other=True), "complete")
    state = state.mask(table["decided"].notna(), "decided")
    table["state"] = schema.category(state.tolist(), "appendix_cameras", "state", tables=APPENDIX)
    table["n_missing"] = table["n_missing"].astype("Int64")
    made = gpd.GeoDataFrame(
        table[list(APPENDIX["appendix_cameras"])], geometry="geometry", crs=sites.crs
    ).sort_values("rank", ignore_index=True)
    schema.check(made, "appendix_cameras", tables=APPENDIX)
    return made, part.notices
