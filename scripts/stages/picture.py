"""The stage of the picture: areas by the week, perceived safety, and the feedback sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import pandas as pd

from areas.perceived import Perceived, compare_perceived
from areas.picture import (
    Known,
    Picture,
    Reporters,
    feedback_measures,
    make_picture,
    read_reporters,
)
from areas.population import Inhabitants, Population, read_population
from areas.population.apportion import homes
from geodata.caveats import source_caveat, standing_caveat
from geodata.disclosure import Profile, Released, release
from geodata.errors import LagesbildError, Notice
from geodata.files.pages import write_page
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.perceived import Answers, Feelings, read_answers, read_feelings
from geodata.schema import SOURCES
from maps.area_page.facts import WHOLE_FILE, PictureFacts, week_name
from scripts.stages import Page, Part

if TYPE_CHECKING:
    from scripts.config import Project
    from scripts.pipeline import Results
    from scripts.progress import Steps
    from scripts.reading import Material
    from scripts.weighing import Evidence

T = TypeVar("T")

FEEDBACK_FILE = "aterkoppling.html"
PERCEIVED_FILE = "upplevd_trygghet.html"
CAMERA = "kamera"
"""The kind of a measure that is a camera, as in ``geodata/data/measure_kinds.csv``."""


@dataclass(frozen=True, eq=False)
class Extra:
    """What the stage read; ``None`` for each file that the project doesn't name."""

    population: Population | None
    reporters: Reporters | None
    feelings: Feelings | None
    answers: Answers | None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Return what the reading chose."""
        parts = (self.population, self.reporters, self.feelings, self.answers)
        return tuple(notice for part in parts if part is not None for notice in part.notices)


def read(project: Project, areas: gpd.GeoDataFrame) -> Extra:
    """Read inhabitants, reporters, and what people feel.

    Raises
    ------
    LagesbildError
        With the faults of all of these files.
    """
    errors: list[LagesbildError] = []
    crs, reference = project.project.crs, project.reference

    def take(setting: str, reader: Callable[[Path], T]) -> T | None:
        named = str(getattr(reference, setting))
        if not named:
            return None
        try:
            return reader(project.base / named.partition("#")[0])
        except LagesbildError as error:
            where = f"[reference] {setting}"
            errors.append(
                type(error)([replace(f, where=f"{where}: {f.where}") for f in error.faults])
            )
            return None

    layer = reference.population.partition("#")[2] or None
    extra = Extra(
        take("population", partial(read_population, areas=areas, crs=crs, layer=layer)),
        take("reporters", partial(read_reporters, areas=areas)),
        take("perceived_points", partial(read_feelings, areas=areas, crs=crs)),
        take("perceived_answers", partial(read_answers, areas=areas)),
    )
    if errors:
        raise type(errors[0])([fault for error in errors for fault in error.faults])
    return extra


def work(
    project: Project,
    material: Material,
    results: Results,
    evidence: Evidence | None,
    steps: Steps,
) -> Part:
    """Make the picture, lay perceived safety beside it, and say how their pages are written."""
    from hotspots.aoristic import aoristic  # areas may not know of it: its weights are handed over

    del evidence
    extra = material.extras["picture"]
    assert isinstance(extra, Extra)
    options = project.project
    with steps.step(_("Gör lägesbilden")):
        zones = extra.population.zones if extra.population else None
        people = Inhabitants(zones, homes(material.layers.get("buildings")))
        picture = make_picture(
            results.incidents,
            Known(results.areas, people, extra.reporters),
            project.picture,
            as_of=options.extract_date or date.today(),
            crs=options.crs,
            spread=aoristic,
        )
        if picture is None:
            return Part(notices=extra.notices)
        felt = None
        if extra.feelings is not None or extra.answers is not None:
            felt = compare_perceived(
                results.incidents,
                results.areas,
                picture,
                extra.feelings,
                extra.answers,
                project.perceived,
            )
    return _part(project, material, picture, felt, extra)


def _done(material: Material) -> gpd.GeoDataFrame | None:
    """Return the operations and measures of the project; ``None`` when it lists neither.

    Cameras are left out: how many there are in an area stays inside the house.
    """
    columns = ["area_id", "kind", "first_date", "last_date", "geometry"]
    parts = [] if material.operations is None else [material.operations[columns]]
    told = getattr(material.extras.get("followup"), "measures", None)
    if told is not None:
        parts.append(told.table.loc[told.table["kind"] != CAMERA, columns])
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True)) if parts else None


def _part(
    project: Project,
    material: Material,
    picture: Picture,
    felt: Perceived | None,
    extra: Extra,
) -> Part:
    tables = dict(picture.tables)
    if felt is not None:
        tables |= felt.tables
    done = _done(material)
    if done is not None:
        tables["feedback_measures"] = feedback_measures(picture, done)
    areas = int((tables["picture_areas"]["unit"] == "area").sum())
    said = ngettext("lägesbild av {n} område", "lägesbild av {n} områden", areas)
    intern = project.project.profile == "intern"
    notices = (*extra.notices, *picture.notices, *(felt.notices if felt else ()))
    facts = _facts(project, picture, extra, notices)
    pages = [_picture_page(picture)] if intern else []
    pages += [_perceived_page()] if intern and felt is not None else []
    sheet = len(tables["feedback"]) > 0 and project.project.profile != "publik"
    pages += [_feedback_page()] if sheet else []
    return Part(
        tables=tables,
        notices=notices,
        counts={"areas": areas},
        said=(said.format(n=number(areas)) if areas else _("lägesbild av hela kommunen"),),
        layers=("perceived_cells",) if "perceived_cells" in tables else (),
        pages=tuple(pages),
        write=partial(_write, project, picture, tables, felt, facts),
    )


def _picture_page(picture: Picture) -> Page:
    when = week_name(picture.week) if picture.week is not None else _("de senaste månaderna")
    text = _(
        "Hela kommunen och varje område, {when}: antal, tal per invånare, platser, rapportörer."
    )
    return Page(WHOLE_FILE, _("Lägesbilden"), text.format(when=when))


def _perceived_page() -> Page:
    text = _("Var människor känner sig otrygga, bredvid var händelser rapporteras.")
    return Page(PERCEIVED_FILE, _("Upplevd trygghet"), text)


def _feedback_page() -> Page:
    text = _("En sida till dem som rapporterat: summor utan platser.")
    return Page(FEEDBACK_FILE, _("Återkoppling till rapportörerna"), text)


def _facts(
    project: Project, picture: Picture, extra: Extra, notices: tuple[Notice, ...]
) -> PictureFacts:
    options = project.picture
    return PictureFacts(
        title=project.project.name,
        profile=project.project.profile,
        caveat=standing_caveat(),
        caveats={source: source_caveat(source) for source in SOURCES},
        week=picture.week,
        first=picture.window.first,
        last=picture.window.last,
        recent_weeks=options.recent_weeks,
        quiet_weeks=options.quiet_weeks,
        min_reports=options.min_reports,
        warnings=tuple(note.text for note in notices if note.level == "warning"),
        notes=(
            *_method(picture, extra),
            *(note.text for note in notices if note.level != "warning"),
        ),
        synthetic=project.project.synthetic,
    )


def _method(picture: Picture, extra: Extra) -> tuple[str, ...]:
    told = []
    if picture.week is not None:
        told.append(
            _(
                "Veckor är ISO-veckor, måndag till söndag. Finns samma veckonummer inte i fjol "
                "jämförs med veckan 364 dagar tidigare."
            )
        )
    told.append(
        _("Intervallen är exakta 95-procentsintervall för Poissonfördelade antal (Garwood 1936).")
    )
    if picture.units.areas.any():
        told += [
            _(
                "Utjämnade tal: empirisk Bayes med gammafördelade nivåer (Clayton och Kaldor 1987, "
                "Marshall 1991)."
            ),
            _(
                "Jämförbara områden väljs efter yta, bostadsyta per hektar och händelser per "
                "hektar året före, aldrig efter vilka som bor där."
            ),
        ]
    if extra.population is None:
        told.append(
            _("Befolkning är inte inläst: ange [reference] population för tal per invånare.")
        )
    if picture.week is not None and extra.reporters is None:
        told.append(
            _(
                "Ingen lista över rapportörer är inläst: en vecka utan någon händelse från en "
                "källa i hela kommunen räknas som ingen rapport."
            )
        )
    return tuple(told)


def _write(
    project: Project,
    picture: Picture,
    tables: Mapping[str, pd.DataFrame],
    felt: Perceived | None,
    facts: PictureFacts,
    folder: Path,
    released: Mapping[str, Released],
) -> None:
    """Write the pages that the profile may see into the run's folder."""
    from maps.area_page import area_pages
    from maps.perceived_page import perceived_html

    own = {n: one for n, one in released.items() if n.startswith("picture_")}
    if facts.profile == "intern":
        for name, text in area_pages(own, facts).items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            write_page(path, text)
        if felt is not None:
            felt_tables = {n: one for n, one in released.items() if n.startswith("perceived_")}
            write_page(
                folder / PERCEIVED_FILE,
                perceived_html(
                    felt_tables, released["areas"], facts, source=felt.source, on=facts.last
                ),
            )
    sheet = _sheet(project, picture, tables, facts)
    if sheet is not None:
        write_page(folder / FEEDBACK_FILE, sheet)


def _sheet(
    project: Project, picture: Picture, tables: Mapping[str, pd.DataFrame], facts: PictureFacts
) -> str | None:
    """Return the feedback sheet; it leaves the house, so even an inner run hides small counts."""
    from maps.feedback_page import feedback_html

    profile: Profile = "samverkan" if facts.profile == "intern" else facts.profile
    own = {
        name: release(tables.get(name), name, profile, project.disclosure)
        for name in ("feedback", "feedback_measures")
    }
    table = own["feedback"].table
    if table is None or table.empty:
        return None
    return feedback_html(
        own["feedback"],
        own["feedback_measures"],
        facts,
        first=picture.feedback.first,
        last=picture.feedback.last,
    )


__all__ = ["read", "work"]
