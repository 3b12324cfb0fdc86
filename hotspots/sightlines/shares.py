"""What counts as seen: the share of a report's location uncertainty that lies in view.

A report stands on an address. The address is a point, often inside a house, and what happened
happened somewhere near it: the police's points are off by 83 m in the median (Gerell 2018). So a
place is not simply in view or out of it. Its location is taken to be normally distributed around
its point, by the error of its geocode class (`StabilityOptions`, the same model as for stability),
*given that it lies on open ground*: an event in a public place did not happen inside a house. What
a camera sees of it is

    share = mass of the distribution within the view / its mass on open ground.

Views hold open ground only, so the share lies between 0 and 1, and the shares of views that don't
overlap add up. The masses are worked out by a fixed rule from the polygons' edges
(`hotspots.sightlines.gaussian`): no random numbers, no raster, the same whatever the order.

Where the error is under `EXACT_M`, or no open ground lies within reach of it, the place is a point:
the nearest point of open ground, seen wholly or not at all.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hotspots import tally
from hotspots.sightlines.obstacles import Obstacles
from hotspots.sightlines.options import ViewOptions
from hotspots.sightlines.viewing import views
from hotspots.sightlines.walls import edges_of
from hotspots.stability import MEDIAN_RADIUS, StabilityOptions

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

SPREADS: Final = 5.0
"""Standard deviations beyond which nothing is counted: 4 in a million lie farther out."""

LEAST: Final = 1e-4
"""Shares below this are left out."""

EXACT_M: Final = 0.5
"""A standard deviation below this is taken as an exact point, metres."""

LEAST_OPEN: Final = 1e-6
"""Open ground with less of the mass than this can't be told from none."""

AT_WALL_M: Final = 0.05
"""A point moved out of a house is in view when the view comes this near, metres."""


def place_sigma(
    place: Ints, geocode_class: object, n_places: int, errors: StabilityOptions
) -> Floats:
    """Return the standard deviation of each place's location, metres, shape (n_places,).

    Parameters
    ----------
    place
        Row of the place of each event, shape (n,).
    geocode_class
        Its ``geocode_class``: a categorical series, shape (n,).
    n_places
        Number of places.
    errors
        The median errors by class.

    Returns
    -------
    numpy.ndarray
        The median error of the class of most of the place's events (at a tie the less exact) by
        1.1774, the median of a two-dimensional normal distribution in its standard deviations.
    """
    of_class = tally.by_category(place, geocode_class, n_places)  # type: ignore[arg-type]
    kind = of_class.shape[1] - 1 - np.argmax(of_class[:, ::-1], axis=1)
    sigma: Floats = errors.errors_m()[kind] / MEDIAN_RADIUS
    return sigma


def seen_shares(
    xy: Floats,
    bearing_deg: Floats,
    place_xy: Floats,
    sigma_m: Floats,
    options: ViewOptions,
    obstacles: Obstacles,
) -> csr_array:
    """Return what each camera sees of each place.

    Parameters
    ----------
    xy, bearing_deg, options, obstacles
        As of `views`.
    place_xy, sigma_m
        Points and standard deviations of the places, metres, shapes (m, 2) and (m,).

    Returns
    -------
    scipy.sparse.csr_array
        Shares, 0–1, sites × places; see the module. Shares below `LEAST` are left out.
    """
    return shares_within(views(xy, bearing_deg, options, obstacles), place_xy, sigma_m, obstacles)


def shares_within(
    seen: Shapes,
    place_xy: Floats,
    sigma_m: Floats,
    obstacles: Obstacles,
    *,
    open_share: Floats | None = None,
    least: float = LEAST,
) -> csr_array:
    """Return how much of each place's uncertainty lies within each of any polygons.

    Parameters
    ----------
    seen
        Polygons or multipolygons of open ground: views, masked views, smaller sectors, a union of
        views; empty ones allowed. Shape (n,).
    place_xy, sigma_m
        Points and standard deviations of the places, metres, shapes (m, 2) and (m,).
    obstacles
        The houses.
    open_share
        `open_mass` of the places, when it is known from before.
    least
        Shares below this are left out; the more that is, the fewer pairs are worked out.

    Returns
    -------
    scipy.sparse.csr_array
        Shares, 0–1, polygons × places, indices sorted.
    """
    from hotspots.sightlines.gaussian import masses

    on_ground = open_mass(place_xy, sigma_m, obstacles) if open_share is None else open_share
    exact = np.isnan(on_ground)
    view, place = _near(seen, place_xy, np.where(exact, 0.0, sigma_m), least * on_ground)
    edges, of = edges_of(seen)
    start = np.searchsorted(of, np.arange(len(seen) + 1))
    sigma = np.where(exact, 1.0, sigma_m)
    mass = masses(edges, start, view, place_xy, sigma, place)
    share = np.clip(mass / np.where(exact, 1.0, on_ground)[place], 0.0, 1.0)
    kept = (share >= least) & ~exact[place]
    points = np.flatnonzero(exact)
    at, spot = _points_in(seen, place_xy[points], obstacles)
    rows = np.concatenate([view[kept], at])
    columns = np.concatenate([place[kept], points[spot]])
    values = np.concatenate([share[kept], np.ones(len(at))])
    found = csr_array((values, (rows, columns)), shape=(len(seen), len(place_xy)))
    found.sort_indices()
    return found


def open_mass(place_xy: Floats, sigma_m: Floats, obstacles: Obstacles) -> Floats:
    """Return how much of each place's uncertainty lies on open ground, 0–1, shape (m,).

    ``NaN`` where the place is to be taken as an exact point: the error is below `EXACT_M`, or all
    ground within reach of it is under houses.
    """
    from hotspots.sightlines.gaussian import masses

    houses = obstacles.houses
    free = np.ones(len(place_xy))
    if not len(houses):
        return np.where(sigma_m >= EXACT_M, free, np.nan)
    usable = np.flatnonzero(sigma_m >= EXACT_M)
    points = np.asarray(shapely.points(place_xy[usable]), dtype=object)
    point, house = obstacles.tree.query(
        points, predicate="dwithin", distance=SPREADS * sigma_m[usable]
    )
    order = np.lexsort((house, point))
    point, house = usable[point[order]], house[order]
    edges, of = edges_of(houses)
    start = np.searchsorted(of, np.arange(len(houses) + 1))
    mass = masses(edges, start, house, place_xy, np.maximum(sigma_m, EXACT_M), point)
    free -= np.bincount(point, weights=mass, minlength=len(place_xy))
    return np.where((sigma_m >= EXACT_M) & (free > LEAST_OPEN), free, np.nan)


def _near(seen: Shapes, place_xy: Floats, sigma_m: Floats, least_mass: Floats) -> tuple[Ints, Ints]:
    """Return all pairs of a polygon and a place whose mass in it may count, sorted by both.

    At a distance d from the place no point of the polygon has a density above
    exp(−d² / 2σ²) / 2πσ²; by its area, that bounds the mass in it.
    """
    none = np.zeros(0, dtype=np.int64)
    if shapely.is_empty(seen).all():
        return none, none
    tree = shapely.STRtree(seen)
    west, south, east, north = shapely.total_bounds(seen)
    x, y = place_xy.T
    largest = float(shapely.area(seen).max(initial=0.0))
    views_found, places_found = [], []
    for spread in np.unique(sigma_m[sigma_m > 0]):  # one a geocode class
        rows = np.flatnonzero(sigma_m == spread)
        densest = min(largest / (2 * np.pi * spread**2), 1.0)
        over = densest / float(least_mass[rows].min())
        if over < 1:
            continue
        far = spread * min(SPREADS, float(np.sqrt(2 * np.log(over))) + 1e-6)
        close = (x[rows] >= west - far) & (x[rows] <= east + far)
        close &= (y[rows] >= south - far) & (y[rows] <= north + far)
        rows = rows[close]
        points = np.asarray(shapely.points(place_xy[rows]), dtype=object)
        point, view = tree.query(points, predicate="dwithin", distance=far)
        views_found.append(view)
        places_found.append(rows[point])
    view = np.concatenate([none, *views_found])
    place = np.concatenate([none, *places_found])
    order = np.lexsort((place, view))
    return view[order], place[order]


def _points_in(seen: Shapes, place_xy: Floats, obstacles: Obstacles) -> tuple[Ints, Ints]:
    """Return all pairs of a polygon and an exact point in it; points in houses stand outside."""
    at = to_open_ground(place_xy, obstacles)
    points = np.asarray(shapely.points(at), dtype=object)
    point, view = shapely.STRtree(seen).query(points, predicate="dwithin", distance=AT_WALL_M)
    return view, point


def to_open_ground(xy: Floats, obstacles: Obstacles) -> Floats:
    """Return the points, those inside a house moved to the nearest point of its wall."""
    moved = xy.astype(np.float64, copy=True)
    points = np.asarray(shapely.points(xy), dtype=object)
    point, house = obstacles.tree.query(points, predicate="within")
    if len(point):
        walls = shapely.boundary(obstacles.houses[house])
        nearest = shapely.get_coordinates(shapely.shortest_line(points[point], walls))
        moved[point] = nearest.reshape(-1, 2, 2)[:, 1]
    return moved
