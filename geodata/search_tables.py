"""The tables of dog searches: the register, the need, the round and its results."""

from __future__ import annotations

from typing import Final

from geodata.schema import Tables

SEARCHES: Final[Tables] = {}
