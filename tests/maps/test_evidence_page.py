from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import made_up_evidence as made_up
import numpy as np
import pytest

from geodata.evidence_report import EvidenceReport, Finding
from geodata.language import using
from maps.evidence_page import evidence_html

EVIL = "<script>document.title='x'</script>\"'{{7*7}}<img src=http://x.example/a onerror=1>"
VOID = {"meta", "link", "br"}


def page(report: EvidenceReport | None = None, **options: object) -> str:
    facts: dict[str, object] = {"profile": "intern", "title": "Norrköping", "synthetic": False}
    return evidence_html(report or made_up.evidence(), **(facts | options))


class Reader(HTMLParser):
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


def test_everything_is_there_in_order() -> None:
    text = Reader(page(synthetic=True)).text
    parts = (
        "INTERN – SEKRETESSPRÖVAS",
        "SYNTETISKA DATA",
        "Händelser från 2022-01-01 till 2024-12-31",
        "4 hot spots, varav 1 osäker.",
        "var polisen har arbetat",
        "H01 Resecentrum",
        "H02 Hageby",
        "H03 Såpkullen",
        "Bäst på 28 perioder",
        "används i körningen: antal vägda",
        "Träffsäkerhet vid 5 % av ytan",
        "Ginikoefficient",
        "Rutor om 100 m",
        "okänt klockslag",
        "minsta tidsfönster, 18–04",
        "Med och utan insatsdagar",
        "3 → 5",
        "Ingen befolkning i projektet",
    )
    found = [text.find(part, 0) for part in parts]
    assert -1 not in found, parts[found.index(-1)]
    assert found == sorted(found)


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_it_is_for_no_other_profile(profile: str) -> None:
    with pytest.raises(ValueError, match="intern"):
        page(profile=profile)


def test_uncertain_hot_spots_are_marked_and_others_not() -> None:
    read = Reader(page())
    items = [a["class"] for tag, a in read.tags if (a.get("class") or "").split()[:1] == ["spot"]]
    assert items == ["spot", "spot", "spot unsure", "spot"]


@pytest.mark.parametrize(
    ("unsure", "lead"),
    [
        ([], "Ingen hot spot hittades."),
        ([False], "1 hot spot, ingen av dem osäker."),
        ([True], "1 hot spot, varav 1 osäker."),
        ([True, True, False], "3 hot spots, varav 2 osäkra."),
    ],
)
def test_the_lead_counts(unsure: list[bool], lead: str) -> None:
    spots = tuple(made_up.spot(i + 1, "x", uncertain=u) for i, u in enumerate(unsure))
    html = page(made_up.evidence(hotspots=spots))
    assert f'<p class="lead">{lead}</p>' in html
    assert ('<ol class="spots">' in html) == bool(unsure)


def test_figures_of_the_table_are_those_of_the_report_in_swedish() -> None:
    text = Reader(page()).text
    table = text[text.index("Träffsäkerhet vid 5 % av ytan") :]
    names = sorted(made_up.METHODS, key=lambda name: -made_up.METHODS[name][1])
    at = [table.index(name) for name in names]
    assert at == sorted(at)
    assert re.search(r"DBSCAN-kluster, 75 m +48,0 % +9,6 8,9 till 10,3 +0,55 +0,95 −3,5 ", table)
    assert re.search(r"slumpen +5,0 % .*?sämre", table)
    assert re.search(r"lärda beslutsträd +64,0 % .*?kan vara slump", table)
    assert "−0,0" not in text


def test_ties_and_gaps_stand_as_they_came() -> None:
    table = made_up.accuracy().table
    table["pai"] = 2.0
    table.loc[table["method"].eq("Getis-Ord Gi*"), ["pai", "pai_low", "pai_high", "rri"]] = np.nan
    html = page(made_up.evidence(accuracy=made_up.accuracy(table=table)))
    names = re.findall(r'<li class="is-\w+"><span>([^<]+)</span>', html)
    kept = [name for name in made_up.METHODS if name != "Getis-Ord Gi*"]
    assert names == [*kept, "Getis-Ord Gi*"]
    assert "nan" not in Reader(html).text


def test_the_reference_in_use_needs_one_mark_only() -> None:
    card = made_up.accuracy(used=made_up.REFERENCE)
    text = Reader(page(made_up.evidence(accuracy=card))).text
    assert "det som de andra ska slå" not in text
    assert "PAI för den metod som används" in text


def test_without_anything_it_is_still_a_page() -> None:
    empty = made_up.evidence(
        hotspots=(), accuracy=None, lorenz=(), matrices=(), findings=(), notes=(), period=""
    )
    read = Reader(page(empty))
    assert "Metoderna kunde inte prövas" in read.text
    assert not any(tag == "svg" for tag, _a in read.tags)
    ids = {a["id"] for _tag, a in read.tags if "id" in a}
    links = [a["href"] or "" for tag, a in read.tags if tag == "a"]
    assert {link.removeprefix("#") for link in links} <= ids


def test_links_lead_somewhere_and_ids_are_used_once() -> None:
    read = Reader(page())
    ids = [a["id"] for _tag, a in read.tags if "id" in a]
    assert len(ids) == len(set(ids))
    wanted = [(a.get("href") or "").removeprefix("#") for tag, a in read.tags if tag == "a"]
    wanted += [a[key] or "" for _tag, a in read.tags for key in a if key == "aria-labelledby"]
    assert set(wanted) <= set(ids)
    assert len(wanted) > 15


def test_sources_stand_apart_each_with_its_caveat() -> None:
    text = Reader(page()).text
    first, second = text.index("641 händelser"), text.rindex("641 händelser")
    assert first < second
    assert "EST-rapporter visar vem som rapporterar" in text
    assert text.count("Många rapporter på en plats betyder inte säkert mer narkotika.") >= 4


def test_names_of_quarters_that_do_not_fit_are_not_used() -> None:
    report = made_up.evidence(quarter_names=("2024 kv 1",))
    text = Reader(page(report)).text
    assert "2024 kv 1" not in text
    assert "äldst högst" in text


def hostile() -> str:
    report = made_up.evidence()
    table = made_up.accuracy().table
    table["method"] = table["method"].where(table["method"] != "slumpen", EVIL)
    spot = replace(
        report.hotspots[0],
        hotspot_id=EVIL,
        name=EVIL * 2,
        sentence=EVIL,
        figures=((EVIL, EVIL),),
    )
    return page(
        replace(
            report,
            hotspots=(spot,),
            accuracy=made_up.accuracy(sentence=EVIL, about=EVIL, used=EVIL, table=table),
            lorenz=(replace(report.lorenz[0], title=EVIL, sentence=EVIL),),
            matrices=(
                replace(report.matrices[0], source=EVIL, sentence=EVIL, caveat=EVIL, window=EVIL),
            ),
            findings=(Finding(EVIL, (EVIL,), {EVIL: (EVIL, EVIL), EVIL + "2": (EVIL, EVIL)}),),
            notes=(EVIL,),
            caveat=EVIL,
            period=EVIL,
            quarter_names=(EVIL,) * 12,
        ),
        title=EVIL,
    )


def test_text_from_data_is_text_and_nothing_else() -> None:
    read = Reader(hostile())
    assert {"script", "img", "iframe", "object"} & {tag for tag, _a in read.tags} == set()
    assert not any(key.startswith("on") for _t, attrs in read.tags for key in attrs)
    assert "{{7*7}}" in read.text


@pytest.mark.parametrize("make", [page, hostile], ids=["plain", "hostile"])
def test_nothing_is_fetched_and_no_style_is_inline(make: object) -> None:
    html = make()
    for _tag, attrs in Reader(html).tags:
        assert "style" not in attrs
        for key in ("src", "href", "srcset", "action", "data"):
            target = attrs.get(key)
            assert target is None or target.startswith(("#", "data:")), target
    assert "unsafe" not in html
    assert "@import" not in html
    assert "url(" not in html


def test_words_that_may_not_be_used_are_not() -> None:
    text = Reader(page()).text.lower()
    for word in ("ökat", "minskat", "brottsutsatt", "laglig", "tillåt"):
        assert word not in text


def test_the_page_is_the_same_every_time_and_in_english() -> None:
    assert page() == page()
    with using("en"):
        html = page()
    assert '<html lang="en">' in html
    assert "The method card" in html
    assert "13.6" in html


@pytest.mark.browser
@pytest.mark.parametrize("width", [1300, 390])
def test_in_a_real_browser(browser: object, width: int) -> None:
    """The look is applied, nothing is asked for, nothing sticks out, pictures have names."""
    browser.resize(width, 900)
    for html in (page(), hostile()):
        file = browser.folder / "page.html"
        file.write_text(html, encoding="utf-8")
        browser.driver.get_log("browser")
        browser.requests()
        browser.driver.get(file.as_uri())
        style = "return getComputedStyle(document.querySelector('.caveat')).borderLeftWidth"
        assert browser.run(style) == "4px"
        wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert browser.run(wide) <= 0
        assert browser.requests() == [file.as_uri()]
        assert browser.complaints() == []
    browser.driver.get(file.as_uri())
    names = accessible_pictures(browser)
    assert len(names) == 1 + 4 + 1 + 1
    assert all(name and described for name, described in names)


def accessible_pictures(browser: object) -> list[tuple[str, str]]:
    """Return name and description of each picture as the browser tells them to a screen reader."""
    tree = browser.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})
    return [
        (node.get("name", {}).get("value", ""), node.get("description", {}).get("value", ""))
        for node in tree["nodes"]
        if node.get("role", {}).get("value") == "image" and not node.get("ignored")
    ]


@pytest.mark.browser
def test_rows_of_the_method_card_line_up(browser: object) -> None:
    """Names beside the panels stand at the height of their dots."""
    browser.resize(1300, 900)
    file = browser.folder / "page.html"
    file.write_text(page(), encoding="utf-8")
    browser.driver.get(file.as_uri())
    middle = "const r = e.getBoundingClientRect(); return (r.top + r.bottom) / 2"
    heights = browser.run(
        f"const mid = e => {{ {middle} }};"
        "return [[...document.querySelectorAll('.method-names li')].map(mid),"
        " [...document.querySelector('.panel').querySelectorAll('.at path')].map(mid)]"
    )
    assert len(heights[0]) == len(made_up.METHODS)
    assert heights[0] == pytest.approx(heights[1], abs=3)
