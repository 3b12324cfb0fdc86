"""Which column is what: as stated, guessed by name, refused when it holds persons."""

from __future__ import annotations

import pyarrow as pa
import pytest
from stdnum import luhn

from geodata.mapping import choose_columns, personal_name


def table(*names, **columns):
    return pa.table({n: ["1", "2"] for n in names} | columns)


def choose(table, columns=None, ignore=(), unlisted="drop", also_used=()):
    return choose_columns(
        table,
        columns=columns or {},
        ignore=ignore,
        unlisted=unlisted,
        also_used=also_used,
        where="fil.csv",
    )


def codes(chosen):
    return [f.code for f in chosen.faults]


GUESSES = {
    "excel": (
        "inskrdat,närpo,basområde,gata,brottskod,antal,brottsdag start,brottsdag slut,tid start,"
        "tid slut,X,Y",
        {
            "date": "brottsdag start",
            "time": "tid start",
            "end_date": "brottsdag slut",
            "end_time": "tid slut",
            "x": "X",
            "y": "Y",
            "offence_code": "brottskod",
            "count": "antal",
            "address": "gata",
        },
    ),
    "database": (
        "ID,BROTTSKOD,LATITUDE,LONGITUDE,GATA,GATUNR,KOMMUN,BROTTSDATUMTID_START,"
        "BROTTSDATUMTID_SLUT",
        {
            "date": "BROTTSDATUMTID_START",
            "end_date": "BROTTSDATUMTID_SLUT",
            "x": "LONGITUDE",
            "y": "LATITUDE",
            "offence_code": "BROTTSKOD",
            "case_id": "ID",
            "address": "GATA + GATUNR",
        },
    ),
    "charlottesville": (
        "RecordID,Offense,DateReported,HourReported,BlockNumber,StreetName,geometry_loc_type,"
        "drug_flag,lon,lat",
        {
            "date": "DateReported",
            "time": "HourReported",
            "x": "lon",
            "y": "lat",
            "offence_text": "Offense",
            "case_id": "RecordID",
            "geocode_class": "geometry_loc_type",
            "address": "BlockNumber + StreetName",
        },
    ),
    "london": (
        "category,month,latitude,longitude,CODIGO_DIV1,CODIGO_DIV2",
        {"date": "month", "x": "longitude", "y": "latitude", "offence_text": "category"},
    ),
}


@pytest.mark.parametrize("name", GUESSES)
def test_columns_are_guessed_and_told(name):
    header, expected = GUESSES[name]
    chosen = choose(table(*header.split(",")))
    assert {t: " + ".join(c) for t, c in chosen.columns.items()} == expected
    assert not chosen.faults
    notice = next(n for n in chosen.notices if n.code == "guessed_columns")
    assert notice.level == "chosen"
    assert notice.data["columns"] == expected


def test_every_other_column_is_named_as_unused():
    chosen = choose(table("Datum", "X", "Y", "Kommun"))
    assert chosen.unused == ("Kommun",)


def test_points_of_a_vector_file_go_before_columns():
    chosen = choose(table("X", "Y", "Date", "__x", "__y"))
    assert (chosen.columns["x"], chosen.columns["y"]) == (("__x",), ("__y",))


def test_one_half_of_a_pair_is_not_mixed_with_another_pair():
    chosen = choose(table("datum", "longitude", "N", "E"))
    assert (chosen.columns["x"], chosen.columns["y"]) == (("E",), ("N",))


def test_what_is_stated_goes_before_names_and_nothing_means_nothing():
    chosen = choose(table("Datum", "Tid", "Start", "X", "Y"), {"date": "Start", "time": ""})
    assert chosen.columns["date"] == ("Start",)
    assert "time" not in chosen.columns


def test_a_missing_column_is_told_with_the_nearest():
    chosen = choose(table("Brottsdag", "X", "Y"), {"date": "Brotsdag"})
    (fault,) = chosen.faults
    assert fault.code == "missing_column"
    assert "Brottsdag" in fault.next_step


def test_an_unknown_target_is_told_with_the_nearest():
    (fault,) = choose(table("Datum", "X", "Y"), {"adress": "Datum"}).faults
    assert fault.code == "unknown_target"
    assert "address" in fault.next_step


def test_date_and_coordinates_are_required():
    (fault,) = choose(table("Kommun")).faults
    assert fault.code == "missing_required"
    assert "datum" in fault.what
    assert "x-koordinat" in fault.what


@pytest.mark.parametrize(
    "name",
    [
        "Namn",
        "personnummer",
        "Misstänkt",
        "misstänkt_ålder",
        "Målsägande namn",
        "Ålder",
        "Kön",
        "Self-defined ethnicity",
        "Officer-defined ethnicity",
        "Age range",
        "Gender",
        "Nationality",
        "SuspectRace",
        "Telefonnummer",
        "E-post",
        "regnr",
        "Lägenhetsnummer",
        "Date of birth",
    ],
)
def test_columns_that_hold_persons_are_refused_by_name(name):
    assert personal_name(name)
    chosen = choose(table("Datum", "X", "Y", name))
    assert codes(chosen) == ["personal_column"]
    assert name in chosen.faults[0].next_step


@pytest.mark.parametrize(
    "name",
    ["Gatunamn", "StreetName", "Områdesnamn", "Brottsplats", "Kommun", "Vägnamn", "Location",
     "Category", "Personalenhet", "Komnr", "Konto", "Passage"],
)  # fmt: skip
def test_ordinary_columns_are_not(name):
    assert not personal_name(name)


def test_personal_columns_mapped_to_nothing_are_not_read():
    chosen = choose(table("Datum", "X", "Y", "Namn", "Ålder"), ignore=("Namn", "Ål*"))
    assert not chosen.faults
    assert chosen.ignored == ("Namn", "Ålder")


def test_a_personal_column_can_not_be_mapped_either():
    assert "personal_column" in codes(choose(table("Datum", "X", "Y", "Namn"), {"address": "Namn"}))


def test_a_column_of_personnummer_is_refused_whatever_its_name():
    numbers = [f"810101{n:03d}{luhn.calc_check_digit(f'810101{n:03d}')}" for n in range(30)]
    rows = {"Datum": ["1"] * 30, "X": ["1"] * 30, "Y": ["1"] * 30}
    assert codes(choose(pa.table(rows | {"Referens": numbers}))) == ["personal_column"]
    typed = pa.array([int(n) for n in numbers])
    assert codes(choose(pa.table(rows | {"Referens": typed}))) == ["personal_column"]


def test_free_text_is_never_read_and_told():
    story = [f"Patrullen ser vid torget {n} hur en man lämnar över något litet till en annan." for
             n in range(20)]  # fmt: skip
    rows = {"Datum": ["1"] * 20, "X": ["1"] * 20, "Y": ["1"] * 20, "Fritext": ["kort"] * 20}
    chosen = choose(pa.table(rows | {"Kolumn7": story}))
    assert chosen.free_text == ("Fritext", "Kolumn7")
    assert "free_text_column" in [n.code for n in chosen.notices]


def test_unlisted_columns_can_be_refused():
    chosen = choose(table("Datum", "X", "Y", "Kommun"), unlisted="refuse")
    assert codes(chosen) == ["unlisted_column"]
    assert not choose(
        table("Datum", "X", "Y", "Kommun"), unlisted="refuse", ignore=("Kommun",)
    ).faults


def test_columns_of_rules_must_exist_and_count_as_listed():
    assert codes(choose(table("Datum", "X", "Y"), also_used=("Typ",))) == ["missing_column"]
    assert not choose(table("Datum", "X", "Y", "Typ"), also_used=("Typ",), unlisted="refuse").faults


STORY = [
    f"Patrullen ser vid torget {n} hur en man lämnar över något litet till en annan."
    for n in range(20)
]


def test_free_text_can_class_rows_but_is_never_kept():
    rows = pa.table({"Datum": ["1"] * 20, "X": ["1"] * 20, "Y": ["1"] * 20, "Text": STORY})
    chosen = choose(rows, {"offence_text": "Text"})
    assert not chosen.faults
    assert chosen.sentences == ("Text",)
    assert chosen.free_text == ()
    assert codes(choose(rows, {"address": "Text"})) == ["free_text_mapped"]


def test_what_is_mapped_to_nothing_can_not_be_used():
    rows = table("Datum", "X", "Y", "Namn", "Kön")
    assert codes(choose(rows, {"address": "Namn"}, ignore=("Namn", "Kön"))) == ["ignored_but_used"]
    assert codes(choose(rows, ignore=("Namn", "Kön"), also_used=("Kön",))) == ["ignored_but_used"]
