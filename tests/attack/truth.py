"""What a project's files must not tell, read from the project itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from areas.assign import assign_areas
from geodata.schema import OFFENCE_CLASSES, STREET_DRUG_CLASSES
from scripts.config import load_project
from scripts.pipeline import import_step
from scripts.progress import Steps
from scripts.reading import Material, read_material
from tests.attack.attacker import Truth
from tests.attack.recover import ALL, WHOLE, Key

LONG = 8
"""Digits of a running number that nothing else has by chance."""


def truth_of(
    file: Path,
    profile: str,
    *,
    spans: tuple[tuple[date, date], ...] = (),
    overrides: tuple[str, ...] = (),
) -> Truth:
    """Return the truth of a project: its events, places, case numbers, addresses, seeds.

    Parameters
    ----------
    file
        The project file.
    profile
        Whose limits count: ``samverkan`` or ``publik``.
    spans
        Spans of days over which counts are known by source, area and class.
    """
    project = load_project(file, (*overrides, f"project.profile={profile}"))
    material = read_material(project, Steps(), stages={})
    incidents = import_step(project, material).incidents
    areas = material.areas.table
    days = incidents["start"].dt.date
    points = incidents[["x_m", "y_m"]].to_numpy(dtype=float)
    for name in ("entrances", "cameras"):
        if name in material.layers:
            points = np.concatenate([points, _points(material.layers[name])])
    public = profile == "publik"
    return Truth(
        crs=project.project.crs,
        points=points[np.isfinite(points).all(axis=1)],
        public=_public(material, areas),
        lines=_lines(material),
        first=days.min(),
        last=days.max(),
        minimum=project.disclosure.least(project.project.profile),
        cell_m=project.disclosure.least_cell_m(project.project.profile),
        cases=_cases(incidents["case_id"]),
        addresses=_addresses(incidents["address"]),
        ids=_ids(material),
        seeds=(project.project.seed, project.significance.seed),
        allowed_days=_allowed(project.project.extract_date, areas),
        counts=_counts(incidents, areas, spans),
        times_told=not public,
    )


def _cases(cases: pd.Series) -> tuple[str, ...]:
    """Return the case numbers; a short running number is any number's digits, and tells nothing."""
    known = cases.dropna().astype(str).unique()
    return tuple(one for one in known if not one.isdigit() or len(one) >= LONG)


def _points(layer: gpd.GeoDataFrame) -> np.ndarray:
    return shapely.get_coordinates(layer.geometry.centroid.to_numpy())


def _public(material: Material, areas: gpd.GeoDataFrame) -> np.ndarray:
    """Return every corner of the map's background and of the areas."""
    layers = [
        material.layers[name]
        for name in ("buildings", "streets", "water", "green")
        if name in material.layers
    ]
    whole = shapely.union_all(areas.geometry.to_numpy(), grid_size=0.1)
    parts = [shapely.get_coordinates(one.geometry.to_numpy()) for one in [*layers, areas]]
    middle = [_points(one) for one in [*layers, areas]]
    return np.unique(np.concatenate([*parts, *middle, shapely.get_coordinates(whole)]), axis=0)


def _lines(material: Material) -> shapely.Geometry:
    held = material.layers.get("streets")
    return (
        shapely.MultiLineString() if held is None else shapely.union_all(held.geometry.to_numpy())
    )


def _addresses(addresses: pd.Series) -> tuple[str, ...]:
    """Return addresses with a house number; a street's name alone stands on any map."""
    known = addresses.dropna().astype(str).unique()
    return tuple(a for a in known if any(sign.isdigit() for sign in a))


def _ids(material: Material) -> tuple[str, ...]:
    extra = material.extras.get("dogsearch")
    del extra
    layer = material.layers.get("entrances")
    if layer is None or "id" not in layer.columns:
        return ()
    return tuple(layer["id"].dropna().astype(str).unique())


def _allowed(extract: date | None, areas: gpd.GeoDataFrame) -> tuple[date, ...]:
    stated = [] if extract is None else [extract]
    for column in ("valid_from", "valid_to"):
        stated += [d.date() for d in areas[column].dropna().unique()]
    return tuple(stated)


def _counts(
    incidents: pd.DataFrame, areas: gpd.GeoDataFrame, spans: tuple[tuple[date, date], ...]
) -> dict[Key, int]:
    """Return the true counts, by source, area, class and span."""
    area = assign_areas(incidents, areas, kind="est_area").astype("object").fillna("*outside")
    day = incidents["start"].dt.date
    kinds = {ALL: set(OFFENCE_CLASSES), "street_drugs": set(STREET_DRUG_CLASSES)}
    kinds |= {one: {one} for one in OFFENCE_CLASSES}
    found: dict[Key, int] = {}
    for first, last in spans:
        own = incidents[(day >= first) & (day <= last)]
        where = area[own.index]
        for source, rows in own.groupby("source", observed=True):
            for name in [WHOLE, *sorted(where.unique())]:
                held = rows[(where[rows.index] == name)] if name != WHOLE else rows
                for kind, classes in kinds.items():
                    n = int(held["offence_class"].isin(list(classes)).sum())
                    key = (f"events/{source}", str(name), kind, first.isoformat(), last.isoformat())
                    found[key] = n
    return found
