"""What is packed comes back: coordinates within half a step, columns exactly."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maps import encoding


def unpacked(features, digits):
    x = y = 0
    result = []
    for paths in features:
        lines = []
        for path in paths:
            x, y = x + path[0], y + path[1]
            steps = np.array(path).reshape(-1, 2).copy()
            steps[0] = (x, y)
            lines.append(np.cumsum(steps, axis=0) / 10**digits)
        result.append(lines)
    return result


@given(st.text())
def test_json_cannot_end_a_script_element_and_reads_back(text):
    written = encoding.to_json({"a": text})
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written) == {"a": text}


def test_polygons_with_holes_and_parts_come_back():
    hole = [[(16.1, 58.1), (16.2, 58.1), (16.2, 58.2)]]
    one = shapely.Polygon([(16, 58), (16.5, 58), (16.5, 58.5), (16, 58.5)], hole)
    two = shapely.MultiPolygon([shapely.box(17, 58, 17.1, 58.1), shapely.box(18, 58, 18.1, 58.1)])
    shapes = np.array([one, shapely.Polygon(), two], dtype=object)
    back = unpacked(encoding.paths(shapes, 6), 6)
    assert [len(paths) for paths in back] == [2, 0, 2]
    assert np.allclose(back[0][0], shapely.get_coordinates(one.exterior)[:-1], atol=1e-9)
    assert np.allclose(back[0][1], shapely.get_coordinates(one.interiors[0])[:-1], atol=1e-9)
    assert shapely.Polygon(back[2][1]).equals_exact(two.geoms[1], 1e-9, normalize=True)


COORDINATE = st.tuples(st.floats(10, 25), st.floats(55, 69))


@given(st.lists(st.lists(COORDINATE, min_size=2, max_size=8), min_size=1, max_size=5))
def test_lines_come_back_within_half_a_step(lines):
    shapes = np.array([shapely.LineString(line) for line in lines], dtype=object)
    back = unpacked(encoding.paths(shapes, 5), 5)
    for line, (path,) in zip(lines, back, strict=True):
        rounded = np.rint(np.array(line) * 1e5)
        kept = np.append(True, (rounded[1:] != rounded[:-1]).any(axis=1))
        assert np.allclose(path, np.array(line)[kept], atol=0.5001e-5)


@given(st.lists(COORDINATE, max_size=20))
def test_points_come_back_within_half_a_step(points):
    flat = encoding.points(
        np.asarray(shapely.points(points)) if points else np.array([], object), 5
    )
    back = np.cumsum(np.array(flat, dtype=int).reshape(-1, 2), axis=0) / 1e5
    assert np.allclose(back, np.array(points).reshape(-1, 2), atol=0.5001e-5)


def test_equal_borders_stay_equal():
    left, right = shapely.box(16, 58, 16.1234567, 58.1), shapely.box(16.1234567, 58, 16.3, 58.1)
    (a,), (b,) = unpacked(encoding.paths(np.array([left, right], dtype=object), 6), 6)
    assert set(map(tuple, a)) & set(map(tuple, b)) == {(16.123457, 58.0), (16.123457, 58.1)}


HOUSE = st.one_of(
    st.none(), st.text("ab 0129-/", max_size=8), st.from_regex(r"\w+ \d+", fullmatch=True)
)


@given(st.lists(HOUSE, max_size=20))
def test_addresses_come_back(values):
    packed = encoding.addresses(values)
    for value, which, house in zip(values, packed["which"], packed["houses"], strict=True):
        if which < 0:
            assert value is None
        else:
            street = packed["streets"][which]
            assert value == (f"{street} {house}" if house != 0 else street)


def test_streets_are_written_once():
    packed = encoding.addresses(["Ringgatan 1", "Ringgatan 2 B", "Ringgatan 03", "Torget"])
    assert packed["streets"] == ["Ringgatan", "Ringgatan 2 B", "Torget"]
    assert packed["houses"] == [1, 0, "03", 0]


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=20))
def test_compositions_come_back_largest_first(rows):
    table = pd.DataFrame(rows, columns=["a", "b", "c"])
    packed = encoding.compositions(table, ["a", "b", "c"])
    for row, which in zip(rows, packed["which"], strict=True):
        kind = packed["kinds"][which]
        assert dict(zip(kind[::2], kind[1::2], strict=True)) == {
            i: v for i, v in enumerate(row) if v
        }
        assert kind[1::2] == sorted(kind[1::2], reverse=True)


def test_dates_come_back():
    first = pd.Series(pd.to_datetime(["2024-03-02", "2023-01-05"]))
    last = pd.Series(pd.to_datetime(["2024-03-02", "2023-02-05"]))
    packed = encoding.day_spans(first, last)
    assert packed["values"] == [422, 0, 0, 31]
    assert pd.Timestamp(packed["base"], unit="D") == pd.Timestamp("2023-01-05")
    assert encoding.day_spans(first[:0], last[:0]) == {"base": 0, "values": []}
