"""Is it more than chance? Getis-Ord Gi* on cells and areas, with permutations and corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
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
else:
    __getattr__ = lazily(
        __name__,
        {
            "benjamini_hochberg": "fdr",
            "benjamini_yekutieli": "fdr",
            "GiStar": "gistar",
            "gi_star_areas": "gistar",
            "gi_star_cells": "gistar",
            "score": "gistar",
            "Ground": "ground",
            "make_ground": "ground",
            "CellNeighbours": "neighbours",
            "PairNeighbours": "neighbours",
            "pairs_touching": "neighbours",
            "pairs_within": "neighbours",
            "GiStarOptions": "options",
        },
    )

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
