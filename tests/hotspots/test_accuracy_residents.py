from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspots.accuracy import AccuracyOptions, evaluate
from hotspots.accuracy.grid import Grid
from hotspots.accuracy.residents import read_residents
from hotspots.options import HotspotOptions
from tests.factories import make_incidents

COLUMNS, ROWS = (part.ravel() for part in np.meshgrid(np.arange(4), np.arange(4), indexing="ij"))
GRID = Grid(columns=COLUMNS, rows=ROWS, cell_size_m=100.0)
ALL = np.ones(16, bool)


def areas(*shapes: shapely.Geometry, population: list[float | None]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"population": np.array(population, float)}, geometry=list(shapes), crs=3006
    )


def test_half_a_cell_gets_half_as_many_as_a_whole_one() -> None:
    found = read_residents(areas(shapely.box(0, 0, 150, 100), population=[300]), GRID)
    assert found is not None
    expected = np.zeros(16)
    expected[[0, 4]] = [200, 100]  # cells in order of column, then row
    assert found.within(ALL) == pytest.approx(expected)


def test_nobody_lives_where_nothing_could_happen() -> None:
    found = read_residents(areas(shapely.box(0, 0, 200, 200), population=[80]), GRID)
    assert found is not None
    some = ALL.copy()
    some[[0, 1]] = False
    assert found.within(some)[[0, 1, 4, 5]].tolist() == [0, 0, 40, 40]
    assert not found.within(~ALL).any()


@given(
    corners=st.lists(st.tuples(*[st.integers(-100, 500)] * 6), min_size=1, max_size=3),
    inside=st.lists(st.booleans(), min_size=16, max_size=16),
)
def test_areas_equal_a_fine_raster(corners, inside) -> None:
    """Counted on a 5 m raster of points, which is off by no more than the border's points."""
    triangles = [shapely.Polygon(np.reshape(c, (3, 2))) for c in corners]
    triangles = [t for t in triangles if t.area > 20_000]
    table = areas(*triangles, population=[100.0 + i for i in range(len(triangles))])
    found, area = read_residents(table, GRID), np.array(inside)
    x, y = (part.ravel() for part in np.meshgrid(*[np.arange(2.5, 400, 5)] * 2))
    cell = GRID.at(x, y)
    expected, error = np.zeros(16), 0.0
    for triangle, number in zip(triangles, table["population"], strict=True):
        hits = np.bincount(cell[shapely.contains_xy(triangle, x, y)], minlength=16) * area
        exact = sum(
            triangle.intersection(shapely.box(c * 100, r * 100, c * 100 + 100, r * 100 + 100)).area
            for c, r, a in zip(COLUMNS, ROWS, area, strict=True)
            if a
        )
        if exact < 5_000:  # too little inside for the raster to tell
            return
        expected += number * hits / hits.sum()
        error += number * 5 * 600 / exact
    total = np.zeros(16) if found is None else found.within(area)
    assert total == pytest.approx(expected, abs=error)
    assert total.sum() == pytest.approx(expected.sum())


def test_points_count_in_their_cell_and_nowhere_else() -> None:
    table = pd.DataFrame(
        {
            "x_m": [50.0, 60.0, 350.0, 9000.0, 150.0, 150.0],
            "y_m": [50.0, 99.0, 350.0, 50.0, 50.0, 50.0],
            "population": [3.0, 4.0, 5.0, 100.0, np.nan, 0.0],
        }
    )
    found = read_residents(table, GRID)
    assert found is not None
    expected = np.zeros(16)
    expected[[0, 15]] = [7, 5]
    assert found.within(ALL).tolist() == expected.tolist()
    again = read_residents(table.sample(frac=1, random_state=2), GRID)
    assert again is not None
    assert again.within(ALL).tolist() == expected.tolist()


def test_none_known_or_none_near_is_none() -> None:
    far = areas(shapely.box(9000, 0, 9100, 100), population=[5])
    touching = areas(shapely.box(400, 0, 500, 100), population=[5])
    unknown = areas(shapely.box(0, 0, 100, 100), population=[None])
    for table in (None, far, touching, unknown, far.iloc[:0]):
        assert read_residents(table, GRID) is None


def events() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    cell = rng.integers(0, 100, 700)
    return make_incidents(x=cell % 10 * 100 + 50, y=cell // 10 * 100 + 50, day=np.arange(700) % 140)


def test_population_is_tried_when_it_is_known() -> None:
    options = AccuracyOptions(n_bootstrap=200)
    without = evaluate(events(), HotspotOptions(), options=options)
    assert without.trial is not None
    assert "population" not in without.trial.methods
    assert without.notices[0].text.endswith(
        "Befolkning är inte prövad: invånartal saknas för rutorna."
    )
    x, y = events()["x_m"].min() - 50, events()["y_m"].min() - 50
    town = areas(
        shapely.box(x, y, x + 500, y + 1000),
        shapely.box(x + 500, y, x + 1000, y + 1000),
        population=[10, 1000],
    )
    found = evaluate(events(), HotspotOptions(), options=options, population=town)
    assert found.trial is not None
    assert "population" in found.trial.methods
    assert "Befolkning är inte prövad" not in found.notices[0].text
    at = found.trial.methods.index("population")
    # The densely populated half is flagged first: 5 % of the area are some cells of it, by chance.
    past = found.history.before(len(found.history.periods) - 1)
    score = past.history.residents.within(past.area)
    east = past.grid.columns * 100 >= x + 500
    assert score[east & past.area].sum() == pytest.approx(1000)
    top = past.area & np.isclose(score, score.max())
    truth = found.history.counts[:, -1]
    k = round(0.05 * past.area.sum())
    share = found.trial.shares.index(0.05)
    assert found.trial.caught[-1, at, share] == pytest.approx(truth[top].mean() * k)


def test_population_sees_nothing_of_the_period_it_is_tried_on() -> None:
    """Cells that come to be later don't take inhabitants from those of now."""
    table = areas(shapely.box(0, 0, 400, 400), population=[160])
    found = read_residents(table, GRID)
    first = read_residents(table, Grid(columns=COLUMNS[:8], rows=ROWS[:8], cell_size_m=100.0))
    assert found is not None
    assert first is not None
    assert found.within(ALL & (np.arange(16) < 8))[:8].tolist() == first.within(ALL[:8]).tolist()
