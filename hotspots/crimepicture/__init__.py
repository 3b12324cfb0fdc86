"""The crime picture of a coverage polygon: section C of the sheet of a camera proposal.

Everything is counted for the polygon that the camera sees, not for a circle or a neighbourhood. A
report stands on an address, often inside a building, so the events booked on a house whose façade
is in view belong to it as well; how many they are is told beside.
"""

from hotspots.crimepicture.comparison import Held, area_figures, compare_places
from hotspots.crimepicture.measures import Measure, count_measures, event_days_of
from hotspots.crimepicture.members import Members, find_members
from hotspots.crimepicture.picture import Counted, CrimePicture, describe_crime
from hotspots.crimepicture.quarters import hot_quarters

__all__ = [
    "Counted",
    "CrimePicture",
    "Held",
    "Measure",
    "Members",
    "area_figures",
    "compare_places",
    "count_measures",
    "describe_crime",
    "event_days_of",
    "find_members",
    "hot_quarters",
]
