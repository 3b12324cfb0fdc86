"""Coordinates as exports write them, read into metres of the project's system.

`read_coordinates` is the door. Texts become numbers (`numbers`), each distinct point is tried
against the systems it may stand in (`systems`), converted once and spread over the rows (`read`).
"""

from geodata.coordinates.options import CoordinateOptions
from geodata.coordinates.read import ParsedPoints, read_coordinates

__all__ = ["CoordinateOptions", "ParsedPoints", "read_coordinates"]
