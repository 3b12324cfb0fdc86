from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.language import N_
from geodata.options import read_options, setting


@dataclass(frozen=True)
class Sample:
    eps_m: float = setting(75.0, N_("avstånd"), unit="m", above=0)
    n: int = setting(5, N_("antal"), minimum=1, maximum=10)
    kind: Literal["a", "b"] = setting("a", N_("slag"))
    names: tuple[str, ...] = setting((), N_("namn"))
    shares: tuple[float, ...] = setting((), N_("andelar"), minimum=0, maximum=1)
    path: Path | None = setting(None, N_("fil"))
    day: date | None = setting(None, N_("dag"))
    on: bool = setting(False, N_("på"))
    table: dict[str, str] = setting(dict, N_("tabell"), factory=True)


def test_values_of_every_kind_are_read() -> None:
    options, faults = read_options(
        Sample,
        {
            "eps_m": 100,
            "n": 10,
            "kind": "b",
            "names": ["x"],
            "path": "a/b.csv",
            "day": "2025-01-31",
            "on": True,
            "table": {"k": "v"},
        },
        "[sample]",
    )
    assert not faults
    assert options == Sample(
        100.0, 10, "b", ("x",), (), Path("a/b.csv"), date(2025, 1, 31), True, {"k": "v"}
    )


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("esp_m", 1, "unknown_setting"),
        ("eps_m", "75", "wrong_type"),
        ("eps_m", True, "wrong_type"),
        ("eps_m", 0, "out_of_range"),
        ("n", 11, "out_of_range"),
        ("n", 2.5, "wrong_type"),
        ("kind", "c", "wrong_type"),
        ("names", "x", "wrong_type"),
        ("shares", [0.5, 2], "out_of_range"),
        ("day", "31/1", "wrong_type"),
        ("on", 1, "wrong_type"),
        ("table", {"k": 1}, "wrong_type"),
    ],
)
def test_each_fault_has_its_code(key: str, value: object, code: str) -> None:
    options, faults = read_options(Sample, {key: value}, "[sample]")
    assert [f.code for f in faults] == [code]
    assert options == Sample()
    assert key in faults[0].where


def test_all_faults_come_at_once_and_a_misspelt_key_gets_a_suggestion() -> None:
    _, faults = read_options(Sample, {"esp_m": 1, "n": 0, "kind": 3}, "[sample]")
    assert len(faults) == 3
    assert "eps_m" in faults[0].next_step


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()))
def test_any_table_gives_options_and_faults_never_a_crash(table: dict[str, object]) -> None:
    options, faults = read_options(Sample, table, "[sample]")
    assert isinstance(options, Sample)
    assert len(faults) <= len(table)
