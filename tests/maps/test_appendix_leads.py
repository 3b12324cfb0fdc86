"""What a chapter shows in a sentence: only what its tables print, and nothing of what is hidden."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.appendix.leads import NAMED, most_and_fewest, when_sentence, where

RATES = {"Hageby": 29.7, "Klockaretorpet": 30.0, "Navestad": 33.1}


def source(rates: dict[str, float | None], whole: float | None = 18.0) -> SimpleNamespace:
    rows = [(name, "area", "area", rate) for name, rate in rates.items()]
    rows += [
        ("Utanför områdena", "outside", "area", 13.7),
        ("Hela kommunen", "whole", "whole", whole),
    ]
    table = pd.DataFrame(rows, columns=["name", "unit", "by", "rate"])
    table = table.assign(what="counted", order=0, source="police", rate_per="inhabitants")
    earlier = table.assign(order=1, rate=99.0)
    table = pd.concat([earlier, table], ignore_index=True)
    table["rate"] = table["rate"].astype("Float64")
    return SimpleNamespace(facts=SimpleNamespace(drugs=True), table={"appendix_counts": table}.get)


def test_areas_are_told_by_their_rates_highest_first() -> None:
    assert where(source(RATES)) == (  # type: ignore[arg-type]
        "Anmälda narkotikabrott per 1 000 invånare och år, högst först: Navestad (33,1), "
        "Klockaretorpet (30,0), Hageby (29,7); hela kommunen (18,0)."
    )


def test_a_hidden_rate_is_not_told_of() -> None:
    told = where(source({**RATES, "Navestad": None}, whole=None))  # type: ignore[arg-type]
    assert "Navestad" not in told
    assert "kommunen" not in told
    assert told.endswith("Klockaretorpet (30,0), Hageby (29,7).")
    assert where(source(dict.fromkeys(RATES))) == ""  # type: ignore[arg-type]


def test_equal_printed_rates_stand_by_name_whatever_their_further_decimals() -> None:
    told = where(source({"Ö": 30.04, "A": 30.0, "B": 30.01}))  # type: ignore[arg-type]
    assert "A (30,0), B (30,0), Ö (30,0)" in told


def test_of_many_areas_the_highest_are_named() -> None:
    many = {f"Område {n:02d}": float(n) for n in range(1, 31)}
    told = where(source(many))  # type: ignore[arg-type]
    assert "de 6 högsta av 30 områden vars tal visas: Område 30 (30,0)" in told
    assert len(re.findall(r"Område \d\d", told)) == NAMED


DAYS = [("måndag", 3.0), ("tisdag", 9.0), ("onsdag", 3.0)]


def test_days_and_parts_are_told_with_ties_named_together() -> None:
    told = when_sentence(DAYS, [("natt", 1.0), ("kväll", 14.0)])
    assert told == (
        "Av veckodagarna har tisdag flest händelser (9) och måndag och onsdag färst (3). Av dygnets "
        "delar har kväll flest händelser (14) och natt färst (1)."
    )


@pytest.mark.parametrize("named", [[], [("a", None), ("b", 2.0)], [("a", 2.0), ("b", 2.0)]])
def test_nothing_is_most_where_a_count_is_hidden_or_all_are_equal(
    named: list[tuple[str, float | None]],
) -> None:
    assert most_and_fewest(named) is None
    assert when_sentence(named, named) == ""


@given(st.lists(st.integers(0, 50), min_size=2, max_size=7))
def test_most_and_fewest_are_what_sorting_finds(values: list[int]) -> None:
    named = [(f"d{place}", float(value)) for place, value in enumerate(values)]
    found = most_and_fewest(named)
    if len(set(values)) == 1:
        assert found is None
        return
    assert found is not None
    assert (found[1], found[3]) == (str(max(values)), str(min(values)))
    assert set(found[0].split(" och ")) == {n for n, v in named if v == max(values)}
