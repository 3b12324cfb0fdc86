"""What is fixed before a camera starts: polygons, control places, and what could be shown."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hotspots.effect.power import least_effect
from hotspots.evaluationplan import PlanOptions, fix_plan

FIRST, LAST = date(2022, 1, 1), date(2024, 12, 31)
CRS = "EPSG:3006"


@pytest.mark.parametrize(
    ("baseline", "share"), [(10, None), (20, 0.80), (40, 0.58), (80, 0.42), (160, 0.30)]
)
def test_known_power(baseline, share) -> None:
    found = least_effect(baseline, baseline)
    if share is None:
        assert found is None
    else:
        assert found.share == pytest.approx(share, abs=0.0051)


@given(
    treated=st.integers(1, 60),
    control=st.integers(0, 150),
    controls=st.integers(1, 4),
    after=st.sampled_from([6, 12, 24, 36]),
)
def test_the_least_effect_is_the_first_that_the_difference_finds(
    treated, control, controls, after
) -> None:
    # WDD written out with period and area weights (Wheeler & Ratcliffe 2018)
    longer = after / 24

    def z(count: int) -> float:
        change = (count / longer - treated) - (control - control) / controls
        variance = treated + count / longer**2
        variance += control / controls**2 + control * longer / (controls * longer) ** 2
        return change / variance**0.5 if variance else 0.0

    fits = [count for count in range(int(treated * longer) + 1) if z(count) <= -1.959964]
    found = least_effect(treated, control, controls=controls, before=24, after=after)
    assert (found.after if found else None) == (max(fits) if fits else None)


def events(seed: int = 1, extra: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return events at six places 600 m apart; two are busy as the treated one, in its way."""
    rng = np.random.default_rng(seed)
    rows = []
    for place, (n, kind) in enumerate(
        [
            (60, "drug_supply"),
            (58, "drug_supply"),
            (57, "violence"),
            (10, "drug_supply"),
            (62, "drug_supply"),
            (150, "drug_supply"),
        ]
    ):
        day = pd.Timestamp("2023-01-01") + pd.to_timedelta(
            np.linspace(0, 729, n).astype(int), unit="D"
        )
        rows.append(
            pd.DataFrame(
                {
                    "start": day.tz_localize("Europe/Stockholm"),
                    "x_m": 600.0 * place + rng.integers(-10, 11, n),
                    "y_m": 1000.0 + rng.integers(-10, 11, n),
                    "offence_class": kind,
                }
            )
        )
    table = pd.concat([*rows, *([] if extra is None else [extra])], ignore_index=True)
    return table.assign(end=table["start"], time_precision="minute")


def views(*x: float) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"site_id": [f"K{i:02d}" for i in range(1, len(x) + 1)]},
        geometry=[shapely.box(at - 45, 955, at + 45, 1045) for at in x],
        crs=CRS,
    )


def plan(table: pd.DataFrame, seen: gpd.GeoDataFrame, fixed: date = LAST, **other):
    return fix_plan(
        seen, table, PlanOptions(**other), first=FIRST, last=LAST, fixed=fixed, outcome="anmälda"
    )


def test_the_places_most_alike_are_control_places() -> None:
    fixed = plan(events(), views(0.0), n_controls=2)
    part = fixed.places[fixed.places["variant"] == "view"].set_index(["role", "place"])
    assert part.loc[("treated", 0), "n_before"] == 60
    centres = {round(shape.centroid.x / 600) for shape in part.loc["control", "geometry"]}
    assert centres == {1, 4}  # 58 and 62 of the same class, not 57 of another, nor 150
    assert part.loc["control", "n_before"].tolist() == [62, 58] or part.loc[
        "control", "n_before"
    ].tolist() == [58, 62]
    assert (part.loc["control", "likeness"] < 1).all()
    effect = fixed.effects.set_index("variant").loc["view"]
    assert (effect["n_treated"], effect["n_controls"], effect["n_control"]) == (60, 2, 120)
    assert effect["expected_after"] == 30
    assert 0.3 < effect["least_fall"] < 0.8


def test_both_variants_with_areas_as_told() -> None:
    fixed = plan(events(), views(0.0))
    area = {
        (row.variant, row.role, row.place): row.geometry.area for row in fixed.places.itertuples()
    }
    assert area["view", "treated", 0] == 8100
    assert area["margin", "treated", 0] == pytest.approx(190**2 - (4 - np.pi) * 50**2, rel=0.01)
    assert area["view", "buffer", 0] == pytest.approx(
        290**2 - (4 - np.pi) * 100**2 - 8100, rel=0.01
    )
    for (variant, role, _place), size in area.items():
        if role == "control":
            assert size == pytest.approx(area[variant, "treated", 0], rel=1e-3)
    assert (fixed.places["fixed_date"] == pd.Timestamp(LAST)).all()


def test_control_places_lie_apart_from_every_camera_and_from_one_another() -> None:
    fixed = plan(events(), views(0.0, 2400.0), n_controls=5)
    for _variant, part in fixed.places.groupby("variant"):
        treated = part[part["role"] == "treated"].union_all()
        for _site, own in part[part["role"] == "control"].groupby("site_id"):
            assert (own.distance(treated) >= 300 - 1e-3).all()
            shapes = own.geometry.tolist()
            assert all(a.intersection(b).area < 1 for i, a in enumerate(shapes) for b in shapes[:i])
    assert {notice.code for notice in fixed.notices} == {"few_controls"}


def test_what_comes_after_the_plan_is_fixed_changes_nothing() -> None:
    fixed = date(2024, 6, 30)
    one = plan(events(), views(0.0), fixed=fixed)
    later = events().iloc[[200] * 400].drop(columns=["end", "time_precision"])
    later["start"] = pd.Timestamp("2024-07-01 10:00", tz="Europe/Stockholm")
    other = plan(events(extra=later).sample(frac=1, random_state=1), views(0.0), fixed=fixed)
    pd.testing.assert_frame_equal(one.places, other.places)
    pd.testing.assert_frame_equal(one.effects, other.effects)
    assert (one.places["last_date"] == pd.Timestamp(fixed)).all()
    assert (one.places["first_date"] == pd.Timestamp("2022-07-01")).all()


def test_too_few_to_tell() -> None:
    fixed = plan(events(), views(1800.0))
    effect = fixed.effects.set_index("variant").loc["view"]
    assert effect["n_treated"] == 10
    assert pd.isna(effect["least_fall"])
    assert "går en effekt inte att avgöra" in effect["sentence"]


def test_no_control_place() -> None:
    fixed = plan(events(), views(0.0), apart_m=9000.0)
    assert set(fixed.places["role"]) == {"treated", "buffer"}
    assert all("inget jämförbart" in text for text in fixed.effects["sentence"])
    assert fixed.effects["least_fall"].isna().all()


def test_a_short_extract_is_told() -> None:
    fixed = fix_plan(
        views(0.0), events(), first=date(2024, 1, 1), last=LAST, fixed=LAST, outcome="anmälda"
    )
    assert (fixed.places["months_before"] == 12).all()
    assert fixed.notices[0].code == "plan_short"


def test_no_proposals() -> None:
    fixed = plan(events(), views())
    assert fixed.places.empty
    assert fixed.effects.empty
