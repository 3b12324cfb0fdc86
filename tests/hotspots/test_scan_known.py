"""Scan statistics against SaTScan's own answers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from pyproj import Transformer

from hotspots.scan.permutation import PermutationOptions, scan_permutation
from hotspots.scan.poisson import PoissonOptions, scan_poisson

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def checks(real_data: Path) -> Path:
    return real_data / "checks"


@pytest.fixture(scope="module")
def reference(checks: Path) -> dict:
    return json.loads((checks / "reference_values.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def fever(checks: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    places = pd.read_csv(checks / "NYCfevergeo.csv")
    cases = pd.read_csv(checks / "NYCfevercas.csv")
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:32618", always_xy=True)
    x, y = to_metres.transform(places["long"], places["lat"])
    locations = pd.DataFrame({"place_id": places["zip"], "x_m": x, "y_m": y})
    return (
        pd.DataFrame(
            {
                "place_id": cases["zip"],
                "day": pd.to_datetime(cases["date"]),
                "count": cases["cases"],
            }
        ),
        locations,
    )


@pytest.mark.parametrize("mode", ["prospective", "retrospective"])
def test_new_york_fever(fever, reference, mode) -> None:
    expected = reference["satscan_nycfever_space_time_permutation"][f"{mode}_cluster1"]
    options = PermutationOptions(mode=mode, max_radius_m=3000, max_days=7, stop_after=0)
    scan = scan_permutation(
        *fever, options, first_day=date(2001, 11, 1), last_day=date(2001, 11, 24)
    )
    top = scan.table.iloc[0]
    assert top["llr"] == pytest.approx(expected["statistic"], abs=5e-7)
    assert top["observed"] == expected["cases"]
    assert top["expected"] == pytest.approx(expected["expected"], abs=0.005)
    assert top["radius_m"] / 1000 == pytest.approx(expected["radius_km"], abs=0.05)
    assert top["first_day"] == pd.Timestamp(expected.get("from", expected.get("date")))
    assert top["last_day"] == pd.Timestamp(expected.get("to", expected.get("date")))
    # 999 worlds: three standard errors of the difference of two such p-values
    assert top["p_value"] == pytest.approx(expected["p"], abs=0.06)


@pytest.fixture(scope="module")
def leukemia(checks: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    def read(name: str, columns: list[str]) -> pd.DataFrame:
        return pd.read_csv(checks / f"satscan_ny_{name}.txt", sep=" ", names=columns)

    cases = read("cases", ["place_id", "count", "year"])
    locations = read("coords", ["place_id", "x_m", "y_m"])
    locations["baseline"] = read("pop", ["place_id", "year", "pop"])["pop"]
    # SaTScan was told that the degrees are plain coordinates; any scale gives the same circles
    locations[["x_m", "y_m"]] *= 100_000
    return cases[["place_id", "count"]], locations


@pytest.mark.parametrize(
    ("share", "strongest"),
    [
        # the reference run held circles to a tenth of the population …
        (0.1, "cluster1"),
        # … with half of it SaTScan's own other run finds a larger first one, the rest the same
        (0.5, {"pop": 111674, "cases": 100, "expected": 58.28, "LLR": 14.083511, "p": 0.001}),
    ],
)
def test_new_york_leukemia(leukemia, reference, share, strongest) -> None:
    known = reference["satscan_ny_leukemia_poisson"]
    first = known[strongest] if isinstance(strongest, str) else strongest
    options = PoissonOptions(max_radius_m=None, max_share=share, stop_after=0)
    scan = scan_poisson(*leukemia, options)
    population = leukemia[1].set_index("place_id")["baseline"]
    for found, expected in zip(
        scan.table.itertuples(), [first, known["cluster2"], known["cluster3"]], strict=False
    ):
        places = [int(i) for i in found.place_ids.split(";")]
        assert found.llr == pytest.approx(expected["LLR"], abs=5e-7)
        assert found.observed == expected["cases"]
        assert found.expected == pytest.approx(expected["expected"], abs=0.005)
        assert population.loc[places].sum() == expected["pop"]
        assert found.p_value == pytest.approx(expected["p"], abs=0.06)
    assert scan.events == 552
