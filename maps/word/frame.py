"""An empty paper in Word: size, styles, language, marking at the top and page number beneath."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from geodata.disclosure import marking
from geodata.language import gettext as _
from geodata.language import language
from maps.paper import Paper, synthetic_mark
from maps.word.parts import add_field, clean, element, shade

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph as DocxParagraph

INK: Final = RGBColor(0x1D, 0x23, 0x27)
SOFT: Final = RGBColor(0x4F, 0x5A, 0x61)
FONT: Final = "Calibri"
MARGIN_MM: Final = 20.0
LANGUAGES: Final = {"sv": "sv-SE", "en": "en-GB"}
_SHEETS_MM: Final = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
_MARKS: Final = {"intern": ("9B1C1C", "FFFFFF"), "samverkan": ("6B4A00", "FFFFFF")}
_PUBLIC: Final = ("E6EEF1", "12506B")
_MADE: Final = ("FDF0D0", "6B4A00")
_SIZES: Final = {
    "Normal": 10.5,
    "Title": 20,
    "Subtitle": 11.5,
    "Heading 1": 15,
    "Heading 2": 12.5,
    "Heading 3": 11,
    "Caption": 10,
}
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def new_document(paper: Paper) -> Document:
    """Return a document without content, with all that stands on every page."""
    document = docx.Document()
    _set_page(document, paper)
    _set_styles(document)
    _set_properties(document, paper)
    section = document.sections[0]
    wide = text_width_mm(paper)
    head = section.header.paragraphs[0]
    add_marks(head, paper)
    _tab_right(head, wide)
    head.add_run(f"\t{clean(paper.title)}").font.size = Pt(8.5)
    # The first page has its marking in the text, where it is read aloud.
    section.different_first_page_header_footer = True
    for footer in (section.footer, section.first_page_footer):
        _add_footer(footer.paragraphs[0], paper.footer, wide)
    return document


def text_width_mm(paper: Paper) -> float:
    """Return how wide the text is."""
    short, long = _SHEETS_MM[paper.size]
    return (long if paper.landscape else short) - 2 * MARGIN_MM


def add_marks(paragraph: DocxParagraph, paper: Paper) -> None:
    """Write the marking of the profile, and that the data are made up where they are."""
    marks = [(marking(paper.profile), *_MARKS.get(paper.profile, _PUBLIC))]
    if paper.synthetic:
        marks.append((synthetic_mark(), *_MADE))
    for words, back, front in marks:
        run = paragraph.add_run(f"\u00a0{words}\u00a0")
        run.bold = True
        run.font.size = Pt(8.5)
        run.font.color.rgb = RGBColor.from_string(front)
        shade(run, back)
        paragraph.add_run("  ")


def packed(document: Document) -> bytes:
    """Return the file's bytes, the same for the same document: no time and no name in it."""
    written = BytesIO()
    document.save(written)
    out = BytesIO()
    with (
        zipfile.ZipFile(written) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _set_page(document: Document, paper: Paper) -> None:
    section = document.sections[0]
    wide, high = _SHEETS_MM[paper.size]
    if paper.landscape:
        wide, high = high, wide
        section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin, section.bottom_margin = Mm(24), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)


def _set_styles(document: Document) -> None:
    tag = LANGUAGES[language()]
    for name, size in _SIZES.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = SOFT if name == "Subtitle" else INK
        style.font.italic = False
        style.font.bold = name not in ("Normal", "Subtitle")
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{key}"), None)
        for key in ("eastAsia", "cs"):
            fonts.set(qn(f"w:{key}"), FONT)
    for name, before, after in (
        ("Normal", 0, 6),
        ("Title", 6, 2),
        ("Subtitle", 0, 14),
        ("Heading 1", 18, 6),
        ("Heading 2", 14, 4),
        ("Heading 3", 10, 3),
        ("Caption", 10, 4),
    ):
        spacing: Any = document.styles[name].paragraph_format
        spacing.space_before, spacing.space_after = Pt(before), Pt(after)
        spacing.keep_with_next = name.startswith(("Heading", "Caption", "Title"))
    for name in ("Title", "Subtitle"):
        for wider in document.styles[name].element.findall(f".//{qn('w:rPr')}/{qn('w:spacing')}"):
            wider.getparent().remove(wider)
    title: Any = document.styles["Title"]
    for line in title.element.findall(f".//{qn('w:pBdr')}"):
        line.getparent().remove(line)
    for spoken in document.styles.element.iter(qn("w:lang")):
        for key in ("val", "eastAsia"):
            spoken.set(qn(f"w:{key}"), tag)


def _set_properties(document: Document, paper: Paper) -> None:
    properties = document.core_properties
    properties.title = clean(paper.title)
    properties.language = LANGUAGES[language()]
    # The template of python-docx brings an author, a date and a picture of its own.
    root = properties._element
    for name in ("dc:creator", "dc:description", "cp:lastModifiedBy", "cp:revision"):
        for found in root.findall(qn(name)):
            root.remove(found)
    for name in ("dcterms:created", "dcterms:modified"):
        for found in root.findall(qn(name)):
            root.remove(found)
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]
    tab = document.settings.element.find(qn("w:defaultTabStop"))
    tab.addnext(element("hyphenationZone", val=425))
    tab.addnext(element("autoHyphenation", val="true"))


def _add_footer(foot: DocxParagraph, words: str, wide_mm: float) -> None:
    _tab_right(foot, wide_mm)
    foot.add_run(clean(words) + "\t")
    before, rest = _("Sida {n} av {all}").split("{n}")
    between, after = rest.split("{all}")
    foot.add_run(before)
    add_field(foot, "PAGE", "1")
    foot.add_run(between)
    add_field(foot, "NUMPAGES", "1")
    foot.add_run(after)
    for run in foot.runs:
        run.font.size = Pt(8.5)
        run.font.color.rgb = SOFT


def _tab_right(paragraph: DocxParagraph, wide_mm: float) -> None:
    stops = paragraph.paragraph_format.tab_stops
    paragraph.style.paragraph_format.tab_stops.clear_all()  # type: ignore[union-attr]
    stops.add_tab_stop(Mm(wide_mm), WD_TAB_ALIGNMENT.RIGHT)
