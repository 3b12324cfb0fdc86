"""The tables of a run: through the door of its profile, and into files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from geodata.disclosure import CountedEvents, Released, release_together
from geodata.files.geopackage import write_geopackage
from geodata.files.parquet import write_parquet
from geodata.files.text import write_csv
from geodata.store import Store
from scripts.config import Project
from scripts.editions import told_before
from scripts.pipeline import Results
from scripts.stages import Part

if TYPE_CHECKING:
    from scripts.weighing import Evidence

LEAST_PER_KM2: Final = 1.0
"""Cells with less density than this, events per km², are left out of the table."""


def release_all(
    project: Project,
    results: Results,
    evidence: Evidence | None,
    parts: Sequence[Part] = (),
    store: Store | None = None,
) -> dict[str, Released]:
    """Take every table through the door of the project's profile, all at once.

    Raises
    ------
    DataError
        If an earlier edition that the project names can't be read.
    """
    versions = {} if store is None else {"event_versions": store.history()}
    tables: dict[str, pd.DataFrame] = {
        **(evidence_tables(project, results, evidence) if evidence is not None else {}),
        "areas": results.areas,
        "grid": results.grid,
        "hotspots": results.hotspots.table,
        **({"search_sites": results.searches.sites} if results.searches is not None else {}),
        "places": results.places,
        "incidents": results.incidents,
        "rejected": results.imported.rejected,
        **versions,
    }
    for part in parts:
        tables.update(part.tables)
    profile, limits = project.project.profile, project.disclosure
    earlier = told_before(project, profile)
    return release_together(
        tables, profile, limits, earlier=earlier, counted=_counted(project, results)
    )


def _counted(project: Project, results: Results) -> CountedEvents | None:
    """Return what the grid and the hot spots count; ``None`` without any events."""
    counted, classes = results.counted, tuple(project.hotspots.classes)
    if counted.period is None:
        return None
    return CountedEvents(counted.source, classes, counted.period.first, counted.period.last)


def evidence_tables(
    project: Project, results: Results, evidence: Evidence
) -> dict[str, pd.DataFrame]:
    """Return the tables of the evidence by name, those that there are."""
    from hotspots.kde import density_table

    card = results.accuracy.card if results.accuracy is not None else None
    found: dict[str, pd.DataFrame | None] = {
        "gi_star": evidence.gi_star.table if evidence.gi_star else None,
        "density": density_table(
            evidence.density, crs=project.project.crs, at_least_km2=LEAST_PER_KM2
        )
        if evidence.density
        else None,
        "stability": evidence.stability.table if evidence.stability else None,
        "persistence": evidence.persistence.table if evidence.persistence else None,
        "hotspot_quarters": evidence.persistence.quarters if evidence.persistence else None,
        "matches": evidence.matches.table if evidence.matches else None,
        "hotspot_times": evidence.times,
        "initiative": evidence.initiative,
        "hotspot_operations": evidence.without.table if evidence.without else None,
        "operation_counts": evidence.without.operations if evidence.without else None,
        "gi_star_areas": evidence.gi_star_areas.table if evidence.gi_star_areas else None,
        "relative_density": evidence.relative.table if evidence.relative else None,
        "agreement": evidence.agreement.table if evidence.agreement else None,
        "scan_clusters": evidence.scan.table if evidence.scan else None,
        "near_repeat": evidence.near_repeat.table if evidence.near_repeat else None,
        "method_card": card.table if card else None,
    }
    return {name: table for name, table in found.items() if table is not None and len(table)}


def stamp(project: Project, results: Results) -> datetime:
    """Return the time that stands in the files: that of the data, so that reruns are equal."""
    day = project.project.extract_date or results.imported.report.last_date or date(1970, 1, 1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def write_tables(
    folder: Path, project: Project, results: Results, released: Mapping[str, Released]
) -> None:
    """Write all tables that are not withheld, in the formats the project asks for.

    Raises
    ------
    OSError
        If a file can't be written.
    """
    output, crs = project.output, project.project.crs
    moment = stamp(project, results)
    in_gpkg = output.puts_incidents_in_gpkg(len(results.incidents))
    shown = {name: one for name, one in released.items() if one.table is not None}
    if "gpkg" in output.formats:
        layers = {n: one for n, one in shown.items() if in_gpkg or n != "incidents"}
        write_geopackage(folder / "results.gpkg", layers, crs=crs, stamp=moment)
    if "xlsx" in output.formats:
        from geodata.files.excel import write_xlsx  # brings openpyxl, which few runs need

        write_xlsx(folder / "results.xlsx", shown, stamp=moment)
    writers: dict[str, Callable[[Path, Released], None]] = {
        "parquet": lambda path, one: write_parquet(path, one, crs=crs),
        "csv": lambda path, one: write_csv(path, one, decimal_comma=output.decimal_comma),
    }
    for kind, write in writers.items():
        for name, one in shown.items():
            if kind == "csv" and name == "rejected":  # stands in a file that can be corrected
                continue
            if kind == "parquet" and name == "incidents":  # `scripts.early` has begun with it
                continue
            if kind in output.formats:
                write(folder / f"{name}.{kind}", one)
