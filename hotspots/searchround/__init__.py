"""The round of dog searches: which entrances are searched one week, and in which walks.

Only entrances with valid consent can be taken. A share is taken by need, the rest is drawn among
those that have waited longest, and every owner and area has its least share.
"""

from hotspots.searchround.options import RoundOptions
from hotspots.searchround.planning import RoundPlan, plan_round
from hotspots.searchround.selection import Selected, select_round
from hotspots.searchround.weeks import monday_of, week_text

__all__ = [
    "RoundOptions",
    "RoundPlan",
    "Selected",
    "monday_of",
    "plan_round",
    "select_round",
    "week_text",
]
