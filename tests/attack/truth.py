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
from scripts.progress import Steps
from scripts.reading import Material, read_material
from scripts.understanding import import_step
from tests.attack.recover import ALL, OUTSIDE, UNPLACED, WHOLE, Key
from tests.attack.secrets import Public, Truth

LONG = 8
"""Digits of a running number that nothing else has by chance."""


def truth_of(
    file: Path,
    profile: str,
    *,
    spans: tuple[tuple[date, date], ...] = (),
    overrides: tuple[str, ...] = (),
    proposed: tuple[np.ndarray, ...] = (),
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
    overrides
        Settings that differ, as on the command line.
    proposed
        Where cameras are proposed, ``(n, 2)`` in metres.
    """
    project = load_project(file, (*overrides, f"project.profile={profile}"))
    material = read_material(project, Steps(), stages=())
    incidents = import_step(project, material).incidents
    areas = material.areas.table
    days = incidents["start"].dt.date
    points = incidents[["x_m", "y_m"]].to_numpy(dtype=float)
    held = material.layers
    cameras = _points(held["cameras"]) if "cameras" in held else np.zeros((0, 2))
    cameras = np.concatenate([cameras, *proposed])
    entrances = [_points(held["entrances"])] if "entrances" in held else []
    points = np.concatenate([points, *entrances, cameras])
    public = profile == "publik"
    return Truth(
        crs=project.project.crs,
        points=points[np.isfinite(points).all(axis=1)],
        cameras=cameras,
        public=_public(material, areas),
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


def _public(material: Material, areas: gpd.GeoDataFrame) -> Public:
    """Return the map's background and the areas, as anybody can have them."""
    names = ("buildings", "streets", "water", "green", "municipality")
    layers = [material.layers[name] for name in names if name in material.layers]
    whole = shapely.union_all(areas.geometry.to_numpy(), grid_size=0.1)
    shapes = [one.geometry.to_numpy() for one in [*layers, areas]]
    surfaces = [parts[shapely.get_dimensions(parts) == 2] for parts in shapes]
    corners = [shapely.get_coordinates(parts) for parts in [*shapes, np.array([whole])]]
    streets = material.layers.get("streets")
    ways = [] if streets is None else streets.geometry.to_numpy()
    return Public(
        corners=np.unique(np.concatenate(corners), axis=0),
        middles=np.unique(np.concatenate([_points(one) for one in [*layers, areas]]), axis=0),
        streets=shapely.union_all(ways),
        borders=shapely.GeometryCollection(
            [*shapely.boundary(np.concatenate(surfaces)).tolist(), shapely.boundary(whole)]
        ),
        outlines=tuple(areas.geometry),
    )


def _addresses(addresses: pd.Series) -> tuple[str, ...]:
    """Return addresses with a house number; a street's name alone stands on any map."""
    known = addresses.dropna().astype(str).unique()
    return tuple(a for a in known if any(sign.isdigit() for sign in a))


def _ids(material: Material) -> tuple[str, ...]:
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
    area = assign_areas(incidents, areas, kind="est_area").astype("object").fillna(OUTSIDE)
    area[incidents["stacked"]] = UNPLACED
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
