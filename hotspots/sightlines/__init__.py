"""What a camera sees from where it stands, and how much of an uncertain place that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from hotspots.sightlines.bearings import best_bearings
    from hotspots.sightlines.existing import Existing, existing_views
    from hotspots.sightlines.obstacles import Obstacles, make_obstacles
    from hotspots.sightlines.options import PIXELS_PER_M, ViewOptions
    from hotspots.sightlines.shares import open_mass, place_sigma, seen_shares, shares_within
    from hotspots.sightlines.viewing import views
else:
    __getattr__ = lazily(
        __name__,
        {
            "best_bearings": "bearings",
            "Existing": "existing",
            "existing_views": "existing",
            "Obstacles": "obstacles",
            "make_obstacles": "obstacles",
            "PIXELS_PER_M": "options",
            "ViewOptions": "options",
            "open_mass": "shares",
            "place_sigma": "shares",
            "seen_shares": "shares",
            "shares_within": "shares",
            "views": "viewing",
        },
    )

__all__ = [
    "PIXELS_PER_M",
    "Existing",
    "Obstacles",
    "ViewOptions",
    "best_bearings",
    "existing_views",
    "make_obstacles",
    "open_mass",
    "place_sigma",
    "seen_shares",
    "shares_within",
    "views",
]
