"""The register of entrances: what is read, what is refused, what is told, when consent holds."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import language
from geodata.errors import DataError
from geodata.reference import read_layer
from geodata.register import (
    Register,
    RegisterOptions,
    made_register,
    owners_table,
    read_register,
    write_template,
)
from geodata.register.consent import search_spaces, weigh_consent
from geodata.register.template import HEADINGS, REGISTER_FILE, RESULTS_FILE, write_templates
from geodata.register.words import read_spaces
from geodata.search_tables import SPACES
from tests.factories import CRS, X0, Y0

TODAY = date(2025, 11, 23)
ROW: dict[str, str] = {
    "Entré-id": "A",
    "Adress": "Storgatan 1",
    "Fastighetsbeteckning": "KVARNEN 1",
    "Fastighetsägare": "Hyresbo AB",
    "Kontaktroll": "förvaltare",
    "Upplåtelseform": "hyresrätt",
    "Antal lägenheter": "20",
    "Utrymmen": "trapphus, källare",
    "Samtycke av": "förvaltare",
    "Samtycke datum": "2025-01-01",
    "Samtycke omfattar": "alla",
    "Boende informerade": "2025-02-01",
    "Informationssätt": "anslag",
    "E": str(X0),
    "N": str(Y0),
}


def row(**changes: str) -> dict[str, str]:
    names = {
        "id": "Entré-id",
        "address": "Adress",
        "estate": "Fastighetsbeteckning",
        "owner": "Fastighetsägare",
        "role": "Kontaktroll",
        "dwellings": "Antal lägenheter",
        "spaces": "Utrymmen",
        "by": "Samtycke av",
        "given": "Samtycke datum",
        "scope": "Samtycke omfattar",
        "to": "Samtycke till och med",
        "back": "Samtycke återkallat",
        "e": "E",
        "n": "N",
    }
    return ROW | {names[key]: value for key, value in changes.items()}


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    headings = list(dict.fromkeys(name for one in rows for name in one))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(tmp_path: Path, *rows: dict[str, str], **settings: Any) -> Register:
    path = write(tmp_path / "register.csv", list(rows))
    return read_register(path, crs=CRS, on=TODAY, options=RegisterOptions(**settings))


def codes(register: Register) -> list[str]:
    return [notice.code for notice in register.notices]


def faults(error: pytest.ExceptionInfo[DataError]) -> list[str]:
    return [fault.code for fault in error.value.faults]


def other(name: str, east: float, **changes: str) -> dict[str, str]:
    return row(id=name, address=f"Gatan {name}", estate=f"HUS {name}", e=str(X0 + east), **changes)


def test_known_answer(tmp_path: Path) -> None:
    register = read(tmp_path, row(to="2025-12-31", scope="trapphus"))
    one = register.table.iloc[0]
    assert one["entrance_id"] == "A"
    assert one["consent"] == "valid"
    assert one["spaces"] == "stairwell;basement_corridor"
    assert one["search_spaces"] == "stairwell"
    assert one["tenure"] == "rental"
    assert one["dwellings"] == 20
    assert one["consent_valid_to"] == pd.Timestamp("2025-12-31")
    assert (one["x_m"], one["y_m"]) == (X0, Y0)
    assert one["register_source"] == "register"
    assert "guessed_columns" in codes(register)
    assert register.issues.empty


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"to": "2025-11-22"}, "expired"),
        ({"to": "2025-11-23"}, "valid"),
        ({"to": "tills vidare"}, "valid"),
        ({"to": "2025-11"}, "valid"),
        ({"back": "2025-11-23"}, "withdrawn"),
        ({"back": "2025-11-24"}, "valid"),
        ({"back": "ja"}, "withdrawn"),
        ({"back": "2024-12-31"}, "valid"),
        ({"given": "2025-11-24"}, "not_yet"),
        ({"given": "2025-11-23"}, "valid"),
        ({"given": ""}, "unclear"),
        ({"given": "i våras"}, "unclear"),
        ({"by": ""}, "unclear"),
        ({"owner": ""}, "unclear"),
        ({"by": "", "given": "", "scope": ""}, "none"),
        ({"scope": "vind"}, "no_space"),
        ({"spaces": "", "scope": ""}, "no_space"),
        ({"spaces": "", "scope": "vind"}, "valid"),
        ({"scope": ""}, "valid"),
    ],
)
def test_consent(tmp_path: Path, changes: dict[str, str], expected: str) -> None:
    table = read(tmp_path, row(**changes), other("B", 50)).table.set_index("entrance_id")
    assert table.loc["A", "consent"] == expected
    assert (table.loc["A", "search_spaces"] != "") == (expected == "valid")


def test_no_consent_anywhere(tmp_path: Path) -> None:
    nothing = {"by": "", "given": "", "scope": ""}
    register = read(tmp_path, row(**nothing), other("B", 50, **nothing))
    assert len(register.table) == 2
    assert codes(register).count("no_valid_consent") == 1
    assert "consent_lacking" not in codes(register)


def test_owner_without_entrances(tmp_path: Path) -> None:
    register = read(tmp_path, row(), {"Fastighetsägare": "Tomt AB", "Kontaktroll": "vd"})
    assert codes(register).count("owner_without_entrances") == 1
    owners = owners_table(register).set_index("owner")
    assert owners.loc["Tomt AB", "n_entrances"] == 0
    assert owners.loc["Tomt AB", "contact_role"] == "vd"
    assert owners.loc["Hyresbo AB", ["n_entrances", "n_valid", "n_informed"]].tolist() == [1, 1, 1]


def test_entrances_without_owner(tmp_path: Path) -> None:
    register = read(tmp_path, row(), other("B", 50, owner=""), other("C", 90, owner=""))
    assert len(register.table) == 3
    assert codes(register).count("no_owner") == 1
    issues = register.issues[register.issues["code"] == "no_owner"]
    assert issues["row_number"].tolist() == [3, 4]


def test_duplicated_entrance_keeps_the_strictest_consent(tmp_path: Path) -> None:
    twice = [
        row(to="2026-12-31", scope="trapphus, källare"),
        row(to="2026-03-31", spaces="tvättstuga, trapphus", scope="trapphus"),
    ]
    register = read(tmp_path, *twice)
    one = register.table.iloc[0]
    assert len(register.table) == 1
    assert one["spaces"] == "stairwell;basement_corridor;laundry"
    assert one["search_spaces"] == "stairwell"
    assert one["consent_valid_to"] == pd.Timestamp("2026-03-31")
    assert codes(register).count("duplicate_entrance") == 1
    assert register.issues["row_number"].tolist() == [2, 3]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"back": "2025-10-01"}, "withdrawn"),
        ({"to": "2025-10-01"}, "expired"),
        ({"by": "", "given": "", "scope": ""}, "none"),
        ({"owner": "Någon annan AB"}, "unclear"),
        ({}, "valid"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_one_bad_row_of_two_spoils_consent(
    tmp_path: Path, changes: dict[str, str], expected: str, turned: bool
) -> None:
    rows = [row(given="2025-11-01"), row(**changes)]
    assert read(tmp_path, *(rows[::-1] if turned else rows)).table["consent"].tolist() == [expected]


def test_two_owners_of_a_property(tmp_path: Path) -> None:
    register = read(
        tmp_path,
        row(),
        row(id="B", address="Storgatan 3", owner="Annat AB", e=str(X0 + 50)),
        other("C", 99),
    )
    assert dict(zip(register.table["entrance_id"], register.table["consent"], strict=True)) == {
        "A": "unclear",
        "B": "unclear",
        "C": "valid",
    }
    assert codes(register).count("two_owners") == 1


def test_owners_that_differ_in_case_are_one(tmp_path: Path) -> None:
    register = read(tmp_path, row(), row(id="B", owner="HYRESBO AB", e=str(X0 + 50)))
    assert "two_owners" not in codes(register)


def test_entrance_without_point_is_told_and_kept_among_the_issues(tmp_path: Path) -> None:
    register = read(tmp_path, row(), other("B", 0, n=""), other("C", 50))
    assert register.table["entrance_id"].tolist() == ["A", "C"]
    assert register.issues["code"].tolist() == ["no_point"]
    assert register.issues["row_number"].tolist() == [3]


def test_shelters_are_left_out_and_never_named(tmp_path: Path) -> None:
    secret = other("B", 50, owner="Föreningen Kvinnojouren Exempel")
    register = read(tmp_path, row(), secret)
    assert register.table["entrance_id"].tolist() == ["A"]
    told = " ".join(notice.text for notice in register.notices) + register.issues.to_string()
    assert "Kvinnojouren" not in told
    assert "Gatan B" not in told
    assert codes(register).count("shelter_left_out") == 1
    assert "Kvinnojouren" not in owners_table(register).to_string()


@pytest.mark.parametrize(
    "heading",
    [
        "Lägenhetsnummer",
        "Dörr",
        "Kontaktperson",
        "Hyresgästens namn",
        "Telefon",
        "E-post",
        "Boende",
    ],
)
def test_columns_of_doors_flats_and_persons_are_refused(tmp_path: Path, heading: str) -> None:
    with pytest.raises(DataError) as error:
        read(tmp_path, row() | {heading: "x"})
    assert faults(error) == ["personal_column"]
    assert heading in str(error.value)


def test_refused_columns_can_be_left_unread(tmp_path: Path) -> None:
    register = read(tmp_path, row() | {"Dörr": "3"}, register_ignore=("Dörr",))
    assert len(register.table) == 1


def test_number_of_flats_is_no_flat(tmp_path: Path) -> None:
    assert read(tmp_path, row()).table["dwellings"].tolist() == [20]


@pytest.mark.parametrize(
    "changes",
    [{"address": "Storgatan 1 lgh 1102"}, {"role": "förvaltare 070-123 45 67"}],
)
def test_personal_values_are_refused_without_being_repeated(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    with pytest.raises(DataError) as error:
        read(tmp_path, row(**changes))
    assert faults(error) == ["personal_value"]
    assert "1102" not in str(error.value)
    assert "070" not in str(error.value)


def test_a_name_is_no_role(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read(tmp_path, row(role="Anna Andersson"))
    assert faults(error) == ["person_as_role"]
    assert "Anna" not in str(error.value)


def test_all_faults_at_once(tmp_path: Path) -> None:
    rows = row(role="Anna Andersson") | {"Dörr": "3"}
    del rows["E"]
    with pytest.raises(DataError) as error:
        read(tmp_path, rows)
    assert faults(error) == ["personal_column", "person_as_role", "no_place"]


def test_unknown_spaces_and_numbers_are_told(tmp_path: Path) -> None:
    register = read(tmp_path, row(spaces="trapphus, bastu", dwellings="många"))
    assert register.table["spaces"].tolist() == ["stairwell"]
    assert set(register.issues["code"]) == {"unknown_space", "unreadable_number"}
    assert "bastu" in register.issues["detail"].tolist()


def test_spaces_as_marked_columns(tmp_path: Path) -> None:
    marked = {k: v for k, v in ROW.items() if k != "Utrymmen"} | {"Trapphus": "x", "Vind": "nej"}
    assert read(tmp_path, marked).table["spaces"].tolist() == ["stairwell"]


def test_columns_can_be_named(tmp_path: Path) -> None:
    renamed = {("Husägare" if k == "Fastighetsägare" else k): v for k, v in ROW.items()}
    register = read(tmp_path, renamed, register_columns={"owner": "Husägare"})
    assert register.table["owner"].tolist() == ["Hyresbo AB"]
    with pytest.raises(DataError) as error:
        read(tmp_path, renamed, register_columns={"owner": "Husägar", "ägare": "x"})
    assert set(faults(error)) == {"missing_column", "unknown_target"}


def test_ids_are_made_of_places_whatever_the_order(tmp_path: Path) -> None:
    rows = [row(id="", address=f"Gatan {i}", e=str(X0 + 10 * i)) for i in range(6)]
    rows[4]["Adress"] = ""
    first = read(tmp_path, *rows)
    again = read(tmp_path, *rows[::-1])
    assert first.table["entrance_id"].tolist() == [f"E{i}" for i in range(1, 7)]
    assert_geodataframe_equal(
        first.table.drop(columns="source_row"), again.table.drop(columns="source_row")
    )


def test_degrees_are_read(tmp_path: Path) -> None:
    where = {"Longitud": "16.19", "Latitud": "58.59"}
    rows = {k: v for k, v in ROW.items() if k not in ("E", "N")} | where
    table = read(tmp_path, rows).table
    assert table["x_m"].iloc[0] == pytest.approx(569_000, abs=2000)


@pytest.mark.parametrize("kind", ["sv", "en"])
def test_the_template_reads_back(tmp_path: Path, kind: language.Language) -> None:
    path = tmp_path / "mall.csv"
    with language.using(kind):
        write_template(path)
    values = [ROW.get(str(name), "") for name in HEADINGS]
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(";".join(values) + "\r\n")
    register = read_register(path, crs=CRS, on=TODAY)
    assert register.table["consent"].tolist() == ["valid"]
    assert register.table["source_row"].tolist() == [3]
    assert "columns_unread" not in codes(register)


def test_workbook_and_geopackage_say_the_same(tmp_path: Path) -> None:
    plain = read(tmp_path, row(to="2025-12-31"))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    full = row(to="2025-12-31")
    sheet.append(list(full))
    typed: dict[str, Any] = {**full, "E": X0, "N": Y0, "Antal lägenheter": 20}
    typed["Samtycke till och med"] = date(2025, 12, 31)
    sheet.append(list(typed.values()))
    book.save(tmp_path / "register.xlsx")
    points = gpd.GeoDataFrame(
        [{k: v for k, v in full.items() if k not in ("E", "N")}],
        geometry=gpd.points_from_xy([X0], [Y0]),
        crs=CRS,
    )
    points.to_file(tmp_path / "register.gpkg", layer="entreer")
    for name in ("register.xlsx", "register.gpkg"):
        found = read_register(tmp_path / name, crs=CRS, on=TODAY).table
        assert_geodataframe_equal(
            found.drop(columns="source_row"), plain.table.drop(columns="source_row")
        )


def test_made_entrances_have_no_consent() -> None:
    doors = gpd.GeoDataFrame(
        {
            "entrance": ["staircase", "service", "staircase"],
            "addr:street": ["Storgatan", None, "Storgatan"],
            "addr:housenumber": ["4", None, "6"],
            "addr:unit": ["A", None, "12"],
        },
        geometry=gpd.points_from_xy([X0 + 9, X0, X0 + 5], [Y0, Y0, Y0]),
        crs=CRS,
    )
    made = made_register(entrances=doors, buildings=None, crs=CRS, on=TODAY)
    assert made.table["entrance_id"].tolist() == ["E1", "E2"]
    assert made.table["address"].tolist() == ["Storgatan 6", "Storgatan 4 A"]
    assert set(made.table["consent"]) == {"none"}
    assert set(made.table["register_source"]) == {"entrances"}
    assert [n.code for n in made.notices] == ["register_made"]
    houses = doors.set_geometry(doors.buffer(5))
    built = made_register(entrances=None, buildings=houses, crs=CRS, on=TODAY)
    assert set(built.table["register_source"]) == {"buildings"}
    assert len(built.table) == 3
    none = made_register(entrances=None, buildings=None, crs=CRS, on=TODAY)
    assert none.table.empty
    assert owners_table(none).empty


@given(st.lists(st.sampled_from(SPACES)), st.lists(st.sampled_from(SPACES)))
def test_a_search_never_leaves_the_scope(own: list[str], scope: list[str]) -> None:
    series = [pd.Series([";".join(dict.fromkeys(one))], dtype="str") for one in (own, scope)]
    found = set(search_spaces(*series).iloc[0].split(";")) - {""}
    assert not scope or found <= set(scope)
    assert not own or found <= set(own)


@given(
    st.integers(-400, 400),
    st.one_of(st.none(), st.integers(-400, 400)),
    st.one_of(st.none(), st.integers(-400, 400)),
)
@settings(max_examples=200)
def test_consent_against_plain_words(given_at: int, ends: int | None, back: int | None) -> None:
    day = pd.Timestamp(TODAY)

    def moment(offset: int | None) -> pd.Series[Any]:
        at = pd.NaT if offset is None else day + pd.Timedelta(days=offset)
        return pd.Series([at]).astype("datetime64[us]")

    table = pd.DataFrame(
        {
            "owner": ["X"],
            "consent_by": ["chef"],
            "consent_date": moment(given_at),
            "consent_valid_to": moment(ends),
            "consent_withdrawn": moment(back),
            "spaces": pd.Series(["attic"], dtype="str"),
            "consent_spaces": pd.Series([""], dtype="str"),
        }
    )
    no = np.array([False])
    found = weigh_consent(table, given=~no, refused=no, withdrawn=no, unclear=no, on=TODAY)
    open_now = given_at <= 0 and (ends is None or ends >= 0)
    taken_back = back is not None and back <= 0 and back >= given_at
    assert (found["consent"].iloc[0] == "valid") == (open_now and not taken_back)


def test_words_of_spaces() -> None:
    assert read_spaces("Alla") == (SPACES, [])
    assert read_spaces("Tvättstuga och TRAPPHUS; hiss") == (("stairwell", "laundry"), ["hiss"])


def test_staircases_among_tags_of_openstreetmap() -> None:
    tags = [
        '"entrance"=>"staircase","addr:street"=>"Storgatan","addr:housenumber"=>"4","ref"=>"B"',
        '"entrance"=>"service"',
        '"entrance"=>"staircase","addr:flats"=>"1-10"',
    ]
    doors = gpd.GeoDataFrame(
        {"other_tags": tags}, geometry=gpd.points_from_xy([X0, X0, X0 + 5], [Y0, Y0, Y0]), crs=CRS
    )
    made = made_register(entrances=doors, buildings=None, crs=CRS, on=TODAY).table
    assert made["address"].fillna("").tolist() == ["Storgatan 4 B", ""]
    assert made["dwellings"].isna().all()


@pytest.mark.real
def test_staircase_entrances_of_helsinki(real_data: Path) -> None:
    doors = read_layer(
        real_data / "osm" / "Helsinki_entrances.parquet",
        crs="EPSG:3067",
        kinds=("point",),
        source_crs="EPSG:4326",
    ).table
    made = made_register(entrances=doors, buildings=None, crs="EPSG:3067", on=TODAY).table
    assert len(made) == 57
    assert set(made["consent"]) == {"none"}


def test_templates_never_overwrite_what_is_filled_in(tmp_path: Path) -> None:
    (tmp_path / REGISTER_FILE).write_text("mitt", encoding="utf-8")
    write_templates(tmp_path)
    assert (tmp_path / REGISTER_FILE).read_text(encoding="utf-8") == "mitt"
    assert (tmp_path / RESULTS_FILE).read_text(encoding="utf-8-sig").startswith('"#')
