"""The list of offence codes: what stands in it, what each fault says, and classes by text."""

from __future__ import annotations

import csv
import re
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from geodata.columns import Distinct
from geodata.errors import DataError
from geodata.offence_codes import (
    ANDTS_OF_CLASS,
    DATA,
    class_of_text,
    read_offence_codes,
    text_rules,
    tidy_code,
)
from geodata.offences import UNKNOWN, classes_of_codes, classes_of_texts, count_codes, tidy_codes
from geodata.schema import ANDTS_GROUPS, OFFENCE_CLASSES

EXPECTED = {
    "drug_production": ["5004"],
    "drug_supply": ["5005"],
    "drug_possession": ["5010", "5006", "5012"],
    "drug_use": ["5011"],
    "drug_control_act": ["5001"],
    "doping": ["5009", "5013", "5014", "5015", "5016"],
    "tobacco": ["5017", "5018"],
    "alcohol": ["5040", "5041", "5042", "5043", "5044", "5045", "5046", "5047", "5048"],
    "drug_smuggling": ["4046", "4054", "4066", "4141"],
    "harmful_substances": ["4118", "4119"],
    "other": ["5002", "5003", "5007", "5008"],
}


def column(texts):
    values = sorted({t for t in texts if t is not None})
    return Distinct(
        pa.array(values, pa.string()),
        np.array([-1 if t is None else values.index(t) for t in texts], dtype=np.int64),
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_codes_have_their_class(name):
    codes = read_offence_codes()
    assert {c: codes[c].offence_class for c in EXPECTED[name]} == dict.fromkeys(
        EXPECTED[name], name
    )


def test_codes_out_of_use_have_their_last_day():
    codes = read_offence_codes()
    assert codes["5006"].valid_to == date(1999, 12, 31)
    assert codes["5012"].valid_to == date(2006, 12, 31)
    assert codes["5010"].valid_to is None


def test_every_row_of_the_file_is_whole():
    with (DATA / "offence_codes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(read_offence_codes().by_code)
    for row in rows:
        assert re.fullmatch(r"\d{4}", row["code"])
        assert row["text_sv"]
        assert row["text_en"]
        assert row["source"]
        if row["valid_to"]:
            assert row["note"], "why the end of a code is what it is"


def test_every_class_has_a_group():
    assert set(ANDTS_OF_CLASS) == set(OFFENCE_CLASSES)
    assert set(ANDTS_OF_CLASS.values()) <= set(ANDTS_GROUPS)


@pytest.mark.parametrize(
    ("text", "code", "restored"),
    [
        ("5010", "5010", False),
        (" 5010 ", "5010", False),
        ("5011.0", "5011", False),
        ("5011,0", "5011", False),
        ("301", "0301", True),
        ("0301", "0301", False),
        ("5011 Bruk", "5011", False),
        ("5011 - bruk", "5011", False),
        ("50110", "50110", False),
        ("NSL", "NSL", False),
    ],
)
def test_a_code_is_written_as_the_list_writes_it(text, code, restored):
    assert tidy_code(text) == (code, restored)


def test_an_own_list_replaces_the_built_in_one(tmp_path):
    file = tmp_path / "koder.csv"
    file.write_text("code;offence_class\n5010;drug_use\n", encoding="utf-8-sig")
    codes = read_offence_codes(file)
    assert list(codes.by_code) == ["5010"]
    assert codes["5010"].offence_class == "drug_use"
    assert codes["5010"].andts_group == "narcotics"


def test_every_fault_of_an_own_list_is_told_at_once(tmp_path):
    file = tmp_path / "koder.csv"
    file.write_text(
        "code,offence_class,valid_to\n5010,drug_posession,\n,other,\n5011,other,2020-02-30\n"
        "5011,other,\n"
    )
    with pytest.raises(DataError) as error:
        read_offence_codes(file)
    told = str(error.value)
    assert len(error.value.faults) == 4
    assert "drug_possession" in told
    assert "2020-02-30" in told
    assert "två gånger" in told


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x01\x80", None])
def test_an_unreadable_list_is_told(tmp_path, content):
    file = tmp_path / "koder.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DataError) as error:
        read_offence_codes(file)
    assert error.value.faults[0].code == "codes_unreadable"


def test_a_list_without_its_columns_is_told(tmp_path):
    file = tmp_path / "koder.csv"
    file.write_text("kod,offence_clas\n5010,other\n")
    with pytest.raises(DataError) as error:
        read_offence_codes(file)
    assert [f.code for f in error.value.faults] == ["codes_column", "codes_column"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("DRUG/NARCOTIC VIOLATION", "drug_unspecified"),
        ("Controlled drugs", "drug_unspecified"),
        ("Drogas", "drug_unspecified"),
        ("POSSESSION OF MARIJUANA", "drug_possession"),
        ("POSSESSION OF MARIJUANA FOR SALES", "drug_supply"),
        ("DRUG/NARCOTIC SALE OF BASE/ROCK COCAINE", "drug_supply"),
        ("DRUG/NARCOTIC TRANSPORTAION OF CONTROLLED SUBSTANCE", "drug_supply"),
        ("PLANTING/CULTIVATING MARIJUANA", "drug_production"),
        ("UNDER INFLUENCE OF DRUGS IN A PUBLIC PLACE", "drug_use"),
        ("POSSESSION OF STOLEN PROPERTY", "unknown"),
        ("SALE OF TICKETS", "unknown"),
        ("Narkotikabrott, innehav", "drug_possession"),
        ("Narkotikabrott, eget bruk", "drug_use"),
        ("Misstänkt narkotikahandel", "drug_supply"),
        ("Narkotikabrott", "drug_unspecified"),
        ("Narkotikasmuggling", "drug_smuggling"),
        ("Cannabisodling", "drug_production"),
        ("Skadegörelse, klotter", "damage"),
        ("Misshandel", "violence"),
        ("Stöld", "unknown"),
        ("PROWLER HOT SPOT", "unknown"),
    ],
)
def test_texts_have_their_class(text, name):
    assert class_of_text(text) == name


def test_rules_by_text_are_well_formed():
    for rule in text_rules():
        assert rule.kind in ("contains", "regex")
        assert rule.offence_class in OFFENCE_CLASSES
        re.compile(rule.pattern)


def test_codes_that_the_list_lacks_have_no_class():
    codes = read_offence_codes()
    found = classes_of_codes(column(["5010", "9999", None]), codes)
    assert found.tolist() == [OFFENCE_CLASSES.index("drug_possession"), -1, -1]


def test_own_texts_go_before_the_rules():
    found = classes_of_texts(column(["Drogas", "drogas", "x"]), {"DROGAS": "drug_use"})
    assert found.tolist() == [OFFENCE_CLASSES.index("drug_use")] * 2 + [-1]
    assert UNKNOWN not in found


def test_codes_that_tidy_to_one_are_one():
    tidy = tidy_codes(column(["5011", "5011.0", "301", "0301", None]))
    assert tidy.distinct.values.to_pylist() == ["0301", "5011"]
    assert tidy.distinct.codes.tolist() == [1, 1, 0, 0, -1]
    assert tidy.n_restored == 1


def test_codes_are_counted_and_those_out_of_use_on_the_local_day():
    start = pd.Series(
        pd.to_datetime(
            ["1999-12-31 23:30", "2000-01-01 00:30", "2024-05-01 12:00", "2024-05-01 12:00"]
        )
    ).dt.tz_localize("Europe/Stockholm")
    texts = column(["5006", "5006", "5010", "7777"])
    counts = {
        c.code: c for c in count_codes(texts, np.array([0, 1, 2, 3]), start, read_offence_codes())
    }
    assert (counts["5006"].rows, counts["5006"].expired) == (2, 1)
    assert (counts["5010"].rows, counts["5010"].expired) == (1, 0)
    assert not counts["7777"].known
    assert counts["7777"].offence_class == "unknown"
    usable = count_codes(texts, np.array([2]), start, read_offence_codes())
    assert [c.code for c in usable] == ["5010"]
