"""The page of the follow-up: what stands there, both variants side by side, all of it escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from areas.followup import FollowupOptions, Periods, follow_up
from geodata.disclosure import DisclosureOptions, Profile, Released, release
from geodata.effect_tables import FOLLOWUP
from geodata.language import using
from geodata.schema import category
from hotspots.effect.evaluating import evaluate_by_source, evaluate_measures
from hotspots.effect.options import EffectOptions
from maps.followup_page import FollowupFacts, followup_html
from maps.followup_page.chart import ratio_picture, series_picture
from tests.areas.picture_tables import areas_table
from tests.hotspots.effect_town import COUNTED, measures, town

NASTY = "</style><script>alert(1)</script>"
FACTS = FollowupFacts(
    title="Prov",
    profile="intern",
    source="police",
    outcome="anmälda narkotikabrott",
    change=0.5,
    power=0.8,
    notes=("Så här.",),
    warnings=("Se upp.",),
)
POWER = {10: None, 40: 0.575}


def released(tables: dict[str, pd.DataFrame], profile: Profile = "intern") -> dict[str, Released]:
    return {n: release(t, n, profile, DisclosureOptions()) for n, t in tables.items()}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    events = town(np.random.default_rng(1), effect=0.2)
    listed = measures(
        {"name": NASTY, "responsible": NASTY, "fixed_date": date(2025, 2, 1)},
        {"first_date": date(2025, 12, 29)},
    )
    areas = areas_table()
    areas.loc[areas["area_id"] == "a", "name"] = NASTY
    periods = Periods(date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31))
    compared = follow_up(events, areas, periods, FollowupOptions(), by_month=False)
    judged = evaluate_measures(listed, events, COUNTED, EffectOptions())
    return {"followup_areas": compared.table, **judged.tables}


def test_everything_stands_there_and_is_escaped(tables: dict[str, pd.DataFrame]) -> None:
    page = followup_html(released(tables), FACTS, power=POWER)
    assert NASTY not in page
    assert "alert(1)" in page
    assert "INTERN" in page
    assert "http" not in re.sub(r"http-equiv|http://www.w3.org/2000/svg", "", page)
    text = re.sub(r"<[^>]+>", " ", page)
    for words in (
        "Platsen som angiven",
        "Med marginal",
        "säkerställd minskning",
        "OBS! Efterperioden började 2025-01-01",
        "kortare än en vecka",
        "ingen, inte ens till noll",
        "−57,5\u00a0%",
        "Se upp.",
        "Så här.",
    ):
        assert words in text, words


def test_every_measure_has_a_card_those_judged_first(tables: dict[str, pd.DataFrame]) -> None:
    page = followup_html(released(tables), FACTS)
    assert re.findall(r'<span class="id">(M\d)</span>', page) == ["M1", "M2"]
    # The table of all of them comes first, and leads to each card.
    assert re.findall(r'<a href="#measure-\d">(M\d)</a>', page) == ["M1", "M2"]
    assert page.index('href="#measure-2"') < page.index('id="measure-1"')
    # What is certain stands open, the rest is folded.
    folds = re.findall(r'<details class="spot-fold on-paper"( open)?>', page)
    assert folds == [" open", ""]


def test_each_source_is_told_for_itself_and_none_is_summed() -> None:
    police = town(np.random.default_rng(1), effect=0.2)
    reports = town(np.random.default_rng(2), effect=1.0).assign(source="est_report")
    listed = measures({})
    other = replace(COUNTED, source="est_report", outcome="rapporterad narkotika")
    judged = evaluate_by_source(listed, [(police, COUNTED), (reports, other)], EffectOptions())
    alone = {
        one.source: evaluate_measures(listed, events, one, EffectOptions()).tables
        for events, one in ((police, COUNTED), (reports, other))
    }
    for name in ("measure_counts", "measure_effects", "measure_rings", "measure_power"):
        for source, own in alone.items():
            mine = judged.tables[name].loc[judged.tables[name]["source"] == source]
            pd.testing.assert_frame_equal(
                pd.DataFrame(mine.reset_index(drop=True)), pd.DataFrame(own[name])
            )
    sources = judged.tables["measure_sources"]
    assert sources["source"].tolist() == ["police", "est_report"]
    assert sources["counted"].tolist() == [True, False]
    assert sources["verdict"].tolist() == ["fell", "none"]
    assert judged.tables["measures"]["verdict"].tolist() == ["fell"]
    page = followup_html(released(judged.tables), FACTS)
    cells = re.findall(r'<td data-source="([^"]+)">(.*?)</td>', page)
    assert [source for source, _cell in cells] == ["polisanmälan", "EST-rapport"]
    for (_source, cell), name in zip(cells, ("police", "est_report"), strict=True):
        own = alone[name]["measure_counts"]
        first = own[own["role"] == "treated"].iloc[0]
        assert f"<b>{first['n_before']} → {first['n_after']}</b>" in cell
    assert "säkerställd minskning" in cells[0][1]
    assert "ingen säkerställd förändring" in cells[1][1]
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_certain_changes_of_areas_come_first(tables: dict[str, pd.DataFrame]) -> None:
    areas = tables["followup_areas"].copy()
    areas["state"] = areas["state"].astype("str")
    areas.loc[areas.index[-1], "state"] = "fell"
    areas["state"] = category(areas["state"], "followup_areas", "state", tables=FOLLOWUP)
    page = followup_html(released({"followup_areas": areas}), FACTS)
    first, rest = page.split("Områden i korthet", 1)
    said = re.findall(r'<tr class="is-(\w+)">', first)
    assert said
    assert set(said) <= {"rose", "fell"}
    brief, folded = rest.split("Alla slag", 1)
    units = areas[["area_id", "boundary", "source"]].drop_duplicates()
    assert len(re.findall(r'<tr class="is-', brief)) == len(units)
    assert folded.count("<details") == len(areas[["area_id", "boundary"]].drop_duplicates())


def test_a_change_is_said_of_reports_only_and_only_when_certain(
    tables: dict[str, pd.DataFrame],
) -> None:
    page = followup_html(released({"followup_areas": tables["followup_areas"]}), FACTS)
    cells = re.findall(r'<tr class="is-(\w+)">.*?<td class="state">(.*?)</td>', page)
    assert cells
    for state, words in cells:
        said = re.search(r"ökat|minskat", words) is not None
        assert said == (state in ("rose", "fell"))
        if said:
            assert words.startswith(("anmälda ", "rapporterade "))


def test_ids_of_pictures_are_their_own(tables: dict[str, pd.DataFrame]) -> None:
    page = followup_html(released(tables), FACTS)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_only_inside(tables: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(ValueError, match="intern"):
        followup_html(released(tables, "samverkan"), FACTS)


def test_english(tables: dict[str, pd.DataFrame]) -> None:
    with using("en"):
        assert followup_html(released(tables), FACTS)


def test_a_ratio_of_one_stands_in_the_middle_and_doublings_are_alike() -> None:
    def at(ratio: float) -> float:
        drawn = ratio_picture("k", ratio, ratio * 0.9, ratio * 1.1, certain=False)
        found = re.search(r'cx="([\d.]+)%"', drawn)
        assert found
        return float(found[1])

    assert at(1.0) == 50
    assert at(2.0) - at(1.0) == pytest.approx(at(1.0) - at(0.5), abs=0.02)
    assert at(100.0) == 100
    assert at(0.001) == 0


def test_a_ratio_that_is_not_known_says_so() -> None:
    assert "för få händelser" in ratio_picture("k", np.nan, np.nan, np.nan, certain=False)
    assert "minst 1,50" in ratio_picture("k", np.nan, 1.5, np.nan, certain=True)


def test_series_without_events_or_controls() -> None:
    drawn = series_picture("k", "M", [0, 0, 0], [np.nan] * 3, [np.nan] * 3, 2)
    assert drawn.count("<rect") == 3
    assert "control-line" not in drawn
