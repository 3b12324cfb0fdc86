"""A grid or hot spots that tell what tables by area hide are withheld."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from geodata.disclosure import (
    CountedEvents,
    DisclosureOptions,
    Profile,
    Released,
    read_earlier,
    release_together,
    write_published,
)
from geodata.disclosure.cells import Cell
from geodata.schema import OFFENCE_CLASSES
from tests.geodata.test_disclosure_editions import CRS, OPTIONS, SMALL, _areas
from tests.made_tables import filled

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
COUNTED = CountedEvents("police", tuple(OFFENCE_CLASSES), *YEAR)
SIDE = 250

# A is four squares, B as many beside it; east of them nothing is an area's.
GROUND = {"A": box(0, 0, 2 * SIDE, 2 * SIDE), "B": box(2 * SIDE, 0, 4 * SIDE, 2 * SIDE)}
PLACES = list(itertools.product(range(6), range(2)))


def areas() -> gpd.GeoDataFrame:
    table = filled("areas", 2)
    table["area_id"] = pd.Series(list(GROUND), dtype="str")
    table["kind"] = pd.Categorical(["est_area"] * 2, categories=table["kind"].cat.categories)
    return table.set_geometry(gpd.GeoSeries(list(GROUND.values()), crs=CRS))


def grid(world: Mapping[tuple[int, int], int]) -> gpd.GeoDataFrame:
    own = {at: n for at, n in world.items() if n}
    table = filled("grid", len(own), n_events=list(own.values()))
    table["cell_id"] = pd.Series([f"E{x}_N{y}" for x, y in own], dtype="str")
    table["n_days"] = table["n_events"]
    shapes = [box(x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE) for x, y in own]
    return table.set_geometry(gpd.GeoSeries(shapes, crs=CRS))


def by_area(world: Mapping[tuple[int, int], int]) -> dict[str, int]:
    found = dict.fromkeys(("A", "B", "*outside"), 0)
    for (x, _y), n in world.items():
        found["A" if x < 2 else "B" if x < 4 else "*outside"] += n
    return found


def edition(
    world: Mapping[tuple[int, int], int],
    profile: Profile = "publik",
    options: DisclosureOptions = OPTIONS,
    earlier: Mapping[Cell, object] | None = None,
) -> dict[str, Released]:
    tables = {"areas": areas(), "grid": grid(world), **_areas(by_area(world), "2024-12-31")}
    return release_together(
        tables,
        profile,
        options,
        earlier=earlier or {},  # type: ignore[arg-type]
        counted=COUNTED,
    )


BUSY = {(4, 0): 30, (5, 1): 40, (2, 0): 9, (3, 1): 12}


def test_squares_within_a_hidden_area_tell_how_many_it_has_at_least() -> None:
    public = DisclosureOptions()
    passed = edition({**BUSY, (0, 0): 1, (1, 0): 1, (1, 1): 1}, options=public)
    assert pd.isna(passed["appendix_counts"].shown().set_index("area_id")["n_events"]["A"])
    assert passed["grid"].table is None  # three squares: A has 3 or 4
    assert "små tal gå att räkna fram" in passed["grid"].notes[0]
    one = edition({**BUSY, (0, 0): 3}, options=public)
    assert one["grid"].table is not None  # one square: A has 1 to 4, as the table tells


def test_without_a_table_beside_it_the_grid_is_shown() -> None:
    world = {**BUSY, (0, 0): 1, (1, 0): 1, (1, 1): 1}
    tables = {"areas": areas(), "grid": grid(world)}
    passed = release_together(tables, "publik", DisclosureOptions(), counted=COUNTED)
    assert passed["grid"].table is not None


def test_publicly_a_grid_counts_whole_quarters() -> None:
    counted = CountedEvents("police", tuple(OFFENCE_CLASSES), date(2024, 1, 1), date(2024, 11, 17))
    tables = {"areas": areas(), "grid": grid(BUSY)}
    passed = release_together(tables, "publik", DisclosureOptions(), counted=counted)["grid"]
    assert passed.table is None
    assert "[hotspots] date_to = 2024-09-30" in passed.notes[0]
    partners = release_together(tables, "samverkan", DisclosureOptions(), counted=counted)["grid"]
    assert partners.table is not None


def test_hot_spots_tell_how_many_an_area_has_at_least() -> None:
    # A has 2 and B 12; both are hidden. A hot spot of 12 in B leaves A 2 at most, and no more told.
    world = {(0, 0): 1, (2, 0): 12, (4, 0): 30}
    tables = {"areas": areas(), **_areas(by_area(world), "2024-12-31")}
    spots = filled("hotspots", 1, n_events=[12])
    spots = spots.set_geometry(gpd.GeoSeries([box(510, 10, 590, 90)], crs=CRS))
    passed = release_together({**tables, "hotspots": spots}, "samverkan", OPTIONS, counted=COUNTED)
    hidden = passed["appendix_counts"].shown().set_index("area_id")["n_events"].isna()
    assert hidden[["A", "B"]].all()
    assert passed["hotspots"].table is None  # with 12 in B, A has 1 and not 2
    fewer = spots.assign(n_events=[9])
    again = release_together({**tables, "hotspots": fewer}, "samverkan", OPTIONS, counted=COUNTED)
    assert again["hotspots"].table is not None


def test_last_years_grid_is_remembered(tmp_path: Path) -> None:
    public = DisclosureOptions()
    world = {**BUSY, (0, 0): 1, (1, 0): 1, (1, 1): 1}
    tables = {"areas": areas(), "grid": grid(world)}
    first = release_together(tables, "publik", public, counted=COUNTED)
    assert write_published(tmp_path, first.values())
    earlier = read_earlier([str(tmp_path)], base=tmp_path, profile="publik")
    assert (1, 4) in earlier.values()
    assert (5, 9) in earlier.values()
    now = release_together(_areas(by_area(world), "2024-12-31"), "publik", public, earlier=earlier)
    # The grid told of three squares with events in A: what it gave away is said.
    assert any("tidigare utgåvor" in note for note in now["appendix_counts"].notes)


NEAR = [(0, 0), (1, 0), (1, 1), (2, 0), (3, 0), (4, 0), (5, 1)]


@given(
    st.lists(st.integers(0, 4), min_size=len(NEAR), max_size=len(NEAR)),
    st.sampled_from(["publik", "samverkan"]),
)
@settings(max_examples=40, deadline=None)
def test_every_small_square_and_area_may_be_any_small_count(
    numbers: list[int], profile: Profile
) -> None:
    """Brute force: all numbers of the listed squares that agree with the grid and the areas."""
    world = {at: n for at, n in zip(NEAR, numbers, strict=True) if n}
    passed = edition(world, profile) if world else {}
    if not world or passed["appendix_counts"].table is None or passed["grid"].table is None:
        return
    shown = passed["grid"].shown().set_index("cell_id")
    spans = [span_of(shown.loc[f"E{x}_N{y}"]) for x, y in world]
    table = passed["appendix_counts"].shown().set_index("area_id")["n_events"]
    sums = {area: int(n) for area, n in table.items() if pd.notna(n)}
    possible: list[tuple[int, ...]] = []
    for values in itertools.product(*spans):
        found = by_area(dict(zip(world, values, strict=True)))
        if all((found | {"*": sum(values)})[area] == n for area, n in sums.items()):
            possible.append(values)
    assert tuple(world.values()) in possible
    for k, n in enumerate(world.values()):
        if n in SMALL:
            assert {values[k] for values in possible} >= SMALL, (list(world)[k], world)
    for area, n in by_area(world).items():
        if n in SMALL:
            may = {by_area(dict(zip(world, values, strict=True)))[area] for values in possible}
            assert may >= SMALL, (area, world)


def span_of(row: pd.Series) -> range:
    """Return what a listed square may be, by its class or its count."""
    if "events_class" in row.index:
        return {"färre än 3": range(1, 3), "3–9": range(3, 10)}[str(row["events_class"])]
    n = row["n_events"]
    return range(1, 9) if pd.isna(n) else range(int(n), int(n) + 1)


@pytest.mark.parametrize("profile", ["publik", "samverkan"])
def test_a_late_report_does_not_withhold_the_grid(tmp_path: Path, profile: Profile) -> None:
    world = {at: 10 + 3 * i for i, at in enumerate(PLACES)}
    write_published(tmp_path, edition(world, profile).values())
    earlier = read_earlier([str(tmp_path)], base=tmp_path, profile=profile)
    later = {**world, (0, 0): 11, (5, 1): 61}
    assert edition(later, profile, earlier=earlier)["grid"].table is not None


@pytest.mark.parametrize("profile", ["publik", "samverkan"])
def test_the_whole_town_is_let_through(profile: Profile) -> None:
    world = {at: 10 + 3 * i for i, at in enumerate(PLACES)}
    passed = edition(world, profile, DisclosureOptions())
    assert passed["grid"].table is not None
    assert len(passed["grid"].bounds) == len(PLACES) + 1
