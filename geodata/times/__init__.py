"""Dates and times as exports write them, read into an earliest and a latest time of each row.

`read_times` is the door. Each distinct text is parsed once (`words`), the order of day and month is
decided from the whole file (`order`), and local time is turned into instants by arithmetic on the
days (`zones`).
"""

from geodata.times.options import TimeOptions
from geodata.times.read import ParsedTimes, read_times

__all__ = ["ParsedTimes", "TimeOptions", "read_times"]
