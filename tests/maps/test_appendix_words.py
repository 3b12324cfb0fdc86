"""The words of the appendix: more and fewer only as reported, and only when certain."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from maps.appendix.heat import heat_picture
from maps.appendix.promise import share_limits
from maps.appendix.words import change_sentence, count, interval_text, ratio_percent, state_text

STATES = ("more", "fewer", "none", "few", "missing")


def row(state: str | None, **cells: object) -> pd.Series:
    whole = {
        "source": "police",
        "what": "counted",
        "n_now": 30,
        "n_before": 20,
        "ratio": 1.5,
        "ratio_low": 1.1,
        "ratio_high": 2.0,
        "state": state,
    }
    return pd.Series({**whole, **cells}, dtype="object")


FACTS = SimpleNamespace(drugs=True, compared="2022")


@pytest.mark.parametrize("state", STATES)
def test_rise_and_fall_are_said_only_of_reported_offences_and_only_when_certain(state: str) -> None:
    told = change_sentence(FACTS, row(state), "i Hageby")  # type: ignore[arg-type]
    said = any(word in told for word in ("ökat", "minskat"))
    assert said == (state in ("more", "fewer"))
    assert not said or "nmälda narkotikabrott har " in told
    est = change_sentence(FACTS, row(state, source="est_report", what="all"), "i Hageby")  # type: ignore[arg-type]
    assert "ökat" not in est
    assert "minskat" not in est


def test_the_words_in_a_table_follow_the_same_rule() -> None:
    assert state_text("police", "more") == "anmälda brott har ökat"
    assert state_text("est_report", "more") == "säkert fler rapporter"
    assert state_text("police", pd.NA) == "dolt"


def test_hidden_unknown_and_zero_are_three_things() -> None:
    assert count(0) == "0"
    assert count(None) == "uppgift saknas"
    assert count(pd.NA, hidden=True) == "dolt"


def test_figures_are_written_as_in_swedish() -> None:
    assert ratio_percent(1.126) == "+13\u00a0%"
    assert ratio_percent(0.5) == "\u221250\u00a0%"
    assert ratio_percent(1.0) == "±0\u00a0%"
    assert interval_text(1.2, np.nan) == "minst +20\u00a0%"
    assert interval_text(np.nan, np.nan) == "–"


def test_hidden_figures_are_not_told_in_a_sentence() -> None:
    told = change_sentence(FACTS, row(None, n_now=pd.NA), "i Hageby")  # type: ignore[arg-type]
    assert "dolda" in told
    assert not any(sign.isdigit() for sign in told)


@pytest.mark.parametrize("found", [0, 1, 7, 30])
def test_the_share_of_finds_has_exact_limits(found: int) -> None:
    from scipy.stats import binom

    low, high = share_limits(found, 30)
    assert low <= found / 30 <= high
    # At the limits the count seen is just as unlikely as the interval allows.
    assert found == 0 or binom.sf(found - 1, 30, low) == pytest.approx(0.025)
    assert found == 30 or binom.cdf(found, 30, high) == pytest.approx(0.025)


def test_the_heat_picture_tells_itself_in_words() -> None:
    matrix = np.zeros((7, 25))
    matrix[4, 21] = 12
    matrix[5, 24] = 2
    svg, alt = heat_picture(matrix)
    assert "fredag" in alt
    assert "21–22" in alt
    assert "14 händelser" in alt
    assert alt in svg
    assert heat_picture(np.zeros((7, 25)))[1] == "Ingen händelse har känt klockslag."
