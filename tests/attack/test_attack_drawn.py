"""Leaks drawn on maps are found on every kind of paper, and a map without any has none."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pikepdf
import pytest
import shapely

from maps import encoding
from maps.interactive import MapFacts
from maps.pdf import picture_pdf
from maps.printed import Layer, Look, PrintedMap, PrintOptions, Shapes, Symbols, printed_map
from tests.attack.attacker import attack
from tests.attack.maps import placed
from tests.attack.opening import open_folder
from tests.attack.secrets import Public, Truth

CRS = "EPSG:3006"
LOW, HIGH = np.array([566_000.0, 6_492_000.0]), np.array([572_000.0, 6_496_000.0])
RNG = np.random.default_rng(11)
CAMERAS = np.round(RNG.uniform(LOW + 300, HIGH - 300, (4, 2)), 1)


def crooked(shape: shapely.Polygon) -> shapely.Polygon:
    """Return a shape whose border winds, alike wherever two shapes share it."""
    fine = shapely.segmentize(shape, 90.0)
    return shapely.transform(
        fine,
        lambda xy: xy + 25 * np.column_stack([np.sin(xy[:, 1] / 70), np.cos(xy[:, 0] / 90)]),
    )


SEEDS = shapely.MultiPoint(RNG.uniform(LOW, HIGH, (14, 2)))
CELLS = shapely.voronoi_polygons(SEEDS, extend_to=shapely.box(*LOW, *HIGH))
AREAS = [crooked(one.intersection(shapely.box(*LOW, *HIGH))) for one in CELLS.geoms]
HOUSES = [
    shapely.affinity.rotate(shapely.box(x, y, x + 31, y + 17), 7 * i)
    for i, (x, y) in enumerate(RNG.uniform(LOW, HIGH, (1500, 2)))
]
ALL = np.array([*AREAS, *HOUSES])
LIVED_IN = np.array(HOUSES[:60])
PLACES = np.concatenate(
    [
        np.round(RNG.uniform(LOW + 300, HIGH - 300, (500, 2)), 1),
        shapely.get_coordinates(shapely.centroid(LIVED_IN)),
    ]
)
TRUTH = Truth(
    crs=CRS,
    points=np.concatenate([PLACES, CAMERAS]),
    public=Public(
        corners=shapely.get_coordinates(ALL),
        middles=shapely.get_coordinates(shapely.centroid(ALL)),
        borders=shapely.GeometryCollection(shapely.boundary(ALL).tolist()),
        outlines=tuple(AREAS),
    ),
    cameras=CAMERAS,
    first=date(2023, 1, 1),
    last=date(2024, 12, 31),
    minimum=5,
)


def drawn(marks: tuple[Shapes | Symbols, ...] = ()) -> PrintedMap:
    """Return a map by the program's own hand: areas and houses, and what is given."""
    areas = Shapes(np.array(AREAS), Look(fill="#d8e4ea", line="#12506b"))
    layer = Layer(title="Områden", profile="publik", marks=(areas, *marks), alt="Områden.")
    houses = gpd.GeoDataFrame(geometry=HOUSES, crs=CRS)
    return printed_map(
        [layer],
        {"buildings": houses},
        MapFacts(project="Prov", profile="publik", caveat="Anmälda brott."),
        PrintOptions(),
        frame=(*LOW, *HIGH),
        title="Områden",
        size=(170.0, 120.0),
        furnished="figure",
    )


MAP = drawn()
MM = MAP.canvas.mm_per_m
INK = 'fill="#b00020"'


def paper(points: np.ndarray) -> np.ndarray:
    return np.round(MAP.canvas.to_paper(np.asarray(points, dtype=float).reshape(-1, 2)), 2)


def steps(points: np.ndarray) -> str:
    return " ".join(f"{x:.2f} {y:.2f}" for x, y in paper(points))


def dot(point: np.ndarray, more: str = INK) -> str:
    ((x, y),) = paper(point)
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="0.6" {more}/>'


def dots(points: np.ndarray, more: str = INK) -> str:
    return "".join(dot(point, more) for point in points)


def relative(points: np.ndarray) -> str:
    xy = paper(points)
    moves = np.diff(xy, axis=0, prepend=np.zeros((1, 2)))
    return "".join(f"m{x:.2f},{y:.2f}h.01h-.01" for x, y in moves)


def turned(points: np.ndarray) -> str:
    """Return dots set down by use, within a group that is turned, scaled and moved."""
    spin = np.radians(30)
    matrix = np.array([[np.cos(spin), -np.sin(spin)], [np.sin(spin), np.cos(spin)]]) * 2
    inner = np.linalg.solve(matrix, (paper(points) - (40.0, 30.0)).T).T
    uses = "".join(f'<use href="#d" x="{x:.4f}" y="{y:.4f}"/>' for x, y in inner)
    return f'<defs><circle id="d" r="0.3" {INK}/></defs><g transform="translate(40 30) rotate(30) scale(2)">{uses}</g>'


def bullets(points: np.ndarray) -> str:
    return "".join(
        f'<text x="{x}" y="{y + 0.34 * 3:.2f}" font-size="3" text-anchor="middle">•</text>'
        for x, y in paper(points)
    )


def rings(shapes: np.ndarray) -> str:
    outer = [shapely.get_coordinates(shape)[:-1] for shape in shapes]
    return f'<path {INK} d="{"".join(f"M{steps(ring)}Z" for ring in outer)}"/>'


def square(side: float) -> str:
    """Return cells of a lattice as a path of squares."""
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * side
    start = np.floor(np.array([569_000.0, 6_494_000.0]) / side) * side
    cells = [start + side * np.array(at) for at in ((0, 0), (1, 0), (3, 2))]
    return f'<path {INK} d="{"".join(f"M{steps(c + corners)}Z" for c in cells)}"/>'


OUTLINE = shapely.get_coordinates(shapely.MultiPoint(PLACES[:40]).convex_hull)[:-1]
DRAWN = {
    "a marker at an incident": ("point", dot(PLACES[0])),
    "markers off by 3 m": ("point", dots(PLACES[:12] + np.array([2.1, -2.1]))),
    "a tiny path": ("point", f'<path stroke="#000" d="M{steps(PLACES[3])}l.01 0"/>'),
    "steps that are relative": ("point", f'<path stroke="#111" d="{relative(PLACES[:9])}"/>'),
    "a line through incidents": ("point", f'<polyline points="{steps(PLACES[:9])}" {INK}/>'),
    "an outline whose corners are incidents": (
        "point",
        f'<path {INK} d="M{steps(OUTLINE)}Z"/>',
    ),
    "markers turned, scaled and used": ("point", turned(PLACES[:5])),
    "bullets that are letters": ("point", bullets(PLACES[:12])),
    "corners slipped into the houses' path": (
        "point",
        f'<path fill="#d9d4c7" d="M{steps(PLACES[:6])}Z"/>',
    ),
    "houses with incidents in a colour of their own": ("point", rings(LIVED_IN[:20])),
    "a camera": ("camera", dot(CAMERAS[2])),
    "cells of 50 m": ("cell", square(50.0)),
    "cells of 100 m": ("cell", square(100.0)),
}


def within(svg: str, extra: str) -> str:
    return svg.replace("</svg>", f"{extra}</svg>")


def as_svg(folder: Path, svg: str) -> None:
    (folder / "karta.svg").write_text(svg, encoding="utf-8")


def as_page(folder: Path, svg: str) -> None:
    page = f"<!doctype html><html lang='sv'><body><h1>PUBLIK</h1><p>{svg}</p></body></html>"
    (folder / "karta.html").write_text(page, encoding="utf-8")


def as_picture(folder: Path, svg: str) -> None:
    uri = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    as_page(folder, f'<img alt="" src="{uri}">')


def as_pdf(folder: Path, svg: str) -> None:
    (folder / "karta.pdf").write_bytes(picture_pdf(svg, title="Karta", alt="Karta"))


def as_word(folder: Path, svg: str) -> None:
    with zipfile.ZipFile(folder / "bilaga.docx", "w") as archive:
        archive.writestr("word/media/image1.svg", svg)


PAPERS: dict[str, Callable[[Path, str], None]] = {
    "svg": as_svg,
    "page": as_page,
    "picture": as_picture,
    "pdf": as_pdf,
    "word": as_word,
}


def kinds(folder: Path) -> set[str]:
    return {leak.kind for leak in attack(folder, TRUTH)}


@pytest.mark.parametrize("form", PAPERS)
def test_a_map_is_placed_and_tells_nothing(tmp_path: Path, form: str) -> None:
    PAPERS[form](tmp_path, MAP.svg())
    ((_where, _drawing, panels),) = placed(open_folder(tmp_path), TRUTH)
    (panel,) = panels
    per_unit = 1 / MM if form != "pdf" else 25.4 / 72 / MM
    assert panel.metres == pytest.approx(per_unit, rel=1e-4)
    assert panel.off_m < 0.01 / MM  # the drawing's own rounding
    assert attack(tmp_path, TRUTH) == []


@pytest.mark.parametrize("form", ["svg", "pdf"])
@pytest.mark.parametrize("name", DRAWN)
def test_a_drawn_leak_is_found(tmp_path: Path, name: str, form: str) -> None:
    kind, extra = DRAWN[name]
    PAPERS[form](tmp_path, within(MAP.svg(), extra))
    assert kind in kinds(tmp_path)


def test_a_marker_that_is_not_shown_is_found(tmp_path: Path) -> None:
    as_svg(tmp_path, within(MAP.svg(), dot(PLACES[0], 'display="none"')))
    assert "point" in kinds(tmp_path)


def test_markers_at_places_without_events_are_no_leak(tmp_path: Path) -> None:
    elsewhere = np.random.default_rng(2).uniform(LOW + 300, HIGH - 300, (60, 2))
    houses = rings(np.array(HOUSES[900:940]))
    as_svg(tmp_path, within(MAP.svg(), dots(elsewhere) + houses + square(250.0)))
    assert attack(tmp_path, TRUTH) == []


def points_of_page(places: np.ndarray) -> np.ndarray:
    """Return places on the page in its points, upwards."""
    return np.array([0.0, 120.0 / 25.4 * 72]) + paper(places) / 25.4 * 72 * (1, -1)


def test_a_leak_in_a_form_within_a_turned_form_is_found(tmp_path: Path) -> None:
    spin = pikepdf.Array([0, 1, -1, 0, 30, 20])  # a quarter turn
    back = np.linalg.inv(np.array([[0, -1, 30], [1, 0, 20], [0, 0, 1]]))
    xy = points_of_page(PLACES[:6]) @ back[:2, :2].T + back[:2, 2]
    body = "".join(f"{x - 0.2:.3f} {y - 0.2:.3f} .4 .4 re f\n" for x, y in xy)
    document = pikepdf.new()
    kind = {"Type": pikepdf.Name.XObject, "Subtype": pikepdf.Name.Form, "BBox": [0, 0, 999, 999]}
    inner = pikepdf.Stream(document, body.encode(), **kind)
    held = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=document.make_indirect(inner)))
    outer = pikepdf.Stream(document, b"/I Do", **kind, Matrix=spin, Resources=held)
    as_pdf(tmp_path, MAP.svg())
    with pikepdf.open(tmp_path / "karta.pdf", allow_overwriting_input=True) as made:
        copied = made.copy_foreign(document.make_indirect(outer))
        made.pages[0].Resources["/XObject"] = pikepdf.Dictionary(O=copied)
        made.pages[0].contents_add(b"/O Do")
        made.save()
    assert "point" in kinds(tmp_path)


def test_notes_on_a_page_at_incidents_are_found(tmp_path: Path) -> None:
    as_pdf(tmp_path, MAP.svg())
    with pikepdf.open(tmp_path / "karta.pdf", allow_overwriting_input=True) as made:
        notes = [
            pikepdf.Dictionary(Subtype=pikepdf.Name.Square, Rect=[x - 1, y - 1, x + 1, y + 1])
            for x, y in points_of_page(PLACES[:5]).tolist()
        ]
        made.pages[0].obj["/Annots"] = pikepdf.Array(notes)
        made.save()
    assert "point" in kinds(tmp_path)


def packed(shape: shapely.Polygon) -> dict[str, object]:
    degrees = gpd.GeoSeries([shape], crs=CRS).to_crs("EPSG:4326").to_numpy()
    return {"hotspots": {"digits": 6, "paths": encoding.paths(degrees, 6)}}


def as_data(folder: Path, data: object) -> None:
    script = f'<script type="application/json" id="lb-data">{json.dumps(data)}</script>'
    as_page(folder, script)


def test_a_hot_spot_in_the_pages_data_is_found(tmp_path: Path) -> None:
    as_data(tmp_path, packed(shapely.Point(PLACES[3]).buffer(45)))
    assert "outline" in kinds(tmp_path)


def test_a_square_of_50_m_in_the_pages_data_is_found(tmp_path: Path) -> None:
    x, y = np.floor(PLACES[3] / 50) * 50
    as_data(tmp_path, packed(shapely.box(x, y, x + 50, y + 50)))
    assert "outline" in kinds(tmp_path)


def test_an_outline_as_geojson_is_found(tmp_path: Path) -> None:
    ring = shapely.get_coordinates(shapely.Point(PLACES[3] + 400).buffer(60))
    as_data(tmp_path, {"type": "Polygon", "coordinates": [ring.tolist()]})
    assert "outline" in kinds(tmp_path)


def test_houses_in_the_pages_data_are_no_leak(tmp_path: Path) -> None:
    as_data(tmp_path, packed(shapely.MultiPolygon(HOUSES[900:930])))
    assert attack(tmp_path, TRUTH) == []
