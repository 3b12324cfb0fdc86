"""What the map opens on: the town, not a stray cell many kilometres off."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from maps.content import _bounds

CRS = "EPSG:3006"


def grid(*corners: tuple[float, float]) -> gpd.GeoDataFrame:
    x, y = np.array(corners, dtype=float).T
    return gpd.GeoDataFrame(geometry=shapely.box(x, y, x + 250, y + 250), crs=CRS)


TOWN = [(568_000 + 250 * c, 6_494_000 + 250 * r) for c in range(15) for r in range(15)]


def test_stray_cells_do_not_push_the_town_into_a_corner() -> None:
    strays = [(500_000, 6_400_000), (640_000, 6_494_000), (568_000, 6_600_000)]
    (south, west), (north, east) = _bounds({"grid": grid(*TOWN, *strays)}, {})
    (s, w), (n, e) = _bounds({"grid": grid(*TOWN)}, {})
    assert (south, west, north, east) == pytest.approx((s, w, n, e), abs=0.01)


@pytest.mark.parametrize("cells", [TOWN[:1], [TOWN[0], TOWN[-1]], TOWN[:3]])
def test_few_cells_are_all_in_view(cells) -> None:
    table = grid(*cells)
    (south, west), (north, east) = _bounds({"grid": table}, {})
    seen = table.to_crs(4326).total_bounds
    assert [west, south, east, north] == pytest.approx(seen, abs=1e-6)
