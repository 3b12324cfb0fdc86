"""The privacy cost of a view and its masks: known answers, relations, what is not known."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.privacy import (
    SENSITIVE_KINDS,
    PrivacyLayers,
    PrivacyOptions,
    for_choosing,
    privacy_layers,
    sensitive_near,
    view_costs,
)
from hotspots.privacy.masks import masks
from hotspots.sightlines import ViewOptions, make_obstacles, views
from tests.factories import CRS, X0, Y0

OPTIONS = PrivacyOptions()


def layer(*shapes: shapely.Geometry, **columns: list[Any]) -> gpd.GeoDataFrame:
    moved = [shapely.affinity.translate(shape, X0, Y0) for shape in shapes]
    return gpd.GeoDataFrame(columns, geometry=moved, crs=CRS)


def box(x: float, y: float, width: float, depth: float) -> shapely.Polygon:
    return shapely.box(x, y, x + width, y + depth)


def seen(*shapes: shapely.Geometry) -> np.ndarray:
    return np.array([shapely.affinity.translate(s, X0, Y0) for s in shapes], dtype=object)


def ready(existing: np.ndarray | None = None, **layers: gpd.GeoDataFrame) -> PrivacyLayers:
    return privacy_layers(layers, options=OPTIONS, crs=CRS, existing=existing)


SQUARE = box(0, 0, 40, 40)


def test_ground_of_each_kind_overlaps_counted_once() -> None:
    layers = ready(
        yards=layer(box(30, 0, 20, 40), box(35, 0, 20, 40)),
        public_ground=layer(box(0, 0, 20, 40)),
        stops=layer(box(0, 0, 5, 5)),
        existing=seen(box(-10, -10, 20, 20)),
    )
    cost = view_costs(seen(SQUARE), layers).iloc[0]
    assert cost["area_m2"] == 1600
    assert cost["public_m2"] == 800
    assert cost["share_public"] == 0.5
    assert cost["private_yard_m2"] == 400
    assert cost["stop_m2"] == 25
    assert cost["existing_m2"] == 100


def test_dwellings_by_their_facade_in_view() -> None:
    houses = layer(
        box(5, 40, 20, 10),  # its south wall in view, 20 m
        box(60, 0, 10, 10),  # out of view
        box(40, 5, 10, 6),  # a shop
        box(30, -8, 5, 8),  # unknown kind: counted as a dwelling
        building=["apartments", "apartments", "retail", "yes"],
    )
    cost = view_costs(seen(SQUARE), ready(buildings=houses)).iloc[0]
    assert cost["facade_m"] == pytest.approx(25, abs=0.3)
    assert cost["n_dwelling_buildings"] == 2
    strict = PrivacyOptions(include_unknown_buildings=False)
    layers = privacy_layers({"buildings": houses}, options=strict, crs=CRS)
    assert view_costs(seen(SQUARE), layers)["n_dwelling_buildings"].tolist() == [1]


def test_entrances_of_dwellings_and_of_others() -> None:
    layers = ready(
        buildings=layer(box(5, 40, 20, 10), box(40, 5, 10, 6), building=["apartments", "retail"]),
        entrances=layer(
            shapely.Point(10, 40),
            shapely.Point(10, 50),
            shapely.Point(40, 8),
            shapely.Point(40.2, 9),
        ),
    )
    cost = view_costs(seen(SQUARE), layers).iloc[0]
    assert cost["n_entrances"] == 1
    assert cost["n_other_entrances"] == 2


def test_a_point_in_a_house_is_the_house() -> None:
    layers = ready(
        buildings=layer(box(5, 40, 20, 10), box(5, 60, 20, 10)),
        sensitive=layer(
            shapely.Point(15, 45),
            shapely.Point(15, 65),
            box(10, 10, 5, 5),
            shapely.Point(60, 60),
            kind=["Skola", "skola", "lekplats", "vårdcentral"],
            namn=["A", "B", None, "C"],
        ),
    )
    cost = view_costs(seen(SQUARE), layers).iloc[0]
    assert cost["n_sensitive"] == 2
    assert cost["n_sensitive_school"] == 1
    assert cost["n_sensitive_playground"] == 1
    assert cost["n_sensitive_care"] == 0


def test_a_missing_layer_is_not_zero() -> None:
    layers = ready()
    cost = view_costs(seen(SQUARE), layers)
    known = [name for name in cost if cost[name].notna().any()]
    assert known == ["area_m2"]
    told = next(n for n in layers.notices if n.code == "not_checked")
    assert told.text.startswith("Ej kontrollerat")
    assert len(told.data["layers"]) == 7
    assert (
        sensitive_near(np.array([[X0, Y0]]), seen(SQUARE), seen(SQUARE), layers, near_m=50) is None
    )


def test_an_empty_layer_is_zero() -> None:
    empty = layer(box(0, 0, 1, 1)).iloc[:0]
    names = ("buildings", "entrances", "sensitive", "yards", "public_ground", "stops")
    layers = ready(existing=seen(), **dict.fromkeys(names, empty))
    cost = view_costs(seen(SQUARE), layers).iloc[0].drop("area_m2")
    assert (cost == 0).all()
    assert not [n for n in layers.notices if n.code == "not_checked"]


def test_an_unknown_kind_is_other_and_told() -> None:
    layers = ready(sensitive=layer(box(1, 1, 2, 2), slag=["Moln"]))
    assert view_costs(seen(SQUARE), layers)["n_sensitive_other"].tolist() == [1]
    assert "”moln”" in next(n for n in layers.notices if n.code == "unknown_sensitive_kinds").text


# --- shelters


def test_a_shelter_steers_the_choice_and_shows_nowhere() -> None:
    layers = ready(
        sensitive=layer(
            box(10, 10, 5, 5),
            box(20, 20, 5, 5),
            kind=["Skyddat boende", "skola"],
            name=["Hemlig", "S"],
        )
    )
    view = seen(SQUARE)
    costs = view_costs(view, layers)
    assert costs["n_sensitive"].tolist() == [1]
    chosen = for_choosing(costs)
    assert chosen["n_sensitive"].tolist() == [2]
    assert "n_withheld" not in chosen
    masked = masks(view, layers, OPTIONS, crs=CRS)
    assert set(masked.zones["kind"]) == {"school"}
    shelter = shapely.affinity.translate(box(10, 10, 5, 5), X0, Y0)
    assert not shapely.intersects(masked.zones.geometry.to_numpy(), shelter).any()
    near = sensitive_near(np.array([[X0, Y0]]), view, masked.left, layers, near_m=100)
    assert near is not None
    assert near["name"].tolist() == ["S"]
    assert "shelter" not in SENSITIVE_KINDS
    assert not any("Hemlig" in n.text or "skydda" in n.text.casefold() for n in layers.notices)
    # masks can't take it away
    assert masked.costs["n_withheld"].tolist() == [1]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("Kvinnojouren Linnea", "x"), ("vård", "Lindens kvinnojour"), ("skyddat_boende", None)],
)
def test_a_shelter_is_known_by_any_word_of_its_kind_or_name(kind: str, name: str | None) -> None:
    layers = ready(sensitive=layer(box(10, 10, 5, 5), kind=[kind], name=[name]))
    costs = view_costs(seen(SQUARE), layers)
    assert costs["n_sensitive"].tolist() == [0]
    assert costs["n_withheld"].tolist() == [1]
    assert not any("jour" in notice.text.casefold() for notice in layers.notices)


# --- masks


def test_masks_take_away_what_they_hide() -> None:
    layers = ready(
        buildings=layer(box(5, 40, 20, 10), building=["apartments"]),
        entrances=layer(shapely.Point(10, 40)),
        yards=layer(box(30, 0, 20, 40)),
        sensitive=layer(box(0, 0, 4, 4), kind=["lekplats"]),
    )
    found = masks(seen(SQUARE), layers, OPTIONS, crs=CRS)
    assert found.zones["kind"].tolist() == ["entrance", "facade", "playground", "yard"]
    left = found.costs.iloc[0]
    for name in (
        "private_yard_m2",
        "facade_m",
        "n_dwelling_buildings",
        "n_entrances",
        "n_sensitive",
    ):
        assert left[name] == 0
    assert left["masked_m2"] + left["area_m2"] == pytest.approx(1600)
    assert 400 + 20 < left["masked_m2"] < 480
    some = masks(seen(SQUARE), layers, PrivacyOptions(masked=("yard",)), crs=CRS)
    assert some.costs["area_m2"].tolist() == [1200]
    assert some.costs["n_entrances"].tolist() == [1]


def test_nothing_to_hide_leaves_the_view() -> None:
    found = masks(seen(SQUARE, box(100, 100, 5, 5)), ready(), OPTIONS, crs=CRS)
    assert found.zones.empty
    assert found.costs["masked_m2"].tolist() == [0, 0]


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_masked_views_cost_nothing_of_what_is_masked(seed: int) -> None:
    rng = np.random.default_rng(seed)
    houses = layer(*[box(x, y, 14, 9) for x, y in rng.uniform(-70, 70, (25, 2))])
    yards = layer(*[box(x, y, 20, 20) for x, y in rng.uniform(-70, 70, (6, 2))])
    places = layer(
        *[shapely.Point(x, y) for x, y in rng.uniform(-70, 70, (6, 2))], kind=["skola"] * 6
    )
    options = ViewOptions(reach_m=50.0)
    town = make_obstacles(houses, options=options, crs=CRS)
    xy = np.array([X0, Y0]) + rng.uniform(-40, 40, (8, 2))
    found = views(xy, np.full(8, np.nan), options, town)
    layers = ready(buildings=houses, yards=yards, sensitive=places)
    before = view_costs(found, layers)
    after = masks(found, layers, OPTIONS, crs=CRS).costs
    assert (after["area_m2"] <= before["area_m2"] + 1e-6).all()
    hidden = ["private_yard_m2", "facade_m", "n_dwelling_buildings", "n_sensitive"]
    assert (after[hidden].to_numpy(dtype=float) == 0).all()


def test_what_is_near_and_in_view() -> None:
    layers = ready(
        sensitive=layer(
            box(10, 10, 5, 5),
            box(60, 0, 5, 5),
            box(300, 0, 5, 5),
            kind=["skola", "kyrka", "domstol"],
            name=["A", "B", "C"],
        )
    )
    view = seen(SQUARE)
    left = masks(view, layers, OPTIONS, crs=CRS).left
    near = sensitive_near(np.array([[X0, Y0]]), view, left, layers, near_m=100)
    assert near is not None
    assert near[["kind", "name", "in_view", "masked"]].to_numpy().tolist() == [
        ["school", "A", True, True],
        ["worship", "B", False, False],
    ]
    assert near["distance_m"].tolist() == pytest.approx([np.hypot(10, 10), 60])


def test_order_of_rows_changes_nothing() -> None:
    rng = np.random.default_rng(5)
    houses = layer(*[box(x, y, 14, 9) for x, y in rng.uniform(-70, 70, (25, 2))])
    view = seen(SQUARE, box(-30, -30, 40, 20))
    one = view_costs(view, ready(buildings=houses))
    other = view_costs(view, ready(buildings=houses.iloc[::-1]))
    assert one.equals(other)
