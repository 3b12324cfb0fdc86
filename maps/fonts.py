"""The font of everything that is printed: where it lies, what it can write and how wide that is.

Source Sans Pro (SIL Open Font License 1.1) comes with the package `font-source-sans-pro`, so that
a page looks the same on every machine and the system's own fonts play no part. Typst's own fonts
stand behind it for the few signs of `OWN_SIGNS`.
"""

from __future__ import annotations

import base64
import unicodedata
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from geodata.errors import Fault, OutputError
from geodata.language import gettext as _

if TYPE_CHECKING:
    import typst
    from fontTools.ttLib import TTFont

FAMILY: Final = "Source Sans Pro"
PACKAGE: Final = "font-source-sans-pro"
FALLBACK: Final = ("DejaVu Sans Mono", "Libertinus Serif")
"""Fonts within Typst itself."""

OWN_SIGNS: Final = "\ufffd□■●○"
"""Signs that only the fallback has, or that the program writes itself."""

REPLACEMENT: Final = "\ufffd"
"""What stands for a character of the data that no font here can write."""

Weight = Literal["regular", "semibold", "bold"]
_FILES: Final[dict[str, str]] = {
    "regular": "SourceSansPro-Regular.ttf",
    "semibold": "SourceSansPro-Semibold.ttf",
    "bold": "SourceSansPro-Bold.ttf",
    "italic": "SourceSansPro-It.ttf",
}
CSS_WEIGHT: Final[dict[Weight, int]] = {"regular": 400, "semibold": 600, "bold": 700}


def font_folder() -> Path:
    """Return the folder of the font files.

    Raises
    ------
    OutputError
        ``fonts_missing``, if the package or one of its files isn't there: a page with boxes
        instead of letters is never made.
    """
    try:
        folder = Path(str(files("font_source_sans_pro"))) / "files"
    except ModuleNotFoundError:
        folder = Path(PACKAGE)
    missing = [name for name in _FILES.values() if not (folder / name).is_file()]
    if missing:
        raise OutputError(
            Fault(
                code="fonts_missing",
                what=_(
                    "Typsnittet {family} saknas, så inga sidor eller kartor för tryck görs."
                ).format(family=FAMILY),
                where=", ".join(missing),
                why=_("Utan typsnitt hade det stått rutor i stället för bokstäver."),
                next_step=_("Installera det med: pip install --force-reinstall {package}").format(
                    package=PACKAGE
                ),
            )
        )
    return folder


@cache
def typst_fonts() -> typst.Fonts:
    """Return the fonts for Typst: ours and its own, never the system's."""
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(font_folder())],
    )


@cache
def _opened(weight: Weight) -> TTFont:
    from fontTools.ttLib import TTFont

    # From memory: a lazy font on disk would keep its file open for as long as the program runs.
    return TTFont(BytesIO((font_folder() / _FILES[weight]).read_bytes()), lazy=True)


@cache
def _advances(weight: Weight) -> dict[str, float]:
    """Return how far each character takes the pen, in parts of the font's size."""
    font = _opened(weight)
    units, widths = font["head"].unitsPerEm, font["hmtx"].metrics
    return {chr(code): widths[name][0] / units for code, name in font.getBestCmap().items()}


def width(text: str, size: float, weight: Weight = "regular") -> float:
    """Return how wide a text is at most, in the unit of `size`; kerning only makes it narrower."""
    advances = _advances(weight)
    return size * sum(advances.get(letter, 0.7) for letter in text)


def writable(text: str) -> str:
    """Return a text that the fonts can write, in composed form (NFC).

    Line breaks and other blanks become spaces; signs that control but don't show are left out;
    what no font has becomes ``�``, which shows that something stood there.
    """
    known = _advances("regular")
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(letter)
        if letter in known or letter in OWN_SIGNS:
            letters.append(letter)
        elif kind == "Zs" and letter in "\u2007\u202f":
            letters.append("\u00a0")
        elif letter.isspace() or kind in ("Zs", "Zl", "Zp"):
            letters.append(" ")
        elif letter == "\u2011":
            letters.append("-")
        elif kind not in ("Cc", "Cf", "Cs"):
            letters.append(REPLACEMENT)
    return "".join(letters)


def font_face(letters: str, weights: tuple[Weight, ...] = ("regular", "semibold", "bold")) -> str:
    """Return CSS that brings the font to a page, with only the letters that it needs.

    A page with printed maps in it then writes them as paper does, also where the font isn't
    installed. Its policy must allow ``font-src data:``.

    Parameters
    ----------
    letters
        All text that is written in the font, in any order.
    weights
        Which weights the page has.
    """
    from fontTools.subset import Options, Subsetter, save_font
    from fontTools.ttLib import TTFont

    rules = []
    for weight in weights:
        options = Options()
        options.flavor = "woff"
        # Kerning takes longer to cut out than all the rest; screens need no hints at these sizes.
        options.drop_tables += ["BASE", "GPOS", "GSUB", "GDEF"]
        options.hinting = False
        file = BytesIO((font_folder() / _FILES[weight]).read_bytes())
        font = TTFont(file, recalcTimestamp=False)
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(sorted(set(letters))))
        subsetter.subset(font)
        written = BytesIO()
        save_font(font, written, options)
        data = base64.b64encode(written.getvalue()).decode("ascii")
        rules.append(
            f"@font-face{{font-family:'{FAMILY}';font-weight:{CSS_WEIGHT[weight]};"
            f"src:url(data:font/woff;base64,{data}) format('woff');}}"
        )
    return "".join(rules)
