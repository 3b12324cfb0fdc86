"""The sheets of a run: built from released tables, numbered as versions, written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import schema
from geodata.camera_tables import CAMERAS
from geodata.disclosure import Released
from geodata.errors import Fault, OutputError
from geodata.forms import Form, Forms, Law
from geodata.forms.completeness import missing
from geodata.forms.versions import Version, Versions, version_folder, write_version
from geodata.language import gettext as _
from maps.pdf import paper_pdf
from maps.sheets import (
    Ground,
    Sheet,
    SheetFacts,
    build_sheet,
    differences,
    sheet_html,
    sheet_paper,
    sheet_text,
)
from maps.sheets.people import review_day

if TYPE_CHECKING:
    from hotspots.cameraplan import Scene
    from scripts.config import Project
    from scripts.reading import Material

FOLDER: Final = "kameror"
KNOWN: Final = ("buildings", "entrances", "sensitive", "yards", "public_ground", "stops", "cameras")


@dataclass(frozen=True)
class Numbered:
    """A sheet with its number, the version before, and whether this one is yet to be written."""

    sheet: Sheet
    form: Form
    before: Version | None
    new: bool


def make_sheets(
    project: Project,
    material: Material,
    scene: Scene,
    released: Mapping[str, Released],
    forms: Forms,
    versions: Versions,
    texts: tuple[Law, str],
) -> list[Numbered]:
    """Build the sheet of each proposal, by rank, and settle its version.

    Parameters
    ----------
    project, material, scene
        The run.
    released
        The tables of the proposals, released for ``intern``.
    forms, versions
        What was read.
    texts
        The law texts, and what is counted in words.
    """
    law, counted = texts
    tables = {name: one.table for name, one in released.items() if one.table is not None}
    known = frozenset(name for name in KNOWN if name in material.layers)
    ground = _ground(material, scene)
    found = []
    for site in tables["camera_sites"].sort_values("rank", kind="stable").to_dict("records"):
        name, hotspot = str(site["site_id"]), str(site["hotspot_id"])
        form = forms.of(name)
        facts = SheetFacts(
            site_id=name,
            name=_place(form, hotspot, tables) or str(site["candidate_id"]),
            tables=_of_site(tables, name),
            form=form,
            law=law,
            missing=missing(form, unchecked=set(KNOWN) - known),
            known=known,
            ground=ground,
            counted=counted,
            project=project.project.name,
            extract_date=project.project.extract_date,
            profile=project.project.profile,
            synthetic=project.project.synthetic,
        )
        sheet = build_sheet(facts)
        number_, before, new = versions.settle(name, sheet.digest())
        changes = tuple(differences(before.entries, sheet.entries())) if before else ()
        found.append(Numbered(replace(sheet, version=number_, changes=changes), form, before, new))
    return found


def _place(form: Form, hotspot: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return what the place is called: its address, else its hot spot's; empty for neither."""
    if form.identity.address:
        return form.identity.address
    spots = tables.get("hotspots")
    if spots is not None:
        names = spots.loc[spots["hotspot_id"] == hotspot, "name"].dropna()
        if len(names):
            return _("vid {name}").format(name=names.iloc[0])
    return ""


def _of_site(tables: Mapping[str, pd.DataFrame], name: str) -> dict[str, pd.DataFrame]:
    """Return the rows of one proposal in every table that has such."""
    return {
        key: table[table["site_id"] == name].reset_index(drop=True)
        for key, table in tables.items()
        if "site_id" in table.columns
    }


def _ground(material: Material, scene: Scene) -> Ground:
    """Return what the maps are drawn of; shelters are not among the privacy layers' places."""
    names = ("green", "water", "buildings", "streets")
    privacy, sensitive = scene.privacy, None
    if privacy.sensitive is not None and len(privacy.sensitive):
        sensitive = gpd.GeoDataFrame(
            {"kind": pd.Series(privacy.kind, dtype="str")}, geometry=privacy.sensitive
        )
    return Ground(
        layers={name: material.layers[name] for name in names if name in material.layers},
        existing=() if scene.existing is None else tuple(scene.existing),
        sensitive=sensitive,
    )


def status_table(made: Sequence[Numbered]) -> pd.DataFrame:
    """Return table ``camera_status``, in the sheets' order."""
    rows = [
        {
            "site_id": one.sheet.site_id,
            "version": one.sheet.version,
            "complete": one.sheet.complete,
            "n_missing": len(one.sheet.missing),
            "missing": "; ".join(text for _letter, text in one.sheet.missing) or None,
            "changed": "; ".join(one.sheet.changes) or None,
            "decided": one.form.balance.decided,
            "review_date": review_day(one.form),
        }
        for one in made
    ]
    if not rows:
        return schema.empty("camera_status", tables=CAMERAS)
    table = pd.DataFrame(rows, columns=list(CAMERAS["camera_status"]))
    for name in ("decided", "review_date"):
        table[name] = pd.to_datetime(table[name]).astype("datetime64[us]")
    table = table.astype({"site_id": "str", "version": "Int64", "missing": "str", "changed": "str"})
    schema.check(table, "camera_status", tables=CAMERAS)
    return table


def write_sheets(
    folder: Path,
    decisions: Path,
    made: Sequence[Numbered],
    released: Mapping[str, Released],
    *,
    pdf: bool,
) -> None:
    """Write the new versions, and put the current one of each proposal into the run's folder.

    Raises
    ------
    OutputError
        If the folder of decisions can't be written.
    """
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    for one in made:
        name, number_ = one.sheet.site_id, one.sheet.version
        if one.new:
            files = _files(one.sheet, released, pdf=pdf)
            try:
                write_version(
                    decisions,
                    name,
                    number_,
                    files,
                    digest=one.sheet.digest(),
                    entries=one.sheet.entries(),
                )
            except OSError as error:
                raise _not_written(decisions, error) from error
        for file in sorted(version_folder(decisions, name, number_).glob(f"{name}*")):
            shutil.copyfile(file, target / file.name)


def _not_written(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        Fault(
            code="version_not_written",
            what=_("Underlaget går inte att skriva till mappen för beslut."),
            where=str(folder),
            why=error.strerror or str(error),
            next_step=_(
                "Se till att du får skriva i mappen, eller ange en annan: [sheets] folder."
            ),
        )
    )


def _files(sheet: Sheet, released: Mapping[str, Released], *, pdf: bool) -> dict[str, bytes]:
    """Return the files of a version, by name."""
    name = sheet.site_id
    found = {
        f"{name}.html": sheet_html(sheet).encode(),
        f"{name}.txt": sheet_text(sheet).encode(),
        f"{name}-yta.geojson": _shapes(name, released).encode(),
    }
    drawn = sheet.map()
    if drawn is not None:
        found[f"{name}-karta.svg"] = drawn.svg.encode()
    if pdf:
        found[f"{name}.pdf"] = paper_pdf(sheet_paper(sheet))
    return found


def _shapes(name: str, released: Mapping[str, Released]) -> str:
    """Return coverage, masks and the evaluation's polygons as GeoJSON, in the project's CRS."""
    parts = []
    for key in ("camera_views", "camera_masks", "camera_evaluation"):
        one = released.get(key)
        if one is None or one.table is None or not len(one.table):
            continue
        table = cast("gpd.GeoDataFrame", one.table)
        mine = table[table["site_id"] == name]
        for row, shape in zip(mine.to_dict("records"), mine.geometry, strict=True):
            kept = {k: _plain(v) for k, v in row.items() if k != "geometry"}
            parts.append(
                {
                    "type": "Feature",
                    "properties": {"table": key, **kept},
                    "geometry": json.loads(gpd.GeoSeries([shape]).to_json())["features"][0][
                        "geometry"
                    ],
                }
            )
    crs = {"type": "name", "properties": {"name": _crs(released)}}
    whole = {"type": "FeatureCollection", "crs": crs, "features": parts}
    return json.dumps(whole, ensure_ascii=False) + "\n"


def _crs(released: Mapping[str, Released]) -> str:
    table = cast("gpd.GeoDataFrame", released["camera_sites"].table)
    return f"urn:ogc:def:crs:EPSG::{table.crs.to_epsg()}"


def _plain(value: object) -> object:
    """Return a cell as JSON can hold it."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, np.generic):
        value = value.item()
    return None if value is None or pd.isna(value) else value  # type: ignore[call-overload]
