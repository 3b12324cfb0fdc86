"""A paper's blocks as Typst markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import singledispatchmethod
from typing import Final

from maps.paper import (
    Beside,
    Block,
    Bullets,
    Contents,
    Facts,
    Fields,
    Heading,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Remark,
    Table,
    contents_title,
    kind_names,
)
from maps.pdf.compiling import compile_pdf, size_mm
from maps.pdf.markup import array, content, literal

_MARGINS_MM: Final = 40.0
_SHEETS_MM: Final = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}


def paper_pdf(paper: Paper) -> bytes:
    """Return a paper as PDF/UA-1.

    Raises
    ------
    OutputError
        If the font is missing.
    """
    wide = _SHEETS_MM[paper.size][1 if paper.landscape else 0] - _MARGINS_MM
    writer = _Writer(wide)
    return compile_pdf(
        writer.blocks(paper.blocks),
        writer.files,
        title=paper.title,
        profile=paper.profile,
        subtitle=paper.subtitle,
        footer=paper.footer,
        synthetic=paper.synthetic,
        size=paper.size,
        landscape=paper.landscape,
    )


@dataclass
class _Writer:
    """Writes blocks and gathers their pictures; `wide_mm` is what they may take."""

    wide_mm: float
    files: dict[str, bytes] = field(default_factory=dict)

    def blocks(self, blocks: Sequence[Block]) -> str:
        return "\n\n".join(self.block(block) for block in blocks) + "\n"

    @singledispatchmethod
    def block(self, block: Block) -> str:
        msg = f"no way to write {type(block).__name__}"
        raise TypeError(msg)

    @block.register
    def _heading(self, block: Heading) -> str:
        before = "#pagebreak(weak: true)\n" if block.new_page else ""
        return f"{before}#heading(level: {block.level}, {literal(block.text)})"

    @block.register
    def _paragraph(self, block: Paragraph) -> str:
        words = content(block.words)
        made = f"#small{words}" if block.small else f"#par{words}"
        return f"#block(sticky: true)[{made}]" if block.lead else made

    @block.register
    def _bullets(self, block: Bullets) -> str:
        items = [content(item) for item in block.items]
        if block.mark == "box":
            return f"#boxes({array(items)})"
        kind = "enum" if block.mark == "number" else "list"
        return f"#{kind}({', '.join(items)})"

    @block.register
    def _remark(self, block: Remark) -> str:
        return f"#remark({literal(block.kind)}, {content(block.words)})"

    @block.register
    def _facts(self, block: Facts) -> str:
        pairs = [f"({content(name)}, {content(value)})" for name, value in block.pairs]
        return f"#facts({array(pairs)})"

    @block.register
    def _table(self, block: Table) -> str:
        columns = array([f"{share}fr" for share in block.widths] or ["auto"] * len(block.header))
        header = array([content(name) for name in block.header])
        cells = array([content(cell) for row in block.rows for cell in row])
        total = str(block.total).lower()
        table = f"data-table({columns}, {block.left}, {total}, {header}, {cells})"
        made = _captioned(table, "table", block.caption, block.note)
        whole = "#show figure: set block(breakable: false)\n"
        return f"#[{whole}{made}]" if block.whole and block.caption else made

    @block.register
    def _picture(self, block: Picture) -> str:
        name = f"picture-{len(self.files) + 1}.svg"
        self.files[name] = block.svg.encode()
        wide = min(block.width_mm, self.wide_mm)
        own_wide, own_high = size_mm(block.svg)
        picture = (
            f"image({literal(name)}, width: {wide:.2f}mm, "
            f"height: {wide * own_high / own_wide:.2f}mm, alt: {literal(block.alt)})"
        )
        return _captioned(picture, block.kind, block.caption, block.note)

    @block.register
    def _fields(self, block: Fields) -> str:
        return f"#fields({array([content(name) for name in block.names])}, {block.lines})"

    @block.register
    def _beside(self, block: Beside) -> str:
        whole = self.wide_mm
        gap = 7.0
        self.wide_mm = (whole - gap) * block.share
        left = self.blocks(block.left)
        self.wide_mm = (whole - gap) * (1 - block.share)
        right = self.blocks(block.right)
        self.wide_mm = whole
        return f"#beside({block.share}, [\n{left}], [\n{right}])"

    @block.register
    def _page_break(self, block: PageBreak) -> str:
        del block
        return "#pagebreak(weak: true)"

    @block.register
    def _contents(self, block: Contents) -> str:
        return f"#outline(title: {literal(contents_title())}, depth: {block.depth}, indent: 1.2em)"


def _captioned(expression: str, kind: str, caption: str, note: str) -> str:
    if note:
        expression = f"[#{expression}\n#small{content(note)}]"
    if not caption:
        return expression[1:-1] if note else f"#{expression}"
    name = literal(kind_names()[kind])
    return (
        f"#figure({expression}, caption: {content(caption)}, kind: {literal(kind)}, "
        f'supplement: {name}, numbering: "1")'
    )
