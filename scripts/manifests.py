"""What ``run.json`` says of a run of the project."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import geopandas as gpd
import shapely

from geodata.errors import Notice
from geodata.files.manifest import Manifest
from geodata.language import gettext as _
from scripts.config import TABLES, Project
from scripts.pipeline import Results
from scripts.reading import Material
from scripts.stages import Part


def run_manifest(
    project: Project,
    material: Material,
    results: Results,
    *,
    notices: Sequence[Notice],
    started: datetime,
    part: str | None,
) -> Manifest:
    """Return the manifest of a run; `part` is what a run of one part holds."""
    settings: dict[str, object] = {name: getattr(project, name) for name in TABLES}
    if project.project.profile == "intern":  # addresses may stand in there
        settings["input"] = [
            {"path": one.path.name, "read": one.read, "meaning": one.meaning}
            for one in project.inputs
        ]
    return Manifest(
        profile=project.project.profile,
        settings=settings,
        inputs=[{"path": file.name, "sha256": file.sha256} for file in material.files],
        rows=results.imported.report.totals,
        tables={"offence_codes": material.codes.version, "areas": _area_version(results.areas)},
        seed=project.project.seed,
        first_date=results.imported.report.first_date,
        extract_date=project.project.extract_date,
        notices=[notice.code for notice in notices],
        started=started,
        finished=datetime.now(tz=UTC),
        synthetic=project.project.synthetic,
        part=part,
    )


def part_held(parts: Sequence[Part], *, whole: bool) -> str | None:
    """Return what a run holds, by its pages; ``None`` for a whole one."""
    if whole:
        return None
    return ", ".join(page.title for part in parts for page in part.pages[:1]) or _("Hot spots")


def _area_version(areas: gpd.GeoDataFrame) -> str:
    """Return a short checksum of ids, dates and boundaries."""
    digest = hashlib.sha256()
    digest.update(areas.drop(columns="geometry").to_csv(index=False).encode())
    for shape in shapely.to_wkb(areas.geometry.to_numpy()):
        digest.update(shape)
    return digest.hexdigest()[:16]
