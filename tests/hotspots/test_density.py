from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st

from geodata import schema
from hotspots.density import count_grid
from tests.factories import CRS, X0, Y0, make_incidents, no_incidents


def test_known_cells() -> None:
    events = make_incidents(x=[0, 99.99, 100, -1], y=[0, 99.99, 0, 0], day=[0, 0, 1, 2])
    grid = count_grid(events, cell_size_m=100, crs=CRS)
    assert grid["cell_id"].tolist() == ["E5689_N64950", "E5690_N64950", "E5691_N64950"]
    assert grid["n_events"].tolist() == [1, 2, 1]
    assert grid["n_days"].tolist() == [1, 1, 1]
    assert grid.geometry.iloc[1].bounds == (X0, Y0, X0 + 100, Y0 + 100)


@given(
    points=st.lists(
        st.tuples(st.integers(-400, 400), st.integers(-400, 400), st.integers(0, 5)), min_size=1
    ),
    size=st.sampled_from([10.0, 37.5, 100.0]),
)
def test_sums_to_events_and_every_event_lies_in_its_cell(points, size) -> None:
    x, y, day = zip(*points, strict=True)
    events = make_incidents(x=x, y=y, day=day)
    grid = count_grid(events, cell_size_m=size, crs=CRS)
    assert grid["n_events"].sum() == len(events)
    assert grid["share"].sum() == pytest.approx(1)
    for cell in grid.itertuples():
        inside = (
            (events["x_m"] >= cell.x_m)
            & (events["x_m"] < cell.x_m + size)
            & (events["y_m"] >= cell.y_m)
            & (events["y_m"] < cell.y_m + size)
        )
        assert inside.sum() == cell.n_events
        assert events.loc[inside, "start"].dt.date.nunique() == cell.n_days
    shuffled = events.sample(frac=1, random_state=1)
    assert_geodataframe_equal(count_grid(shuffled, cell_size_m=size, crs=CRS), grid)


def test_moved_by_whole_cells_only_the_corners_move() -> None:
    rng = np.random.default_rng(0)
    events = make_incidents(x=rng.integers(0, 999, 80), y=rng.integers(0, 999, 80))
    moved = events.assign(x_m=events["x_m"] + 300, y_m=events["y_m"] - 700)
    one = count_grid(events, cell_size_m=100, crs=CRS)
    two = count_grid(moved, cell_size_m=100, crs=CRS)
    pd.testing.assert_frame_equal(one[["n_events", "n_days"]], two[["n_events", "n_days"]])
    assert ((two["x_m"] - one["x_m"]) == 300).all()


def test_no_events_is_an_empty_table() -> None:
    grid = count_grid(no_incidents(), cell_size_m=100, crs=CRS)
    assert grid.empty
    schema.check(grid, "grid", crs=CRS)
