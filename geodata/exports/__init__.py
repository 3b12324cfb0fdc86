"""Read an export file as it is: cut it into columns and interpret nothing.

`read_export` finds out what kind of file it is by its first bytes, reads it on the fastest way that
is exact, and tells what it chose. What a value means (dates, decimal commas, codes, coordinates) is
the business of `geodata.incidents`.
"""

from geodata.exports.raw import RawTable, ReadOptions
from geodata.exports.reading import read_export

__all__ = ["RawTable", "ReadOptions", "read_export"]
