"""What each layer says of its table: popups, legends, tables, hidden counts."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata import schema
from geodata.disclosure import DisclosureOptions, release
from geodata.language import using
from maps.layers import areas, background, base, grid, hotspots, places, sites
from maps.layers.base import composition, leads, spans


def field(layer, name):
    (found,) = [f for f in layer.data["popups"]["fields"] if f["label"] == name]
    return found["values"]


def test_leads_know_the_plural_of_one():
    table = pd.DataFrame({"n_events": [1, 2, 1200], "n_days": [1, 1, 31]})
    assert leads(table) == [
        "1 händelse på 1 dag",
        "2 händelser på 1 dag",
        "1\u00a0200 händelser på 31 dagar",
    ]
    with using("en"):
        assert len(set(leads(table))) == 3


def test_hidden_counts_are_told_and_never_zero():
    table = pd.DataFrame(
        {"n_events": [None, 12], "n_days": [None, None], "n_a": [None, 5], "n_b": [9, 0]},
        dtype="Int64",
    )
    assert leads(table) == ["antalet är dolt", "12 händelser"]
    assert base.counts(table, "n_events") == ["dolt", "12"]
    assert composition(table, "n", ["a", "b"]) == ["b 9, övrigt dolt", "a 5"]


def test_dates_or_months():
    days = pd.to_datetime(["2024-01-02", "2024-01-02"])
    table = pd.DataFrame(
        {"first_date": days, "last_date": pd.to_datetime(["2024-01-02", "2024-03-01"])}
    )
    assert spans(table) == ["2024-01-02", "2024-01-02 – 2024-03-01"]
    assert spans(pd.DataFrame({"first_month": ["2024-01"], "last_month": ["2024-02"]})) == [
        "2024-01 – 2024-02"
    ]


def test_hotspot_layer_says_what_the_table_says(town):
    table = town.tables["hotspots"]
    layer = hotspots.hotspot_layer(table, {"est_area-0": "Hageby"})
    assert layer.data["labels"] == table["hotspot_id"].tolist()
    assert layer.data["popups"]["subtitles"][:2] == ["Hagebygatan 1", "Hagebygatan 2 · Hageby"]
    assert field(layer, "Typ av brott")[0] == f"innehav {table['n_events'][0] - 1}, överlåtelse 1"
    assert field(layer, "Yta")[0].endswith(" ha")
    assert [row[0] for row in layer.table.rows] == layer.data["labels"]
    assert [row[2] for row in layer.table.rows] == [str(n) for n in table["n_events"]]


def test_hotspots_of_samverkan_need_no_address(town):
    shown = release(town.tables["hotspots"], "hotspots", "samverkan", DisclosureOptions()).table
    layer = hotspots.hotspot_layer(shown, {"est_area-0": "Hageby"})
    assert layer.data["popups"]["subtitles"][:2] == ["", "Hageby"]
    assert field(layer, "Första – sista")[0] == "2023-01 – 2024-12"
    assert "övrigt dolt" in field(layer, "Typ av brott")[0]
    assert "Hagebygatan" not in str(layer)


def test_grid_classes_cover_the_legend(town):
    table = town.tables["grid"]
    layer = grid.grid_layer(table, 5)
    by_id = table.set_index("cell_id")["n_events"].sort_index()
    for cell, n in zip(by_id.index, layer.data["classes"], strict=True):
        words = layer.legend[n].text
        low, _, high = words.partition("–")
        assert int(low) <= by_id[cell] <= int(high or low)
    assert layer.note == "Händelser per ruta om 100 × 100 m"
    assert layer.data["popups"]["lead"]["events"] == by_id.tolist()


def test_grid_of_samverkan_has_a_sign_for_hidden(town):
    shown = release(town.tables["grid"], "grid", "samverkan", DisclosureOptions()).table
    layer = grid.grid_layer(shown, 5)
    assert layer.legend[-1].shape == "hidden"
    hidden = [n < 0 for n in layer.data["classes"]]
    assert hidden == [v is None for v in layer.data["popups"]["lead"]["events"]]
    assert 0 < sum(hidden) < len(hidden)
    assert layer.legend[0].text.startswith("3")


def test_grid_of_publik_has_classes_and_no_counts(town, make_town):
    coarse = make_town.grid(town.tables["places"], 250.0)
    shown = release(coarse, "grid", "publik", DisclosureOptions()).table
    layer = grid.grid_layer(shown, 5)
    assert [s.text for s in layer.legend][:2] == ["5–9", "10–19"]
    assert layer.legend[-1].text == "färre än 5"
    assert layer.data["popups"]["lead"] is None
    words = dict(zip(shown["cell_id"], shown["events_class"].astype(str), strict=True))
    assert sorted(field(layer, "Händelser")) == sorted(words.values())
    assert "E5" not in str(layer.data["popups"])  # no ids of cells in a public popup


def test_empty_tables_make_empty_layers():
    cells = grid.grid_layer(schema.empty("grid", crs="EPSG:3006"), 5)
    assert (cells.data["lattice"]["squares"], cells.legend) == ([], ())
    spots = hotspots.hotspot_layer(schema.empty("hotspots", crs="EPSG:3006"), {})
    assert spots.table.rows == ()
    assert (
        places.place_layer(schema.empty("places", crs="EPSG:3006"), from_zoom=15).data["points"]
        == []
    )
    assert (
        sites.camera_layer(schema.empty("camera_sites", crs="EPSG:3006"), {}).data["points"] == []
    )
    assert (
        sites.search_layer(schema.empty("search_sites", crs="EPSG:3006"), {}).data["labels"] == []
    )


def test_sites_stand_in_order_of_rank(town):
    layer = sites.camera_layer(town.tables["camera_sites"].iloc[::-1], {})
    assert layer.data["labels"] == sorted(layer.data["labels"])
    assert layer.data["reach_m"] == [75.0] * len(layer.data["labels"])
    assert layer.legend[1].text == "räckvidd 75 m"
    assert layer.data["popups"]["texts"][0].startswith("Når flest")


def test_boundaries_of_the_day(make_town):
    both = pd.concat(
        [make_town.areas(("Hageby",)), make_town.areas(("Hageby",))], ignore_index=True
    )
    both["valid_from"] = pd.to_datetime(["2020-01-01", "2024-01-01"])
    both["valid_to"] = pd.to_datetime(["2023-12-31", None])
    both["kind"] = schema.category(["est_area"] * 2, "areas", "kind")
    table = gpd.GeoDataFrame(both, crs=make_town.CRS)
    for day, expected in ((date(2023, 12, 31), 2020), (date(2024, 1, 1), 2024)):
        (kept,) = areas.valid_on(table, day)["valid_from"]
        assert kept.year == expected
    assert len(areas.valid_on(table, date(2019, 12, 31))) == 0
    assert len(areas.valid_on(table, None)) == 2


def test_preliminary_boundaries_are_dashed_and_said(make_town):
    (loose,) = areas.area_layers(make_town.areas(), None)
    assert loose.data["dashed"] == [True] * 3
    assert [s.text for s in loose.legend] == ["preliminär gräns"]
    assert all("preliminär gräns" in s for s in loose.data["popups"]["subtitles"])
    (decided,) = areas.area_layers(make_town.areas(authoritative=True), None)
    assert decided.data["dashed"] == [False] * 3
    assert [s.text for s in decided.legend] == ["beslutad gräns"]
    assert "preliminär" not in str(decided)


def test_areas_count_their_hotspots(town):
    spots = town.tables["hotspots"]
    layers = areas.area_layers(town.tables["areas"], spots)
    (strong,) = [layer for layer in layers if layer.key == "areas_est_area"]
    told = dict(zip(strong.data["labels"], field(strong, "Hot spots"), strict=True))
    assert told["Hageby"] == str((spots["area_id"] == "est_area-0").sum())
    assert [layer.key for layer in layers] == ["areas_regso", "areas_est_area"]


def test_shared_borders_stay_shared_when_simplified(make_town):
    net = np.asarray(make_town.net(3, 3).geometry.array)
    thin = base.simplified(net, 30.0)
    assert shapely.get_num_coordinates(thin).sum() < 0.8 * shapely.get_num_coordinates(net).sum()
    assert shapely.coverage_is_valid(thin)
    assert shapely.union_all(thin).area == pytest.approx(shapely.union_all(net).area, rel=5e-3)
    overlapping = np.array([shapely.box(0, 0, 10, 10), shapely.box(5, 0, 15, 10)])
    assert shapely.equals(base.simplified(overlapping, 1.0), overlapping).all()


def test_label_points_lie_well_inside():
    horseshoe = shapely.Polygon(
        [(0, 0), (100, 0), (100, 100), (80, 100), (80, 20), (20, 20), (20, 100), (0, 100)]
    )
    (point,) = base.label_points(np.array([horseshoe]))
    assert horseshoe.buffer(-8).contains(point)


def street_table(lines, **more):
    return gpd.GeoDataFrame(more, geometry=lines, crs="EPSG:3006")


BOX = (568000.0, 6494000.0, 570000.0, 6496000.0)


def make(layers, *, extent=BOX, budget=10**6, tolerance=1.0):
    return background.make_background(layers, extent=extent, simplify_m=tolerance, budget=budget)


def test_streets_by_rank_and_by_either_name_of_the_column():
    lines = [shapely.LineString([(568100, 6494100 + i), (568900, 6494100 + i)]) for i in range(4)]
    for column, kinds in (
        ("highway", ["footway", "residential", "tertiary", "primary"]),
        ("kind", ["footpath", "local", "collector", "main"]),
    ):
        made = make({"streets": street_table(lines, **{column: kinds})})
        assert [part["look"]["rank"] for part in made.parts] == [0, 1, 2, 3]
    (part,) = make({"streets": street_table(lines)}).parts
    assert part["look"]["rank"] == 1


def test_streets_are_joined_and_named_along_straight_stretches():
    far = shapely.LineString([(568100, 6494100), (568300, 6494100)])
    on = shapely.LineString([(568300, 6494100), (568500, 6494100)])
    bent = shapely.LineString([(568100, 6495000), (568300, 6495000), (568300, 6495300)])
    (part,) = make(
        {"streets": street_table([far, on, bent], name=["Raka gatan", "Raka gatan", "Kröken"])}
    ).parts
    assert part["names"]["texts"] == ["Raka gatan"]
    assert len(part["shapes"]) == 2


def test_background_is_cut_to_the_map_but_the_municipality_is_whole():
    wide = shapely.box(500000, 6400000, 600000, 6600000)
    table = gpd.GeoDataFrame(geometry=[wide], crs="EPSG:3006")
    outside = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10)], crs="EPSG:3006")
    made = make({"water": table, "municipality": table, "green": outside})
    first = {part["name"]: part["shapes"][0][0][:2] for part in made.parts}
    assert set(first) == {"municipality", "water"}
    assert first["municipality"] != first["water"]


def test_a_heavy_background_is_simplified_then_goes_without_buildings():
    rng = np.random.default_rng(1)
    corner = np.array(BOX[:2]) + rng.uniform(0, 1900, (800, 2))
    houses = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + 12, corner[:, 1] + 8)
    layers = {"buildings": gpd.GeoDataFrame(geometry=houses, crs="EPSG:3006")}
    layers["streets"] = street_table([shapely.LineString([BOX[:2], BOX[2:]])])
    light = make(layers)
    assert (light.tolerance_m, light.dropped) == (1.0, "")
    heavy = make(layers, budget=1000)
    assert (heavy.tolerance_m, heavy.dropped) == (8.0, "buildings")
    assert [part["name"] for part in heavy.parts] == ["streets"]


def test_background_does_not_depend_on_order(make_town):
    layers = make_town.background()
    turned = {name: table.iloc[::-1] for name, table in layers.items()}
    extent = (566000.0, 6491000.0, 570000.0, 6495000.0)
    assert make(layers, extent=extent) == make(turned, extent=extent)


def test_a_background_without_a_style_is_an_error():
    with pytest.raises(ValueError, match="railways"):
        make({"railways": street_table([])})


def corners(lattice):
    told = lattice.json()
    squares = np.cumsum(np.array(told["squares"]).reshape(-1, 2), axis=0)
    u = (squares - told["centre"]) / told["half"]
    return sum(
        np.outer(u[:, 0] ** i * u[:, 1] ** j, [lon, lat]) for i, j, lon, lat in told["terms"]
    )


@pytest.mark.parametrize("reach_m", [2_000, 60_000, 600_000])
def test_a_lattice_draws_its_corners_where_they_are(reach_m):
    rng = np.random.default_rng(8)
    at = 100.0 * rng.integers(0, reach_m // 100, (300, 2)) + (500_000, 6_300_000)
    at = np.unique(at, axis=0)
    cells = gpd.GeoDataFrame(geometry=shapely.box(*at.T, *(at + 100).T), crs="EPSG:3006")
    lattice = grid.make_lattice(cells)
    there = gpd.GeoSeries(shapely.points(at), crs="EPSG:3006").to_crs(4326)
    off = gpd.GeoSeries(shapely.points(corners(lattice)), crs=4326).to_crs(3006)
    assert off.distance(there.to_crs(3006)).max() < 0.5
    assert len(lattice.terms) <= 45
    assert lattice.names() == [f"E{int(x)}_N{int(y)}" for x, y in at // 100]


def test_one_square_is_a_lattice_too():
    one = gpd.GeoDataFrame(geometry=[shapely.box(0, 6_500_000, 250, 6_500_250)], crs="EPSG:3006")
    lattice = grid.make_lattice(one)
    assert lattice.side_m == 250
    assert corners(lattice).shape == (1, 2)


def test_cells_with_names_of_their_own_keep_them(town):
    table = town.tables["grid"].assign(cell_id=lambda t: "Q" + t["cell_id"])
    titles = grid.grid_layer(table, 5).data["popups"]["titles"]
    assert titles["values"] == sorted(table["cell_id"])
    assert "values" not in grid.grid_layer(town.tables["grid"], 5).data["popups"]["titles"]
