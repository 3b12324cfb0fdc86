"""Leaks in pictures and in Word's own shapes are found, and a map without any has none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from maps.pdf import picture_png
from tests.attack.attacker import attack
from tests.attack.opening import open_folder
from tests.attack.pixels import locate
from tests.attack.test_attack_drawn import (
    AREAS,
    CAMERAS,
    HIGH,
    LIVED_IN,
    LOW,
    MAP,
    MM,
    PLACES,
    TRUTH,
    dots,
    kinds,
    paper,
    rings,
    within,
)

DPI = 200
ELSEWHERE = np.random.default_rng(5).uniform(LOW + 300, HIGH - 300, (40, 2))
EXTENT = f'<wp:extent cx="{170 * 36_000}" cy="{120 * 36_000}"/>'
DRAWN = {
    "markers at incidents": ("point", dots(PLACES[:12])),
    "houses with incidents in a colour of their own": ("point", rings(LIVED_IN[:40])),
    "cameras": ("camera", dots(CAMERAS)),
}


@cache
def picture(extra: str) -> bytes:
    return picture_png(within(MAP.svg(), extra), dpi=DPI)


def as_png(folder: Path, data: bytes) -> None:
    (folder / "karta.png").write_bytes(data)


def as_jpeg(folder: Path, data: bytes) -> None:
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image.save(folder / "karta.jpg", quality=95, dpi=(DPI, DPI))


def as_word(folder: Path, data: bytes) -> None:
    with zipfile.ZipFile(folder / "bilaga.docx", "w") as archive:
        archive.writestr("word/media/image1.png", data)
        archive.writestr("word/part.xml", f'<w xmlns:wp="wp">{EXTENT}</w>')


def as_pdf(folder: Path, data: bytes) -> None:
    image = Image.open(io.BytesIO(data)).convert("RGB")
    document = pikepdf.new()
    document.add_blank_page()
    stream = pikepdf.Stream(document, image.tobytes())
    stream.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
    )
    document.pages[0].Resources["/XObject"] = pikepdf.Dictionary(I=stream)
    document.save(folder / "karta.pdf", compress_streams=True)


FILES: dict[str, Callable[[Path, bytes], None]] = {
    "png": as_png,
    "jpeg": as_jpeg,
    "word": as_word,
    "pdf": as_pdf,
}


@pytest.mark.parametrize("form", FILES)
def test_a_picture_is_placed_and_tells_nothing(tmp_path: Path, form: str) -> None:
    FILES[form](tmp_path, picture(dots(ELSEWHERE)))
    ((_where, raster),) = open_folder(tmp_path).rasters
    panels = locate(raster, TRUTH.public)
    metres = 25.4 / DPI / MM
    assert any(panel.metres == pytest.approx(metres, rel=2e-3) for panel in panels)
    (best, *_others) = sorted(panels, key=lambda panel: -panel.matched)
    corner = best.matrix @ (*(paper(LOW)[0] * DPI / 25.4), 1)
    assert np.abs(corner[:2] - LOW).max() < 2.5 * metres
    assert attack(tmp_path, TRUTH) == []


@pytest.mark.parametrize("form", ["png", "word", "pdf"])
@pytest.mark.parametrize("name", DRAWN)
def test_a_leak_in_a_picture_is_found(tmp_path: Path, name: str, form: str) -> None:
    kind, extra = DRAWN[name]
    FILES[form](tmp_path, picture(extra))
    assert kind in kinds(tmp_path)


def test_a_picture_of_something_else_is_passed_over(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "bild.png")
    assert attack(tmp_path, TRUTH) == []


def test_shapes_of_word_over_its_map_are_found(tmp_path: Path) -> None:
    """Areas drawn with Word's own pen give the map away, and with it dots set upon it."""
    space = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    areas = "".join(
        "<a:path>"
        + "".join(f'<a:pt x="{x:.0f}" y="{y:.0f}"/>' for x, y in 10_000 * paper(ring.T))
        + "<a:close/></a:path>"
        for ring in (np.array(one.exterior.coords.xy) for one in AREAS)
    )
    spots = "".join(
        f'<a:xfrm><a:off x="{x - 300:.0f}" y="{y - 300:.0f}"/><a:ext cx="600" cy="600"/></a:xfrm>'
        for x, y in 10_000 * paper(PLACES[:5])
    )
    for name, extra, found in (("tom", "", set()), ("med", spots, {"point"})):
        folder = tmp_path / name
        folder.mkdir()
        with zipfile.ZipFile(folder / "bilaga.docx", "w") as archive:
            archive.writestr("word/part.xml", f"<w {space}>{areas}{extra}</w>")
        assert kinds(folder) == found
