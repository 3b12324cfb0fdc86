"""The attacker finds each kind of leak that is planted, and nothing where there is none."""

from __future__ import annotations

import base64
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pikepdf
import pytest
import shapely
from PIL import Image, PngImagePlugin

from maps import encoding
from tests.attack.attacker import attack
from tests.attack.secrets import Public, Truth

CRS = "EPSG:3006"
CASE = "5000-K123456-24"
ADDRESS = "Exempelgatan 14"
ENTRANCE = "E-00417"
RNG = np.random.default_rng(7)
PLACES = np.round(RNG.uniform([566_000, 6_492_000], [572_000, 6_497_000], (400, 2)))
CAMERA = np.array([[569_321.0, 6_494_777.0]])
PUBLIC = RNG.uniform([566_000, 6_492_000], [572_000, 6_497_000], (4000, 2))
YEARS = (("2023-01-01", "2023-12-31"), ("2024-01-01", "2024-12-31"))

TRUTH = Truth(
    crs=CRS,
    points=np.concatenate([PLACES, CAMERA]),
    public=Public(corners=PUBLIC, middles=PUBLIC),
    first=date(2023, 1, 1),
    last=date(2024, 12, 31),
    minimum=5,
    cases=(CASE,),
    addresses=(ADDRESS,),
    texts=("mörk bil vid grinden",),
    ids=(ENTRANCE,),
    seeds=(581, 20_250_101),
    allowed_days=(date(2025, 1, 15),),
    counts={
        ("events/police", "A", "all", *YEARS[1]): 2,
        ("events/police", "B", "all", *YEARS[1]): 3,
    },
)

PAGE = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Karta – PUBLIK</title>
<style>.a{{width:12.5px}}</style></head><body><h1>PUBLIK</h1>
<p>Period 2023 kvartal 1 – 2024 kvartal 4. Uttag 2025-01-15.{body}</p>
<table><tr><th>Område</th><th>Händelser</th></tr><tr><th>Hela kommunen</th><td>{whole}</td></tr>
<tr><th>A</th><td>dolt</td></tr><tr><th>B</th><td>{b}</td></tr><tr><th>C</th><td>40</td></tr></table>
<script type="application/json" id="lb-data">{data}</script></body></html>"""


def degrees(points: np.ndarray) -> np.ndarray:
    return gpd.GeoSeries(shapely.points(points), crs=CRS).to_crs("EPSG:4326").to_numpy()


def page(body: str = "", data: object = None, whole: str = "90", b: str = "dolt") -> str:
    empty = {"layers": {}, "bounds": [[58.5, 16.1], [58.6, 16.2]]}
    return PAGE.format(body=body, data=json.dumps(data or empty), whole=whole, b=b)


def ledger(counts: dict[tuple[str, int], int]) -> dict[str, object]:
    """Return ``published.json`` of counts by area and year of `YEARS`."""
    sets = {"*": ["*"], "A": ["A"], "B": ["B"], "C": ["C"], "*outside": ["*", "A", "B", "C"]}
    names = sorted(sets)
    every = [str(i) for i in range(16)]
    rows = [[0, names.index(area), 0, year, n] for (area, year), n in counts.items()]
    areas = [sets[name] for name in names]
    held = {"what": ["events/police"], "areas": areas, "classes": [every], "days": YEARS}
    return {"format": 1, "profile": "publik", **held, "counts": rows}


def sqlite(path: Path, columns: str, rows: list[tuple[object, ...]], name: str = "layer") -> None:
    base = sqlite3.connect(path)
    base.execute(f"create table {name} ({columns})")
    base.executemany(f"insert into {name} values ({','.join('?' * len(rows[0]))})", rows)
    base.commit()
    base.close()


def gpkg_geometry(shape: object) -> bytes:
    return b"GP\x00\x01" + (3006).to_bytes(4, "little") + shapely.to_wkb(shape)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of files that tell nothing they shouldn't."""
    made = tmp_path / "run"
    made.mkdir()
    (made / "karta.html").write_text(page(), encoding="utf-8")
    (made / "run.json").write_text(
        json.dumps({"profile": "publik", "times": {"started": "2024-03-05T12:31:00+00:00"}}),
        encoding="utf-8",
    )
    (made / "published.json").write_text(
        json.dumps(ledger({("*", 1): 90, ("C", 1): 40, ("*outside", 1): 41})), encoding="utf-8"
    )
    sqlite(made / "results.gpkg", "area_id text, n_events integer", [("C", 40)])
    return made


def kinds(folder: Path, **more: object) -> set[str]:
    return {leak.kind for leak in attack(folder, TRUTH, **more)}  # type: ignore[arg-type]


def test_nothing_is_found_where_nothing_is_told(folder: Path) -> None:
    assert attack(folder, TRUTH) == []


def put(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8") and None


def packed(points: np.ndarray, digits: int = 6) -> dict[str, object]:
    return {"layers": {"x": {"points": encoding.points(degrees(points), digits), "digits": digits}}}


def lon_lat(point: np.ndarray) -> str:
    own = degrees(point.reshape(1, 2))[0]
    return f"{own.y:.6f}, {own.x:.6f}"


def near(points: np.ndarray, reach: float) -> np.ndarray:
    turn = np.linspace(0, 6, len(points))
    return points + reach * np.column_stack([np.cos(turn), np.sin(turn)])


def zipped(name: str, members: dict[str, str]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        with zipfile.ZipFile(folder / name, "w") as archive:
            for member, text in members.items():
                archive.writestr(member, text)

    return write


def png(folder: Path, key: str, text: str, *, compressed: bool = False) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text(key, text, zip=compressed)
    Image.new("RGB", (4, 4)).save(folder / "karta.png", pnginfo=info)


def pdf(folder: Path, change: Callable[[pikepdf.Pdf], None]) -> None:
    document = pikepdf.new()
    document.add_blank_page()
    change(document)
    document.save(folder / "bilaga.pdf", compress_streams=True)


def attached(document: pikepdf.Pdf) -> None:
    document.attachments["data.csv"] = f"nr;adress\n{CASE};{ADDRESS}\n".encode()


def titled(document: pikepdf.Pdf) -> None:
    document.docinfo["/Subject"] = f"Ärende {CASE}"


def deleted_row(folder: Path) -> None:
    base = sqlite3.connect(folder / "results.gpkg")
    base.execute("pragma secure_delete = off")
    base.execute("create table gone (case_id text, geom blob)")
    shape = gpkg_geometry(shapely.Point(PLACES[3]))
    base.executemany("insert into gone values (?, ?)", [(CASE, shape)] * 40)
    base.commit()
    base.execute("drop table gone")
    base.commit()
    base.close()


def outlined(folder: Path) -> None:
    shape = shapely.Point(PLACES[5]).buffer(40)
    sqlite(folder / "hot.gpkg", "geom blob", [(gpkg_geometry(shape),)], "hotspots")


def docx(paragraph: str) -> Callable[[Path], None]:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    text = f'<?xml version="1.0"?><w:document {space}><w:body>{paragraph}</w:body></w:document>'
    return zipped("bilaga.docx", {"word/part.xml": text})


SVG = f"<svg xmlns='http://www.w3.org/2000/svg'><desc>{ADDRESS}</desc></svg>"
SVG_URI = "data:image/svg+xml;base64," + base64.b64encode(SVG.encode()).decode()
COLUMNS = {"E": [float(x) for x in PLACES[:9, 0]], "N": [float(y) for y in PLACES[:9, 1]]}
DAYS = {"layers": {"x": {"span": {"base": 19_500, "values": [0, 3, 4, 0]}}}}
STREETS = {"layers": {"x": {"streets": ["Exempelgatan"], "which": [0], "houses": [14]}}}

PLANTED = {
    "a point in a popup": ("point", put("a.html", page(f" Här: {lon_lat(PLACES[0])}"))),
    "a point in metres": ("point", put("a.html", page(" E 569321, N 6494777"))),
    "points packed by the page's codec": ("point", put("a.html", page(data=packed(PLACES[:12])))),
    "packed to a metre": ("point", put("a.html", page(data=packed(PLACES[:12], 5)))),
    "points moved by 15 m": (
        "point",
        put("a.html", page(data=packed(near(PLACES[:30], 15.0)))),
    ),
    "points as two columns": ("point", put("a.json", json.dumps(COLUMNS))),
    "points in a CSV": (
        "point",
        put("a.csv", "E;N\n" + "".join(f"{x:.0f};{y:.0f}\n" for x, y in PLACES[:4])),
    ),
    "a point in a layer": (
        "point",
        lambda f: sqlite(f / "b.gpkg", "g blob", [(gpkg_geometry(shapely.Point(PLACES[1])),)]),
    ),
    "a camera's position": ("point", put("a.html", page(data=packed(CAMERA)))),
    "a point in an image's metadata": (
        "point",
        lambda f: png(f, "Location", lon_lat(PLACES[2])),
    ),
    "an outline around one address": ("outline", outlined),
    "a case number in a comment": ("case", put("a.html", page(f"<!-- {CASE} -->"))),
    "a case number nobody knows": ("case", put("a.html", page(" Nr 5000-K999999-23"))),
    "a case number in a filename": ("case", put(f"{CASE}.txt", "x")),
    "a case number in a deleted row": ("case", deleted_row),
    "a point in a deleted row": ("point", deleted_row),
    "a case number in the PDF's information": ("case", lambda f: pdf(f, titled)),
    "a case number in a file attached to the PDF": ("case", lambda f: pdf(f, attached)),
    "an address in a file attached to the PDF": ("address", lambda f: pdf(f, attached)),
    "an address in capitals": ("address", put("a.html", page(" EXEMPELGATAN&nbsp;14"))),
    "an address packed by the page's codec": ("address", put("a.html", page(data=STREETS))),
    "an address in an SVG in a data URI": (
        "address",
        put("a.html", page(f'<img alt="" src="{SVG_URI}">')),
    ),
    "an address cut in pieces in Word": (
        "address",
        docx("<w:p><w:r><w:t>Exempel</w:t></w:r><w:r><w:t>gatan 14</w:t></w:r></w:p>"),
    ),
    "an address in a compressed chunk of an image": (
        "address",
        lambda f: png(f, "Comment", ADDRESS, compressed=True),
    ),
    "free text": ("text", put("a.html", page(" Mörk bil vid grinden."))),
    "a personal number": ("text", put("a.html", page(" 19850312-1234"))),
    "an entrance": ("id", put("a.json", json.dumps({"rows": [{"entrance": ENTRANCE}]}))),
    "a day": ("day", put("a.html", page(" den 2024-03-15"))),
    "a day in words": ("day", put("a.html", page(" den 15 mars 2024"))),
    "days packed by the page's codec": ("day", put("a.html", page(data=DAYS))),
    "a moment as seconds": ("day", put("a.json", json.dumps({"t": [1_710_513_300]}))),
    "an hour": ("hour", put("a.html", page(" omkring kl. 14:35"))),
    "a seed": ("seed", put("run.json", json.dumps({"settings": {"scan": {"seed": 581}}}))),
    "a seed under another name": ("seed", put("a.json", json.dumps({"start": 20_250_101}))),
    "a seed in words": ("seed", put("a.html", page(" (startvärde 581)"))),
    "a small count in a page": ("small count", put("a.html", page(b="4"))),
    "a small count in a layer": (
        "small count",
        lambda f: sqlite(f / "b.gpkg", "area_id text, n_events integer", [("A", 3)]),
    ),
    "a hidden count by the page's own total": (
        "hidden count",
        put("a.html", page(whole="92", b="50")),
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_leak_is_found(folder: Path, name: str) -> None:
    kind, plant = PLANTED[name]
    plant(folder)
    assert kind in kinds(folder)


APPENDIX = "source text, area_id text, what text, by text, value text, period text"
APPENDIX += ', "order" integer, first_date text, last_date text, n_events integer'


def counts_layer(folder: Path, counts: dict[str, int | None]) -> None:
    rows = [
        ("police", area, "all", "area", "all", "2024", 0, *YEARS[1], n)
        for area, n in counts.items()
    ]
    sqlite(folder / "counts.gpkg", APPENDIX, rows, "appendix_counts")


def test_a_hidden_count_is_had_from_the_sum_of_its_table(folder: Path) -> None:
    counts_layer(folder, {"*": 90, "A": None, "B": 7, "C": 40, "*outside": 41})
    assert "hidden count" in kinds(folder)


def test_two_hidden_counts_that_leave_too_little_room_are_found(folder: Path) -> None:
    counts_layer(folder, {"*": 84, "A": None, "B": None, "C": 40, "*outside": 41})
    (folder / "published.json").unlink()
    assert "hidden count" in kinds(folder)  # 2 and 1: neither can be 4


def test_two_hidden_counts_with_room_are_not(folder: Path) -> None:
    counts_layer(folder, {"*": 90, "A": None, "B": None, "C": 40, "*outside": 41})
    assert kinds(folder) == set()


def test_a_hidden_count_is_had_from_last_years_edition(folder: Path, tmp_path: Path) -> None:
    counts_layer(folder, {"*": 90, "A": None, "B": None, "C": 40, "*outside": 41})
    before = tmp_path / "before"
    before.mkdir()
    told = ledger({("B", 1): 7})
    (before / "published.json").write_text(json.dumps(told), encoding="utf-8")
    assert "hidden count" in kinds(folder, earlier=(before,))


def test_bytes_that_are_no_files_are_passed_over(folder: Path) -> None:
    (folder / "x.bin").write_bytes(io.BytesIO(bytes(range(256)) * 3).getvalue())
    assert kinds(folder) == set()
