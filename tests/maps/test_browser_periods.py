"""Switch of period, two periods side by side, search, keyboard, paper and phone, in Chromium."""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import pytest
from selenium.webdriver.common.keys import Keys

from geodata import schema
from geodata.period_tables import LEVELS, PERIOD_TABLES
from maps.interactive import MapOptions, map_html

pytestmark = pytest.mark.browser

NAMES = ("2024-Q1", "2024-Q2", "2024-Q3")
OPEN = "const b = LB.popup && LB.popup.isOpen() && LB.popup.getElement(); return b && b.querySelector('.lb-popup').innerText"
SLIDE = "const r = document.getElementById(arguments[0]); r.value = arguments[1]; r.dispatchEvent(new Event('input'))"

CHOOSE = "const r = document.getElementById(arguments[0]); r.value = arguments[1]; r.dispatchEvent(new Event('change'))"


def period_counts(tables):
    """Return each object's events thrown over the periods."""
    rng = np.random.default_rng(4)
    rows = []
    levels = (
        ("cell", "grid", "cell_id"),
        ("place", "places", "place_id"),
        ("hotspot", "hotspots", "hotspot_id"),
    )
    for level, name, column in levels:
        for one, n in zip(tables[name][column], tables[name]["n_events"], strict=True):
            parts = rng.multinomial(int(n), [0.5, 0.3, 0.2])
            rows += [(level, str(one), p, int(v)) for p, v in zip(NAMES, parts, strict=True) if v]
    cells = [row for row in rows if row[0] == "cell"]
    rows += [("whole", "*", p, sum(r[3] for r in cells if r[2] == p)) for p in NAMES]
    rows.append(("area", "est_area-0", NAMES[1], 17))
    table = pd.DataFrame(rows, columns=["level", "object_id", "period", "n_events"])
    table["level"] = schema.category(table["level"], "period_counts", "level", tables=PERIOD_TABLES)
    assert set(table["level"]) == set(LEVELS)
    table["whole"] = table["period"] != NAMES[2]
    table = table[list(PERIOD_TABLES["period_counts"])]
    table = table.astype({"object_id": "str", "period": "str"})
    schema.check(table, "period_counts", tables=PERIOD_TABLES)
    return table


@pytest.fixture(scope="module")
def counts(town):
    return period_counts(town.tables)


@pytest.fixture(scope="module")
def page(town, make_town, counts):
    both = make_town.Town({**town.tables, "period_counts": counts}, town.background)
    return map_html(both.released(), both.background, make_town.facts(), MapOptions())


def told(counts, level, name, period):
    mine = counts[(counts["level"] == level) & (counts["object_id"] == name)]
    return int(mine.loc[mine["period"] == period, "n_events"].sum())


def pixels(browser, left, right):
    """Return how many coloured pixels the grid has between two shares of the canvas's window."""
    return browser.run(
        "const m = map_lagesbild, r = m._lbCanvas; r._redraw();"
        "const c = r._container, k = c.width / parseInt(c.style.width), s = m.getSize();"
        "const o = m.containerPointToLayerPoint([0, 0]).subtract(r._bounds.min).multiplyBy(k);"
        "const d = c.getContext('2d').getImageData(o.x + arguments[0] * s.x * k, o.y,"
        " (arguments[1] - arguments[0]) * s.x * k, s.y * k).data;"
        "let h = 0; for (let i = 0; i < d.length; i += 4) h = (h * 31 + d[i] + 7 * d[i + 1] + 13 * d[i + 2]) % 1000003;"
        "return h",
        left,
        right,
    )


def test_every_count_of_every_period_unpacks(browser, page, town, counts):
    browser.open(page)
    for layer, level, ids in (
        ("grid", "cell", town.tables["grid"]["cell_id"].sort_values()),
        ("places", "place", town.tables["places"]["place_id"].sort_values().astype(str)),
        ("hotspots", "hotspot", town.tables["hotspots"].sort_values("rank")["hotspot_id"]),
    ):
        found = browser.run(
            "const l = LB.layers[arguments[0]]; const n = l.size(); const all = [];"
            "for (let i = 0; i < n; i += 1) for (let p = 0; p < 3; p += 1) all.push(LB.countIn(l, i, p));"
            "return all",
            layer,
        )
        mine = counts[counts["level"] == level].pivot(
            index="object_id", columns="period", values="n_events"
        )
        wanted = mine.reindex(index=list(ids), columns=list(NAMES)).fillna(0).to_numpy(int)
        assert found == wanted.ravel().tolist(), layer
    assert browser.complaints() == []


def test_the_switch_changes_map_legend_words_and_popups(browser, page, town, counts):
    browser.open(page)
    whole = pixels(browser, 0, 1)
    total = told(counts, "whole", "*", NAMES[1])
    browser.run(SLIDE, "lb-period", 2)
    assert pixels(browser, 0, 1) != whole
    words = browser.run("return document.getElementById('lb-period-words').textContent")
    assert words.replace("\u00a0", "") == f"2024-Q2: {total} händelser"
    slider = browser.driver.find_element("id", "lb-period")
    assert slider.get_attribute("aria-valuetext") == words
    legends = (
        "return [...new Set([...document.querySelectorAll('[data-legend]')]"
        ".map(n => `${n.dataset.legend} ${n.hidden}`))]"
    )
    assert browser.run(legends) == ["all true", "period false"]
    browser.run(SLIDE, "lb-period", 0)
    assert pixels(browser, 0, 1) == whole
    assert browser.run(legends) == ["all false", "period true"]
    browser.run(SLIDE, "lb-period", 2)
    spot = town.tables["hotspots"].sort_values("rank")["hotspot_id"].iloc[0]
    browser.run("LB.find(map_lagesbild, 'hotspots', 0)")
    assert f"Händelser 2024-Q2\t{told(counts, 'hotspot', spot, NAMES[1])}" in browser.wait(OPEN)
    browser.run(SLIDE, "lb-period", 3)
    words = browser.run("return document.getElementById('lb-period-words').textContent")
    assert words.startswith("2024-Q3 (del av)")


def test_what_is_not_drawn_in_a_period_is_not_found_there(browser, page, town, counts):
    browser.open(page)
    cells = town.tables["grid"].sort_values("cell_id")["cell_id"].tolist()
    gone = next(i for i, c in enumerate(cells) if told(counts, "cell", c, NAMES[2]) == 0)
    hits = (
        "const f = LB.layers.grid.features[arguments[0]].box;"
        "const at = LB.latLng((f[0] + f[2]) / 2, (f[1] + f[3]) / 2);"
        "map_lagesbild.setView(at, 15, {animate: false});"
        "return LB.hitsAt(map_lagesbild, at).some(h => h.layer.key === 'grid' && h.index === arguments[0])"
    )
    assert browser.run(hits, gone) is True
    browser.run(SLIDE, "lb-period", 3)
    assert browser.run(hits, gone) is False


def test_two_periods_stand_side_by_side_and_the_border_moves(browser, page):
    browser.open(page)
    browser.run(SLIDE, "lb-period", 2)
    browser.run("document.getElementById('lb-compare').click()")
    # The slider stood at the second: it comes to the right, the one before it to the left.
    assert browser.run("return LB.period.pair") == [0, 1]
    halves = {}
    for left, right in ((0, 0), (1, 1), (0, 1)):
        for side, chosen in (("lb-left", left), ("lb-right", right)):
            browser.run(CHOOSE, side, str(chosen))
        halves[left, right] = (pixels(browser, 0, 0.3), pixels(browser, 0.7, 1))
    assert halves[0, 1] == (halves[0, 0][0], halves[1, 1][1])
    assert halves[0, 0][0] != halves[1, 1][0]
    assert halves[0, 0][1] != halves[1, 1][1]
    divider = browser.driver.find_element("css selector", ".lb-swipe input")
    assert divider.get_attribute("aria-label") == "Gräns mellan perioderna"
    assert min(divider.size.values()) >= 44
    before = browser.run("return LB.period.at")
    browser.run("arguments[0].focus()", divider)
    divider.send_keys(Keys.ARROW_LEFT * 5)
    assert browser.run("return LB.period.at") < before
    sides = browser.run("return LB.swipe.sides.map(n => n.textContent)")
    assert sides == ["2024-Q1", "2024-Q2"]
    browser.run("document.getElementById('lb-compare').click()")
    assert browser.run("return LB.swipe.hidden && LB.period.pair === null")


def test_without_released_counts_there_is_no_switch(browser, town, make_town, counts):
    tables = {n: t for n, t in town.tables.items() if n in ("areas", "grid", "hotspots")}
    both = make_town.Town({**tables, "period_counts": counts})
    for profile in ("samverkan", "publik"):
        html = map_html(both.released(profile), {}, make_town.facts(profile=profile), MapOptions())
        assert 'id="lb-period"' not in html
        assert "2024-Q" not in html
        browser.open(html)
        assert browser.complaints() == []


@pytest.mark.parametrize(
    ("typed", "first"), [("hage", "Hageby"), ("KLOCKARE", "Klockaretorpet"), ("h01", "H01")]
)
def test_search_finds_by_the_beginning_of_a_word(browser, page, typed, first):
    browser.open(page)
    assert browser.run("return LB.search(arguments[0])[0].name", typed).startswith(first)


def test_search_by_keys_alone(browser, page, town):
    browser.open(page)
    place = town.tables["places"].sort_values("place_id").iloc[5]
    box = browser.driver.find_element("id", "lb-find")
    box.send_keys("nave")
    assert box.get_attribute("aria-expanded") == "true"
    box.send_keys(Keys.ARROW_DOWN)
    assert box.get_attribute("aria-activedescendant") == "lb-hit-0"
    # The panes of the map keep to themselves: none lies on top of the suggestions.
    alone = "return getComputedStyle(document.querySelector('.lb-mapbox')).isolation"
    assert browser.run(alone) == "isolate"
    box.send_keys(Keys.ENTER)
    assert browser.wait(OPEN).startswith("Navestad")
    assert browser.run("return document.activeElement.textContent") == "Navestad"
    box.clear()
    box.send_keys(place["address"], Keys.ENTER)
    assert browser.wait(OPEN).startswith(place["address"])
    box.clear()
    box.send_keys("xyzzy")
    said = browser.run("return document.getElementById('lb-said').textContent")
    assert said == "Inget som heter så på kartan."
    box.send_keys(Keys.ENTER)  # nothing to go to, nothing happens
    box.clear()
    box.send_keys("ost 0 gatan", Keys.ENTER)
    assert browser.run("return Boolean(LB.found) && map_lagesbild.getZoom()") == 16
    assert len(browser.requests()) == 1
    assert browser.complaints() == []


def test_addresses_are_found_in_intern_only(browser, town, make_town):
    tables = {n: t for n, t in town.tables.items() if n in ("areas", "grid", "hotspots", "places")}
    open_town = make_town.Town(tables)
    browser.open(map_html(open_town.released("publik"), {}, make_town.facts(profile="publik"), MapOptions()))  # fmt: skip
    kinds = browser.run("return [...new Set(LB.searchIndex().map(one => one.kind))]")
    assert "adress" not in kinds
    assert "område" in kinds


def test_every_popup_is_reached_through_a_table(browser, page):
    browser.open(page)
    reached = browser.run(
        "return LB.data.order.map(k => [k, Boolean(document.querySelector("
        '`table[data-show="${k}"], details[data-list="${k}"]`))])'
    )
    assert all(found for _key, found in reached), reached
    browser.run("document.querySelector('details[data-list=places]').open = true")
    rows = "return document.querySelectorAll('details[data-list=places] tbody tr').length"
    browser.wait(f"return ({{ n: (() => {{ {rows} }})() }}).n === 100")
    browser.run("document.querySelector('details[data-list=places] .lb-next').click()")
    assert browser.run(rows) == 200
    assert browser.run("return document.activeElement.closest('tr').sectionRowIndex") == 100
    button = browser.driver.switch_to.active_element
    name = button.text
    button.send_keys(Keys.ENTER)
    assert browser.wait(OPEN).startswith(name)


def test_tab_goes_through_panel_tools_and_map_in_order(browser, page):
    browser.open(page)
    body = browser.driver.find_element("css selector", "body")
    body.send_keys(Keys.TAB)
    first = browser.driver.switch_to.active_element
    assert first.text == "Hoppa till kartan"
    assert first.location["x"] >= 0
    seen = []
    for _step in range(40):
        active = browser.driver.switch_to.active_element
        seen.append(active.get_attribute("id") or active.tag_name)
        if seen[-1] == "map_lagesbild":
            break
        active.send_keys(Keys.TAB)
    assert seen.index("lb-find") < seen.index("lb-period") < seen.index("lb-compare")
    assert seen[-1] == "map_lagesbild"
    unnamed = browser.run(
        "return [...document.querySelectorAll('button, input, select, summary, a[href]')].filter(n =>"
        " !(n.textContent.trim() || n.getAttribute('aria-label') || n.title || (n.labels && n.labels.length)))"
        ".map(n => n.outerHTML)"
    )
    assert unnamed == []
    ids = browser.run("return [...document.querySelectorAll('[id]')].map(n => n.id)")
    assert len(ids) == len(set(ids))


CONTRAST = """
const lum = (c) => { const v = c.match(/[\\d.]+/g).slice(0, 3).map((x) => { const s = x / 255;
  return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; }); return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
const ground = (n) => { for (; n; n = n.parentElement) { const c = getComputedStyle(n).backgroundColor;
  if (c !== 'rgba(0, 0, 0, 0)' && c !== 'transparent') return c; } return 'rgb(255, 255, 255)'; };
return [...document.querySelectorAll('.lb *')].filter((n) => n.offsetParent
  && [...n.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim())).map((n) => {
  const [a, b] = [lum(getComputedStyle(n).color), lum(ground(n))].sort((x, y) => y - x);
  return [(a + 0.05) / (b + 0.05), n.className + ' ' + n.textContent.slice(0, 30)]; }).filter(([r]) => r < 4.5);
"""


def test_words_stand_out_from_their_ground(browser, page):
    browser.open(page)
    browser.run("document.querySelectorAll('details').forEach(d => { d.open = true })")
    browser.run("LB.find(map_lagesbild, 'hotspots', 0)")
    assert browser.run(CONTRAST) == []
    browser.run("document.querySelector('h1').style.color = 'rgb(170, 170, 170)'")
    assert len(browser.run(CONTRAST)) == 1


def test_a_phone_has_room_for_fingers_and_map(browser, page):
    browser.resize(390, 844)
    browser.open(page)
    wide, inner, high = browser.run(
        "return [document.documentElement.scrollWidth, innerWidth, map_lagesbild.getSize().y]"
    )
    assert wide <= inner
    assert high > 400
    tops = browser.run(
        "return ['.folium-map', '.lb-panel'].map(s => document.querySelector(s).getBoundingClientRect().top)"
    )
    assert tops[0] < tops[1]  # the panel is a sheet at the bottom
    browser.run("document.querySelector('.lb-more').click()")
    small = browser.run(
        "return [...document.querySelectorAll('button, summary, select, #lb-find, .lb-layers label, .leaflet-control-zoom a')]"
        ".filter(n => n.offsetParent).map(n => [n.textContent.trim().slice(0, 20), n.getBoundingClientRect().height])"
        ".filter(([, h]) => h < 44)"
    )
    assert small == []
    sheet = browser.run("const r = document.querySelector('.lb-panel').getBoundingClientRect(); return [r.bottom, innerHeight, r.height]")  # fmt: skip
    assert sheet[0] == pytest.approx(sheet[1], abs=1)
    assert sheet[2] > 500


def test_the_paper_is_one_landscape_sheet_with_its_legend(browser, page, tmp_path):
    from pypdf import PdfReader

    browser.open(page)
    browser.run(SLIDE, "lb-period", 2)
    made = browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    file = tmp_path / "karta.pdf"
    file.write_bytes(base64.b64decode(made["data"]))
    first = PdfReader(file).pages[0]
    assert float(first.mediabox.width) == pytest.approx(842, abs=2)
    assert float(first.mediabox.height) == pytest.approx(595, abs=2)
    text = " ".join(first.extract_text().split())
    for wanted in (
        "INTERN",
        "2024-Q2:",
        "Rutnät",
        "Händelser per ruta",
        "hot spot",
        "km",
        "Uttagsdatum",
    ):
        assert wanted in text, wanted
    assert "Sök" not in text
    assert "Kameraplatser" not in text  # not switched on
