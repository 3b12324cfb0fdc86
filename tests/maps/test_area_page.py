"""The pages of the picture, of perceived safety and of the feedback: what stands there, escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest

from areas.perceived import PerceivedOptions, compare_perceived
from geodata.disclosure import DisclosureOptions, Profile, Released, release
from geodata.language import using
from maps.area_page import PictureFacts, area_pages
from maps.area_page.cells import between, figure, mean_before, week_count
from maps.area_page.facts import file_names
from maps.feedback_page import feedback_html
from maps.layers.perceived import BIVARIATE, perceived_layer
from maps.perceived_page import perceived_html
from tests.areas.picture_tables import areas_table, picture_of, town
from tests.areas.test_perceived import EVENTS, SAID, answers

OPTIONS = DisclosureOptions()
NASTY = "</style><script>alert(1)</script>"
FACTS = PictureFacts(
    title="Prov",
    profile="intern",
    caveat="Förbehåll.",
    week=date(2024, 12, 23),
    first=date(2024, 1, 1),
    last=date(2024, 12, 29),
    notes=("Så här.",),
    warnings=("Se upp.",),
)


def released(tables: dict[str, pd.DataFrame], profile: Profile = "intern") -> dict[str, Released]:
    return {name: release(table, name, profile, OPTIONS) for name, table in tables.items()}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    incidents = town(900)
    incidents["address"] = pd.Series([NASTY] * len(incidents), dtype="str")
    areas = areas_table()
    areas.loc[areas["area_id"] == "a", "name"] = NASTY
    return dict(picture_of(incidents, areas).tables)


def test_a_page_of_the_whole_and_of_each_area(tables: dict[str, pd.DataFrame]) -> None:
    pages = area_pages(released(tables), FACTS)
    assert list(pages) == ["lagesbild.html", "lagesbild/a.html"]
    for page in pages.values():
        assert NASTY not in page
        assert "alert(1)" in page
        assert "INTERN" in page
        assert "http" not in re.sub(r"http-equiv|http://www.w3.org/2000/svg", "", page)
    assert 'href="lagesbild/a.html"' in pages["lagesbild.html"]
    assert 'href="../lagesbild.html"' in pages["lagesbild/a.html"]
    assert "Se upp." in pages["lagesbild.html"]


def test_pages_show_the_figures_of_the_tables(tables: dict[str, pd.DataFrame]) -> None:
    page = area_pages(released(tables), FACTS)["lagesbild/a.html"]
    now = tables["picture_now"].query("area_id == 'a' and value == 'all' and source == 'police'")
    assert f"polisanmälan {now['n_week'].iloc[0]}" in page
    counts = tables["picture_counts"].query("area_id == 'a' and by == 'class'")
    for n in counts["n_events"]:
        assert f'<td class="n">{n}</td>' in page


def test_pages_are_the_same_twice_and_in_english(tables: dict[str, pd.DataFrame]) -> None:
    one = area_pages(released(tables), FACTS)
    assert one == area_pages(released(tables), FACTS)
    with using("en"):
        assert 'lang="en"' in area_pages(released(tables), FACTS)["lagesbild.html"]


def test_only_intern_has_the_pages(tables: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(ValueError, match="intern"):
        area_pages(released(tables, "samverkan"), replace(FACTS, profile="samverkan"))


def test_months_alone_make_a_page_without_weeks() -> None:
    incidents = town(60)
    incidents["time_precision"] = incidents["time_precision"].cat.rename_categories(str)
    incidents["time_precision"] = pd.Categorical(
        ["month"] * 60, categories=incidents["time_precision"].cat.categories
    )
    made = dict(picture_of(incidents).tables)
    page = area_pages(released(made), replace(FACTS, week=None))["lagesbild.html"]
    assert "Samma v. i fjol" not in page
    assert "händelser (polisanmälan)" in page


def test_no_report_is_never_written_as_nothing() -> None:
    assert week_count(pd.NA) == "ingen rapport"
    assert week_count(0) == "0"
    assert mean_before(0, 0) == "ingen rapport"
    assert mean_before(6, 3) == "2,0 (3 v.)"
    assert figure(float("nan")) == "–"
    assert figure(0.01, 1) == "<\u00a00,1"
    assert between(1.2, float("nan")) == "minst 1,2"


def test_file_names_are_plain_distinct_and_independent_of_order() -> None:
    ids = ["Åby", "aby", "0581R001", "..", "a/b"]
    names = file_names(ids)
    assert len(set(names.values())) == len(ids)
    assert all(re.fullmatch(r"lagesbild/[a-z0-9-]+\.html", name) for name in names.values())
    assert names == file_names(ids[::-1])


def test_the_feedback_sheet_is_not_for_the_public(tables: dict[str, pd.DataFrame]) -> None:
    assert release(tables["feedback"], "feedback", "publik", OPTIONS).table is None


def test_the_feedback_sheet_hides_small_counts(tables: dict[str, pd.DataFrame]) -> None:
    own = released(tables, "samverkan")["feedback"]
    assert own.table is not None
    minimum = OPTIONS.min_count_samverkan
    shown = own.table["n_events"].dropna()
    assert ((shown == 0) | (shown >= minimum)).all()
    page = feedback_html(own, None, FACTS, first=FACTS.first, last=FACTS.last)
    assert "Uppgift om åtgärder saknas." in page
    assert NASTY not in page
    for n in tables["feedback"].loc[own.table["hidden"], "n_events"].unique():
        assert f'class="n">{n}<' not in page or n in set(shown)


@pytest.mark.parametrize("counts", [[1, 0, 30], [2, 2, 9], [1, 1, 1], [4, 0, 0], [5, 3, 8, 1]])
def test_each_list_of_the_feedback_is_hidden_as_one_whose_sum_is_known(counts: list[int]) -> None:
    names = [f"a{i}" for i in range(len(counts))]
    table = pd.DataFrame(
        {
            "source": pd.Categorical(["guard"] * (len(counts) + 1), categories=_categories()),
            "by": pd.Categorical(
                ["all", *["area"] * len(counts)], categories=["all", "area", "class"]
            ),
            "value": pd.Series(["all", *names], dtype="str"),
            "name": pd.Series(["Alla", *names], dtype="str"),
            **dict.fromkeys(("first_date", "last_date"), pd.Timestamp("2025-03-31").as_unit("us")),
            "n_events": [sum(counts), *counts],
        }
    )
    own = release(table, "feedback", "samverkan", OPTIONS).table
    least = OPTIONS.min_count_samverkan
    if own is None:  # too few areas to hide the small ones among
        assert any(0 < n < least for n in counts)
        return
    hidden = own["hidden"].to_numpy()[1:]
    assert all(h for h, n in zip(hidden, counts, strict=True) if 0 < n < least)
    assert int(hidden.sum()) != 1  # the sum of the list would give it away


def _categories() -> list[str]:
    from geodata.schema import SOURCES

    return list(SOURCES)


def test_the_sheet_refuses_figures_for_the_house(tables: dict[str, pd.DataFrame]) -> None:
    own = release(tables["feedback"], "feedback", "intern", OPTIONS)
    with pytest.raises(ValueError, match="samverkan"):
        feedback_html(own, None, FACTS, first=FACTS.first, last=FACTS.last)


@pytest.mark.parametrize(
    ("profile", "may_leave"),
    [("samverkan", {"feedback", "picture_areas", "picture_counts"}), ("publik", set())],
)
def test_all_else_of_the_picture_stays_inside(
    tables: dict[str, pd.DataFrame], profile: Profile, may_leave: set[str]
) -> None:
    out = {n: one.table for n, one in released(tables, profile).items() if one.table is not None}
    assert set(out) == may_leave


@pytest.fixture(scope="module")
def felt() -> dict[str, pd.DataFrame]:
    incidents = EVENTS.copy()
    incidents["address"] = pd.Series([NASTY] * len(incidents), dtype="str")
    said = answers(("0581R001", 100, 10), ("0581R002", 100, 60), ("a", 9, 8))
    return compare_perceived(
        incidents, areas_table(), picture_of(incidents), SAID, said, PerceivedOptions()
    ).tables


def test_the_page_of_perceived_safety(felt: dict[str, pd.DataFrame]) -> None:
    areas = release(areas_table(), "areas", "intern", OPTIONS)
    page = perceived_html(released(felt), areas, FACTS, source="police", on=FACTS.last)
    assert "UPPLEVD TRYGGHET" in page
    assert NASTY not in page
    assert "för få svar" in page
    assert all(colour in page for row in BIVARIATE for colour in row)
    cells = felt["perceived_cells"]
    marks = int(cells["disagreement"].isin(("unsafe_few_reports", "safe_many_reports")).sum())
    assert page.count('class="mark"') == marks > 0
    with pytest.raises(ValueError, match="intern"):
        perceived_html({}, areas, replace(FACTS, profile="publik"), source="police", on=FACTS.last)


def test_the_layer_leaves_few_answers_uncoloured(felt: dict[str, pd.DataFrame]) -> None:
    cells = felt["perceived_cells"]
    assert isinstance(cells, gpd.GeoDataFrame)
    layer = perceived_layer(cells)
    assert layer.views == frozenset()
    ordered = cells.sort_values("cell_id")
    for n, few, a, b in zip(
        layer.data["classes"],
        ordered["few"],
        ordered["unsafe_class"],
        ordered["reported_class"],
        strict=True,
    ):
        assert n == (-1 if few else 3 * a + b)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_nine_colours_darken_with_both() -> None:
    grey = [[_luminance(colour) for colour in row] for row in BIVARIATE]
    for i in range(3):
        assert grey[i][0] > grey[i][1] > grey[i][2]
        assert grey[0][i] > grey[1][i] > grey[2][i]
