"""A round of 60 among 20,000 entrances, walks included, against the time of loading the register.

Run with ``python -m scripts.benchmarks.searchround``. The promise is a ratio: planning takes at
most ten times as long as reading the register, whatever the machine.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

import geopandas as gpd
import numpy as np
import shapely

from geodata.register import read_register
from hotspots.searchround.options import RoundOptions
from hotspots.searchround.planning import plan_round

T = TypeVar("T")
CRS: Final = "EPSG:3006"
MONDAY: Final = date(2026, 11, 23)
N: Final = 20_000
SIDE_M: Final = 6000
BLOCK_M: Final = 80
OWNERS: Final = 60
AREAS: Final = 40
HEADINGS: Final = (
    "Entré-id;Adress;Fastighetsbeteckning;Fastighetsägare;Kontaktroll;Upplåtelseform;"
    "Antal lägenheter;Utrymmen;Samtycke av;Samtycke datum;Samtycke omfattar;E;N"
)


def write_register(path: Path, n: int = N) -> None:
    """Write a made-up register of `n` entrances in blocks, CSV."""
    rng = np.random.default_rng(7)
    xy = rng.integers(0, SIDE_M, (n, 2)) + np.array([560_000, 6_490_000])
    owners = rng.integers(0, OWNERS, n // 4 + 1)[np.arange(n) // 4]  # one owner a property
    given = rng.random(n) < 0.8
    lines = [
        f"E{i:05d};Gatan {i};KVARTERET {i // 4};Ägare {owners[i]};förvaltare;hyresrätt;12;"
        f"trapphus, källargång;{'styrelsen;2025-01-01;alla' if given[i] else ';;'};"
        f"{xy[i, 0]};{xy[i, 1]}"
        for i in range(n)
    ]
    path.write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")


def streets() -> gpd.GeoDataFrame:
    """Return a grid of streets over the town, a vertex at each crossing."""
    at = np.arange(0, SIDE_M + 1, BLOCK_M, dtype=float)
    lines = []
    for one in at:
        lines.append(np.column_stack([at + 560_000, np.full_like(at, one + 6_490_000)]))
        lines.append(np.column_stack([np.full_like(at, one + 560_000), at + 6_490_000]))
    return gpd.GeoDataFrame(geometry=[shapely.LineString(line) for line in lines], crs=CRS)


def measured(work: Callable[[], T], times: int = 3) -> tuple[float, T]:
    """Return the least processor time of some tries, seconds, and the last result."""
    spent = []
    for _try in range(times):
        begun = time.process_time()
        made = work()
        spent.append(time.process_time() - begun)
    return min(spent), made


def main() -> None:
    """Print both times and their ratio, with least shares low and full, streets and none."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "register.csv"
        write_register(file)
        loading, register = measured(lambda: read_register(file, crs=CRS, on=MONDAY))
    rng = np.random.default_rng(3)
    area = rng.integers(0, AREAS, len(register.table)).astype(str)
    entrances = register.table.assign(
        area_id=area, need=rng.gamma(0.5, 1.0, len(area)), need_words="", last_search=None
    )
    print(f"register of {len(entrances):,} entrances read: {loading:.2f} s")
    ground = streets()
    for share in (0.5, 1.0):
        for layer, name in ((ground, "along streets"), (None, "straight")):
            options = RoundOptions(n_entrances=60, least_share=share)
            spent, made = measured(
                lambda options=options, layer=layer: plan_round(  # type: ignore[misc]
                    entrances,
                    results=None,
                    streets=layer,
                    options=options,
                    monday=MONDAY,
                    seed=581,
                    crs=CRS,
                )
            )
            print(
                f"60 entrances, least share {share}, {name}: {spent:.2f} s = "
                f"{spent / loading:.2f} × reading; {len(made.walks)} walks, "
                f"walks' gap {made.division.gap:.1%}, need's gap {made.selected.gap:.1%}"
            )


if __name__ == "__main__":
    main()
