"""Tables of counts released together, weaker limits, and what earlier editions have told."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from geodata import schema
from geodata.appendix_tables import APPENDIX
from geodata.disclosure import (
    DisclosureOptions,
    read_earlier,
    release,
    release_together,
    span_told,
    write_published,
)
from geodata.effect_tables import FOLLOWUP
from geodata.errors import DataError
from geodata.language import using

OPTIONS = DisclosureOptions()
NAMES = {"*": "whole", "*outside": "outside"}


def counts(by_area: dict[str, int], year: int = 2024, **classes: int) -> pd.DataFrame:
    """Return table ``appendix_counts`` of one year: areas, the whole, and classes of the whole."""
    whole = sum(by_area.values())
    rows = [("whole", "*", "all", whole)]
    rows += [("area", area, "all", n) for area, n in by_area.items()]
    rows += [("class", "*", name, n) for name, n in classes.items()]
    table = pd.DataFrame(rows, columns=["by", "area_id", "value", "n_events"])
    n = len(table)
    table["order"], table["days"] = 0, 366
    table["period"] = pd.Series([str(year)] * n, dtype="str")
    for column, month, day in (("first_date", 1, 1), ("last_date", 12, 31)):
        days = pd.Series([datetime(year, month, day)] * n)
        table[column] = days.astype("datetime64[us]")
    units = table["area_id"].map(NAMES).fillna("area").tolist()
    table["rate"] = table["n_events"] / 2.0
    for column, values in {
        "source": ["police"] * n,
        "what": ["all"] * n,
        "by": table["by"].tolist(),
        "unit": units,
        "rate_per": ["km2"] * n,
    }.items():
        table[column] = schema.category(values, "appendix_counts", column, tables=APPENDIX)
    text = {
        "area_id": "str",
        "value": "str",
        "n_events": "int64",
        "order": "int64",
        "days": "int64",
    }
    table = table.astype(text)
    table["name"] = table["area_id"]
    return table[list(APPENDIX["appendix_counts"])]


def shown(released: object, column: str = "n_events") -> dict[tuple[str, str], int | None]:
    table = released.table  # type: ignore[attr-defined]
    return {
        (row.area_id, row.value): None if pd.isna(getattr(row, column)) else int(row.n_events)
        for row in table.itertuples()
    }


AREAS = {"A": 2, "B": 12, "C": 40, "*outside": 60}


def test_a_small_area_hides_the_next_smallest_since_the_whole_is_told() -> None:
    passed = release(counts(AREAS), "appendix_counts", "publik", OPTIONS)
    told = shown(passed)
    assert [key[0] for key, n in told.items() if n is None] == ["A", "B"]
    table = passed.table
    assert table is not None
    assert table["hidden"].tolist() == [False, True, True, False, False]
    assert table["rate"].isna().tolist() == table["hidden"].tolist()
    assert "Antal under 5 är dolda" in passed.notes[0]
    assert len(passed.published) == 3


def test_zero_is_told_and_is_not_hidden() -> None:
    told = shown(release(counts(AREAS | {"D": 0}), "appendix_counts", "publik", OPTIONS))
    assert told["D", "all"] == 0


def test_nothing_is_hidden_inside() -> None:
    passed = release(counts(AREAS), "appendix_counts", "intern", OPTIONS)
    assert passed.table is not None
    assert passed.table["n_events"].tolist() == [114, 2, 12, 40, 60]
    assert passed.published == {}


def test_the_same_edition_again_hides_no_more(tmp_path: Path) -> None:
    large = counts({"A": 9, "B": 12, "C": 40, "*outside": 60})
    write_published(tmp_path, [release(large, "appendix_counts", "publik", OPTIONS)])
    earlier = read_earlier([str(tmp_path)], base=tmp_path, profile="publik")
    assert len(earlier) == 5
    again = release_together({"appendix_counts": large}, "publik", OPTIONS, earlier=earlier)
    assert None not in shown(again["appendix_counts"]).values()


def test_a_year_and_the_two_years_it_is_part_of(tmp_path: Path) -> None:
    old = release(
        counts({"A": 30, "B": 12, "C": 40, "*outside": 60}), "appendix_counts", "publik", OPTIONS
    )
    write_published(tmp_path, [old])
    earlier = read_earlier([str(tmp_path)], base=tmp_path, profile="publik")
    both = counts({"A": 33, "B": 25, "C": 80, "*outside": 120})
    both["last_date"] = pd.Series([datetime(2025, 12, 31)] * len(both)).astype("datetime64[us]")
    alone = release_together({"appendix_counts": both}, "publik", OPTIONS)
    assert None not in shown(alone["appendix_counts"]).values()
    after = release_together({"appendix_counts": both}, "publik", OPTIONS, earlier=earlier)
    told = shown(after["appendix_counts"])
    assert told["A", "all"] is None  # 33 less last year's 30 is 3
    assert list(told.values()).count(None) >= 2  # else the whole gives it


def test_the_public_has_its_own_editions_only(tmp_path: Path) -> None:
    partners = release(
        counts({"A": 3, "B": 40, "C": 40, "*outside": 60}), "appendix_counts", "samverkan", OPTIONS
    )
    write_published(tmp_path, [partners])
    paths = [str(tmp_path / "published.json")]
    assert read_earlier(paths, base=tmp_path, profile="publik") == {}
    assert len(read_earlier(paths, base=tmp_path, profile="samverkan")) == 5


def followup(n_now: dict[str, int], year: int = 2024) -> pd.DataFrame:
    """Return table ``followup_areas`` of the events of one year and a large year before."""
    table = schema.empty("followup_areas", tables=FOLLOWUP)
    rows = []
    for area, n in ({"*": sum(n_now.values())} | n_now).items():
        row: dict[str, object] = dict.fromkeys(table.columns, 0.5)
        row |= {"area_id": area, "name": area, "unit": NAMES.get(area, "area")}
        row |= {"boundary": "by_date", "source": "police", "class": "all", "state": "none"}
        row |= {"n_before": 1000, "n_now": n, "sentence": f"Det var {n}.", "days_now": 366}
        row |= {"days_before": 365}
        for name, then in (("before", year - 1), ("now", year)):
            row[f"first_{name}"], row[f"last_{name}"] = datetime(then, 1, 1), datetime(then, 12, 31)
        rows.append(row)
    made = pd.DataFrame(rows)
    made.loc[made["area_id"] == "*", "n_before"] = 1000 * len(n_now)
    for column, kind in table.dtypes.items():
        made[column] = made[column].astype(kind)
    return made[list(table.columns)]


def test_two_tables_hide_the_same_number_alike() -> None:
    passed = release_together(
        {"appendix_counts": counts(AREAS), "followup_areas": followup(AREAS)}, "publik", OPTIONS
    )
    other = passed["followup_areas"].table
    assert other is not None
    hidden = set(other.loc[other["n_now"].isna(), "area_id"])
    assert hidden == {key[0] for key, n in shown(passed["appendix_counts"]).items() if n is None}
    gone = other[other["n_now"].isna()]
    assert gone[["ratio", "sentence", "state", "rest_ratio", "per_year_now"]].isna().all(axis=None)
    assert gone["n_before"].notna().all()
    assert "dispersion" not in other.columns


def test_two_tables_that_tell_different_counts_of_the_same_are_refused() -> None:
    tables = {"appendix_counts": counts(AREAS), "followup_areas": followup(AREAS | {"A": 3})}
    with pytest.raises(ValueError, match="different counts"):
        release_together(tables, "publik", OPTIONS)


def test_fewer_areas_than_can_be_protected_withhold_the_table() -> None:
    passed = release(counts({"A": 2, "*outside": 3}), "appendix_counts", "publik", OPTIONS)
    assert passed.table is None
    assert "områdena är för få" in passed.notes[0]
    assert passed.published == {}


def test_public_tables_count_whole_quarters_only() -> None:
    table = counts({"A": 20, "B": 30, "*outside": 60})
    table["last_date"] = pd.Series([datetime(2024, 12, 30)] * len(table)).astype("datetime64[us]")
    passed = release(table, "appendix_counts", "publik", OPTIONS)
    assert passed.table is None
    assert "hela kvartal" in passed.notes[0]
    assert release(table, "appendix_counts", "samverkan", OPTIONS).table is not None


@pytest.mark.parametrize("text", ["{", "[]", '{"profile": "publik"}'])
def test_an_earlier_edition_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "published.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_earlier([str(tmp_path), "saknas"], base=tmp_path, profile="publik")
    codes = [fault.code for fault in error.value.faults]
    assert codes == ["earlier_edition_unreadable"] * 2


def test_the_file_of_what_was_told_holds_nothing_hidden(tmp_path: Path) -> None:
    passed = release(counts(AREAS), "appendix_counts", "publik", OPTIONS)
    write_published(tmp_path, [passed])
    held = json.loads((tmp_path / "published.json").read_text("utf-8"))
    assert sorted(row[-1] for row in held["counts"]) == [40, 60, 114]
    assert not write_published(tmp_path, [])


def test_spans_are_told_to_the_public_by_quarter() -> None:
    first, last = datetime(2023, 1, 12).date(), datetime(2024, 11, 2).date()
    assert span_told(first, last, "publik") == "2023 kvartal 1 – 2024 kvartal 4"
    assert span_told(first, last, "samverkan") == "2023-01-12 – 2024-11-02"
    assert span_told(first, first, "publik") == "2023 kvartal 1"
    with using("en"):
        assert span_told(first, last, "intern") == "2023-01-12 – 2024-11-02"


def test_weaker_limits_are_told_with_every_table() -> None:
    weak = DisclosureOptions(min_count_publik=3)
    passed = release(counts({"A": 3, "B": 12, "*outside": 60}), "appendix_counts", "publik", weak)
    assert None not in shown(passed).values()
    assert any("Svagare skydd" in note for note in passed.notes)


def test_tables_whose_numbers_do_not_add_up_are_withheld() -> None:
    table = counts(AREAS)
    table.loc[table["by"] == "whole", "n_events"] = 20
    passed = release(table, "appendix_counts", "publik", OPTIONS)
    assert passed.table is None
    assert "går inte ihop" in passed.notes[0]
