"""The settings of ``[search_need]``: what gives an entrance points."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True, kw_only=True)
class NeedOptions:
    """How reports, finds, cameras and requests become points.

    The errors are medians. A report of a common area is written with the address of the house, so
    its point lies at the house: 15 m to the right entrance is reckoned, not measured. A point put
    between two house numbers adds 38 m (Cayo & Talbot 2003). A street stands for 400 m, whose
    median point lies 100 m from the middle. A point of an area is shared by none.
    """

    window_days: int = setting(
        365,
        N_("Rapporter och fynd äldre än så räknas inte. Längre ger jämnare och trögare behov."),
        unit="dagar",
        minimum=30,
        maximum=3650,
    )
    half_life_days: float = setting(
        120.0,
        N_("En rapport väger hälften efter så lång tid. Kortare följer det senaste mer."),
        unit="dagar",
        above=0,
    )
    weight_suspected: float = setting(
        0.5,
        N_("Vikt för en misstänkt rapport mot 1 för en säker. Högre räknar osäkra mer."),
        minimum=0,
        maximum=1,
    )
    weight_unknown: float = setting(
        0.75,
        N_("Vikt för en rapport utan uppgift om säkerhet."),
        minimum=0,
        maximum=1,
    )
    error_address_m: float = setting(
        15.0, N_("Lägesfel (median), punkt på adress. Större delar på fler."), unit="m", above=0
    )
    error_interpolated_m: float = setting(
        40.0, N_("Lägesfel (median), punkt mellan gatunummer."), unit="m", above=0
    )
    error_street_m: float = setting(
        100.0, N_("Lägesfel (median), gata utan nummer."), unit="m", above=0
    )
    error_unknown_m: float = setting(
        40.0, N_("Lägesfel (median) där geokodningen är okänd."), unit="m", above=0
    )
    neighbourhood_m: float = setting(
        200.0,
        N_("Grannskapets radie, som en entrés rapporter vägs samman med."),
        unit="m",
        above=0,
        maximum=5000,
    )
    usual_dwellings: float = setting(
        12.0,
        N_("Lägenheter per entré där ingen entrés antal är känt. Fler jämnar ut mindre."),
        unit="lägenheter",
        minimum=1,
    )
    neighbourhood_dwellings: float = setting(
        200.0,
        N_("Så många lägenheter väger hela ortens nivå i ett grannskaps. Fler jämnar ut mer."),
        unit="lägenheter",
        above=0,
    )
    points_find: float = setting(
        2.0, N_("Poäng för ett fynd i dag; halveras som rapporter."), unit="poäng", minimum=0
    )
    points_camera: float = setting(
        1.0,
        N_("Poäng intill en kamera, dit brott kan ha flyttat in; avtar till 0."),
        unit="poäng",
        minimum=0,
    )
    camera_m: float = setting(
        150.0, N_("Så långt från en kamera räknas förflyttning."), unit="m", above=0, maximum=2000
    )
    points_request: float = setting(
        1.0, N_("Poäng för ägarens önskemål det senaste året."), unit="poäng", minimum=0
    )
    hit_factor_most: float = setting(
        1.5,
        N_(
            "Träffandelen kan höja poängen för rapporter högst så många gånger, och sänka lika "
            "mycket. 1 = träffandelen används inte."
        ),
        minimum=1,
        maximum=3,
    )
    drift_days: int = setting(
        180,
        N_("Sök och behov jämförs över så lång tid. Längre märker smygande förskjutning senare."),
        unit="dagar",
        minimum=30,
        maximum=3650,
    )
