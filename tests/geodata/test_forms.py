"""Forms, what they lack, versions that never change, and the register of 10 §."""

from __future__ import annotations

import dataclasses
import tomllib
from datetime import UTC, date, datetime

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.camera_tables import CAMERAS
from geodata.disclosure import DisclosureOptions, release
from geodata.errors import DataError, SettingsError
from geodata.files.excel import write_list_xlsx
from geodata.files.text import write_list_csv
from geodata.forms import Form, Forms, proposed_hours, read_forms, read_law, write_missing
from geodata.forms.completeness import missing
from geodata.forms.fields import (
    Balance,
    Identity,
    Intrusion,
    Measures,
    MeasureTried,
    PlaceKey,
    Problem,
    Standing,
)
from geodata.forms.register import make_register
from geodata.forms.template import template
from geodata.forms.versions import CONTENT, read_versions, write_version

FULL = Form(
    place=PlaceKey(candidate_id="P1", x_m=10.0, y_m=20.0),
    identity=Identity(
        author="Samordnare",
        controller="municipality",
        legal_track="municipal",
        legal_basis="14 § lag (2023:196)",
        address="Torget 1",
        place_type="Torg",
    ),
    problem=Problem(purposes=("order",), statement="Text", camera_question="Text"),
    measures=Measures(none_because="inget annat går här"),
    intrusion=Intrusion(
        sensitive="inga, kontrollerat 2025",
        technique="fixed",
        recording="recorded",
        hours_from=20,
        hours_to=6,
        hours_days="all",
        storage_days=3.0,
        storage_reason="anmälan",
        access=("operatör",),
        workplace="no",
    ),
)
REQUIRED = [
    ("identity", "controller", ""),
    ("identity", "legal_track", ""),
    ("identity", "legal_basis", "  – "),
    ("identity", "address", ""),
    ("problem", "purposes", ()),
    ("problem", "statement", " "),
    ("problem", "camera_question", ""),
    ("measures", "none_because", "…"),
    ("intrusion", "sensitive", ""),
    ("intrusion", "hours_from", None),
    ("intrusion", "hours_to", None),
    ("intrusion", "hours_days", ""),
    ("intrusion", "storage_days", None),
    ("intrusion", "storage_reason", ""),
    ("intrusion", "access", ("",)),
    ("intrusion", "workplace", ""),
]


def emptied(form, part, name, value):
    inner = dataclasses.replace(getattr(form, part), **{name: value})
    return dataclasses.replace(form, **{part: inner})


def test_a_template_is_toml_with_every_field_and_reads_back_as_an_empty_form(tmp_path):
    text = template("K01", candidate_id='P"1', x_m=1.5, y_m=-2.0)
    tables = tomllib.loads(text)
    assert tables["place"] == {"candidate_id": 'P"1', "x_m": 1.5, "y_m": -2.0}
    for part in dataclasses.fields(Form):
        for one in dataclasses.fields(type(getattr(Form(), part.name))):
            assert one.name == "tried" or f"{one.name} = " in text, (part.name, one.name)
    for one in dataclasses.fields(MeasureTried):
        assert f"# {one.name} = " in text
    write_missing(tmp_path, {"K01": ('P"1', 1.5, -2.0)})
    read = read_forms(tmp_path).by_id["K01"]
    assert dataclasses.replace(read, place=PlaceKey()) == Form()


def test_a_form_is_never_written_over(tmp_path):
    write_missing(tmp_path, {"K01": ("P1", 1.0, 2.0)})
    file = tmp_path / "K01" / "formular.toml"
    file.write_text("# mitt\n" + file.read_text("utf-8"), encoding="utf-8")
    before = file.read_bytes()
    assert write_missing(tmp_path, {"K01": ("P9", 9.0, 9.0), "K02": ("P2", 3.0, 4.0)}) == (
        tmp_path / "K02" / "formular.toml",
    )
    assert file.read_bytes() == before


def test_all_faults_of_all_forms_in_one_message(tmp_path):
    texts = {
        "K01": '[identity]\ncontroller = "kommun"\nauthor = 3\n[intrusion]\nhours_from = "x"\n',
        "K02": '[[measures.tried]]\nkind = "bön"\nfirst_date = 2025-02-01\nlast_date = 2025-01-01\n'
        "[okand]\n[intrusion]\nhours_from = 8\nhours_to = 8\n",
        "K03": "inte toml",
    }
    for name, text in texts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "formular.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_forms(tmp_path)
    found = [(fault.where.split(":")[0][:3], fault.code) for fault in caught.value.faults]
    assert sorted(found) == sorted(
        [
            ("K01", "wrong_type"),
            ("K01", "wrong_type"),
            ("K01", "wrong_type"),
            ("K02", "wrong_type"),
            ("K02", "unknown_field"),
            ("K02", "dates_reversed"),
            ("K02", "no_hours"),
            ("K03", "form_not_toml"),
        ]
    )
    assert any("[[measures.tried]] 1 kind" in fault.where for fault in caught.value.faults)


def test_the_full_form_is_complete_and_the_empty_one_lacks_every_section():
    assert missing(FULL) == ()
    assert {one.section for one in missing(Form())} == {"A", "B", "D", "E"}


@pytest.mark.parametrize(("part", "name", "value"), REQUIRED)
def test_each_required_field_alone_stops_completeness(part, name, value):
    assert [one.field for one in missing(emptied(FULL, part, name, value))] in (
        [f"{part}.{name}"],
        ["measures.tried"],
    )


@given(st.sets(st.sampled_from(range(len(REQUIRED)))))
def test_what_is_missing_is_exactly_what_is_empty(chosen):
    form = FULL
    for i in sorted(chosen):
        form = emptied(form, *REQUIRED[i])
    assert len(missing(form)) == len(chosen)


def test_a_measure_half_told_a_police_purpose_and_a_decision_without_date_are_missing():
    half = MeasureTried(kind="lighting", first_date=date(2025, 1, 1), effect="bra")
    form = dataclasses.replace(FULL, measures=Measures(tried=(half,)))
    assert [one.field for one in missing(form)] == ["measures.tried"]
    form = emptied(FULL, "problem", "purposes", ("strategic",))
    assert [one.field for one in missing(form)] == ["problem.purposes"]
    assert missing(emptied(form, "identity", "controller", "police")) == ()
    decided = emptied(FULL, "standing", "position", "decided")
    assert {one.section for one in missing(decided)} == {"F"}
    assert [o.field for o in missing(emptied(FULL, "intrusion", "workplace", "yes"))] == [
        "intrusion.mbl_ref"
    ]


def test_a_layer_that_is_missing_says_that_hands_must_check():
    form = emptied(FULL, "intrusion", "sensitive", "")
    (one,) = missing(form, unchecked={"sensitive"})
    assert "lagret saknas" in one.text


def test_ids_follow_the_place_and_new_ones_take_unused_numbers():
    def form(x, y):
        return Form(place=PlaceKey(x_m=x, y_m=y))

    forms = Forms({"K01": form(0, 0), "K03": form(100, 0)})
    assert forms.ids_of([(100.5, 0.0), (50.0, 0.0), (0.0, 1.0), (7.0, 7.0)]) == [
        "K03",
        "K02",
        "K01",
        "K04",
    ]
    assert Forms({}).ids_of([(1.0, 1.0), (2.0, 2.0)]) == ["K01", "K02"]


@pytest.mark.parametrize(
    ("first", "last", "days", "hours", "sample"),
    [
        (20, 6, "all", 70, [(0, 20), (0, 5)]),
        (20, 6, "weekends", 20, [(5, 23), (0, 5), (6, 2)]),
        (0, 24, "weekdays", 120, [(4, 23)]),
        (14, 18, "weekdays", 20, [(0, 14), (4, 17)]),
    ],
)
def test_hours_of_the_week_turn_at_midnight_and_on_sunday(first, last, days, hours, sample):
    chosen = proposed_hours(Intrusion(hours_from=first, hours_to=last, hours_days=days))
    assert chosen is not None
    assert int(chosen.sum()) == hours
    assert all(chosen[at] for at in sample)


def test_no_hours_unless_all_of_them_are_stated():
    assert proposed_hours(Intrusion(hours_from=1, hours_to=3)) is None


def test_a_version_is_written_once_and_a_change_in_it_is_told(tmp_path):
    files = {"K01.txt": b"text"}
    made = write_version(tmp_path, "K01", 1, files, digest="a", entries={"x": "1"})
    with pytest.raises(FileExistsError):
        write_version(tmp_path, "K01", 1, {"K01.txt": b"annat"}, digest="b", entries={})
    assert (made / "K01.txt").read_bytes() == b"text"
    assert sorted(p.name for p in (tmp_path / "K01").iterdir()) == ["v1"]
    versions = read_versions(tmp_path)
    assert versions.notices == ()
    assert versions.settle("K01", "a") == (1, None, False)
    number, before, new = versions.settle("K01", "c")
    assert (number, before.entries, new) == (2, {"x": "1"}, True)
    assert versions.settle("K02", "a") == (1, None, True)
    (made / "K01.txt").write_bytes(b"text.")
    assert [one.code for one in read_versions(tmp_path).notices] == ["version_changed"]


def test_a_version_whose_content_is_gone_keeps_its_number(tmp_path):
    write_version(tmp_path, "K01", 1, {"K01.txt": b"a"}, digest="a", entries={})
    (tmp_path / "K01" / "v1" / CONTENT).unlink()
    versions = read_versions(tmp_path)
    assert versions.settle("K01", "a")[0] == 2
    assert [one.code for one in versions.notices] == ["version_changed"]


def decided(**changes):
    form = dataclasses.replace(
        FULL,
        standing=Standing(position="decided"),
        balance=Balance(decided=date(2025, 12, 1)),
    )
    for path, value in changes.items():
        part, name = path.split("__")
        form = emptied(form, part, name, value)
    return form


def test_the_register_holds_decided_municipal_cameras_for_five_years():
    forms = Forms(
        {
            "K01": decided(),
            "K02": decided(identity__controller="police"),
            "K03": FULL,
            "K04": decided(standing__ended=date(2020, 12, 31)),
            "K05": decided(standing__ended=date(2021, 1, 1), intrusion__sound=True),
        }
    )
    table = make_register(forms, read_law(), today=date(2026, 1, 1))
    assert table["technique"].tolist() == ["inget ljud", "ljud"]
    assert table["assessed"].tolist() == ["ja, 2025-12-01"] * 2


def test_the_export_has_exactly_the_five_items_and_no_formula(tmp_path):
    forms = Forms({"K01": decided(identity__address='=HYPERLINK("x")')})
    table = make_register(forms, read_law(), today=date(2026, 1, 1))
    released = release(table, "camera_register", "intern", DisclosureOptions())
    headings = dict(read_law().register_columns())
    assert list(headings) == list(CAMERAS["camera_register"])
    assert [f"(10 § {n})" in text for n, text in enumerate(headings.values(), 1)] == [True] * 5
    write_list_csv(tmp_path / "f.csv", released, headings)
    lines = (tmp_path / "f.csv").read_text("utf-8-sig").splitlines()
    assert lines[0].split(";") == list(headings.values())
    assert lines[1].startswith(("\"'=", "'="))
    write_list_xlsx(tmp_path / "f.xlsx", released, headings, stamp=datetime(2026, 1, 1, tzinfo=UTC))
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    assert len(book.worksheets) == 1
    assert book.worksheets[0].oddHeader.center.text == "INTERN – SEKRETESSPRÖVAS"
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert list(rows[0]) == list(headings.values())
    assert len(rows) == 2
    outside = release(table, "camera_register", "samverkan", DisclosureOptions())
    assert outside.table is None
    with pytest.raises(ValueError, match="withheld"):
        write_list_csv(tmp_path / "g.csv", outside, headings)


def test_a_law_file_of_ones_own_must_hold_every_text(tmp_path):
    own = tmp_path / "lag.toml"
    own.write_text('version = "x"\n[text.header]\nen = "only"\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_law(own)
    assert caught.value.faults[0].code == "law_incomplete"
    assert "text.header.sv" in caught.value.faults[0].what
    own.write_text("[", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_law(own)
    assert caught.value.faults[0].code == "law_unreadable"


def test_tables_of_cameras_leave_in_intern_only():
    for name, columns in CAMERAS.items():
        for profile in ("samverkan", "publik"):
            table = None if "geometry" in columns else _empty(name)
            assert release(table, name, profile, DisclosureOptions()).table is None


def _empty(name):
    from geodata import schema

    return schema.empty(name, tables=CAMERAS)


def test_proposed_hours_are_booleans():
    chosen = proposed_hours(Intrusion(hours_from=0, hours_to=24, hours_days="all"))
    assert chosen.dtype == np.bool_
    assert chosen.all()
