"""Dog searches of a period by area."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

from areas.assign import assign_points
from geodata import schema
from geodata.periods import Period
from geodata.search_tables import SEARCHES
from hotspots.searchround.numbers import area_numbers

if TYPE_CHECKING:
    from scripts.pipeline import Results
    from scripts.reading import Material
    from scripts.stages.dogsearch import Searches


def period_searches(material: Material, results: Results, period: Period) -> pd.DataFrame | None:
    """Return table ``search_areas`` of a period; ``None`` without a list of results.

    Without such a list nobody has said what was searched: that is not known, and not none.
    """
    found = cast("Searches | None", material.extras.get("dogsearch"))
    if found is None or found.register is None or found.results is None:
        return None
    register = found.register.table
    area = assign_points(register.geometry, results.areas, kind="est_area", on=period.last)
    return area_numbers(
        register.assign(area_id=area.astype("str")),
        schema.empty("search_round", tables=SEARCHES),
        found.results.table,
        results.areas,
        first=period.first,
        last=period.last,
    )
