"""The polygons of an evaluation: two variants of the place, around it, and control places.

Which polygons are compared changes what an evaluation finds (Kronkvist 2021), so two variants are
always made and told side by side; control places are chosen by events before the counted period.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.controlplaces import before, choose_controls
from hotspots.effect.options import EffectOptions
from hotspots.period import Period

PLAN_VARIANTS: Final = ("view", "margin")


@dataclass(frozen=True, eq=False)
class Layout:
    """The polygons of one variant.

    Attributes
    ----------
    variant
        ``given``, ``margin`` or ``view``.
    treated, buffer
        The place and the ring around it.
    controls, likeness
        Control places and how like they were, shape (k,).
    control_buffer
        The rings around them together; empty without control places.
    """

    variant: str
    treated: Any
    buffer: Any
    controls: tuple[Any, ...]
    likeness: tuple[float, ...]
    control_buffer: Any

    @property
    def area_weights(self) -> tuple[float, float, float, float]:
        """Return areas by that of the treated place, and of its ring: as `wdd` takes them."""
        places = sum(one.area for one in self.controls) / self.treated.area
        ring = self.buffer.area or 1.0
        return (places or 1.0, 1.0, self.control_buffer.area / ring or 1.0, 1.0)


def lay_out(
    place: Any,  # noqa: ANN401 (a polygon)
    events: pd.DataFrame,
    match: Period,
    kept_out: Any,  # noqa: ANN401 (a geometry)
    options: EffectOptions,
) -> tuple[Layout, Layout]:
    """Return the two variants: the place as given, and with a margin.

    Parameters
    ----------
    place
        Polygon of the measure.
    events
        Counted events: ``start``, ``time_precision``, ``x_m``, ``y_m``, ``offence_class``.
    match
        Days by which control places are chosen.
    kept_out
        As of `keep_out`: no part of a control place lies there.
    options
        Distances and number of control places.
    """
    known = before(events, match)
    made = []
    for variant, polygon in (("given", place), ("margin", place.buffer(options.margin_m))):
        controls = choose_controls(polygon, known, kept_out, options.n_controls)
        shapes = tuple(one.polygon for one in controls)
        made.append(
            Layout(
                variant,
                polygon,
                polygon.buffer(options.buffer_m).difference(polygon),
                shapes,
                tuple(one.likeness for one in controls),
                _around(shapes, options.buffer_m),
            )
        )
    return made[0], made[1]


def keep_out(places: list[Any], options: EffectOptions) -> Any:  # noqa: ANN401 (a geometry)
    """Return what lies so near measures that nothing there is compared with.

    Parameters
    ----------
    places
        Of the measure, and of all others in force on some day of its two periods.
    options
        Distances.
    """
    reach = options.margin_m + max(options.apart_m, 2 * options.buffer_m)
    return shapely.union_all(shapely.buffer(np.array(places, dtype=object), reach))


def planned(plan: gpd.GeoDataFrame, measure_id: str, options: EffectOptions) -> list[Layout]:
    """Return the polygons that were fixed with a camera proposal, one layout a variant.

    Parameters
    ----------
    plan
        Table ``camera_evaluation`` of the run in which the proposal was made.
    measure_id
        The proposal's ``site_id``; without one in the plan, nothing is returned.
    options
        Width of the ring around control places, which the plan doesn't hold.
    """
    own = plan[plan["site_id"].astype("str") == measure_id]
    made = []
    for variant in PLAN_VARIANTS:
        rows = own[own["variant"].astype("str") == variant].sort_values("place")
        role = rows["role"].astype("str")
        treated, ring, controls = (rows[role == r] for r in ("treated", "buffer", "control"))
        if len(treated) != 1 or len(ring) != 1:
            continue
        shapes = tuple(controls.geometry)
        made.append(
            Layout(
                variant,
                treated.geometry.iloc[0],
                ring.geometry.iloc[0],
                shapes,
                tuple(controls["likeness"].astype("float64")),
                _around(shapes, options.buffer_m),
            )
        )
    return made


def _around(shapes: tuple[Any, ...], width_m: float) -> Any:  # noqa: ANN401 (a geometry)
    if not shapes:
        return shapely.Polygon()
    inside = shapely.union_all(shapes)
    return inside.buffer(width_m).difference(inside)


def inside(polygon: Any, xy: NDArray[np.float64]) -> NDArray[np.bool_]:  # noqa: ANN401
    """Tell which points lie in a polygon, its border included, shape (n,)."""
    if polygon.is_empty or not len(xy):
        return np.zeros(len(xy), dtype=bool)
    shapely.prepare(polygon)
    found: NDArray[np.bool_] = shapely.intersects_xy(polygon, xy[:, 0], xy[:, 1])
    return found
