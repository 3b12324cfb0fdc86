"""Events made of rows, held against a slow and plain account of the same rules."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.duplicates import CONTENT, Rows, gather, pack
from geodata.schema import PRECISIONS

HOUR = 3_600_000_000
SMALL = {
    "case": st.sampled_from([-1, -1, 0, 1]),
    "place": st.integers(0, 1),
    "start": st.sampled_from([0, 60_000_000, HOUR]),
    "precision": st.sampled_from([0, 0, 1, 2, 3]),
    "code": st.sampled_from([-1, 0, 1, 2]),
    "text": st.sampled_from([-1, 0]),
    "offence_class": st.integers(0, 2),
    "count": st.integers(0, 2),
    "source": st.integers(0, 1),
    "address": st.sampled_from([-1, 0]),
}
NAMES = ("number", "case", "place", *CONTENT)
BYTES = ("precision", "offence_class", "source", "police_initiated", "space_type", "certainty",
         "geocode_class")  # fmt: skip


def make(rows):
    columns = {name: [r.get(name, 0) for r in rows] for name in NAMES}
    columns["end"] = [r.get("end", r.get("start", 0)) for r in rows]
    return Rows(
        **{n: np.array(v, dtype=np.int8 if n in BYTES else np.int64) for n, v in columns.items()}
    )


def row(number, **columns):
    defaults = {"case": -1, "code": 0, "text": -1, "address": -1}
    return {"number": number, **defaults, **columns}


def plain(rows, mode):
    """Return (events, duplicates): the rules told row by row."""
    groups, single, seen, n_dup = defaultdict(list), [], set(), 0
    for r in rows:
        content = tuple(r.get(n, 0) if n != "end" else r.get("start", 0) for n in CONTENT)
        timed = r["precision"] <= PRECISIONS.index("hour")
        if r["case"] < 0 and not timed:
            if mode == "merge" and (r["place"], content) in seen:
                n_dup += 1
                continue
            seen.add((r["place"], content))
            single.append([(content, r)])
            continue
        owner = ("case", r["case"]) if r["case"] >= 0 else ("source", r["source"])
        key = (owner, r["place"], r["start"] // HOUR, timed)
        if mode != "keep" and content in [c for c, _r in groups[key]]:
            n_dup += 1
            continue
        groups[key].append((content, r))
    return [*groups.values(), *single], n_dup


def told(events, rows):
    """Return what is told of each event, as sorted tuples."""
    return sorted(
        (
            int(rows.case[events.row[i]]),
            int(rows.place[events.row[i]]),
            int(events.start[i]),
            int(events.end[i]),
            int(events.precision[i]),
            int(events.count[i]),
            events.code_sets[events.codes[i]],
            events.class_sets[events.classes[i]],
            int(rows.offence_class[events.row[i]]),
        )
        for i in range(len(events.row))
    )


def told_plainly(groups, mode, counted):
    found = []
    for group in groups:
        rows = [r for _c, r in group]
        codes = tuple(sorted({r["code"] for r in rows if r["code"] >= 0}))
        classes = tuple(sorted({r["offence_class"] for r in rows}))
        if counted:
            count = sum(max(r["count"], 1) for r in rows)
        elif mode == "keep":
            count = len(rows)
        else:
            count = len({(r["code"], r["text"]) for r in rows})
        found.append(
            (
                rows[0]["case"],
                rows[0]["place"],
                min(r["start"] for r in rows),
                max(r["start"] for r in rows),
                max(r["precision"] for r in rows),
                count,
                codes,
                classes,
                classes[0],
            )
        )
    return sorted(found)


@given(
    st.lists(st.fixed_dictionaries(SMALL), max_size=14),
    st.sampled_from(["auto", "merge", "keep"]),
    st.booleans(),
)
def test_the_same_as_row_by_row(rows, mode, counted):
    rows = [{"number": i + 2, **r} for i, r in enumerate(rows)]
    made = make(rows)
    events = gather(made, mode, counted=counted)
    groups, n_dup = plain(rows, mode)
    assert told(events, made) == told_plainly(groups, mode, counted)
    assert events.n_duplicate == n_dup
    assert len(rows) == len(events.row) + events.n_added + events.n_duplicate


@given(
    st.lists(st.fixed_dictionaries(SMALL), max_size=14),
    st.sampled_from(["auto", "merge", "keep"]),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_does_not_matter(rows, mode, random):
    rows = [{"number": i + 2, **r} for i, r in enumerate(rows)]
    shuffled = random.sample(rows, len(rows))
    one, other = make(rows), make(shuffled)
    first, second = gather(one, mode, counted=False), gather(other, mode, counted=False)
    assert told(first, one) == told(second, other)
    assert sorted(first.first_number.tolist()) == sorted(second.first_number.tolist())
    assert (first.n_duplicate, first.n_identical, first.n_added, first.n_split) == (
        second.n_duplicate,
        second.n_identical,
        second.n_added,
        second.n_split,
    )


def events_of(*rows, mode="auto", counted=False):
    made = make(list(rows))
    return gather(made, mode, counted=counted)


def test_possession_and_use_of_one_case_are_one_event_with_two_offences():
    events = events_of(
        row(2, case=0, code=1, offence_class=3), row(3, case=0, code=0, offence_class=2)
    )
    assert events.count.tolist() == [2]
    assert events.code_sets[events.codes[0]] == (0, 1)
    assert events.first_number.tolist() == [2]
    assert events.row.tolist() == [1], "the principal offence is the first in rank"
    assert (events.n_added, events.n_duplicate) == (1, 0)


@pytest.mark.parametrize("other", [{"place": 1}, {"start": 30 * HOUR}])
def test_one_case_at_two_places_or_times_is_two_events(other):
    events = events_of(row(2, case=0), row(3, case=0, **other))
    assert len(events.row) == 2
    assert events.n_split == 1


def test_without_a_case_the_same_place_hour_and_source_are_one_event():
    assert len(events_of(row(2), row(3, start=59 * 60_000_000, code=1)).row) == 1
    assert len(events_of(row(2), row(3, start=HOUR, code=1)).row) == 2
    assert len(events_of(row(2), row(3, source=1, code=1)).row) == 2


@pytest.mark.parametrize(
    ("mode", "n_events", "n_duplicate", "n_identical"),
    [("auto", 3, 0, 2), ("merge", 1, 2, 0), ("keep", 3, 0, 2)],
)
def test_identical_rows_known_by_month_only(mode, n_events, n_duplicate, n_identical):
    events = events_of(*(row(n, precision=3) for n in (4, 2, 3)), mode=mode)
    assert len(events.row) == n_events
    assert (events.n_duplicate, events.n_identical) == (n_duplicate, n_identical)
    assert events.first_number.min() == 2


@pytest.mark.parametrize(("mode", "count"), [("auto", 1), ("merge", 1), ("keep", 2)])
def test_identical_rows_of_one_case(mode, count):
    events = events_of(row(2, case=0), row(3, case=0), mode=mode)
    assert events.count.tolist() == [count]
    assert events.n_duplicate == (0 if mode == "keep" else 1)


def test_stated_numbers_of_offences_are_summed():
    events = events_of(row(2, case=0, count=3), row(3, case=0, code=1, count=0), counted=True)
    assert events.count.tolist() == [4]


def test_no_rows_no_events():
    events = events_of()
    assert len(events.row) == 0
    assert (events.n_duplicate, events.n_added) == (0, 0)


@given(
    st.lists(
        st.tuples(
            st.integers(-1, 3),
            st.integers(-(2**61), 2**61),
            st.integers(-(2**40), 2**40),
            st.integers(0, 2),
        ),
        max_size=20,
    )
)
def test_packed_keys_are_equal_where_rows_are(rows):
    columns = [np.array(c, dtype=np.int64) for c in zip(*rows, strict=True)] if rows else [
        np.empty(0, dtype=np.int64)
    ]  # fmt: skip
    keys = pack(columns).tolist()
    for i, one in enumerate(rows):
        for j, other in enumerate(rows):
            assert (keys[i] == keys[j]) == (one == other)
