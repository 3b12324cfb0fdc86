"""The tables of areas over time: the picture, the weekly watch, the follow-up, measures."""

from __future__ import annotations

from typing import Final

from geodata.effect_tables import FOLLOWUP
from geodata.picture_tables import PICTURE
from geodata.schema import Tables
from geodata.watch_tables import WATCH

AREA_TABLES: Final[Tables] = {**PICTURE, **WATCH, **FOLLOWUP}
