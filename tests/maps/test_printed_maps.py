"""Printed maps: what stands on them, what they hide, and that they can be compared and reproduced."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pikepdf
import pytest
import shapely
from made_up_town import CENTRE, CRS, facts
from made_up_town import areas as made_areas
from pypdf import PdfReader

from geodata import language
from geodata.disclosure import Released
from geodata.disclosure.released import DOOR
from maps.printed import (
    Backdrop,
    Classes,
    Hatch,
    Key,
    Label,
    Layer,
    Look,
    Panel,
    PrintOptions,
    Shapes,
    Symbols,
    around,
    common_classes,
    common_frame,
    printed_map,
    small_multiples,
)
from maps.printed.themes import (
    Status,
    area_layer,
    bivariate_layer,
    choropleth_layer,
    grid_layer,
    hotspot_layer,
    line_layer,
    point_layer,
    site_layer,
    surface_layer,
    view_layer,
    walk_layer,
)
from maps.printed.themes.base import HIDDEN, MISSING, ZERO

OPTIONS = PrintOptions()
SVG = "{http://www.w3.org/2000/svg}"


def let_through(table, name="areas", profile="intern") -> Released:
    """Return a table as released: for tables of others, whose door is tried elsewhere."""
    return Released(name, table, profile, (), door=DOOR)


def points(*xy, **columns) -> Released:
    at = np.array(xy, dtype=float).reshape(-1, 2) + np.array(CENTRE)
    return let_through(gpd.GeoDataFrame(columns, geometry=shapely.points(at), crs=CRS))


@pytest.fixture(scope="module")
def backdrop(town):
    return Backdrop(town.background)


@pytest.fixture(scope="module")
def made(town, backdrop):
    return the_map(town, backdrop)


def the_map(town, backdrop, profile="intern", **more):
    released = town.released(profile)
    classes = None
    if released["grid"].table is not None and "n_events" in released["grid"].table:
        classes = common_classes([released["grid"]], "n_events")
    layers = [
        grid_layer(released["grid"], classes),
        area_layer(released["areas"]),
        hotspot_layer(released["hotspots"]),
    ]
    told = {
        "frame": common_frame([town.tables["hotspots"]]),
        "title": "Hot spots 2023–2024",
        "size": "A4",
        "orientation": "landscape",
        "number": 3,
        **more,
    }
    return printed_map(layers, backdrop, facts(profile=profile), OPTIONS, **told)


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]


def test_a_sheet_has_all_that_a_reader_needs(made):
    said = " ".join(texts(made.svg()))
    for words in (
        "INTERN – SEKRETESSPRÖVAS",
        "SYNTETISKA DATA",
        "PRELIMINÄR GRÄNS",
        "Karta 3",
        "Hot spots 2023–2024",
        "2023-01-01 – 2024-12-31",
        "Uttag 2025-01-15",
        "Anmälda narkotikabrott visar främst",
        "Källa:",
        "Skala 1:",
        "N",
        "Händelser per ruta om 100 m",
        "hot spot",
        "preliminär gräns",
        "Norr enligt rutnätet.",
        "H01",
        "Hageby",
    ):
        assert words in said, words


def test_the_same_map_gives_the_same_bytes_in_every_format(town, made):
    again = the_map(town, Backdrop(town.background))
    assert made.svg() == again.svg()
    assert made.pdf() == again.pdf()
    assert made.png(dpi=72) == again.png(dpi=72)


def test_the_order_of_rows_does_not_matter(town, made):
    mixed = {
        name: table.sample(frac=1, random_state=4).reset_index(drop=True)
        for name, table in town.tables.items()
        if name in ("grid", "hotspots", "areas")
    }
    other = type(town)({**town.tables, **mixed}, town.background)
    same = the_map(other, Backdrop(town.background))
    assert sorted(texts(same.svg())) == sorted(texts(made.svg()))
    assert same.alt == made.alt


def test_sizes_are_those_of_the_paper_and_png_has_its_dots(town, backdrop, made):
    assert (made.width_mm, made.height_mm) == (297, 210)
    png = made.png(dpi=300)
    assert int.from_bytes(png[16:20]) == pytest.approx(297 / 25.4 * 300, abs=1)
    assert int.from_bytes(png[20:24]) == pytest.approx(210 / 25.4 * 300, abs=1)
    big = the_map(town, backdrop, size="A3", orientation="portrait")
    page = PdfReader(io.BytesIO(big.pdf())).pages[0]
    assert float(page.mediabox.height) == pytest.approx(420 / 25.4 * 72, abs=0.2)
    assert big.scale < made.scale


def test_text_is_text_in_pdf_with_its_alternative_and_fonts_within(made):
    pdf = made.pdf()
    said = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "Hageby" in said
    assert "H01" in said
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert str(file.Root.Lang) == "sv-SE"
        descriptors = [
            one
            for one in file.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        ]
        assert descriptors
        assert all("/FontFile2" in one or "/FontFile3" in one for one in descriptors)
        alts = [
            str(o.Alt) for o in file.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o
        ]
    assert alts == [made.alt]


def test_nothing_is_fetched_and_ids_are_the_maps_own(made, town, backdrop):
    svg = made.svg()
    assert not re.search(r"""(href|src)\s*=|url\((?!#)""", svg)
    assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    other = the_map(town, backdrop, title="En annan").svg()
    ids = [set(re.findall(r'id="([^"]+)"', one)) for one in (svg, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= ids[0]
    assert "\ue000" not in svg


def test_text_from_data_is_escaped(town, backdrop):
    table = town.tables["areas"].copy()
    table["name"] = '<script>alert("1")</script> & co'
    other = type(town)({**town.tables, "areas": table}, town.background)
    svg = the_map(other, backdrop).svg()
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_a_layer_of_another_profile_is_refused(town, backdrop):
    layers = [area_layer(town.released("intern")["areas"])]
    with pytest.raises(ValueError, match="another profile"):
        printed_map(
            layers, backdrop, facts(profile="publik"), OPTIONS, frame=(0, 0, 1, 1), title="T"
        )
    with pytest.raises(ValueError, match="another profile"):
        small_multiples(
            [Panel("2023", tuple(layers))], backdrop, facts(profile="publik"), OPTIONS,
            frame=(0, 0, 1, 1), title="T",
        )  # fmt: skip


def test_a_withheld_layer_draws_nothing_and_says_why(town, backdrop):
    svg = the_map(town, backdrop, profile="publik").svg()
    said = " ".join(texts(svg))
    assert "PUBLIK" in said
    assert "H01" not in said
    assert "pekar ut dem" in said


def test_hidden_cells_are_hatched_and_never_as_zero(town, backdrop):
    released = town.released("samverkan")
    classes = common_classes([released["grid"]], "n_events")
    layer = grid_layer(released["grid"], classes)
    hidden = released["grid"].table["n_events"].isna()
    assert hidden.any()
    drawn = {mark.look: len(mark.shapes) for mark in layer.marks}
    assert drawn[HIDDEN] == int(hidden.sum())
    assert sum(drawn.values()) == len(hidden)
    assert "dolt, inte noll" in [key.text for key in layer.legend]
    svg = the_map(town, backdrop, profile="samverkan").svg()
    assert "<pattern" in svg


def test_zero_hidden_and_unknown_are_three_different_looks(town):
    areas = made_areas(("A", "B", "C", "D"), spots=[(0, 0), (2000, 0), (0, 2000), (2000, 2000)])
    values = pd.DataFrame(
        {
            "area_id": ["est_area-0", "est_area-1", "est_area-2"],
            "n": pd.array([0, 7, None], dtype="Int64"),
            "hidden": [False, False, True],
        }
    )
    layer = choropleth_layer(
        let_through(areas), let_through(values), "n", Classes((5, 10), 20), title="Antal"
    )
    looks = {mark.look for mark in layer.marks}
    assert {ZERO, HIDDEN, MISSING} <= looks
    assert layer.alt == "Antal: A 0, B 7, C dolt, D uppgift saknas."
    assert [key.text for key in layer.legend] == [
        "10–20",
        "5–9",
        "0",
        "dolt, inte noll",
        "uppgift saknas",
    ]
    twice = let_through(pd.concat([values, values]))
    with pytest.raises(ValueError, match="several rows"):
        choropleth_layer(let_through(areas), twice, "n", Classes((5,), 20), title="Antal")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("n", range(2, OPTIONS.classes + 1))
def test_classes_darken_evenly_in_grey(n):
    steps = [luminance(c) for c in Classes(tuple(range(1, n + 1)), 100).colours]
    ratios = [(a + 0.05) / (b + 0.05) for a, b in zip([1.0, *steps], steps, strict=False)]
    assert min(ratios) > 1.2


def test_common_classes_hold_the_values_of_all_years():
    years = [
        let_through(pd.DataFrame({"n": pd.array(v, dtype="Int64")}))
        for v in ([1, 2, 3, None], [0, 40, 90])
    ]
    classes = common_classes([*years, let_through(None)], "n", classes=4)
    assert classes.starts[0] == 1
    assert classes.highest == 90
    assert classes.of(np.array([0, 1, 90, 500, np.nan])).tolist() == [-1, 0, 3, 3, -1]
    assert len(classes.texts) == len(classes.colours) == 4
    assert common_classes([let_through(pd.DataFrame({"n": [0]}))], "n").starts == ()


def test_classes_of_shares_have_decimals_and_no_holes():
    table = let_through(pd.DataFrame({"v": [0.5, 1.25, 2.5, 30.0]}))
    classes = common_classes([table], "v", classes=3, decimals=1)
    assert classes.texts[0].startswith("0,5–")
    edges = [t.replace(",", ".").split("–") for t in classes.texts]
    for (_low, high), (low, _high) in pairwise(edges):
        assert float(low) - float(high) == pytest.approx(0.1)


def test_the_frame_is_seen_whole_at_a_round_scale(town, made):
    wanted = common_frame([town.tables["hotspots"]])
    left, bottom, right, top = made.canvas.frame
    assert left <= wanted[0]
    assert bottom <= wanted[1]
    assert right >= wanted[2]
    assert top >= wanted[3]
    assert made.scale % 10 ** (len(str(made.scale)) - 3) == 0
    with pytest.raises(ValueError, match="nothing to frame"):
        common_frame([let_through(None)])


def test_maps_of_one_frame_and_scale_lie_on_one_another(town, backdrop, made):
    other = the_map(town, backdrop, profile="samverkan", scale=made.scale)
    at = np.array([[CENTRE[0], CENTRE[1]]])
    assert other.scale == made.scale
    assert other.canvas.to_paper(at)[0, 0] == pytest.approx(made.canvas.to_paper(at)[0, 0])


def test_the_scale_bar_is_as_long_as_it_says(town, backdrop):
    for size in ((120.0, 90.0), "A4", "A3"):
        made = the_map(town, backdrop, size=size, furnished="figure")
        root = ElementTree.fromstring(made.svg())
        group = next(
            g
            for g in root.iter(f"{SVG}g")
            if any("Skala" in (t.text or "") for t in g.findall(f"{SVG}text"))
        )
        bar = max(float(r.get("width")) for r in group.findall(f"{SVG}rect"))
        longest = next(t.text for t in group.findall(f"{SVG}text") if t.text.endswith("m"))
        number, unit = longest.replace(",", ".").split("\u00a0")
        metres = float(number) * (1000 if unit == "km" else 1)
        assert bar == pytest.approx(metres * 1000 / made.scale, abs=0.011)


def test_small_multiples_share_frame_scale_and_one_legend(town, backdrop):
    released = town.released()
    classes = common_classes([released["grid"]], "n_events")
    panels = [
        Panel(str(year), (grid_layer(released["grid"], classes), area_layer(released["areas"])))
        for year in (2022, 2023, 2024)
    ]
    frame = common_frame([town.tables["hotspots"]])
    made = small_multiples(
        panels, backdrop, facts(), OPTIONS, frame=frame, title="År för år", number=5
    )
    said = texts(made.svg())
    assert [said.count(year) for year in ("2022", "2023", "2024")] == [1, 1, 1]
    assert said.count("Händelser per ruta om 100 m") == 1
    assert made.svg().count("<clipPath") == 3
    assert "2022:" in made.alt
    with pytest.raises(ValueError, match="no panel"):
        small_multiples([], backdrop, facts(), OPTIONS, frame=frame, title="T")


def test_a_size_without_room_is_refused(town, backdrop):
    with pytest.raises(ValueError, match="no room"):
        the_map(town, backdrop, size=(40.0, 30.0))


def test_an_empty_map_is_a_map(backdrop):
    empty = points(rank=[], hotspot_id=[], uncertain=[], persistence=[])
    made = printed_map(
        [hotspot_layer(empty)], backdrop, facts(), OPTIONS,
        frame=around(*CENTRE, width_m=500, height_m=400), title="Inga",
    )  # fmt: skip
    assert "Inga hot spots enligt valda gränser." in made.alt


def test_hot_spots_by_persistence_differ_without_colour(town):
    table = town.tables["hotspots"].copy()
    kinds = ["chronic", "intermittent", "new", "fading", "unclear"]
    table["persistence"] = [kinds[i % 5] for i in range(len(table))]
    table["uncertain"] = [i == 0 for i in range(len(table))]
    layer = hotspot_layer(let_through(table), by_persistence=True)
    words = [key.text for key in layer.legend]
    assert words == ["ihållande", "återkommande", "ny", "avtagande", "oklar", "osäker hot spot"]
    looks = {(key.look.hatch, key.look.fill, key.look.dash_mm) for key in layer.legend}
    assert len(looks) == 6
    assert "H01 ihållande" in layer.alt


def test_sites_have_a_shape_by_status_and_unknown_ones_are_refused():
    sites = points((0, 0), (50, 0), site_id=["K01", "K02"], status=["on", "off"])
    statuses = {
        "on": Status("i bruk", "square"),
        "off": Status("avslagen", "cross", Look(line="#000000")),
    }
    layer = site_layer(sites, title="Kameror", statuses=statuses, column="status")
    assert [mark.shape for mark in layer.marks] == ["square", "cross"]
    assert layer.alt == "Kameror: i bruk K01; avslagen K02."
    with pytest.raises(ValueError, match="no look for status"):
        site_layer(sites, title="Kameror", statuses={"on": statuses["on"]}, column="status")
    assert len(site_layer(sites, title="Kameror", statuses=statuses).marks) == 1


def test_views_and_their_masks_are_measured_and_hatched():
    square = shapely.box(CENTRE[0], CENTRE[1], CENTRE[0] + 20, CENTRE[1] + 10)
    half = shapely.box(CENTRE[0], CENTRE[1], CENTRE[0] + 10, CENTRE[1] + 10)
    views = let_through(gpd.GeoDataFrame(geometry=[square], crs=CRS))
    masks = let_through(gpd.GeoDataFrame(geometry=[half], crs=CRS))
    layer = view_layer(views, masks=masks)
    assert layer.alt == "Det som syns från platsen är 200 m². 100 m² maskeras."
    assert layer.marks[1].look.hatch is not None
    assert len(view_layer(views).marks) == 1


def test_stops_are_numbered_in_order_and_never_on_one_another(backdrop):
    stops = points((0, 0), (1, 0), (0, 1), (300, 200), stop=[2, 1, 3, 4])
    layer = walk_layer(stops, order="stop")
    assert layer.marks[-1].texts == ("1", "2", "3", "4")
    made = printed_map(
        [layer], backdrop, facts(), OPTIONS, frame=common_frame([stops]), size=(120, 90),
        furnished="figure", title="Runda",
    )  # fmt: skip
    root = ElementTree.fromstring(made.svg())
    discs = [
        (float(c.get("cx")), float(c.get("cy")))
        for c in root.iter(f"{SVG}circle")
        if float(c.get("r")) == pytest.approx(2.3)
    ]
    assert len(discs) == 4
    gaps = [np.hypot(a - c, b - d) for i, (a, b) in enumerate(discs) for c, d in discs[:i]]
    assert min(gaps) >= 4.6


def test_two_values_are_told_by_code_too():
    spots = [(1500 * i, 1500 * j) for i in range(3) for j in range(3)]
    names = [f"O{i}" for i in range(9)]
    areas = let_through(made_areas(names, spots=spots))
    rows = pd.DataFrame(
        {
            "area_id": [f"est_area-{i}" for i in range(8)],
            "felt": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, np.nan],
            "told": [7, 6, 5, 4, 3, 2, 1, 0],
        }
    )
    layer = bivariate_layer(
        areas, let_through(rows), ("felt", "told"), title="Två", names=("upplevt", "anmält")
    )
    assert "O0 1C" in layer.alt
    assert "O6 3A" in layer.alt
    assert "O7" not in layer.alt
    assert layer.legend[-1].text == "uppgift saknas"
    assert layer.legend[0].text == "3A: upplevt högt, anmält lågt"


def test_a_theme_of_ones_own_needs_only_a_layer(backdrop):
    own = Layer(
        title="Bänkar",
        profile="intern",
        marks=(
            Shapes(
                np.array([shapely.box(*around(*CENTRE, width_m=50, height_m=50))]),
                Look(hatch=Hatch()),
            ),
            Symbols(np.array([shapely.Point(CENTRE)]), "diamond", 3, Look(fill="#000000"), ("7",)),
        ),
        labels=(Label("Bänk", *CENTRE),),
        legend=(
            Key("diamond", Look(fill="#000000"), "bänk", mark="7"),
            Key("text", Look(), "kod", mark="1A"),
        ),
        alt="En bänk.",
    )
    made = printed_map(
        [own], {}, facts(), OPTIONS, frame=around(*CENTRE, width_m=90, height_m=90), title="Bänkar",
        size=(120.0, 90.0), furnished="figure",
    )  # fmt: skip
    assert "Bänk" in texts(made.svg())
    assert "En bänk." in made.alt
    assert len(made.png(dpi=72)) > 500


def test_simple_layers_draw_surfaces_lines_and_points():
    table = points((0, 0), (100, 50), name=["Ett", "Två"])
    wide = let_through(table.table.set_geometry(table.table.buffer(20)))
    surface = surface_layer(
        wide, title="Ytor", text="yta", look=Look(fill="#cccccc"), label="name", under=True
    )
    assert (surface.level, len(surface.labels), surface.alt) == ("under", 2, "Ytor: yta (2).")
    line = line_layer(wide, title="Linjer", text="linje", look=Look(fill="#cccccc", line="#000000"))
    assert line.legend[0].shape == "line"
    assert line.marks[0].look.fill is None
    point = point_layer(
        table, title="Punkter", text="punkt", look=Look(fill="#000000"), label="name"
    )
    assert [label.text for label in point.labels] == ["Ett", "Två"]
    for gone in (
        surface_layer(let_through(None), title="Ytor", text="yta", look=Look()),
        point_layer(let_through(None), title="Ytor", text="yta", look=Look()),
        site_layer(let_through(None), title="Ytor", statuses={"a": Status("a")}),
        walk_layer(let_through(None), order="n"),
        view_layer(let_through(None)),
    ):
        assert gone.marks == ()
        assert gone.notes


def test_unknown_background_layers_are_refused(town):
    with pytest.raises(ValueError, match="no style"):
        Backdrop({"railways": town.background["streets"]})


def test_english_maps_are_english(town, backdrop):
    with language.using("en"):
        svg = the_map(town, backdrop).svg()
    assert 'lang="en"' in svg


def test_only_the_first_hot_spots_have_their_ids_where_they_are_many(town):
    table = town.tables["hotspots"]
    layer = hotspot_layer(let_through(table), ids=3)
    assert sorted(label.text for label in layer.labels) == ["H01", "H02", "H03"]
    assert (
        layer.notes[-1]
        == f"Av {len(table)} hot spots har de 3 med högst rang sitt nummer på kartan."
    )
    assert hotspot_layer(let_through(table)).notes == ()


def test_an_id_never_crosses_the_outline_it_names_nor_another(town, backdrop):
    from maps.printed.canvas import Box, Canvas
    from maps.printed.drawing import draw

    layer = hotspot_layer(town.released()["hotspots"])
    canvas = Canvas(Box(0, 0, 250, 180), CENTRE, 25_000)
    drawing = draw([layer], backdrop, canvas, street_names=False)
    edges = shapely.boundary(
        shapely.transform(np.concatenate([mark.shapes for mark in layer.marks]), canvas.to_paper)
    )
    assert len(drawing.placed) > 5
    for one in drawing.placed:
        assert not shapely.intersects(edges, one.outline).any()
