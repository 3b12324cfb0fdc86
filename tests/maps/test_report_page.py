from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from geodata.disclosure import DisclosureOptions, Released, release
from geodata.errors import Notice
from geodata.import_report import ColumnUse, ImportReport, InputReport, StackedPoint, UnknownText
from geodata.language import using
from geodata.offences import CodeCount
from maps.report_page import import_report_html, index_html
from maps.sheet import bars, share_text
from tests.made_tables import filled

EVIL = "<script>document.title='x'</script>\"'{{7*7}}<img src=http://x.example/a onerror=1>"
OPTIONS = DisclosureOptions()
VOID = {"meta", "link", "br", "rect", "line", "img", "hr"}


def one(**changes: object) -> InputReport:
    facts: dict[str, object] = {
        "input_no": 1,
        "file": "utdrag.csv",
        "sha256": "ab" * 32,
        "format": "csv",
        "encoding": "cp1252",
        "separator": ";",
        "layer": None,
        "source_crs": "EPSG:3006",
        "rows_read": 12_345,
        "rows_kept": 12_001,
        "rows_rejected": 300,
        "rows_duplicate": 44,
        "events": 11_020,
        "rows_added": 981,
        "rows_identical": 12,
        "cases_split": 0,
        "reasons": {"missing_coordinates": 220, "unreadable_date": 80},
        "columns": (
            ColumnUse("date", ("brottsdag",), True),
            ColumnUse("address", ("gata", "gatunr"), False),
        ),
        "ignored": ("Namn",),
        "free_text": ("Fritext",),
        "unused": ("närpo",),
        "codes": (
            CodeCount("5010", "innehav", "drug_possession", 6000, 0, True),
            CodeCount("9999", "", "unknown", 17, 0, False),
        ),
        "unknown_texts": (UnknownText("source", "Tips via app", 12),),
        "stacks": (
            StackedPoint("Stationsgatan 1", 568941, 6495231, 422, 0.038, "all", 422, "flagged"),
        ),
        "notices": (
            Notice(code="w", text="En varning.", level="warning"),
            Notice(code="c", text="Ett val.", level="chosen"),
            Notice(code="i", text="En upplysning.", level="info"),
        ),
    }
    return InputReport(**(facts | changes))


def report(*inputs: InputReport, **changes: object) -> ImportReport:
    facts: dict[str, object] = {
        "inputs": inputs or (one(),),
        "offences": 12_001,
        "places": 2345,
        "counts": {"offence_class": {"drug_use": 20, "alcohol": 0, "drug_supply": 80}},
        "first_date": date(2023, 1, 1),
        "last_date": date(2024, 12, 30),
        "codes_source": "Brå",
    }
    return ImportReport(**(facts | changes))


def page(made: ImportReport | None = None, **options: object) -> str:
    facts: dict[str, object] = {"profile": "intern", "title": "Norrköping"}
    return import_report_html(made or report(), **(facts | options))


class Reader(HTMLParser):
    """Reads a page: its text, its links, and whether its tags close as they should."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"[\s ]+", " ", " ".join(self.words))


def test_the_account_comes_first_and_in_words() -> None:
    text = Reader(page()).text
    assert "12 345 rader lästa: 12 001 behållna, 300 avvisade, 44 dubbletter." in text
    summary = "De behållna raderna är 11 020 händelser med 12 001 brott på 2 345 platser"
    assert summary in text
    assert text.index("300 avvisade") < text.index("En varning.") < text.index("Ett val.")
    assert text.index("Ett val.") < text.index("Koordinater saknas.") < text.index("gissad")
    assert text.index("gissad") < text.index("En upplysning.")


def test_one_row_is_said_in_the_singular() -> None:
    made = one(
        rows_read=1,
        rows_kept=1,
        rows_rejected=0,
        rows_duplicate=0,
        events=1,
        rows_added=0,
        reasons={},
    )
    text = Reader(page(report(made, offences=1, places=1))).text
    assert "1 rad läst: 1 behållen, 0 avvisade, 0 dubbletter." in text
    assert "är 1 händelse med 1 brott på 1 plats" in text


def test_the_bar_is_as_long_as_the_rows() -> None:
    tags = Reader(page()).tags
    start = next(i for i, (_t, a) in enumerate(tags) if a.get("class") == "account")
    parts = [a for t, a in tags[start + 1 : start + 5] if t == "rect"]
    assert [p["class"] for p in parts] == ["kept", "added", "rejected", "duplicate"]
    widths = [float(p["width"] or 0) for p in parts]
    assert sum(widths) == pytest.approx(100, abs=0.01)
    assert widths[2] == pytest.approx(100 * 300 / 12_345, abs=0.001)
    for before, after in pairwise(parts):
        end = float(before["x"] or 0) + float(before["width"] or 0)
        assert float(after["x"] or 0) == pytest.approx(end, abs=0.01)


def test_everything_the_import_found_is_on_the_page() -> None:
    text = Reader(page(synthetic=True)).text
    for part in (
        "INTERN – SEKRETESSPRÖVAS",
        "SYNTETISKA DATA",
        "Koordinater saknas. ",
        "73 %",
        "brottsdag",
        "gata + gatunr",
        "Fritext",
        "Namn",
        "närpo",
        "Tips via app",
        "Stationsgatan 1",
        "568 941; 6 495 231",
        "3,8 %",
        "flaggad, räknas inte",
        "okänd kod",
        "semikolon",
        "ab" * 32,
        "överlåtelse",
    ):
        assert part in re.sub(r" +", " ", text), part
    assert "alkohol" not in text  # no such event


def test_codes_that_need_a_look_come_first() -> None:
    text = Reader(page()).text
    assert text.index("9999") < text.index("5010")


def test_files_are_named_when_there_are_several() -> None:
    made = report(one(), one(input_no=2, file="andra.xlsx"))
    text = Reader(page(made)).text
    assert "24 690 rader lästa" in text
    assert "andra.xlsx En varning." in text
    single = Reader(page()).text
    assert "utdrag.csv En varning." not in single


def examples() -> Released:
    table = pd.DataFrame(
        {
            "input_no": np.ones(5, dtype="int64"),
            "row_number": np.array([90, 17, 30, 18, 4]),
            "reason": pd.Series(["unreadable_date"] * 4 + ["missing_coordinates"], dtype="str"),
            "detail": pd.Series(["d90", "d17", "d30", "d18", EVIL], dtype="str"),
        }
    )
    return release(table, "rejected", "intern", OPTIONS)


def test_examples_are_the_first_rows_of_each_reason() -> None:
    text = Reader(page(rejected=examples())).text
    assert "rad 17: d17 ; rad 18: d18 ; rad 30: d30" in text
    assert "d90" not in text
    shuffled = examples().table.sample(frac=1, random_state=1)
    again = release(shuffled, "rejected", "intern", OPTIONS)
    assert page(rejected=again) == page(rejected=examples())


def test_months_run_from_first_to_last_with_the_empty_ones() -> None:
    days = ["2024-01-31 23:30", "2024-03-01 00:10", "2024-03-31 12:00"]
    start = pd.Series(pd.to_datetime(days).tz_localize("Europe/Stockholm"))
    table = filled("incidents", 3, start=start.astype("datetime64[us, Europe/Stockholm]"))
    html = page(incidents=release(table, "incidents", "intern", OPTIONS))
    titles = re.findall(r"<title>(\d{4}-\d\d: \d+)</title>", html)
    assert titles == ["2024-01: 1", "2024-03: 2"]
    assert 'viewBox="0 0 30 100"' in html
    assert "Stapeldiagram över 3 månader, 2024-01 till 2024-03" in html
    assert "så som flest" not in html


def test_the_words_that_may_not_be_used_are_not() -> None:
    text = Reader(page(rejected=examples())).text.lower()
    for word in ("ökat", "minskat", "brottsutsatt", "knark", "problemområde"):
        assert word not in text


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_outside_only_the_account_is_told(profile: str) -> None:
    text = Reader(page(profile=profile)).text
    assert "300 avvisade" in text
    assert "lämnas bara ut internt" in text
    for secret in ("Stationsgatan", "En varning", "brottsdag", "utdrag.csv", "9999", "568 941"):
        assert secret not in text


def test_tables_of_another_profile_are_refused() -> None:
    with pytest.raises(ValueError, match="released for intern"):
        page(profile="publik", rejected=examples())


def hostile() -> str:
    evil_codes = (CodeCount(EVIL, EVIL, EVIL, 5, 1, False),)
    made = one(
        file=EVIL,
        sha256=EVIL,
        encoding=EVIL,
        separator=EVIL,
        layer=EVIL,
        source_crs=EVIL,
        format=EVIL,
        columns=(ColumnUse(EVIL, (EVIL,), True),),
        ignored=(EVIL,),
        free_text=(EVIL,),
        unused=(EVIL,),
        codes=evil_codes,
        unknown_texts=(UnknownText(EVIL, EVIL, 1),),
        stacks=(StackedPoint(EVIL, 1, 2, 3, 0.5, EVIL, 3, EVIL),),
        notices=tuple(
            Notice(code="x", text=EVIL, level=level) for level in ("warning", "chosen", "info")
        ),
        reasons={EVIL: 300},
    )
    made_report = report(made, made, codes_source=EVIL, counts={"source": {EVIL: 3}})
    return page(made_report, title=EVIL, rejected=examples())


def test_text_from_data_is_text_and_nothing_else() -> None:
    read = Reader(hostile())
    assert {"script", "img", "iframe", "object"} & {tag for tag, _a in read.tags} == set()
    assert not any(key.startswith("on") for _t, attrs in read.tags for key in attrs)
    assert "{{7*7}}" in read.text
    assert "49" not in read.text.replace("6 495", "").replace("6495", "")


@pytest.mark.parametrize("html", [page(), hostile()], ids=["plain", "hostile"])
def test_nothing_is_fetched(html: str) -> None:
    for _tag, attrs in Reader(html).tags:
        for key in ("src", "href", "srcset", "action", "data"):
            target = attrs.get(key)
            assert target is None or target.startswith(("#", "data:")), target
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]
    assert "@import" not in html
    assert "url(" not in html


def test_the_page_is_the_same_every_time_and_in_english() -> None:
    assert page() == page()
    with using("en"):
        assert '<html lang="en">' in page()


def test_an_import_without_events() -> None:
    made = one(rows_kept=0, rows_rejected=12_301, events=0, rows_added=0, reasons={"x": 12_301})
    empty = report(made, offences=0, places=0, first_date=None, last_date=None, counts={})
    assert "Ingen händelse finns kvar att räkna på." in Reader(page(empty)).text


def test_shares_never_lie() -> None:
    assert share_text(0.0) == "0\u00a0%"
    assert share_text(0.001) == "<\u00a01\u00a0%"
    assert share_text(0.9999) == ">\u00a099\u00a0%"
    assert share_text(1.0) == "100\u00a0%"
    made = bars({"drug_use": 1, "alcohol": 0, "drug_supply": 3})
    assert [(b.name, b.n, b.share, b.length) for b in made] == [
        ("överlåtelse", 3, 0.75, 1.0),
        ("eget bruk", 1, 0.25, 1 / 3),
    ]
    assert bars({}) == ()


FILES = ("run.json", "results.gpkg", "karta.html", "rejected-2.csv", "rejected-1.csv", "grid.csv")
COUNTS = {"events": 11_020, "places": 5, "hotspots": 1, "camera_sites": 5, "search_sites": 12}


def start(**options: object) -> str:
    facts: dict[str, object] = {
        "files": FILES,
        "report": report(),
        "counts": COUNTS,
        "notices": one().notices,
        "profile": "intern",
        "title": "Norrköping",
    }
    return index_html(**(facts | options))


def test_the_first_page_leads_to_every_file_the_map_first() -> None:
    read = Reader(start())
    links = [a["href"] for tag, a in read.tags if tag == "a" and a["href"] != "#main"]
    assert links == [
        "karta.html",
        "rejected-1.csv",
        "rejected-2.csv",
        "results.gpkg",
        "grid.csv",
        "run.json",
    ]
    for part in ("11 020", "hot spot", "Händelser från 2023-01-01 till 2024-12-30", "En varning."):
        assert part in read.text


def test_run_json_is_linked_though_it_is_written_last() -> None:
    assert 'href="run.json"' in start(files=["karta.html"])


def test_the_first_page_outside_tells_neither_cameras_nor_notices() -> None:
    text = Reader(start(profile="publik", notes=["Hot spots visas inte publikt."])).text
    assert "PUBLIK" in text
    assert "Hot spots visas inte publikt." in text
    for secret in ("kameraplats", "hundsök", "En varning"):
        assert secret not in text


def test_the_first_page_shows_text_as_text() -> None:
    html = start(title=EVIL, files=[f"{EVIL}.csv"], notices=[Notice(code="x", text=EVIL)])
    read = Reader(html)
    assert {"script", "img"} & {tag for tag, _a in read.tags} == set()
    links = [a["href"] or "" for tag, a in read.tags if tag == "a"]
    assert not any(link.startswith(("http", "javascript:", "/")) for link in links)


def test_order_of_files_makes_no_difference() -> None:
    assert start(files=reversed(FILES)) == start()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1300, 400])
def test_in_a_real_browser(browser: object, width: int) -> None:
    """The look is applied (the policy lets it), nothing is asked for, nothing sticks out."""
    browser.resize(width, 900)
    for html in (page(rejected=examples()), start(), hostile()):
        file = browser.folder / "page.html"
        file.write_text(html, encoding="utf-8")
        browser.driver.get_log("browser")
        browser.requests()
        browser.driver.get(file.as_uri())
        style = "return getComputedStyle(document.querySelector('.mark')).backgroundColor"
        assert browser.run(style) == "rgb(155, 28, 28)"
        assert browser.run("return document.title").endswith("INTERN – SEKRETESSPRÖVAS")
        wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert browser.run(wide) <= 0
        assert browser.requests() == [file.as_uri()]
        assert browser.complaints() == []


def test_changed_reports_change_the_page() -> None:
    made = report()
    assert page(replace(made, places=7)) != page(made)
