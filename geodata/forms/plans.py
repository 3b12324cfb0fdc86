"""The stored evaluation plans of decided cameras, as fixed before they started.

The plan that counts is that of the last version that was fixed when the decision was made: a later
version knows what came after. Where the form has no date of decision, it is that of the last
version fixed on the day the surveillance started, and without that of the last version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.camera_tables import CAMERAS
from geodata.errors import DataError, Fault, raise_all
from geodata.forms.files import Forms
from geodata.forms.versions import Version, Versions, version_folder
from geodata.language import gettext as _

TABLE: Final = "camera_evaluation"
KIND: Final = "kamera"
"""The kind of a camera in the table of measures."""


def read_plans(folder: Path, forms: Forms, versions: Versions, *, crs: str) -> gpd.GeoDataFrame:
    """Return the fixed polygons of the decided cameras.

    Parameters
    ----------
    folder
        The project's folder of decisions.
    forms, versions
        What was read from it.
    crs
        The project's system, in which the plans are written.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of table ``camera_evaluation`` with ``version``, one row a polygon; empty where
        no camera is decided.

    Raises
    ------
    DataError
        ``plan_unreadable`` and ``plan_other_crs``, for every such file.
    """
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for name, form in sorted(forms.by_id.items()):
        if form.standing.position != "decided":
            continue
        found: list[tuple[Version, list[dict[str, Any]]]] = []
        for version in versions.by_id.get(name, ()):
            file = version_folder(folder, name, version.number) / f"{name}-yta.geojson"
            try:
                found.append((version, _features(file, crs)))
            except DataError as error:
                faults += error.faults
        day = form.balance.decided or form.standing.started
        rows += _of_day(found, day)
    raise_all(faults, DataError)
    columns = [*CAMERAS[TABLE], "version"]
    table = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=crs)
    for column in ("fixed_date", "first_date", "last_date"):
        table[column] = pd.to_datetime(table[column])
    return table


def started_cameras(forms: Forms, plans: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the decided cameras that have started, as rows of the table of measures.

    Parameters
    ----------
    forms
        What people have filled in.
    plans
        As of `read_plans`.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of `geodata.measures.Measures.table`: what is treated is the fixed view.
    """
    view = (plans["variant"] == "view") & (plans["role"] == "treated")
    rows = []
    for own in plans[view].to_dict("records"):
        form = forms.of(str(own["site_id"]))
        if form.standing.started is None:
            continue
        rows.append(
            {
                "measure_id": own["site_id"],
                "kind": KIND,
                "name": form.identity.address or own["site_id"],
                "first_date": pd.Timestamp(form.standing.started),
                "last_date": pd.Timestamp(ended) if (ended := form.standing.ended) else pd.NaT,
                "fixed_date": own["fixed_date"],
                "responsible": form.balance.decision_maker,
                "place": "polygon",
                "area_id": None,
                "n_rows": 1,
                "geometry": own["geometry"],
            }
        )
    return gpd.GeoDataFrame(
        pd.DataFrame(rows), geometry="geometry" if rows else None, crs=plans.crs
    )


def _of_day(
    found: list[tuple[Version, list[dict[str, Any]]]], day: date | None
) -> list[dict[str, Any]]:
    """Return the rows of the version that was the last when the decision was made."""
    known = [(version, rows) for version, rows in found if rows]
    if not known:
        return []
    in_time = [one for one in known if day is None or all(_fixed(row) <= day for row in one[1])]
    # Fixed after the decision: the earliest, and the follow-up tells that it was late.
    version, rows = in_time[-1] if in_time else known[0]
    return [{**row, "version": version.number} for row in rows]


def _fixed(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(row["fixed_date"])


def _features(file: Path, crs: str) -> list[dict[str, Any]]:
    """Return the rows of the plan in one file."""
    try:
        content = json.loads(file.read_text("utf-8"))
        rows = [
            {
                **{name: one["properties"][name] for name in CAMERAS[TABLE] if name != "geometry"},
                "geometry": shapely.from_geojson(json.dumps(one["geometry"])),
            }
            for one in content["features"]
            if one["properties"]["table"] == TABLE
        ]
        for row in rows:
            _fixed(row)
        named = str(content["crs"]["properties"]["name"])
    except (OSError, ValueError, KeyError, TypeError, shapely.GEOSException) as error:
        raise DataError(
            Fault(
                code="plan_unreadable",
                what=_("Den fastställda uppföljningsplanen går inte att läsa."),
                where=str(file),
                why=str(error),
                next_step=_("Återställ versionens mapp från en säkerhetskopia."),
            )
        ) from error
    if named.rpartition(":")[2] != crs.rpartition(":")[2]:
        raise DataError(
            Fault(
                code="plan_other_crs",
                what=_("Den fastställda uppföljningsplanen har ett annat koordinatsystem."),
                where=str(file),
                why=_("Planen: {plan}. Projektet: {project}.").format(plan=named, project=crs),
                next_step=_(
                    "Använd det koordinatsystem i [project] crs som när planen fastställdes."
                ),
            )
        )
    return rows
