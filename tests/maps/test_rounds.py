"""Pages of a round: what they show, to whom, and how they look in a real browser."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import LineString

from geodata import schema
from geodata.disclosure import DisclosureOptions, release
from geodata.errors import Notice
from geodata.search_tables import SEARCHES
from geodata.searchtexts import read_search_texts
from hotspots.searchround.options import RoundOptions
from hotspots.searchround.planning import plan_round
from maps.interactive import MapFacts
from maps.rounds import RoundFacts, write_round
from maps.rounds.letters import letters_html
from maps.rounds.walk_page import walk_html

CRS = "EPSG:3006"
NASTY = "<img src=x onerror=alert(1)>"


def entrances(n: int = 40, address: str = "Provgatan {i}") -> gpd.GeoDataFrame:
    rng = np.random.default_rng(5)
    xy = rng.integers(0, 900, (n, 2)) + np.array([568_000, 6_494_000])
    table = schema.empty("search_entrances", crs=CRS, tables=SEARCHES).reindex(range(n))
    text = {
        "entrance_id": [f"E{i:02d}" for i in range(n)],
        "address": [address.format(i=i) for i in range(n)],
        "property": [f"PROVET {i}" for i in range(n)],
        "owner": [
            ("Provhem AB", "Brf Provet", "Långa namnets fastighetsförvaltning")[i % 3]
            for i in range(n)
        ],
        "contact_role": ["förvaltare"] * n,
        "area_id": ["A1", "A2"] * (n // 2),
        "search_spaces": ["stairwell;basement_corridor;laundry"] * n,
        "access": ["nyckel hos förvaltaren"] * n,
        "need_words": ["Rapporter 1,0."] * n,
    }
    for name, values in text.items():
        table[name] = pd.Series(values, dtype="str")
    table["consent"] = pd.Categorical(["valid"] * n, categories=table["consent"].cat.categories)
    table["need"] = rng.random(n)
    table["x_m"], table["y_m"] = xy[:, 0].astype(float), xy[:, 1].astype(float)
    points = gpd.points_from_xy(table["x_m"], table["y_m"])
    return gpd.GeoDataFrame(pd.DataFrame(table).assign(geometry=points), crs=CRS)


def fairness() -> pd.DataFrame:
    table = schema.empty("search_fairness", tables=SEARCHES).reindex(range(4))
    kinds = table["by"].cat.categories
    table["by"] = pd.Categorical(["owner", "owner", "area", "tenure"], categories=kinds)
    table["group"] = pd.Series(["Provhem AB", None, "A1", "rental"], dtype="str")
    for name, values in {
        "n_entrances": [30, 2, 20, 40],
        "n_eligible": [25, 0, 20, 40],
        "n_searched": [40, 0, 12, 52],
        "n_space_searches": [90, 0, 30, 100],
        "n_finds": [2, 0, 1, 3],
    }.items():
        table[name] = np.array(values, dtype="int64")
    for name in ("per_100", "chance_low", "chance_mean", "chance_high"):
        table[name] = np.array([10.0, 0.0, 8.0, 50.0])
    table["outside"] = [True, False, False, False]
    return table


def tables(address: str = "Provgatan {i}", profile: str = "intern"):
    planned = plan_round(
        entrances(address=address),
        results=None,
        streets=None,
        options=RoundOptions(n_entrances=14, least_share=1.0),
        monday=date(2026, 11, 23),
        seed=581,
        crs=CRS,
    )
    areas = pd.DataFrame(
        {
            "area_id": pd.Series(["A1", "A2"], dtype="str"),
            "name": pd.Series(["Hageby", "Navestad"], dtype="str"),
            **dict.fromkeys(("first_date", "last_date"), pd.Timestamp("2026-09-30").as_unit("us")),
            "n_entrances": [20, 20],
            "n_valid": [20, 20],
            "n_round": [7, 7],
            "n_searches": [12, 1],
            "n_finds": [3, 0],
        }
    )
    whole = {
        "search_round": planned.stops,
        "search_walks": planned.walks,
        "search_minima": planned.minima,
        "search_fairness": fairness(),
        "search_areas": areas,
    }
    return {n: release(t, n, profile, DisclosureOptions()) for n, t in whole.items()}


def facts(profile: str = "intern") -> RoundFacts:
    return RoundFacts(
        week="2026-W48",
        map=MapFacts(project="Prov", profile=profile, caveat="", extract_date=date(2026, 11, 20)),
        texts=read_search_texts(),
        notices=(Notice(code="x", text=f"Se över {NASTY}", level="warning"),),
        seed=581,
        share_by_need=0.5,
        minutes_per_entrance=15,
        start_min=20,
        made=False,
    )


def background() -> dict[str, gpd.GeoDataFrame]:
    lines = [LineString([(568_000, y), (569_000, y)]) for y in range(6_494_000, 6_495_000, 100)]
    names = [f"Gatan {i}" for i in range(len(lines))]
    return {"streets": gpd.GeoDataFrame({"name": names}, geometry=lines, crs=CRS)}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    write_round(tmp_path, "hundsok.html", tables(), background(), facts())
    return tmp_path


def test_every_walk_has_its_page_with_all_its_entrances_and_boxes(written):
    stops = tables()["search_round"].table
    for no, rows in stops.groupby("walk"):
        page = (written / f"hundsok/pass-{no}.html").read_text("utf-8")
        assert page.count('<td class="box">') == 4 * 3 * len(rows)
        order = [page.index(f"<b>{one}</b>") for one in rows["address"]]
        assert order == sorted(order)
        for told in ("trapphus", "Ingen markering är ett normalt resultat", "2026-W48"):
            assert told in page
        for untold in ("behov", "Rapporter", "lägenhet 1", "Se över"):
            assert untold not in page


def test_the_law_names_weapons_only_and_no_page_names_a_day(written):
    page = (written / "hundsok/pass-1.html").read_text("utf-8")
    assert "20 b § polislagen (1984:387) gäller husrannsakan efter vapen" in page
    for file in written.rglob("*.html"):
        text = file.read_text("utf-8")
        for day in range(23, 30):
            assert f"2026-11-{day}" not in text


def test_the_form_has_a_row_for_each_entrance_and_space(written):
    sheet = openpyxl.load_workbook(written / "hundsok/resultat.xlsx").worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:5] == ("Entré-id", "Adress", "Utrymme", "Vecka", "Resultat")
    assert len(rows) == 1 + 14 * 3
    assert {row[2] for row in rows[1:]} == {"trapphus", "källargång", "tvättstuga"}
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"ej genomfört,ingen markering,markering utan fynd,fynd"'
    text = (written / "hundsok/resultat.csv").read_text("utf-8-sig")
    assert text.startswith("# INTERN")
    assert len(text.splitlines()) == 2 + 14 * 3


def test_letters_hold_only_their_owners_entrances():
    released = tables()
    page = letters_html(released["search_round"], facts())
    stops = released["search_round"].table
    for owner, rows in stops.groupby("owner"):
        part = page.split(f"<address>{owner}</address>")[1].split("</section>")[0]
        assert all(one in part for one in rows["address"])
        for other in stops.loc[stops["owner"] != owner, "property"]:
            assert f">{other}<" not in part


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_pages_with_entrances_are_made_for_intern_only(tmp_path, profile):
    released = tables(profile=profile)
    write_round(tmp_path, "hundsok.html", released, background(), facts(profile))
    assert [p.name for p in tmp_path.rglob("*")] == ["hundsok.html"]
    page = (tmp_path / "hundsok.html").read_text("utf-8")
    for secret in ("Provgatan", "PROVET", "Provhem", "Se över", "<svg"):
        assert secret not in page
    assert "dolt" in page
    with pytest.raises(ValueError, match="intern"):
        letters_html(released["search_round"], facts(profile))
    own = tables()
    stops, walks = own["search_round"].table, own["search_walks"].table
    with pytest.raises(ValueError, match="intern"):
        walk_html(stops, walks, n_walks=1, backdrop=None, facts=facts(profile))


def test_text_of_the_register_is_escaped(tmp_path):
    write_round(tmp_path, "hundsok.html", tables(NASTY + " {i}"), background(), facts())
    for file in tmp_path.rglob("*.html"):
        assert "<img" not in file.read_text("utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1300, 390])
def test_in_a_real_browser(browser: object, tmp_path: Path, width: int) -> None:
    """The look is applied, nothing is asked for, nothing sticks out, pictures have names."""
    write_round(tmp_path, "hundsok.html", tables(), background(), facts())
    browser.resize(width, 900)
    for name in ("hundsok.html", "hundsok/pass-1.html", "hundsok/brev.html"):
        file = tmp_path / name
        browser.driver.get_log("browser")
        browser.requests()
        browser.driver.get(file.as_uri())
        size = "return getComputedStyle(document.querySelector('h1')).fontWeight"
        assert browser.run(size) == "650"
        wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert browser.run(wide) <= 0
        assert browser.requests() == [file.as_uri()]
        assert browser.complaints() == []
        unnamed = (
            "return [...document.querySelectorAll('svg[role=img]')]"
            ".filter(e => !e.querySelector('title')).length"
        )
        assert browser.run(unnamed) == 0
