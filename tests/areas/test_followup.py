"""Areas period against period: known answers, coverage by simulation, boundaries, bad input."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy import stats

from areas.followup import FollowupOptions, Periods, choose_periods, follow_up
from areas.followup.ratios import chance_to_show, dispersion_of, period_ratio
from geodata.effect_tables import BY_DATE, FOLLOWUP
from geodata.errors import SettingsError
from geodata.ratios import ratio_of_ratios, rri
from geodata.schema import check
from tests.areas.picture_tables import areas_table
from tests.factories import make_incidents

SPAN = (date(2023, 1, 1), date(2024, 12, 31))
YEARS = Periods(date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31))


def events(n_before: int, n_now: int, *, x: float = 900.0, seed: int = 1, **columns: Any):
    rng = np.random.default_rng(seed)
    day = np.concatenate([rng.integers(-365, 0, n_before), rng.integers(0, 366, n_now)])
    return make_incidents(x=np.full(len(day), x), y=500.0, day=day, **columns)


def compare(incidents, areas=None, periods=YEARS, by_month=False, **options):
    table = areas_table() if areas is None else areas
    return follow_up(incidents, table, periods, FollowupOptions(**options), by_month=by_month)


def row(table: pd.DataFrame, area: str, kind: str = "all", boundary: str = BY_DATE):
    own = table[(table["area_id"] == area) & (table["class"] == kind)]
    return own[own["boundary"] == boundary].iloc[0]


# --- figures ---


def test_rri_of_the_test_case() -> None:
    assert rri(30, 24, 120, 100) == pytest.approx(0.96)


def test_ratio_of_ratios_against_the_formula_written_out() -> None:
    found = ratio_of_ratios((30, 24), (90, 76))
    log = np.log(24.5 / 30.5) - np.log(76.5 / 90.5)
    reach = 1.959964 * np.sqrt(1 / 24.5 + 1 / 30.5 + 1 / 76.5 + 1 / 90.5)
    assert found.estimate == pytest.approx(np.exp(log))
    assert (found.low, found.high) == pytest.approx((np.exp(log - reach), np.exp(log + reach)))
    assert not found.certain


@given(st.integers(0, 300), st.integers(0, 300), st.floats(1, 4))
def test_the_interval_turns_round_with_the_periods_and_widens_with_dispersion(a, b, by) -> None:
    one = np.ones(1)
    r, low, high = period_ratio(a * one, b * one, 365 * one, 365 * one, one)
    back = period_ratio(b * one, a * one, 365 * one, 365 * one, one)
    if a and b:
        assert back[1][0] == pytest.approx(1 / high[0])
        wide = period_ratio(a * one, b * one, 365 * one, 365 * one, by * one)
        assert wide[0][0] == pytest.approx(r[0])
        assert wide[1][0] <= low[0] * (1 + 1e-9) or min(a, b) / by < 1


def test_power_against_brute_force() -> None:
    for total, share in ((40, 0.5), (90, 0.5), (150, 0.4)):
        days = np.array([1000 * (1 - share)]), np.array([1000 * share])
        found = chance_to_show(np.array([float(total)]), *days, np.ones(1), 0.5)[0]
        n = int(total * (1 - share) + total * share * 0.5 + 1e-9)
        fallen = share * 0.5 / (1 - share * 0.5)
        shown = [
            k
            for k in range(n + 1)
            if period_ratio(*(np.array([float(v)]) for v in (n - k, k)), *days, np.ones(1))[2][0]
            < 1
        ]
        assert found == pytest.approx(stats.binom.pmf(shown, n, fallen).sum(), abs=1e-9)


@pytest.mark.parametrize("bout", [1.0, 2.5])
def test_limits_cover_no_change_with_events_in_bouts(bout: float) -> None:
    """Counts of 52 + 52 weeks with season; the same level in both."""
    rng = np.random.default_rng(581)
    season = 1 + 0.4 * np.cos(2 * np.pi * np.arange(52) / 52)
    mean = np.tile(1.5 * season, (1000, 2, 1))
    if bout > 1:
        mean = rng.gamma(mean / (bout - 1), bout - 1)
    counts = rng.poisson(mean).astype(float)
    spread = dispersion_of(counts[:, 0], counts[:, 1], paired=True)
    total = counts.sum(axis=2)
    days = np.full(1000, 364.0)
    _ratio, low, high = period_ratio(total[:, 0], total[:, 1], days, days, spread)
    wrong = np.mean((low > 1) | (high < 1))
    assert 0.01 <= wrong <= 0.075
    assert spread.mean() == pytest.approx(bout, abs=0.2)
    if bout > 1:  # why the counts are divided by their dispersion
        _ratio, low, high = period_ratio(total[:, 0], total[:, 1], days, days, np.ones(1000))
        assert np.mean((low > 1) | (high < 1)) > 0.12


# --- the table ---


def test_leap_year_and_unequal_lengths_are_normalised() -> None:
    found = row(compare(events(365, 366)).table, "a")
    assert (found["days_before"], found["days_now"]) == (365, 366)
    assert found["ratio"] == pytest.approx(1.0)
    assert found["per_year_before"] == pytest.approx(365.25)
    half = Periods(date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1), date(2024, 6, 30))
    found = row(compare(events(200, 200), periods=half).table, "a")
    n = found["n_now"] / 182 / (found["n_before"] / 365)
    assert found["ratio"] == pytest.approx(n)


def test_states_and_words() -> None:
    told = {
        name: row(compare(events(*counts)).table, "a")
        for name, counts in {
            "rose": (60, 140),
            "fell": (140, 60),
            "none": (120, 125),
            "few": (6, 4),
        }.items()
    }
    for state, found in told.items():
        assert found["state"] == state
    assert "har ökat" in told["rose"]["sentence"]
    assert "har minskat" in told["fell"]["sentence"]
    assert told["rose"]["sentence"].startswith("Anmälda")
    for quiet in ("none", "few"):
        assert "ökat" not in told[quiet]["sentence"]
        assert "minskat" not in told[quiet]["sentence"]
    assert "för få händelser för att visa ens en halvering" in told["few"]["sentence"]


def test_against_the_rest_and_the_whole() -> None:
    near, far = events(30, 24, seed=2), events(90, 76, x=100.0, seed=3)
    both = make_incidents(
        x=np.concatenate([np.full(54, 900.0), np.full(166, 100.0)]),
        y=500.0,
        day=np.concatenate(
            [
                (near["start"].dt.tz_localize(None) - pd.Timestamp("2024-01-01 12:00")).dt.days,
                (far["start"].dt.tz_localize(None) - pd.Timestamp("2024-01-01 12:00")).dt.days,
            ]
        ),
    )
    found = row(compare(both).table, "a")
    assert found["rri"] == pytest.approx(0.96)
    assert found["rest_ratio"] == pytest.approx((24.5 / 30.5) / (76.5 / 90.5))


def test_parts_sum_to_the_whole_and_sources_stay_apart() -> None:
    rng = np.random.default_rng(4)
    n = 600
    incidents = make_incidents(
        x=rng.integers(0, 2000, n),
        y=rng.integers(0, 1000, n),
        day=rng.integers(-365, 366, n),
        source=rng.choice(["police", "est_report"], n).tolist(),
        offence_class=rng.choice(["drug_supply", "drug_use", "damage"], n).tolist(),
    )
    table = compare(incidents).table
    check(table, "followup_areas", tables=FOLLOWUP)
    for source in ("police", "est_report"):
        own = table[table["source"] == source]
        for kind in own["class"].unique():
            rows = own[own["class"] == kind].set_index("area_id")["n_now"]
            assert rows["a"] + rows["*outside"] == rows["*"]
    shuffled = compare(incidents.sample(frac=1, random_state=2)).table
    assert_frame_equal(table, shuffled)


def test_default_address_is_of_the_whole_only() -> None:
    incidents = events(50, 60, stacked=True)
    table = compare(incidents).table
    assert row(table, "*")["n_now"] == 60
    assert row(table, "a")["n_now"] == 0


def test_a_redrawn_boundary_is_told_and_shown_both_ways() -> None:
    areas = areas_table(
        {
            "area_id": "a",
            "name": "Åkern",
            "kind": "est_area",
            "box": (800, 0, 1600, 1000),
            "valid_from": "2024-01-01",
        }
    )
    areas.loc[areas["area_id"] == "a", "valid_to"] = [pd.Timestamp("2023-12-31"), pd.NaT]
    incidents = make_incidents(
        x=np.repeat([900.0, 1500.0, 900.0, 1500.0], [40, 40, 40, 40]),
        y=500.0,
        day=np.repeat([-100, -100, 100, 100], 40),
    )
    found = compare(incidents, areas)
    assert found.notices[0].code == "boundary_changed"
    assert "Åkern" in found.notices[0].text
    by_date = row(found.table, "a")
    assert (by_date["n_before"], by_date["n_now"]) == (40, 80)
    old, new = row(found.table, "a", boundary=""), row(found.table, "a", boundary="2024-01-01")
    assert (old["n_before"], old["n_now"]) == (40, 40)
    assert (new["n_before"], new["n_now"]) == (80, 80)


def test_a_new_area_counts_its_own_days() -> None:
    areas = areas_table()
    areas.loc[areas["area_id"] == "a", "valid_from"] = pd.Timestamp("2023-07-01")
    found = compare(events(200, 366), areas).table
    assert row(found, "a")["days_before"] == 184
    assert row(found, "a", boundary="2023-07-01")["days_before"] == 365


def test_a_source_without_rows_in_one_period_is_missing_not_zero() -> None:
    found = compare(events(0, 40))
    told = row(found.table, "a")
    assert told["state"] == "missing"
    assert pd.isna(told["n_before"])
    assert "uppgift saknas" in told["sentence"]
    assert "source_missing" in [notice.code for notice in found.notices]


def test_all_zero_in_an_area() -> None:
    told = row(compare(events(50, 50, x=100.0)).table, "a")
    assert (told["n_before"], told["n_now"], told["state"]) == (0, 0, "few")


# --- periods ---


def test_default_periods_are_a_year_and_the_year_before() -> None:
    found, notices = choose_periods(SPAN, FollowupOptions(), by_month=False)
    assert found == YEARS
    assert found.alike
    assert [n.code for n in notices] == ["followup_periods"]


def test_the_end_of_february_stays_an_end() -> None:
    span = (date(2021, 1, 1), date(2024, 2, 29))
    found, _notices = choose_periods(span, FollowupOptions(), by_month=False)
    assert found == Periods(
        date(2022, 3, 1), date(2023, 2, 28), date(2023, 3, 1), date(2024, 2, 29)
    )


def test_an_extract_that_begins_late_cuts_both_to_the_same_part_of_the_year() -> None:
    found, notices = choose_periods((date(2023, 4, 1), SPAN[1]), FollowupOptions(), by_month=False)
    assert found == Periods(date(2023, 4, 1), date(2023, 12, 31), date(2024, 4, 1), SPAN[1])
    assert "followup_cut" in [n.code for n in notices]


def test_an_extract_too_short_says_so() -> None:
    found, notices = choose_periods((date(2024, 3, 1), SPAN[1]), FollowupOptions(), by_month=False)
    assert found is None
    assert [n.code for n in notices] == ["followup_short"]


def test_months_alone_are_whole_months() -> None:
    span = (date(2022, 1, 1), date(2024, 12, 31))
    found, _notices = choose_periods(
        span, FollowupOptions(date_to=date(2024, 11, 15)), by_month=True
    )
    assert found == Periods(
        date(2022, 11, 1), date(2023, 10, 31), date(2023, 11, 1), date(2024, 10, 31)
    )


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"date_from": date(2024, 5, 1), "date_to": date(2024, 4, 1)}, "period_reversed"),
        ({"date_from": date(2024, 5, 1), "date_to": date(2024, 5, 4)}, "period_short"),
        ({"date_from": date(2024, 1, 1), "before_to": date(2024, 2, 1)}, "periods_overlap"),
    ],
)
def test_periods_that_cannot_be(options, code) -> None:
    with pytest.raises(SettingsError) as caught:
        choose_periods(SPAN, FollowupOptions(**options), by_month=False)
    assert [fault.code for fault in caught.value.faults] == [code]
