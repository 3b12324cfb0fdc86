"""Texts of a column and the categories they stand for."""

from __future__ import annotations

import csv

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.offence_codes import DATA
from geodata.schema import INCIDENTS
from geodata.values import categorise, check_stated, texts


def rows_of(found):
    values = found.values.to_pylist()
    return [values[c] if c >= 0 else None for c in found.codes]


def test_texts_are_trimmed_and_blanks_missing():
    table = pa.table({"a": [" b ", "b", "", "-", "okänd", "OKÄND", None, "a"]})
    found = texts(table, ("a",))
    assert rows_of(found) == ["b", "b", None, None, None, None, None, "a"]
    assert found.values.to_pylist() == ["a", "b"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([120522283.0, None, 5.0]), ["120522283", None, "5"]),
        (pa.array([1.5, 2.0]), ["1.5", "2"]),
        (pa.array([7, 7, 8]), ["7", "7", "8"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (pa.array([float("nan"), 3.0]), [None, "3"]),
    ],
)
def test_typed_columns_become_texts(values, expected):
    assert rows_of(texts(pa.table({"a": values}), ("a",))) == expected


def test_columns_are_joined_by_a_space():
    table = pa.table({"a": ["Storgatan", "Storgatan", "", ""], "b": ["5", "", "7", ""]})
    assert rows_of(texts(table, ("a", "b"))) == ["Storgatan 5", "Storgatan", "7", None]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", " a", "a", "å", "B ", "-"]), st.sampled_from(["", "1", "2 "])
        ),
        min_size=1,
        max_size=30,
    )
)
def test_joined_texts_are_what_each_row_says(rows):
    table = pa.table({"a": [a for a, _b in rows], "b": [b for _a, b in rows]})
    expected = [
        " ".join(p.strip() for p in row if p.strip() not in ("", "-")) or None for row in rows
    ]
    found = texts(table, ("a", "b"))
    assert rows_of(found) == expected
    assert found.values.to_pylist() == sorted(found.values.to_pylist(), key=lambda t: t.encode())
    unordered = texts(table, ("a", "b"), ordered=False)
    assert rows_of(unordered) == expected


def test_known_texts_become_categories_and_others_are_told():
    table = pa.table(
        {"a": ["Ordningsvakt", "OV", "polisanmälan", "guard", "Marsian", "", "Marsian"]}
    )
    found = categorise(texts(table, ("a",)), "source", {"OV": "guard"})
    names = INCIDENTS["source"].values
    assert [names[c] if c >= 0 else None for c in found.codes] == [
        "guard",
        "guard",
        "police",
        "guard",
        None,
        None,
        None,
    ]
    assert found.unknown == {"Marsian": 2}


def test_the_projects_own_texts_win():
    table = pa.table({"a": ["Skola"]})
    found = categorise(texts(table, ("a",)), "space_type", {"skola": "public"})
    assert INCIDENTS["space_type"].values[found.codes[0]] == "public"


def test_every_built_in_text_stands_for_a_category():
    with (DATA / "value_names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["value"] in INCIDENTS[row["column"]].values, row


def test_faults_of_the_project_file_are_told_with_the_nearest():
    faults = check_stated(
        {"source": {"OV": "gard"}, "sorce": {}},
        {"space_type": "publik", "adress": "x"},
        "[[input]]",
    )
    assert [f.code for f in faults] == [
        "unknown_value",
        "unknown_target",
        "unknown_value",
        "unknown_target",
    ]
    assert "guard" in faults[0].next_step
    assert "source" in faults[1].next_step
    assert "public" in faults[2].next_step
