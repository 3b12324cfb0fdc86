"""The report holds its counts to each other and is ready for JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from geodata.errors import SchemaError
from geodata.exports import ReadOptions, read_export
from geodata.incidents import ImportOptions, Input, import_incidents
from geodata.schema import OFFENCE_CLASSES


@pytest.fixture
def report(tmp_path):
    file = tmp_path / "utdrag.csv"
    file.write_text(
        "Diarienr;Brottskod;Datum;X;Y;Fritext\n"
        "K1;5010;2024-05-03;569000;6495000;a\n"
        "K1;5011;2024-05-03;569000;6495000;b\n"
        "K1;5011;2024-05-03;569000;6495000;c\n"
        "K2;7777;2024-05-04;569100;6495000;d\n"
        "K3;5010;2034-05-04;569100;6495000;e\n",
        encoding="utf-8",
    )
    return import_incidents(
        [Input(read_export(file, ReadOptions()), ImportOptions())],
        crs="EPSG:3006",
        timezone="Europe/Stockholm",
        today=date(2025, 1, 1),
        bbox=None,
    ).report


def test_it_holds_what_a_person_wants_to_see(report):
    (one,) = report.inputs
    assert one.file == "utdrag.csv"
    assert len(one.sha256) == 64
    assert one.source_crs == "EPSG:3006"
    assert report.totals == {
        "rows_read": 5,
        "rows_kept": 3,
        "rows_rejected": 1,
        "rows_duplicate": 1,
        "events": 2,
        "rows_added": 1,
    }
    assert one.free_text == ("Fritext",)
    assert {use.target: use.columns for use in one.columns}["offence_code"] == ("Brottskod",)
    assert all(use.guessed for use in one.columns)
    assert (report.first_date, report.last_date) == (date(2024, 5, 3), date(2024, 5, 4))
    assert (report.offences, report.places) == (3, 2)
    assert [(c.code, c.rows) for c in one.codes] == [("5010", 1), ("5011", 2), ("7777", 1)]


def test_counts_show_every_value_and_sum_to_the_events(report):
    assert list(report.counts["offence_class"]) == list(OFFENCE_CLASSES)
    for label, counts in report.counts.items():
        assert sum(counts.values()) == report.totals["events"], label


def test_it_is_ready_for_json(report):
    again = json.loads(json.dumps(report.to_dict()))
    assert again["totals"]["rows_read"] == 5
    assert again["first_date"] == "2024-05-03"
    assert again["inputs"][0]["reasons"] == {"future_date": 1}
    assert again["inputs"][0]["notices"][0]["text"]


@pytest.mark.parametrize(
    "wrong", [{"rows_read": 6}, {"rows_kept": 4}, {"events": 3}, {"reasons": {}}]
)
def test_rows_that_do_not_add_up_are_an_error_in_the_program(report, wrong):
    report.inputs[0].check()
    with pytest.raises(SchemaError):
        replace(report.inputs[0], **wrong).check()
