from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geodata import schema
from geodata.evidence_tables import EVIDENCE
from hotspots.agreement import AgreementOptions, agreement_map, largest_sources
from hotspots.relative import RelativeOptions, relative_density
from tests.factories import CRS, X0, Y0, make_incidents, no_incidents

LOOSE = AgreementOptions(min_events=2, min_days=1, top_share=0.3)


def two_sources(police: list[tuple[float, int]], est: list[tuple[float, int]]) -> pd.DataFrame:
    """Events of two sources: metres east, and on how many days."""
    rows = [("police", x, d) for x, n in police for d in range(n)]
    rows += [("est_report", x, d) for x, n in est for d in range(n)]
    source, x, day = zip(*rows, strict=True)
    return make_incidents(x=list(x), day=list(day), source=list(source))


def test_a_place_hot_in_both_and_places_hot_in_one() -> None:
    events = two_sources(
        [(50, 9), (1050, 8), (2050, 1), (3050, 1)], [(50, 5), (5050, 6), (2050, 1), (6050, 1)]
    )
    found = agreement_map(events, AgreementOptions(top_share=0.5, min_events=2), crs=CRS)
    assert (found.source_a, found.source_b) == ("police", "est_report")
    kinds = dict(zip((found.table["x_m"] - X0).astype(int), found.table["class"], strict=True))
    assert kinds == {
        0: "both", 1000: "only_a", 2000: "neither", 3000: "neither", 5000: "only_b", 6000: "neither",
    }  # fmt: skip
    assert found.n_both == 1
    assert found.expected == pytest.approx(2 * 2 / 6)  # two hot cells of A, two of six near B's
    assert len(found.caveats) == 2
    assert found.table["n_a"].sum() + found.table["n_b"].sum() == len(events)


def test_a_neighbour_agrees_within_reach_only() -> None:
    events = two_sources([(50, 9), (3050, 1)], [(150, 9), (4050, 1)])
    for reach, n in ((0, 0), (1, 1)):
        options = AgreementOptions(min_events=2, top_share=0.5, reach_cells=reach)
        found = agreement_map(events, options, crs=CRS)
        assert found.n_both == n
        assert (found.table["class"] == "both").sum() == 2 * n


CELLS = st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.integers(0, 5)), max_size=20)


@settings(max_examples=50)
@given(CELLS, CELLS, st.integers(0, 2))
def test_equals_asking_cell_by_cell(
    police: list[tuple[int, int, int]], est: list[tuple[int, int, int]], reach: int
) -> None:
    rows = [("police", *r) for r in police] + [("est_report", *r) for r in est]
    if not police or not est:
        return
    events = make_incidents(
        x=[100.0 * r[1] + 50 for r in rows],
        y=[100.0 * r[2] + 50 for r in rows],
        day=[r[3] for r in rows],
        source=[r[0] for r in rows],
    )
    options = AgreementOptions(min_events=2, min_days=1, top_share=0.3, reach_cells=reach)
    found = agreement_map(events, options, crs=CRS, sources=("police", "est_report"))
    if min(len(police), len(est)) < 2:
        assert found.table.empty
        return

    def hot(listed: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
        days = {(x, y): len({d for a, b, d in listed if (a, b) == (x, y)}) for x, y, _ in listed}
        top = int(np.ceil(round(0.3 * len(days), 6)))
        return {c for c, n in days.items() if n >= sorted(days.values())[-top]}

    def near(cell: tuple[int, int], among: set[tuple[int, int]]) -> bool:
        return any(max(abs(cell[0] - x), abs(cell[1] - y)) <= reach for x, y in among)

    a, b = hot(police), hot(est)
    for row in found.table.itertuples():
        cell = (round((row.x_m - X0) / 100), round((row.y_m - Y0) / 100))
        both = (cell in a and near(cell, b)) or (cell in b and near(cell, a))
        kind = found.table.loc[row.Index, "class"]
        if both:
            expected = "both"
        else:
            expected = "only_a" if cell in a else "only_b" if cell in b else "neither"
        assert kind == expected
    assert found.n_both == sum(near(cell, b) for cell in a)
    other = agreement_map(events.iloc[::-1], options, crs=CRS, sources=("police", "est_report"))
    pd.testing.assert_frame_equal(pd.DataFrame(found.table), pd.DataFrame(other.table))


def test_one_source_or_none_cannot_agree() -> None:
    one = agreement_map(make_incidents(x=np.zeros(40)), crs=CRS)
    assert one.table.empty
    assert (one.source_a, one.source_b) == ("police", None)
    assert [n.code for n in one.notices] == ["one_source_only"]
    none = agreement_map(no_incidents(), crs=CRS)
    assert "inga händelser" in none.notices[0].text
    few = agreement_map(two_sources([(0, 30)], [(0, 3)]), crs=CRS)
    assert [n.code for n in few.notices] == ["too_few_to_compare"]
    schema.check(few.table, "agreement", crs=CRS, tables=EVIDENCE)


def test_the_largest_sources_in_order() -> None:
    events = make_incidents(
        x=np.zeros(6), source=["est_report", "est_report", "police", "guard", "guard", "citizen"]
    )
    assert largest_sources(events) == ("est_report", "guard")
    assert largest_sources(events, 9) == ("est_report", "guard", "police", "citizen")
    assert largest_sources(no_incidents()) == ()


def scattered(n: int, seed: int, **columns: object) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 3000, (2, n))
    return make_incidents(x=x.round(), y=y.round(), day=rng.integers(0, 700, n), **columns)


FAST = RelativeOptions(runs=199, min_support=5.0)


def test_a_planted_surplus_lies_within_the_contour() -> None:
    rng = np.random.default_rng(4)
    more = make_incidents(
        x=rng.normal(1500, 60, 80).round(), y=rng.normal(1500, 60, 80).round(), day=np.arange(80)
    )
    cases = pd.concat([scattered(200, 1), more], ignore_index=True)
    found = relative_density(cases, scattered(1500, 2), FAST, crs=CRS)
    assert found.higher.covers(Point(X0 + 1500, Y0 + 1500))
    assert found.higher.area < 1_000_000
    at = found.table[found.table.geometry.covers(Point(X0 + 1510, Y0 + 1510))]
    assert at["ratio"].item() > 2
    assert at["p_map"].item() == pytest.approx(2 / 200)
    assert (found.n_cases, found.n_against) == (280, 1500)


def test_random_labels_seldom_give_a_contour() -> None:
    options = RelativeOptions(runs=99, cell_size_m=200)
    false = 0
    for seed in range(20):
        pool = scattered(600, seed)
        case = np.random.default_rng(seed + 100).permutation(600) < 150
        found = relative_density(pool[case], pool[~case], options, crs=CRS)
        false += (found.table["class"].isin(["higher", "lower"])).any()
    assert false <= 4  # 5 % of 20 is one


def test_the_ratio_is_that_of_two_direct_kernel_sums() -> None:
    cases, others = scattered(60, 5), scattered(200, 6)
    options = RelativeOptions(runs=99, unit="events", cell_size_m=50, bandwidth_m=300)
    table = relative_density(cases, others, options, crs=CRS).table
    row = table.sort_values("support", kind="stable").iloc[-1]
    centre = row["x_m"] + 25, row["y_m"] + 25

    def direct(events: pd.DataFrame) -> float:
        dx, dy = events["x_m"] - centre[0], events["y_m"] - centre[1]
        return float(np.exp(-(dx**2 + dy**2) / (2 * 300**2)).sum())

    assert row["support"] == pytest.approx(direct(cases) + direct(others), rel=0.02)
    expected = (direct(cases) / 60) / (direct(others) / 200)
    assert row["ratio"] == pytest.approx(expected, rel=0.02)


def test_mean_and_variance_of_random_labelling_are_the_known_ones() -> None:
    from hotspots.relative import _smooth

    rng = np.random.default_rng(0)
    n_all = rng.integers(0, 4, (6, 7)).astype(float)
    kernel = np.exp(-0.5 * np.arange(-4, 5) ** 2 / 1.5**2)
    total, dealt = int(n_all.sum()), 12
    draws = rng.multivariate_hypergeometric(n_all.ravel().astype(int), dealt, size=4_000)
    values = np.array([_smooth(d.reshape(6, 7).astype(float), kernel)[2, 3] for d in draws])
    support = _smooth(n_all, kernel)[2, 3]
    share = dealt / total
    spread = _smooth(n_all, kernel**2)[2, 3] - support**2 / total
    assert values.mean() == pytest.approx(share * support, rel=0.02)
    variance = share * (1 - share) * total / (total - 1) * spread
    assert values.var() == pytest.approx(variance, rel=0.08)


def test_a_day_of_work_counts_once_and_the_order_of_rows_not_at_all() -> None:
    cases, others = scattered(80, 7), scattered(300, 8)
    pushed = pd.concat([cases, *[cases.iloc[:1]] * 30], ignore_index=True)
    one = relative_density(cases, others, FAST, crs=CRS)
    other = relative_density(pushed.iloc[::-1], others.iloc[::-1], FAST, crs=CRS)
    pd.testing.assert_frame_equal(pd.DataFrame(one.table), pd.DataFrame(other.table))
    assert one.higher.equals(other.higher)


@pytest.mark.parametrize("what", ["no cases", "nothing against", "bandwidth", "one point"])
def test_what_cannot_be_compared_gets_a_clear_answer(what: str) -> None:
    some, none = scattered(30, 1), no_incidents()
    if what == "one point":
        at = make_incidents(x=np.zeros(30), day=list(range(30)))
        found = relative_density(at.iloc[:10], at.iloc[10:], FAST, crs=CRS)
        assert set(found.table["class"]) <= {"too_few", "none"}
        assert found.table["ratio"].to_numpy() == pytest.approx(np.ones(len(found.table)))
        return
    options = RelativeOptions(bandwidth_m=50) if what == "bandwidth" else FAST
    cases, others = (none, some) if what == "no cases" else (some, none)
    found = relative_density(cases, some if what == "bandwidth" else others, options, crs=CRS)
    schema.check(found.table, "relative_density", crs=CRS, tables=EVIDENCE)
    assert found.table.empty
    assert found.higher.is_empty
    code = "bandwidth_below_cell" if what == "bandwidth" else "nothing_to_compare"
    assert [n.code for n in found.notices] == [code]
