"""Papers as Word files: opened again, they hold real headings, captions, tables and alternatives."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import language
from maps.paper import (
    Beside,
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
    Run,
    Table,
)
from maps.word import paper_docx

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="30mm" viewBox="0 0 60 30">'
    "<rect x='1' y='1' width='40' height='20' fill='#c00'/></svg>"
)


def paper(*blocks, **more) -> Paper:
    told = {"title": "Underlag för plats K01", "profile": "intern", "subtitle": "Prov", **more}
    return Paper(blocks=blocks, **told)


def opened(made: bytes):
    return docx.Document(io.BytesIO(made))


EVERYTHING = (
    Contents(),
    Heading("Platsen"),
    Paragraph(("Vid ", Run("Storgatan 4", bold=True), Run(" (ungefär)", soft=True))),
    Heading("Karta", 2),
    Picture(SVG, alt="En röd ruta i Hageby", caption="Läget", width_mm=90, note="Källa: prov."),
    Picture(SVG, alt="En till", caption="Läget igen"),
    Table(
        ("Brott", "Antal"), (("innehav", "1 234"), ("Summa", "1 234")), caption="Brott", total=True
    ),
    Remark("Ett förbehåll."),
    Facts((("Uttagsdatum", "2025-12-31"),)),
    Bullets(("ett", "två")),
    Bullets(("först", "sedan"), "number"),
    Bullets(("ånyo",), "number"),
    Bullets(("gjort",), "box"),
    PageBreak(),
    Beside((Heading("Vänster", 3), Fields(("Namn",))), (Table(("A",), (("b",),), left=1),), 0.4),
)


def test_headings_are_headings_and_the_contents_lead_to_them():
    document = opened(paper_docx(paper(*EVERYTHING)))
    styles = {p.text: p.style.name for p in document.paragraphs if p.text}
    assert styles["Underlag för plats K01"] == "Title"
    assert styles["Platsen"] == "Heading 1"
    assert styles["Karta"] == "Heading 2"
    marks = {m.get(qn("w:name")) for m in document.element.iter(qn("w:bookmarkStart"))}
    links = [link.get(qn("w:anchor")) for link in document.element.iter(qn("w:hyperlink"))]
    assert len(links) == 2
    assert set(links) <= marks


def test_captions_are_numbered_by_a_field_in_their_order():
    document = opened(paper_docx(paper(*EVERYTHING)))
    captions = [p for p in document.paragraphs if p.style.name == "Caption"]
    assert [p.text for p in captions] == [
        "Karta 1. Läget",
        "Karta 2. Läget igen",
        "Tabell 1. Brott",
    ]
    fields = [f.text.strip() for p in captions for f in p._p.iter(qn("w:instrText"))]
    assert fields == ["SEQ Karta \\* ARABIC", "SEQ Karta \\* ARABIC", "SEQ Tabell \\* ARABIC"]


def test_tables_have_a_header_row_and_pictures_a_text_alternative():
    document = opened(paper_docx(paper(*EVERYTHING)))
    table = next(t for t in document.tables if t.cell(0, 0).text == "Brott")
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert [cell.text for cell in table.rows[1].cells] == ["innehav", "1 234"]
    alts = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert alts == ["En röd ruta i Hageby", "En till"]
    ids = [shape._inline.docPr.get("id") for shape in document.inline_shapes]
    assert len(set(ids)) == 2
    assert document.inline_shapes[0].width.mm == pytest.approx(90, abs=0.1)


def test_the_language_is_swedish_and_english_where_asked():
    for chosen, tag in (("sv", "sv-SE"), ("en", "en-GB")):
        with language.using(chosen):
            document = opened(paper_docx(paper(Heading("A"))))
        spoken = {s.get(qn("w:val")) for s in document.styles.element.iter(qn("w:lang"))}
        assert spoken == {tag}
        assert document.core_properties.language == tag


def test_the_marking_is_on_every_page():
    document = opened(paper_docx(paper(*EVERYTHING, synthetic=True, footer="Lägesbild")))
    section = document.sections[0]
    for words in (section.header.paragraphs[0].text, document.paragraphs[0].text):
        assert "INTERN – SEKRETESSPRÖVAS" in words
        assert "SYNTETISKA DATA" in words
    for foot in (section.footer, section.first_page_footer):
        assert "Lägesbild" in foot.paragraphs[0].text
        codes = [f.text.strip() for f in foot.paragraphs[0]._p.iter(qn("w:instrText"))]
        assert codes == ["PAGE", "NUMPAGES"]


def test_numbered_lists_begin_at_one_each():
    document = opened(paper_docx(paper(*EVERYTHING)))
    numbers = {
        p.text: p._p.pPr.numPr.numId.val
        for p in document.paragraphs
        if p.style.name == "List Number"
    }
    assert numbers["först"] == numbers["sedan"] != numbers["ånyo"]


def test_the_file_has_no_time_name_or_picture_of_the_template():
    made = paper_docx(paper(*EVERYTHING))
    assert made == paper_docx(paper(*EVERYTHING))
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in file.namelist() if "thumbnail" in name]
        core = file.read("docProps/core.xml").decode()
    assert "python-docx" not in core
    assert "<dcterms:created" not in core
    assert "Underlag för plats K01" in core


@settings(max_examples=20)
@given(st.text(max_size=80))
def test_any_text_can_be_written(words):
    document = opened(
        paper_docx(paper(Paragraph(words), Table((words,), ((words,),), caption=words)))
    )
    plain = "".join(c for c in words if c.isascii() and c.isprintable() and not c.isspace())
    said = "".join(document.tables[0].cell(1, 0).text.split())
    assert plain in "".join(c for c in said if c.isascii())


def test_settings_stand_in_the_order_that_word_demands():
    document = opened(paper_docx(paper(Heading("A"))))
    names = [child.tag.split("}")[1] for child in document.settings.element]
    order = ["defaultTabStop", "autoHyphenation", "hyphenationZone", "characterSpacingControl"]
    assert [name for name in names if name in order] == order


def test_properties_of_paragraphs_stand_in_order():
    order = ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "numPr", "pBdr", "shd", "tabs",
             "spacing", "ind", "contextualSpacing", "jc", "rPr"]  # fmt: skip
    document = opened(paper_docx(paper(*EVERYTHING)))
    for properties in document.element.iter(qn("w:pPr")):
        names = [child.tag.split("}")[1] for child in properties]
        assert set(names) <= set(order)
        assert names == sorted(names, key=order.index)


def test_an_unknown_block_is_refused():
    with pytest.raises(TypeError, match="no way to write"):
        paper_docx(paper(object()))
