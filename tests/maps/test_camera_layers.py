"""What cameras see on the map, and the sets to choose from, in a real headless Chromium."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.disclosure import DisclosureOptions, release
from maps.interactive import MapOptions, map_html

EVIL = "<img src=x onerror=window.pwned=1>{{7*191}}"
X, Y = 568_941.0, 6_495_231.0


def geo(columns, shapes):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:3006")


def circle(x, y, r=50):
    return shapely.Point(X + x, Y + y).buffer(r)


@pytest.fixture(scope="module")
def tables():
    views = geo(
        {
            "site_id": ["K01", "K02"], "sight": [True, True], "area_m2": [5000.0, 4000.0],
            "public_m2": [4800.0, 3900.0], "yard_m2": [120.0, float("nan")],
            "facade_m": [12.0, 0.0], "n_residential": [2, 0], "n_entrances": [3, 0],
            "n_sensitive": [None, 0], "stop_m2": [0.0, 0.0], "existing_m2": [0.0, 0.0],
            "masked_m2": [140.0, 0.0], "net_m2": [4860.0, 4000.0],
        },
        [circle(0, 0), circle(300, 0)],
    ).astype({"site_id": "str", "n_residential": "Int64", "n_entrances": "Int64", "n_sensitive": "Int64"})  # fmt: skip
    masks = geo(
        {"site_id": ["K01"], "mask_no": [1], "kind": ["yard"], "area_m2": [140.0], "share": [0.03]},
        [circle(30, 0, 8)],
    ).astype({"site_id": "str", "kind": "str"})
    sets = pd.DataFrame(
        {
            "set_no": [1, 2, 3], "n_sites": [2, 1, 0], "events": [30.5, 12.0, 0.0],
            "share": [0.3, 0.12, 0.0], "cost": [120.0, 0.0, 0.0], "cost_name": [EVIL] * 3,
            "sites": ["P1;P2", "P2", ""], "proposed": [True, False, False],
            "proven": True,
        }
    ).astype({"cost_name": "str", "sites": "str"})  # fmt: skip
    sites = geo(
        {
            "set_no": [1, 1, 2], "candidate_id": ["P1", "P2", "P2"],
            "site_id": ["K01", "K02", "K02"], "events": [18.0, 12.5, 12.0],
            "cost": [120.0, 0.0, 0.0],
        },
        [circle(0, 0), circle(300, 0), circle(300, 0)],
    ).astype({"candidate_id": "str", "site_id": "str"})  # fmt: skip
    made = {
        "camera_views": views, "camera_masks": masks, "camera_frontier": sets,
        "camera_frontier_sites": sites,
    }  # fmt: skip
    return {name: release(one, name, "intern", DisclosureOptions()) for name, one in made.items()}


@pytest.fixture(scope="module")
def page(town, make_town, tables):
    return map_html({**town.released(), **tables}, town.background, make_town.facts(), MapOptions())


def shown(browser):
    return set(
        browser.run("return LB.data.order.filter(k => map_lagesbild.hasLayer(LB.layers[k]))")
    )


pytestmark = pytest.mark.browser
POPUP = "const b = LB.popup && LB.popup.isOpen() && LB.popup.getElement(); return b && b.querySelector('.lb-popup').innerText"


def test_views_and_masks_belong_to_the_view_of_cameras(browser, page):
    browser.open(page)
    assert not shown(browser) & {"camera_views", "camera_masks", "camera_frontier"}
    browser.run("document.querySelector('[data-view=cameras]').click()")
    assert {"camera_views", "camera_masks", "camera_sites"} <= shown(browser)
    assert "camera_frontier" not in shown(browser)
    browser.run("LB.find(map_lagesbild, 'camera_views', 0)")
    text = browser.wait(POPUP)
    assert "Upptagningsområde K01" in text
    assert "ej kontrollerat" in text
    assert browser.complaints() == []


def test_a_set_chosen_in_the_table_shows_its_views_and_no_others(browser, page):
    browser.open(page)
    count = "const f = LB.layers.camera_frontier; return f.members()"
    assert browser.run(count) == []
    row = "document.querySelectorAll('table[data-show=camera_frontier] tbody button')[arguments[0]].click()"
    browser.run(row, 0)
    assert "Urval 1 av 3" in browser.wait(POPUP)
    assert "camera_frontier" in shown(browser)
    assert browser.run(count) == [0, 1]
    browser.run(row, 1)
    assert browser.run(count) == [2]
    picked = (
        "return [...document.querySelectorAll('table[data-show=camera_frontier] tbody tr')]"
        ".map(r => r.classList.contains('lb-picked'))"
    )
    assert browser.run(picked) == [False, True, False]
    browser.run(row, 2)  # a set of no camera at all: nothing to fly to, nothing breaks
    assert browser.run(count) == []
    assert browser.run("return window.pwned || null") is None
    assert browser.complaints() == []


def test_the_set_chosen_is_drawn(browser, page):
    browser.open(page)
    browser.run(
        "for (const k of LB.data.order) LB.setLayer(map_lagesbild, k, false);"
        "LB.setLayer(map_lagesbild, 'camera_frontier', true)"
    )
    drawn = (
        "const c = document.querySelector('.lb-canvas'); const d = c.getContext('2d')"
        ".getImageData(0, 0, c.width, c.height).data; let n = 0;"
        "for (let i = 0; i < d.length; i += 4) if (d[i] > 90 && d[i] < 150 && d[i+1] < 80 && d[i+2] > 110) n += 1;"
        "return n"
    )
    before = browser.run(drawn)
    browser.run("LB.find(map_lagesbild, 'camera_frontier', 0)")
    browser.wait(POPUP)
    browser.wait(
        "return new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(true))))"
    )
    assert browser.run(drawn) > before + 50


def test_other_profiles_have_none_of_it(town, make_town, tables):
    options = DisclosureOptions()
    outside = {name: release(one.table, name, "samverkan", options) for name, one in tables.items()}
    assert all(one.table is None for one in outside.values())
    html = map_html(
        {**town.released("samverkan"), **outside},
        town.background,
        make_town.facts(profile="samverkan"),
        MapOptions(),
    )
    assert "camera_views" not in html
