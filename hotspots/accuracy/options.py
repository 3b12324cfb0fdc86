"""How the methods are tried: length of the periods, area, shares, intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True, kw_only=True)
class AccuracyOptions:
    """How the methods are tried on the town's own past."""

    period: Literal["auto", "week", "month", "quarter"] = setting(
        "auto",
        N_(
            "Längd på perioderna som metoderna prövas på. ”auto” tar den kortaste som rymmer "
            "min_events_per_period händelser i medeltal. Kortare ger fler prov men ojämnare."
        ),
    )
    min_events_per_period: float = setting(
        20.0,
        N_("Minsta medelantal händelser per period. Större värde ger längre perioder."),
        unit="händelser",
        minimum=1,
    )
    min_periods: int = setting(
        12,
        N_("Minsta antal perioder för att metoderna ska prövas alls."),
        unit="perioder",
        minimum=10,
        maximum=1000,
    )
    max_periods: int = setting(
        60,
        N_(
            "Flest perioder när period är auto: är de fler tas nästa längd. Fler perioder ger "
            "fler prov men tar längre tid."
        ),
        unit="perioder",
        minimum=10,
        maximum=10_000,
    )
    trees: bool = setting(
        False,
        N_(
            "Om också lärda beslutsträd prövas, en dyr metod. Med hotspots.method = auto prövas "
            "de alltid."
        ),
    )
    history_share: float = setting(
        0.4,
        N_("Andel av tiden som bara är lärotid. Större ger säkrare metoder men färre prov."),
        unit="andel",
        minimum=0.3,
        maximum=0.8,
    )
    shares: tuple[float, ...] = setting(
        (0.01, 0.02, 0.05, 0.10),
        N_("Andelar av ytan som träffsäkerheten mäts vid."),
        unit="andel",
        above=0,
        maximum=1,
    )
    margin_m: float = setting(
        300.0,
        N_(
            "Rutor inom detta avstånd från någon tidigare händelse räknas som möjlig plats. Större "
            "värde ger större yta och därmed högre PAI för alla metoder."
        ),
        unit="m",
        minimum=0,
        maximum=5000,
    )
    n_bootstrap: int = setting(
        2000,
        N_("Antal återsamplingar för intervallen. Fler ger jämnare gränser."),
        minimum=200,
        maximum=100_000,
    )
