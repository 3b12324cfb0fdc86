"""Labels: none on another, none outside, all that must stand do, whatever the input."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.printed.canvas import Box, Canvas, fitting_scale, nice_scale
from maps.printed.drawing import apart, seen_size
from maps.printed.labels import area_name, obstacle, place, wrapped
from maps.printed.layer import Label, Look, Shapes

CANVAS = Canvas(Box(10, 20, 180, 120), (5000.0, 3000.0), 10_000)
SPOTS = st.tuples(st.floats(4000, 6000), st.floats(2300, 3700))


def covered(canvas: Canvas) -> shapely.Polygon:
    box = canvas.box
    return shapely.box(box.x, box.y, box.right, box.bottom)


@settings(max_examples=40)
@given(st.lists(SPOTS, max_size=30), st.sampled_from(["beside", "inside"]))
def test_no_two_labels_touch_and_none_leaves_the_map(spots, how):
    labels = [Label(f"H{i:02d} plats", x, y, place=how) for i, (x, y) in enumerate(spots)]
    symbols = [obstacle(100, 80, 5)]
    placed, unplaced = place(labels, CANVAS, symbols)
    inner = covered(CANVAS).buffer(-0.6, join_style="mitre")
    seen = CANVAS.to_paper(np.array(spots).reshape(-1, 2))
    assert len(placed) + len(unplaced) == sum(inner.covers(shapely.Point(at)) for at in seen)
    outlines = [one.outline for one in placed]
    for i, outline in enumerate(outlines):
        assert covered(CANVAS).covers(outline)
        assert not outline.intersects(symbols[0])
        assert not any(outline.intersects(other) for other in outlines[:i])


def test_crowded_labels_all_find_room_with_lines_to_their_places():
    labels = [Label(f"H{i:02d}", 5000.0 + i % 3, 3000.0 + i // 3) for i in range(40)]
    placed, unplaced = place(labels, CANVAS)
    assert not unplaced
    assert len(placed) == 40


def test_labels_that_need_not_stand_are_left_out_where_it_is_full():
    full = [shapely.box(0, 0, 300, 300)]
    labels = [Label("Namn", 5000, 3000, place="inside", required=False), Label("H01", 5000, 3000)]
    placed, unplaced = place(labels, CANVAS, full)
    assert placed == []
    assert [label.text for label in unplaced] == ["H01", "Namn"]


def test_the_order_of_labels_does_not_matter():
    rng = np.random.default_rng(3)
    labels = [
        Label(f"H{i:02d}", 5000 + 40 * x, 3000 + 40 * y, rank=i)
        for i, (x, y) in enumerate(rng.normal(size=(25, 2)))
    ]
    there = {one.label.text: (one.x, one.y) for one in place(labels, CANVAS)[0]}
    back = {one.label.text: (one.x, one.y) for one in place(labels[::-1], CANVAS)[0]}
    assert there == back


def test_a_place_outside_the_map_has_no_label():
    assert place([Label("H01", 0, 0)], CANVAS) == ([], [])


def test_a_street_has_its_name_once():
    names = [
        Label("Storgatan", 4800 + 200 * i, 3000, place="along", once="Storgatan") for i in range(3)
    ]
    placed, unplaced = place(names, CANVAS)
    assert len(placed) == 1
    assert not unplaced


def test_a_turned_label_takes_turned_room():
    (one,), _rest = place([Label("Storgatan", 5000, 3000, place="along", angle=90)], CANVAS)
    left, top, right, bottom = one.outline.bounds
    assert bottom - top > right - left


@given(st.lists(st.tuples(st.floats(20, 180), st.floats(30, 130)), max_size=12))
def test_places_go_apart_and_stay_on_the_map(xy):
    moved = apart(np.array(xy).reshape(-1, 2), 5.0, CANVAS.box)
    for i, one in enumerate(moved):
        assert covered(CANVAS).covers(shapely.Point(one))
        for other in moved[:i]:
            assert np.hypot(*(one - other)) >= 4.9


@given(st.floats(1, 1e7))
def test_a_nice_scale_is_never_smaller_than_asked_nor_much_larger(least):
    scale = nice_scale(least)
    assert scale >= least * 0.999 - 0.5
    assert scale <= max(least * 1.35, least + 1)


def test_a_frame_fits_at_its_scale():
    box = Box(0, 0, 200, 100)
    assert fitting_scale((0, 0, 2000, 100), box) == 10_000
    assert fitting_scale((0, 0, 100, 1000), box) == 10_000


def test_texts_are_broken_at_blanks():
    assert wrapped("ett två tre", 10, 1000) == ["ett två tre"]
    assert wrapped("ett två tre", 10, 1) == ["ett", "två", "tre"]
    assert area_name("Hageby") == "Hageby"
    assert area_name("Nordvästra Vilbergen") == "Nordvästra\nVilbergen"
    assert area_name("Sandtorp-Norra-Skarphagen") == "Sandtorp-Norra-Skarphagen"


@pytest.mark.parametrize("seed", [6, 9, 16, 26, 29])
def test_lines_keep_off_other_labels_and_lines_where_they_can(seed: int):
    spots = np.random.default_rng(seed).normal((5000, 3000), 80, (14, 2)).tolist()
    labels = [Label(f"H{i:03d}", x, y, rank=i) for i, (x, y) in enumerate(spots)]
    placed, unplaced = place(labels, CANVAS)
    assert not unplaced
    lines = [(one, one.leader) for one in placed if one.leader is not None]
    assert lines, "the labels are not crowded"
    for one, line in lines:
        assert not any(line.intersects(other.outline) for other in placed if other is not one)
        assert not any(line.intersects(other) for own, other in lines if own is not one)


def test_where_every_free_place_is_crossed_a_label_stands_all_the_same():
    wall = covered(CANVAS).difference(shapely.box(40, 60, 70, 80))
    labels = [Label(f"H{i}", 5000.0, 3000.0, rank=i) for i in range(4)]
    placed, unplaced = place(labels, CANVAS, [wall])
    assert len(placed) + len(unplaced) == 4
    assert placed


def test_a_surface_too_small_for_paper_is_drawn_as_a_disc_and_a_large_one_as_it_is():
    small, large = shapely.box(5000, 3000, 5004, 3002), shapely.box(5100, 3000, 5200, 3100)
    mark = Shapes(np.array([small, large]), Look(fill="#000000"), least_mm=1.3)
    shown = seen_size(mark, CANVAS).shapes
    x0, y0, x1, y1 = (shapely.bounds(shown[0]) * CANVAS.mm_per_m).tolist()
    assert (x1 - x0, y1 - y0) == pytest.approx((1.3, 1.3))
    assert shapely.centroid(shown[0]).equals_exact(shapely.centroid(small), 1e-6)
    assert shown[1] is large
    assert mark.shapes[0] is small
    assert seen_size(Shapes(mark.shapes, mark.look), CANVAS).shapes[0] is small
