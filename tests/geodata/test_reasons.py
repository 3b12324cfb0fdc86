"""Reasons: every code has a sentence, and codes and numbers agree."""

from __future__ import annotations

import numpy as np

from geodata.reasons import CODES, REASONS, code_of, names_of, reason_text


def test_codes_and_numbers_agree():
    numbers = np.array([code_of(code) for code in CODES], dtype=np.int8)
    assert numbers.tolist() == list(range(len(CODES)))
    assert names_of(numbers).tolist() == list(CODES)
    assert CODES[0] == ""


def test_every_reason_has_a_sentence():
    for code in REASONS:
        assert reason_text(code).endswith(".")
    assert reason_text("some_other") == "some_other"
