"""Two pieces of work side by side: their results, their faults, their language."""

from __future__ import annotations

import threading

import pytest

from geodata import language
from geodata.beside import side_by_side


def test_both_results_come_back_in_order() -> None:
    assert side_by_side(lambda: "here", lambda: "there") == ("here", "there")


def test_they_run_at_the_same_time() -> None:
    met = threading.Barrier(2, timeout=20)  # broken, and raising, unless both come to it
    assert sorted(side_by_side(met.wait, met.wait)) == [0, 1]


def test_the_fault_of_the_first_comes_before_that_of_the_second() -> None:
    def fail(word: str) -> None:
        raise ValueError(word)

    with pytest.raises(ValueError, match="here"):
        side_by_side(lambda: fail("here"), lambda: fail("there"))
    with pytest.raises(ValueError, match="there"):
        side_by_side(lambda: None, lambda: fail("there"))


def test_the_thread_speaks_the_callers_language() -> None:
    with language.using("en"):
        assert side_by_side(language.language, language.language) == ("en", "en")
