from __future__ import annotations

import importlib.util
import json
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box

from geodata import schema
from geodata.errors import DataError, SettingsError
from geodata.evidence_tables import EVIDENCE
from hotspots.density import count_grid
from hotspots.significance import (
    CellNeighbours,
    GiStarOptions,
    Ground,
    PairNeighbours,
    benjamini_hochberg,
    benjamini_yekutieli,
    gi_star_areas,
    gi_star_cells,
    make_ground,
    pairs_touching,
    pairs_within,
    score,
)
from hotspots.significance.gistar import z_scores
from tests.factories import CRS, X0, Y0, make_incidents, no_incidents

ANALYTIC = GiStarOptions(draws=0, permutations=0, judge="q")


def textbook(values: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Compute Gi* cell by cell as Ord & Getis (1995) write it; ``near`` (n, n) holds itself."""
    n = len(values)
    mean = sum(values) / n
    s = math.sqrt(sum(v * v for v in values) / n - mean * mean)
    out = []
    for i in range(n):
        w = near[i].astype(float)
        top = (w * values).sum() - mean * w.sum()
        out.append(top / (s * math.sqrt((n * (w**2).sum() - w.sum() ** 2) / (n - 1))))
    return np.array(out)


def ragged(rng, *, columns=12, rows=9, share=0.8):
    """Return cells of a grid with holes, and their distances in cells."""
    column, row = (a.ravel() for a in np.meshgrid(np.arange(columns), np.arange(rows)))
    keep = rng.random(len(column)) < share
    column, row = column[keep] + 57, row[keep] - 3
    apart = np.hypot(column[:, None] - column, row[:, None] - row)
    return column, row, apart


@given(seed=st.integers(0, 10_000), band=st.sampled_from([1.0, 1.5, 2.0, 3.0, 3.7]))
@settings(max_examples=60)
def test_cells_equal_the_textbook(seed, band) -> None:
    rng = np.random.default_rng(seed)
    column, row, apart = ragged(rng, share=rng.choice([0.3, 0.8, 1.0]))
    values = rng.poisson(2, len(column)).astype(float)
    near = apart <= band + 1e-9
    neighbours = CellNeighbours(column, row, band)
    assert (neighbours.sizes == near.sum(axis=1)).all()
    np.testing.assert_allclose(z_scores(values, neighbours), textbook(values, near), atol=1e-10)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30)
def test_pairs_equal_the_cells(seed) -> None:
    rng = np.random.default_rng(seed)
    column, row, _apart = ragged(rng)
    values = rng.gamma(0.4, 3, len(column))
    cells = CellNeighbours.from_metres(column, row, cell_size_m=50, band_m=150)
    pairs = pairs_within(np.column_stack([column, row]) * 50.0, 150.0)
    assert (cells.sizes == pairs.sizes).all()
    np.testing.assert_allclose(z_scores(values, cells), z_scores(values, pairs), atol=1e-10)


@pytest.mark.real
def test_known_answers(real_data) -> None:
    known = json.loads((real_data / "checks" / "reference_values.json").read_text())["getis_ord"]
    points = np.array(known["points"], dtype=float)
    z = z_scores(np.array(known["y"]), pairs_within(points, known["distance_band"]))
    np.testing.assert_allclose(z, known["Gi_star_z"], atol=1e-6)


def test_known_answers_of_esda() -> None:
    # esda 2.9.0 tests/test_getisord.py, distance band 15
    points = np.array([[10, 10], [20, 10], [40, 10], [15, 20], [30, 20], [30, 30]], dtype=float)
    y = np.array([2, 3, 3.2, 5, 8, 7])
    expected = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    np.testing.assert_allclose(z_scores(y, pairs_within(points, 15)), expected, atol=1e-6)


@pytest.mark.skipif(
    not (importlib.util.find_spec("esda") and importlib.util.find_spec("libpysal")),
    reason="esda and libpysal are not installed",
)
@pytest.mark.filterwarnings("ignore")
def test_equal_to_esda_on_a_hundred_grids() -> None:
    from esda.getisord import G_Local
    from libpysal.weights import W

    rng = np.random.default_rng(17)
    for _turn in range(100):
        column, row, apart = ragged(rng, columns=rng.integers(5, 14), rows=rng.integers(5, 14))
        values = rng.poisson(rng.choice([0.5, 3.0]), len(column)).astype(float)
        values[0] += 1  # never all equal
        near = apart <= 2.0
        lists = {
            i: np.flatnonzero(near[i] & (np.arange(len(near)) != i)).tolist()
            for i in range(len(near))
        }
        weights = W(lists, silence_warnings=True)
        peer = G_Local(values, weights, star=True, transform="B", permutations=0)
        ours = z_scores(values, CellNeighbours(column, row, 2.0))
        np.testing.assert_allclose(ours, peer.Zs, atol=1e-9)


def conditional_exactly(values, near, i) -> float:
    """Return the exact conditional p by trying every choice of neighbours."""
    from itertools import combinations

    others = np.delete(values, i)
    k = int(near[i].sum()) - 1
    own = values[near[i]].sum() - values[i]
    sums = [sum(chosen) for chosen in combinations(others, k)]
    return float(np.mean(np.array(sums) >= own - 1e-9))


@pytest.mark.parametrize("n", [9, 150])
def test_conditional_p_is_the_exact_one(n) -> None:
    # 9: samples by sorting; 150: samples by drawing again. Two neighbours each, so exact is cheap.
    rng = np.random.default_rng(n)
    values = rng.integers(0, 6, n).astype(float)
    ring = PairNeighbours(n, np.arange(n), (np.arange(n) + 1) % n)
    options = GiStarOptions(draws=60_000, permutations=0)
    found = score(values, ring, options)["p_perm"]
    near = ring.matrix.toarray() > 0
    checked = range(0, n, max(1, n // 12))
    exact = np.array([conditional_exactly(values, near, i) for i in checked])
    error = np.sqrt(exact * (1 - exact) / 60_000) + 1e-5
    assert (np.abs(found[list(checked)] - exact) < 4.5 * error).all()


def test_two_sided_conditional_p() -> None:
    values = np.array([9.0, 9, 9, 0, 0, 0, 4, 5, 6, 4, 5, 6])
    ring = PairNeighbours(12, np.arange(12), (np.arange(12) + 1) % 12)
    greater = score(values, ring, GiStarOptions(permutations=0))
    both = score(values, ring, GiStarOptions(permutations=0, alternative="two-sided"))
    assert greater["p_perm"][4] == 1
    assert both["p_perm"][4] < 0.1
    assert both["p"][4] == pytest.approx(2 * (1 - greater["p"][4]))
    assert not both["hot"][3:6].any()


def test_family_p_is_the_exact_one() -> None:
    from itertools import permutations

    values = np.array([5.0, 3, 0, 1, 0, 2])
    line = CellNeighbours(np.arange(6), np.zeros(6, dtype=np.int64), 1.0)
    near = np.abs(np.subtract.outer(np.arange(6), np.arange(6))) <= 1
    options = GiStarOptions(draws=0, permutations=40_000, judge="p_family")
    scores = score(values, line, options)
    largest = np.array([textbook(np.array(p), near).max() for p in permutations(values)])
    for z, p in zip(scores["z"], scores["p_family"], strict=True):
        exact = (largest >= z - 1e-9).mean()
        assert abs(p - exact) < 4.5 * math.sqrt(exact * (1 - exact) / 40_000) + 1e-4
    by_pairs = PairNeighbours(6, np.arange(5), np.arange(1, 6))
    again = score(values, by_pairs, GiStarOptions(draws=0, permutations=4000, judge="p_family"))
    np.testing.assert_allclose(again["p_family"], scores["p_family"], atol=0.04)


def test_dealing_gives_every_cell_every_count_equally_often() -> None:
    # a band of one cell on far-apart cells: each cell is alone, so the largest z is the largest count's
    column = np.arange(0, 40, 10)
    alone = CellNeighbours(column, np.zeros(4, dtype=np.int64), 1.0)
    scores = score(
        np.array([0.0, 1, 2, 3]), alone, GiStarOptions(draws=0, permutations=99, judge="p_family")
    )
    assert scores["p_family"].tolist() == [1, 1, 1, 1]


def test_whole_map_error_rate_holds_on_maps_without_pattern() -> None:
    rng = np.random.default_rng(12)
    column, row = (a.ravel() for a in np.meshgrid(np.arange(25), np.arange(25)))
    neighbours = CellNeighbours(column, row, 2.0)
    options = GiStarOptions(draws=0, permutations=99, judge="p_family")
    hits = 0
    for _turn in range(100):
        values = rng.negative_binomial(0.3, 0.2, 625).astype(float)
        hits += bool(score(values, neighbours, options)["hot"].any())
    assert 0 <= hits <= 12  # 5 expected; over 12 happens once in a thousand


def test_the_normal_distribution_finds_hot_spots_in_noise_but_permutation_does_not() -> None:
    rng = np.random.default_rng(0)
    column, row = (a.ravel() for a in np.meshgrid(np.arange(100), np.arange(100)))
    values = rng.poisson(np.exp(rng.normal(-1.5, 1.2, 10_000))).astype(float)
    scores = score(
        values, CellNeighbours(column, row, 3.0), GiStarOptions(permutations=0, draws=9999)
    )
    assert (scores["q"] < 0.05).sum() > 20
    assert (scores["q_perm"] < 0.05).sum() == 0


def test_a_planted_hot_spot_is_found_by_every_figure() -> None:
    rng = np.random.default_rng(1)
    column, row = (a.ravel() for a in np.meshgrid(np.arange(60), np.arange(60)))
    values = rng.poisson(0.2, 3600).astype(float)
    planted = np.hypot(column - 30, row - 20) <= 2
    values[planted] += 4
    scores = score(values, CellNeighbours(column, row, 2.0), GiStarOptions())
    for judge in ("q", "q_perm", "p_family"):
        assert (scores[judge][planted] <= 0.05).all()
    assert scores["hot"][planted].all()
    assert scores["hot"].sum() < 3 * planted.sum()
    assert scores["p_perm"].min() == 1 / 100_000


def test_scores_do_not_depend_on_the_number_of_threads(monkeypatch) -> None:
    rng = np.random.default_rng(1)
    column, row, _apart = ragged(rng)
    values = rng.poisson(1, len(column)).astype(float)
    found = []
    for workers in (1, 3, None):
        monkeypatch.setattr("os.cpu_count", lambda workers=workers: workers)
        found.append(score(values, CellNeighbours(column, row, 2.0), GiStarOptions(draws=99)))
    for other in found[1:]:
        for name in found[0]:
            np.testing.assert_array_equal(found[0][name], other[name])


@given(
    p=st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=40),
    level=st.floats(0.001, 0.3),
)
def test_fdr_by_its_definition(p, level) -> None:
    p = np.array(p, dtype=float)
    q, strict = benjamini_hochberg(p), benjamini_yekutieli(p)
    tested = np.sort(p[~np.isnan(p)])
    m = len(tested)
    assert (np.isnan(q) == np.isnan(p)).all()
    # the largest i with p(i) ≤ i a / m; all p up to it are finds
    for q_values, c in ((q, 1.0), (strict, sum(1 / i for i in range(1, m + 1)))):
        near_tie = any(abs(v - (i + 1) * level / (m * c)) < 1e-12 for i, v in enumerate(tested))
        passing = [v for i, v in enumerate(tested) if v <= (i + 1) * level / (m * c)]
        limit = max(passing, default=-1.0)
        if not near_tie:
            expected = ~np.isnan(p) & (p <= limit)
            assert ((q_values <= level) == expected).all()


def test_fdr_known_answer() -> None:
    # Benjamini & Hochberg 1995, section 3.1: 15 tests, four finds at 0.05
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    p += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert (benjamini_hochberg(np.array(p)) <= 0.05).sum() == 4


def square_town(side=1000.0):
    return gpd.GeoDataFrame(geometry=[box(X0, Y0, X0 + side, Y0 + side)], crs=CRS)


def test_ground_holds_streets_buildings_and_events_but_not_woods_and_water() -> None:
    events = make_incidents(x=[950], y=[950])
    street = gpd.GeoDataFrame(
        geometry=[LineString([(X0 + 10, Y0 + 10), (X0 + 390, Y0 + 10)])], crs=CRS
    )
    house = gpd.GeoDataFrame(
        geometry=[Polygon([(X0 + 590, Y0 + 590), (X0 + 608, Y0 + 590), (X0 + 590, Y0 + 608)])],
        crs=CRS,
    )
    river = gpd.GeoDataFrame(geometry=[box(X0 + 200, Y0 - 100, X0 + 300, Y0 + 1100)], crs=CRS)
    ground = make_ground(events, cell_size_m=100, layers=[street, house])
    cells = {(c - 5690, r - 64950) for c, r in zip(ground.column, ground.row, strict=True)}
    assert cells == {(0, 0), (1, 0), (2, 0), (3, 0), (5, 5), (6, 5), (5, 6), (9, 9)}
    dry = make_ground(events, cell_size_m=100, layers=[street, house], never=river)
    assert len(dry.column) == 7
    small = make_ground(events, cell_size_m=100, layers=[street, house], inside=square_town(650.0))
    assert len(small.column) == 7


@given(
    lines=st.lists(
        st.lists(
            st.tuples(st.integers(-300, 300), st.integers(-300, 300)),
            min_size=2,
            max_size=4,
            unique=True,
        ),
        max_size=5,
    )
)
@settings(max_examples=40)
def test_ground_by_brute_force(lines) -> None:
    shapes = [LineString([(x + 0.37, y + 0.41) for x, y in line]) for line in lines]
    layer = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs=CRS), crs=CRS)
    expected = {
        (c, r)
        for c in range(-8, 9)
        for r in range(-8, 9)
        if any(s.intersects(box(c * 50, r * 50, c * 50 + 50, r * 50 + 50)) for s in shapes)
    }
    if not expected:
        with pytest.raises(DataError):
            make_ground(no_incidents(), cell_size_m=50, layers=[layer])
        return
    ground = make_ground(no_incidents(), cell_size_m=50, layers=[layer])
    found = list(zip(ground.column.tolist(), ground.row.tolist(), strict=True))
    assert found == sorted(expected)


def test_points_and_mixed_layers_make_ground() -> None:
    addresses = gpd.GeoDataFrame(geometry=[Point(X0 + 100, Y0 + 100), None], crs=CRS)
    ground = make_ground(no_incidents(), cell_size_m=100, layers=[addresses])
    assert (ground.column.tolist(), ground.row.tolist()) == ([5691], [64951])


def test_water_over_everything_leaves_no_ground() -> None:
    sea = gpd.GeoDataFrame(geometry=[box(X0 - 9e4, Y0 - 9e4, X0 + 9e4, Y0 + 9e4)], crs=CRS)
    house = gpd.GeoDataFrame(geometry=[Point(X0, Y0)], crs=CRS)
    with pytest.raises(DataError) as raised:
        make_ground(no_incidents(), cell_size_m=100, layers=[house], never=sea)
    assert raised.value.faults[0].code == "no_ground"


def full_ground(columns=20, rows=20, size=100.0) -> Ground:
    column, row = (
        a.ravel() for a in np.meshgrid(np.arange(columns), np.arange(rows), indexing="ij")
    )
    return Ground(column + 5690, row + 64950, size)


def test_table_of_cells() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, 2000, 300), rng.uniform(0, 2000, 300)
    x[:60], y[:60] = rng.normal(1050, 60, 60), rng.normal(650, 60, 60)
    events = make_incidents(x=x, y=y)
    options = GiStarOptions(permutations=99, draws=9999)
    grid = count_grid(events, cell_size_m=100, crs=CRS)
    result = gi_star_cells(grid, full_ground(), options, crs=CRS)
    table = result.table
    schema.check(table, "gi_star", crs=CRS, tables=EVIDENCE)
    assert len(table) == 400
    assert table["n_events"].sum() == 300
    assert table["n_neighbours"].min() == 4  # the corner, two beside it, one across
    assert table["n_neighbours"].max() == 9
    hot = table[table["hot"]]
    assert len(hot)
    assert hot.geometry.distance(Point(X0 + 1050, Y0 + 650)).max() < 250
    assert result.notices == ()
    shuffled = count_grid(events.sample(frac=1, random_state=5), cell_size_m=100, crs=CRS)
    again = gi_star_cells(shuffled.sample(frac=1, random_state=2), full_ground(), options, crs=CRS)
    assert_geodataframe_equal(again.table, table)


def test_events_outside_the_ground_are_told() -> None:
    events = make_incidents(x=[50, 50, 5050], y=[50, 50, 50])
    grid = count_grid(events, cell_size_m=100, crs=CRS)
    result = gi_star_cells(grid, full_ground(), ANALYTIC, crs=CRS)
    assert [n.code for n in result.notices] == ["events_outside_ground"]
    assert result.notices[0].data == {"events": 1}


def test_no_events_and_equal_counts_are_nothing_to_test() -> None:
    grid = count_grid(no_incidents(), cell_size_m=100, crs=CRS)
    result = gi_star_cells(grid, full_ground(), GiStarOptions(), crs=CRS)
    assert [n.code for n in result.notices] == ["nothing_to_test"]
    assert result.table["z"].isna().all()
    assert not result.table["hot"].any()


def test_one_place_with_a_million_events() -> None:
    grid = count_grid(make_incidents(x=[1050], y=[1050]), cell_size_m=100, crs=CRS)
    grid["n_events"] = 1_000_000
    many = gi_star_cells(grid, full_ground(), GiStarOptions(permutations=99), crs=CRS).table
    grid["n_events"] = 1
    one = gi_star_cells(grid, full_ground(), GiStarOptions(permutations=99), crs=CRS).table
    np.testing.assert_allclose(many["z"], one["z"], atol=1e-9)
    # one cell alone is no cluster: the same largest z comes from every deal
    assert many["p_family"].min() > 0.9
    assert not many["hot"].any()


def test_a_band_below_the_cell_is_refused() -> None:
    grid = count_grid(make_incidents(x=[50]), cell_size_m=100, crs=CRS)
    with pytest.raises(SettingsError) as raised:
        gi_star_cells(grid, full_ground(), GiStarOptions(band_m=90), crs=CRS)
    assert raised.value.faults[0].code == "band_below_cell"


def test_a_judge_without_its_permutations_is_refused() -> None:
    with pytest.raises(SettingsError) as raised:
        score(
            np.arange(4.0), PairNeighbours(4, np.arange(3), np.arange(1, 4)), GiStarOptions(draws=0)
        )
    assert raised.value.faults[0].code == "judge_without_permutations"


def test_areas_that_touch() -> None:
    shapes = [box(i % 6 * 10, i // 6 * 10, i % 6 * 10 + 10, i // 6 * 10 + 10) for i in range(36)]
    areas = gpd.GeoDataFrame({"area_id": [f"A{i:02}" for i in range(36)]}, geometry=shapes, crs=CRS)
    neighbours = pairs_touching(areas)
    assert neighbours.sizes.reshape(6, 6)[0].tolist() == [4, 6, 6, 6, 6, 4]
    assert neighbours.sizes.max() == 9
    values = np.ones(36)
    values[[7, 8, 13, 14]] = 50
    result = gi_star_areas(areas["area_id"], values, neighbours, GiStarOptions(judge="p_family"))
    schema.check(result.table, "gi_star_areas", tables=EVIDENCE)
    assert set(result.table.loc[result.table["hot"], "area_id"]) >= {"A07", "A08", "A13", "A14"}
    near = neighbours.matrix.toarray() > 0
    np.testing.assert_allclose(result.table["z"], textbook(values, near), atol=1e-10)


def test_an_area_that_neighbours_all_has_no_z() -> None:
    star = PairNeighbours(5, np.zeros(4, dtype=np.int64), np.arange(1, 5))
    options = GiStarOptions(draws=99, permutations=99)
    table = gi_star_areas(pd.Series(list("abcde")), np.arange(5.0), star, options).table
    assert table["z"].isna().tolist() == [True, False, False, False, False]
    assert table["p_perm"].isna().tolist() == table["p_family"].isna().tolist()
    assert not table["hot"].iloc[0]


@pytest.mark.parametrize("band_m", [100.0, 141.5, 150.0, 223.7, 500.0])
def test_cells_far_apart_are_scored_as_if_laid_out(band_m: float) -> None:
    rng = np.random.default_rng(4)
    one, far = rng.integers(0, 8, (60, 2)), rng.integers(900, 908, (60, 2))
    column, row = np.unique(np.concatenate([one, far]), axis=0).T
    cells = CellNeighbours.from_metres(column, row, cell_size_m=100.0, band_m=band_m)
    assert cells.sparse
    values = rng.poisson(2.0, len(column)).astype(float)
    pairs = cells.as_pairs()
    assert (pairs.sizes == cells.sizes).all()
    assert (pairs.sums(values) == cells.sums(values)).all()


def test_one_event_far_away_does_not_make_the_map_vast() -> None:
    rng = np.random.default_rng(5)
    xy = np.concatenate([rng.uniform(0, 900, (200, 2)), [[200_000.0, 200_000.0]]])
    events = make_incidents(x=xy[:, 0], y=xy[:, 1])
    grid = count_grid(events, cell_size_m=100.0, crs=CRS)
    ground = make_ground(events, cell_size_m=100.0)
    table = gi_star_cells(grid, ground, GiStarOptions(draws=99, permutations=99), crs=CRS).table
    assert len(table) == len(grid)
    assert table["p_family"].between(0.01, 1).all()
