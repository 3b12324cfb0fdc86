"""Perceived safety: reading, classes, where it disagrees with reports; never summed with them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from areas.perceived import PerceivedOptions, compare_perceived
from areas.perceived.comparing import classes, disagreement
from geodata import schema
from geodata.errors import DataError, SettingsError
from geodata.perceived import Answers, Feelings, read_answers, read_feelings
from geodata.picture_tables import PICTURE
from tests.areas.picture_tables import areas_table, picture_of
from tests.factories import CRS, X0, Y0, make_incidents


def feelings(*rows: tuple[float, float, str, int]) -> Feelings:
    table = gpd.GeoDataFrame(
        {
            "feeling": pd.Series([r[2] for r in rows], dtype="str"),
            "origin": pd.Series(["dialog"] * len(rows), dtype="str"),
            "answers": [r[3] for r in rows],
            "date": pd.Series([pd.NaT] * len(rows), dtype="datetime64[us]"),
        },
        geometry=gpd.points_from_xy([X0 + r[0] for r in rows], [Y0 + r[1] for r in rows]),
        crs=CRS,
    )
    return Feelings(table, ())


def answers(*rows: tuple[str, int, int]) -> Answers:
    table = pd.DataFrame(
        {
            "area_id": pd.Series([r[0] for r in rows], dtype="str"),
            "question": pd.Series(["ute"] * len(rows), dtype="str"),
            "origin": pd.Series([None] * len(rows), dtype="str"),
            "wave": pd.Series(["2024"] * len(rows), dtype="str"),
            "n_answers": [r[1] for r in rows],
            "n_unsafe": [r[2] for r in rows],
        }
    )
    return Answers(table, ())


# Cells of 250 m on a round corner: feelings at 100, 600 and 1100 m; events at 600 and some at 100.
EVENTS = make_incidents(
    x=[600.0] * 20 + [100.0], day=[300] * 21, source="police", address="Gatan 1"
)
SAID = feelings(
    (100, 100, "unsafe", 9), (600, 100, "safe", 9), (1100, 100, "unsafe", 2), (1600, 100, "safe", 9)
)


def compared(incidents: pd.DataFrame = EVENTS, **options: object) -> dict[str, pd.DataFrame]:
    return compare_perceived(
        incidents,
        areas_table(),
        picture_of(incidents),
        SAID,
        answers(("0581R001", 100, 10), ("0581R002", 100, 60), ("a", 9, 8)),
        PerceivedOptions(**options),  # type: ignore[arg-type]
    ).tables


def test_cells_tell_where_the_two_disagree() -> None:
    cells = compared()["perceived_cells"].sort_values("cell_id").reset_index(drop=True)
    x = (cells.geometry.bounds["minx"] - X0).astype(int).tolist()
    found = dict(zip(x, cells["disagreement"], strict=True))
    assert found == {0: "none", 500: "safe_many_reports", 1000: "unclear", 1500: "none"}
    assert cells["few"].tolist() == [False, False, True, False]
    assert cells["n_reported"].tolist() == [1, 20, 0, 0]
    assert cells["n_unsafe"].tolist() == [9, 0, 2, 0]


def test_areas_keep_answers_and_reports_apart() -> None:
    table = compared()["perceived_areas"].set_index("area_id")
    assert table["n_reported"].to_dict() == {"0581R001": 21, "0581R002": 0, "a": 0}
    assert table.loc["0581R002", "disagreement"] == "unsafe_few_reports"
    assert table.loc["0581R001", "disagreement"] == "safe_many_reports"
    assert table.loc["a", "disagreement"] == "unclear"
    assert table.loc["0581R001", "unsafe"] == 0.1
    assert table.loc["0581R001", "unsafe_low"] == pytest.approx(0.0490, abs=1e-4)


def test_only_one_source_is_held_against() -> None:
    more = make_incidents(x=[100.0] * 50, day=[300] * 50, source="est_report", address="Vägen 2")
    both = pd.concat([EVENTS, more], ignore_index=True)
    both["place_id"] = both.groupby("x_m").ngroup() + 1
    pd.testing.assert_frame_equal(
        compared(both, source="police")["perceived_cells"].drop(columns="near"),
        compared()["perceived_cells"].drop(columns="near"),
    )
    with pytest.raises(SettingsError):
        compared(source="polisen")


def test_tables_hold_their_description_and_order_doesnt_matter() -> None:
    turned = Feelings(SAID.table.iloc[::-1].reset_index(drop=True), ())
    tables = compared()
    for name, table in tables.items():
        schema.check(table, name, tables=PICTURE)
    again = compare_perceived(
        EVENTS.iloc[::-1], areas_table(), picture_of(EVENTS), turned, None, PerceivedOptions()
    )
    pd.testing.assert_frame_equal(again.tables["perceived_cells"], tables["perceived_cells"])


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_classes_rise_with_values_and_equals_are_equal(values: list[int]) -> None:
    numbers = np.array(values, dtype=float)
    found = classes(numbers, np.ones(len(numbers), dtype=bool))
    order = np.argsort(numbers, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
    assert (found[numbers == 0] == 0).all()
    assert all(len(set(found[numbers == v].tolist())) == 1 for v in set(values))
    assert (found.max() == 2) == (numbers.max() > 0)


def test_few_answers_never_disagree() -> None:
    found = disagreement(np.array([2, 2, 0]), np.array([0, 0, 2]), np.array([True, False, False]))
    assert found == ["unclear", "unsafe_few_reports", "safe_many_reports"]


def test_reads_points_in_both_systems(tmp_path: Path) -> None:
    metric, degrees = tmp_path / "m.csv", tmp_path / "d.csv"
    metric.write_text("känsla;E;N;antal\nOtrygg;569100;6495100;3\ntrygg;569200;6495100;\n", "utf-8")
    read = read_feelings(metric, areas=areas_table(), crs=CRS).table
    assert read["feeling"].tolist() == ["unsafe", "safe"]
    assert read["answers"].tolist() == [3, 1]
    there = gpd.GeoSeries(read.geometry, crs=CRS).to_crs(4326)
    degrees.write_text(
        "känsla;longitud;latitud\n" + "".join(f"otrygg;{p.x:.7f};{p.y:.7f}\n" for p in there),
        "utf-8",
    )
    again = read_feelings(degrees, areas=areas_table(), crs=CRS).table
    assert np.abs(again.geometry.x - read.geometry.x).max() < 0.1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("känsla;E;N\nrädd;569100;6495100\n", "unknown_feeling"),
        ("känsla;E;N\notrygg;569100;nord\n", "unreadable_number"),
        ("känsla;E;N\notrygg;6495100;569100\n", "far_away"),
        ("känsla;E;N;datum\notrygg;569100;6495100;igår\n", "unreadable_date"),
        ("känsla;E;N;antal\notrygg;569100;6495100;2,5\n", "unreadable_number"),
        ("känsla\notrygg\n", "missing_column"),
        ("känsla;E;N;ålder\notrygg;569100;6495100;33\n", "unknown_column"),
        ("känsla;E;N;kommentar\notrygg;569100;6495100;Eva\n", "unknown_column"),
    ],
)
def test_each_fault_of_the_points_is_told(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "p.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_feelings(file, areas=areas_table(), crs=CRS)
    assert code in {fault.code for fault in caught.value.faults}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("område;svar;otrygga\nMånen;10;3\n", "unknown_area"),
        ("område;svar;otrygga\nÅkern;10;13\n", "more_unsafe_than_answers"),
        ("område;svar;otrygga\nÅkern;-1;0\n", "unreadable_number"),
        ("område;svar;otrygga\nÅkern;10;3\nÅkern;11;3\n", "several_rows_an_area"),
        ("område;svar\nÅkern;10\n", "missing_column"),
        ("område;svar;otrygga\n", "header_only"),
    ],
)
def test_each_fault_of_the_answers_is_told(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_answers(file, areas=areas_table())
    assert code in {fault.code for fault in caught.value.faults}
