"""What a camera sees from where it stands, and how much of an uncertain place that is."""

from hotspots.sightlines.bearings import best_bearings
from hotspots.sightlines.existing import Existing, existing_views
from hotspots.sightlines.obstacles import Obstacles, make_obstacles
from hotspots.sightlines.options import PIXELS_PER_M, ViewOptions
from hotspots.sightlines.shares import open_mass, place_sigma, seen_shares, shares_within
from hotspots.sightlines.viewing import views

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
