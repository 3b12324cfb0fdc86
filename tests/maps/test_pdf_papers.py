"""Papers as PDF: tagged, every text as it is, nothing of the machine in it."""

from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from geodata import language
from geodata.errors import OutputError
from maps import fonts
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
from maps.pdf import compile_pdf, paper_pdf, picture_pdf, picture_png, text

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="30mm" viewBox="0 0 60 30" '
    "font-family=\"'Source Sans Pro', Arial\"><rect x='1' y='1' width='40' height='20' fill='#c00'/>"
    "<text x='5' y='12' font-size='5'>Hageby åäö</text></svg>"
)


def paper(*blocks, **more) -> Paper:
    told = {"title": "Underlag för plats K01", "profile": "intern", "subtitle": "Prov", **more}
    return Paper(blocks=blocks, **told)


EVERYTHING = (
    Contents(),
    Heading("Platsen"),
    Paragraph(("Vid ", Run("Storgatan 4", bold=True), Run(" (ungefär)", soft=True))),
    Heading("Karta", 2),
    Picture(SVG, alt="En röd ruta i Hageby", caption="Läget", width_mm=90, note="Källa: prov."),
    Table(
        ("Brott", "Antal"),
        (("innehav", "1 234"), ("Summa", "1 234")),
        caption="Brott inom räckhåll",
        total=True,
        note="Källa: polisen.",
    ),
    Remark("Anmälda narkotikabrott visar till stor del var polisen har arbetat."),
    Remark("Något saknas.", kind="warning"),
    Facts((("Uttagsdatum", "2025-12-31"), ("Räckvidd", Run("75 m", bold=True)))),
    Bullets(("ett", "två")),
    Bullets(("först", "sedan"), "number"),
    Bullets(("gjort",), "box"),
    PageBreak(),
    Beside((Fields(("Namn",)),), (Fields(("Anteckningar",), 3),), 0.4),
)


def words_of(pdf: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return " ".join("\n".join(pages).split())


def tags_of(pdf: bytes) -> list[tuple[str, str]]:
    """Return each structure element's type and text alternative, in order."""
    found: list[tuple[str, str]] = []

    def walk(node) -> None:
        if isinstance(node, pikepdf.Array):
            for one in node:
                walk(one)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append((str(node.S), str(node.get("/Alt", ""))))
            if "/K" in node:
                walk(node.K)

    with pikepdf.open(io.BytesIO(pdf)) as file:
        walk(file.Root.StructTreeRoot.K)
    return found


def test_a_paper_is_tagged_with_language_title_and_text_alternatives():
    pdf = paper_pdf(paper(*EVERYTHING))
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang) == "sv-SE"
        assert file.Root.ViewerPreferences.DisplayDocTitle
        assert str(file.docinfo["/Title"]) == "Underlag för plats K01"
        assert "pdfuaid:part" in file.open_metadata()
    tags = tags_of(pdf)
    kinds = [kind for kind, _alt in tags]
    assert ("/Figure", "En röd ruta i Hageby") in tags
    for kind in ("/Title", "/H1", "/H2", "/Caption", "/Table", "/TH", "/TD", "/L", "/LI", "/TOC"):
        assert kind in kinds, kind
    assert kinds.count("/TH") == 2


def test_every_block_says_what_it_holds_and_captions_are_numbered():
    said = words_of(paper_pdf(paper(*EVERYTHING)))
    for words in (
        "Storgatan 4 (ungefär)",
        "Karta 1. Läget",
        "Tabell 1. Brott inom räckhåll",
        "1 234",
        "Uttagsdatum 2025-12-31",
        "1. först",
        "□ gjort",
        "Anteckningar",
        "Sida 1 av 2",
        "Källa: prov.",
    ):
        assert words.replace("\u00a0", " ") in said.replace("\u00a0", " "), words


def test_the_marking_stands_on_every_page_and_is_read_aloud_once():
    pdf = paper_pdf(paper(*EVERYTHING, synthetic=True))
    for page in PdfReader(io.BytesIO(pdf)).pages:
        assert "INTERN – SEKRETESSPRÖVAS" in page.extract_text()
        assert "SYNTETISKA DATA" in page.extract_text()


def test_the_same_paper_gives_the_same_bytes_without_time_or_place():
    first, second = (paper_pdf(paper(*EVERYTHING)) for _time in range(2))
    assert first == second
    with pikepdf.open(io.BytesIO(first)) as file:
        assert set(file.docinfo.keys()) <= {
            "/Title",
            "/Creator",
            "/Producer",
            "/ModDate",
            "/CreationDate",
        }
        assert "2026" not in str(file.docinfo.get("/CreationDate", ""))
        assert "/Author" not in file.docinfo
    assert b"/tmp" not in first
    assert b"lagesbild-" not in first


def test_english_is_told_as_english():
    with language.using("en"):
        pdf = paper_pdf(paper(Heading("The place")))
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert str(file.Root.Lang) == "en-GB"


def test_swedish_words_are_hyphenated_at_the_end_of_lines():
    long = "kommunfullmäktigeledamöternas bostadsområdesförvaltningar " * 30
    pages = PdfReader(io.BytesIO(paper_pdf(paper(Paragraph(long))))).pages
    lines = pages[0].extract_text().splitlines()
    assert any(line.rstrip().endswith(("-", "\u00ad")) for line in lines)


KNOWN = st.text(
    st.characters(
        codec="utf-8",
        categories=("L", "N", "P", "S", "Zs"),
        include_characters='\\"#$*_`@<>[]{}()~=-+/;:\n\t',
    ),
    max_size=60,
)


@given(st.lists(KNOWN, min_size=1, max_size=12))
def test_any_text_is_printed_as_itself_and_never_run(texts):
    source = "\n\n".join(f"#par[{text(one)}]" for one in texts)
    pdf = compile_pdf(source, {}, title="Prov", profile="intern")
    said = "".join(words_of(pdf).split())
    for one in texts:
        # What readers of PDF join or take apart themselves is no matter of ours.
        plain = "".join(c for c in fonts.writable(one) if c.isascii() and not c.isspace())
        assert plain in "".join(c for c in said if c.isascii())


@pytest.mark.parametrize(
    "evil",
    [
        '#panic("x")',
        '"); panic("x',
        "\\",
        '\\"',
        '#read("/etc/passwd")',
        '#import "@preview/x:1.0.0"',
        "$ #eval(1) $",
        "// bort",
        "/* bort",
        "= Rubrik",
        "<etikett> @etikett",
        "- punkt",
        "{ } [ ] ( )",
        "http://exempel.se",
        "~ -- --- ...",
    ],
)
def test_code_in_data_is_only_words(evil):
    blocks = (
        Heading(f"R {evil}"),
        Paragraph(evil),
        Bullets((evil,)),
        Facts(((evil, evil),)),
        Table((evil, "A"), ((evil, evil),), caption=evil, note=evil),
        Picture(SVG, alt=evil, caption=evil),
        Fields((evil,)),
    )
    pdf = paper_pdf(paper(*blocks, title=evil, footer=evil))
    said = "".join(words_of(pdf).split())
    assert said.count("".join(evil.split())) >= 9
    assert ("/Figure", evil) in tags_of(pdf)


def test_text_that_follows_a_text_is_no_part_of_its_code():
    pdf = compile_pdf(
        f"{text('a')}.len() {text('b')}(1) {text('c')}[d]", {}, title="T", profile="publik"
    )
    assert "a.len() b(1) c[d]" in words_of(pdf)


def test_signs_that_no_font_has_are_shown_as_missing():
    assert fonts.writable("a\u65e5b") == "a\ufffdb"
    assert fonts.writable("a\u200bb\u0007c") == "abc"
    assert fonts.writable("a\nb\u2009c") == "a b c"
    assert fonts.writable("a\u030a") == "å"
    assert "a\ufffdb" in words_of(paper_pdf(paper(Paragraph("a\u65e5b"))))


def test_a_missing_font_is_told_and_nothing_is_made(monkeypatch, tmp_path):
    fonts.typst_fonts.cache_clear()
    monkeypatch.setattr(fonts, "files", lambda _name: tmp_path)
    try:
        with pytest.raises(OutputError) as caught:
            paper_pdf(paper(Heading("Platsen")))
    finally:
        fonts.typst_fonts.cache_clear()
    fault = caught.value.faults[0]
    assert fault.code == "fonts_missing"
    assert "Source Sans Pro" in fault.what
    assert "font-source-sans-pro" in fault.next_step


def test_a_missing_font_package_is_told(monkeypatch):
    def gone(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(fonts, "files", gone)
    with pytest.raises(OutputError):
        fonts.font_folder()


def test_a_picture_needs_words_and_a_table_whole_rows():
    with pytest.raises(ValueError, match="text alternative"):
        Picture(SVG, alt=" ")
    with pytest.raises(ValueError, match="fit the header"):
        Table(("A", "B"), (("1",),))
    with pytest.raises(ValueError, match="fit the header"):
        Table(("A", "B"), (), widths=(1,))


def test_files_have_plain_names_and_drawings_a_size():
    with pytest.raises(ValueError, match="plain names"):
        compile_pdf("", {"../a.svg": b""}, title="T", profile="intern")
    with pytest.raises(ValueError, match="width and height"):
        picture_png("<svg/>")


def test_a_drawing_is_a_page_of_its_own_size_and_a_png_of_its_dots():
    pdf = picture_pdf(SVG, title="Läget", alt="En ruta")
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    assert float(page.mediabox.width) == pytest.approx(60 / 25.4 * 72, abs=0.1)
    assert "Hageby åäö" in page.extract_text()
    assert ("/Figure", "En ruta") in tags_of(pdf)
    png = picture_png(SVG, dpi=254)
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (600, 300)
    wider = picture_png(SVG, dpi=254, width_mm=120)
    assert int.from_bytes(wider[16:20]) == 1200
    assert b"tEXt" not in png
    assert b"tIME" not in png


def test_only_fonts_of_ours_are_within():
    with pikepdf.open(io.BytesIO(paper_pdf(paper(*EVERYTHING)))) as file:
        names = {
            str(one.BaseFont).split("+")[-1]
            for one in file.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"
        }
    assert names
    assert all(name.startswith(("SourceSansPro", "DejaVuSansMono")) for name in names), names


def test_width_adds_up_and_grows_with_weight():
    assert fonts.width("ab", 10) == pytest.approx(fonts.width("a", 10) + fonts.width("b", 10))
    assert fonts.width("Hageby", 10, "bold") > fonts.width("Hageby", 10)


def test_a_page_can_bring_the_letters_it_needs_and_no_more():
    import base64
    import re

    from fontTools.ttLib import TTFont

    css = fonts.font_face("Hageby åäö 12", ("regular", "bold"))
    assert css == fonts.font_face("21 öäå ybegaH", ("regular", "bold"))
    assert re.findall(r"font-weight:(\d+)", css) == ["400", "700"]
    data = re.search(r"base64,([^)]+)\)", css)
    font = TTFont(io.BytesIO(base64.b64decode(data[1])))
    assert {chr(code) for code in font.getBestCmap()} == set("Hageby åäö 12")
    assert len(css) < 30_000
