"""The stage of camera proposals: sites with their views, forms, sheets, versions, register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import geopandas as gpd
import pandas as pd

from geodata.disclosure import Released, release
from geodata.errors import Fault, LagesbildError, Notice, OutputError, raise_all
from geodata.files.excel import write_list_xlsx
from geodata.files.pages import write_page
from geodata.files.text import write_list_csv
from geodata.forms import Forms, Law, read_forms, read_law, write_missing
from geodata.forms.plans import read_plans
from geodata.forms.register import make_register
from geodata.forms.versions import Versions, read_versions
from geodata.language import gettext as _
from geodata.measures import Measures, read_measures
from maps.sheets import list_html
from scripts.camerasheets.computing import Proposals, counted_text, propose
from scripts.camerasheets.making import FOLDER, Numbered, make_sheets, status_table, write_sheets
from scripts.stages import Page, Part

if TYPE_CHECKING:
    from scripts.config import Project
    from scripts.pipeline import Results
    from scripts.progress import Steps
    from scripts.reading import Material
    from scripts.weighing import Evidence

PAGE: Final = "kameror.html"
LAYERS: Final = (
    "camera_views",
    "camera_masks",
    "camera_frontier",
    "camera_frontier_sites",
    "camera_sites",
)


@dataclass(frozen=True)
class Cameras:
    """What the stage read.

    Attributes
    ----------
    forms, versions
        Filled-in forms, and versions that there are.
    law
        The texts of the law.
    plans
        The fixed polygons of decided cameras; ``None`` where forms are not read.
    measures
        The project's own table of measures; ``None`` without one.
    """

    forms: Forms
    versions: Versions
    law: Law
    plans: gpd.GeoDataFrame | None = None
    measures: Measures | None = None


def folder_of(project: Project) -> Path:
    """Return the folder of forms and versions."""
    return project.base / project.sheets.folder


def read(project: Project, areas: gpd.GeoDataFrame) -> Cameras:
    """Read the forms, the versions and the law texts.

    Raises
    ------
    LagesbildError
        With the faults of all of them.
    """
    if project.project.profile != "intern":  # forms are for nobody else
        return Cameras(Forms({}), Versions({}), read_law())
    faults: list[Fault] = []
    kinds: list[type[LagesbildError]] = []
    forms, law = Forms({}), None
    try:
        forms = read_forms(folder_of(project))
    except LagesbildError as error:
        faults += error.faults
        kinds.append(type(error))
    try:
        own = project.sheets.law
        law = read_law(project.base / own if own else None)
    except LagesbildError as error:
        faults += error.faults
        kinds.append(type(error))
    versions, plans = read_versions(folder_of(project)), None
    try:
        plans = read_plans(folder_of(project), forms, versions, crs=project.project.crs)
    except LagesbildError as error:
        faults += error.faults
        kinds.append(type(error))
    measures = None
    try:
        measures = listed_measures(project, areas)
    except LagesbildError as error:
        faults += error.faults
        kinds.append(type(error))
    if kinds:
        raise_all(faults, kinds[0])
    return Cameras(forms, versions, law or read_law(), plans, measures)


def listed_measures(project: Project, areas: gpd.GeoDataFrame) -> Measures | None:
    """Read the project's own table of measures, where it names one.

    Raises
    ------
    LagesbildError
        With every fault of the file.
    """
    reference = project.reference
    if not reference.measures:
        return None
    path, _sign, layer = reference.measures.partition("#")
    try:
        return read_measures(
            project.base / path,
            areas=areas,
            crs=project.project.crs,
            radius_m=project.effect.radius_m,
            layer=layer or None,
            source_crs=reference.crs or None,
        )
    except LagesbildError as error:
        where = "[reference] measures"
        raise type(error)(
            [replace(f, where=f"{where}: {f.where}") for f in error.faults]
        ) from error


def work(
    project: Project,
    material: Material,
    results: Results,
    evidence: Evidence | None,
    steps: Steps,
) -> Part:
    """Propose the sites; for ``intern`` make their sheets and the register as well."""
    del evidence  # the hot spots have it in their columns by now
    read_before = cast("Cameras", material.extras["cameras"])
    with steps.step(_("Väljer kameraplatser och prövar sikten")):
        found = propose(project, material, results, read_before.forms, read_before.measures)
        n = len(found.sites)
        if project.project.profile != "intern":
            return Part(
                tables=found.tables,
                notices=found.notices,
                counts={"camera_sites": n},
                layers=LAYERS,
            )
        register = make_register(read_before.forms, read_before.law, today=_today(project))
        tables = {**found.tables, "camera_register": register}
        made = _sheets(project, material, results, read_before, found)
        if made:
            tables["camera_status"] = status_table(made)
    return Part(
        tables=tables,
        notices=(
            *read_before.versions.notices,
            *found.notices,
            *_left_over(read_before.forms, found),
        ),
        counts={"camera_sites": n},
        layers=LAYERS,
        pages=(
            Page(
                PAGE,
                _("Kameraplatser"),
                _("Förslagen, underlagen och det som prövats och inte föreslås."),
            ),
        ),
        write=lambda folder, released: _write(folder, released, project, read_before, made),
    )


def _left_over(forms: Forms, found: Proposals) -> list[Notice]:
    """Tell which open forms are about places that are not proposed this time."""
    shown = set(found.sites["site_id"])
    left = [
        name
        for name, form in sorted(forms.by_id.items())
        if name not in shown and form.standing.position == "open"
    ]
    if not left:
        return []
    text = _(
        "Formulär finns för {ids}, men de platserna föreslås inte den här gången. Formulär och "
        "versioner ligger kvar."
    ).format(ids=", ".join(left))
    return [Notice(code="forms_left_over", text=text, level="warning", data={"ids": left})]


def _today(project: Project) -> date:
    return project.project.extract_date or date.today()


def _sheets(
    project: Project, material: Material, results: Results, before: Cameras, found: Proposals
) -> list[Numbered]:
    if found.plan.scene is None:
        return []
    tables: dict[str, pd.DataFrame] = {**found.tables, "hotspots": results.hotspots.table}
    profile, options = project.project.profile, project.disclosure
    released = {name: release(one, name, profile, options) for name, one in tables.items()}
    return make_sheets(
        project,
        material,
        found.plan.scene,
        released,
        before.forms,
        before.versions,
        (before.law, counted_text(found.plan)),
    )


def _write(
    folder: Path,
    released: Mapping[str, Released],
    project: Project,
    before: Cameras,
    made: list[Numbered],
) -> None:
    """Write sheets, the page over them, the register and the list of reviews; and empty forms."""
    decisions = folder_of(project)
    sites = released["camera_sites"].table
    if made and sites is not None:
        _write_forms(decisions, cast("gpd.GeoDataFrame", sites))
        write_sheets(folder, decisions, made, released, pdf=project.sheets.pdf)
    page = list_html(
        [one.sheet for one in made],
        released,
        before.law,
        project=project.project.name,
        folder=FOLDER,
        synthetic=project.project.synthetic,
    )
    write_page(folder / PAGE, page)
    day = _today(project)
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC)
    write_register(folder, released, before.law, stamp=stamp)


def _write_forms(decisions: Path, sites: gpd.GeoDataFrame) -> None:
    places = {
        str(row["site_id"]): (str(row["candidate_id"]), row["geometry"].x, row["geometry"].y)
        for row in sites.to_dict("records")
    }
    try:
        write_missing(decisions, places)
    except OSError as error:
        raise OutputError(
            Fault(
                code="form_not_written",
                what=_("Formuläret till ett kameraunderlag går inte att skriva."),
                where=str(decisions),
                why=error.strerror or str(error),
            )
        ) from error


def write_register(
    folder: Path, released: Mapping[str, Released], law: Law, *, stamp: datetime
) -> None:
    """Write the register of 10 § with its five items only, and the dates of review apart."""
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    headings = dict(law.register_columns())
    write_list_csv(target / "forteckning.csv", released["camera_register"], headings)
    write_list_xlsx(target / "forteckning.xlsx", released["camera_register"], headings, stamp=stamp)
    if "camera_status" not in released:
        return
    reviews = {
        "site_id": _("Underlag"),
        "version": _("Version"),
        "complete": _("Komplett"),
        "decided": _("Senaste bedömning"),
        "review_date": _("Omprövas senast"),
        "missing": _("Saknas"),
        "changed": _("Ändrat sedan förra versionen"),
    }
    write_list_csv(target / "omprovning.csv", released["camera_status"], reviews)
    write_list_xlsx(target / "omprovning.xlsx", released["camera_status"], reviews, stamp=stamp)
