"""The store: what is added, recognised, corrected, read and purged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import DataError, SettingsError
from geodata.exports import ReadOptions, read_export
from geodata.incidents import Import, ImportOptions, import_incidents
from geodata.incidents import Input as ReadInput
from geodata.store import Store
from geodata.store.keys import CONTENT, keys_of
from geodata.store.matching import ADDED, CORRECTED, OUTDATED, UNCHANGED, match
from geodata.store.parts import LIST
from tests.project import HEADER, row

ZONE = "Europe/Stockholm"


def imported(folder: Path, *rows: str, name: str = "uttag.csv") -> Import:
    path = folder / name
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return import_incidents(
        [ReadInput(read_export(path, ReadOptions()), ImportOptions())],
        crs="EPSG:3006",
        timezone=ZONE,
        today=date(2025, 12, 31),
        bbox=None,
    )


def opened(folder: Path) -> Store:
    return Store(folder / "lager", crs="EPSG:3006", timezone=ZONE)


def add(folder: Path, *rows: str, extracted: date = date(2024, 6, 1), name: str = "uttag.csv"):
    found = imported(folder, *rows, name=name)
    return opened(folder).add(found.incidents, found.report.inputs[0], found.rejected, extracted)


def content(events: pd.DataFrame) -> list[tuple[object, ...]]:
    plain = events[list(CONTENT)].astype(object).where(events[list(CONTENT)].notna(), None)
    return sorted(map(tuple, plain.to_numpy().tolist()), key=repr)


def test_the_same_rows_twice_change_nothing(tmp_path: Path) -> None:
    rows = [row(i) for i in range(5)]
    first = add(tmp_path, *rows)
    before = {p.name: p.read_bytes() for p in (tmp_path / "lager").iterdir()}
    again = add(tmp_path, *rows, extracted=date(2024, 7, 1))
    other_name = add(tmp_path, *reversed(rows), name="annat.csv", extracted=date(2024, 7, 1))
    assert (first.new, first.part) == (5, 1)
    assert (again.new, again.unchanged, again.part) == (0, 5, None)
    assert (other_name.unchanged, other_name.part) == (5, None)
    assert {p.name: p.read_bytes() for p in (tmp_path / "lager").iterdir()} == before


def test_weeks_added_one_by_one_are_the_whole_read_at_once(tmp_path: Path) -> None:
    rows = [row(i, date=f"2024-03-{1 + i:02d}", e=str(568900 + i)) for i in range(28)]
    for week in range(4):
        add(tmp_path, *rows[7 * week : 7 * week + 7], name=f"v{week}.csv")
    whole = imported(tmp_path, *rows, name="allt.csv")
    assert content(opened(tmp_path).read()) == content(whole.incidents)


def test_a_corrected_row_replaces_its_older_version_and_both_stay_in_the_history(
    tmp_path: Path,
) -> None:
    add(tmp_path, row(1), row(2))
    done = add(tmp_path, row(1, street="Rättgatan 2"), row(2), name="v2.csv")
    assert (done.corrected, done.unchanged, done.new) == (1, 1, 0)
    read = opened(tmp_path).read()
    assert len(read) == 2
    assert set(read["address"]) == {"Rättgatan 2", "Provgatan 1"}
    history = opened(tmp_path).history()
    assert history["address"].tolist() == ["Provgatan 1", "Rättgatan 2"]
    assert history["counts"].tolist() == [False, True]
    assert history["changed"].tolist() == ["", "address"]
    assert history["file"].tolist() == ["uttag.csv", "v2.csv"]


def test_the_version_of_the_later_extract_counts_whatever_the_order_of_adding(
    tmp_path: Path,
) -> None:
    add(tmp_path, row(1, street="Ny 1"), extracted=date(2024, 9, 1), name="ny.csv")
    late = add(tmp_path, row(1, street="Gammal 1"), extracted=date(2024, 6, 1), name="gammal.csv")
    assert (late.outdated, late.corrected) == (1, 0)
    assert opened(tmp_path).read()["address"].tolist() == ["Ny 1"]
    assert opened(tmp_path).history()["counts"].tolist() == [False, True]
    # and the old file once more is known
    again = add(tmp_path, row(1, street="Gammal 1"), extracted=date(2025, 1, 1), name="gammal.csv")
    assert (again.unchanged, again.part) == (1, None)
    assert opened(tmp_path).read()["address"].tolist() == ["Ny 1"]


def test_an_event_of_a_case_in_another_week_is_not_replaced(tmp_path: Path) -> None:
    add(tmp_path, row(1, date="2024-03-05"), row(2, date="2024-03-07"))
    done = add(tmp_path, row(1, date="2024-03-12"), row(3, date="2024-03-14"), name="v2.csv")
    assert (done.new, done.corrected) == (2, 0)
    assert len(opened(tmp_path).read()) == 4


def test_a_moved_date_within_the_exports_span_is_a_correction(tmp_path: Path) -> None:
    add(tmp_path, row(1, date="2024-03-05"), row(2, date="2024-03-07"))
    done = add(
        tmp_path, row(1, date="2024-03-06"), row(2, date="2024-03-07"), row(3, date="2024-03-01"),
        name="v2.csv",
    )  # fmt: skip
    assert (done.new, done.corrected, done.unchanged) == (1, 1, 1)
    assert len(opened(tmp_path).read()) == 3


def test_equal_events_without_case_numbers_count_as_often_as_they_stand(tmp_path: Path) -> None:
    add(tmp_path, row(1, case=""), row(2, case="", e="568960"))
    done = add(tmp_path, row(1, case=""), row(3, case="", e="568990"), name="v2.csv")
    assert (done.new, done.unchanged) == (1, 1)
    assert len(opened(tmp_path).read()) == 3


def test_rejected_rows_and_the_report_are_kept_with_the_part(tmp_path: Path) -> None:
    add(tmp_path, row(1), row(2, n="0", e="0"))
    part = opened(tmp_path).facts.parts[0]
    assert part.report["rows_read"] == 2
    assert part.report["rows_rejected"] == 1
    rejected = pd.read_parquet(tmp_path / "lager" / part.rejected_file)
    assert rejected["reason"].tolist() == ["zero_coordinates"]


def test_purging_removes_every_version_of_what_is_too_old_and_nothing_else(
    tmp_path: Path,
) -> None:
    add(tmp_path, row(1, date="2023-05-01"), row(2, date="2024-05-01", street="Fel 1"))
    add(tmp_path, row(2, date="2024-05-01", street="Rätt 1"), name="v2.csv")
    add(tmp_path, row(3, date="2023-06-01"), name="v3.csv")
    done = opened(tmp_path).purge(date(2024, 1, 1))
    assert (done.events, set(done.parts)) == (2, {"uttag.csv", "v3.csv"})
    store = opened(tmp_path)
    assert store.read()["address"].tolist() == ["Rätt 1"]
    assert store.history()["address"].tolist() == ["Fel 1", "Rätt 1"]
    assert store.facts.purged[0]["events"] == 2
    bytes_left = b"".join(p.read_bytes() for p in (tmp_path / "lager").iterdir())
    assert b"100001-24" not in bytes_left
    assert store.purge(date(2024, 1, 1)).events == 0
    # what was purged comes back only as new
    assert add(tmp_path, row(1, date="2023-05-01"), name="v4.csv").new == 1


def test_purging_the_version_that_counts_takes_its_older_versions_along(tmp_path: Path) -> None:
    add(tmp_path, row(1, date="2024-02-10"), row(2, date="2024-01-01"))
    done = add(
        tmp_path, row(1, date="2024-01-10"), row(2, date="2024-01-01"), row(3, date="2024-03-01"),
        name="v2.csv",
    )  # fmt: skip
    assert done.corrected == 1
    assert opened(tmp_path).purge(date(2024, 2, 1)).events == 3
    assert opened(tmp_path).read()["case_id"].tolist() == ["5000-K100003-24"]
    assert opened(tmp_path).history().empty


def test_an_event_at_midnight_of_the_day_is_kept(tmp_path: Path) -> None:
    add(tmp_path, row(1, date="2024-01-01", time="0000"), row(2, date="2023-12-31", time="2359"))
    assert opened(tmp_path).purge(date(2024, 1, 1)).events == 1


def test_a_damaged_or_foreign_store_is_told(tmp_path: Path) -> None:
    add(tmp_path, row(1))
    with pytest.raises(SettingsError) as told:
        Store(tmp_path / "lager", crs="EPSG:3010", timezone=ZONE)
    assert told.value.faults[0].code == "store_of_other_crs"
    (tmp_path / "lager" / "del-0001.parquet").write_bytes(b"PAR1 not at all")
    with pytest.raises(DataError) as told_too:
        opened(tmp_path).read()
    assert told_too.value.faults[0].code == "store_unreadable"
    (tmp_path / "lager" / LIST).write_text("{", encoding="utf-8")
    with pytest.raises(DataError):
        opened(tmp_path)


def test_a_write_that_is_cut_short_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tmp_path, row(1))
    with monkeypatch.context() as patched:
        patched.setattr(np, "save", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(OSError, match="full"):
            add(tmp_path, row(2), name="v2.csv")
    assert opened(tmp_path).read()["case_id"].tolist() == ["5000-K100001-24"]
    assert add(tmp_path, row(2), name="v2.csv").new == 1  # and what was left behind is no hindrance
    assert len(opened(tmp_path).read()) == 2


def test_keys_are_the_same_from_version_to_version(tmp_path: Path) -> None:
    found = keys_of(imported(tmp_path, row(1)).incidents)
    assert found["place"].tolist() == [56894100 * 2**32 + 649523100]
    assert [int(found["key"][0]), int(found["content"][0])] == KNOWN


KNOWN = [10061007427317128522, 6742014720307378283]


events = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)), max_size=8)


def frame(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["key", "place", "start"], dtype="int64")
    table["content"] = table["key"] * 100 + table["place"] * 10 + table["start"]
    return table


@given(events, events, st.integers(0, 2))
def test_each_stored_event_is_recognised_at_most_once(new, old, extracted) -> None:
    stored = frame(old).assign(event_no=range(1, len(old) + 1), current=True, extracted=np.int64(1))
    found = match(frame(new), stored, extracted)
    partners = found.partner[found.partner >= 0]
    assert len(set(partners.tolist())) == len(partners)
    assert ((found.status == ADDED) == (found.partner < 0)).all()
    both = stored.set_index("event_no").loc[partners].reset_index()
    mine = frame(new)[found.partner >= 0].reset_index(drop=True)
    assert (both["key"] == mine["key"]).all()
    same = (both["content"] == mine["content"]).to_numpy()
    status = found.status[found.partner >= 0]
    assert (same == (status == UNCHANGED)).all()
    assert set(status[~same].tolist()) <= {CORRECTED if extracted >= 1 else OUTDATED}
    # as many equal events as stand on both sides are known
    for value, n in frame(new)["content"].value_counts().items():
        there = int((stored["content"] == value).sum())
        at = (frame(new)["content"] == value).to_numpy()
        assert int((found.status[at] == UNCHANGED).sum()) == min(n, there)
