from __future__ import annotations

import pytest

from geodata import labels, language, schema


def test_numbers_are_written_as_the_language_does() -> None:
    assert language.number(1234567.5, 1) == "1\u00a0234\u00a0567,5"
    assert language.number(-3) == "\u22123"
    assert language.percent(0.125, 1) == "12,5\u00a0%"
    with language.using("en"):
        assert language.number(1234567.5, 1) == "1,234,567.5"
        assert language.percent(0.125, 1) == "12.5%"


def test_the_language_is_back_after_the_block() -> None:
    with language.using("en"):
        assert language.language() == "en"
    assert language.language() == "sv"


def test_plural_of_one() -> None:
    assert language.ngettext("{n} rad", "{n} rader", 1) == "{n} rad"
    assert language.ngettext("{n} rad", "{n} rader", 0) == "{n} rader"


@pytest.mark.parametrize(
    "values",
    [
        schema.OFFENCE_CLASSES,
        schema.SOURCES,
        schema.SPACE_TYPES,
        schema.GEOCODE_CLASSES,
        schema.CERTAINTIES,
        schema.PRECISIONS,
        schema.YES_NO,
        schema.ANDTS_GROUPS,
    ],
)
def test_every_code_has_a_name(values: tuple[str, ...]) -> None:
    assert all(value in labels.LABELS for value in values)
    assert labels.label("drug_use") == "eget bruk"
