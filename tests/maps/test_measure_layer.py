"""Measures on the map: who sees them, their signs, what popups say, and those in force in a period."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from selenium.webdriver.common.keys import Keys
from shapely import Point, Polygon

from geodata.measures import measure_kinds, measure_signs
from geodata.measures.kinds import GROUPS, kind_name
from hotspots.effect.evaluating import evaluate_by_source
from hotspots.effect.options import EffectOptions
from maps.interactive import MapOptions, map_html
from maps.layers.measures import COLOURS, SHAPES, measure_layer
from tests.factories import X0, Y0
from tests.hotspots.effect_town import COUNTED, measures, town
from tests.maps.test_browser_periods import NAMES, OPEN, SLIDE, period_counts

EVIL = "</script><img src=x onerror=window.pwned=1>"


@pytest.fixture(scope="module")
def judged() -> dict[str, pd.DataFrame]:
    police = town(np.random.default_rng(1), effect=0.2)
    listed = measures(
        {"name": EVIL, "responsible": "gatukontoret", "kind": "kamera"},
        {
            "kind": "belysning",
            "name": None,
            "first_date": date(2023, 2, 1),
            "last_date": date(2024, 4, 30),
        },
        {"kind": "eget slag", "first_date": date(2025, 12, 29)},
        {"kind": "fältare", "place": "none"},
    )
    listed.loc[1, "geometry"] = Point(X0 + 700, Y0).buffer(75)
    listed.loc[2, "geometry"] = Point(X0, Y0 + 700).buffer(75)
    listed.loc[3, "geometry"] = Polygon()
    other = replace(COUNTED, source="est_report", outcome="rapporterad narkotika")
    reports = town(np.random.default_rng(2), effect=1.0).assign(source="est_report")
    return evaluate_by_source(listed, [(police, COUNTED), (reports, other)], EffectOptions()).tables


SHOWN = ("measures", "measure_counts", "measure_sources")


@pytest.fixture(scope="module")
def full(request, make_town, judged):
    made = request.getfixturevalue("town")  # its name is taken by the town of known effects
    tables = {
        **{n: t for n, t in made.tables.items() if n in ("areas", "hotspots", "grid")},
        **{n: judged[n] for n in SHOWN},
        "period_counts": period_counts(made.tables),
    }
    return make_town.Town(tables)


@pytest.fixture(scope="module")
def page(full, make_town):
    facts = make_town.facts(
        first_date=date(2024, 1, 1), last_date=date(2025, 12, 31), extract_date=date(2025, 12, 31)
    )
    return map_html(full.released(), {}, facts, MapOptions())


def test_every_kind_has_a_sign_of_its_own() -> None:
    signs = measure_signs()
    assert set(signs) == set(measure_kinds().values())
    assert {sign.group for sign in signs.values()} == set(GROUPS) == set(COLOURS)
    assert len(set(signs.values())) == len(signs)
    assert all(len(sign.letter) == 1 for sign in signs.values())
    assert kind_name("eget slag") == "eget slag"


def _seen(colour: str, kind: str) -> np.ndarray:
    """Return a colour as people with a kind of colour blindness see it (Viénot et al. 1999)."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    views = {
        "all": np.eye(3),
        "deutan": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
        "protan": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    }
    return 100 * np.clip(views[kind] @ linear, 0, 1) ** (1 / 2.2)


@pytest.mark.parametrize("kind", ["all", "deutan", "protan"])
def test_groups_differ_for_the_colour_blind_and_by_shape(kind: str) -> None:
    for one, two in combinations(COLOURS, 2):
        apart = np.linalg.norm(_seen(COLOURS[one], kind) - _seen(COLOURS[two], kind))
        assert apart > 20, (one, two, apart)
    assert len(set(SHAPES)) == len(COLOURS)


def test_the_layer_says_kind_time_what_is_measured_and_the_effect(judged) -> None:
    layer = measure_layer(judged["measures"], judged, {}, date(2025, 12, 31))
    assert layer is not None
    popups = layer.data["popups"]
    rows = judged["measures"].sort_values(["first_date", "measure_id"], kind="stable")
    placed = rows[~rows.geometry.is_empty]
    assert layer.data["labels"] == ["B", "K", "•"]
    assert layer.data["ended"] == [True, False, False]
    assert popups["texts"] == placed["sentence"].tolist()
    assert popups["titles"] == [f"{i} {n}" for i, n in zip(placed["measure_id"], ["belysning", EVIL, "Kamera"], strict=True)]  # fmt: skip
    assert "2023-02-01 till 2024-04-30" in popups["subtitles"][0]
    assert "pågår" in popups["subtitles"][1]
    fields = {one["label"]: one["values"] for one in popups["fields"]}
    counts = judged["measure_counts"]
    for source, name in (("police", "polisanmälan"), ("est_report", "EST-rapport")):
        mine = counts[(counts["role"] == "treated") & (counts["source"] == source)]
        mine = mine.drop_duplicates("measure_id").set_index("measure_id")
        told = fields[f"Före → efter, {name}"]
        for one, text in zip(placed["measure_id"], told, strict=True):
            wanted = None
            if one in mine.index:
                wanted = f"{mine.loc[one, 'n_before']} → {mine.loc[one, 'n_after']}"
            assert text == wanted
    assert set(fields["Enligt EST-rapport"]) <= {
        "ingen säkerställd förändring",
        "går inte att avgöra",
    }
    assert "1 åtgärd saknar plats" in layer.note
    legend = [(one.text, one.sign) for one in layer.legend]
    assert legend == [("kamera", "K"), ("belysning", "B"), ("eget slag", "•"), ("avslutad åtgärd", "")]  # fmt: skip
    assert layer.table is not None
    assert [row[0] for row in layer.table.rows] == placed["measure_id"].tolist()


def test_without_places_there_is_no_layer(judged) -> None:
    table = judged["measures"]
    assert measure_layer(table[table.geometry.is_empty], judged, {}, None) is None


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_no_place_of_a_camera_leaves_the_house(full, make_town, judged, profile) -> None:
    html = map_html(full.released(profile), {}, make_town.facts(profile=profile), MapOptions())
    data = html.split('id="lb-data">')[1].split("</script>")[0]
    assert "measures" not in json.loads(data)["layers"]
    for one in judged["measures"].to_dict("records"):
        assert str(one["sentence"]) not in html
    assert 'data-view="measures"' not in html


@pytest.mark.browser
def test_signs_popups_and_keys_in_the_browser(browser, page) -> None:
    browser.open(page)
    assert browser.run("return document.querySelectorAll('.lb-measure').length") == 0
    browser.run("document.querySelector('[data-view=measures]').click()")
    assert browser.run("return map_lagesbild.hasLayer(LB.layers.measures)")
    browser.run("LB.find(map_lagesbild, 'measures', 1)")
    told = browser.wait(OPEN)
    assert EVIL in told
    assert "gatukontoret" in told
    assert browser.run("return window.pwned || null") is None
    browser.run("map_lagesbild.closePopup(); map_lagesbild.setZoom(16, {animate: false})")
    marker = browser.driver.find_element("css selector", ".lb-measure_control")
    assert EVIL in marker.get_attribute("aria-label")
    marker.send_keys(Keys.ENTER)
    assert EVIL in browser.wait(OPEN)
    looks = browser.run(
        "return LB.layers.measures.markers.map(m => { const n = m.getElement();"
        " return n && [getComputedStyle(n).borderStyle, n.textContent[0]]; }).filter(Boolean)"
    )
    assert looks
    assert browser.complaints() == []


@pytest.mark.browser
def test_a_measure_is_found_by_name(browser, page) -> None:
    browser.open(page)
    box = browser.driver.find_element("id", "lb-find")
    box.send_keys("M2", Keys.ENTER)
    assert browser.wait(OPEN).startswith("M2 belysning")
    assert browser.run("return map_lagesbild.hasLayer(LB.layers.measures)")


@pytest.mark.browser
def test_a_period_shows_the_measures_that_were_in_force_then(browser, page) -> None:
    browser.open(page)
    browser.run("document.querySelector('[data-view=measures]').click()")
    shown = "const l = LB.layers.measures; return l.markers.map((_m, i) => i).filter(i => l.shownIn(i, arguments[0]))"
    assert browser.run(shown, -1) == [0, 1, 2]
    assert [browser.run(shown, p) for p in range(len(NAMES))] == [[0], [0], []]
    there = "return LB.layers.measures.markers.map((m, i) => m._map ? i : -1).filter(i => i >= 0)"
    browser.run("map_lagesbild.setZoom(17, {animate: false})")
    browser.run(SLIDE, "lb-period", 1)
    assert browser.run(there) == [0]
    browser.run(SLIDE, "lb-period", 3)
    assert browser.run(there) == []
    browser.run(SLIDE, "lb-period", 0)
    assert 0 in browser.run(there)
    assert browser.complaints() == []
