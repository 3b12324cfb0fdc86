"""A small made-up town for looking at maps: seeded, with every table of the schema filled."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata import schema
from geodata.disclosure import DisclosureOptions, Released, release
from maps.interactive import MapFacts

CRS = "EPSG:3006"
CENTRE = (568941.0, 6495231.0)
DAY = pd.Timestamp("2023-01-01")


@dataclass
class Town:
    tables: dict[str, pd.DataFrame]
    background: dict[str, gpd.GeoDataFrame] = field(default_factory=dict)

    def released(self, profile: str = "intern") -> dict[str, Released]:
        options = DisclosureOptions()
        return {n: release(t, n, profile, options) for n, t in self.tables.items()}


def facts(**more) -> MapFacts:
    told = {
        "project": "Narkotikaläget i Norrköping",
        "profile": "intern",
        "caveat": "Anmälda narkotikabrott visar främst var polisen arbetat, inte var det finns mest narkotika.",
        "extract_date": pd.Timestamp("2025-01-15").date(),
        "first_date": pd.Timestamp("2023-01-01").date(),
        "last_date": pd.Timestamp("2024-12-31").date(),
        "counted": "Polisanmälda narkotikabrott: överlåtelse, innehav och framställning",
        "n_events": 2412,
        "geocode_shares": {"address": 0.81, "interpolated": 0.12, "street": 0.06, "unknown": 0.01},
        "method": ("Hot spot: minst 10 händelser på minst 6 dagar inom 75 m.",),
        "sources": ("Polisen, uttag 2025-01-15.", "Områden: Polismyndigheten; SCB (CC0)."),
        "synthetic": True,
        "software": "Lägesbild 0.1.0",
    }
    return MapFacts(**{**told, **more})


def _frame(name, data, geometry):
    table = schema.empty(name, crs=CRS)
    n = len(geometry)
    for column, kind in schema.TABLES[name].items():
        if column == "geometry" or column in data:
            continue
        fill = {"int": 0, "float": 0.0, "bool": False, "text": "x", "date": DAY}.get(kind.kind)
        data[column] = [kind.values[0] if kind.kind == "category" else fill] * n
    whole = {}
    for column, kind in schema.TABLES[name].items():
        if column == "geometry":
            continue
        if kind.kind == "category":
            whole[column] = schema.category(data[column], name, column)
        else:
            whole[column] = pd.Series(data[column], dtype=table[column].dtype)
    made = gpd.GeoDataFrame(whole, geometry=list(geometry), crs=CRS)
    made = made[list(schema.TABLES[name])]
    schema.check(made, name, crs=CRS)
    return made


def areas(
    names=("Hageby", "Navestad", "Klockaretorpet"),
    *,
    authoritative=False,
    kind="est_area",
    spots=None,
):
    spots = spots or [(900, -2500), (1200, -3700), (-2700, -1000)]
    rng = np.random.default_rng(3)
    shapes = []
    for dx, dy in spots[: len(names)]:
        turn = np.sort(rng.uniform(0, 2 * np.pi, 18))
        far = rng.uniform(420, 700, 18)
        ring = np.column_stack(
            [CENTRE[0] + dx + far * np.cos(turn), CENTRE[1] + dy + far * np.sin(turn)]
        )
        shapes.append(shapely.Polygon(ring))
    return _frame(
        "areas",
        {
            "area_id": [f"{kind}-{i}" for i in range(len(names))],
            "name": list(names),
            "kind": [kind] * len(names),
            "valid_from": [DAY] * len(names),
            "valid_to": [pd.NaT] * len(names),
            "decision_ref": [None] * len(names),
            "authoritative": [authoritative] * len(names),
            "source": ["Påhittad"] * len(names),
            "population": [1234.0] * len(names),
        },
        shapes,
    )


def net(rows=5, columns=8, size=1500.0):
    """Return statistical areas as a coverage of crooked squares."""
    rng = np.random.default_rng(5)
    x = CENTRE[0] - columns * size / 2 + size * np.arange(columns + 1)
    y = CENTRE[1] - 4500 + size * np.arange(rows + 1)
    gx, gy = np.meshgrid(x, y)
    gx = gx + rng.normal(0, 120, gx.shape)
    gy = gy + rng.normal(0, 120, gy.shape)

    def edge(a, b):
        t = np.linspace(0, 1, 60)[:, None]
        low, high = sorted([a, b])
        line = np.array(low) * (1 - t) + np.array(high) * t
        seed = abs(hash((round(low[0]), round(low[1]), round(high[0]))) % 2**32)
        wave = np.random.default_rng(seed).normal(0, 4, (60, 2))
        wave[[0, -1]] = 0
        line = line + wave
        return line if (low, high) == (a, b) else line[::-1]

    shapes = []
    for j in range(rows):
        for i in range(columns):
            c = [(gx[q, p], gy[q, p]) for p, q in ((i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1))]
            ring = np.vstack([edge(c[k], c[(k + 1) % 4])[:-1] for k in range(4)])
            shapes.append(shapely.Polygon(ring))
    n = len(shapes)
    return _frame(
        "areas",
        {
            "area_id": [f"0581R{i + 1:03d}" for i in range(n)],
            "name": [f"Statistikområde {i + 1}" for i in range(n)],
            "kind": ["regso"] * n,
            "authoritative": [False] * n,
            "valid_from": [pd.NaT] * n,
            "valid_to": [pd.NaT] * n,
            "decision_ref": [None] * n,
            "source": ["SCB, CC0"] * n,
            "population": [2500.0] * n,
        },
        shapes,
    )


def places(n=3000, seed=1):
    rng = np.random.default_rng(seed)
    middles = np.array([(900, -2500), (1200, -3700), (-2700, -1000), (0, 0), (300, 400)])
    own = rng.integers(0, len(middles), n)
    spread = np.where(rng.random(n) < 0.5, 120, 900)[:, None]
    xy = np.round(np.array(CENTRE) + middles[own] + rng.normal(0, 1, (n, 2)) * spread)
    xy = np.unique(xy, axis=0)
    n = len(xy)
    possession = rng.geometric(0.4, n)
    supply = rng.binomial(1, 0.1, n)
    streets = [
        f"{a}{b}gatan"
        for a in ("Hage", "Ring", "Norra Kungs", "Söder", "Väst", "Klock")
        for b in ("", "by", "torps", "åker", "berg")
    ]
    first = DAY + pd.to_timedelta(rng.integers(0, 500, n), unit="D")
    return _frame(
        "places",
        {
            "place_id": np.arange(1, n + 1),
            "x_m": xy[:, 0],
            "y_m": xy[:, 1],
            "address": [
                f"{streets[rng.integers(len(streets))]} {rng.integers(1, 99)}" for _ in range(n)
            ],
            "n_events": possession + supply,
            "n_offences": possession + 2 * supply,
            "n_days": np.maximum(1, possession - 1),
            "first_date": first,
            "last_date": first + pd.to_timedelta(rng.integers(0, 200, n), unit="D"),
            "n_drug_possession": possession,
            "n_drug_supply": supply,
            "n_source_police": possession,
            "n_source_est_report": supply,
            "area_id": [None] * n,
        },
        shapely.points(xy),
    )


def grid(places, side=100.0):
    column = (places["x_m"] // side).astype(int)
    row = (places["y_m"] // side).astype(int)
    cells = (
        places.groupby([column.rename("c"), row.rename("r")])
        .agg(n=("n_events", "sum"), d=("n_days", "sum"))
        .reset_index()
    )
    x, y = cells["c"].to_numpy() * side, cells["r"].to_numpy() * side
    return _frame(
        "grid",
        {
            "cell_id": [f"E{c}_N{r}" for c, r in zip(cells["c"], cells["r"], strict=True)],
            "x_m": x,
            "y_m": y,
            "n_events": cells["n"].to_numpy(),
            "n_days": cells["d"].to_numpy(),
            "share": (cells["n"] / cells["n"].sum()).to_numpy(),
        },
        shapely.box(x, y, x + side, y + side),
    )


def hotspots(grid, n=14):
    rng = np.random.default_rng(9)
    best = grid.sort_values(["n_events", "cell_id"], ascending=[False, True]).head(4 * n)
    xy = np.column_stack([best["x_m"], best["y_m"]]) + 50
    chosen = [0]
    for i in range(1, len(xy)):
        if len(chosen) < n and np.hypot(*(xy[chosen] - xy[i]).T).min() > 180:
            chosen.append(i)
    best, xy = best.iloc[chosen], xy[chosen]
    shapes = [shapely.MultiPoint(p + rng.normal(0, 35, (12, 2))).convex_hull.buffer(18) for p in xy]
    n = len(shapes)
    events = best["n_events"].to_numpy()
    area = np.array([s.area for s in shapes])
    return _frame(
        "hotspots",
        {
            "hotspot_id": [f"H{i + 1:02d}" for i in range(n)],
            "rank": np.arange(1, n + 1),
            "name": [f"Hagebygatan {i + 1}" for i in range(n)],
            "area_id": [None, "est_area-0"] * (n // 2) + [None] * (n % 2),
            "n_events": events,
            "n_offences": events + 3,
            "n_days": np.maximum(1, events // 2),
            "n_places": [5] * n,
            "first_date": [DAY] * n,
            "last_date": [DAY + pd.Timedelta(days=700)] * n,
            "n_quarters": [8] * n,
            "area_m2": area,
            "density_per_ha": events / area * 1e4,
            "share": best["share"].to_numpy(),
            "share_police_initiated": [0.88] * n,
            "n_drug_possession": events - 1,
            "n_drug_supply": [1] * n,
            "n_source_police": events,
        },
        shapes,
    )


def camera_sites(hotspots, n=8):
    top = hotspots.head(n)
    n = len(top)
    return _frame(
        "camera_sites",
        {
            "site_id": [f"K{i + 1:02d}" for i in range(n)],
            "rank": np.arange(1, n + 1),
            "candidate_source": ["poles"] * n,
            "hotspot_id": top["hotspot_id"].tolist(),
            "area_id": [None] * n,
            "reach_m": [75.0] * n,
            "n_covered": top["n_events"].to_numpy(),
            "n_added": top["n_events"].to_numpy(),
            "share_covered": top["share"].to_numpy(),
            "n_days": top["n_days"].to_numpy(),
            "n_drug_possession": top["n_events"].to_numpy(),
            "why": ["Når flest händelser i hot spot H01 som ingen annan plats når."] * n,
        },
        shapely.translate(top.geometry.centroid.array, 20, 10)
        if hasattr(shapely, "translate")
        else top.geometry.centroid.translate(20, 10).array,
    )


def search_sites(hotspots, n=6):
    top = hotspots.head(n)
    n = len(top)
    return _frame(
        "search_sites",
        {
            "site_id": [f"S{i + 1:02d}" for i in range(n)],
            "rank": np.arange(1, n + 1),
            "site_source": ["entrances"] * n,
            "name": [f"Ringgatan {i + 1}" for i in range(n)],
            "hotspot_id": top["hotspot_id"].tolist(),
            "area_id": [None] * n,
            "n_events": [7, 6, 5, 4, 3, 1][:n],
            "n_days": [6, 5, 4, 3, 2, 1][:n],
            "first_date": [DAY] * n,
            "last_date": [DAY] * n,
            "why": ["Återkommande rapporter från allmänna utrymmen."] * n,
        },
        top.geometry.centroid.translate(-30, -20).array,
    )


def background():
    rng = np.random.default_rng(2)
    x0, y0 = CENTRE[0] - 4500, CENTRE[1] - 5000
    lines, kinds, names = [], [], []
    for i in range(0, 9000, 180):
        wave = 40 * np.sin(np.linspace(0, 9, 80) + i)
        t = np.linspace(0, 9000, 80)
        kind = "secondary" if i % 1080 == 0 else "residential"
        lines += [
            shapely.LineString(np.column_stack([x0 + t, y0 + i + wave])),
            shapely.LineString(np.column_stack([x0 + i + wave, y0 + t])),
        ]
        kinds += [kind, kind]
        names += [f"Öst {i} gatan", f"Nord {i} vägen"]
    corner = np.array([x0, y0]) + rng.uniform(0, 9000, (6000, 2))
    buildings = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + 40, corner[:, 1] + 14)
    water = shapely.LineString(
        [(x0, y0 + 6500), (x0 + 3000, y0 + 5600), (x0 + 5200, y0 + 6000), (x0 + 9500, y0 + 7200)]
    ).buffer(70)
    green = shapely.points(np.array([x0, y0]) + rng.uniform(500, 8500, (14, 2)))
    table = lambda shapes, **more: gpd.GeoDataFrame(more, geometry=np.atleast_1d(shapes), crs=CRS)  # noqa: E731
    return {
        "water": table(water),
        "green": table(shapely.buffer(green, 240)),
        "buildings": table(buildings),
        "streets": table(np.array(lines), highway=kinds, name=names),
    }


def town(n_places=3000, n_hotspots=14) -> Town:
    all_places = places(n_places)
    cells = grid(all_places)
    spots = hotspots(cells, n_hotspots)
    both = pd.concat([areas(), net()], ignore_index=True)
    for column in ("kind",):
        both[column] = schema.category(both[column].astype(str), "areas", column)
    return Town(
        {
            "areas": gpd.GeoDataFrame(both, crs=CRS),
            "places": all_places,
            "grid": cells,
            "hotspots": spots,
            "camera_sites": camera_sites(spots),
            "search_sites": search_sites(spots),
        },
        background(),
    )
