"""From files to the table of incidents: every row in one place, whatever the order of the rows."""

from __future__ import annotations

import random
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import schema
from geodata.errors import DataError, LagesbildError
from geodata.exports import ReadOptions, read_export
from geodata.incidents import ImportOptions, Input, Rule, guess_columns, import_incidents
from geodata.offence_codes import read_offence_codes
from geodata.options import read_options
from geodata.places import group_places

HEADER = "Diarienr;Brottskod;Antal;Brottsdag start;Tid start;Gata;Platstyp;Källa;X;Y"
ROW = "K1;5010;1;2024-05-03;1405;Storgatan 5;Trapphus;Polis;569000;6495000"
CRS = "EPSG:3006"


def options(**given):
    found, faults = read_options(ImportOptions, given, "[[input]]")
    assert not faults
    return found


def write(path, lines, header=HEADER):
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def run(*files, today=date(2025, 1, 1), bbox=None, codes=None, **given):
    return import_incidents(
        [Input(read_export(f, ReadOptions()), options(**given)) for f in files],
        crs=CRS,
        timezone="Europe/Stockholm",
        today=today,
        bbox=bbox,
        codes=codes,
    )


@pytest.fixture
def read(tmp_path):
    def read_lines(*lines, header=HEADER, **given):
        return run(write(tmp_path / "utdrag.csv", lines, header), **given)

    return read_lines


def change(**cells):
    """Return `ROW` with some cells changed."""
    names = ["case", "code", "n", "day", "time", "street", "kind", "source", "x", "y"]
    parts = dict(zip(names, ROW.split(";"), strict=True))
    return ";".join(str(v) for v in (parts | cells).values())


def notice(found, code):
    (one,) = [n for n in found.report.notices if n.code == code]
    return one


def codes_of(error):
    return [f.code for f in error.value.faults]


def test_one_row_is_one_event(read):
    (event,) = read(ROW).incidents.to_dict("records")
    expected = {
        "incident_id": 1,
        "input_no": 1,
        "source_row": 2,
        "case_id": "K1",
        "start": pd.Timestamp("2024-05-03 14:05", tz="Europe/Stockholm"),
        "end": pd.Timestamp("2024-05-03 14:05", tz="Europe/Stockholm"),
        "time_precision": "minute",
        "offence_code": "5010",
        "offence_codes": "5010",
        "offence_count": 1,
        "offence_class": "drug_possession",
        "offence_classes": "drug_possession",
        "andts_group": "narcotics",
        "source": "police",
        "police_initiated": "unknown",
        "space_type": "residential_common",
        "address": "Storgatan 5",
        "place_id": 1,
        "x_m": 569000.0,
        "y_m": 6495000.0,
        "weight": 1.0,
        "stacked": False,
    }
    assert {k: event[k] for k in expected} == expected
    assert pd.isna(event["area_id"])


def test_possession_and_use_of_one_case_are_one_event(read):
    found = read(change(code="5011"), ROW)
    (event,) = found.incidents.to_dict("records")
    assert event["offence_codes"] == "5010;5011"
    assert event["offence_code"] == "5010"
    assert event["offence_classes"] == "drug_possession;drug_use"
    assert event["offence_count"] == 2
    assert event["source_row"] == 2
    assert found.report.totals == {
        "rows_read": 2,
        "rows_kept": 2,
        "rows_rejected": 0,
        "rows_duplicate": 0,
        "events": 1,
        "rows_added": 1,
    }


def test_every_row_ends_in_one_place(read):
    found = read(
        ROW,
        ROW,
        change(code="5011"),
        change(day="2024-13-40"),
        change(x="0", y="0"),
        change(day="2031-01-01"),
        change(street="Storgatan 5 lgh 1203"),
        change(case="K2", code="9999"),
        "för;få",
    )
    totals = found.report.totals
    assert totals["rows_read"] == 9
    assert totals["rows_kept"] == 3
    assert totals["rows_duplicate"] == 1
    assert totals["rows_rejected"] == len(found.rejected) == 5
    assert found.report.reasons == {
        "future_date": 1,
        "personal_data": 1,
        "unreadable_date": 1,
        "wrong_number_of_columns": 1,
        "zero_coordinates": 1,
    }
    assert found.rejected["row_number"].tolist() == [5, 6, 7, 8, 10]
    schema.check(found.rejected, "rejected")


def test_personal_data_is_told_by_kind_and_never_shown(read):
    number = "811218-9876"
    found = read(
        ROW,
        change(street=f"Storgatan 5 {number}"),
        change(case="anna@example.se"),
        change(kind=f"Okänd {number}"),
        change(source="ring 070-123 45 67"),
        change(code=number),
        change(day=f"x {number}"),
        f"{number};för;få",
    )
    details = found.rejected["detail"].tolist()
    assert details[0] == "personnummer i kolumnen Gata"
    assert details[1] == "e-postadress i kolumnen Diarienr"
    everything = (
        found.rejected.to_csv()
        + found.rejected_rows[1].to_csv()
        + str(found.report.to_dict())
        + found.incidents.to_csv()
    )
    assert number not in everything
    assert "anna@" not in everything
    assert "070-123" not in everything


def test_reviewed_columns_are_not_searched(read):
    row = change(case="811218-9876")
    assert read(ROW, row).report.reasons == {"personal_data": 1}
    assert read(ROW, row, reviewed_columns=["Diarienr"]).report.reasons == {}


def test_rejected_rows_can_be_corrected_and_read_again(read, tmp_path):
    found = read(ROW, change(case="K2", day="2024-13-40"), change(case="K3", x="fel"))
    cells = found.rejected_rows[1]
    assert cells["Diarienr"].tolist() == ["K2", "K3"]
    assert cells["row_number"].tolist() == [3, 4]
    corrected = cells.drop(columns=["row_number", "reason", "detail"])
    corrected["Brottsdag start"] = "2024-05-04"
    corrected["X"] = "569000"
    corrected.to_csv(tmp_path / "igen.csv", sep=";", index=False)
    again = run(tmp_path / "igen.csv")
    assert again.incidents["case_id"].tolist() == ["K2", "K3"]


def test_rejected_rows_hold_only_columns_that_were_read(read):
    found = read(
        ROW + ";Anna A", change(x="fel") + ";Bo B", header=HEADER + ";Namn", ignore=["Namn"]
    )
    assert "Namn" not in found.rejected_rows[1]
    assert found.report.inputs[0].ignored == ("Namn",)


def test_whole_rows_are_not_shown_where_columns_must_not_follow(read):
    lines = (ROW + ";Anna A", "Bo Bengtsson;x;y")
    found = read(*lines, header=HEADER + ";Namn", ignore=["Namn"])
    assert "Bengtsson" not in found.rejected.to_csv()


def test_unknown_and_expired_codes_are_kept_and_told(read):
    found = read(ROW, change(case="K2", code="9999"), change(case="K3", code="5006"))
    by_case = found.incidents.set_index("case_id")
    assert by_case.loc["K2", "offence_class"] == "unknown"
    assert by_case.loc["K2", "offence_code"] == "9999"
    assert by_case.loc["K3", "offence_class"] == "drug_possession"
    assert notice(found, "unknown_code").level == "warning"
    assert notice(found, "unknown_code").data["codes"] == {"9999": 1}
    assert notice(found, "expired_code").data["codes"] == {"5006": 1}
    assert [c.code for c in found.report.inputs[0].unknown_codes] == ["9999"]


def test_a_zero_that_a_spreadsheet_ate_is_put_back(read):
    found = read(change(code="355"))
    assert found.incidents["offence_code"].tolist() == ["0355"]
    assert found.incidents["offence_class"].tolist() == ["violence"]
    assert notice(found, "leading_zero_restored").data["rows"] == 1


def test_codes_that_are_not_drugs_are_not(read):
    found = read(change(code="5003"), change(case="K2", code="5001"))
    assert sorted(found.incidents["offence_class"].astype(str)) == ["drug_control_act", "other"]
    assert not set(found.incidents["offence_class"]) & set(schema.STREET_DRUG_CLASSES)


def test_an_own_list_of_codes_is_used(read, tmp_path):
    (tmp_path / "koder.csv").write_text("code,offence_class\n5010,doping\n")
    found = read(ROW, codes=read_offence_codes(tmp_path / "koder.csv"))
    assert found.incidents["offence_class"].tolist() == ["doping"]
    assert found.incidents["andts_group"].tolist() == ["doping"]


TEXT_HEADER = "Datum;Händelsetyp;Text2;X;Y"


def test_rules_go_before_texts_and_constants_fill_the_rest(read):
    found = read(
        "2024-05-01;Narkotika;Controlled drugs;569000;6495000",
        "2024-05-02;Annat;Stop;569000;6495000",
        "2024-05-03;Skadegörelse;x;569000;6495000",
        header=TEXT_HEADER,
        rules=[
            {"column": "Text2", "equals": "CONTROLLED DRUGS", "police_initiated": "yes"},
            {"column": "Text2", "contains": "sto", "offence_class": "drug_use", "source": "guard"},
            {"column": "Text2", "contains": "s", "source": "citizen", "space_type": "public"},
        ],
        constants={"source": "est_report"},
    )
    rows = found.incidents[["offence_class", "source", "police_initiated", "space_type"]]
    assert rows.astype(str).to_numpy().tolist() == [
        ["drug_unspecified", "citizen", "yes", "public"],
        ["drug_use", "guard", "unknown", "public"],
        ["damage", "est_report", "unknown", "unknown"],
    ]


def test_texts_nobody_knows_are_told(read):
    found = read(change(kind="Rymdbas"), change(case="K2", kind="Rymdbas"))
    told = notice(found, "unknown_text")
    assert told.data == {"target": "space_type", "rows": 2}
    assert "Rymdbas" in told.text
    named = read(ROW, change(kind="Rymdbas"), values={"space_type": {"rymdbas": "public"}})
    assert "public" in set(named.incidents["space_type"])
    assert named.report.inputs[0].unknown_texts == ()


def test_a_file_without_source_or_class_is_told(read):
    found = read("2024-05-01;569000;6495000", header="Datum;X;Y")
    assert notice(found, "no_source").level == "warning"
    assert notice(found, "no_class").level == "warning"
    told = read(
        "2024-05-01;569000;6495000",
        header="Datum;X;Y",
        constants={"source": "est_report", "offence_class": "drug_unspecified"},
    )
    assert not {"no_source", "no_class"} & {n.code for n in told.report.notices}
    assert told.incidents["andts_group"].tolist() == ["narcotics"]


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    one = write(tmp_path / "a.csv", ["A;569000;6495000"], "Namn;X;Y")
    other = write(tmp_path / "b.csv", [ROW])
    inputs = [
        Input(read_export(one, ReadOptions()), options(values={"source": {"OV": "gard"}})),
        Input(
            read_export(other, ReadOptions()),
            ImportOptions(columns={"date": "Dag"}, rules=(Rule(column="Gata"),)),
        ),
    ]
    with pytest.raises(DataError) as error:
        import_incidents(
            inputs, crs=CRS, timezone="Europe/Stockholm", today=date(2025, 1, 1), bbox=None
        )
    assert sorted(codes_of(error)) == [
        "bad_rule",
        "missing_column",
        "missing_required",
        "personal_column",
        "unknown_value",
    ]
    assert "a.csv" in str(error.value)
    assert "b.csv" in str(error.value)


def test_no_usable_row_is_one_clear_error(read):
    with pytest.raises(DataError) as error:
        read(change(day="2031-01-01"), change(x="fel"))
    assert codes_of(error) == ["all_rejected"]
    assert "future_date" in str(error.value)
    assert "unreadable_coordinates" in str(error.value)


def test_stacked_points_are_flagged_told_and_can_be_confirmed(read):
    stack = [change(case=f"S{i}", day=f"2024-05-{i % 28 + 1:02d}") for i in range(60)]
    rest = [change(case=f"R{i}", x=570000 + i, street=f"Väg {i}") for i in range(60)]
    found = read(*stack, *rest)
    assert found.incidents.groupby("stacked").size().to_dict() == {False: 60, True: 60}
    (point,) = found.report.stacks
    assert (point.address, point.rows, point.status) == ("Storgatan 5", 60, "flagged")
    assert notice(found, "stacked_flagged").level == "warning"
    for confirmed in (["storgatan 5"], [[569000.0, 6495000.0]]):
        again = read(*stack, *rest, confirmed_stacks=confirmed)
        assert not again.incidents["stacked"].any()
        assert again.report.stacks[0].status == "confirmed"


def test_several_files_are_one_table(tmp_path):
    one = write(tmp_path / "a.csv", [ROW, change(case="K2", x=570000, street="Älvgatan 1")])
    other = write(tmp_path / "b.csv", [change(case="K1", source="Väktare", code="5005")])
    found = run(one, other)
    table = found.incidents
    assert len(table) == 3
    assert table["input_no"].tolist().count(2) == 1
    assert table.groupby("place_id")["x_m"].nunique().max() == 1
    assert sorted(table["place_id"].unique()) == [1, 2]
    assert set(table["source"]) == {"police", "guard"}
    assert table.set_index("input_no").loc[2, "offence_class"] == "drug_supply"
    assert [one.input_no for one in found.report.inputs] == [1, 2]


def test_places_are_numbered_by_easting_then_northing(read):
    points = [(570000, 6495000), (569000, 6496000), (569000, 6495000)]
    found = read(*(change(case=f"K{i}", x=x, y=y) for i, (x, y) in enumerate(points)))
    table = found.incidents.sort_values("place_id")
    assert list(zip(table["x_m"], table["y_m"], strict=True)) == sorted(points)
    assert len(group_places(found.incidents, crs=CRS)) == 3


def lines_of(seed, n=120):
    rng = random.Random(seed)
    return [
        change(
            case=rng.choice(["", f"K{rng.randrange(30)}"]),
            code=rng.choice(["5010", "5011", "5005", "9999", ""]),
            n=rng.choice(["", "1", "2"]),
            day=f"2024-05-{rng.randrange(1, 4):02d}",
            time=rng.choice(["", "9999", "1405", "1430", "2359"]),
            street=rng.choice(["", "Storgatan 5", "Älvgatan 7"]),
            kind=rng.choice(["", "Trapphus", "Torg"]),
            source=rng.choice(["Polis", "Väktare"]),
            x=569000 + rng.randrange(3),
        )
        for _ in range(n)
    ]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("mode", ["auto", "merge", "keep"])
def test_the_order_of_rows_does_not_matter(tmp_path, seed, mode):
    lines = lines_of(seed)
    first = run(write(tmp_path / "a.csv", lines), duplicates=mode)
    random.Random(seed).shuffle(lines)
    second = run(write(tmp_path / "a.csv", lines), duplicates=mode)
    rest = [c for c in schema.INCIDENTS if c != "source_row"]
    pd.testing.assert_frame_equal(first.incidents[rest], second.incidents[rest])
    assert first.report.totals == second.report.totals
    assert first.report.counts == second.report.counts


def test_the_same_file_gives_the_same_table(tmp_path):
    file = write(tmp_path / "a.csv", lines_of(7))
    one, other = run(file), run(file)
    pd.testing.assert_frame_equal(one.incidents, other.incidents)
    assert one.report.to_dict() == other.report.to_dict()


def test_two_halves_read_as_two_files_hold_the_same_offences(tmp_path):
    lines = sorted(lines_of(11), key=lambda line: line.split(";")[0])
    whole = run(write(tmp_path / "a.csv", lines), duplicates="keep").report
    halves = run(
        write(tmp_path / "b.csv", lines[:60]),
        write(tmp_path / "c.csv", lines[60:]),
        duplicates="keep",
    ).report
    assert whole.offences == halves.offences
    assert whole.totals["rows_kept"] == halves.totals["rows_kept"] == 120


def run_or_fault(file):
    try:
        return run(file)
    except LagesbildError as error:
        if not (error.faults and all(fault.what for fault in error.faults)):
            raise
        return None


@given(
    header=st.lists(
        st.sampled_from(["Datum", "X", "Y", "Brottskod", "Gata", "Namn", "Antal", "\x00", "Åh;"]),
        max_size=6,
    ),
    rows=st.lists(
        st.lists(
            st.one_of(
                st.sampled_from(["2024-05-03", "569000", "6495000", "5010", '"', "", "0581"]),
                st.text(max_size=8),
            ),
            max_size=6,
        ),
        max_size=8,
    ),
    separator=st.sampled_from([";", ",", "\t"]),
)
def test_any_text_gives_tables_that_add_up_or_one_clear_error(
    tmp_path_factory, header, rows, separator
):
    text = "\n".join(separator.join(row) for row in [header, *rows])
    file = tmp_path_factory.mktemp("csv") / "vadsomhelst.csv"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = run_or_fault(file)
    if found is None:
        return
    totals = found.report.totals
    assert totals["rows_read"] == (
        totals["rows_kept"] + totals["rows_rejected"] + totals["rows_duplicate"]
    )
    assert totals["events"] == len(found.incidents) <= totals["rows_kept"]
    assert totals["rows_rejected"] == len(found.rejected)


def test_guessed_columns_are_ready_for_the_project_file(tmp_path):
    raw = read_export(write(tmp_path / "a.csv", [ROW + ";x"], HEADER + ";Namn"), ReadOptions())
    columns, notices = guess_columns(raw)
    assert columns["date"] == "Brottsdag start"
    assert columns["source"] == "Källa"
    assert any("ignore" in n.text for n in notices)


def test_missing_texts_are_missing_and_types_hold_without_rows_of_a_kind(read):
    found = read("2024-05-01;569000;6495000", header="Datum;X;Y")
    event = found.incidents.iloc[0]
    for name in ("case_id", "offence_code", "offence_codes", "address", "area_id", "regso_id"):
        assert pd.isna(event[name])
    assert event["offence_classes"] == "unknown"
    assert event["time_precision"] == "day"
    assert event["end"] - event["start"] == pd.Timedelta(days=1)
    assert found.incidents["place_id"].dtype == np.int64


def test_free_text_classes_rows_and_is_nowhere_to_be_seen(read):
    story = "Patrullen ser hur Anna {} lämnar över narkotika till en annan man vid torget, innehav."
    other = "Patrullen ser hur Bo {} sitter på en bänk och matar duvor i solen hela dagen lång."
    lines = [f"2024-05-01;569000;6495000;{story.format(n)}" for n in range(9)]
    lines += [f"2024-05-02;569000;6495000;{other.format(n)}" for n in range(3)]
    found = read(
        *lines,
        "fel;569000;6495000;" + story.format(9),
        header="Datum;X;Y;Text",
        columns={"offence_text": "Text"},
    )
    assert found.incidents["offence_class"].value_counts()["drug_possession"] == 9
    assert [(u.text, u.rows) for u in found.report.inputs[0].unknown_texts] == [("(fritext)", 3)]
    everything = (
        str(found.report.to_dict())
        + found.rejected.to_csv()
        + found.rejected_rows[1].to_csv()
        + found.incidents.to_csv()
    )
    assert "Patrullen" not in everything


def test_columns_of_rules_stand_among_the_rejected_cells(read):
    found = read(
        ROW + ";A",
        change(x="fel") + ";B",
        header=HEADER + ";Typ",
        rules=[{"column": "Typ", "equals": "B", "offence_class": "drug_supply"}],
    )
    assert found.rejected_rows[1]["Typ"].tolist() == ["B"]
