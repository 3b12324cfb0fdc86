"""Whether a grid or an outline of hot spots tells what tables of counts hide.

Both count the same events as tables by area, on finer ground: the squares within an area add up to
no more than the area's count, and those that touch it to no less. So each square is a cell as well,
cut once more by squares, and a hot spot is a least number of the areas that it touches. Their
numbers aren't hidden one by one for this: a layer that tells is withheld as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geodata.disclosure.alike import Bounds
from geodata.disclosure.cells import Cell, all_but, only
from geodata.disclosure.countrules import OUTSIDE, UNPLACED
from geodata.disclosure.hiding import Known
from geodata.disclosure.layers import Layer, layers_that_tell
from geodata.disclosure.options import DisclosureOptions, Profile
from geodata.disclosure.small import class_edges
from geodata.disclosure.times import last_quarter_end, whole_quarters
from geodata.files.titles import title
from geodata.language import day
from geodata.language import gettext as _

if TYPE_CHECKING:
    import geopandas as gpd

    from geodata.disclosure.counted import CountedEvents
    from geodata.disclosure.joint import Joint

Shown = tuple[pd.DataFrame | None, tuple[str, ...]]
TOUCHES_M2: Final = 1e-3


@dataclass(frozen=True)
class Ground:
    """The areas that tables of counts are by.

    Attributes
    ----------
    ids
        Their ids.
    shapes
        Each boundary that any of them has or had, with its id.
    """

    ids: tuple[str, ...]
    shapes: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, areas: gpd.GeoDataFrame | None, cells: Sequence[Cell]) -> Ground:
        """Return the ground of the areas that cells name."""
        named = {one for cell in cells for one in cell.areas} - {"*", OUTSIDE, UNPLACED}
        if areas is None or areas.empty:
            return cls(tuple(sorted(named)), ())
        # Where no table is by area yet, next year's may be by those that are decided on.
        wanted = areas["area_id"].isin(named) if named else areas["kind"] == "est_area"
        own = areas[wanted]
        shapes = tuple(zip(own["area_id"].astype(str), own.geometry, strict=True))
        return cls(tuple(sorted({*named, *(area for area, _one in shapes)})), shapes)

    def touched(self, shapes: Any) -> list[tuple[str, ...]]:  # noqa: ANN401 (geometries)
        """Return the set of areas, and of what lies outside them, that each shape lies on."""
        shapes = np.asarray(shapes, dtype=object)
        on: list[list[str]] = [[] for _one in shapes]
        whole = [0] * len(shapes)
        for area, one in self.shapes:
            shapely.prepare(one)
            near = np.flatnonzero(shapely.intersects(one, shapes))
            held = shapely.area(shapely.intersection(one, shapes[near]))
            size = shapely.area(shapes[near])
            for at, m2, all_m2 in zip(near, held, size, strict=True):
                if m2 > TOUCHES_M2:
                    on[at].append(area)
                    whole[at] += m2 > all_m2 - TOUCHES_M2
        return [self._set(own, n) for own, n in zip(on, whole, strict=True)]

    def _set(self, own: list[str], whole: int) -> tuple[str, ...]:
        ids = set(own)
        # Of an area that was changed, each boundary holds on its own days: all must hold it whole.
        if len(ids) == 1 and whole == sum(area in ids for area, _one in self.shapes):
            return only(*ids)
        return all_but([*(one for one in self.ids if one not in ids), UNPLACED])


def grid_bounds(
    grid: gpd.GeoDataFrame, ground: Ground, counted: CountedEvents, minimum: int
) -> dict[Cell, Bounds]:
    """Return what a released grid tells of its squares, and that nothing happened elsewhere.

    Parameters
    ----------
    grid
        The table as released: with counts, or with classes of counts.
    ground, counted
        The areas, and what is counted.
    minimum
        Least count shown: where the lowest class ends.
    """
    whole = counted.cell
    found: dict[Cell, Bounds] = {}
    shapes = grid.geometry.to_numpy()
    names = grid["cell_id"].astype(str).tolist()
    split = f"square {_side(shapes[0])} m"  # squares of other sides cut the ground anew
    for name, areas, told in zip(names, ground.touched(shapes), _told(grid, minimum), strict=True):
        cell = replace(whole, areas=areas, split=split, parts=(name,))
        found[cell] = (1, None) if told is None else told  # without any it is not listed
    found[replace(whole, split=split, parts=all_but(names))] = (0, 0)
    return found


def _side(shape: Any) -> int:  # noqa: ANN401 (any geometry)
    low, _south, high, _north = (float(one) for one in shapely.bounds(shape))
    return round(high - low)


def _told(grid: gpd.GeoDataFrame, minimum: int) -> list[Bounds | None]:
    if "n_events" in grid.columns:
        counts = grid["n_events"].tolist()
        return [None if pd.isna(n) else (int(n), int(n)) for n in counts]
    edges = [1, *class_edges(minimum)]
    ends = [*(edge - 1 for edge in edges[1:]), None]
    return [(edges[code], ends[code]) for code in grid["events_class"].cat.codes]


def hotspot_bounds(
    hotspots: gpd.GeoDataFrame, ground: Ground, counted: CountedEvents
) -> dict[Cell, Bounds]:
    """Return the least number of events that released hot spots tell of the areas they touch."""
    touched = ground.touched(hotspots.geometry.to_numpy())
    counts = [0 if pd.isna(n) else int(n) for n in hotspots["n_events"].tolist()]
    return {
        replace(counted.cell, areas=areas): (
            sum(n for own, n in zip(touched, counts, strict=True) if own == areas),
            None,
        )
        for areas in sorted(set(touched))
    }


@dataclass(frozen=True, eq=False)
class ReleasedLayer:
    """A layer as it leaves, and what it tells of the events that tables count."""

    table: pd.DataFrame | None
    notes: tuple[str, ...]
    bounds: Mapping[Cell, Bounds]


def release_layers(
    shown: Mapping[str, Shown],
    tables: Mapping[str, pd.DataFrame],
    joint: Joint,
    profile: Profile,
    options: DisclosureOptions,
    earlier: Known,
    counted: CountedEvents,
) -> dict[str, ReleasedLayer]:
    """Withhold the layers that would tell what tables, or the layers themselves, hide.

    Parameters
    ----------
    shown
        ``hotspots`` and ``grid`` as their own rules let them through, with notes.
    tables
        All tables before anything is hidden.
    joint
        The tables of counts of the edition.
    profile, options
        Whose limits count.
    earlier
        What the reader has already.
    counted
        What the layers count.
    """
    minimum = options.least(profile)
    hidden = frozenset().union(*joint.hidden.values())
    cells = [*joint.counts, *earlier]
    ground = Ground.of(tables.get("areas"), [c for c in cells if c.what == counted.cell.what])
    made: dict[str, ReleasedLayer] = {}
    asked: dict[str, Layer] = {}
    for name, (table, notes) in shown.items():
        made[name] = ReleasedLayer(table, notes, {})
        if table is None or table.empty:
            continue
        if profile == "publik" and not whole_quarters(counted.first, counted.last):
            made[name] = ReleasedLayer(None, (_uneven(name, counted),), {})
            continue
        asked[name] = _layer(name, table, tables[name], ground, counted, minimum)
    telling = layers_that_tell(asked, joint.counts, joint.zeros, hidden, earlier, minimum)
    for name, layer in asked.items():
        table, notes = shown[name]
        told = ReleasedLayer(table, notes, layer.bounds)
        made[name] = ReleasedLayer(None, (_tells(name),), {}) if name in telling else told
    return made


def _layer(
    name: str,
    shown: pd.DataFrame,
    whole: pd.DataFrame,
    ground: Ground,
    counted: CountedEvents,
    minimum: int,
) -> Layer:
    if name == "hotspots":
        return Layer(hotspot_bounds(shown, ground, counted), frozenset())
    bounds = grid_bounds(shown, ground, counted, minimum)
    counts = whole["n_events"].tolist()
    squares = list(bounds)[: len(counts)]  # in the order of rows
    return Layer(
        bounds, frozenset(c for c, n in zip(squares, counts, strict=True) if 0 < n < minimum)
    )


def _tells(name: str) -> str:
    text = _(
        "”{name}” visas inte: tillsammans med tabellernas tal, eller tidigare utgåvors, skulle små "
        "tal gå att räkna fram."
    )
    return text.format(name=title(name))


def _uneven(name: str, counted: CountedEvents) -> str:
    text = _(
        "”{name}” visas inte: händelserna räknas över dagar som inte är hela kvartal, och publikt "
        "visas inga närmare tider. Ange [hotspots] date_to = {last} och ett date_from som är den "
        "första dagen i ett kvartal, så visas det."
    )
    return text.format(name=title(name), last=day(last_quarter_end(counted.last)))
