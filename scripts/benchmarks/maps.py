"""The map's page against plain Folium with the same content: size, and time to the first drawing.

``python -m scripts.benchmarks.maps [--events 100000] [--places 20000] [--repeat 5]``

The same made-up events are shown by the project's page and by three pages of plain Folium: a circle
marker an event's place, the same in ``MarkerCluster``, and a choropleth of the count grid, each
with its popup or tooltip. Folium's pages fetch
their libraries from the net and draw nothing without them. To be timed offline they are put inside:
Leaflet from this machine, the rest from the folder given by ``--libraries`` (the files of the npm
packages jquery 3.7.1, d3 3.5.5 and leaflet.markercluster 1.5.3: ``jquery.min.js``, ``d3.min.js``,
``leaflet.markercluster.js`` and its two style sheets). Without it only sizes are told. The time is
from navigation to two frames after the page's scripts have run, in headless Chromium, median of
several with the pages taken in turn; a page that complains is no measurement.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, Final

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from folium.plugins import MarkerCluster

from geodata import schema
from geodata.crs import to_crs_table
from geodata.disclosure import DisclosureOptions, release
from geodata.places import group_places
from geodata.schema import DEFAULT_CRS
from hotspots.density import count_grid
from maps import leaflet
from maps.interactive import MapFacts, MapOptions, map_html

CENTRE: Final = (568_941.0, 6_495_231.0)
DRAWN: Final = (
    "return document.documentElement.dataset.drawnMs ? "
    "Number(document.documentElement.dataset.drawnMs) : null"
)
MARK: Final = (
    "<script>requestAnimationFrame(() => requestAnimationFrame(() => {"
    "document.documentElement.dataset.drawnMs = performance.now(); }))</script>"
)
_EXTERNAL: Final = (
    r'<(?:script src|link rel="stylesheet" href)="https?://[^"]*"\s*/?>(?:</script>)?'
)


def town(n_events: int, n_places: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return places and grid of made-up events, in the default CRS."""
    rng = np.random.default_rng(20_260_101)
    spread = rng.exponential(1500.0, n_places)[:, None]
    spots = np.round(np.array(CENTRE) + rng.normal(0, 1, (n_places, 2)) * spread)
    weight = rng.pareto(1.2, n_places) + 0.1
    own = rng.choice(n_places, n_events, p=weight / weight.sum())
    days = np.datetime64("2023-01-01") + rng.integers(0, 1095, n_events)
    events = schema.empty("incidents").reindex(range(n_events))
    events = _filled(events, spots[own], own, days)
    places = group_places(events, crs=DEFAULT_CRS)
    grid = count_grid(events, cell_size_m=100.0, crs=DEFAULT_CRS, days=days)
    return places, grid


def _filled(events: pd.DataFrame, xy: Any, own: Any, days: Any) -> pd.DataFrame:  # noqa: ANN401
    start = pd.Series(pd.to_datetime(days)).dt.tz_localize("Europe/Stockholm")
    made: dict[str, Any] = {}
    for name, column in schema.TABLES["incidents"].items():
        values = {"int": 1, "float": 0.0, "bool": False, "text": "x"}.get(column.kind)
        if column.kind == "category":
            made[name] = schema.category([column.values[0]] * len(events), "incidents", name)
        elif column.kind == "time":
            made[name] = start
        elif name != "geometry":
            made[name] = pd.Series([values] * len(events), dtype=events[name].dtype)
    made |= {"x_m": xy[:, 0], "y_m": xy[:, 1], "address": pd.Series(own).map("Gata {}".format)}
    made["address"] = made["address"].astype("str")
    made["place_id"] = np.unique(xy, axis=0, return_inverse=True)[1].ravel() + 1
    return pd.DataFrame(made)


def ours(places: gpd.GeoDataFrame, grid: gpd.GeoDataFrame) -> str:
    """Return the project's page with grid and places, which are switched on before it starts."""
    options, shown = DisclosureOptions(), {"places": places, "grid": grid}
    layers = {name: release(table, name, "intern", options) for name, table in shown.items()}
    facts = MapFacts(project="Benchmark", profile="intern", caveat="", synthetic=True)
    page = map_html(layers, {}, facts, MapOptions(places_from_zoom=8))
    # The places are off at first. Switched on as a reader would, before the first drawing is told;
    # the policy of the page would stop a changed script, so that it is left out here.
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    start = "LB.start(map_lagesbild);"
    return page.replace(start, start + 'LB.setLayer(map_lagesbild, "places", true);')


def plain(kind: str, places: gpd.GeoDataFrame, grid: gpd.GeoDataFrame) -> str:
    """Return plain Folium's page: ``markers``, ``cluster`` or ``choropleth``."""
    points = to_crs_table(places, "EPSG:4326")
    y, x = points.geometry.y.to_numpy(), points.geometry.x.to_numpy()
    page = folium.Map(
        (float(y.mean()), float(x.mean())),
        zoom_start=12,
        max_zoom=19,
        tiles=None,
        prefer_canvas=True,
    )
    page.options["maxZoom"] = 19  # clusters ask for it, and Folium gives it to tiles only
    if kind == "choropleth":
        cells = to_crs_table(grid, "EPSG:4326")[["cell_id", "n_events", "geometry"]]
        limits = [1, 2, 4, 10, 30, 1 + int(cells["n_events"].max())]
        folium.Choropleth(
            geo_data=cells.to_json(), data=cells, columns=["cell_id", "n_events"],
            key_on="feature.properties.cell_id", bins=limits,
            fill_color="YlOrRd",
        ).add_to(page)  # fmt: skip
        return str(page.get_root().render())
    cluster: Any = MarkerCluster  # folium has no types
    target = cluster().add_to(page) if kind == "cluster" else page
    rows = zip(y, x, points["address"], points["n_events"], points["n_days"], strict=True)
    for lat, lon, address, n, days in rows:
        folium.CircleMarker(
            (lat, lon), radius=min(11.0, 2.2 + 1.1 * n**0.5),
            popup=f"{address}<br>{n} händelser på {days} dagar",
        ).add_to(target)  # fmt: skip
    return str(page.get_root().render())


def offline(page: str, libraries: Path) -> str:
    """Return Folium's page with its libraries inside, and told when it has drawn."""
    inside = f"<style>{leaflet.style()}</style><script>{leaflet.script()}</script>"
    for file in sorted(libraries.iterdir()):
        tag = "script" if file.suffix == ".js" else "style"
        inside += f"<{tag}>{file.read_text('utf-8')}</{tag}>"
    page = re.sub(_EXTERNAL, "", page)
    return page.replace("<head>", "<head>" + inside, 1) + MARK


def drawn_ms(driver: Any, file: Path) -> float:  # noqa: ANN401
    """Return the milliseconds from navigation to the first drawing."""
    from selenium.webdriver.support.ui import WebDriverWait

    driver.get(file.as_uri())
    found = float(WebDriverWait(driver, 300, 0.05).until(lambda d: d.execute_script(DRAWN)))
    said = [one["message"] for one in driver.get_log("browser") if one["level"] == "SEVERE"]
    if said:
        sys.exit(f"{file.name}: {said[0]}")
    return found


def browser() -> Any:  # noqa: ANN401
    """Return a headless Chromium."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if found is None:
        sys.exit("no Chromium on this machine")
    options = webdriver.ChromeOptions()
    options.binary_location = found
    for switch in ("headless=new", "no-sandbox", "disable-gpu", "disable-background-networking"):
        options.add_argument(f"--{switch}")
    options.add_argument("--window-size=1400,900")
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


def main() -> None:
    """Write the pages, measure them in turn and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--places", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--libraries", type=Path)
    arguments = parser.parse_args()
    places, grid = town(arguments.events, arguments.places)
    print(f"{arguments.events} events, {len(places)} places, {len(grid)} cells")
    mine = "Lägesbild, all in one page"
    pages = {mine: ours(places, grid)}
    for kind in ("markers", "cluster", "choropleth"):
        pages[f"Folium, {kind}"] = plain(kind, places, grid)
    sizes = {title: len(page.encode()) / 1e6 for title, page in pages.items()}
    times: dict[str, list[float]] = {}
    if arguments.libraries:
        with tempfile.TemporaryDirectory() as name:
            files = {title: Path(name) / f"{i}.html" for i, title in enumerate(pages)}
            for title, file in files.items():
                page = pages[title]
                whole = page if title == mine else offline(page, arguments.libraries)
                file.write_text(whole, encoding="utf-8")
            times = _in_turn(files, arguments.repeat)
    for title, size in sizes.items():
        told = f"{median(times[title]):8.0f} ms" if times else "  not timed: no --libraries"
        print(f"{title:28} {size:7.2f} MB {told}")


def _in_turn(files: dict[str, Path], repeat: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {title: [] for title in files}
    driver = browser()
    try:
        for _turn in range(repeat):
            for title, file in files.items():
                times[title].append(drawn_ms(driver, file))
    finally:
        driver.quit()
    return times


if __name__ == "__main__":
    main()
