"""Hot spots and area colours follow the switch of period, and names stand in both halves."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geodata.period_tables import PERIOD_TABLES
from maps.interactive import MapOptions, map_html
from maps.layers.areas import area_layers, valid_on
from maps.layers.periods import with_periods
from tests.maps.test_browser_periods import (
    CHOOSE,
    NAMES,
    OPEN,
    SLIDE,
    period_counts,
    pixels,
)

pytestmark = pytest.mark.browser

ONLY = "LB.data.order.forEach(k => LB.setLayer(map_lagesbild, k, arguments[0].includes(k)));"
SHOWN = (
    "const l = LB.layers.hotspots, p = arguments[0];"
    "return l.features.map((_f, i) => i).filter(i => l.shownIn(i, p)).map(i => l.names[i])"
)


def period_hotspots(tables) -> gpd.GeoDataFrame:
    """Return all hot spots in the first period, half of them in the next, none in the third."""
    spots = tables["hotspots"].sort_values("rank").reset_index(drop=True)
    parts = []
    for period, part in zip(NAMES, (spots, spots.iloc[::2]), strict=False):
        n = len(part)
        names = part["hotspot_id"].tolist()
        new = [None if i == n - 1 else name for i, name in enumerate(names)]
        parts.append(
            gpd.GeoDataFrame(
                {
                    "period": pd.Series([period] * n, dtype="str"),
                    "rank": np.arange(1, n + 1),
                    "spot_id": pd.Series([*names[:-1], "P1"], dtype="str"),
                    "hotspot_id": pd.Series(new, dtype="str"),
                    "n_events": np.arange(n, 0, -1) + 100,
                    "n_days": np.arange(n, 0, -1),
                    "n_places": np.ones(n, dtype=np.int64),
                    "area_m2": part["area_m2"].to_numpy(),
                },
                geometry=part.geometry.scale(1.5, 1.5).to_list(),
                crs=tables["hotspots"].crs,
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return table[list(PERIOD_TABLES["period_hotspots"])]


def complaints(browser) -> list[str]:
    """Return what the browser complains of, but for this test's own looking at pixels."""
    return [one for one in browser.complaints() if "willReadFrequently" not in one]


@pytest.fixture(scope="module")
def spots(town):
    return period_hotspots(town.tables)


@pytest.fixture(scope="module")
def full(town, make_town, spots):
    counts = period_counts(town.tables)
    areas = town.tables["areas"]
    rng = np.random.default_rng(1)
    regso = areas.loc[areas["kind"] == "regso", "area_id"].tolist()
    rows = pd.DataFrame(
        [
            {"level": "area", "object_id": one, "period": p, "n_events": int(rng.integers(1, 400))}
            for one in regso[:-1]
            for p in NAMES
        ]
    )
    rows["whole"] = rows["period"] != NAMES[2]
    counts = pd.concat([counts, rows[list(counts)]], ignore_index=True)
    counts["level"] = counts["level"].astype(pd.CategoricalDtype(list(period_levels())))
    counts = counts.astype({"object_id": "str", "period": "str"})
    return make_town.Town(
        {**town.tables, "period_counts": counts, "period_hotspots": spots}, town.background
    )


def period_levels():
    return PERIOD_TABLES["period_counts"]["level"].values


@pytest.fixture(scope="module")
def page(full, make_town):
    return map_html(full.released(), full.background, make_town.facts(), MapOptions())


def test_the_outlines_are_those_of_the_period(browser, page, spots, town):
    browser.open(page)
    whole = town.tables["hotspots"].sort_values("rank")["hotspot_id"].tolist()
    assert browser.run(SHOWN, -1) == whole
    for number, period in enumerate(NAMES):
        wanted = spots.loc[spots["period"] == period, "spot_id"].tolist()
        assert browser.run(SHOWN, number) == wanted
    browser.run(ONLY, ["hotspots"])
    drawn = [pixels(browser, 0, 1)]
    for step in (1, 2, 3):
        browser.run(SLIDE, "lb-period", step)
        drawn.append(pixels(browser, 0, 1))
    assert len(set(drawn)) == 4
    browser.run(ONLY, [])
    assert pixels(browser, 0, 1) == drawn[3]  # the last has no hot spot at all
    assert complaints(browser) == []


def test_what_is_hit_is_what_is_drawn(browser, page, spots, town):
    browser.open(page)
    hits = (
        "const [i, side] = arguments, l = LB.layers.hotspots;"
        "const at = LB.latLng(...l.centre(i)); map_lagesbild.setView(at, 16, {animate: false});"
        "return LB.hitsAt(map_lagesbild, at).filter(h => h.layer === l).map(h => l.names[h.index])"
    )
    n = len(town.tables["hotspots"])
    assert browser.run(hits, 1) == [town.tables["hotspots"].sort_values("rank")["hotspot_id"].iloc[1]]  # fmt: skip
    browser.run(SLIDE, "lb-period", 1)
    first = spots.loc[spots["period"] == NAMES[0], "spot_id"].tolist()
    assert browser.run(hits, n + 1) == [first[1]]
    browser.run(SLIDE, "lb-period", 2)
    assert browser.run(hits, 1) == []  # only every other of them in that period


def test_a_row_of_the_table_shows_its_hot_spot_in_its_period(browser, page, spots):
    browser.open(page)
    table = "table[data-show=hotspots][data-from]:not([data-from='0'])"
    rows = browser.run(
        "return [...document.querySelectorAll(`${arguments[0]} tbody tr`)].map(r => [...r.cells].map(c => c.textContent))",
        table,
    )
    assert [row[0] for row in rows] == spots["spot_id"].tolist()
    assert [row[2].replace("\u00a0", "") for row in rows] == spots["n_events"].astype(str).tolist()
    last = len(spots) - 1
    browser.run(
        "document.querySelectorAll(`${arguments[0]} tbody button`)[arguments[1]].click()",
        table,
        last,
    )
    told = browser.wait(OPEN)
    assert told.startswith("Hot spot P1")
    assert f"{spots['n_events'].iloc[last]} händelser" in told
    assert "ingen hot spot i hela perioden" in told
    assert "Händelser 2024-Q2" not in told  # that line is of the whole hot spots
    assert browser.run("return LB.period.shown") == 1
    assert browser.run("return document.getElementById('lb-period').value") == "2"


def test_each_half_has_its_own_hot_spots(browser, page):
    browser.open(page)
    browser.run(ONLY, ["hotspots"])
    browser.run("document.getElementById('lb-compare').click()")
    halves = {}
    for left, right in ((0, 0), (1, 1), (0, 1)):
        for side, chosen in (("lb-left", left), ("lb-right", right)):
            browser.run(CHOOSE, side, str(chosen))
        halves[left, right] = (pixels(browser, 0, 0.48), pixels(browser, 0.52, 1))
    assert halves[0, 1] == (halves[0, 0][0], halves[1, 1][1])
    assert halves[0, 0] != halves[1, 1]


WRITTEN = """
const told = []; const write = LB.Labels.prototype.write;
LB.Labels.prototype.write = function (x, y, lines, options) {
  const before = this.taken.length; const done = write.call(this, x, y, lines, options);
  if (done) { const b = this.taken[before]; told.push([lines[0], b[0], b[2], this.window.min.x, this.window.max.x]); }
  return done;
};
map_lagesbild._lbCanvas._redraw(); LB.Labels.prototype.write = write; return told;
"""


def test_names_stand_whole_on_either_side_of_the_divider(browser, page):
    browser.open(page)
    browser.run("LB.find(map_lagesbild, 'areas_est_area', 0); map_lagesbild.closePopup()")
    browser.run(
        "map_lagesbild.setZoom(14, {animate: false}); document.getElementById('lb-compare').click()"
    )
    name = browser.run("return LB.data.layers.areas_est_area.labels[0]")
    told = browser.run(WRITTEN)
    assert {row[3] for row in told} == {row[3] for row in told if row[0] == name}
    assert len([row for row in told if row[0] == name]) == 2
    for text, left, right, low, high in told:
        assert low <= left, text
        assert right <= high, text
    browser.run("document.getElementById('lb-compare').click()")
    assert len([row for row in browser.run(WRITTEN) if row[0] == name]) == 1


def test_areas_are_shaded_by_period_in_the_same_classes(browser, page, full):
    browser.open(page)
    assert browser.run("return map_lagesbild.hasLayer(LB.layers.areas_shaded)") is False
    areas = full.tables["areas"]
    regso = areas[areas["kind"] == "regso"].set_index("area_id")
    data = browser.run("return LB.data.layers.areas_shaded")
    ids = regso.sort_values(["name"], kind="stable").index.tolist()
    counts = full.tables["period_counts"]
    mine = counts[counts["level"] == "area"]
    # Quarters of one year are 91 days each here, so rates go as events by surface.
    wide = mine.pivot_table(index="object_id", columns="period", values="n_events", observed=True)
    rates = wide.reindex(ids).div(regso.geometry.area.loc[ids], axis=0)
    for number, period in enumerate(NAMES):
        classes = np.array(data["classes"][number + 1])
        assert (classes[:-1] >= 0).sum() >= len(ids) - 2
        order = np.argsort(rates[period].to_numpy()[classes >= 0])
        assert (np.diff(classes[classes >= 0][order]) >= 0).all(), period
    assert -1 in data["classes"][0]  # one area without events isn't coloured
    browser.run(ONLY, ["areas_shaded"])
    drawn = [pixels(browser, 0, 1)]
    for step in (1, 2, 3):
        browser.run(SLIDE, "lb-period", step)
        drawn.append(pixels(browser, 0, 1))
    assert len(set(drawn)) == 4
    browser.run("LB.find(map_lagesbild, 'areas_shaded', 0)")
    assert "händelser per km² och år" in browser.wait(OPEN)
    assert complaints(browser) == []


def test_colours_of_part_of_a_period_are_not_paler_for_it(full):
    counts = full.tables["period_counts"].copy()
    counts["n_events"] = np.where(counts["level"] == "area", 100, counts["n_events"])
    counts = counts[counts["period"] != NAMES[2]]
    tables = {**full.tables, "period_counts": counts}
    made = {}
    for last in (date(2024, 6, 30), date(2024, 4, 30)):
        layers = area_layers(valid_on(tables["areas"], None), None)
        shaded, _periods = with_periods(layers, tables, 5, (date(2024, 1, 1), last))
        made[last.month] = next(one for one in shaded if one.key == "areas_shaded").data["classes"]
    first, second = np.array(made[4][1]), np.array(made[4][2])
    assert (second >= first).all()  # as many events in a third of the time are more a year
    assert (second > first).any()
    assert made[6][1] == made[6][2]


def test_without_hot_spots_by_period_the_legend_says_the_whole_time(browser, full, make_town):
    tables = {n: t for n, t in full.tables.items() if n != "period_hotspots"}
    both = make_town.Town(tables, full.background)
    html = map_html(both.released(), both.background, make_town.facts(), MapOptions())
    browser.open(html)
    browser.run(SLIDE, "lb-period", 2)
    legend = browser.run(
        "return document.querySelector('input[data-layer=hotspots]').closest('li').querySelector('[data-legend=period]').textContent"
    )
    assert legend.strip() == "hot spot, räknad på hela perioden"
    assert len(browser.run(SHOWN, 1)) == len(full.tables["hotspots"])
    assert complaints(browser) == []


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_outside_the_house_no_period_is_told(full, make_town, profile):
    html = map_html(full.released(profile), {}, make_town.facts(profile=profile), MapOptions())
    assert "period_of" not in html.split('id="lb-data"')[1].split("</script>")[0]
    assert "areas_shaded" not in html.split('id="lb-data"')[1].split("</script>")[0]
    assert NAMES[0] not in html
