from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import made_up_evidence as made_up
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.language import using
from maps import style
from maps.pictures.accuracy import accuracy_panels, kind, share_text
from maps.pictures.lorenz import lorenz_picture, thinned
from maps.pictures.matrix import Scale, edges, matrix_picture, scale
from maps.pictures.quarters import quarters_picture
from maps.pictures.svg import decimals, picture, share, step, tag

EVIL = "<script>alert(1)</script>\"'&"


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [e for e in root.iter() if name in e.get("class", "").split()]


def percents(value: str | None) -> float:
    assert value is not None
    return float(value.removesuffix("%"))


def test_elements_are_escaped_and_numbers_short() -> None:
    made = tag("text", EVIL, class_="a", stroke_width=1.0, x=2.345678, data_x=EVIL)
    assert "<script" not in made
    root = parsed(made)
    assert root.text == EVIL
    assert root.attrib == {"class": "a", "stroke-width": "1", "x": "2.35", "data-x": EVIL}
    assert tag("rect", x=0) == '<rect x="0"/>'
    assert share(0.125) == "12.5%"


def test_a_picture_has_a_name_and_a_description() -> None:
    root = parsed(picture("p", "Namn", EVIL, tag("rect")))
    named = {e.get("id"): e.text for e in root.iter() if e.get("id")}
    assert root.get("role") == "img"
    assert named[root.get("aria-labelledby")] == "Namn"
    assert named[root.get("aria-describedby")] == EVIL


@given(st.floats(1e-3, 1e6), st.integers(1, 9))
def test_steps_are_round_few_and_no_coarser_than_need_be(top: float, most: int) -> None:
    width = step(top, most)
    assert width * most >= top * (1 - 1e-6)
    assert width <= 2.5 * top / most * (1 + 1e-6)
    assert float(f"{width:.{decimals(width)}f}") == pytest.approx(width)
    assert f"{width:e}"[0] in "125"


def test_steps_of_nothing() -> None:
    assert step(0, 5) == 1
    assert step(float("nan"), 5) == 1


def test_bars_of_quarters_are_as_high_as_the_counts() -> None:
    counts, hot = (4, 0, 8, 2), (False, False, True, False)
    root = parsed(quarters_picture("q", EVIL, counts, hot, ("a", "b", "c", "d")))
    bars = list(root.iter("rect"))
    heights = [float(e.get("height", "")) for e in bars]
    assert heights == pytest.approx([heights[2] * c / 8 for c in counts])
    feet = {float(e.get("y", "")) + float(e.get("height", "")) for e in bars}
    assert len(feet) == 1
    assert [e.get("class") for e in bars] == ["cool", "cool", "hot", "cool"]
    assert len(list(root.iter("circle"))) == 1
    assert [e[0].text for e in bars] == ["a: 4", "b: 0", "c: 8", "d: 2"]
    assert root[1].text == "4 kvartal, äldst först: 4, 0, 8, 2. Het i 1 av dem."


def test_quarters_without_events_draw_nothing_and_divide_by_nothing() -> None:
    root = parsed(quarters_picture("q", "H01", (0, 0), (False, False), ()))
    assert [e.get("height") for e in root.iter("rect")] == ["0", "0"]


def test_the_lorenz_curve_runs_below_the_diagonal_between_its_corners() -> None:
    root = parsed(lorenz_picture("l", made_up.lorenz()))
    (line,) = root.iter("polyline")
    points = [tuple(map(float, p.split(","))) for p in line.get("points", "").split()]
    (even,) = of_class(root, "even")
    corners = [(float(even.get(f"x{i}", "")), float(even.get(f"y{i}", ""))) for i in (1, 2)]
    assert points[0] == pytest.approx(corners[0])
    assert points[-1] == pytest.approx(corners[1])
    assert len(points) <= 200
    (x0, y0), (x1, y1) = corners
    for x, y in points:  # SVG counts downwards: below is a larger y
        assert y >= y0 + (x - x0) / (x1 - x0) * (y1 - y0) - 0.2


def test_thinning_stays_on_the_curve() -> None:
    report = made_up.lorenz(n=5000)
    xs, ys = thinned(report)
    whole = np.interp(xs, report.curve["share_units"], report.curve["share_events"])
    assert ys == pytest.approx(whole, abs=2e-3)
    short = replace(report, curve=report.curve.iloc[[0, 2500, -1]])
    assert len(thinned(short)[0]) == 3


def test_the_busiest_units_are_marked_on_the_curve_and_labels_keep_apart() -> None:
    report = made_up.lorenz()
    close = replace(
        report,
        top=pd.DataFrame({"share_units": [0.1, 0.001, 0.05], "share_events": [0.43, 0.41, 0.42]}),
    )
    root = parsed(lorenz_picture("l", close))
    labels = of_class(root, "label")
    assert [e.text.split(":")[0] for e in labels] == ["0,1\u00a0%", "5\u00a0%", "10\u00a0%"]
    heights = [float(e.get("y", "")) for e in labels]
    assert all(b - a > 17 for a, b in pairwise(heights))
    (frame,) = of_class(root, "frame")
    left, top, side = (float(frame.get(k, "")) for k in ("x", "y", "width"))
    dots = of_class(root, "top")
    assert float(dots[2].get("cx", "")) == pytest.approx(left + 0.9 * side)
    assert float(dots[2].get("cy", "")) == pytest.approx(top + 0.43 * side)


def test_cells_of_the_matrix_have_the_colour_of_their_class() -> None:
    report = made_up.matrix()
    root = parsed(matrix_picture("m", report))
    cells = of_class(root, "cell")
    assert len(cells) == 7 * 24
    classes = scale(report.matrix)
    for cell, value in zip(cells, report.matrix[:, :24].ravel(), strict=True):
        assert cell.get("fill") == classes.colour(value)
    xs = [percents(e.get("x")) for e in cells[:24]]
    assert xs == sorted(xs)
    assert cells[24].get("x") == cells[0].get("x")
    assert len(of_class(root, "unknown")) == 7
    assert [e[0].text for e in cells[:1]] == ["måndag 00–01: 0,2"]


@given(st.floats(1e-3, 1e6))
def test_classes_cover_the_matrix_and_limits_are_of_the_class_below(top: float) -> None:
    matrix = np.zeros((7, 25))
    matrix[3, 5] = top
    matrix[:, 24] = 1e9  # unknown hours don't stretch the scale
    made = scale(matrix)
    assert made.colour(0.0) == "#ffffff"
    assert made.colour(top) == made.colours[-1]
    assert made.colours in style.SEQUENTIAL.values()
    for i, colour in enumerate(made.colours, start=1):
        assert made.colour(i * made.width) == colour
    assert len(made.legend()) == len(made.colours) + 1


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("top", [1, 2, 3, 4, 5, 6, 7, 8.3, 9.9])
def test_colours_darken_so_that_grey_print_reads(top: float) -> None:
    matrix = np.zeros((7, 25))
    matrix[0, 0] = top
    grey = [luminance(colour) for colour, _text in scale(matrix).legend()]
    assert all(a > b * 1.1 for a, b in pairwise(grey))


def test_a_matrix_without_known_hours() -> None:
    report = made_up.matrix()
    matrix = np.zeros((7, 25))
    matrix[2, 24] = 1.5
    root = parsed(matrix_picture("m", replace(report, matrix=matrix, hours=(), window="")))
    assert {e.get("fill") for e in of_class(root, "cell")} == {"#ffffff"}
    assert of_class(root, "window") == []
    assert root[1].text == "Ingen händelse har känt klockslag."
    assert "1,5" in [e.text for e in root.iter("text")]
    assert Scale(0.0, ()).legend() == [("#ffffff", "0")]


@pytest.mark.parametrize(
    ("hours", "runs"),
    [
        (set(), []),
        ({14, 15, 16}, [(14, 17, True, True)]),
        ({22, 23}, [(22, 24, True, True)]),
        ({0, 1}, [(0, 2, True, True)]),
        ({22, 23, 0, 1}, [(0, 2, False, True), (22, 24, True, False)]),
        (set(range(24)), [(0, 24, True, True)]),
    ],
)
def test_the_window_is_framed_and_open_where_it_goes_past_midnight(
    hours: set[int], runs: list[tuple[int, int, bool, bool]]
) -> None:
    assert edges(frozenset(hours)) == runs


def test_dots_lie_on_the_axis_at_their_pai() -> None:
    report = made_up.accuracy()
    order = list(made_up.METHODS)
    panels = accuracy_panels(report, order)
    assert [p.title for p in panels] == [f"{n}\u00a0% av ytan" for n in (1, 2, 5, 10)]
    root = parsed(panels[2].drawing)
    dots = {y: x for e in of_class(root, "at") for x, y in [(e.get("x"), e.get("y"))]}
    rows = of_class(root, "row-name")
    assert [e.text for e in rows] == order
    texts = [e for e in of_class(root, "axis-text") if e.text == "10"]
    ten, zero = percents(texts[0].get("x")), percents(of_class(root, "axis-text")[0].get("x"))
    for e in rows:
        pai = made_up.METHODS[e.text][1]
        assert percents(dots[e.get("y")]) == pytest.approx(zero + (ten - zero) * pai / 10, abs=0.02)
    (line,) = of_class(root, "ref")
    at = rows[order.index(made_up.REFERENCE)].get("y")
    assert line.get("x1") == dots[at]


def test_the_method_in_use_and_the_reference_have_shapes_of_their_own() -> None:
    assert kind("a", True, "a") == "used"
    assert kind("a", True, "b") == "reference"
    assert kind("a", False, "b") == "other"
    root = parsed(accuracy_panels(made_up.accuracy(), list(made_up.METHODS))[0].drawing)
    assert len(of_class(root, "dot-used")) == 1
    assert len(of_class(root, "dot-reference")) == 1
    assert len(of_class(root, "dot-other")) == len(made_up.METHODS) - 2


def test_methods_without_figures_have_no_dot_and_no_words() -> None:
    table = made_up.accuracy().table
    gone = table["method"].eq("slumpen")
    table.loc[gone, ["pai", "pai_low", "pai_high"]] = np.nan
    root = parsed(accuracy_panels(made_up.accuracy(table=table), list(made_up.METHODS))[0].drawing)
    assert len(of_class(root, "at")) == len(made_up.METHODS) - 1
    assert "slumpen" not in str(root[1].text)
    table[["pai", "pai_low", "pai_high"]] = np.nan
    root = parsed(accuracy_panels(made_up.accuracy(table=table), list(made_up.METHODS))[0].drawing)
    assert of_class(root, "at") == []
    assert of_class(root, "ref") == []


def test_shares_of_the_area_keep_their_decimals() -> None:
    assert share_text(0.05) == "5\u00a0% av ytan"
    assert share_text(0.005) == "0,5\u00a0% av ytan"
    assert share_text(0.0025) == "0,25\u00a0% av ytan"


def test_pictures_are_well_formed_in_both_languages() -> None:
    for chosen in ("sv", "en"):
        with using(chosen):
            drawn = [
                lorenz_picture("l", made_up.lorenz(EVIL)),
                matrix_picture("m", made_up.matrix(EVIL)),
                *(p.drawing for p in accuracy_panels(made_up.accuracy(), list(made_up.METHODS))),
            ]
        for svg in drawn:
            root = parsed(svg)
            assert root.get("role") == "img"
            assert not any("style" in e.attrib for e in root.iter())
            assert re.search(r"nan|inf\b", svg) is None
