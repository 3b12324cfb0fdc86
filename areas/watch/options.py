"""The settings of the weekly watch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True, kw_only=True)
class WatchOptions:
    """What is watched, and how sure a signal has to be."""

    run: bool = setting(
        True, N_("Om veckans signaler ska sökas. false: varken tabeller eller sida.")
    )
    week: str = setting(
        "",
        N_("ISO-veckan som bevakas, till exempel 2025-W50. Tomt: den senaste hela veckan."),
    )
    area_kind: Literal["est_area", "regso", "deso", "other"] = setting(
        "est_area",
        N_(
            "Slaget av områden som får egna serier. Fler områden ger fler serier, och då krävs "
            "mer för en signal i var och en."
        ),
    )
    false_signals: float = setting(
        1.0,
        N_(
            "Högsta antal falska signaler på tio veckor, alla serier räknade. Större tal finner "
            "mer men larmar oftare i onödan."
        ),
        unit="signaler",
        above=0,
        maximum=100,
    )
    years: int = setting(
        5,
        N_("Högsta antal år bakåt som veckan jämförs med. Fler år ger säkrare jämförelse."),
        unit="år",
        minimum=2,
        maximum=20,
    )
    season_parts: int = setting(
        10,
        N_("Delar som året skärs i för säsongen. Fler följer säsongen närmare men skattas sämre."),
        minimum=2,
        maximum=20,
    )
    half_window: int = setting(
        3,
        N_("Veckor på var sida om samma vecka tidigare år som hör till samma säsong."),
        unit="veckor",
        minimum=1,
        maximum=10,
    )
    season_events: float = setting(
        30.0,
        N_(
            "Högsta antal händelser som hela kommunens säsong (samma källa och klass) får väga i "
            "varje del av året när en series egen säsong skattas; seriernas inbördes olikhet avgör "
            "hur många det blir. Fler gör bevakningen känsligare där händelserna är få; 0: bara "
            "seriens egen säsong."
        ),
        unit="händelser",
        minimum=0,
        maximum=1000,
    )
    left_out: int = setting(
        26,
        N_(
            "De senaste veckorna som inte jämförs med, så att det som pågår inte döljer sig "
            "självt. Långsamma skiften söks i dem."
        ),
        unit="veckor",
        minimum=4,
        maximum=52,
    )
    trend: bool = setting(
        True, N_("Om en serie får ha en trend över åren; det kräver minst tre års jämförelse.")
    )
    outbreak_residual: float = setting(
        2.58,
        N_(
            "Avvikelse (Anscombes residual) från vilken en tidigare vecka räknas som utbrott och "
            "väger mindre. Lägre värde väger ner fler veckor."
        ),
        minimum=1,
        maximum=10,
    )
    min_past: int = setting(
        20,
        N_("Minsta antal händelser i jämförelsen för att en serie ska bevakas för sig."),
        unit="händelser",
        minimum=5,
    )
    min_recent: int = setting(
        5,
        N_("Minsta antal händelser de senaste fyra veckorna för en signal om veckan."),
        unit="händelser",
        minimum=1,
    )
    shift: float = setting(
        1.5,
        N_(
            "Hur många gånger fler händelser än väntat ett långsamt skifte ska vara för att "
            "upptäckas snabbast."
        ),
        unit="gånger",
        above=1,
        maximum=10,
    )
    max_places: int = setting(
        25,
        N_("Högsta antal platser med egna serier, de med flest händelser i jämförelsen."),
        unit="platser",
        minimum=0,
        maximum=1000,
    )
    min_place_past: int = setting(
        40,
        N_("Minsta antal händelser i jämförelsen för att en plats ska få en egen serie."),
        unit="händelser",
        minimum=10,
    )
    draws: int = setting(
        2000,
        N_("Slumpningar för varje möjligt långsamt skifte när dess sannolikhet räknas ut."),
        unit="slumpningar",
        minimum=500,
        maximum=100_000,
    )
    weeks_shown: int = setting(
        105,
        N_("Veckor i tabellen över veckor och i sidans små diagram."),
        unit="veckor",
        minimum=10,
        maximum=1000,
    )
