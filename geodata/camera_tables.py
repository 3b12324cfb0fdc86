"""The tables of camera proposals beyond the sites themselves: views, alternatives, frontier."""

from __future__ import annotations

from typing import Final

from geodata.schema import Tables

CAMERAS: Final[Tables] = {}
