"""A paper's blocks in Word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import singledispatchmethod
from io import BytesIO
from typing import TYPE_CHECKING, Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt

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
    Words,
    contents_title,
    headings,
    kind_names,
    runs,
)
from maps.pdf.compiling import picture_png
from maps.word import parts
from maps.word.frame import SOFT, add_marks, new_document, packed, text_width_mm

if TYPE_CHECKING:
    from docx.table import Table as DocxTable
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as DocxParagraph

_EDGES = {"caveat": ("12506B", "EEF4F6"), "warning": ("B7791F", "FDF6E7")}
_STRONG, _THIN, _NONE = (8, "1D2327"), (4, "C9CED1"), None


def paper_docx(paper: Paper, *, dpi: float = 300) -> bytes:
    """Return a paper as a Word file.

    Parameters
    ----------
    paper
        What it holds.
    dpi
        Dots to the inch of its pictures, which Word holds as PNG.

    Returns
    -------
    bytes
        The same for the same paper: no time, path or user's name is in it.

    Raises
    ------
    OutputError
        If the font for the pictures is missing.
    """
    document = new_document(paper)
    add_marks(document.add_paragraph(), paper)
    document.add_paragraph(parts.clean(paper.title), style="Title")
    if paper.subtitle:
        document.add_paragraph(parts.clean(paper.subtitle), style="Subtitle")
    writer = _Writer(document, text_width_mm(paper), dpi, headings(paper.blocks))
    writer.blocks(paper.blocks)
    return packed(document)


@dataclass
class _Writer:
    """Writes blocks into a document or one of its cells; `wide_mm` is what they may take."""

    target: Any
    wide_mm: float
    dpi: float
    headings: list[Heading]
    numbers: Counter[str] = field(default_factory=Counter)

    def blocks(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            self.block(block)

    @singledispatchmethod
    def block(self, block: Block) -> None:
        msg = f"no way to write {type(block).__name__}"
        raise TypeError(msg)

    @block.register
    def _heading(self, block: Heading) -> None:
        paragraph = self._paragraph(block.text, f"Heading {block.level}")
        paragraph.paragraph_format.page_break_before = block.new_page or None
        self.numbers["heading"] += 1
        number = self.numbers["heading"]
        parts.add_bookmark(paragraph, f"_Rubrik{number}", number)

    @block.register
    def _plain(self, block: Paragraph) -> None:
        paragraph = self._paragraph(block.words)
        paragraph.paragraph_format.keep_with_next = block.lead or None
        if block.small:
            _make_small(paragraph)

    @block.register
    def _bullets(self, block: Bullets) -> None:
        style = {"bullet": "List Bullet", "number": "List Number", "box": "Normal"}[block.mark]
        number = self._new_list() if block.mark == "number" else None
        for item in block.items:
            paragraph = self._paragraph(item, style)
            paragraph.paragraph_format.space_after = Pt(2)
            if number is not None:
                properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = number
            if block.mark == "box":
                paragraph.paragraph_format.left_indent = Mm(6)
                paragraph.paragraph_format.first_line_indent = Mm(-6)
                mark = paragraph._p.add_r()
                mark.text = "☐\t"
                paragraph._p.insert(1, mark)
                paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(6))

    @block.register
    def _remark(self, block: Remark) -> None:
        edge, back = _EDGES[block.kind]
        paragraph = self._paragraph(block.words)
        paragraph.paragraph_format.left_indent = Mm(3)
        paragraph.paragraph_format.space_before = Pt(6)
        paragraph.paragraph_format.keep_together = True
        parts.edge_paragraph(paragraph, side="left", width=24, colour=edge)
        parts.shade_paragraph(paragraph, back)

    @block.register
    def _facts(self, block: Facts) -> None:
        table = self._table(len(block.pairs), 2, (0.32, 0.68))
        for row, (name, value) in zip(table.rows, block.pairs, strict=True):
            parts.keep_whole(row)
            self._fill(row.cells[0], (name,), soft=True)
            self._fill(row.cells[1], value)
        self._gap()

    @block.register
    def _data(self, block: Table) -> None:
        self._caption("table", block.caption)
        table = self._table(1 + len(block.rows), len(block.header), block.widths)
        parts.describe(table, block.caption)
        parts.mark_header(table.rows[0])
        for place, row in enumerate(table.rows):
            parts.keep_whole(row)
            texts = block.header if place == 0 else block.rows[place - 1]
            last = block.total and place == len(block.rows)
            for column, (cell, words) in enumerate(zip(row.cells, texts, strict=True)):
                paragraph = self._fill(cell, words, bold=place == 0 or last)
                if column >= block.left:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                end = place == len(block.rows) and not block.note
                paragraph.paragraph_format.keep_with_next = (block.whole and not end) or None
                top = _STRONG if place == 0 or last else _NONE
                parts.borders(
                    cell, top=top, left=_NONE, bottom=_STRONG if place == 0 else _THIN, right=_NONE
                )
        self._note(block.note)

    @block.register
    def _picture(self, block: Picture) -> None:
        self._caption(block.kind, block.caption)
        wide = min(block.width_mm, self.wide_mm)
        image = picture_png(block.svg, dpi=self.dpi, width_mm=wide)
        paragraph = self._paragraph("")
        paragraph.paragraph_format.keep_with_next = bool(block.note) or None
        shape = paragraph.add_run().add_picture(BytesIO(image), width=Mm(wide))
        self.numbers["picture"] += 1
        parts.set_alt(shape, block.alt, self.numbers["picture"])
        self._note(block.note)

    @block.register
    def _fields(self, block: Fields) -> None:
        for name in block.names:
            label = self._paragraph(name)
            _make_small(label)
            label.paragraph_format.keep_with_next = True
            for _line in range(block.lines):
                line = self._paragraph("")
                line.paragraph_format.space_before = Pt(10)
                parts.edge_paragraph(line, side="bottom", width=4, colour="4F5A61")

    @block.register
    def _beside(self, block: Beside) -> None:
        table = self._table(1, 2, (block.share, 1 - block.share))
        outer, whole = self.target, self.wide_mm
        sides = zip(
            table.rows[0].cells,
            (block.left, block.right),
            (block.share, 1 - block.share),
            strict=True,
        )
        for cell, blocks, share in sides:
            self.target, self.wide_mm = cell, whole * share - 5
            self.blocks(blocks)
            # A cell comes with an empty paragraph, and must end with one.
            first = cell.paragraphs[0]._p
            if len(cell.paragraphs) > 1 and first.getnext() is not None:
                first.getparent().remove(first)
            if cell._tc[-1].tag.endswith("}tbl"):
                cell.add_paragraph()
        self.target, self.wide_mm = outer, whole
        self._gap()

    @block.register
    def _page_break(self, block: PageBreak) -> None:
        del block
        self._paragraph("").add_run().add_break(WD_BREAK.PAGE)

    @block.register
    def _contents(self, block: Contents) -> None:
        heading = self._paragraph(contents_title())
        heading.runs[0].bold = True
        heading.runs[0].font.size = Pt(12.5)
        for number, entry in enumerate(self.headings, start=1):
            if entry.level <= block.depth:
                line = self._paragraph("")
                line.paragraph_format.left_indent = Mm(5 * (entry.level - 1))
                line.paragraph_format.space_after = Pt(1)
                parts.add_link(line, entry.text, f"_Rubrik{number}")
        self._gap()

    def _paragraph(self, words: Words, style: str = "Normal") -> DocxParagraph:
        paragraph: DocxParagraph = self.target.add_paragraph(style=style)
        _write(paragraph, words)
        return paragraph

    def _caption(self, kind: str, caption: str) -> None:
        if not caption:
            return
        name = kind_names()[kind]
        self.numbers[kind] += 1
        paragraph = self.target.add_paragraph(style="Caption")
        paragraph.add_run(f"{name} ")
        parts.add_field(paragraph, f"SEQ {name} \\* ARABIC", str(self.numbers[kind]))
        paragraph.add_run(f". {parts.clean(caption)}")

    def _note(self, note: str) -> None:
        if note:
            _make_small(self._paragraph(note))
        else:
            self._gap()

    def _gap(self) -> None:
        gap = self._paragraph("")
        gap.paragraph_format.space_after = Pt(0)
        gap.paragraph_format.line_spacing = Pt(6)

    def _table(self, rows: int, columns: int, widths: Sequence[float]) -> DocxTable:
        made: DocxTable = (
            self.target.add_table(rows=rows, cols=columns)
            if hasattr(self.target, "core_properties")
            else self.target.add_table(rows, columns)
        )
        made.alignment = WD_TABLE_ALIGNMENT.LEFT
        shares = [w / sum(widths) for w in widths] if widths else [1 / columns] * columns
        made.autofit = not widths
        for column, share in zip(made.columns, shares, strict=True):
            column.width = Mm(self.wide_mm * share)
            for cell in column.cells:
                cell.width = Mm(self.wide_mm * share)
        return made

    def _fill(
        self, cell: _Cell, words: Words, *, bold: bool = False, soft: bool = False
    ) -> DocxParagraph:
        paragraph: DocxParagraph = cell.paragraphs[0]
        _write(paragraph, words, bold=bold, soft=soft)
        paragraph.paragraph_format.space_after = Pt(1)
        for run in paragraph.runs:
            run.font.size = Pt(9.5)
        return paragraph

    def _new_list(self) -> int:
        part = self.target.part
        style = part.styles["List Number"].element.pPr.numPr.numId.val
        return parts.restarted_list(part.numbering_part.element, style)


def _write(
    paragraph: DocxParagraph, words: Words, *, bold: bool = False, soft: bool = False
) -> None:
    for run in runs(words):
        if not run.text:
            continue
        written = paragraph.add_run(parts.clean(run.text))
        written.bold = True if run.bold or bold else None
        written.italic = True if run.italic else None
        if run.soft or soft:
            written.font.color.rgb = SOFT


def _make_small(paragraph: DocxParagraph) -> None:
    for run in paragraph.runs:
        run.font.size = Pt(9)
        run.font.color.rgb = SOFT
