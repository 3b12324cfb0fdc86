"""``[candidates]``: where a camera could stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geodata.language import N_
from geodata.options import setting

Source = Literal["poles", "streets", "corners", "grid"]


@dataclass(frozen=True, kw_only=True)
class CandidateOptions:
    """``[candidates]``: where a camera could stand."""

    sources: tuple[Source, ...] = setting(
        (),
        N_(
            "Varifrån tänkbara platser hämtas: poles (eget lager), streets (punkter längs gator "
            "och gångvägar), corners (hushörn), grid (rutnät). Tom: eget lager om det finns, "
            "annars gator och hushörn, annars rutnät."
        ),
    )
    off_wall_m: float = setting(
        0.3,
        N_("Hur långt utanför väggen en kamera på fasad sitter."),
        unit="m",
        minimum=0.05,
        maximum=5,
    )
    move_m: float = setting(
        5.0,
        N_(
            "En plats som ligger i ett hus flyttas ut till närmaste vägg om den är så nära; annars "
            "stryks den."
        ),
        unit="m",
        minimum=0,
        maximum=50,
    )
    public_only: bool = setting(
        True,
        N_(
            "Om punkter längs gator, hushörn och rutnät ska ligga på allmän platsmark där ett "
            "lager visar den. Egna stolpar behålls alltid."
        ),
    )
    most_tried: int = setting(
        1500,
        N_(
            "Högst så många platser prövas med sikt och integritetskostnad: de som kan se flest "
            "händelser. Fler ger ett vidare bevis men tar längre tid."
        ),
        unit="platser",
        minimum=1,
        maximum=1_000_000,
    )
    tried_each: int = setting(
        2,
        N_("De bästa platserna vid varje hot spot prövas alltid, så här många."),
        unit="platser",
        minimum=0,
        maximum=100,
    )
