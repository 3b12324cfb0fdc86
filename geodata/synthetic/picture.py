"""What the picture of areas reads beside the events: inhabitants, reporters, what people feel.

All of it is made up. The inhabitants of each RegSO follow the made-up dwellings, not the real
town's; the file says so in its heading rows and its name. Random streams of its own, so that the
rest of the demo stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.synthetic.town import Town

YEAR: Final = 2024
"""Of the made-up inhabitants: the year before the demo's last."""

PEOPLE_A_HOME: Final = 1.9
REPORTER_WEEKS: Final = 60
"""Weeks that the list of reporters reaches back."""

REPORTERS: Final = (
    ("Bostadsbolag (exempel)", 0.94),
    ("Kommunens fältgrupp (exempel)", 0.88),
    ("Väktarbolag (exempel)", 0.8),
)
"""Made-up reporters, and how often each is heard of in a week."""

SILENT_AREA: Final = "klockaretorpet"
"""Where nobody says that there is nothing to report, so that the demo has weeks without a word."""

EAST: Final = "Dialog i östra stan (exempel)"


@dataclass(frozen=True)
class PictureFiles:
    """What was written."""

    population: Path
    reporters: Path
    points: Path
    answers: Path


def write_picture_files(
    folder: Path,
    *,
    town: Town,
    areas: gpd.GeoDataFrame,
    reports: pd.DataFrame,
    planted: Mapping[str, pd.DataFrame],
    today: date,
    seed: int,
) -> PictureFiles:
    """Write the files.

    Parameters
    ----------
    folder
        Where.
    town
        For its dwellings.
    areas
        Table ``areas``: RegSO get inhabitants, decided areas reporters and answers.
    reports
        The EST reports: ``start``, ``x``, ``y``.
    planted
        Places of each planted hot spot.
    today
        Day of the extract.
    seed
        Of the demo.
    """
    files = PictureFiles(
        population=folder / "befolkning_syntetisk.csv",
        reporters=folder / "rapportorer.csv",
        points=folder / "trygghetspunkter.csv",
        answers=folder / "trygghetssvar.csv",
    )
    streams = np.random.SeedSequence([seed, 61]).spawn(4)
    randoms = [np.random.default_rng(stream) for stream in streams]
    decided = areas[areas["kind"] == "est_area"].sort_values("area_id")
    _write(files.population, _population(town, areas, randoms[0]))
    _write(files.reporters, _reporters(decided, reports, today, randoms[1]))
    _write(files.points, _points(town, planted, today, randoms[2]))
    _write(files.answers, _answers(decided, randoms[3]))
    return files


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _population(town: Town, areas: gpd.GeoDataFrame, rng: np.random.Generator) -> list[str]:
    zones = areas[areas["kind"] == "regso"].sort_values("area_id").reset_index(drop=True)
    points = shapely.point_on_surface(town.buildings.geometry.to_numpy())
    tree = shapely.STRtree(zones.geometry.to_numpy())
    home, zone = tree.query(points, predicate="covered_by")
    first = np.unique(home, return_index=True)[1]
    dwellings = town.buildings["n_dwellings"].to_numpy(dtype=np.float64)[home[first]]
    homes = np.bincount(zone[first], weights=dwellings, minlength=len(zones))
    people = rng.poisson(homes * PEOPLE_A_HOME) + rng.integers(150, 900, len(zones))
    lines = ["kod;namn;år;invånare"]
    lines += [
        f"{code}_RegSO2025;{name} (syntetiska tal);{YEAR};{n}"
        for code, name, n in zip(zones["area_id"], zones["name"], people, strict=True)
    ]
    return lines


def _reporters(
    decided: gpd.GeoDataFrame, reports: pd.DataFrame, today: date, rng: np.random.Generator
) -> list[str]:
    """Return a row for each week that a reporter was heard of, with the sum of its reports."""
    monday = today - timedelta(days=today.weekday() + 7)
    weeks = [monday - timedelta(days=7 * i) for i in reversed(range(REPORTER_WEEKS))]
    start = pd.to_datetime(reports["start"]).dt.normalize()
    since = (start - pd.Timestamp(weeks[0])).dt.days.to_numpy() // 7
    points = gpd.points_from_xy(reports["x"], reports["y"])
    lines = ["rapportör;källa;område;vecka;antal"]
    for area in decided.itertuples():
        inside = shapely.covers(area.geometry, np.asarray(points))
        for i, week in enumerate(weeks):
            n = int((inside & (since == i)).sum())
            if n == 0 and area.area_id == SILENT_AREA:
                continue
            heard = [name for name, often in REPORTERS if rng.random() < often]
            heard = heard or [REPORTERS[0][0]]
            shares = rng.multinomial(n, [1 / len(heard)] * len(heard))
            year, number, _day = week.isocalendar()
            lines += [
                f"{name};EST-rapport;{area.name};{year}-W{number:02d};{count}"
                for name, count in zip(heard, shares, strict=True)
            ]
    return lines


def _points(
    town: Town, planted: Mapping[str, pd.DataFrame], today: date, rng: np.random.Generator
) -> list[str]:
    """Return what people marked: partly where events were planted, partly quite elsewhere."""
    when = today - timedelta(days=75)
    rows: list[tuple[str, float, float, int]] = []
    for i, name in enumerate(sorted(planted)):
        x, y = (float(planted[name][c].mean()) for c in ("x", "y"))
        # One hot spot in three is not felt: people pass there by day, or call it safe.
        feeling = "trygg" if i % 3 == 2 else "otrygg"
        rows += [
            (feeling, x + dx, y + dy, 1)
            for dx, dy in rng.normal(0, 55, (int(rng.integers(7, 16)), 2))
        ]
    paths = town.green.geometry.centroid
    chosen = rng.choice(len(paths), min(9, len(paths)), replace=False)
    for at in sorted(chosen.tolist()):  # dark parks, where nobody reports
        x, y = float(paths.x.iloc[at]), float(paths.y.iloc[at])
        rows += [
            ("otrygg", x + dx, y + dy, 1)
            for dx, dy in rng.normal(0, 45, (int(rng.integers(6, 14)), 2))
        ]
    homes = town.buildings.geometry.centroid
    for at in rng.choice(len(homes), 40, replace=False).tolist():
        feeling = "trygg" if rng.random() < 0.7 else "otrygg"
        rows.append((feeling, float(homes.x.iloc[at]), float(homes.y.iloc[at]), 1))
    lines = ["känsla;E;N;antal;dialog;datum"]
    lines += [f"{f};{x:.0f};{y:.0f};{n};{EAST};{when}" for f, x, y, n in rows]
    return lines


def _answers(decided: gpd.GeoDataFrame, rng: np.random.Generator) -> list[str]:
    lines = ["område;fråga;omgång;svar;otrygga;undersökning"]
    shares: dict[str, Any] = {"hageby": 0.42, "klockaretorpet": 0.37, "navestad": 0.21}
    for year in (2024, 2025):
        for area in decided.itertuples():
            n = int(rng.integers(90, 160))
            unsafe = int(rng.binomial(n, shares.get(str(area.area_id), 0.3)))
            question = "Otrygg ute på kvällen i området"
            survey = "Trygghetsmätning (exempel)"
            lines.append(f"{area.name};{question};{year};{n};{unsafe};{survey}")
    return lines
