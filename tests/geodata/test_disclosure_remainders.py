"""What lists leave of their whole: the true counts, and protected like any others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from geodata.disclosure import DisclosureOptions
from geodata.disclosure.cells import EVERYWHERE, Cell, all_but, only
from geodata.disclosure.hiding import hide_cells
from geodata.disclosure.remainders import remainders

WHAT = "events/police"
YEAR = (date(2025, 1, 1), date(2025, 12, 31))
QUARTERS = [
    (date(2025, 1, 1), date(2025, 3, 31)),
    (date(2025, 4, 1), date(2025, 6, 30)),
    (date(2025, 7, 1), date(2025, 9, 30)),
    (date(2025, 10, 1), date(2025, 12, 31)),
]
KINDS = only("drug_supply", "drug_use", "drug_possession")
OUTSIDE = all_but(["A", "B", "*unplaced"])


@dataclass(frozen=True)
class Told:
    """A table of one column."""

    cells: Mapping[Cell, int]
    secret: frozenset[Cell] = frozenset()
    sums_known: bool = False
    lists_defaults: bool = False

    def values(self) -> Iterator[tuple[Cell, int]]:
        yield from self.cells.items()


def cell(areas=all_but(()), classes=KINDS, span=YEAR) -> Cell:  # noqa: B008 (tuples)
    return Cell(WHAT, areas, classes, *span)


def test_areas_leave_the_default_address_classes_the_others_quarters_the_fourth() -> None:
    told = {cell(): 89, cell(only("A")): 15, cell(only("B")): 21, cell(OUTSIDE): 51}
    told |= {cell(classes=only("drug_use")): 60, cell(classes=only("drug_supply")): 25}
    told |= {cell(span=one): n for one, n in zip(QUARTERS[:3], (30, 30, 28), strict=True)}
    assert remainders(told) == {
        cell(only("*unplaced")): 2,
        cell(classes=only("drug_possession")): 4,
        cell(span=QUARTERS[3]): 1,
    }


def test_without_outside_the_areas_leave_all_the_rest() -> None:
    told = {cell(): 89, cell(only("A")): 15}
    assert remainders(told) == {cell(all_but(["A"])): 74}


def test_a_list_that_is_whole_or_has_no_whole_leaves_nothing() -> None:
    outside = all_but(["A", "B"])
    assert remainders({cell(only("A")): 3, cell(only("B")): 4, cell(outside): 5}) == {}
    told = {cell(): 12, cell(only("A")): 3, cell(only("B")): 4, cell(outside): 5}
    assert remainders(told) == {}


def holds(one: Cell, area: str, kind: str, day: date) -> bool:
    def within(ids: tuple[str, ...], what: str) -> bool:
        return (what not in ids) if EVERYWHERE in ids else (what in ids)

    return within(one.areas, area) and within(one.classes, kind) and one.first <= day <= one.last


AREAS = [all_but(()), only("A"), only("B"), OUTSIDE]
CLASSES = [KINDS, *(only(kind) for kind in KINDS), only("drug_supply", "drug_possession")]
EVENTS = st.tuples(
    st.sampled_from(["A", "B", "elsewhere", "*unplaced"]),
    st.sampled_from(KINDS),
    st.dates(*YEAR),
)


@given(
    st.lists(EVENTS, max_size=40),
    st.sets(
        st.builds(
            cell,
            st.sampled_from(AREAS),
            st.sampled_from(CLASSES),
            st.sampled_from([YEAR, *QUARTERS]),
        )
    ),
)
def test_what_is_left_is_what_there_is(events, cells) -> None:
    told = {one: sum(holds(one, *event) for event in events) for one in cells}
    for one, n in remainders(told).items():
        assert n == sum(holds(one, *event) for event in events)
        assert one not in told


def test_a_small_remainder_takes_another_number_with_it() -> None:
    told = {cell(): 89, cell(only("A")): 15, cell(only("B")): 21, cell(OUTSIDE): 51}
    found = hide_cells([Told(told)], {}, "publik", DisclosureOptions())
    assert found.hidden <= told.keys()
    assert len(found.hidden) == 1
    large = {**told, cell(OUTSIDE): 43}  # ten on the default address
    assert not hide_cells([Told(large)], {}, "publik", DisclosureOptions()).hidden


def test_earlier_quarters_and_this_year_do_not_give_the_last_quarter_away() -> None:
    earlier = {cell(span=one): n for one, n in zip(QUARTERS[:3], (30, 30, 28), strict=True)}
    found = hide_cells([Told({cell(): 89})], earlier, "publik", DisclosureOptions())
    assert found.hidden == {cell()}
    enough = hide_cells([Told({cell(): 99})], earlier, "publik", DisclosureOptions())
    assert not enough.hidden
