"""The page in a real headless Chromium, with its network watched."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from geodata import schema
from maps.interactive import MapOptions, map_html

pytestmark = pytest.mark.browser

OPTIONS = MapOptions()
EVIL = "<script>alert(1);window.pwned=1</script>\"><img src=x onerror=window.pwned=2>{{7*191}}'`${7*191}<!--"


@pytest.fixture(scope="module")
def facts(make_town):
    return make_town.facts()


@pytest.fixture(scope="module")
def page(town, facts):
    return map_html(town.released(), town.background, facts, OPTIONS)


POPUP = "const b = LB.popup && LB.popup.isOpen() && LB.popup.getElement(); return b && b.querySelector('.lb-popup').innerText"
FIND = "LB.find(map_lagesbild, arguments[0], arguments[1])"


def popup(browser, key, index):
    browser.run(FIND, key, index)
    return browser.wait(POPUP)


def table_of(browser):
    """Return the rows of the open popup by name."""
    return browser.run(
        "return Object.fromEntries([...LB.popup.getElement().querySelectorAll('tr')]"
        ".map(r => [r.cells[0].textContent, r.cells[1].textContent]))"
    )


def shown(browser):
    return set(
        browser.run("return LB.data.order.filter(k => map_lagesbild.hasLayer(LB.layers[k]))")
    )


def test_no_request_leaves_the_page(browser, page):
    browser.open(page)
    for view in ("cameras", "searches", "overview"):
        browser.run(f"document.querySelector('[data-view={view}]').click()")
    browser.run("for (const z of [11, 13, 15, 17]) map_lagesbild.setZoom(z, {animate: false})")
    assert popup(browser, "hotspots", 0)
    urls = browser.requests()
    assert len(urls) == 1, urls
    assert urls[0].startswith("file://")
    assert browser.complaints() == []


def test_the_policy_stops_what_the_page_did_not_write(browser, page):
    browser.open(page)
    browser.run(
        "const s = document.createElement('script'); s.textContent = 'window.pwned = 1';"
        "document.body.append(s);"
        "document.body.insertAdjacentHTML('beforeend', '<img src=https://example.org/a.png onerror=window.pwned=2>');"
        "fetch('https://example.org/b').catch(() => {})"
    )
    browser.wait("return document.querySelector('img[src*=example]').complete")
    assert browser.run("return window.pwned || null") is None
    assert {reason for url, reason in browser.asked() if "example" in url} == {"csp"}
    assert len([c for c in browser.complaints() if "Content Security Policy" in c]) >= 3


def test_all_text_in_data_shows_literally_and_nothing_runs(browser, town, make_town, facts):
    tables = {}
    for name, clean in town.tables.items():
        table = clean.copy()
        for column, kind in schema.TABLES[name].items():
            if kind.kind == "text":
                values = [EVIL] * len(table)
                if column in ("cell_id", "area_id", "hotspot_id", "site_id"):
                    values = [f"{EVIL}{i:05d}" for i in range(len(table))]
                table[column] = values
                table[column] = table[column].astype("str")
        tables[name] = gpd.GeoDataFrame(table, crs=make_town.CRS)
    told = replace(
        facts,
        project=EVIL,
        caveat=EVIL,
        counted=EVIL,
        method=(EVIL,),
        sources=(EVIL,),
        software=EVIL,
        geocode_shares={EVIL: 1},
    )
    background = {n: t.assign(name=EVIL) for n, t in town.background.items()}
    browser.open(map_html(make_town.Town(tables).released(), background, told, OPTIONS))
    browser.run(
        "document.querySelectorAll('input[data-layer]:not(:checked)').forEach(b => b.click())"
    )
    browser.run("map_lagesbild.setZoom(16, {animate: false})")
    keys = browser.run("return LB.data.order")
    assert set(keys) == {
        "grid",
        "areas_regso",
        "areas_est_area",
        "hotspots",
        "places",
        "camera_sites",
        "search_sites",
    }
    for key in keys:
        browser.run(
            "LB.show(map_lagesbild, [{layer: LB.layers[arguments[0]], index: 0}], map_lagesbild.getCenter())",
            key,
        )
        text = browser.run("return LB.popup.getElement().textContent")
        assert EVIL in text, key
        assert "1337" not in text
    assert browser.run("return document.title").startswith(EVIL)
    assert browser.run("return document.querySelector('h1').textContent") == EVIL
    panel = browser.run("return document.querySelector('.lb-panel').textContent")
    assert panel.count(EVIL) > 20
    assert "1337" not in panel
    assert browser.run("return window.pwned || null") is None
    assert browser.run("return document.querySelectorAll('img').length") == 0
    assert browser.run("return document.querySelectorAll('script').length") == 3
    assert len(browser.requests()) == 1
    assert browser.complaints() == []


def test_popups_say_what_the_tables_say(browser, page, town):
    browser.open(page)
    spot = town.tables["hotspots"].iloc[0]
    text = popup(browser, "hotspots", 0)
    assert text.startswith("Hot spot H01")
    assert f"{spot['n_events']} händelser på {spot['n_days']} dagar" in text
    rows = table_of(browser)
    assert rows["Typ av brott"] == f"innehav {spot['n_events'] - 1}, överlåtelse 1"
    assert rows["På polisens initiativ"] == "88,0\u00a0%"
    assert popup(browser, "search_sites", 5)
    assert "1 händelse på 1 dag" in browser.run(POPUP)


@pytest.mark.parametrize("index", [0, 17, 400])
def test_packed_places_and_cells_unpack_to_their_rows(browser, page, town, index):
    browser.open(page)
    place = town.tables["places"].sort_values("place_id").iloc[index]
    open_one = "LB.show(map_lagesbild, [{layer: LB.layers[arguments[0]], index: arguments[1]}], map_lagesbild.getCenter())"
    browser.run(open_one, "places", index)
    text = browser.run(POPUP)
    assert text.startswith(place["address"])
    first, last = (place[c].strftime("%Y-%m-%d") for c in ("first_date", "last_date"))
    assert table_of(browser)["Första – sista"] == (first if first == last else f"{first} – {last}")
    words = {"innehav": place["n_drug_possession"], "överlåtelse": place["n_drug_supply"]}
    told = table_of(browser)["Typ av brott"].split(", ")
    assert sorted(told) == sorted(f"{w} {n}" for w, n in words.items() if n)
    lat, lng = browser.run(
        "const p = LB.layers.places.points; const q = LB.latLng(p[2*arguments[0]], p[2*arguments[0]+1]); return [q.lat, q.lng]",
        index,
    )
    point = gpd.GeoSeries([place["geometry"]], crs=town.tables["places"].crs).to_crs(4326).iloc[0]
    assert (lng, lat) == pytest.approx((point.x, point.y), abs=1e-5)
    cell = town.tables["grid"].sort_values("cell_id").iloc[index]
    browser.run(open_one, "grid", index)
    assert browser.run(POPUP).startswith(f"Ruta {cell['cell_id']}")
    assert f"{cell['n_events']} händelse" in browser.run(POPUP)


def test_a_click_finds_what_lies_under_it_topmost_first(browser, page, town):
    browser.open(page)
    browser.run(
        "map_lagesbild.fitBounds(LB.layers.hotspots.bounds(2), {maxZoom: 16, animate: false})"
    )
    x, y = browser.run(
        "const l = LB.layers.hotspots; const p = map_lagesbild.latLngToContainerPoint(LB.latLng(...l.centre(2)));"
        "const r = map_lagesbild.getContainer().getBoundingClientRect(); return [r.left + p.x, r.top + p.y]"
    )
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.actions.action_builder import ActionBuilder

    chain = ActionChains(browser.driver)
    assert isinstance(chain.w3c_actions, ActionBuilder)
    chain.w3c_actions.pointer_action.move_to_location(round(x), round(y))
    chain.w3c_actions.pointer_action.click()
    chain.perform()
    assert browser.wait(POPUP).startswith("Hot spot H03")
    assert "på platsen" in browser.run(POPUP)
    browser.run("LB.popup.getElement().querySelectorAll('.lb-pager button')[1].click()")
    assert not browser.run(POPUP).startswith("Hot spot H03")


def test_views_switch_layers_and_boxes(browser, page):
    browser.open(page)
    assert shown(browser) == {"grid", "areas_regso", "areas_est_area", "hotspots"}
    browser.run("document.querySelector('[data-view=cameras]').click()")
    assert shown(browser) == {"areas_est_area", "hotspots", "camera_sites"}
    checked = browser.run(
        "return [...document.querySelectorAll('input[data-layer]:checked')].map(b => b.dataset.layer)"
    )
    assert set(checked) == shown(browser)
    assert browser.run("return document.querySelectorAll('.lb-camera').length") == 8
    browser.run("document.querySelector('input[data-layer=places]').click()")
    assert "places" in shown(browser)


def test_sites_too_close_share_a_marker_and_its_popup(browser, make_town, town, facts):
    table = town.tables["search_sites"].copy()
    table["geometry"] = table.geometry.iloc[[0] * len(table)].array
    crowd = make_town.Town({**town.tables, "search_sites": table}).released()
    browser.open(map_html(crowd, {}, facts, OPTIONS))
    browser.run("document.querySelector('[data-view=searches]').click()")
    marker = browser.driver.find_element("css selector", ".lb-search")
    assert browser.run("return document.querySelectorAll('.lb-search').length") == 1
    assert marker.get_attribute("aria-label") == "Hundsök S01 +5"
    marker.click()
    assert browser.wait(POPUP).startswith("Hundsök S01")
    step = "LB.popup.getElement().querySelectorAll('.lb-pager button')[1].click()"
    browser.run(step)
    assert browser.run(POPUP).startswith("Hundsök S02")


def test_areas_are_named_beside_one_another_in_view(browser, page):
    browser.open(page)
    written = browser.run(
        "const old = LB.Labels.prototype.write; const done = [];"
        "LB.Labels.prototype.write = function (x, y, lines, options) {"
        "  const ok = old.call(this, x, y, lines, options);"
        "  if (ok) done.push([lines[0], this.taken.at(-1)]);"
        "  return ok; };"
        "map_lagesbild._lbCanvas._redraw(); LB.Labels.prototype.write = old; return done"
    )
    names = [name for name, _box in written]
    assert names[:3] == ["Hageby", "Klockaretorpet", "Navestad"]
    assert "H01" in names
    for i, (_name, a) in enumerate(written):
        for _other, b in written[:i]:
            assert a[0] > b[2] or a[2] < b[0] or a[1] > b[3] or a[3] < b[1]


def test_the_keyboard_reaches_the_map_through_the_table(browser, page):
    from selenium.webdriver.common.keys import Keys

    browser.open(page)
    button = browser.driver.find_element("css selector", "table[data-show=camera_sites] button")
    browser.run("arguments[0].closest('details').open = true; arguments[0].focus()", button)
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert browser.wait(POPUP).startswith("Kameraplats K01")
    assert browser.run("return document.activeElement.textContent") == "Kameraplats K01"
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    browser.wait(f"return !(() => {{ {POPUP} }})()")


def test_labels_of_controls_are_swedish(browser, page):
    browser.open(page)
    popup(browser, "hotspots", 0)
    labels = browser.run(
        "return [...document.querySelectorAll('[aria-label]')].map(e => e.getAttribute('aria-label'))"
    )
    assert {"Stäng", "Zooma in", "Zooma ut", "Uppgifter"} <= set(labels)
    assert not [text for text in labels if "Close" in text or "Zoom in" in text]
    assert browser.run(
        "return document.querySelector('.leaflet-control-scale').textContent"
    ).endswith("m")


def test_it_fits_a_phone(browser, page):
    browser.resize(390, 844)
    browser.open(page)
    sizes = browser.run(
        "const m = map_lagesbild.getSize(); return [document.documentElement.scrollWidth, innerWidth, m.x, m.y]"
    )
    assert sizes[0] <= sizes[1]
    assert sizes[2] == 390
    assert sizes[3] > 400
    hidden = "return document.querySelector('.lb-body').offsetHeight"
    assert browser.run(hidden) == 0
    browser.run("document.querySelector('.lb-more').click()")
    assert browser.run(hidden) > 200
    popup(browser, "hotspots", 0)
    assert (
        browser.run("return document.querySelector('.leaflet-popup').getBoundingClientRect().width")
        <= 390
    )


def test_the_canvas_is_drawn_where_the_hot_spot_is(browser, page):
    browser.open(page)
    browser.run("for (const k of LB.data.order) LB.setLayer(map_lagesbild, k, k === 'hotspots')")
    browser.run(FIND, "hotspots", 0)
    browser.run("map_lagesbild.closePopup(); map_lagesbild._lbCanvas._redraw()")
    dark = browser.run(
        "const c = document.querySelector('canvas.lb-canvas'); const l = LB.layers.hotspots;"
        "const f = l.features[0].rings[0]; const p = map_lagesbild.latLngToLayerPoint(LB.latLng(f[0], f[1]));"
        "const b = map_lagesbild._lbCanvas._bounds.min; const m = c.width / parseInt(c.style.width);"
        "const d = c.getContext('2d').getImageData(m * (p.x - b.x) - 1, m * (p.y - b.y) - 1, 3, 3).data;"
        "return Math.min(...[...d].filter((_, i) => i % 4 === 0))"
    )
    assert dark < 80


def test_a_lake_has_its_island(browser, make_town, facts):
    x, y = make_town.CENTRE
    lake = shapely.Point(x, y).buffer(900).difference(shapely.Point(x, y).buffer(150))
    water = gpd.GeoDataFrame(geometry=[lake], crs=make_town.CRS)
    browser.open(map_html({}, {"water": water}, facts, OPTIONS))
    alpha = browser.run(
        "const m = map_lagesbild, c = document.querySelector('canvas.lb-canvas');"
        "const k = c.width / parseInt(c.style.width), b = m._lbCanvas._bounds.min;"
        "const at = d => { const p = m.latLngToLayerPoint(LB.latLng(0, 0)).add([d, 0]);"
        "return c.getContext('2d').getImageData(k * (p.x - b.x), k * (p.y - b.y), 1, 1).data[3] };"
        "const w = m.latLngToLayerPoint(LB.data.bounds[1]).x - m.latLngToLayerPoint(LB.data.bounds[0]).x;"
        "return [at(0), at(w / 4)]"
    )
    assert alpha == [0, 255]


def test_tiles_ask_their_one_host_and_no_other(browser, town, facts):
    options = MapOptions(tiles="http://127.0.0.1:9/{z}/{x}/{y}.png", attribution="© <i>Någon</i>")
    browser.open(map_html({"areas": town.released()["areas"]}, {}, facts, options))
    browser.wait("return document.querySelectorAll('img.leaflet-tile').length > 0 || null")
    hosts = {url.split("/")[2] for url in browser.requests() if not url.startswith("file:")}
    assert hosts == {"127.0.0.1:9"}
    assert "© <i>Någon</i>" in browser.run(
        "return document.querySelector('.leaflet-control-attribution').textContent"
    )


def test_a_map_of_nothing_opens(browser, facts):
    browser.open(map_html({}, {}, facts, OPTIONS))
    assert browser.complaints() == []


def test_a_large_town_opens_drawn(browser, make_town, facts, record_property):
    large = make_town.town(31_000, 100)
    browser.open(map_html(large.released(), large.background, facts, OPTIONS))
    assert browser.run("return LB.layers.places.radii.length") == len(large.tables["places"])
    times = browser.run(
        "const n = performance.getEntriesByType('navigation')[0];"
        "return [Math.round(n.domContentLoadedEventEnd), Number(document.documentElement.dataset.drawnMs)]"
    )
    record_property("dom_content_loaded_ms", times[0])
    record_property("drawn_ms", times[1])
    assert browser.complaints() == []


def test_paper_shows_what_the_screen_showed(browser, page):
    browser.open(page)
    state = (
        "return [map_lagesbild.getZoom(), map_lagesbild.getCenter().lat, map_lagesbild.getSize().x]"
    )
    before = browser.run(state)
    browser.run(
        "window.onPaper = null; matchMedia('print').addEventListener('change', e => { if (e.matches)"
        " onPaper = [map_lagesbild.getBounds().contains(LB.data.bounds), map_lagesbild.getSize().y,"
        " document.querySelector('.folium-map').clientHeight] })"
    )
    browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    whole, drawn, high = browser.wait("return onPaper")
    assert whole
    assert drawn == high
    assert browser.run(state) == pytest.approx(before)
