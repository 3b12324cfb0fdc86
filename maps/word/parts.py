"""What python-docx has no word for: fields, text alternatives, borders, bookmarks, header rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.table import Table as DocxTable
    from docx.table import _Cell, _Row
    from docx.text.paragraph import Paragraph as DocxParagraph

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return a text without the characters that XML can't hold; line breaks become spaces."""
    return re.sub(r"[\t\n\r]", " ", _NOT_XML.sub("", text))


def element(name: str, /, **attributes: str | int) -> Any:  # noqa: ANN401 (lxml's own type)
    """Return an element of Word's namespace, its attributes in the same."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def add_field(paragraph: DocxParagraph, code: str, shown: str) -> None:
    """Add a field with what it shows until Word works it out anew."""
    for kind in ("begin", "separate", "end"):
        run = paragraph.add_run()
        run._r.append(element("fldChar", fldCharType=kind))
        if kind == "begin":
            instruction = element("instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {code} "
            paragraph.add_run()._r.append(instruction)
        elif kind == "separate":
            paragraph.add_run(shown)


def add_bookmark(paragraph: DocxParagraph, name: str, number: int) -> None:
    """Mark a paragraph so that a link can lead to it."""
    start = element("bookmarkStart", id=number, name=name)
    properties = paragraph._p.pPr
    paragraph._p.insert(0 if properties is None else 1, start)
    paragraph._p.append(element("bookmarkEnd", id=number))


def add_link(paragraph: DocxParagraph, text: str, bookmark: str) -> None:
    """Add a text that leads to a bookmark."""
    run = paragraph.add_run(clean(text))
    link = element("hyperlink", anchor=bookmark, history=1)
    paragraph._p.replace(run._r, link)
    link.append(run._r)


def set_alt(picture: Any, alt: str, number: int) -> None:  # noqa: ANN401 (an InlineShape)
    """Give a picture its text alternative and a number of its own."""
    properties = picture._inline.docPr
    properties.set("descr", clean(alt))
    properties.set("id", str(number))


def mark_header(row: _Row) -> None:
    """Make a row the header: read aloud with each cell, and repeated on every page."""
    row._tr.get_or_add_trPr().append(element("tblHeader", val="true"))


def keep_whole(row: _Row) -> None:
    """Keep a row from being cut by the end of a page."""
    row._tr.get_or_add_trPr().append(element("cantSplit", val="true"))


def describe(table: DocxTable, title: str) -> None:
    """Tell what a table holds, where a screen reader looks for it."""
    if title:
        table._tbl.tblPr.append(element("tblCaption", val=clean(title)))


def borders(cell: _Cell, **sides: tuple[int, str] | None) -> None:
    """Draw sides of a cell: width in eighths of a point and colour, or none.

    Parameters
    ----------
    cell
        The cell.
    **sides
        ``top``, ``left``, ``bottom`` and ``right``, those that are to be told.
    """
    box = element("tcBorders")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            drawn = sides[side]
            box.append(
                element(side, val="nil")
                if drawn is None
                else element(side, val="single", sz=drawn[0], space=0, color=drawn[1])
            )
    cell._tc.get_or_add_tcPr().append(box)


def shade(run: Any, colour: str) -> None:  # noqa: ANN401 (python-docx's Run)
    """Set the ground of a piece of text."""
    run._r.get_or_add_rPr().append(element("shd", val="clear", color="auto", fill=colour))


def edge_paragraph(paragraph: DocxParagraph, *, side: str, width: int, colour: str) -> None:
    """Draw one side of a paragraph."""
    edges = element("pBdr")
    # Word joins equal neighbours to one box: the line between them has a name of its own.
    for edge in (side, "between") if side == "bottom" else (side,):
        edges.append(element(edge, val="single", sz=width, space=4, color=colour))
    paragraph._p.get_or_add_pPr().insert_element_before(
        edges, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"
    )


def shade_paragraph(paragraph: DocxParagraph, colour: str) -> None:
    """Set the ground of a paragraph."""
    ground = element("shd", val="clear", color="auto", fill=colour)
    paragraph._p.get_or_add_pPr().insert_element_before(
        ground, "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"
    )


def restarted_list(numbering: Any, style_number: int) -> int:  # noqa: ANN401 (lxml's own type)
    """Return the number of a new list that counts from 1, like the list `style_number`."""
    like = numbering.num_having_numId(style_number)
    made = numbering.add_num(like.abstractNumId.val)
    made.add_lvlOverride(0).add_startOverride(1)
    return int(made.numId)
