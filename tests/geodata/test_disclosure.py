from __future__ import annotations

import dataclasses
import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from geodata import schema
from geodata.disclosure import (
    PROFILES,
    DisclosureOptions,
    Released,
    class_labels,
    hide_small,
    in_force,
    marking,
    release,
)
from geodata.errors import SchemaError
from geodata.options import read_options
from tests.made_tables import CRS, SECRETS, filled, grid

OPTIONS = DisclosureOptions()


def written(released: Released) -> str:
    """Return everything a writer could find in it."""
    parts = [repr(released.notes)]
    if released.table is not None:
        table = released.table
        parts += [table.to_csv(), repr(table.attrs), repr(list(table.columns)), repr(table.index)]
        parts += [repr(list(table[c].dtype.categories)) for c in table.select_dtypes("category")]
    return "\n".join(parts)


def test_only_the_door_makes_a_released_table() -> None:
    with pytest.raises(TypeError, match="only"):
        Released("areas", filled("areas"), "intern", ())
    passed = release(filled("areas"), "areas", "intern", OPTIONS)
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(passed, table=filled("incidents"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        passed.table = None


@pytest.mark.parametrize("profile", PROFILES)
def test_what_has_no_rule_is_refused(profile: str) -> None:
    with pytest.raises(ValueError, match="no rule"):
        release(filled("areas"), "suspects", profile, OPTIONS)
    with pytest.raises(ValueError, match="no rule"):
        release(None, "suspects", profile, OPTIONS)


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="no rule"):
        release(filled("areas"), "areas", "alla", OPTIONS)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_column_outside_the_description_is_refused(profile: str) -> None:
    with pytest.raises(SchemaError, match="extra column name_of_suspect"):
        release(filled("areas").assign(name_of_suspect="x"), "areas", profile, OPTIONS)


@pytest.mark.parametrize("name", schema.TABLES)
def test_intern_lets_all_through_and_leaves_the_input_alone(name: str) -> None:
    table = filled(name).iloc[[2, 0]]
    before = table.copy()
    passed = release(table, name, "intern", OPTIONS)
    assert passed.table is not None
    assert list(passed.table.columns) == list(schema.TABLES[name])
    assert passed.notes == ()
    pd.testing.assert_frame_equal(pd.DataFrame(table), pd.DataFrame(before))
    schema.check(passed.table, name)


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
@pytest.mark.parametrize(
    "name", ["incidents", "rejected", "places", "camera_sites", "search_sites"]
)
def test_rows_and_points_are_withheld_with_a_reason(name: str, profile: str) -> None:
    passed = release(filled(name), name, profile, OPTIONS)
    assert passed.table is None
    assert len(passed.notes) == 1
    assert "internt" in passed.notes[0]


@pytest.mark.parametrize("name", ["hotspots", "grid", "incidents", "places", "search_sites"])
@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_no_address_case_time_or_point_survives(name: str, profile: str) -> None:
    secret = filled(name)
    ids = [c for c in ("cell_id", "hotspot_id", "area_id") if c in secret]
    secret[ids] = "id"
    if name == "hotspots":
        secret["persistence"] = "chronic"  # one of a few words, never text of the data
    if name in ("grid", "hotspots"):
        secret = secret.set_geometry(
            gpd.GeoSeries([box(i * 300, 0, i * 300 + 300, 300) for i in range(3)], crs=CRS)
        )
    secret.index = pd.Index(list(SECRETS[:3]))
    secret.attrs["source_file"] = SECRETS[1]
    text = written(release(secret, name, profile, OPTIONS))
    for trace in (*SECRETS, "14:35", "2024-03-15", "POINT"):
        assert trace not in text


def test_hotspots_stay_inside_and_lose_name_and_days() -> None:
    table = filled("hotspots", 3, n_events=np.array([40, 2, 9]), n_days=np.array([20, 2, 2]))
    passed = release(table, "hotspots", "samverkan", OPTIONS)
    assert passed.table is not None
    assert list(passed.table["n_events"]) == [40, 9]
    assert not {"name", "first_date", "last_date"} & set(passed.table.columns)
    assert list(passed.table["first_month"]) == ["2024-03", "2024-03"]
    assert passed.table["n_days"].isna().tolist() == [False, True]
    assert passed.table["hidden"].tolist() == [False, True]
    assert any("1 hot spot med" in note for note in passed.notes)
    assert release(table, "hotspots", "publik", OPTIONS).table is None


def test_a_lone_small_class_takes_another_with_it() -> None:
    counts = {f"n_{c}": np.array([0]) for c in schema.OFFENCE_CLASSES}
    counts |= {"n_drug_supply": np.array([12]), "n_drug_use": np.array([1])}
    counts |= {"n_alcohol": np.array([7])}
    table = filled("hotspots", 1, n_events=np.array([20]), **counts)
    shown = release(table, "hotspots", "samverkan", OPTIONS).table
    assert shown is not None
    row = shown.iloc[0]
    assert row["n_drug_supply"] == 12
    assert pd.isna(row["n_drug_use"])
    assert pd.isna(row["n_alcohol"])  # else 20 − 12 − 7 = 1
    assert row["n_doping"] == 0  # zero is not hidden


def test_a_share_that_stands_for_a_small_count_is_hidden() -> None:
    shares = np.array([0.1, 0.9, 0.0, 1.0, 0.34567, np.nan])
    table = filled("hotspots", 6, n_events=np.full(6, 10), share_police_initiated=shares)
    shown = release(table, "hotspots", "samverkan", OPTIONS).table
    assert shown is not None
    assert shown["share_police_initiated"].isna().tolist() == [
        True,
        True,
        False,
        False,
        False,
        True,
    ]
    assert shown["share_police_initiated"][4] == 0.35


def test_grid_for_partners() -> None:
    shown = release(grid([1, 2, 1, 3, 50]), "grid", "samverkan", OPTIONS).table
    assert shown is not None
    assert shown["n_events"].isna().tolist() == [True, True, True, False, False]
    assert shown["share"].isna().tolist() == [True, True, True, False, False]
    assert shown["hidden"].tolist() == [True, True, True, False, False]
    assert isinstance(shown, gpd.GeoDataFrame)
    assert shown.crs == CRS


def test_cells_that_are_too_small_are_withheld() -> None:
    assert release(grid([9], side=50), "grid", "samverkan", OPTIONS).table is None
    assert release(grid([9], side=100), "grid", "publik", OPTIONS).table is None
    fine = release(grid([9], side=249), "grid", "publik", OPTIONS)
    assert "250 m" in fine.notes[0]


def test_public_grid_has_classes_and_no_counts() -> None:
    shown = release(
        grid([1, 4, 5, 9, 10, 99, 100, 4711], side=250), "grid", "publik", OPTIONS
    ).table
    assert shown is not None
    assert list(shown.columns) == ["cell_id", "events_class", "hidden", "geometry"]
    assert shown["events_class"].astype(str).tolist() == [
        "färre än 5",
        "färre än 5",
        "5–9",
        "5–9",
        "10–19",
        "50–99",
        "100 eller fler",
        "100 eller fler",
    ]
    assert shown["hidden"].tolist() == [True, True] + [False] * 6
    assert "4711" not in written(release(grid([4711], side=250), "grid", "publik", OPTIONS))


def test_public_classes_follow_a_sharper_limit() -> None:
    assert class_labels(30)[:2] == ("färre än 30", "30–49")
    assert class_labels(200) == ("färre än 200", "200 eller fler")
    sharper = DisclosureOptions(min_count_publik=30)
    shown = release(grid([29, 30, 120], side=250), "grid", "publik", sharper).table
    assert shown is not None
    assert shown["hidden"].tolist() == [True, False, False]


def test_a_public_grid_whose_classes_and_sum_tell_a_small_count_is_withheld() -> None:
    # 13 counted: the other cell has 9 at most, so this one has 4 and no less
    passed = release(grid([4, 9], side=250), "grid", "publik", OPTIONS)
    assert passed.table is None
    assert "ger tillsammans bort små tal" in passed.notes[0]
    assert release(grid([4, 9, 120, 7], side=250), "grid", "publik", OPTIONS).table is not None


@pytest.mark.parametrize("name", ["areas", "grid", "hotspots"])
@pytest.mark.parametrize("profile", PROFILES)
def test_empty_tables_pass(name: str, profile: str) -> None:
    passed = release(schema.empty(name, crs=CRS), name, profile, OPTIONS)
    assert passed.table is None or len(passed.table) == 0


def test_nothing_to_show_is_not_called_withheld() -> None:
    passed = release(None, "camera_sites", "publik", OPTIONS)
    assert passed.table is None
    assert passed.notes == ()


@pytest.mark.parametrize("minimum", [3, 5])
@pytest.mark.parametrize("n", [2, 3, 4])
def test_no_hidden_count_can_be_worked_out(minimum: int, n: int) -> None:
    """Brute force: a reader knows the rule, the sum, and everything that is shown."""
    seen: dict[object, list[tuple[int, ...]]] = {}
    for counts in itertools.product(range(minimum + 4), repeat=n):
        values = np.array(counts)
        hidden = hide_small(values, minimum)
        key = (tuple(hidden), tuple(values[~hidden]), values.sum())
        seen.setdefault(key, []).append(counts)
    for (hidden, _shown, _sum), possible in seen.items():
        for i in np.flatnonzero(hidden):
            values = {counts[i] for counts in possible}
            assert len(values) > 1 or values.pop() >= minimum, possible


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=30),
    st.integers(3, 12),
    st.randoms(use_true_random=False),
)
def test_hiding_does_not_depend_on_order(counts: list[int], minimum: int, random: object) -> None:
    values = np.array(counts)
    order = list(range(len(counts)))
    random.shuffle(order)
    hidden = hide_small(values, minimum)
    assert (hide_small(values[order], minimum) == hidden[order]).all()
    assert hidden[(values > 0) & (values < minimum)].all()
    assert not hide_small(values[values >= minimum], minimum).any()


def test_limits_can_be_weaker_but_not_without_saying_so() -> None:
    options, faults = read_options(
        DisclosureOptions, {"min_count_publik": 3, "min_cell_m_publik": 200}, "[disclosure]"
    )
    assert faults == []
    passed = release(grid([2, 3], side=200), "grid", "publik", options)
    assert passed.table is not None
    assert passed.table["hidden"].tolist() == [True, False]
    assert sum("Svagare skydd" in note for note in passed.notes) == 2
    with in_force(options):
        assert "antal från 3 visas (förval 5)" in marking("publik")
        assert "Svagare" not in marking("samverkan")
        assert "Svagare" not in marking("intern")
    assert "Svagare" not in marking("publik")
    assert not any(
        "Svagare" in n for n in release(grid([9], side=250), "grid", "publik", OPTIONS).notes
    )


def test_limits_that_would_protect_nothing_are_refused() -> None:
    options, faults = read_options(
        DisclosureOptions, {"min_count_publik": 1, "min_cell_m_publik": 10}, "[disclosure]"
    )
    assert [f.code for f in faults] == ["out_of_range", "out_of_range"]
    assert options == OPTIONS


def test_the_words_on_every_output() -> None:
    assert "SEKRETESSPRÖVAS" in marking("intern")
    assert len({marking(p) for p in PROFILES}) == 3
