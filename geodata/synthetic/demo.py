"""The demo project: everything the program needs, written into one folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from geodata.language import Language, language
from geodata.synthetic.cameras import camera_layers, write_forms
from geodata.synthetic.events import OPERATION_WEEKS, Events, make_events
from geodata.synthetic.export import clean_rows, with_mess, write_est_xlsx, write_police_csv
from geodata.synthetic.indicators import write_indicators
from geodata.synthetic.measures import write_measures
from geodata.synthetic.picture import write_picture_files
from geodata.synthetic.register import write_register
from geodata.synthetic.reports import make_reports
from geodata.synthetic.spots import make_places, plant
from geodata.synthetic.town import Town, build_town, order_areas

TODAY: Final = date(2025, 12, 31)
"""Day of the extract, fixed so that the demo is the same from year to year."""

MONTHS: Final = 36

PROJECT_FILES: Final[Mapping[Language, str]] = {"sv": "lagesbild.toml", "en": "lagesbild.en.toml"}
"""The project file in each language, here beside; they differ in words only."""

OPERATION_MARGIN_M: Final = 50
"""How far around the places of its hot spot an operation reaches."""

LAYERS: Final[Mapping[str, str]] = {
    "byggnader": "buildings",
    "gator": "streets",
    "entreer": "entrances",
    "stolpar": "poles",
    "vatten": "water",
    "gronomraden": "green",
}
"""Layers of the GeoPackage and the attribute of `Town` each is made of."""


@dataclass(frozen=True)
class DemoFiles:
    """What was written.

    Attributes
    ----------
    project_file
        ``lagesbild.toml``, in the language in use.
    export, est_reports
        The two inputs, CSV and XLSX.
    operations
        The list of police operations, CSV.
    layers
        GeoPackage with the layers of `LAYERS`.
    truth
        JSON with what was planted and the numbers of faulty rows; no input to anything but tests.
    register, results
        The register of entrances and the results of dog searches, CSV.
    population, reporters, perceived_points, perceived_answers
        What the picture of areas reads (`geodata.synthetic.picture`), CSV.
    rows
        Rows of the export and of the EST reports, headers not counted.
    """

    project_file: Path
    export: Path
    est_reports: Path
    operations: Path
    layers: Path
    truth: Path
    register: Path
    results: Path
    population: Path
    reporters: Path
    perceived_points: Path
    perceived_answers: Path
    rows: tuple[int, int]


def write_demo(
    folder: Path,
    *,
    areas: gpd.GeoDataFrame,
    seed: int = 581,
    n_events: int = 6000,
    today: date = TODAY,
) -> DemoFiles:
    """Write the demo project.

    Parameters
    ----------
    folder
        Made if it isn't there; files of the same names are replaced.
    areas
        Table ``areas`` with kinds ``est_area`` and ``regso``; they shape the town.
    seed
        The same arguments give the same bytes.
    n_events
        Cases in the police's export; a quarter as many EST reports.
    today
        Day of the extract, the last of 36 months.

    Raises
    ------
    OSError
        If the folder can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "project_file": folder / "lagesbild.toml",
        "export": folder / "polisens_utdrag.csv",
        "est_reports": folder / "est_rapporter.xlsx",
        "operations": folder / "insatser.csv",
        "layers": folder / "underlag.gpkg",
        "truth": folder / "facit.json",
    }
    town = build_town(areas, seed)
    rng = np.random.default_rng(np.random.SeedSequence([seed, 8]))
    places = make_places(town, order_areas(areas), rng)
    planted = plant(places, seed)
    events = make_events(places, planted, n_events=n_events, last=today, months=MONTHS, seed=seed)
    rows = clean_rows(events.cases, seed)
    lines, mess = with_mess(rows, today, n_events / 6000, seed)
    write_police_csv(files["export"], lines)
    reports = make_reports(
        places, planted, n_reports=n_events // 4, last=today, months=MONTHS, seed=seed
    )
    write_est_xlsx(files["est_reports"], reports, today)
    write_operations(files["operations"], events, today)
    write_measures(folder / "atgarder.csv", events.truth, today)
    write_indicators(folder, today=today, seed=seed)
    write_layers(files["layers"], town, today)
    write_tables(folder / "kameraunderlag.gpkg", camera_layers(town), today)
    write_forms(folder / "beslut", town)
    searches = write_register(folder, town, today, seed)
    files |= {"register": searches.register, "results": searches.results}
    beside = write_picture_files(
        folder, town=town, areas=areas, reports=reports, planted=planted, today=today, seed=seed
    )
    files |= {"population": beside.population, "reporters": beside.reporters}
    files |= {"perceived_points": beside.points, "perceived_answers": beside.answers}
    truth = _truth(events, len(rows), len(lines) - 1, mess)
    counts = reports["spot"].value_counts()
    for spot in truth["spots"]:
        spot["n_est_reports"] = int(counts.get(spot["spot_id"], 0))
    files["truth"].write_text(
        json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )
    template = (Path(__file__).parent / PROJECT_FILES[language()]).read_text(encoding="utf-8")
    files["project_file"].write_text(
        template.format(extract_date=today.isoformat()), encoding="utf-8", newline="\n"
    )
    return DemoFiles(**files, rows=(len(lines) - 1, len(reports)))


def _truth(events: Events, clean: int, rows: int, mess: Mapping[str, int]) -> dict[str, Any]:
    cases = events.cases
    station = cases[cases["spot"] == "station"].iloc[:1]
    return {
        "note": "Facit till syntetiska data: planterade hot spots och trasiga rader.",
        "rows": rows,
        "clean_rows": clean,
        "cases": len(cases),
        "mess": dict(mess),
        "station": {
            "x_m": [int(x) for x in station["x"]],
            "y_m": [int(y) for y in station["y"]],
            "n_cases": int((cases["spot"] == "station").sum()),
        },
        "spots": events.truth,
    }


def write_operations(path: Path, events: Events, last: date) -> None:
    """Write the weeks in which the police worked at the hot spots that they found, as a list.

    Columns are those that `geodata.operations` reads: ``namn``, ``slag``, ``från``, ``till``, ``E``
    and ``N`` (whole metres) and ``radie``.
    """
    worked = [spot for spot in events.truth if spot["pattern"] == "operations"]
    weeks = [
        (week, date.fromisocalendar(year, week, 1))
        for year in range(last.year - MONTHS // 12 + 1, last.year + 1)
        for week in OPERATION_WEEKS
    ]
    lines = ["namn;slag;från;till;E;N;radie"]
    for week, first in weeks:
        when = f"{first};{first + timedelta(days=6)}"
        lines += [
            f"Insats {spot['name']} v. {week};patrull;{when};{spot['x_m']:.0f};{spot['y_m']:.0f};"
            f"{spot['radius_m'] + OPERATION_MARGIN_M:.0f}"
            for spot in worked
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def write_layers(path: Path, town: Town, made: date) -> None:
    """Write the town's layers into one GeoPackage whose bytes depend on its contents only."""
    tables: dict[str, gpd.GeoDataFrame] = {
        layer: getattr(town, attribute) for layer, attribute in LAYERS.items()
    }
    streets = tables["gator"].geometry
    rounded = shapely.set_precision(streets.to_numpy(), 0.1)
    tables["gator"] = tables["gator"].set_geometry(
        gpd.GeoSeries(rounded, index=streets.index, crs=streets.crs)
    )
    write_tables(path, tables, made)


def write_tables(path: Path, tables: Mapping[str, gpd.GeoDataFrame], made: date) -> None:
    """Write tables as layers of one GeoPackage whose bytes depend on their contents only."""
    path.unlink(missing_ok=True)
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{made.isoformat()}T00:00:00.000Z"})
    try:
        for layer, table in tables.items():
            pyogrio.write_dataframe(
                table,
                path,
                layer=layer,
                driver="GPKG",
                append=path.exists(),
                dataset_options=None if path.exists() else {"VERSION": "1.2"},
                layer_options={
                    "GEOMETRY_NAME": "geom",
                    "IDENTIFIER": layer,
                    "DESCRIPTION": "Syntetiska data",
                },
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
