"""Personal data is found in kept text, and ordinary case numbers and addresses are left alone."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from geodata.screening import KINDS, chance_hits, find_personal, is_personal_number


def kinds(texts, role="address"):
    return [KINDS[k] if k >= 0 else "" for k in find_personal(pa.array(texts), role)]


# Skatteverket's own test numbers and numbers made for tests.
@pytest.mark.parametrize(
    "text",
    ["811218-9876", "8112189876", "19811218-9876", "198112189876", "811218+9876", "811278-9873"],
)
def test_a_personnummer_is_one(text):
    assert is_personal_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "811218-9875",  # check digit
        "811318-9876",  # month 13
        "20250230-1234",
        "5000-K123456-24",
        "6495231",
        "568941.12",
        "",
        "ABC123",
    ],
)
def test_other_numbers_are_not(text):
    assert not is_personal_number(text)


@given(
    born=st.dates(date(1900, 1, 1), date(2025, 1, 1)),
    serial=st.integers(0, 999),
    coordination=st.booleans(),
    long=st.booleans(),
    sign=st.sampled_from(["-", "", "+"]),
    before=st.sampled_from(["", "Storgatan 5 ", "dnr: ", "("]),
    after=st.sampled_from(["", " Norrköping", ")", ", port"]),
)
def test_every_valid_number_is_found_wherever_it_stands(
    born, serial, coordination, long, sign, before, after
):
    day = born.day + (60 if coordination else 0)
    nine = f"{born:%y%m}{day:02d}{serial:03d}"
    digit = luhn.calc_check_digit(nine)
    century = f"{born:%Y}"[:2] if long else ""
    number = f"{century}{nine[:6]}{sign}{nine[6:]}{digit}"
    for role in ("address", "case_id", "code", "text"):
        assert kinds([f"{before}{number}{after}"], role) == ["personal_number"]


@given(
    born=st.dates(date(1900, 1, 1), date(2025, 1, 1)),
    serial=st.integers(0, 999),
    off=st.integers(1, 9),
)
def test_a_wrong_check_digit_is_not_a_personnummer(born, serial, off):
    nine = f"{born:%y%m%d}{serial:03d}"
    digit = (int(luhn.calc_check_digit(nine)) + off) % 10
    assert not is_personal_number(f"{nine[:6]}-{nine[6:]}{digit}")
    assert kinds([f"{nine[:6]}-{nine[6:]}{digit}"], "case_id") == [""]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("070-123 45 67", "phone"),
        ("ring 0701234567", "phone"),
        ("+46 70 123 45 67", "phone"),
        ("tel 011-12 34 56", "phone"),
        ("08-123 456 78", "phone"),
        ("anna@example.se", "email"),
        ("ABC123", "plate"),
        ("bil ABC12D vid infarten", "plate"),
        ("regnr ABC 123", "plate"),
        ("Storgatan 5 lgh 1203", "flat"),
        ("Storgatan 5, lägenhet 12", "flat"),
        ("Storgatan 5 våning 3 tr", "flat"),
        ("Storgatan 5, 3 tr", "flat"),
        ("Storgatan 5, 1203", "flat"),
        ("400 MONROE LN APT 8", "flat"),
    ],
)
def test_other_personal_data_is_found(text, kind):
    assert kinds([text]) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Storgatan 5",
        "Storgatan 12A",
        "Trädgårdsgatan 12 / 14",
        "Storgatan 5, 602 24 Norrköping",
        "Väg E22 123",
        "Riksväg 55",
        "Hagebygatan 125-131",
        "Trappgatan 3",
        "Lagegatan 7",
        "S:t Persgatan 80",
        "600 E MARKET ST",
        "800 Block of BRYANT ST",
        "16TH ST / MISSION ST",
        "1100 5TH ST SW",
        "Hagebygatan 3 D",
        "Kvarteret Spinnrocken 7",
    ],
)
def test_addresses_are_left_alone(text):
    assert kinds([text]) == [""]


@pytest.mark.parametrize(
    "text",
    ["5000-K123456-24", "0500-K12345-24", "K-2024-001234", "EST-0123", "0301-123456", "120522283"],
)
def test_case_numbers_are_left_alone(text):
    assert kinds([text], "case_id") == [""]


def test_a_series_that_looks_like_plates_is_a_series():
    assert kinds([f"EST{n}" for n in range(100, 130)], "case_id") == [""] * 30
    mixed = [f"EST{n}" for n in range(100, 130)] + ["KLM482"]
    assert kinds(mixed, "case_id") == [""] * 30 + ["plate"]


def test_chance_is_told_from_real_numbers():
    serial = pa.array([f"{n:010d}" for n in range(2401010000, 2401010900)])
    assert chance_hits(serial, find_personal(serial, "case_id"))
    real = pa.array([f"240101{n:03d}{luhn.calc_check_digit(f'240101{n:03d}')}" for n in range(200)])
    assert not chance_hits(real, find_personal(real, "case_id"))


@given(st.lists(st.text(max_size=30), max_size=20))
def test_any_text_can_be_searched(texts):
    assert len(find_personal(pa.array(texts, pa.string()), "address")) == len(texts)
