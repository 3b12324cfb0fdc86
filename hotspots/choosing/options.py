"""What is asked of a choice of camera sites: how many, what they may cost in privacy, how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from geodata.language import N_
from geodata.language import gettext as _
from geodata.options import setting

CostName = Literal[
    "area_m2",
    "private_yard_m2",
    "facade_m",
    "n_dwelling_buildings",
    "n_entrances",
    "n_sensitive",
]
COST_NAMES: Final[tuple[CostName, ...]] = get_args(CostName)
"""The costs in privacy that a choice may look at. Nothing else of a site is ever read: who lives
in the area is no input, so no layer about that can move a site up or down."""

_COSTS: Final[Mapping[str, tuple[str, str]]] = {
    "area_m2": (N_("sedd yta"), "m²"),
    "private_yard_m2": (N_("sedd privat tomtmark"), "m²"),
    "facade_m": (N_("sedd bostadsfasad"), "m"),
    "n_dwelling_buildings": (N_("bostadshus i bild"), ""),
    "n_entrances": (N_("entréer i bild"), ""),
    "n_sensitive": (N_("känsliga platser i bild utan maskering"), ""),
}


def cost_label(name: str) -> str:
    """Return what a cost is called, in the user's language."""
    return _(_COSTS[name][0])


def cost_unit(name: str) -> str:
    """Return the unit of a cost as printed; empty for a number of things."""
    return _COSTS[name][1]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """``[[choice.limits]]``: how much of one cost may never be passed."""

    cost: CostName = setting("private_yard_m2", N_("Vad gränsen gäller."))
    each: float | None = setting(
        None, N_("Högst så mycket för varje kameraplats. Lägre utesluter fler platser."), minimum=0
    )
    total: float | None = setting(
        None,
        N_(
            "Högst så mycket för alla föreslagna kameraplatser sammanlagt. Det som två platser "
            "båda ser räknas två gånger."
        ),
        minimum=0,
    )


@dataclass(frozen=True, kw_only=True)
class ChoiceOptions:
    """``[choice]``: how camera sites are chosen among the candidates."""

    n_cameras: int = setting(
        5,
        N_(
            "Högsta antal nya kameraplatser, fastlagda inräknade. Fler täcker mer, men var och en "
            "kräver sin egen bedömning."
        ),
        unit="platser",
        minimum=1,
        maximum=200,
    )
    limits: tuple[Limit, ...] = setting(
        (Limit(cost="n_sensitive", each=0.0),),
        N_("Hårda gränser för integritetsintrånget. Ingen plats föreslås som bryter mot någon."),
    )
    frontier_cost: CostName = setting(
        "private_yard_m2",
        N_(
            "Det intrång som vägs mot täckningen i avvägningskurvan, och som avgör mellan urval "
            "som täcker lika mycket."
        ),
    )
    frontier_points: int = setting(
        20,
        N_("Högsta antal urval längs avvägningskurvan. Fler tar längre tid."),
        unit="urval",
        minimum=2,
        maximum=200,
    )
    steps: int = setting(
        20,
        N_(
            "Antal steg som andelen av en händelses läge i bild räknas i; 20 är steg om fem "
            "procentenheter. Fler är noggrannare, tar längre."
        ),
        unit="steg",
        minimum=1,
        maximum=100,
    )
    time_limit_s: float = setting(
        60.0,
        N_("Längsta tid för att bevisa ett urval. Räcker den inte redovisas gapet."),
        unit="s",
        above=0,
    )
