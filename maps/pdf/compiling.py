"""Typst at work: source and files in, a tagged PDF out; nothing is fetched and nothing dated."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import Final, Literal, cast

from geodata.disclosure import Profile, marking
from geodata.language import gettext as _
from geodata.language import language
from maps.fonts import typst_fonts
from maps.paper import synthetic_mark
from maps.pdf.markup import literal

REGIONS: Final = {"sv": "SE", "en": "GB"}
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*\.(svg|png)")
_SIZE: Final = re.compile(r'<svg\b[^>]*?\bwidth="([\d.]+)mm"[^>]*?\bheight="([\d.]+)mm"')


@cache
def _look() -> str:
    return (package_files("maps") / "templates" / "paper.typ").read_text("utf-8")


def compile_pdf(  # noqa: PLR0913 (what is printed on every page)
    source: str,
    files: Mapping[str, bytes],
    *,
    title: str,
    profile: Profile,
    subtitle: str = "",
    footer: str = "",
    synthetic: bool = False,
    size: Literal["A4", "A3"] = "A4",
    landscape: bool = False,
) -> bytes:
    """Return a paper as PDF/UA-1: tagged, with language and title.

    Parameters
    ----------
    source
        Typst markup, after the functions of ``maps/templates/paper.typ``. Texts from data only
        through `maps.pdf.text`.
    files
        Pictures that the source names, by file name (``karta-1.svg``).
    title, subtitle
        Name of the paper, also in its metadata, and what stands beneath.
    profile, synthetic
        The marking at the top of every page.
    footer
        Text at the bottom of every page, left of its number.
    size, landscape
        The paper.

    Returns
    -------
    bytes
        The same for the same input: no time, no path and no user's name is in it.

    Raises
    ------
    OutputError
        If the font is missing.
    ValueError
        If a file's name is not a plain one.
    typst.TypstError
        If the source is wrong, such as a picture without a text alternative.
    """
    numbers = f"(n, all) => {_page_of()}"
    head = (
        f"{_look()}\n#show: paper.with(title: {literal(title)}, subtitle: {literal(subtitle)}, "
        f"profile: {literal(profile)}, marking: {literal(marking(profile))}, "
        f"made: {literal(synthetic_mark() if synthetic else '')}, footer: {literal(footer)}, "
        f"lang: {literal(language())}, region: {literal(REGIONS[language()])}, "
        f"paper-size: {literal(size.lower())}, flipped: {str(landscape).lower()}, "
        f"of: {numbers})\n"
    )
    return _compiled(head + source, files)


def picture_pdf(svg: str, *, title: str, alt: str) -> bytes:
    """Return a drawing as a page of its own size, tagged, with its text alternative.

    Parameters
    ----------
    svg
        A drawing whose root says its width and height in ``mm``.
    title, alt
        What it is called and what it shows.
    """
    return _compiled(_page_of_picture(svg, title, alt), {"picture.svg": svg.encode()})


def picture_png(svg: str, *, dpi: float = 300, width_mm: float | None = None) -> bytes:
    """Return a drawing as PNG.

    Parameters
    ----------
    svg
        A drawing whose root says its width and height in ``mm``.
    dpi
        Dots to the inch.
    width_mm
        How wide it will be on paper; its own width without.
    """
    scale = width_mm / size_mm(svg)[0] if width_mm else 1.0
    source = _page_of_picture(svg, "", "")
    return _compiled(source, {"picture.svg": svg.encode()}, dpi=dpi * scale)


def size_mm(svg: str) -> tuple[float, float]:
    """Return width and height of a drawing.

    Raises
    ------
    ValueError
        If its root doesn't say them in ``mm``.
    """
    found = _SIZE.search(svg)
    if found is None:
        msg = "the drawing does not tell its width and height in mm"
        raise ValueError(msg)
    return float(found[1]), float(found[2])


def _page_of_picture(svg: str, title: str, alt: str) -> str:
    wide, high = size_mm(svg)
    return (
        f"#set document(title: {literal(title)}, author: (), date: none)\n"
        f"#set text(lang: {literal(language())}, region: {literal(REGIONS[language()])})\n"
        f"#set page(width: {wide}mm, height: {high}mm, margin: 0mm, fill: white)\n"
        f'#image("picture.svg", width: {wide}mm, height: {high}mm, alt: {literal(alt)})\n'
    )


def _page_of() -> str:
    words = _("Sida {n} av {all}").split("{n}")
    before, (between, after) = words[0], words[1].split("{all}")
    return f"{literal(before)} + n + {literal(between)} + all + {literal(after)}"


def _compiled(source: str, files: Mapping[str, bytes], *, dpi: float | None = None) -> bytes:
    import typst

    strange = [name for name in files if not _NAME.fullmatch(name)]
    if strange:
        msg = f"not plain names of pictures: {strange}"
        raise ValueError(msg)
    with tempfile.TemporaryDirectory(prefix="lagesbild-") as named:
        root = Path(named)
        for name, data in files.items():
            (root / name).write_bytes(data)
        page = root / "main.typ"
        page.write_text(source, encoding="utf-8")
        compiler = typst.Compiler(
            str(page),
            root=str(root),
            font_paths=typst_fonts(),
            # An empty folder: no package can be found, so none is fetched.
            package_path=str(root),
            package_cache_path=str(root),
        )
        if dpi is not None:
            return cast("bytes", compiler.compile(format="png", ppi=dpi, timestamp=0))
        return cast("bytes", compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=0))
