"""The list of indicators and the texts of the promise."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geodata.disclosure import DisclosureOptions, release
from geodata.errors import DataError, SettingsError
from geodata.indicators import (
    ITEMS,
    SENSITIVE,
    no_indicators,
    read_indicators,
    read_promise,
    read_standing,
)
from geodata.language import using

HEAD = "område;period;löftespunkt;indikator;värde;källa\n"
ITEM = read_promise()


def areas() -> gpd.GeoDataFrame:
    shapes = [shapely.box(i, 0, i + 1, 1) for i in range(2)]
    return gpd.GeoDataFrame(
        {"area_id": ["a", "b"], "name": ["Hageby", "Navestad"]}, geometry=shapes, crs="EPSG:3006"
    )


def read(folder: Path, text: str):
    path = folder / "i.csv"
    path.write_text(text, encoding="utf-8")
    return read_indicators(path, areas=areas(), items=ITEM)


def faults(folder: Path, text: str) -> set[str]:
    with pytest.raises(DataError) as caught:
        read(folder, text)
    return {fault.code for fault in caught.value.faults}


def test_an_empty_value_is_not_known_and_never_zero(tmp_path: Path) -> None:
    made = read(tmp_path, HEAD + ";2023;ANDTS;skolor;;x\n;2023;uppsökande arbete;kvällar;0;x\n")
    values = made.table.set_index("item")["value"]
    assert values["andts"] != values["andts"]
    assert values["outreach"] == 0


def test_areas_names_and_numbers_are_understood(tmp_path: Path) -> None:
    rows = "hageby;2023-h1;EST;möten;1 234,5;x\nHela kommunen;2023;hundsök;sök;12;y\n"
    table = read(tmp_path, HEAD + rows).table
    assert table["area_id"].tolist()[0] == "a"
    assert table["area_id"].isna().tolist() == [False, True]
    assert table["value"].tolist() == [1234.5, 12]
    assert table["period"].tolist() == ["2023-H1", "2023"]


@pytest.mark.parametrize("name", SENSITIVE)
def test_what_is_about_persons_is_summed_over_areas(tmp_path: Path, name: str) -> None:
    rows = f"Hageby;2023;{name};ärenden;3;x\nNavestad;2023;{name};ärenden;4;y\n"
    made = read(tmp_path, HEAD + rows)
    assert made.table["area_id"].isna().all()
    assert made.table["value"].tolist() == [7]
    assert "areas_summed" in {notice.code for notice in made.notices}


def test_a_sum_with_an_unknown_part_is_unknown(tmp_path: Path) -> None:
    rows = "Hageby;2023;SIG;personer;3;x\nNavestad;2023;SIG;personer;;y\n"
    assert read(tmp_path, HEAD + rows).table["value"].isna().all()


def test_a_stated_total_stands_and_areas_beside_it_are_dropped(tmp_path: Path) -> None:
    rows = ";2023;SIG;personer;9;x\nHageby;2023;SIG;personer;3;x\n"
    made = read(tmp_path, HEAD + rows)
    assert made.table["value"].tolist() == [9]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Okända;2023;EST;möten;1;x", "unknown_area"),
        (";2023;trivsel;möten;1;x", "unknown_item"),
        (";2023;EST;möten;många;x", "unreadable_number"),
        (";2023;EST;möten;-1;x", "negative_value"),
        (";2023;EST;;1;x", "no_indicator"),
        (";i fjol;EST;möten;1;x", "bad_period"),
        (";2023;EST;möten;1;x\n;2023;EST;möten;2;x", "several_values"),
    ],
)
def test_a_bad_row_is_told(tmp_path: Path, row: str, code: str) -> None:
    assert code in faults(tmp_path, HEAD + row + "\n")


def test_all_faults_of_a_list_are_told_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, HEAD + "Okända;i fjol;trivsel;möten;många;x\n")
    assert {"unknown_area", "bad_period", "unknown_item", "unreadable_number"} <= found


def test_a_named_file_that_is_missing_stops_the_work(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_indicators(tmp_path / "nej.csv", areas=areas(), items=ITEM)
    (fault,) = caught.value.faults
    assert fault.code == "indicators_missing"
    assert "uppgift saknas" in fault.next_step


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    rows = [";2023;EST;möten;1;x\n", "Hageby;2023;EST;möten;2;x\n", ";2023;SIG;personer;9;x\n"]
    one = read(tmp_path, HEAD + "".join(rows)).table
    other = read(tmp_path, HEAD + "".join(reversed(rows))).table
    assert one.equals(other)


@pytest.mark.parametrize("profile", ["intern", "samverkan", "publik"])
def test_small_numbers_about_persons_are_hidden_in_every_profile(
    tmp_path: Path, profile: str
) -> None:
    table = read(tmp_path, HEAD + ";2023;SIG;personer;3;x\n;2023;SSPF;ärenden;12;x\n").table
    shown = release(table, "appendix_indicators", profile, DisclosureOptions()).table  # type: ignore[arg-type]
    assert shown is not None
    by_item = shown.set_index("item")
    assert bool(by_item.loc["sig", "hidden"])
    assert by_item["value"].isna().loc["sig"]
    assert by_item.loc["sspf", "value"] == 12


def test_areas_and_small_counts_stay_inside(tmp_path: Path) -> None:
    head = HEAD.replace("värde", "enhet;värde")
    rows = "Hageby;2023;EST;möten;;9;x\n;2023;EST;möten;;4;x\n;2023;ANDTS;provat;%;3;x\n"
    table = read(tmp_path, head + rows).table
    inside = release(table, "appendix_indicators", "intern", DisclosureOptions()).table
    public = release(table, "appendix_indicators", "publik", DisclosureOptions()).table
    assert inside is not None
    assert public is not None
    assert len(inside) == 3
    assert not inside["hidden"].any()
    assert public["area_id"].isna().all()
    assert public.set_index("item")["hidden"].to_dict() == {"est": True, "andts": False}


def test_without_a_list_nothing_is_known_and_that_is_told() -> None:
    made = no_indicators()
    assert made.table.empty
    assert made.notices[0].level == "warning"


def test_the_promise_has_its_seven_items_in_both_languages() -> None:
    assert [item.key for item in ITEM] == list(ITEMS)
    with using("en"):
        english = read_promise()
    for one, other in zip(ITEM, english, strict=True):
        assert one.promised
        assert one.promised != other.promised
    assert [item.key for item in ITEM if item.sensitive] == list(SENSITIVE)


def test_a_promise_of_ones_own_must_be_whole(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text('[item.est]\nname = { sv = "EST" }\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_promise(path)
    assert "item.sspf.name" in caught.value.faults[0].what
    path.write_text("[", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_promise(path)
    assert caught.value.faults[0].code == "texts_unreadable"


def test_an_edited_file_cannot_open_what_is_about_persons(tmp_path: Path) -> None:
    from importlib.resources import files

    text = (files("geodata") / "data" / "promise.toml").read_text("utf-8")
    path = tmp_path / "p.toml"
    path.write_text(text.replace("sensitive = true", "sensitive = false"), encoding="utf-8")
    assert [item.key for item in read_promise(path) if item.sensitive] == list(SENSITIVE)


def test_the_standing_texts_are_there_in_both_languages() -> None:
    swedish = read_standing()
    with using("en"):
        english = read_standing()
    assert set(swedish.purpose) == {"strategic", "normative"}
    for name in ("method", "limits", "terms"):
        one, other = getattr(swedish, name), getattr(english, name)
        assert len(one) == len(other) > 3
        assert all(a != b for a, b in zip(one, other, strict=True))
