"""Hidden numbers are had back from sums, splits, tiers and editions wherever they can be."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.attack.attacker import attack
from tests.attack.counted import EVERY, Cell, ranges
from tests.attack.secrets import Public, Truth

Y23, Y24 = ("2023-01-01", "2023-12-31"), ("2024-01-01", "2024-12-31")
BOTH = (Y23[0], Y24[1])
RNG = np.random.default_rng(3)
SPOTS = RNG.uniform([566_000, 6_492_000], [572_000, 6_497_000], (50, 2))
TRUTH = Truth(
    crs="EPSG:3006",
    points=SPOTS,
    public=Public(corners=SPOTS + 200, middles=SPOTS + 300),
    first=date(2023, 1, 1),
    last=date(2024, 12, 31),
    minimum=5,
)
ANSWERS = "answers/Otrygg/Mätning/2024"


def cell(
    area: str | Iterable[str] = "*",
    kind: str | Iterable[str] = "*",
    days: tuple[str, str] = Y24,
    what: str = "events/police",
    split: str = "",
    parts: Iterable[str] = EVERY,
) -> Cell:
    areas, classes = ({one} if isinstance(one, str) else set(one) for one in (area, kind))
    return Cell(what, frozenset(areas), frozenset(classes), *days, split, frozenset(parts))


def outside(*areas: str) -> set[str]:
    return {"*", "*unplaced", *areas}


def test_a_number_is_what_is_left_of_the_whole() -> None:
    shown = {cell(): 90, cell("A"): 40, cell(outside("A", "B")): 41, cell("*unplaced"): 0}
    assert ranges(shown, [cell("B")])[cell("B")] == pytest.approx((9, 9))
    del shown[cell("*unplaced")]
    assert ranges(shown, [cell("B")])[cell("B")] == pytest.approx((0, 9))


def test_a_span_is_what_is_left_of_a_longer_one() -> None:
    shown = {cell("A", days=BOTH): 50, cell("A", days=Y23): 47}
    assert ranges(shown, [cell("A")])[cell("A")] == pytest.approx((3, 3))


def test_a_set_of_classes_bounds_each_of_them() -> None:
    shown = {cell("A", {"supply", "use"}): 6, cell("A", {"use", "other"}): 2}
    found = ranges(shown, [cell("A", "use"), cell("A", "supply")])
    assert found[cell("A", "use")] == pytest.approx((0, 2))
    assert found[cell("A", "supply")] == pytest.approx((4, 6))


def test_splits_sum_to_the_same_and_rounded_ones_to_a_half() -> None:
    days = [cell(split="space", parts={part}) for part in ("in", "out")]
    rest = cell(split="space", parts={"*", "in", "out"})
    shown = {cell(): 30, days[0]: 20, rest: 0}
    assert ranges(shown, [days[1]])[days[1]] == pytest.approx((10, 10))
    rounded = [cell(split="weekday", parts={str(n)}) for n in range(3)]
    gone = cell(split="weekday", parts={"*", "0", "1", "2"})
    shown = {cell(): 30, rounded[0]: 12, rounded[1]: 14, gone: 0}
    low, high = ranges(shown, [rounded[2]])[rounded[2]]
    assert 2 <= low < 4 < high <= 6


def test_numbers_that_contradict_each_other_are_no_attack() -> None:
    with pytest.raises(AssertionError, match="contradict"):
        ranges({cell(): 5, cell("A"): 7}, [cell("B")])


def test_ranges_are_those_of_trying_everything() -> None:
    """Two areas and the rest, two years: every table of small numbers that fits is written out."""
    rng = np.random.default_rng(8)
    places = [cell("A", days=Y23), cell("B", days=Y23), cell("A"), cell("B")]
    sums = {
        cell({"A", "B"}, days=Y23): (0, 1),
        cell({"A", "B"}): (2, 3),
        cell("A", days=BOTH): (0, 2),
        cell("B", days=BOTH): (1, 3),
        cell({"A", "B"}, days=BOTH): (0, 1, 2, 3),
    }
    for _round in range(12):
        true = rng.integers(0, 5, 4)
        told = [one for one in sums if rng.random() < 0.6]
        shown = {one: int(true[list(sums[one])].sum()) for one in told}
        fits = [
            one
            for one in itertools.product(range(17), repeat=4)
            if all(sum(one[i] for i in sums[c]) == n for c, n in shown.items())
        ]
        found = ranges(shown, places)
        for at, place in enumerate(places):
            (low, high), tried = found[place], [one[at] for one in fits]
            assert low == pytest.approx(min(tried), abs=1e-6)
            if np.isfinite(high):
                assert high == pytest.approx(max(tried), abs=1e-6)


def ledger(counts: dict[Cell, int | None]) -> dict[str, object]:
    """Return what an edition tells as its ``published.json``."""
    what = sorted({c.what for c in counts})
    areas = sorted({tuple(sorted(c.areas)) for c in counts})
    classes = sorted({tuple(sorted(c.classes)) for c in counts})
    days = sorted({(c.first, c.last) for c in counts})
    parts = sorted({(c.split, tuple(sorted(c.parts))) for c in counts})
    rows = [
        [
            what.index(c.what),
            areas.index(tuple(sorted(c.areas))),
            classes.index(tuple(sorted(c.classes))),
            days.index((c.first, c.last)),
            parts.index((c.split, tuple(sorted(c.parts)))),
            n,
        ]
        for c, n in counts.items()
    ]
    held = {"what": what, "areas": areas, "classes": classes, "days": days, "parts": parts}
    return {"format": 2, "profile": "publik", **held, "counts": [], "more": rows}


def edition(folder: Path, name: str, counts: dict[Cell, int | None]) -> Path:
    made = folder / name
    made.mkdir(parents=True)
    (made / "published.json").write_text(json.dumps(ledger(counts)), encoding="utf-8")
    return made


def kinds(folder: Path, *earlier: Path, truth: Truth = TRUTH) -> set[str]:
    return {leak.kind for leak in attack(folder, truth, earlier=earlier)}


def searches(area: str | Iterable[str], days: tuple[str, str] = Y24, *, finds: bool) -> Cell:
    return cell(area, "find" if finds else {"find", "none"}, days, "searches")


def search_table(folder: Path, rows: list[tuple[object, ...]]) -> None:
    base = sqlite3.connect(folder / "results.gpkg")
    columns = "area_id text, n_entrances integer, n_searches integer, n_finds integer"
    base.execute(f"create table search_areas ({columns})")
    base.executemany("insert into search_areas values (?, ?, ?, ?)", rows)
    base.commit()
    base.close()


FINDS: dict[Cell, int | None] = {
    searches("A", finds=False): 40,
    searches("B", finds=False): 30,
    searches(outside("A", "B"), finds=True): 9,
    searches("*", finds=True): 16,
    searches("*unplaced", finds=False): 0,
}


def test_finds_that_only_their_sum_tells_stay_hidden(tmp_path: Path) -> None:
    now = edition(tmp_path, "now", FINDS)
    search_table(now, [("A", 90, 40, None), ("B", 70, 30, None), (None, 900, None, 9)])
    assert kinds(now) == set()


def test_finds_of_one_area_are_had_from_an_earlier_edition(tmp_path: Path) -> None:
    now = edition(tmp_path, "now", FINDS)
    search_table(now, [("A", 90, 40, None), ("B", 70, 30, None), (None, 900, None, 9)])
    before = edition(tmp_path, "before", {searches("A", finds=True): 6})
    assert kinds(now, before) == {"hidden count"}


def test_finds_of_a_year_are_had_from_those_of_two_and_the_other(tmp_path: Path) -> None:
    hidden: dict[Cell, int | None] = {searches("A", finds=True): None}
    now = edition(tmp_path, "now", hidden | {searches("A", BOTH, finds=True): 12})
    before = edition(tmp_path, "before", {searches("A", Y23, finds=True): 9})
    assert kinds(now) == set()
    assert kinds(now, before) == {"hidden count"}


def test_an_answer_is_had_from_the_whole_surveys(tmp_path: Path) -> None:
    told: dict[Cell, int | None] = {
        cell("A", "unsafe", what=ANSWERS): None,
        cell("B", "unsafe", what=ANSWERS): 20,
        cell(outside("A", "B"), {"safe", "unsafe"}, what=ANSWERS): 0,
        cell("*unplaced", {"safe", "unsafe"}, what=ANSWERS): 0,
    }
    assert kinds(edition(tmp_path, "now", told)) == set()
    whole: dict[Cell, int | None] = {cell("*", "unsafe", what=ANSWERS): 23}
    assert kinds(edition(tmp_path, "more", told | whole)) == {"hidden count"}


def test_one_tier_tells_what_the_other_hides(tmp_path: Path) -> None:
    told: dict[Cell, int | None] = {cell("A"): None, cell({"A", "B"}): 30}
    both = tmp_path / "both"
    edition(both, "normativ", told)
    assert kinds(both) == set()
    edition(both, "strategisk", {cell("B"): 27})
    assert kinds(both) == {"hidden count"}


def test_a_small_number_that_no_table_names_is_tried_too(tmp_path: Path) -> None:
    counts: dict[Cell, int | None] = {cell(): 50, cell("A"): 20, cell("B"): 10}
    counts[cell(outside("A", "B"))] = 18
    key = ("events/police", "*unplaced", "all", *Y24)
    assert kinds(edition(tmp_path, "now", counts)) == set()
    told = replace(TRUTH, counts={key: 2})
    assert kinds(tmp_path / "now", truth=told) == {"hidden count"}


def test_what_is_concluded_wrongly_is_no_leak(tmp_path: Path) -> None:
    """Some events have no area: taken for none, the hidden area seems to be had, but isn't."""
    counts: dict[Cell, int | None] = {cell(): 50, cell("A"): 20, cell("B"): None}
    counts[cell(outside("A", "B"))] = 18
    told = replace(TRUTH, counts={("events/police", "B", "all", *Y24): 3})
    assert kinds(edition(tmp_path, "now", counts), truth=told) == set()
    told = replace(TRUTH, counts={("events/police", "B", "all", *Y24): 12})
    assert kinds(tmp_path / "now", truth=told) == {"hidden count"}


TOLD = """<!doctype html><html lang="sv"><body><h1>PUBLIK</h1><table>
<tr><th>Område</th><th>2023</th><th>2024</th><th>{head}</th></tr>
<tr><th>Norr</th><td>{before}</td><td>{now}</td><td>{figure}</td></tr>
<tr><th>Söder</th><td>140</td><td>150</td><td>–</td></tr></table></body></html>"""


@pytest.mark.parametrize(
    ("head", "before", "now", "figure", "found"),
    [
        ("Förändring", "dolt", "31", "−14 %", True),
        ("Förändring", "36", "31", "−14 %", False),
        ("Intervall, 95 %", "36", "dolt", "−40 % till +9 %", True),
        ("2024, per 1 000 invånare", "36", "dolt", "1,4", True),
        ("2024, per 1 000 invånare", "dolt", "36", "1,4", False),
        ("Förändring", "dolt", "31", "dolt", False),
    ],
)
def test_figures_beside_hidden_counts_tell_them(
    tmp_path: Path, head: str, before: str, now: str, figure: str, found: bool
) -> None:
    page = TOLD.format(head=head, before=before, now=now, figure=figure)
    (tmp_path / "bilaga.html").write_text(page, encoding="utf-8")
    assert kinds(tmp_path) == ({"derived"} if found else set())


def test_a_rate_in_a_layer_tells_its_hidden_count(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "results.gpkg")
    base.execute("create table followup (area_id text, n_now integer, per_year_now real)")
    base.execute("insert into followup values ('A', null, 3.0)")
    base.commit()
    base.close()
    assert kinds(tmp_path) == {"derived"}
