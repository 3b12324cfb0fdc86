"""Dates and times as exports write them, read into an earliest and a latest time of each row.

`read_times` is the door. Each distinct text is parsed once (`words`), the order of day and month is
decided from the whole file (`order`), and local time is turned into instants by arithmetic on the
days (`zones`).

Rules, beside those of the settings:

- A row without a known clock time has the precision ``day``: from 00:00 to the next 00:00.
- Only the hour: precision ``hour``, from 14:00 to 14:59. Only the month: ``month``.
- A column of time stamps that are all midnight holds days only, in whichever zone they stand.
- Time stamps with a zone are instants, so their midnight is a clock time like any other.
- Without an end the row ends when it starts. An end time without an end date belongs to the
  day of the start, or to the next when it is earlier than the start. An end date without a
  time ends at the next midnight, unless it is the day of a start whose time is known.
- The precision of an interval is the coarser of its two.
- A clock time that the change to summer time skips is not known: precision ``day``. In the
  hour that is passed twice, the start is the first and the end the second.
"""

from geodata.times.options import TimeOptions
from geodata.times.read import ParsedTimes, read_times

__all__ = ["ParsedTimes", "TimeOptions", "read_times"]
