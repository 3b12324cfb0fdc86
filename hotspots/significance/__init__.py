"""Is it more than chance? Getis-Ord Gi* on cells and areas, with permutations and corrections."""

from hotspots.significance.fdr import benjamini_hochberg, benjamini_yekutieli
from hotspots.significance.gistar import GiStar, gi_star_areas, gi_star_cells, score
from hotspots.significance.ground import Ground, make_ground
from hotspots.significance.neighbours import (
    CellNeighbours,
    PairNeighbours,
    pairs_touching,
    pairs_within,
)
from hotspots.significance.options import GiStarOptions

__all__ = [
    "CellNeighbours",
    "GiStar",
    "GiStarOptions",
    "Ground",
    "PairNeighbours",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "gi_star_areas",
    "gi_star_cells",
    "make_ground",
    "pairs_touching",
    "pairs_within",
    "score",
]
