"""How hot spots have lasted, quarter by quarter.

The outline is kept as it is drawn and its events are counted back in time. A quarter is hot when
the hot spot holds enough events, as many as the densest cells of that quarter (though not in one
cell, for it may lie across the lines of the grid), and not far below its own usual, so that a
season shows. From the hot quarters
follows the class (`classes`); from the events by quarter the trend (`hotspots.trend`). The classes
are after the idea of emerging hot-spot analysis (Harris et al. 2017), with rules one can check
by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from hotspots.persistence.classes import PersistenceOptions, classify
    from hotspots.persistence.following import Persistence, follow_hotspots
    from hotspots.persistence.quarters import hot_by, limits_of, places_within, whole_quarters
else:
    __getattr__ = lazily(
        __name__,
        {
            "PersistenceOptions": "classes",
            "classify": "classes",
            "Persistence": "following",
            "follow_hotspots": "following",
            "hot_by": "quarters",
            "limits_of": "quarters",
            "places_within": "quarters",
            "whole_quarters": "quarters",
        },
    )

__all__ = [
    "Persistence",
    "PersistenceOptions",
    "classify",
    "follow_hotspots",
    "hot_by",
    "limits_of",
    "places_within",
    "whole_quarters",
]
