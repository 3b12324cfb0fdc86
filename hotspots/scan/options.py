"""The settings of the scan statistics."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True, kw_only=True)
class ScanOptions:
    """What is searched, and how sure the answer has to be."""

    max_radius_m: float | None = setting(
        1000.0,
        N_("Största cirkelns radie. Större finner utbredda ansamlingar men tar längre tid."),
        unit="m",
        above=0,
        maximum=100_000,
    )
    max_share: float = setting(
        0.5,
        N_("Största andel av jämförelsetalet (befolkning eller händelser) som en cirkel rymmer."),
        unit="andel",
        above=0,
        maximum=1,
    )
    max_days: int = setting(
        28,
        N_("Längsta tid. Större värde finner långsamma förlopp men tar längre tid."),
        unit="dagar",
        minimum=1,
        maximum=3660,
    )
    min_events: int = setting(
        2,
        N_("Minsta antal händelser i en ansamling. Större värde ger färre."),
        unit="händelser",
        minimum=1,
        maximum=1000,
    )
    max_clusters: int = setting(
        10,
        N_("Högsta antal ansamlingar som redovisas; de delar aldrig någon plats."),
        unit="ansamlingar",
        minimum=1,
        maximum=1000,
    )
    replications: int = setting(
        999,
        N_("Högsta antal slumpningar. Fler ger ett finare p-värde men tar längre tid."),
        unit="slumpningar",
        minimum=1,
        maximum=1_000_000,
    )
    stop_after: int = setting(
        20,
        N_(
            "Slumpningen slutar när så många har nått det funna värdet: då är p-värdet "
            "högt nog för att inte behöva fler. 0 = sluta aldrig i förtid."
        ),
        unit="slumpningar",
        minimum=0,
    )
    seed: int = setting(
        581, N_("Slumptalens startvärde. Samma värde ger samma resultat."), minimum=0
    )
