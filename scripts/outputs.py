"""A run of the project: read, computed, every table through the door, moved into place whole."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Final

import pyarrow as pa

from geodata.disclosure import in_force
from geodata.files.latest import LATEST, START
from geodata.files.runfolder import RunFolder, run_name
from geodata.language import gettext as _
from scripts.ahead import Ahead
from scripts.config import Project
from scripts.extractday import settled
from scripts.progress import Steps
from scripts.reading import read_material
from scripts.stages import STAGES, stage, wanted
from scripts.summary import RunSummary
from scripts.understanding import import_step

STEPS_BEFORE: Final = 14
LATER: Final = (
    "scripts.pipeline",
    "hotspots.partition.plain",
    "scipy.spatial",
    "scripts.writing",
    "maps.page",
)
LARGE_BYTES: Final = 30_000_000
"""Size of the input files from which some thousands of places are likely."""


def run_and_write(
    project: Project,
    steps: Steps,
    *,
    proposals: bool = True,
    stages: Sequence[str] | None = None,
    ahead: Ahead | None = None,
) -> RunSummary:
    """Run the whole project, or without `proposals` up to its hot spots, and write the results.

    Of the stages that build on the hot spots, those named in `stages` are run; all of them makes
    a whole run, and ``senaste.html`` leads to the newest such. `ahead` has begun to read the
    project's files.

    Raises
    ------
    LagesbildError
        If something can't be read, understood or written; the last good run then stands.
    """
    with in_force(project.disclosure):
        asked = wanted(project, STAGES if stages is None else stages) if proposals else ()
        extent = (proposals, stages is None and proposals)
        return _run(project, steps, asked, extent, ahead)


def _run(
    project: Project,
    steps: Steps,
    asked: Sequence[str],
    extent: tuple[bool, bool],
    ahead: Ahead | None,
) -> RunSummary:
    proposals, whole = extent
    steps.expect(STEPS_BEFORE + len(asked))
    started = datetime.now(tz=UTC)
    project, settled_by = settled(project)
    # Arrow and NumPy let go of the interpreter's lock: what later steps need is loaded meanwhile.
    with ThreadPoolExecutor(1) as pool:
        size = sum(one.path.stat().st_size for one in project.inputs if one.path.is_file())
        loops = size > LARGE_BYTES and (project.evidence.run or "cameras" in asked)
        loaded = pool.submit(_load_libraries, asked, loops=loops)
        material = read_material(project, steps, stages=asked, ahead=ahead)
        with steps.step(_("Tolkar raderna")):
            imported = import_step(project, material)
        loaded.result()
    from scripts.early import Early
    from scripts.pipeline import compute
    from scripts.writing import Found, files_of, write_all

    material = replace(material.without_rows(), notices=(*settled_by, *material.notices))
    pa.default_memory_pool().release_unused()  # half of what the process holds by now
    run = RunFolder(
        project.base / project.output.folder,
        run_name(started.astimezone()),
        # A run of one stage never takes the place of a whole one: only whole runs clear old ones.
        keep=project.output.keep_runs if whole else sys.maxsize,
    )
    with run, ThreadPoolExecutor(1) as pool:
        early = Early(run.path, project, imported, pool)
        results = compute(
            project, material, imported, steps, proposals=proposals, located=early.begin
        )
        evidence = None
        if project.evidence.run:
            from scripts.telling import with_evidence  # brings the statistics and numba
            from scripts.weighing import weigh

            evidence = weigh(project, material, results, steps)
            results = with_evidence(project, results, evidence)
        parts = [stage(name).work(project, material, results, evidence, steps) for name in asked]
        found = Found(results, evidence, tuple(parts), whole)
        with steps.step(_("Skriver tabeller, karta och rapporter")):
            write_all(run.path, project, material, found, started, early)
        files = files_of(run.path)
    return RunSummary(
        folder=run.final,
        start_page=run.base / LATEST if whole else run.final / START,
        files=files,
        rows=results.imported.report.totals,
        counts=found.counts,
        said=tuple(phrase for part in parts for phrase in part.said),
        profile=project.project.profile,
        notices=(*found.notices, *run.notices),
        nothing_to_propose=results.nothing_to_propose
        and not any(part.counts.get("camera_sites") for part in parts),
    )


def _load_libraries(asked: Sequence[str], *, loops: bool) -> None:
    """Import what the steps after the reading import, with the compiled `loops` if wanted."""
    for name in LATER:
        import_module(name)
    for name in asked:
        stage(name)
    if loops:
        import_module("hotspots.partition").prepare()
