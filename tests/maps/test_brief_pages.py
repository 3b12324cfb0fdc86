"""The watch and the follow-up in the real browser: brief at first, whole on paper, fit for a phone."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader
from shapely import Point

from areas.followup import FollowupOptions, Periods, follow_up
from geodata.disclosure import DisclosureOptions, release
from geodata.schema import category
from geodata.watch_tables import WATCH
from hotspots.effect.evaluating import evaluate_by_source
from hotspots.effect.options import EffectOptions
from maps.followup_page import followup_html
from maps.watch_page import watch_html
from tests.areas.picture_tables import areas_table
from tests.factories import X0, Y0
from tests.hotspots.effect_town import COUNTED, measures, town
from tests.maps.test_followup_page import FACTS, POWER, released

WEEKS = 60
UNITS = [("municipality", "Hela kommunen"), ("area", "Hageby"), ("area", "Navestad")]
PLACES = [f"Storgatan {i}" for i in range(1, 9)]


def rows_of(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Return rows as a table of the watch; what is not told is filled with what its type allows."""
    made: dict[str, object] = {}
    fill = {"int": 0, "float": 1.0, "bool": False, "text": "x", "date": pd.Timestamp("2026-03-02")}
    for title, column in WATCH[name].items():
        values = [row.get(title, fill.get(column.kind, (column.values or (None,))[0])) for row in rows]  # fmt: skip
        if column.kind == "category":
            made[title] = category(pd.Series(values), name, title, tables=WATCH)
        elif column.kind == "date":
            made[title] = pd.Series(pd.to_datetime(values)).astype("datetime64[us]")
        elif column.kind == "int":
            made[title] = pd.Series(values, dtype="Int64" if column.nullable else "int64")
        elif column.kind == "text":
            made[title] = pd.Series(values, dtype="str")
        else:
            made[title] = pd.Series(values, dtype={"float": "float64", "bool": "bool"}[column.kind])
    return pd.DataFrame(made)


@pytest.fixture(scope="module")
def watch() -> str:
    rng = np.random.default_rng(1)
    series = [
        {"unit": unit, "unit_id": name, "name": name, "source": source, "class": kind}
        for unit, name in UNITS
        for source in ("police", "est_report")
        for kind in ("all", "drug_use", "damage")
    ]
    series += [
        {"unit": "place", "unit_id": str(i), "name": name, "source": "police", "class": "all"}
        for i, name in enumerate(PLACES)
    ]
    for i, one in enumerate(series):
        one |= {"series_id": f"s{i}", "state": "watched", "observed": 3, "expected": 1.5}
    weeks = [
        {
            "series_id": one["series_id"],
            "first_date": pd.Timestamp("2025-01-06") + pd.Timedelta(weeks=week),
            "n_events": int(rng.poisson(2)),
            "expected": 2.0,
        }
        for one in series
        for week in range(WEEKS)
    ]
    # One signal: all events of the second area, which is the last of the three.
    at = next(one for one in series if one["name"] == "Navestad" and one["class"] == "all")
    signal = {
        **at,
        "signal_id": "S01",
        "rank": 1,
        "week": "2026-W10",
        "sentence": "Fler än väntat.",
    }
    tables = {
        "watch_signals": rows_of("watch_signals", [signal]),
        "watch_series": rows_of("watch_series", series),
        "watch_weeks": rows_of("watch_weeks", weeks),
    }
    let = {n: release(t, n, "intern", DisclosureOptions()) for n, t in tables.items()}
    return watch_html(let, week="vecka 10 2026", title="Prov")


@pytest.fixture(scope="module")
def followup() -> str:

    police = town(np.random.default_rng(1), effect=0.2)
    reports = town(np.random.default_rng(2)).assign(source="est_report")
    other = replace(COUNTED, source="est_report", outcome="rapporterad narkotika")
    listed = measures(
        {"name": "Åtgärd nummer 0 vid Storgatan"},
        {"name": "Åtgärd nummer 1", "geometry": Point(X0 + 700, Y0).buffer(75)},
        {"name": "Åtgärd nummer 2", "geometry": Point(X0, Y0 + 700).buffer(75)},
    )
    judged = evaluate_by_source(listed, [(police, COUNTED), (reports, other)], EffectOptions())
    periods = Periods(date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31))
    both = pd.concat([police, reports], ignore_index=True)
    compared = follow_up(both, areas_table(), periods, FollowupOptions(), by_month=False)
    tables = {"followup_areas": compared.table, **judged.tables}
    return followup_html(released(tables), FACTS, power=POWER)


def test_units_with_a_signal_come_first_and_places_stand_together(watch: str) -> None:
    table = watch.split('class="week-table"')[1].split("</table>", maxsplit=1)[0]
    assert re.findall(r'<a href="#unit-\d+">([^<]+)</a>', table) == [
        "Navestad",
        "Hela kommunen",
        "Hageby",
    ]
    assert 'href="#S01"' in table
    folds = re.findall(r'<details class="unit on-paper"( open)?>\s*<summary>([^<]+)', watch)
    assert [(name.strip(), bool(opened)) for opened, name in folds] == [
        ("Hela kommunen", False),
        ("Hageby", False),
        ("Navestad", True),
        ("Platser", False),
    ]
    places = watch.split('id="unit-places"')[1].split("</ul>", maxsplit=1)[0]
    assert re.findall(r'<p class="what">([^<]+)</p>', places) == PLACES
    ids = re.findall(r' id="([^"]+)"', watch)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', watch)) <= {*ids, "main"}


def show(browser, html: str) -> None:
    file = browser.folder / "page.html"
    file.write_text(html, encoding="utf-8")
    browser.driver.get(file.as_uri())


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("page", ["watch", "followup"])
def test_nothing_sticks_out_even_unfolded(browser, request, page: str, width: int) -> None:
    browser.resize(width, 844)
    show(browser, request.getfixturevalue(page))
    wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.run(wide) <= 0
    brief = browser.run("return document.documentElement.scrollHeight")
    browser.run("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert browser.run(wide) <= 0
    assert browser.run("return document.documentElement.scrollHeight") > 1.2 * brief
    # On a phone the tables in brief need no scrolling sideways.
    hidden = (
        "return [...document.querySelectorAll('.week-table, .overview, .brief')]"
        ".filter(t => t.scrollWidth > t.closest('.scroll').clientWidth + 1).map(t => t.className)"
    )
    assert browser.run(hidden) == []


@pytest.mark.browser
def test_a_link_to_what_is_folded_unfolds_it(browser, watch: str, followup: str) -> None:
    browser.resize(1400, 900)
    for html, selector in ((watch, ".week-table a[href='#unit-0']"), (followup, ".overview a[href='#measure-3']")):  # fmt: skip
        show(browser, html)
        target = browser.run("return document.querySelector(arguments[0]).hash.slice(1)", selector)
        folded = "return document.getElementById(arguments[0]).closest('details').open"
        assert browser.run(folded, target) is False
        browser.run("document.querySelector(arguments[0]).click()", selector)
        browser.wait(f"return document.getElementById('{target}').closest('details').open")


@pytest.mark.browser
@pytest.mark.parametrize("page", ["watch", "followup"])
def test_on_paper_nothing_is_folded(browser, request, page: str) -> None:
    browser.resize(1400, 900)
    show(browser, request.getfixturevalue(page))
    made = browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pages = PdfReader(io.BytesIO(base64.b64decode(made["data"]))).pages
    text = " ".join(" ".join(one.extract_text() for one in pages).split())
    wanted = [*PLACES, "Hageby"] if page == "watch" else ["Åtgärd nummer 2", "Ytan fastställd"]
    for words in wanted:
        assert words in text, words
    folded = browser.run(
        "return [...document.querySelectorAll('.on-paper:not([open]) > :not(summary)')].length"
    )
    assert folded  # they were folded on the screen all the time
    if page == "followup":
        assert text.count("Regression mot kontrollområden") >= 3
