"""The files of a run: tables, map, pages and manifest, each from released tables only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import shapely

from geodata.caveats import standing_caveat
from geodata.disclosure import Profile, Released, inside_only, write_published
from geodata.errors import Notice
from geodata.files.latest import START
from geodata.files.manifest import write_manifest
from geodata.files.pages import write_page
from geodata.files.titles import title
from geodata.labels import label
from geodata.language import gettext as _
from maps.evidence_page import evidence_html
from maps.interactive import MapFacts, map_html
from maps.start_page import index_html
from scripts.config import Project
from scripts.manifests import part_held, run_manifest
from scripts.pipeline import Results, geocode_shares
from scripts.reading import Material
from scripts.stages import Part
from scripts.tables import release_all, write_tables

if TYPE_CHECKING:
    from scripts.early import Early
    from scripts.weighing import Evidence

MAP_LAYERS: Final = ("areas", "grid", "hotspots", "search_sites", "places")


@dataclass(frozen=True)
class Found:
    """All that a run found: the results, what weighs them, and what the stages add."""

    results: Results
    evidence: Evidence | None
    parts: tuple[Part, ...]
    whole: bool

    @property
    def counts(self) -> dict[str, int]:
        """Return the rows found by table."""
        found = _counts(self.results)
        for part in self.parts:
            found.update(part.counts)
        return found

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return all notices, those of the stages last."""
        return (*self.results.notices, *(note for part in self.parts for note in part.notices))

    @property
    def layers(self) -> tuple[str, ...]:
        """Return the names of the tables that the map shows."""
        return (*MAP_LAYERS, *(name for part in self.parts for name in part.layers))


def files_of(folder: Path) -> tuple[str, ...]:
    """Return the files of a run, those in folders too, relative to it."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return tuple(sorted(path.relative_to(folder).as_posix() for path in paths))


def _counts(results: Results) -> dict[str, int]:
    """Return the rows found by table; what was not proposed has no number, not even 0."""
    plans = {"search_sites": results.searches}
    return {
        "events": len(results.incidents),
        "places": len(results.places),
        "hotspots": len(results.hotspots.table),
        **{name: len(plan.sites) for name, plan in plans.items() if plan is not None},
    }


def write_all(
    folder: Path,
    project: Project,
    material: Material,
    found: Found,
    started: datetime,
    early: Early,
) -> None:
    """Write all that a run leaves into a folder.

    Parameters
    ----------
    folder
        The run's folder, not yet in its place.
    project, material, found
        What was asked, read and found.
    started
        When the run began.
    early
        What is being written since the rows became events.

    Raises
    ------
    OSError, OutputError
        If something can't be written.
    """
    results, evidence = found.results, found.evidence
    released = release_all(project, results, evidence, found.parts, material.store)
    # Arrow and GDAL let go of the interpreter lock, so tables and pages are written side by side.
    with ThreadPoolExecutor(1) as pool:
        tables = pool.submit(copy_context().run, write_tables, folder, project, results, released)
        _write_pages(folder, project, material, found, released)
        if evidence is not None and project.project.profile == "intern":
            _write_evidence(folder, project, results, evidence)
        for part in found.parts:
            if part.write is not None:
                part.write(folder, released)
        tables.result()
    early.end()
    write_published(folder, released.values())
    _write_index(folder, project, found, released)
    manifest = run_manifest(
        project,
        material,
        results,
        notices=found.notices,
        started=started,
        part=part_held(found.parts, whole=found.whole),
    )
    write_manifest(folder, manifest)


def _write_pages(
    folder: Path,
    project: Project,
    material: Material,
    found: Found,
    released: Mapping[str, Released],
) -> None:
    results = found.results
    write_page(
        folder / "karta.html",
        map_html(
            {n: released[n] for n in dict.fromkeys(found.layers) if n in released},
            background(project, material, results),
            map_facts(project, material, results),
            project.map,
        ),
    )


def _write_evidence(folder: Path, project: Project, results: Results, evidence: Evidence) -> None:
    from scripts.telling import evidence_report

    page = evidence_html(
        evidence_report(project, results, evidence),
        profile=project.project.profile,
        title=project.project.name,
        synthetic=project.project.synthetic,
    )
    write_page(folder / "hotspots.html", page)


def background(
    project: Project, material: Material, results: Results
) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers drawn under the map: the project's own, and the municipality's outline."""
    layers = {
        name: material.layers[name]
        for name in ("green", "water", "buildings", "streets")
        if name in material.layers
    }
    whole = results.areas[results.areas["kind"].isin(("municipality", "regso"))]
    if not whole.empty:
        outline = shapely.union_all(whole.geometry.to_numpy(), grid_size=0.1)
        layers["municipality"] = gpd.GeoDataFrame(geometry=[outline], crs=project.project.crs)
    return layers


def map_facts(project: Project, material: Material, results: Results) -> MapFacts:
    """Return what is printed beside the map."""
    options, counted = project.project, results.counted
    classes = ", ".join(label(one) for one in project.hotspots.classes)
    names = ", ".join(file.name for file in material.files)
    files = [_("Händelser: {files}.").format(files=names)] if options.profile == "intern" else []
    return MapFacts(
        project=options.name,
        profile=options.profile,
        caveat=standing_caveat(),
        extract_date=options.extract_date,
        first_date=counted.period.first if counted.period else None,
        last_date=counted.period.last if counted.period else None,
        counted=_("{source}: {classes}").format(source=label(counted.source), classes=classes),
        # A total beside the tables would be one more number to work hidden ones back from, this
        # edition's and the next one's: outside the house it stands in the tables or nowhere.
        n_events=len(counted) if options.profile == "intern" else None,
        geocode_shares=_shares(project, results),
        method=_method(project, results.hotspots.min_samples),
        sources=(
            *files,
            *_area_sources(results.areas),
        ),
        synthetic=options.synthetic,
        software=f"Lägesbild {metadata.version('lagesbild')}",
    )


def _shares(project: Project, results: Results) -> dict[str, float]:
    shares, profile = geocode_shares(results.incidents), project.project.profile
    if profile == "intern":
        return shares
    # A share is a count to whoever knows the whole: none is told where one stands for a small one.
    least, n = project.disclosure.least(profile), len(results.incidents)
    if any(0 < round(share * n) < least for share in shares.values()):
        return {}
    return {name: round(share, 2) for name, share in shares.items()}


def _method(project: Project, core: int | None) -> tuple[str, ...]:
    """Return how that which the profile is shown was found."""
    spots, reach, profile = project.hotspots, project.cameras.reach_m, project.project.profile
    if profile == "publik":
        return ()
    told = (
        _(
            "Hot spots: DBSCAN på platser, avstånd {eps:g} m, minst {samples} inom avståndet; "
            "minst {events} händelser på {days} olika dagar."
        ).format(
            eps=spots.eps_m,
            samples=core,
            events=spots.min_events,
            days=spots.min_days,
        ),
    )
    if profile != "intern":
        return told
    return (
        *told,
        _(
            "Kameraplatser: högst {n}, räckvidd {reach:g} m; sikten är prövad mot husytor där ett "
            "lager finns."
        ).format(n=project.choice.n_cameras, reach=project.views.settled(reach).metres()),
    )


def _area_sources(areas: gpd.GeoDataFrame) -> Sequence[str]:
    return sorted({str(source) for source in areas["source"].dropna()})


def _write_index(
    folder: Path, project: Project, found: Found, released: Mapping[str, Released]
) -> None:
    write_page(
        folder / START,
        index_html(
            files=files_of(folder),
            report=found.results.imported.report,
            counts=found.counts,
            notices=found.notices,
            profile=project.project.profile,
            title=project.project.name,
            notes=_notes(released, project.project.profile),
            synthetic=project.project.synthetic,
            pages={
                page.file: (page.title, page.text) for part in found.parts for page in part.pages
            },
        ),
    )


def _notes(released: Mapping[str, Released], profile: Profile) -> tuple[str, ...]:
    """Return what was hidden or withheld, tables for the house alone in one sentence."""
    kept = [name for name in released if inside_only(name, profile)]
    told = [note for name, one in released.items() if name not in kept for note in one.notes]
    if not kept:
        return tuple(told)
    names = "; ".join(sorted(title(name) for name in kept))
    return (*told, _("Lämnas bara ut internt: {names}.").format(names=names))
