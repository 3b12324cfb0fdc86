"""The settings of ``[perceived]``."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True, kw_only=True)
class PerceivedOptions:
    """How what people feel is laid beside what is reported."""

    source: str = setting(
        "",
        N_("Källa som upplevd trygghet ställs mot; utelämnad tas den med flest händelser."),
    )
    cell_m: float = setting(
        250.0,
        N_("Ruta som punkter och händelser räknas i. Större rutor ger säkrare men grövre bild."),
        unit="m",
        minimum=100,
        maximum=2000,
    )
    min_answers: int = setting(
        5,
        N_("Minsta antal svar i en ruta för att upplevd och anmäld bild ska jämföras."),
        minimum=3,
    )
    min_area_answers: int = setting(
        30, N_("Minsta antal svar i ett område för att det ska jämföras."), minimum=10
    )
