"""Every table that can leave the program, by name."""

from __future__ import annotations

from typing import Final

from geodata.appendix_tables import APPENDIX
from geodata.area_tables import AREA_TABLES
from geodata.camera_tables import CAMERAS
from geodata.evidence_tables import EVIDENCE
from geodata.period_tables import PERIOD_TABLES
from geodata.schema import TABLES, Tables
from geodata.search_tables import SEARCHES
from geodata.store_tables import STORE_TABLES

ALL_TABLES: Final[Tables] = {
    **TABLES,
    **EVIDENCE,
    **CAMERAS,
    **SEARCHES,
    **AREA_TABLES,
    **STORE_TABLES,
    **APPENDIX,
    **PERIOD_TABLES,
}
