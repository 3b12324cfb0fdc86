"""Nothing hidden can be had from several tables and two editions: held against every whole number.

The reader here is written anew: it knows nothing of the program's own system of equations. It tries
all whole numbers of area × class × span × part that agree with what both editions show.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from geodata import schema
from geodata.all_tables import ALL_TABLES
from geodata.disclosure import (
    DisclosureOptions,
    Profile,
    Released,
    read_earlier,
    release_together,
    write_published,
)
from geodata.disclosure.cells import Cell
from geodata.errors import DataError
from geodata.schema import OFFENCE_CLASSES

MINIMUM = 3
OPTIONS = DisclosureOptions(min_count_publik=MINIMUM, min_count_samverkan=MINIMUM)
SMALL = set(range(1, MINIMUM))
CRS = "EPSG:3006"


class Reader:
    """What a reader of editions knows, and what a number may be for all of it."""

    def __init__(self, axes: Sequence[Sequence[str]], spans: Sequence[tuple[str, str]]) -> None:
        self.spans = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in spans]
        self.atoms = list(itertools.product(*axes, range(len(self.spans))))
        self.known: dict[frozenset[int], int] = {}

    def held(self, cell: Cell) -> frozenset[int]:
        """Return the atoms of a cell: area, class, part and span."""

        def within(name: str, ids: tuple[str, ...]) -> bool:
            return (name in ids) != ("*" in ids)  # with * all but the others

        return frozenset(
            i
            for i, (area, kind, part, span) in enumerate(self.atoms)
            if within(area, cell.areas)
            and within(kind, cell.classes)
            and (not cell.split or within(part, cell.parts))
            and cell.first <= self.spans[span][0]
            and self.spans[span][1] <= cell.last
        )

    def learn(self, told: Mapping[Cell, int]) -> None:
        """Take in what an edition shows."""
        for cell, n in told.items():
            held = self.held(cell)
            assert self.known.setdefault(held, n) == n
        # An atom that no number holds can be anything, and is left out below.

    def may_be(self, held: frozenset[int], value: int) -> bool:
        """Return whether any whole numbers give all that is known, and this value."""
        sums = [(one, n) for one, n in self.known.items()] + [(held, value)]
        order = sorted(
            {i for one, _n in sums for i in one}, key=lambda i: [i not in one for one, _n in sums]
        )
        ends = [max((order.index(i) for i in one), default=-1) for one, _n in sums]

        @cache
        def fits(at: int, left: tuple[int, ...]) -> bool:
            if any(rest != 0 and end < at for rest, end in zip(left, ends, strict=True)):
                return False
            if at == len(order):
                return True
            own = [k for k, (one, _n) in enumerate(sums) if order[at] in one]
            most = min(left[k] for k in own)
            return any(
                fits(at + 1, tuple(r - n if k in own else r for k, r in enumerate(left)))
                for n in range(most + 1)
            )

        return fits(0, tuple(n for _one, n in sums))


def days(day: str, n: int) -> pd.Series:
    return pd.Series([pd.Timestamp(day)] * n).astype("datetime64[us]")


def frame(name: str, rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return a table of rows whose other columns are empty."""
    empty = schema.empty(name, crs=CRS, tables=ALL_TABLES)
    filler = {
        "Int64": 1, "int64": 1, "float64": 0.5, "str": "", "bool": False, "geometry": box(0, 0, 9, 9)
    }  # fmt: skip
    plain = {c: filler.get(str(kind)) for c, kind in empty.dtypes.items()}
    for column, kind in empty.dtypes.items():
        if str(kind) == "category":
            plain[column] = next(iter(kind.categories))
        elif str(kind).startswith("datetime"):
            plain[column] = pd.Timestamp("2024-01-01")
    made = pd.DataFrame([{**plain, **row} for row in rows])[list(empty.columns)]
    for column, kind in empty.dtypes.items():
        if column != "geometry":
            made[column] = made[column].astype(kind)
    return gpd.GeoDataFrame(made, geometry="geometry", crs=CRS) if "geometry" in made else made


def publish(
    folder: Path, tables: Mapping[str, pd.DataFrame], profile: Profile = "publik"
) -> dict[str, Released]:
    """Release an edition beside all that stand in the folder, and keep what it told there."""
    earlier = read_earlier(
        [str(one) for one in sorted(folder.iterdir())], base=folder, profile=profile
    )
    passed = release_together(tables, profile, OPTIONS, earlier=earlier)
    own = folder / f"{len(list(folder.iterdir()))}"
    own.mkdir()
    if not write_published(own, passed.values()):
        own.rmdir()
    return passed


def told(editions: Iterable[Mapping[str, Released]]) -> dict[Cell, int]:
    return {c: n for one in editions for r in one.values() for c, n in r.published.items()}


def hidden(editions: Iterable[Mapping[str, Released]]) -> set[Cell]:
    return {c for one in editions for r in one.values() for c in r.hidden}


# --- dog searches --------------------------------------------------------------------------------

SPANS = (("2024-01-01", "2024-12-31"), ("2025-01-01", "2025-12-31"))
Counts = dict[str, tuple[int, int]]
"""Area → searches with a find, and without."""


def searches(done: Counts, last: str, entrances: int = 20) -> pd.DataFrame:
    rows = [
        {
            "area_id": None if area == "outside" else area,
            "name": area,
            "first_date": pd.Timestamp("2024-01-01"),
            "last_date": pd.Timestamp(last),
            "n_entrances": entrances,
            "n_valid": entrances,
            "n_round": 0,
            "n_searches": sum(both),
            "n_finds": both[0],
        }
        for area, both in done.items()
    ]
    return frame("search_areas", rows)


pair = st.tuples(st.integers(0, 5), st.integers(0, 5))


@given(st.lists(st.tuples(pair, pair), min_size=3, max_size=3))
@settings(max_examples=40, deadline=None)
def test_searches_so_far_of_two_years(tmp_path_factory: pytest.TempPathFactory, made) -> None:
    names = ("A", "B", "outside")
    first: Counts = {a: one for a, (one, _two) in zip(names, made, strict=True)}
    both: Counts = {
        a: (one[0] + two[0], one[1] + two[1]) for a, (one, two) in zip(names, made, strict=True)
    }
    folder = tmp_path_factory.mktemp("editions")
    editions = [
        publish(folder, {"search_areas": searches(first, SPANS[0][1])}),
        publish(folder, {"search_areas": searches(both, SPANS[1][1])}),
    ]
    reader = Reader([["A", "B", "outside"], ["find", "none"], [""]], SPANS)
    reader.learn({c: n for c, n in told(editions).items() if c.what == "searches"})
    for year, done in zip((0, 1), (first, both), strict=True):
        for area, (finds, _none) in done.items():
            ids = ("*", "A", "B") if area == "outside" else (area,)
            end = date.fromisoformat(SPANS[year][1])
            cell = Cell("searches", ids, ("find",), date(2024, 1, 1), end)
            if finds in SMALL:
                assert cell not in told(editions)
                held = reader.held(cell)
                assert {n for n in SMALL if reader.may_be(held, n)} == SMALL, (year, area)
    for area in names:  # what the second year added, where the first is told
        added = both[area][0] - first[area][0]
        ids = ("*", "A", "B") if area == "outside" else (area,)
        cell = Cell("searches", ids, ("find",), date(2025, 1, 1), date(2025, 12, 31))
        before = Cell("searches", ids, ("find",), date(2024, 1, 1), date(2024, 12, 31))
        if added in SMALL and before in told(editions):
            held = reader.held(cell)
            assert {n for n in SMALL if reader.may_be(held, n)} == SMALL, area


def test_few_entrances_hide_all_numbers_of_the_area(tmp_path: Path) -> None:
    done = {"A": (6, 14), "B": (8, 32), "outside": (30, 60)}
    table = searches(done, SPANS[0][1])
    table.loc[0, ["n_entrances", "n_valid"]] = 2
    passed = publish(tmp_path, {"search_areas": table})["search_areas"].table
    assert passed is not None
    assert passed.loc[0, ["n_entrances", "n_searches", "n_finds"]].isna().all()
    # One alone would be the sum less the others.
    assert passed.loc[1:, "n_searches"].isna().any()


def test_where_the_sum_leaves_no_room_the_whole_list_is_hidden(tmp_path: Path) -> None:
    table = searches({"A": (1, 30), "B": (0, 30), "outside": (0, 60)}, SPANS[0][1])
    passed = publish(tmp_path, {"search_areas": table})["search_areas"].table
    assert passed is not None
    assert passed["n_finds"].isna().all()  # zeros too: 1 find in all is 1 find in A
    assert passed["n_searches"].notna().all()


# --- answers -------------------------------------------------------------------------------------


def answers(by_area: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    rows = [
        {
            "area_id": area,
            "name": area,
            "question": "Otrygg",
            "origin": "Mätning",
            "wave": "2024",
            "n_answers": sum(both),
            "n_unsafe": both[0],
        }
        for area, both in by_area.items()
    ]
    return frame("perceived_areas", rows)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=3))
@settings(max_examples=40, deadline=None)
def test_answers_by_area_whose_sum_is_known(tmp_path_factory, made) -> None:
    table = answers(dict(zip("ABC", made, strict=True)))
    folder = tmp_path_factory.mktemp("editions")
    editions = [publish(folder, {"perceived_areas": table}) for _again in range(2)]
    assert told(editions[:1]) == told(editions[1:])
    released = editions[0]["perceived_areas"]
    if released.table is None:
        return
    assert not {"n_reported", "unsafe_class", "disagreement"} & set(released.table.columns)
    shown = released.table
    rest = shown["n_answers"].isna() | shown["n_unsafe"].isna()
    assert shown.loc[rest, ["unsafe", "unsafe_low", "unsafe_high"]].isna().all(axis=None)
    reader = Reader([["A", "B", "C"], ["safe", "unsafe"], [""]], [("1900-01-02", "1900-01-02")])
    reader.learn(told(editions))
    what, day = "answers/Otrygg/Mätning/2024", date(1900, 1, 2)
    sums = {}
    for kinds in (("safe", "unsafe"), ("unsafe",)):
        if any(c.classes == kinds for c in told(editions)):  # else the whole list is hidden
            n = sum(sum(b) if len(kinds) == 2 else b[0] for b in made)
            sums[Cell(what, ("A", "B", "C"), kinds, day, day)] = n
    reader.learn(sums)
    for area, (unsafe, safe) in zip("ABC", made, strict=True):
        for kind, n in (("unsafe", unsafe), ("safe", safe)):
            held = reader.held(Cell(what, (area,), (kind,), day, day))
            if n in SMALL:
                assert {v for v in SMALL if reader.may_be(held, v)} == SMALL, (area, kind)


# --- events: counts, times, spaces ---------------------------------------------------------------


def appendix(weekdays: Sequence[int], last: str) -> dict[str, pd.DataFrame]:
    """Return the counts of the whole and the list of weekdays, from the beginning of 2024."""
    span = {"first_date": pd.Timestamp("2024-01-01"), "last_date": pd.Timestamp(last)}
    common = {"source": "police", "what": "counted", "order": 0, "unit": "whole", **span}
    whole = {**common, "by": "whole", "area_id": "*", "value": "all", "n_events": sum(weekdays)}
    kind = {**common, "by": "class", "area_id": "*", "value": "drug_use"}
    counts = frame("appendix_counts", [whole, {**kind, "n_events": sum(weekdays)}])
    rows = [
        {"source": "police", "by": "weekday", "weekday": i, "hour": -1, "part": None, "n_events": n}
        for i, n in enumerate(weekdays, start=1)
    ]
    rows += [{**rows[0], "by": "hour", "hour": 3}]
    return {"appendix_counts": counts, "appendix_times": frame("appendix_times", rows)}


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), min_size=4, max_size=4))
@settings(max_examples=30, deadline=None)
def test_weekdays_of_half_a_year_and_of_the_year(tmp_path_factory, made) -> None:
    half = [a for a, _b in made]
    year = [a + b for a, b in made]
    folder = tmp_path_factory.mktemp("editions")
    editions = [
        publish(folder, appendix(half, "2024-06-30")),
        publish(folder, appendix(year, "2024-12-31")),
    ]
    spans = (("2024-01-01", "2024-06-30"), ("2024-07-01", "2024-12-31"))
    names = [str(i) for i in range(1, 5)]
    reader = Reader([["everywhere"], ["drug_use"], names], spans)
    shown = told(editions)
    reader.learn(shown)
    for day, (a, b) in zip(names, made, strict=True):
        ends = {"2024-06-30": a, "2024-12-31": a + b}
        for end, n in ends.items():
            last = date.fromisoformat(end)
            cell = Cell(
                "events/police", ("*",), ("drug_use",), date(2024, 1, 1), last, "weekday", (day,)
            )
            assert shown.get(cell, n) == n
            if n in SMALL:
                assert cell not in shown
                held = reader.held(cell)
                assert {v for v in SMALL if reader.may_be(held, v)} == SMALL, (day, end)
    assert all(
        r.table is None or "hour" not in set(r.table.get("by", ())) for r in editions[0].values()
    )


def test_times_that_are_shares_of_events_are_still_released(tmp_path: Path) -> None:
    # Rounded one by one the days sum to 33 of 31 events: no whole numbers give that.
    week = [2.5001, 3.5001, 7.5001, 4.5001, 5.5001, 1.5001, 5.9994]
    tables = appendix([31], "2024-12-31")
    rows = [
        {"source": "police", "by": "weekday", "weekday": i, "hour": -1, "part": None, "n_events": n}
        for i, n in enumerate(week, start=1)
    ]
    tables["appendix_times"] = frame("appendix_times", rows)
    shown = publish(tmp_path, tables)["appendix_times"].table
    assert shown is not None
    assert pd.isna(shown["n_events"].iloc[5])
    # One alone would be the sum of the others less 31, or nearly.
    assert int(shown["n_events"].isna().sum()) == 2


def picture(world: Mapping[tuple[str, str, str], int]) -> dict[str, pd.DataFrame]:
    """Return the picture's counts of (area, class, space) → events."""
    names = {"A": "A", "rest": "*outside"}
    rows = []
    for area in ("*", "A", "rest"):
        own = {k: n for k, n in world.items() if area in ("*", k[0])}
        common = {
            "area_id": names.get(area, "*"),
            "unit": {"*": "whole", "A": "area"}.get(area, "outside"),
            "source": "police",
        }
        rows.append({**common, "by": "all", "value": "all", "n_events": sum(own.values())})
        for by, at in (("class", 1), ("space", 2)):
            for value in sorted({k[at] for k in world}):
                n = sum(m for k, m in own.items() if k[at] == value)
                rows.append({**common, "by": by, "value": value, "n_events": n})
    areas = [
        {"area_id": "*", "first_date": pd.Timestamp("2024-01-01"), "last_date": pd.Timestamp(d)}
        for d in ("2024-12-31",)
    ]
    return {
        "picture_counts": frame("picture_counts", rows),
        "picture_areas": frame("picture_areas", areas),
    }


KINDS, SPACES = ("drug_use", "drug_supply"), ("public", "dwelling", "other")


@given(st.lists(st.integers(0, 4), min_size=12, max_size=12))
@settings(max_examples=25, deadline=None)
def test_classes_and_spaces_of_the_same_events(tmp_path_factory, numbers) -> None:
    keys = list(itertools.product(("A", "rest"), KINDS, SPACES))
    world = dict(zip(keys, numbers, strict=True))
    folder = tmp_path_factory.mktemp("editions")
    editions = [publish(folder, picture(world), "samverkan")]
    if editions[0]["picture_counts"].table is None:
        return
    # Crossed in full: that class and space are told apart only must not matter.
    reader = Reader([["A", "rest"], list(KINDS), list(SPACES)], [("2024-01-01", "2024-12-31")])
    shown = told(editions)
    reader.learn(shown)
    span = (date(2024, 1, 1), date(2024, 12, 31))
    for area, ids in (("A", ("A",)), ("rest", ("*", "A"))):
        for space in SPACES:
            n = sum(m for k, m in world.items() if k[0] == area and k[2] == space)
            cell = Cell(
                "events/police", ids, tuple(sorted(OFFENCE_CLASSES)), *span, "space", (space,)
            )
            if n in SMALL:
                assert cell not in shown
                held = reader.held(cell)
                assert {v for v in SMALL if reader.may_be(held, v)} == SMALL, (area, space)


def test_a_small_part_hides_another_where_the_whole_is_told(tmp_path: Path) -> None:
    days = publish(tmp_path, appendix([2, 9, 12, 20], "2024-12-31"))["appendix_times"].shown()
    assert days["n_events"].isna().tolist() == [True, True, False, False]
    world = dict.fromkeys(itertools.product(("A", "rest"), KINDS, SPACES), 20)
    world["A", "drug_use", "dwelling"], world["A", "drug_supply", "dwelling"] = 1, 1
    table = publish(tmp_path, picture(world), "samverkan")["picture_counts"].shown()
    gone = table[table["n_events"].isna()]
    # Two of the area's spaces, and the same two of the rest: the whole's spaces are told too.
    assert sorted(zip(gone["area_id"], gone["by"], strict=True)) == [
        ("*outside", "space"), ("*outside", "space"), ("A", "space"), ("A", "space")
    ]  # fmt: skip
    assert gone["share"].isna().all()
    assert (table.loc[table["by"] == "class", "n_events"] > 0).all()


# --- indicators ----------------------------------------------------------------------------------


def indicators(*rows: tuple[str, float | None, bool]) -> pd.DataFrame:
    return frame(
        "appendix_indicators",
        [
            {
                "item": "sspf" if personal else "est",
                "indicator": "ärenden",
                "role": "done",
                "area_id": None,
                "name": None,
                "period": period,
                "value": value,
                "unit": None,
                "sensitive": personal,
            }
            for period, value, personal in rows
        ],
    )


def test_an_indicator_of_half_a_year_and_of_the_year(tmp_path: Path) -> None:
    half = publish(tmp_path, {"appendix_indicators": indicators(("2024-H1", 12, True))})
    assert half["appendix_indicators"].shown()["value"].tolist() == [12]
    year = publish(tmp_path, {"appendix_indicators": indicators(("2024", 14, True))})
    shown = year["appendix_indicators"].shown()
    assert shown["value"].isna().all()  # 14 less 12 is 2
    assert shown["uncertainty"].isna().all()
    assert shown["hidden"].all()


def test_what_is_about_persons_has_the_publics_limit_everywhere(tmp_path: Path) -> None:
    limits = DisclosureOptions()
    table = indicators(("2024", 4, True), ("2024", 4, False))
    passed = release_together({"appendix_indicators": table}, "samverkan", limits)
    shown = passed["appendix_indicators"].shown()
    assert shown["value"].isna().tolist() == [True, False]
    assert "Antal under 5" in passed["appendix_indicators"].notes[0]


def test_an_indicator_that_is_no_sum_over_time_is_told_all_the_same(tmp_path: Path) -> None:
    publish(tmp_path, {"appendix_indicators": indicators(("2024-H1", 40, False))})
    year = publish(tmp_path, {"appendix_indicators": indicators(("2024", 30, False))})
    assert year["appendix_indicators"].shown()["value"].tolist() == [30]


# --- editions ------------------------------------------------------------------------------------


def test_numbers_corrected_since_are_taken_as_nearly_right(tmp_path: Path) -> None:
    """A late report must not make the reader forget what the earlier edition told."""
    rows = {"A": 30, "B": 40, "*outside": 60}
    publish(tmp_path, _areas(rows, "2024-12-31"))
    # One late report of 2024 in B: with the classes told before, no numbers give both editions.
    later = {"A": 32, "B": 39, "*outside": 120}
    told_now = publish(tmp_path, _areas(later, "2025-12-31"))["appendix_counts"]
    table = told_now.shown().set_index("area_id")["n_events"]
    assert pd.isna(table["A"])  # 32 less 30 is 2, whatever happened in B
    assert told_now.notes


def test_last_years_hidden_number_is_not_had_from_this_years(tmp_path: Path) -> None:
    # Nothing happened in B since: told, it would say that B had 8 at most, so that A had 2.
    editions = [
        publish(tmp_path, _areas({"A": 2, "B": 8, "*outside": 30}, "2024-12-31")),
        publish(tmp_path, _areas({"A": 20, "B": 8, "*outside": 60}, "2025-12-31")),
    ]
    assert {c.areas for c in hidden(editions[:1])} == {("A",), ("B",)}
    assert ("B",) in {c.areas for c in hidden(editions[1:])}
    reader = Reader([["A", "B", "outside"], ["any"], [""]], SPANS)
    reader.learn({replace(c, classes=("*",)): n for c, n in told(editions).items()})
    cell = Cell("events/police", ("A",), ("*",), date(2024, 1, 1), date(2024, 12, 31))
    assert all(reader.may_be(reader.held(cell), n) for n in SMALL)


@given(st.lists(st.integers(0, 7), min_size=4, max_size=4))
@settings(max_examples=30, deadline=None)
def test_both_tiers_of_an_edition_tell_no_small_number_together(numbers: list[int]) -> None:
    limits = DisclosureOptions()  # 5 publicly, 3 for partners, who have both
    by_area = dict(zip(("A", "B", "C", "*outside"), numbers, strict=True))
    tables = _areas(by_area, "2024-12-31")
    public = release_together(tables, "publik", limits)["appendix_counts"]
    partners = release_together(tables, "samverkan", limits, earlier=public.published)
    reader = Reader([["A", "B", "C", "outside"], ["any"], [""]], SPANS[:1])
    for one in (public, partners["appendix_counts"]):
        reader.learn({replace(c, classes=("*",)): n for c, n in one.published.items()})
    for area in "ABC":
        if by_area[area] in (1, 2):
            cell = Cell("e", (area,), ("*",), date(2024, 1, 1), date(2024, 12, 31))
            assert all(reader.may_be(reader.held(cell), n) for n in (1, 2)), area


def _areas(by_area: Mapping[str, int], last: str) -> dict[str, pd.DataFrame]:
    span = {"first_date": pd.Timestamp("2024-01-01"), "last_date": pd.Timestamp(last)}
    common = {"source": "police", "what": "all", "order": 0, "by": "area", "value": "all", **span}
    rows = [{**common, "by": "whole", "area_id": "*", "n_events": sum(by_area.values())}]
    rows += [{**common, "area_id": area, "n_events": n} for area, n in by_area.items()]
    return {"appendix_counts": frame("appendix_counts", rows)}


def test_a_file_of_the_first_format_is_read_and_an_unknown_one_is_not(tmp_path: Path) -> None:
    publish(tmp_path, _areas({"A": 30, "B": 40, "*outside": 60}, "2024-12-31"))
    file = tmp_path / "0" / "published.json"
    held = json.loads(file.read_text("utf-8"))
    assert held["format"] == 2
    old = {k: v for k, v in held.items() if k not in ("more", "parts")} | {"format": 1}
    file.write_text(json.dumps(old), encoding="utf-8")
    known = read_earlier(["0"], base=tmp_path, profile="publik")
    assert sorted(n for n in known.values() if n is not None) == [30, 40, 60, 130]
    file.write_text(json.dumps(old | {"format": 3}), encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_earlier(["0"], base=tmp_path, profile="publik")
    assert "3" in error.value.faults[0].why


def test_the_file_tells_that_numbers_are_hidden_and_not_which(tmp_path: Path) -> None:
    passed = publish(tmp_path, appendix([2, 9, 9, 20], "2024-12-31"))
    held = json.loads((tmp_path / "0" / "published.json").read_text("utf-8"))
    assert sorted(n for *_names, n in held["more"] if n is not None) == [9, 20]
    assert sum(row[-1] is None for row in held["more"]) == 2
    again = read_earlier(["0"], base=tmp_path, profile="publik")
    assert {c for c, n in again.items() if n is None} == hidden([passed])


def test_a_withheld_table_says_which_days_would_do() -> None:
    tables = _areas({"A": 30, "B": 40, "*outside": 60}, "2024-11-17")
    note = release_together(tables, "publik", OPTIONS)["appendix_counts"].notes[0]
    assert "2024-01-01 till 2024-09-30 (--period)" in note
    short = _areas({"A": 30, "B": 40, "*outside": 60}, "2024-02-17")
    note = release_together(short, "publik", OPTIONS)["appendix_counts"].notes[0]
    assert "minst ett helt kvartal" in note
