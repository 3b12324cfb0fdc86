"""Coordinates: the numbers, the system they stand in, and each kind of bad point."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.coordinates import CoordinateOptions, read_coordinates
from geodata.crs import transform
from geodata.errors import Fault
from geodata.options import read_options
from geodata.reasons import names_of

BOX = (546000.0, 6467000.0, 619000.0, 6526000.0)  # Norrköping, roughly
CENTRE = (568941, 6495231)
IN_OTHERS = {
    "EPSG:4326": ("16.186", "58.592"),
    "EPSG:3021": ("1522146", "6496652"),
    "EPSG:3010": ("131740", "6497264"),
}


def read(x, y, *, stated=None, bbox=BOX, project="EPSG:3006", **options):
    def column(values):
        return pa.chunked_array([pa.array(values)]) if isinstance(values, list) else values

    return read_coordinates(
        x=column(x),
        y=column(y),
        options=CoordinateOptions(**options),
        stated_crs=stated,
        project_crs=project,
        bbox=bbox,
    )


def codes(parsed):
    return [notice.code for notice in parsed.notices]


def notice(parsed, code):
    return next(n for n in parsed.notices if n.code == code)


def reasons(parsed):
    return names_of(parsed.reason).tolist()


def one_fault(parsed) -> Fault:
    (fault,) = parsed.faults
    return fault


# --- the system ------------------------------------------------------------------------------


def test_metres_of_the_project_pass_as_they_stand():
    parsed = read(["568941", "568942,5"], ["6495231", "6495232.25"])
    assert parsed.x_m.tolist() == [568941.0, 568942.5]
    assert parsed.y_m.tolist() == [6495231.0, 6495232.25]
    assert parsed.source_crs == "EPSG:3006"
    assert notice(parsed, "crs_found").level == "chosen"
    assert "SWEREF 99 TM" in notice(parsed, "crs_found").text
    assert not parsed.faults
    assert parsed.details.empty


@pytest.mark.parametrize("crs", IN_OTHERS)
@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("bbox", [BOX, None])
def test_each_swedish_system_is_found_in_both_axis_orders(crs, swapped, bbox):
    x, y = IN_OTHERS[crs][::-1] if swapped else IN_OTHERS[crs]
    parsed = read([x, x], [y, y], bbox=bbox)
    assert parsed.x_m == pytest.approx([CENTRE[0]] * 2, abs=1)
    assert parsed.y_m == pytest.approx([CENTRE[1]] * 2, abs=1)
    assert parsed.source_crs == crs
    assert ("axes_swapped" in codes(parsed)) is swapped
    assert notice(parsed, "crs_found").data["rows"] == 2


@pytest.mark.parametrize("stated", ["SWEREF 99 16 30", "EPSG:3010"])
def test_a_named_system_is_used(stated):
    for how in ({"stated": stated}, {"crs": stated}):
        parsed = read(["131740"], ["6497264"], **how)
        assert parsed.x_m[0] == pytest.approx(CENTRE[0], abs=1)
        assert notice(parsed, "crs_found").level == "info"


def test_the_setting_goes_before_what_the_file_says():
    parsed = read(["131740"], ["6497264"], stated="EPSG:3021", crs="EPSG:3010")
    assert parsed.source_crs == "EPSG:3010"
    assert not parsed.faults


@pytest.mark.parametrize("crs", IN_OTHERS)
def test_a_named_system_that_the_values_contradict_stops_the_work(crs):
    x, y = IN_OTHERS[crs]
    fault = one_fault(read([x] * 3, [y] * 3, stated="EPSG:3006"))
    assert fault.code == "crs_contradicts_values"
    assert crs in fault.what
    assert crs in fault.next_step
    assert ("grader" in fault.why) is (crs == "EPSG:4326")


def test_rt90_called_sweref_without_a_known_area():
    fault = one_fault(read(["1522146"], ["6496652"], crs="SWEREF 99 TM", bbox=None))
    assert fault.code == "crs_contradicts_values"
    assert "RT90" in fault.what


def test_a_named_system_holds_against_a_few_rows_of_another():
    x, y = ["568941"] * 19 + ["1522146"], ["6495231"] * 19 + ["6496652"]
    parsed = read(x, y, stated="EPSG:3006")
    assert not parsed.faults
    assert notice(parsed, "mixed_crs").data["rows"] == {"EPSG:3021": 1}


def test_mixed_systems_are_told_and_each_is_converted():
    x = ["568941"] * 95 + ["1522146"] * 3 + ["16.186"] * 2
    y = ["6495231"] * 95 + ["6496652"] * 3 + ["58.592"] * 2
    parsed = read(x, y)
    assert parsed.x_m == pytest.approx([CENTRE[0]] * 100, abs=1)
    assert parsed.y_m == pytest.approx([CENTRE[1]] * 100, abs=1)
    mixed = notice(parsed, "mixed_crs")
    assert mixed.level == "warning"
    assert mixed.data["rows"] == {"EPSG:3021": 3, "EPSG:4326": 2}
    assert notice(parsed, "crs_found").data["rows"] == 95


def test_mixed_systems_may_be_rejected():
    parsed = read(["568941"] * 9 + ["1522146"], ["6495231"] * 9 + ["6496652"], mixed="reject")
    assert reasons(parsed) == [""] * 9 + ["other_crs"]
    assert np.isnan(parsed.x_m[-1])
    assert parsed.details.to_dict() == {9: "1522146 | 6496652"}
    assert "avvisas" in notice(parsed, "mixed_crs").text


def test_a_few_swapped_rows_are_turned():
    for mixed in ("convert", "reject"):
        parsed = read(["568941"] * 9 + ["6495231"], ["6495231"] * 9 + ["568941"], mixed=mixed)
        assert reasons(parsed) == [""] * 10
        assert parsed.x_m.tolist() == [568941.0] * 10
        assert notice(parsed, "swapped_rows").data["rows"] == 1
        assert "axes_swapped" not in codes(parsed)


def test_all_rows_outside_is_one_fault_that_says_where_they_lie():
    fault = one_fault(read(["674032", "674033"], ["6580822", "6580823"]))  # Stockholm
    assert fault.code == "all_outside_area"
    assert "2" in fault.what
    assert "674\u00a0032" in fault.why
    assert "SWEREF 99 TM" in fault.why


def test_another_zone_is_suggested_when_all_lie_outside():
    # The same place in SWEREF 99 13 30 lies east of the area when read as any common system.
    fault = one_fault(read(["306175"], ["6500346"]))
    assert fault.code == "all_outside_area"
    assert "EPSG:3008" in fault.next_step


def test_a_local_zone_is_never_taken_without_a_warning():
    assert notice(read(["131740"], ["6497264"]), "crs_found").level == "warning"
    assert notice(read(["131740"], ["6497264"], crs="3010"), "crs_found").level == "info"


def test_numbers_of_no_known_system_are_outside():
    fault = one_fault(read(["12", "13"], ["99", "98"], bbox=None))
    assert fault.code == "all_outside_area"


def test_unknown_system_is_a_fault_of_the_setting():
    fault = one_fault(read(["1"], ["2"], crs="SWEREF 98"))
    assert fault.code == "unknown_crs"
    assert fault.where == "[[input]] crs"


@pytest.mark.parametrize("project", ["EPSG:32617", "EPSG:26917"])
def test_foreign_towns_need_no_box(project):
    for x, y in ((-78.48, 38.03), (38.03, -78.48)):
        parsed = read([x] * 2, [y] * 2, bbox=None, project=project)
        assert parsed.source_crs == "EPSG:4326"
        assert parsed.x_m == pytest.approx([721_263] * 2, abs=500)
        assert ("axes_swapped" in codes(parsed)) is (x > 0)


def test_us_feet_are_a_fine_source():
    parsed = read([6011484.0], [2110338.0], stated="EPSG:2227", bbox=None, project="EPSG:32610")
    lon, lat = transform(parsed.x_m, parsed.y_m, "EPSG:32610", "WGS84")
    assert (lon[0], lat[0]) == pytest.approx((-122.4037, 37.7752), abs=1e-3)


def test_degrees_are_never_metres_near_the_origin():
    # The area of use of UTM 17 N holds easting −78, northing 38 as metres, near the equator.
    parsed = read([-78.48], [38.03], stated="EPSG:32617", bbox=None, project="EPSG:32617")
    assert one_fault(parsed).code == "crs_contradicts_values"


# --- single bad points -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ("", "6495231", "missing_coordinates"),
        ("568941", None, "missing_coordinates"),
        (" - ", "okänd", "missing_coordinates"),
        ("abc", "6495231", "unreadable_coordinates"),
        ("568941", "12.3.4x", "unreadable_coordinates"),
        ("inf", "6495231", "unreadable_coordinates"),
        ("0", "0", "zero_coordinates"),
        ("0,000", "0.0", "zero_coordinates"),
        ("568941", "0", "zero_coordinates"),
        ("9999999", "9999999", "dummy_coordinates"),
        ("568941", "9999999", "dummy_coordinates"),
        ("-9999", "-9999", "dummy_coordinates"),
        ("-1", "-1", "dummy_coordinates"),
        ("1111111", "1111111", "dummy_coordinates"),
        ("-120.5", "90", "dummy_coordinates"),
        ("674032", "6580822", "outside_area"),
        ("568941", "649523", "outside_area"),
        ("🙂", "6495231", "unreadable_coordinates"),
    ],
)
def test_bad_points_have_their_reason(x, y, reason):
    parsed = read(["568941"] * 5 + [x], ["6495231"] * 5 + [y])
    assert reasons(parsed) == [""] * 5 + [reason]
    assert np.isnan(parsed.x_m[-1])
    assert np.isnan(parsed.y_m[-1])
    assert list(parsed.details.index) == [5]
    assert not parsed.faults


def test_greenwich_is_a_place_and_not_a_missing_value():
    parsed = read([0.0, -0.1], [51.48, 51.5], bbox=None, project="EPSG:27700")
    assert reasons(parsed) == ["", ""]


def test_a_file_without_any_usable_point_is_no_fault_of_the_system():
    parsed = read(["0", "", "9999999"], ["0", "", "9999999"])
    assert reasons(parsed) == ["zero_coordinates", "missing_coordinates", "dummy_coordinates"]
    assert not parsed.faults
    assert not parsed.notices


def test_no_rows():
    parsed = read(pa.array([], pa.string()), pa.array([], pa.string()))
    assert len(parsed.x_m) == len(parsed.reason) == 0
    assert not parsed.faults


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("568 941", "6 495 231"),
        ("568\u00a0941", "6\u202f495\u202f231"),
        ("568941,00", "6495231,00"),
        ("568.941,00", "6.495.231,00"),
        ("568,941.00", "6,495,231.00"),
        ("568,941", "6,495,231"),
        ("568.941", "6.495.231"),
        ("5.68941E+05", "6,495231E+06"),
        ("568941 m", "6495231 m"),
        ("E 568941", "N 6495231"),
        ("568'941", "6'495'231"),
        ("+568941", "6495231"),
    ],
)
def test_ways_to_write_a_metre(x, y):
    parsed = read([x], [y])
    assert (parsed.x_m[0], parsed.y_m[0]) == CENTRE


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("16,186", "58,592"),
        ("16.186°", "58.592°"),
        ("16.186 E", "58.592 N"),
        ("E16.186", "N58.592"),
        ("16°11'9.6\"E", "58°35'31.2\"N"),
        ("16° 11′ 9,6″ Ö", "58° 35′ 31,2″ N"),
        ("16°11.16'", "58°35.52'"),
    ],
)
def test_ways_to_write_degrees(x, y):
    parsed = read([x], [y])
    assert parsed.x_m[0] == pytest.approx(CENTRE[0], abs=1)
    assert parsed.y_m[0] == pytest.approx(CENTRE[1], abs=1)


def test_west_and_south_are_negative():
    parsed = read(["78.48 W"], ["38.03 N"], bbox=None, project="EPSG:32617")
    assert parsed.x_m[0] == pytest.approx(721_263, abs=500)


def test_thousands_are_told_and_can_be_set():
    x, y = ["568,941", "568,942"], ["6,495,231", "6,495,232"]
    assert notice(read(x, y), "thousands_sign").data["sign"] == ","
    assert read(x, y, decimal=".").x_m.tolist() == [568941.0, 568942.0]
    assert reasons(read(["568941", "568,941"], ["6495231"] * 2, decimal=",")) == [
        "",
        "outside_area",
    ]


def test_one_odd_row_does_not_make_the_decimal_comma_part_thousands():
    x = ["568941,25"] * 9 + ["1,234,567"]
    parsed = read(x, ["6495231,5"] * 10)
    assert parsed.x_m[:9].tolist() == [568941.25] * 9
    assert reasons(parsed)[-1] == "unreadable_coordinates"


@pytest.mark.parametrize(
    "column",
    [
        pa.array([568941, None], pa.int64()),
        pa.array([568941, None], pa.int32()),
        pa.array([568941.0, float("nan")], pa.float64()),
        pa.array([568941.0, None], pa.float32()),
        pa.array(["568941", None], pa.large_string()),
        pa.array(["568941", ""]).dictionary_encode(),
        pa.chunked_array([pa.array(["568941"]), pa.array([None], pa.string())]),
        pa.chunked_array([["568941"], [""]]).cast(pa.string()).dictionary_encode(),
    ],
)
def test_any_type_of_column(column):
    parsed = read(column, [6495231.0, 6495231.0])
    assert parsed.x_m[0] == 568941.0
    assert reasons(parsed) == ["", "missing_coordinates"]


@pytest.mark.parametrize("kind", [pa.bool_(), pa.timestamp("us")])
def test_a_column_that_holds_no_numbers(kind):
    parsed = read(pa.array([1, None], pa.int64()).cast(kind), ["6495231"] * 2)
    assert reasons(parsed) == ["unreadable_coordinates", "missing_coordinates"]


def test_places_are_rounded_to_a_centimetre():
    parsed = read([568941.001, 568941.004, 568941.006], [6495231.0] * 3)
    assert parsed.x_m.tolist() == [568941.0, 568941.0, 568941.01]


# --- relations -------------------------------------------------------------------------------

KINDS = st.sampled_from(
    [
        ("568941", "6495231"),
        ("6495300", "569000"),
        ("1522146", "6496652"),
        ("16,2", "58,6"),
        ("131740", "6497264"),
        ("0", "0"),
        ("", "6495231"),
        ("x", "1"),
        ("9999999", "9999999"),
        ("674032", "6580822"),
    ]
)


@given(st.lists(KINDS, min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_row_order_does_not_matter(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    mixed = [rows[at] for at in order]
    one, other = (read([x for x, _ in some], [y for _, y in some]) for some in (rows, mixed))
    np.testing.assert_array_equal(one.x_m[order], other.x_m)
    np.testing.assert_array_equal(one.y_m[order], other.y_m)
    np.testing.assert_array_equal(one.reason[order], other.reason)
    assert one.notices == other.notices
    assert one.faults == other.faults


@given(
    st.lists(
        st.tuples(st.floats(547000, 618000), st.floats(6468000, 6525000)),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(["EPSG:3006", "EPSG:3010", "EPSG:3021", "EPSG:4326"]),
    st.booleans(),
    st.sampled_from([",", "."]),
)
def test_round_trip_through_each_system(points, crs, swapped, sign):
    x, y = (np.array(values) for values in zip(*points, strict=True))
    east, north = transform(x, y, "EPSG:3006", crs)
    texts = [[f"{value:.9f}".replace(".", sign) for value in values] for values in (east, north)]
    parsed = read(*(texts[::-1] if swapped else texts))
    assert parsed.source_crs == crs
    np.testing.assert_allclose(parsed.x_m, x, atol=0.02)
    np.testing.assert_allclose(parsed.y_m, y, atol=0.02)


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=12))
def test_any_text_gives_a_point_or_a_reason(rows):
    parsed = read(
        pa.array([x for x, _ in rows], pa.string()), pa.array([y for _, y in rows], pa.string())
    )
    assert len(parsed.x_m) == len(rows)
    assert (np.isnan(parsed.x_m) == (parsed.reason != 0)).all()
    assert (np.isnan(parsed.y_m) == (parsed.reason != 0)).all()
    assert parsed.details.index.tolist() == np.flatnonzero(parsed.reason).tolist()


def test_many_distinct_points_are_read_the_same_way_as_few():
    rng = np.random.default_rng(3)
    x = rng.uniform(550000, 610000, 150_000).round(2)
    y = rng.uniform(6470000, 6520000, 150_000).round(2)
    texts = [[f"{value:.2f}".replace(".", ",") for value in values] for values in (x, y)]
    texts[0][7] = None
    parsed = read(*texts)
    assert reasons(parsed)[7] == "missing_coordinates"
    keep = np.arange(len(x)) != 7
    np.testing.assert_array_equal(parsed.x_m[keep], x[keep])
    np.testing.assert_array_equal(parsed.y_m[keep], y[keep])


def test_settings_are_read_from_the_project_file():
    options, faults = read_options(CoordinateOptions, {"mixed": "keep"}, "[[input]]")
    assert [fault.code for fault in faults] == ["wrong_type"]
    assert options.crs == "auto"


# --- real data -------------------------------------------------------------------------------


@pytest.mark.real
def test_san_francisco_in_feet_and_in_degrees_is_the_same_town(real_data):
    table = pq.read_table(real_data / "incidents" / "SFcrime_2012H2.parquet")
    feet = read(table["X_pr"], table["Y_pr"], stated="EPSG:2227", bbox=None, project="EPSG:32610")
    degrees = read(table["X"], table["Y"], bbox=None, project="EPSG:32610")
    assert not feet.reason.any()
    assert not degrees.reason.any()
    assert degrees.source_crs == "EPSG:4326"
    apart = np.hypot(feet.x_m - degrees.x_m, feet.y_m - degrees.y_m)
    # Some car thefts have feet and degrees of different places, kilometres apart, in the source.
    wrong = apart > 0.05
    assert wrong.sum() == 13
    assert set(np.asarray(table["layer"])[wrong]) == {"cartheft"}


@pytest.mark.real
def test_charlottesville_degrees(real_data):
    table = pd.read_csv(real_data / "incidents" / "charlottesville_2012_2017.csv.gz", dtype=str)
    parsed = read(
        pa.array(table["lon"], pa.string()),
        pa.array(table["lat"], pa.string()),
        bbox=None,
        project="EPSG:32617",
    )
    assert not parsed.reason.any()
    assert parsed.source_crs == "EPSG:4326"
    places = pd.Series(list(zip(parsed.x_m, parsed.y_m, strict=True)))
    assert places.value_counts().iloc[0] == 1089  # 600 E MARKET ST, a default address


@pytest.mark.real
def test_searches_without_a_point_are_missing(real_data):
    table = pq.read_table(real_data / "incidents" / "met_stop_and_search_2018_2019.parquet")
    parsed = read(table["Longitude"], table["Latitude"], bbox=None, project="EPSG:27700")
    names = pd.Series(names_of(parsed.reason)).value_counts().to_dict()
    assert names == {"": 137_981, "missing_coordinates": 13_919}
