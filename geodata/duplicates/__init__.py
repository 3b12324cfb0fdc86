"""Rows that are one event: exact duplicates merged, several offences of one event gathered.

With a case number an event is case, place and hour. Without one it is source, place and hour,
where the time is known to the hour or better. Identical rows known only by day or month and
without a case number can't be told from separate events, so they are kept unless the project file
says otherwise.

Everything is arithmetic on integer codes; only rows that share a key with another are looked at
more closely.
"""

from geodata.duplicates.gathering import Mode, gather
from geodata.duplicates.rows import CONTENT, Events, Rows
from geodata.duplicates.sets import pack

__all__ = ["CONTENT", "Events", "Mode", "Rows", "gather", "pack"]
