"""What a paper holds, told once and then written as PDF (`maps.pdf`) and as Word (`maps.word`).

A `Paper` is a list of blocks without any look. Both writers number maps, tables and figures in the
order in which they stand, so the numbers agree between the formats. Every text is plain: what
comes from data can never become markup or code.

Examples
--------
>>> paper = Paper(
...     title="Underlag för kamera K01",
...     profile="intern",
...     blocks=(
...         Heading("Platsen"),
...         Paragraph(("Stolpe 17 vid ", Run("Storgatan 4", bold=True), ".")),
...         Table(("Brott", "Antal"), (("innehav", "12"),), caption="Brott inom räckhåll", left=1),
...     ),
... )
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from geodata.disclosure import Profile
from geodata.language import gettext as _

Kind = Literal["map", "figure"]

WHOLE_LINES: Final = 45
"""Lines of a table that is kept on one page; an upright A4 holds some 58."""

LINE_LETTERS: Final = 105
"""Letters that fit a line of a table on an upright A4."""


@dataclass(frozen=True)
class Run:
    """A piece of text with a look of its own; ``soft`` is for what is less important."""

    text: str
    bold: bool = False
    italic: bool = False
    soft: bool = False


Words = str | Run | tuple[str | Run, ...]
"""A text: as it stands, or in pieces."""


def runs(words: Words) -> tuple[Run, ...]:
    """Return a text as its pieces."""
    pieces = words if isinstance(words, tuple) else (words,)
    return tuple(Run(piece) if isinstance(piece, str) else piece for piece in pieces)


def plain(words: Words) -> str:
    """Return a text without its looks."""
    return "".join(run.text for run in runs(words))


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is highest beneath the title."""

    text: str
    level: Literal[1, 2, 3] = 1
    new_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``small`` for source lines and notes, ``lead`` stays with what follows."""

    words: Words
    small: bool = False
    lead: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list: ``bullet``, ``number`` or ``box`` (to tick by hand)."""

    items: tuple[Words, ...]
    mark: Literal["bullet", "number", "box"] = "bullet"


@dataclass(frozen=True)
class Remark:
    """A boxed text: a standing ``caveat``, or a ``warning`` of something to look at."""

    words: Words
    kind: Literal["caveat", "warning"] = "caveat"


@dataclass(frozen=True)
class Facts:
    """Names with their values, such as ``Uttagsdatum`` – ``2025-12-31``."""

    pairs: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class Table:
    """A table with a header row.

    Attributes
    ----------
    header, rows
        Texts; every row is as long as the header.
    caption
        Its name, numbered; without one the table has no number.
    left
        How many columns from the left are words; the others are numbers, set to the right.
    widths
        Shares of the width, one a column; without them the columns fit what they hold.
    note
        Source or explanation beneath.
    total
        The last row is a sum.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    caption: str = ""
    left: int = 1
    widths: tuple[float, ...] = ()
    note: str = ""
    total: bool = False

    def __post_init__(self) -> None:
        """Hold every row to the header."""
        ragged = [row for row in self.rows if len(row) != len(self.header)]
        if ragged or (self.widths and len(self.widths) != len(self.header)):
            msg = f"rows or widths do not fit the header {self.header}: {ragged[:1]}"
            raise ValueError(msg)

    @property
    def whole(self) -> bool:
        """Whether it is so small that no page parts its sum or its source from it."""
        shares = self.widths or (1 / len(self.header),) * len(self.header)
        lines = sum(
            max(
                1 + len(plain(cell)) // max(1, round(LINE_LETTERS * share))
                for cell, share in zip(row, shares, strict=True)
            )
            for row in self.rows
        )
        return lines <= WHOLE_LINES


@dataclass(frozen=True)
class Picture:
    """A picture, drawn as SVG.

    Attributes
    ----------
    svg
        The drawing, from `PrintedMap.svg` or `maps.pictures`; nothing in it may come from outside.
    alt
        What it shows, in words, for those who can't see it. Required.
    caption
        Its name, numbered; without one the picture has no number.
    width_mm
        Width on the page; the height follows from the drawing. Never more than the text is wide.
    kind
        Whether it is called a map or a figure.
    """

    svg: str
    alt: str
    caption: str = ""
    width_mm: float = 160.0
    kind: Kind = "map"
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a picture that not everybody can read."""
        if not self.alt.strip():
            msg = "a picture needs a text alternative"
            raise ValueError(msg)


@dataclass(frozen=True)
class Fields:
    """Names with an empty line each, to be filled in by hand; ``lines`` of them a name."""

    names: tuple[str, ...]
    lines: int = 1


@dataclass(frozen=True)
class Beside:
    """Two columns of blocks; ``share`` (0–1) of the width is the left one's."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]
    share: float = 0.5


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Contents:
    """A list of contents with page numbers, down to headings of ``depth``."""

    depth: int = 2


Block = (
    Heading
    | Paragraph
    | Bullets
    | Remark
    | Facts
    | Table
    | Picture
    | Fields
    | Beside
    | PageBreak
    | Contents
)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A whole paper.

    Attributes
    ----------
    title
        Name of the paper, its first heading and its metadata.
    profile
        Whom it is for; stands on every page.
    blocks
        What it holds, in order.
    subtitle
        Beneath the title: project and period.
    footer
        At the bottom of every page, left: program, extract date. Beside it the page's number.
    synthetic
        Whether the data are made up; said beside the marking on every page.
    size, landscape
        The paper.
    """

    title: str
    profile: Profile
    blocks: tuple[Block, ...]
    subtitle: str = ""
    footer: str = ""
    synthetic: bool = False
    size: Literal["A4", "A3"] = "A4"
    landscape: bool = False


def headings(blocks: tuple[Block, ...]) -> list[Heading]:
    """Return the headings in the order in which they stand, those within columns too."""
    found: list[Heading] = []
    for block in blocks:
        if isinstance(block, Heading):
            found.append(block)
        elif isinstance(block, Beside):
            found += headings(block.left) + headings(block.right)
    return found


def synthetic_mark() -> str:
    """Return the words beside the marking when the data are made up."""
    return _("SYNTETISKA DATA")


def kind_names() -> dict[str, str]:
    """Return what a numbered map, figure and table are called in a caption."""
    return {"map": _("Karta"), "figure": _("Figur"), "table": _("Tabell")}


def contents_title() -> str:
    """Return the heading of a list of contents."""
    return _("Innehåll")
