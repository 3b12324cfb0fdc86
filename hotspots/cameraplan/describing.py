"""The plan as tables: views, masks, sensitive places, the frontier, what was not proposed.

Withheld places have no part in any of them: costs are those of `view_costs` without them, and what
was left out for a limit doesn't say which.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema
from geodata.camera_tables import CAMERAS
from geodata.language import gettext as _
from geodata.language import number
from hotspots.cameraplan.scene import Scene
from hotspots.choosing.choice import Choice
from hotspots.choosing.frontier import Frontier
from hotspots.choosing.gain import in_steps
from hotspots.choosing.options import cost_label, cost_unit
from hotspots.privacy import Masks, sensitive_near
from hotspots.privacy.masks import masks

Ints = NDArray[np.int64]

MOST_CONSIDERED: Final = 200
"""Places considered and not proposed that are listed, those with most in view."""


def site_masks(scene: Scene, at: Ints, crs: str) -> Masks:
    """Return the proposed masking of the chosen views."""
    return masks(scene.seen[at], scene.privacy, scene.settings.privacy, crs=crs)


def views_table(
    scene: Scene, at: Ints, ids: list[str], masked: Masks, *, crs: str
) -> gpd.GeoDataFrame:
    """Return table ``camera_views``; what no layer tells is missing, never 0."""
    costs = scene.costs.iloc[at].reset_index(drop=True)
    any_mask = any(
        layer is not None
        for layer in (
            scene.privacy.yards,
            scene.privacy.dwellings,
            scene.privacy.entrances,
            scene.privacy.sensitive,
        )
    )
    data: dict[str, Any] = {
        "site_id": pd.Series(ids, dtype="str"),
        "sight": np.full(len(at), scene.obstacles.tested),
        "area_m2": costs["area_m2"],
        "public_m2": costs["public_m2"],
        "yard_m2": costs["private_yard_m2"],
        "facade_m": costs["facade_m"],
        "n_residential": costs["n_dwelling_buildings"],
        "n_entrances": costs["n_entrances"],
        "n_sensitive": costs["n_sensitive"],
        "stop_m2": costs["stop_m2"],
        "existing_m2": costs["existing_m2"],
        "masked_m2": masked.costs["masked_m2"] if any_mask else np.nan,
        "net_m2": masked.costs["area_m2"] if any_mask else np.nan,
    }
    return _spatial("camera_views", data, scene.seen[at], crs)


def masks_table(masked: Masks, ids: list[str], *, crs: str) -> gpd.GeoDataFrame:
    """Return table ``camera_masks``, numbered within each proposal."""
    zones = masked.zones
    view = zones["view"].to_numpy(np.int64)
    first = np.searchsorted(view, view)
    data: dict[str, Any] = {
        "site_id": pd.Series([ids[one] for one in view.tolist()], dtype="str"),
        "mask_no": np.arange(len(view)) - first + 1,
        "kind": zones["kind"].astype("str").to_numpy(),
        "area_m2": zones["area_m2"].to_numpy(np.float64),
        "share": zones["share"].to_numpy(np.float64),
    }
    return _spatial("camera_masks", data, zones.geometry.to_numpy(), crs)


def sensitive_table(scene: Scene, at: Ints, ids: list[str], masked: Masks) -> pd.DataFrame:
    """Return table ``camera_sensitive``; empty without a layer, which the views tell."""
    found = sensitive_near(
        scene.xy[at],
        scene.seen[at],
        masked.left,
        scene.privacy,
        near_m=scene.settings.privacy.near_m,
    )
    if found is None or not len(found):
        return schema.empty("camera_sensitive", tables=CAMERAS)
    names = pd.Series([ids[one] for one in found["view"].tolist()], dtype="str")
    table = found.assign(site_id=names)[list(CAMERAS["camera_sensitive"])]
    schema.check(table, "camera_sensitive", tables=CAMERAS)
    return table


def frontier_tables(
    scene: Scene,
    curve: Frontier,
    chosen: Mapping[str, str],
    *,
    total: int,
    weight: Ints,
    crs: str,
) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Return tables ``camera_frontier`` and ``camera_frontier_sites``.

    Parameters
    ----------
    scene, curve
        The candidates, and the efficient sets.
    chosen
        Proposal id by candidate id.
    total
        All counted events.
    weight
        Events of each place.
    crs
        The project's CRS.
    """
    cost = scene.costs[curve.cost_name].to_numpy("float64", na_value=np.nan)
    steps = scene.settings.choice.steps
    worth = np.asarray(in_steps(scene.gain, steps) @ weight) / steps
    ordered = curve.points.sort_values("events_added", ascending=False, kind="stable")
    sets, parts = [], []
    for number_, point in enumerate(ordered["point"].tolist(), start=1):
        mine = curve.sites[curve.sites["point"] == point]
        rows = mine["row"].to_numpy(np.int64)
        ids = sorted(mine["candidate_id"].astype(str).tolist())
        events = float(ordered.loc[ordered["point"] == point, "events_added"].iloc[0])
        sets.append(
            {
                "set_no": number_,
                "n_sites": len(rows),
                "events": events,
                "share": events / total if total else 0.0,
                "cost": float(np.sum(cost[rows])),
                "cost_name": _cost_name(curve.cost_name),
                "sites": ";".join(ids),
                "proposed": set(ids) == set(chosen),
                "proven": bool(ordered.loc[ordered["point"] == point, "proven"].iloc[0]),
            }
        )
        parts += [
            {
                "set_no": number_,
                "candidate_id": str(scene.ids[row]),
                "site_id": chosen.get(str(scene.ids[row])),
                "events": float(worth[row]),
                "cost": float(cost[row]),
                "geometry": scene.seen[row],
            }
            for row in rows.tolist()
        ]
    table = pd.DataFrame(sets, columns=list(CAMERAS["camera_frontier"]))
    table = table.astype({"cost_name": "str", "sites": "str", "proposed": "bool", "proven": "bool"})
    schema.check(table, "camera_frontier", tables=CAMERAS)
    sites = pd.DataFrame(parts, columns=list(CAMERAS["camera_frontier_sites"]))
    data = {name: sites[name] for name in sites.columns if name != "geometry"}
    for name in ("candidate_id", "site_id"):
        data[name] = data[name].astype("str")
    shapes = sites["geometry"].to_numpy(object)
    return table, _spatial("camera_frontier_sites", data, shapes, crs)


def _cost_name(name: str) -> str:
    unit = cost_unit(name)
    return f"{cost_label(name)}, {unit}" if unit else cost_label(name)


def considered_table(
    scene: Scene, choice: Choice, cost_name: str, hotspot_ids: list[str], *, crs: str
) -> gpd.GeoDataFrame:
    """Return table ``camera_considered``: places not proposed and why, most in view first."""
    found = choice.considered
    status = found["status"].astype(str).to_numpy()
    # A limit that a withheld place in view may have broken is not told of.
    hushed = scene.hushed & (status == "limit")
    left = np.flatnonzero(~np.isin(status, ["chosen", "pinned"]) & ~hushed)
    seen = found["events_seen"].to_numpy(np.float64)
    # What was declined is always listed, whatever it sees.
    order = np.lexsort((scene.ids[left].astype(str), -seen[left], status[left] != "forbidden"))
    left = left[order][:MOST_CONSIDERED]
    added = found["events_added"].to_numpy(np.float64)
    cost = scene.costs[cost_name].to_numpy("float64", na_value=np.nan)
    reasons = [
        _reason(status[row], added[row], scene.declined.get(str(scene.ids[row]), ""))
        for row in left.tolist()
    ]
    spots = scene.stand.hotspot[scene.point[left]]
    data: dict[str, Any] = {
        "candidate_id": pd.Series(scene.ids[left], dtype="str"),
        "hotspot_id": pd.Series([hotspot_ids[one] for one in spots.tolist()], dtype="str"),
        "events": seen[left],
        "area_m2": shapely.area(scene.seen[left]),
        "cost": cost[left],
        "reason": pd.Series(reasons, dtype="str"),
    }
    points = np.asarray(shapely.points(scene.xy[left]), dtype=object)
    table = _spatial("camera_considered", data, points, crs)
    return _with_rejected(table, scene, crs)


def _reason(status: str, added: float, why: str) -> str:
    texts = {
        "limit": _("Ryms inte inom de gränser för intrång som projektet har satt."),
        "same_point": _("Står på samma plats som en beslutad kamera."),
        "sees_nothing": _("Ser för få räknade händelser."),
        "adds_nothing": _("Ser inget som de föreslagna och befintliga kamerorna inte redan ser."),
    }
    if status == "forbidden":
        return _("Avstådd i tidigare beslut: {why}").format(why=why or _("skäl saknas"))
    if status == "less":
        return _(
            "Skulle tillföra {n} väntade händelser; de föreslagna platserna tillför fler."
        ).format(n=number(added, 1))
    return texts[status]


def _with_rejected(table: gpd.GeoDataFrame, scene: Scene, crs: str) -> gpd.GeoDataFrame:
    """Add the user's own places that can't be used at all."""
    own = scene.stand.rejected
    own = own[(own["source"] == "poles") & (own["reason"] != "far")]
    if not len(own):
        return table
    texts = {
        "inside_building": _("Platsen i lagret ligger inne i ett hus."),
        "not_public": _("Platsen ligger utanför allmän platsmark."),
    }
    none = np.full(len(own), np.nan)
    data: dict[str, Any] = {
        "candidate_id": own["id"].astype("str").to_numpy(),
        "hotspot_id": pd.Series([None] * len(own), dtype="str"),
        "events": np.zeros(len(own)),
        "area_m2": np.zeros(len(own)),
        "cost": none,
        "reason": pd.Series([texts[one] for one in own["reason"].tolist()], dtype="str"),
    }
    points = np.asarray(shapely.points(own[["x_m", "y_m"]].to_numpy(np.float64)), dtype=object)
    more = _spatial("camera_considered", data, points, crs)
    joined = pd.concat([table, more], ignore_index=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=crs)


def _spatial(
    name: str, data: Mapping[str, Any], shapes: NDArray[Any], crs: str
) -> gpd.GeoDataFrame:
    """Return a table of `CAMERAS` with its types."""
    if not len(shapes):
        return cast("gpd.GeoDataFrame", schema.empty(name, crs=crs, tables=CAMERAS))
    table = gpd.GeoDataFrame(dict(data), geometry=gpd.GeoSeries(shapes, crs=crs), crs=crs)
    for label, column in CAMERAS[name].items():
        if column.kind == "int":
            table[label] = table[label].astype("Int64" if column.nullable else "int64")
        elif column.kind == "float":
            table[label] = table[label].astype("float64")
    table = table[list(CAMERAS[name])]
    schema.check(table, name, crs=crs, tables=CAMERAS)
    return table
