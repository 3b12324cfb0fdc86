"""QGIS styles of squares and polygons that the stages and the evidence add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd

from geodata.files.qgisparts import (
    AREA,
    CAMERA,
    HIDDEN,
    HIGH,
    HOTSPOT,
    LOW,
    PLACE,
    SEARCH,
    Style,
    cell,
    outlined,
    rules_of,
    value_rules,
)
from geodata.files.qml import Labels, Rule, Symbol
from geodata.language import gettext as _

_CONTROL: Final = "#00735a"


def _agreement(table: pd.DataFrame) -> Style:
    del table
    kinds = {
        "both": (_("het i båda källorna"), cell("#6a2c70")),
        "only_a": (_("het bara i källa A"), cell(HIGH)),
        "only_b": (_("het bara i källa B"), cell(LOW)),
        "neither": (_("het i ingen av dem"), cell("#e4e2dd")),
    }
    return rules_of("class", kinds), None


def _relative(table: pd.DataFrame) -> Style:
    del table
    kinds = {
        "higher": (_("högre än väntat av slumpen"), cell(HIGH)),
        "lower": (_("lägre än väntat av slumpen"), cell(LOW)),
        "none": (_("ingen säker skillnad"), cell("#e4e2dd")),
        "too_few": (_("för få händelser"), cell(HIDDEN)),
    }
    return rules_of("class", kinds), None


def _density(table: pd.DataFrame) -> Style:
    words = _("från {low} händelser per km²")
    return value_rules(table["density_km2"], "density_km2", words), None


def _gi_star(table: pd.DataFrame) -> Style:
    del table
    return [
        Rule(_("säkert över genomsnittet"), cell(HIGH), '"hot"'),
        Rule(_("inte skilt från slumpen"), cell("#e4e2dd"), 'NOT "hot"'),
    ], None


def _views(table: pd.DataFrame) -> Style:
    del table
    words = _("Upptagningsområde")
    return [Rule(words, outlined(CAMERA, 0.5, face=0.2))], Labels('"site_id"', color=CAMERA)


def _masks(table: pd.DataFrame) -> Style:
    del table
    return [Rule(_("Föreslagen maskering"), outlined(HOTSPOT, 0.3, face=0.45))], None


def _alternatives(table: pd.DataFrame) -> Style:
    del table
    kinds = {
        "proposed": (_("som föreslaget"), outlined(CAMERA, 0.8)),
        "fewer_hours": (_("färre timmar"), outlined(PLACE, 0.4, dash=True)),
        "smaller_sector": (_("mindre sektor"), outlined(HIGH, 0.5)),
        "shorter_reach": (_("kortare räckvidd"), outlined(_CONTROL, 0.5)),
        "masked": (_("maskerad"), outlined(HOTSPOT, 0.4, dash=True)),
    }
    return rules_of("alternative", kinds), None


def _frontier(table: pd.DataFrame) -> Style:
    del table
    seen = outlined(SEARCH, 0.4, dash=True)
    return [Rule(_("Upptagningsområde i något av urvalen"), seen)], Labels('"set_no"', color=SEARCH)


def _evaluation(table: pd.DataFrame) -> Style:
    del table
    roles = {role: one for role, one in _roles().items() if role != "control_buffer"}
    return rules_of("role", roles), Labels('"site_id"', size=8)


def _measure_counts(table: pd.DataFrame) -> Style:
    del table
    return rules_of("role", _roles()), Labels('"measure_id"', size=8)


def _roles() -> dict[str, tuple[str, Symbol]]:
    return {
        "treated": (_("platsen för åtgärden"), outlined(HIGH, 0.8, face=0.15)),
        "buffer": (_("buffertzon runt platsen"), outlined(HIGH, 0.4, dash=True)),
        "control": (_("kontrollområde"), outlined(_CONTROL, 0.6)),
        "control_buffer": (_("runt kontrollområdena"), outlined(_CONTROL, 0.3, dash=True)),
    }


def _measures(table: pd.DataFrame) -> Style:
    del table
    return [
        Rule(_("Åtgärd som pågår"), outlined(AREA, 0.8, face=0.1), '"last_date" IS NULL'),
        Rule(_("Avslutad åtgärd"), outlined(AREA, 0.6, dash=True), '"last_date" IS NOT NULL'),
    ], Labels('"measure_id" || \' \' || "kind"', color=AREA)


def _operations(table: pd.DataFrame) -> Style:
    del table
    return [Rule(_("Polisens insats"), outlined(LOW, 0.5, dash=True))], Labels('"name"', color=LOW)


def _period_hotspots(table: pd.DataFrame) -> Style:
    del table
    rules = [Rule(_("Hot spot i en period"), outlined(HOTSPOT, 0.5))]
    return rules, Labels('"period" || \' \' || "rank"')


def _perceived(table: pd.DataFrame) -> Style:
    kinds = {
        "unsafe_few_reports": (_("otryggt men få rapporter"), cell("#e58a1f")),
        "safe_many_reports": (_("tryggt men många rapporter"), cell("#4b8fc4")),
        "none": (_("bilderna stämmer överens"), cell("#a9a29c")),
        "unclear": (_("för få svar för att säga"), cell(HIDDEN)),
    }
    if "disagreement" not in table:  # not released to the profile
        return [Rule(_("Upplevd trygghet"), cell("#a9a29c"))], None
    return rules_of("disagreement", kinds), None


SURFACES: Final[dict[str, Callable[[pd.DataFrame], Style]]] = {
    "agreement": _agreement,
    "relative_density": _relative,
    "density": _density,
    "gi_star": _gi_star,
    "camera_views": _views,
    "camera_masks": _masks,
    "camera_alternatives": _alternatives,
    "camera_frontier_sites": _frontier,
    "camera_evaluation": _evaluation,
    "measures": _measures,
    "measure_counts": _measure_counts,
    "operations": _operations,
    "period_hotspots": _period_hotspots,
    "perceived_cells": _perceived,
    "perceived_areas": _perceived,
}
