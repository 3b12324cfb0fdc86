"""Numbers of dog searches by area outside intern, and the file of standing texts."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.disclosure import DisclosureOptions, release
from geodata.errors import SettingsError
from geodata.language import using
from geodata.searchtexts import read_search_texts

COUNTS = ("n_entrances", "n_valid", "n_round", "n_searches", "n_finds")


def areas(rows: list[tuple[int, ...]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(COUNTS), dtype="int64")
    names = [f"A{i}" for i in range(len(rows))]
    table.insert(0, "area_id", pd.Series(names, dtype="str"))
    table.insert(1, "name", pd.Series(names, dtype="str"))
    for at, (name, edge) in enumerate(
        {"first_date": "2025-01-01", "last_date": "2025-12-31"}.items()
    ):
        days = pd.Series([pd.Timestamp(edge)] * len(rows)).astype("datetime64[us]")
        table.insert(2 + at, name, days)
    return table


@st.composite
def rows(draw) -> list[tuple[int, ...]]:
    found = []
    for _ in range(draw(st.integers(1, 6))):
        n = draw(st.integers(1, 30))
        searches = draw(st.integers(0, 20))
        finds = draw(st.integers(0, searches))
        valid = draw(st.integers(0, n))
        found.append((n, valid, draw(st.integers(0, valid)), searches, finds))
    return found


@given(rows(), st.sampled_from(["samverkan", "publik"]))
@settings(max_examples=80)
def test_no_small_number_is_shown_and_none_can_be_had_from_the_sum(made, profile):
    table = areas(made)
    options = DisclosureOptions()
    minimum = {"samverkan": 3, "publik": 5}[profile]
    shown = release(table, "search_areas", profile, options).table
    if shown is None:  # nothing of it could be told
        assert (table[list(COUNTS)] < minimum).any(axis=None)
        return
    for name in COUNTS:
        if name not in shown:
            continue
        known = shown[name].dropna().astype(int)
        assert not ((known > 0) & (known < minimum)).any()
        assert (known == table.loc[known.index, name]).all()
        # one hidden number alone would be the column's sum less the others
        assert shown[name].isna().sum() != 1 or len(shown) == 1
    few = table["n_entrances"] < minimum
    assert shown.loc[few, [n for n in COUNTS if n in shown]].isna().all(axis=None)
    assert (shown["hidden"] == shown[[n for n in COUNTS if n in shown]].isna().any(axis=1)).all()


def test_searches_without_a_find_are_no_way_around():
    shown = release(areas([(20, 20, 9, 8, 7), (20, 20, 9, 30, 9)]), "search_areas", "samverkan",
                    DisclosureOptions()).table  # fmt: skip
    assert shown["n_finds"].isna().all()  # 8 searches, 7 finds: one without
    assert shown["n_searches"].tolist() == [8, 30]


def test_the_public_sees_no_plan():
    table = areas([(20, 20, 9, 8, 0)])
    shown = release(table, "search_areas", "publik", DisclosureOptions()).table
    assert list(shown.columns) == [
        "area_id",
        "name",
        "n_entrances",
        "n_searches",
        "n_finds",
        "hidden",
    ]
    whole = release(table, "search_areas", "intern", DisclosureOptions()).table
    assert list(whole.columns) == list(table.columns)


@pytest.mark.parametrize("name", ["search_round", "search_walks", "search_minima"])
@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_a_round_leaves_in_intern_only(name, profile):
    from geodata import schema
    from geodata.search_tables import SEARCHES

    table = schema.empty(name, crs="EPSG:3006", tables=SEARCHES)
    assert release(table, name, profile, DisclosureOptions()).table is None


def test_texts_come_in_both_languages_and_from_ones_own_file(tmp_path):
    built_in = read_search_texts()
    assert "vapen" in built_in.text("police_act")
    with using("en"):
        assert "weapons" in built_in.text("police_act")
    own = tmp_path / "texter.toml"
    parts = [f'[text.{key}]\nsv = "Eget {key}"\n' for key in built_in.texts]
    own.write_text('version = "2027"\n' + "".join(parts), encoding="utf-8")
    found = read_search_texts(own)
    assert (found.version, found.text("consent")) == ("2027", "Eget consent")
    with using("en"):
        assert found.text("consent") == "Eget consent"


def test_a_file_of_texts_that_lacks_one_or_is_not_toml_is_told(tmp_path):
    own = tmp_path / "texter.toml"
    own.write_text('[text.consent]\nsv = "x"\n', encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        read_search_texts(own)
    assert error.value.faults[0].code == "search_texts_incomplete"
    assert "police_act" in error.value.faults[0].what
    own.write_text("= [", encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        read_search_texts(own)
    assert error.value.faults[0].code == "search_texts_unreadable"
