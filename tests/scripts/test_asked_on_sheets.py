"""What people add to a sheet: comparison places of their own, measures of the project's list."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.forms import Form, Forms
from geodata.forms.fields import Problem
from geodata.measures import Measures
from hotspots.crimepicture import Held, Measure
from scripts.camerasheets.asked import asked_places, listed_measures
from tests.project import HEADER, good_rows, lagesbild, summary, write_project

HELD = Held(
    n_events=np.array([5, 9, 7, 8]),
    area_m2=np.full(4, 100.0),
    hotspot=np.array([0, 0, 1, 1]),
    xy=np.array([[0.0, 0.0], [50.0, 0.0], [500.0, 0.0], [550.0, 0.0]]),
    hotspot_names=["H01 Torget", "H02"],
)
SPOTS = pd.DataFrame({"hotspot_id": ["H01", "H02"], "name": ["Torget", None]})


@pytest.mark.parametrize(
    ("words", "row"),
    [("H02", 3), ("h02", 3), ("torget", 1), ("505 0", 2), ("545, 3", 3), ("Ingenstans", None)],
)
def test_a_comparison_place_by_id_name_or_point(words: str, row: int | None) -> None:
    forms = Forms({"K01": Form(problem=Problem(compare_with=(words,)))})
    found, told = asked_places(forms, ["K01"], HELD, SPOTS, 30.0)
    assert found == {"K01": [] if row is None else [row]}
    assert [one.code for one in told] == (["comparison_unknown"] if row is None else [])


def test_listed_measures_lie_in_view_and_are_not_those_of_the_form() -> None:
    table = gpd.GeoDataFrame(
        {
            "measure_id": ["A1", "A2", "A3"],
            "kind": ["belysning", "ordningsvakt", "hundsök"],
            "name": ["Ny belysning", "Vakter", None],
            "first_date": pd.to_datetime(["2024-03-01", "2024-05-01", "2024-06-01"]),
            "last_date": pd.to_datetime(["2024-03-31", None, "2024-06-01"]),
            "responsible": ["Gatukontoret", None, None],
        },
        geometry=[shapely.box(0, 0, 9, 9), shapely.box(5, 5, 9, 9), shapely.box(99, 99, 100, 100)],
    )
    own = Measure("K01-1", "lighting", "ny belysning", date(2024, 3, 1), None, "", "", "")
    found = listed_measures(Measures(table, ()), shapely.box(0, 0, 20, 20), [own])
    assert [(one.measure_id, one.last_date, one.responsible) for one in found] == [("A2", None, "")]
    assert listed_measures(None, shapely.box(0, 0, 1, 1), []) == []


def test_both_stand_on_the_sheet_and_a_bad_list_is_one_fault(tmp_path: Path) -> None:
    settings = (
        "[hotspots]\nmin_events = 5\nmin_days = 3\nmin_quarters_per_year = 0\ntop_share = 1\n"
        '[cameras]\nmin_events = 2\nspace_types = ["public", "unknown"]\n'
        "[choice]\nn_cameras = 1\n[sheets]\npdf = false\n[evidence]\nrun = false\n"
        '[reference]\nmeasures = "atgarder.csv"\n'
    )
    made = write_project(tmp_path, HEADER + good_rows(60), settings)
    head = "id;slag;namn;från;till;E;N;radie\n"
    (made / "atgarder.csv").write_text(
        head + "A1;belysning;Ljus vid gången;2024-06-01;2024-06-30;568930;6495231;40\n",
        encoding="utf-8",
    )
    code, said = summary("cameras", made)
    assert code == 0, said
    page = (Path(said["folder"]) / "kameror" / "K01.html").read_text("utf-8")
    assert "Ljus vid gången" in page
    (made / "atgarder.csv").write_text(head + "A1;belysning;;i fjol;;;;\n", encoding="utf-8")
    result = lagesbild("run", made)
    assert result.exit_code == 3
    assert result.output.count("Datum som inte går att läsa") == 1
