"""Tables keep their sum and source with them, and leads stay with their map: PDF and Word."""

from __future__ import annotations

import io

import docx
import pytest
from pypdf import PdfReader

from maps.paper import Heading, Paper, Paragraph, Table
from maps.pdf import paper_pdf
from maps.word import paper_docx

SHORT = Table(
    ("Område", "Antal"),
    (*((f"Rad {n}", str(n)) for n in range(8)), ("Hela kommunen", "28")),
    caption="Antal",
    total=True,
    note="Källa: prov.",
)
LONG = Table(
    ("Område", "Antal"),
    tuple((f"Rad {n}", str(n)) for n in range(90)),
    caption="Många",
    note="Slut.",
)


def pages(*blocks: object) -> list[str]:
    made = paper_pdf(Paper(title="Prov", profile="intern", blocks=blocks))  # type: ignore[arg-type]
    return [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]


@pytest.mark.parametrize("lines", [26, 30, 33, 36, 40])
def test_a_short_table_stands_on_one_page_with_its_sum_and_source(lines: int) -> None:
    told = pages(*[Paragraph(f"Stycke {n}.") for n in range(lines)], SHORT)
    held = [n for n, text in enumerate(told) if "Rad 0" in text]
    assert [n for n, text in enumerate(told) if "Hela kommunen" in text] == held
    assert [n for n, text in enumerate(told) if "Källa: prov." in text] == held


def test_a_table_longer_than_a_page_goes_on_over_the_next() -> None:
    assert SHORT.whole
    assert not LONG.whole
    told = pages(LONG)
    assert len(told) > 1
    assert "Rad 89" in told[-1]


def test_long_cells_count_as_the_lines_they_take() -> None:
    rows = tuple(("Löfte", "ord " * 60) for _n in range(10))
    assert not Table(("A", "B"), rows, widths=(0.8, 0.2)).whole
    assert Table(("A", "B"), rows, widths=(0.2, 0.8)).whole


@pytest.mark.parametrize("lines", range(34, 44, 3))
def test_a_lead_stays_with_what_it_tells_of(lines: int) -> None:
    before = [Paragraph(f"Stycke {n}.") for n in range(lines)]
    told = pages(*before, Heading("Tider"), Paragraph("Flest på fredag.", lead=True), SHORT)
    lead = [n for n, text in enumerate(told) if "Flest på fredag" in text]
    assert lead == [n for n, text in enumerate(told) if "Rad 0" in text]


def test_word_keeps_the_same_together() -> None:
    blocks = (Paragraph("Flest på fredag.", lead=True), SHORT, LONG)
    made = paper_docx(Paper(title="Prov", profile="intern", blocks=blocks))
    document = docx.Document(io.BytesIO(made))
    lead = next(one for one in document.paragraphs if one.text == "Flest på fredag.")
    assert lead.paragraph_format.keep_with_next
    short, long = document.tables[-2:]
    kept = [c.paragraphs[0].paragraph_format.keep_with_next for r in short.rows for c in r.cells]
    assert all(kept)  # the last row stays with the source
    loose = [c.paragraphs[0].paragraph_format.keep_with_next for r in long.rows for c in r.cells]
    assert not any(loose)
