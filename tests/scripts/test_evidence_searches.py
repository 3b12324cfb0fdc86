"""The trial of dog searches: the truth lives, the ways differ, the page keeps its sections."""

from __future__ import annotations

import numpy as np
import pytest

from scripts.evidence import search_trial
from scripts.evidence.__main__ import PAGE
from scripts.evidence.search_towns import (
    ENTRANCES,
    FIND_OPEN,
    OPEN_SHARE,
    WORLDS,
    make_town,
)
from scripts.evidence.search_trial import PER_ROUND, POLICIES, live
from scripts.evidence.searches import HEADING, MEASURES, paired, section
from scripts.evidence.sections import kept, with_section


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_trial, "STEPS", 6)
    monkeypatch.setattr(search_trial, "WARM_UP", 6)


def test_the_same_town_twice() -> None:
    one, again = make_town(WORLDS[0], 3), make_town(WORLDS[0], 3)
    for step in range(5):
        one.step(step)
        again.step(step)
    assert one.register.equals(again.register)
    assert one.incidents().equals(again.incidents())
    assert (one.spot == again.spot).all()


def test_as_many_spots_are_open_as_should_be() -> None:
    numbers = []
    for seed in range(4):
        town = make_town(WORLDS[0], seed)
        for step in range(60):
            town.step(step)
            numbers.append(int((town.spot >= 0).sum()))
    # a draw that falls on an open spot opens none, so there are somewhat fewer
    assert 0.6 * OPEN_SHARE * ENTRANCES < np.mean(numbers) < 1.1 * OPEN_SHARE * ENTRANCES


def test_finds_come_where_spots_are_open() -> None:
    hits, tried = 0, 0
    for seed in range(30):
        town = make_town(WORLDS[0], seed)
        places = np.flatnonzero(town.spot >= 0)
        hits += int(town.search(places, 0).sum())
        tried += len(places)
    assert hits / tried == pytest.approx(FIND_OPEN, abs=0.07)


def test_blind_reports_say_nothing_of_spots() -> None:
    world = next(world for world in WORLDS if world.name == "blind reports")
    assert world.report_rate == 0


def test_silent_areas_report_less() -> None:
    world = next(world for world in WORLDS if world.silent)
    town = make_town(world, 5)
    for step in range(40):
        town.step(step)
    at = np.concatenate(town.at)
    quiet = town.loud < 1
    assert quiet.any()
    rate = [np.isin(at, np.flatnonzero(which)).sum() / which.sum() for which in (quiet, ~quiet)]
    assert rate[0] < 0.6 * rate[1]


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("policy", POLICIES)
def test_each_way_lives_and_again_the_same(policy: str) -> None:
    one = live(WORLDS[0], 2, policy)
    assert one == live(WORLDS[0], 2, policy) or np.isnan(one.spots_silent)
    assert 0 <= one.finds <= 100
    assert 0 < one.coverage <= 6 * PER_ROUND / 400


@pytest.mark.usefixtures("short")
def test_only_entrances_with_consent_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    add = search_trial.Log.add

    def note(log: search_trial.Log, places: np.ndarray, step: int, found: np.ndarray) -> None:
        seen.extend(places.tolist())
        add(log, places, step, found)

    monkeypatch.setattr(search_trial.Log, "add", note)
    live(WORLDS[0], 4, "policy")
    town = make_town(WORLDS[0], 4)
    assert len(seen) == 6 * PER_ROUND
    assert (town.register["consent"].iloc[seen] == "valid").all()


def test_paired_difference_by_hand() -> None:
    mean, error = paired(np.array([3.0, 5.0, np.nan]), np.array([1.0, 1.0, 1.0]))
    assert mean == 3
    assert error == pytest.approx(np.sqrt(2) / np.sqrt(2))


def test_the_section_tells_where_the_round_loses() -> None:
    rng = np.random.default_rng(0)
    level = {"policy": 5.0, "need": 9.0, "random": 1.0, "robin": 1.0}
    found = {
        policy: {name: base + rng.normal(0, 0.1, 8) for name in MEASURES}
        for policy, base in level.items()
    }
    lines = section({world.name: found for world in WORLDS})
    text = "\n".join(lines)
    against_need = next(line for line in lines if "against pure need" in line)
    assert "worse: finds per 100 searches −" in against_need
    assert lines[0] == HEADING
    assert "8 towns" in text
    assert "<!--" not in text


def test_sections_are_replaced_in_place_and_kept() -> None:
    page = "# A\n\n## One\n\nx\n\n## Two\n\nMade by `python -m scripts.evidence.two`.\n\n## Three\n\ny\n"
    again = with_section(page, "## Two", ["## Two", "", "new"])
    assert again == "# A\n\n## One\n\nx\n\n## Two\n\nnew\n\n## Three\n\ny\n"
    assert with_section(page, "## Four", ["## Four"]).endswith("y\n\n## Four\n")
    remade = kept("# B\n", page)
    assert remade == "# B\n\n## Two\n\nMade by `python -m scripts.evidence.two`.\n"


def test_the_written_page_has_the_section() -> None:
    assert f"{HEADING}\n" in PAGE.read_text(encoding="utf-8")
