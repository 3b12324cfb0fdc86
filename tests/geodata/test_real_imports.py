"""Four real exports: the traps in them are found by the tool, and the counts are the known ones."""

from __future__ import annotations

import gzip
import shutil
from datetime import date

import pytest

from geodata.exports import ReadOptions, read_export
from geodata.incidents import ImportOptions, Input, import_incidents
from geodata.options import read_options

pytestmark = pytest.mark.real

INPUTS = {
    "charlottesville": {"constants": {"source": "police"}},
    "san_francisco": {
        # The hour is 1899-12-30 in every row; class needs both texts.
        "columns": {"time": "", "offence_text": "Category + Descript"},
        "constants": {"source": "police"},
    },
    "london": {"constants": {"source": "police"}},
    "met": {
        "columns": {"offence_text": "Object of search"},
        "constants": {"source": "police", "police_initiated": "yes"},
        "rules": [
            {"column": "Object of search", "equals": "Offensive weapons", "offence_class": "other"}
        ],
    },
}
FILES = {
    "charlottesville": ("charlottesville_2012_2017.csv", "EPSG:32617", "America/New_York"),
    "san_francisco": ("SFcrime_2012H2.parquet", "EPSG:26910", "America/Los_Angeles"),
    "london": ("london_drugs_2018_2021.parquet", "EPSG:27700", "Europe/London"),
    "met": ("met_stop_and_search_2018_2019.parquet", "EPSG:27700", "Europe/London"),
}


@pytest.fixture(scope="module")
def read(real_data, tmp_path_factory):
    def read_file(name, **more):
        file, crs, zone = FILES[name]
        path = real_data / "incidents" / file
        if not path.exists():
            packed = path.with_name(path.name + ".gz")
            path = tmp_path_factory.mktemp(name) / file
            with gzip.open(packed) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
        options, faults = read_options(ImportOptions, INPUTS[name] | more, "[[input]]")
        assert not faults
        return import_incidents(
            [Input(read_export(path, ReadOptions()), options)],
            crs=crs,
            timezone=zone,
            today=date(2025, 1, 1),
            bbox=None,
        )

    return read_file


def codes(found):
    return {notice.code for notice in found.report.notices}


def test_charlottesville_has_a_default_address(read):
    found = read("charlottesville")
    assert found.report.totals["rows_read"] == 31_887
    assert found.report.counts["offence_class"]["drug_unspecified"] == 1_902
    (stack,) = found.report.stacks
    assert stack.status == "flagged"
    assert stack.address == "600 E MARKET ST"
    assert (stack.rows, stack.rows_all, stack.of) == (422, 1_089, "street_drugs")
    assert int(found.incidents["stacked"].sum()) == 1_089
    drugs = found.incidents["offence_class"] == "drug_unspecified"
    assert int((found.incidents["stacked"] & drugs).sum()) == 422


def test_charlottesville_has_one_flat_number(read):
    found = read("charlottesville")
    assert found.report.reasons == {"personal_data": 1}
    assert "APT" not in found.rejected_rows[1].to_csv()


def test_charlottesville_alone_with_its_drug_rows_and_confirmed(read):
    confirmed = read("charlottesville", confirmed_stacks=["600 E Market St"])
    assert not confirmed.incidents["stacked"].any()
    assert confirmed.report.stacks[0].status == "confirmed"


def test_san_francisco_has_several_rows_an_event(read):
    found = read("san_francisco")
    assert found.report.totals["rows_read"] == 13_472
    drugs = {c: n for c, n in found.report.counts["offence_class"].items() if c.startswith("drug")}
    assert sum(drugs.values()) == 1_719, "3,897 drug rows"
    assert found.incidents["case_id"].nunique() == 10_140
    assert found.report.totals["rows_duplicate"] == 3_319
    assert drugs["drug_supply"] > 500
    assert drugs["drug_possession"] > 1_000
    assert set(found.report.counts["time_precision"]) >= {"day"}
    assert found.report.counts["time_precision"]["day"] == len(found.incidents)


def test_san_francisco_has_cases_at_two_places(read):
    # Thirteen rows carry a point kilometres from that of the other rows of their case.
    assert read("san_francisco").report.inputs[0].cases_split == 13


def test_san_franciscos_hall_of_justice_is_told(read):
    (stack,) = read("san_francisco").report.stacks
    assert stack.status == "suspect"
    assert stack.address == "800 Block of BRYANT ST"


def test_london_knows_only_months_and_repeats_itself(read):
    found = read("london")
    assert found.report.totals["events"] == 132_352
    assert found.report.counts["time_precision"]["month"] == 132_352
    assert found.report.inputs[0].rows_identical == 28_094
    assert "identical_kept" in codes(found)
    assert found.report.stacks == (), "snapped points are no default addresses"
    merged = read("london", duplicates="merge")
    assert merged.report.totals["rows_duplicate"] == 28_094


def test_met_measures_police_work(read):
    found = read("met")
    totals = found.report.totals
    assert totals["rows_read"] == 151_900
    assert found.report.reasons == {"missing_coordinates": 13_919}
    assert totals["rows_kept"] + totals["rows_duplicate"] == 137_981
    assert found.report.counts["police_initiated"]["yes"] == totals["events"]
    assert found.report.counts["time_precision"]["minute"] == totals["events"]
    assert found.report.stacks == ()
    kept = read("met", duplicates="keep")
    drugs = kept.incidents["offence_classes"].str.contains("drug_unspecified")
    assert int(kept.incidents.loc[drugs, "offence_count"].sum()) >= 78_436
