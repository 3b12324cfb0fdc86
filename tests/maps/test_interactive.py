"""The page as text: self-contained, the same every time, honest about what it is."""

from __future__ import annotations

import base64
import hashlib
import html as html_module
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import pytest

from geodata import schema
from geodata.disclosure import DisclosureOptions, release
from geodata.errors import SettingsError
from geodata.language import using
from maps.interactive import MapOptions, map_html

OPTIONS = MapOptions()


@pytest.fixture(scope="module")
def facts(make_town):
    return make_town.facts()


@pytest.fixture(scope="module")
def page(town, facts):
    return map_html(town.released(), town.background, facts, OPTIONS)


def data_of(page):
    return json.loads(re.search(r'id="lb-data">(.*?)</script>', page, re.DOTALL)[1])


def policy_of(page):
    return html_module.unescape(re.search(r'Security-Policy" content="([^"]*)"', page)[1])


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.found += [
            values[k]
            for k in ("src", "href", "srcset", "action", "poster", "data")
            if values.get(k)
        ]
        assert not [k for k in values if k.startswith("on") or k == "style"], (tag, attrs)


def test_the_page_links_to_nothing_outside(page):
    links = Links()
    links.feed(page)
    assert links.found
    assert all(link.startswith(("data:", "#")) for link in links.found)


def test_only_the_scripts_and_styles_of_the_page_may_run(page):
    policy = policy_of(page)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert (len(scripts), len(styles)) == (2, 1)
    for text in [*scripts, *styles]:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_the_same_input_gives_the_same_bytes(town, facts, page):
    assert map_html(town.released(), town.background, facts, OPTIONS) == page


def test_row_order_does_not_matter(town, facts, page, make_town):
    turned = {n: t.iloc[::-1].reset_index(drop=True) for n, t in town.tables.items()}
    other = make_town.Town(turned).released()
    assert map_html(dict(reversed(other.items())), town.background, facts, OPTIONS) == page


def test_input_is_not_changed(town, facts):
    released = town.released()
    before = {n: r.table.copy() for n, r in released.items()}
    map_html(released, town.background, facts, OPTIONS)
    for name, table in before.items():
        assert released[name].table.equals(table), name


def test_facts_stand_on_the_page(page, facts):
    for text in (
        "INTERN – SEKRETESSPRÖVAS",
        "2025-01-15",
        "2023-01-01 – 2024-12-31",
        "2\u00a0412",
        "81,0\u00a0%",
        "längs gatan",
        "Syntetiska data",
        "Preliminär gräns: Hageby, Klockaretorpet, Navestad.",
        facts.caveat,
        facts.counted,
        *facts.method,
        *facts.sources,
    ):
        assert html_module.escape(text) in page, text
    assert '<html lang="sv">' in page


def test_nothing_is_called_synthetic_or_preliminary_that_is_not(town, facts, make_town):
    tables = {"areas": make_town.areas(authoritative=True), "hotspots": town.tables["hotspots"]}
    text = map_html(make_town.Town(tables).released(), {}, replace(facts, synthetic=False), OPTIONS)
    panel = text[text.index("<body") : text.index('id="lb-data"')]
    assert "yntetisk" not in panel
    assert "reliminär" not in panel


def test_everything_on_the_map_is_in_a_table_too(page, town):
    for name in ("hotspots", "camera_sites", "search_sites"):
        key = schema.TABLES[name]
        column = "hotspot_id" if "hotspot_id" in key and name == "hotspots" else "site_id"
        part = page[page.index(f'<table data-show="{name}"') :].partition("</table>")[0]
        rows = re.findall(r'<th scope="row"><button>(.*?)</button>', part)
        assert rows == town.tables[name][column].tolist()


def test_no_hot_spots_is_said(town, facts, make_town):
    tables = {**town.tables, "hotspots": schema.empty("hotspots", crs=make_town.CRS)}
    text = map_html(make_town.Town(tables).released(), {}, facts, OPTIONS)
    assert "Inga hot spots enligt valda gränser." in text


def test_no_proposals_are_said_and_take_no_room(town, facts, make_town):
    names = ("camera_sites", "search_sites")
    none = {name: schema.empty(name, crs=make_town.CRS) for name in names}
    text = map_html(make_town.Town({**town.tables, **none}).released(), {}, facts, OPTIONS)
    assert "Ingen kameraplats föreslås." in text
    assert "Ingen plats för hundsök föreslås." in text
    assert 'data-view="cameras"' not in text.partition('id="lb-data"')[0]
    assert not set(names) & set(data_of(text)["layers"])


def test_a_map_of_nothing_is_still_a_map(facts):
    assert data_of(map_html({}, {}, facts, OPTIONS))["layers"] == {}


def test_what_is_withheld_is_said_and_gone(town, make_town, facts):
    publik = replace(facts, profile="publik")
    coarse = {**town.tables, "grid": make_town.grid(town.tables["places"], 250.0)}
    text = map_html(make_town.Town(coarse).released("publik"), town.background, publik, OPTIONS)
    assert "PUBLIK" in text
    assert "Föreslagna kameraplatser lämnas bara ut internt." in text
    assert set(data_of(text)["layers"]) == {"areas_regso", "areas_est_area", "grid"}
    panel = text[text.index("<body") : text.index('id="lb-data"')]
    assert 'data-view="cameras"' not in panel
    for word in ("Hagebygatan", "K01", "H01"):
        assert word not in panel + json.dumps(data_of(text)["layers"])


def test_a_layer_of_another_profile_is_refused(town, facts):
    released = town.released()
    released["areas"] = release(town.tables["areas"], "areas", "publik", DisclosureOptions())
    with pytest.raises(ValueError, match="areas"):
        map_html(released, {}, facts, OPTIONS)


def test_a_layer_without_a_place_on_the_map_is_refused(town, facts):
    with pytest.raises(ValueError, match="trams"):
        map_html({"trams": town.released()["areas"]}, {}, facts, OPTIONS)


def test_the_map_opens_on_areas_and_hot_spots(page, town):
    (south, west), (north, east) = data_of(page)["bounds"]
    areas = town.tables["areas"]
    for table in (areas[areas["kind"] == "est_area"], town.tables["hotspots"]):
        left, bottom, right, top = table.to_crs(4326).total_bounds
        assert west <= left + 1e-6
        assert south <= bottom + 1e-6
        assert east >= right - 1e-6
        assert north >= top - 1e-6
    assert east - west < 0.2


EVIL = (
    "<script>alert(1)</script>\"><img src=x onerror=alert(2)>{{7*191}}{% raw %}'`${7*191}\u2028<!--"
)


def test_markup_in_data_is_text(town, make_town, facts):
    text = map_html(evil_town(town, make_town), evil_background(town), evil_facts(facts), OPTIONS)
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "1337" not in text
    links = Links()
    links.feed(text)
    assert all(link.startswith(("data:", "#")) for link in links.found)
    assert text.count(html_module.escape(EVIL)[:30]) > 20


def evil_town(town, make_town):
    tables = {}
    for name, clean in town.tables.items():
        table = clean.copy()
        for column, kind in schema.TABLES[name].items():
            if kind.kind == "text":
                values = [f"{EVIL}{column}{i}" for i in range(len(table))]
                table[column] = values if column != "address" else [f"{v} 7{EVIL}" for v in values]
                table[column] = table[column].astype("str")
        tables[name] = gpd.GeoDataFrame(table, crs=make_town.CRS)
    return make_town.Town(tables).released()


def evil_background(town):
    layers = {name: table.copy() for name, table in town.background.items()}
    for table in layers.values():
        table["name"] = EVIL
    return layers


def evil_facts(facts):
    return replace(
        facts, project=EVIL, caveat=EVIL, counted=EVIL, method=(EVIL,), sources=(EVIL,), software=EVIL,
        geocode_shares={EVIL: 1.0},
    )  # fmt: skip


def test_tiles_open_one_host_only(town, facts):
    options = MapOptions(
        tiles="https://{s}.tile.example.org/{z}/{x}/{y}.png", attribution="© <b>Någon</b> {{7*191}}"
    )
    text = map_html({"areas": town.released()["areas"]}, {}, facts, options)
    assert "img-src data: https://*.tile.example.org;" in policy_of(text)
    assert "https://" not in policy_of(text).replace("https://*.tile.example.org", "")
    tiles = data_of(text)["tiles"]
    assert tiles["url"] == options.tiles
    assert tiles["attribution"] == "© &lt;b&gt;Någon&lt;/b&gt; {{7*191}}"


@pytest.mark.parametrize(
    ("tiles", "attribution", "code"),
    [
        ("https://tile.example.org/{z}/{x}/{y}.png", "", "tiles_attribution"),
        ("tile.example.org/{z}/{x}/{y}.png", "A", "tiles_address"),
        ("https://tile.example.org/{z}/{x}.png", "A", "tiles_address"),
        ("javascript:alert(1)//{z}{x}{y}", "A", "tiles_address"),
        ("https://a.org; script-src *//{z}/{x}/{y}", "A", "tiles_address"),
        ("https://*/{z}/{x}/{y}", "A", "tiles_address"),
    ],
)
def test_faulty_tiles_are_told(facts, tiles, attribution, code):
    with pytest.raises(SettingsError) as caught:
        map_html({}, {}, facts, MapOptions(tiles=tiles, attribution=attribution))
    assert [fault.code for fault in caught.value.faults] == [code]


def test_english_pages_write_numbers_the_english_way(town, facts):
    with using("en"):
        text = map_html(town.released(), {}, facts, OPTIONS)
    assert '<html lang="en">' in text
    assert data_of(text)["texts"]["group"] == ","
    assert "2,412" in text


def test_a_large_town_stays_under_three_megabytes(make_town, facts):
    large = make_town.town(31_000, 100)
    places = large.tables["places"]
    assert len(places) > 30_000
    assert len(large.tables["grid"]) > 3_500
    text = map_html(large.released(), large.background, facts, OPTIONS)
    assert len(text.encode("utf-8")) < 3_000_000


def test_a_whole_region_stays_under_three_megabytes(make_town, facts):
    """As London 2018–2021: 132,000 events, 29,000 cells, 1,100 hot spots, 34,500 places."""
    rng = np.random.default_rng(6)
    all_places = make_town.places(34_500)
    corner = np.unique(rng.integers(0, 500, (31_000, 2)), axis=0) * 1000.0
    spread = all_places.iloc[: len(corner)].copy()
    spread["x_m"], spread["y_m"] = corner[: len(spread)].T / 10 + make_town.CENTRE[0]
    cells = make_town.grid(spread)
    spots = make_town.hotspots(cells, 1100)
    tables = {"places": all_places, "grid": cells, "hotspots": spots}
    assert len(cells) > 25_000
    assert len(spots) > 1000
    text = map_html(make_town.Town(tables).released(), {}, facts, OPTIONS)
    assert len(text.encode("utf-8")) < 3_000_000
