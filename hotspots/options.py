"""The settings of `[hotspots]`, `[cameras]` and `[dogsearch]`, and what they may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from geodata.language import N_
from geodata.options import setting
from geodata.register.options import RegisterOptions
from geodata.schema import STREET_DRUG_CLASSES

Source = Literal[
    "auto",
    "police",
    "est_report",
    "guard",
    "housing_company",
    "municipality",
    "citizen",
    "other",
    "unknown",
]
OffenceClass = Literal[
    "drug_supply",
    "drug_production",
    "drug_possession",
    "drug_use",
    "drug_unspecified",
    "drug_smuggling",
    "drug_control_act",
    "doping",
    "alcohol",
    "tobacco",
    "harmful_substances",
    "violence",
    "damage",
    "disorder",
    "other",
    "unknown",
]
SpaceType = Literal["public", "residential_common", "dwelling", "other", "unknown"]


class Filter(Protocol):
    """The settings that say which events count; part of every options class of this room."""

    @property
    def classes(self) -> tuple[OffenceClass, ...]: ...  # noqa: D102
    @property
    def source(self) -> Source: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class HotspotOptions:
    """What counts and what a hot spot is.

    The defaults follow the project's method notes: cells not below 100 m since the median error
    of a Swedish police point is 83 m (Gerell 2018); a count on a grid does as well as a density
    surface (Camacho Doyle, Gerell & Andershed 2021).
    """

    classes: tuple[OffenceClass, ...] = setting(
        STREET_DRUG_CLASSES,
        N_("Brottsklasser som räknas. Färre klasser ger färre hot spots."),
    )
    source: Source = setting(
        "auto",
        N_("Källa som räknas. ”auto” tar den med flest händelser; källor summeras aldrig."),
    )
    date_from: date | None = setting(
        None, N_("Första dag som räknas. Utelämnad: räkna bakåt med window_months.")
    )
    date_to: date | None = setting(
        None, N_("Sista dag som räknas. Utelämnad: uttagets sista datum.")
    )
    window_months: int = setting(
        24,
        N_("Periodens längd bakåt från sista dagen. Längre period ger fler, men äldre, händelser."),
        unit="månader",
        minimum=1,
        maximum=600,
    )
    eps_m: float = setting(
        75.0,
        N_("Avstånd inom vilket platser hör ihop. Större värde ger färre och större hot spots."),
        unit="m",
        minimum=1,
        maximum=2000,
    )
    min_samples: int | Literal["auto"] = setting(
        "auto",
        N_(
            "Vikt inom eps_m som gör en plats till kärna. Större värde ger färre och mindre hot "
            "spots. ”auto” väljer efter core_share, minst 5; med under 200 platser alltid 5."
        ),
        unit="dagar eller händelser",
        minimum=1,
    )
    core_share: float = setting(
        0.10,
        N_(
            "Andel av platserna, de med mest omkring sig, som är kärnor när min_samples är "
            "”auto”. Mindre andel ger färre och mindre hot spots."
        ),
        unit="andel",
        above=0,
        maximum=1,
    )
    weight: Literal["days", "events"] = setting(
        "days",
        N_("Vad en plats väger: olika dagar (en insats väger en gång) eller händelser."),
    )
    cell_size_m: float = setting(
        100.0,
        N_("Rutans sida. Mindre än 100 m är finare än lägesfelet i polisens punkter."),
        unit="m",
        minimum=10,
        maximum=5000,
    )
    min_events: int = setting(
        10,
        N_("Minsta antal händelser i en hot spot. Större värde ger färre."),
        unit="händelser",
        minimum=1,
    )
    min_days: int = setting(
        6,
        N_("Minsta antal olika dagar med händelser. Skyddar mot att en enda insats blir hot spot."),
        unit="dagar",
        minimum=1,
    )
    min_quarters_per_year: int = setting(
        2,
        N_("Minsta antal kvartal med händelser i varje år, räknat bakåt från periodens slut."),
        unit="kvartal",
        minimum=0,
        maximum=4,
    )
    method: Literal["counts", "auto"] = setting(
        "counts",
        N_(
            "Vad som säger vilka rutor som är hetast: counts är antalet händelser, auto den metod "
            "som bäst har förutsagt ortens egen historia (se hotspots.html)."
        ),
    )
    top_share: float = setting(
        0.05,
        N_(
            "En hot spot rymmer minst en av rutorna i denna andel av rutor med händelser. 1 = alla."
        ),
        unit="andel",
        above=0,
        maximum=1,
    )
    max_area_ha: float = setting(
        3.0,
        N_(
            "Större hot spots än så påpekas. På 3 ha går fyra kameror med 50 m räckvidd; det är "
            "ett område att dela upp snarare än en plats. Ingen tas bort."
        ),
        unit="ha",
        above=0,
    )
    rank_by: Literal["days", "events", "density"] = setting(
        "days",
        N_("Vad rangordningen bygger på: olika dagar, händelser eller händelser per hektar."),
    )


@dataclass(frozen=True, kw_only=True)
class CameraOptions:
    """What camera sites are to see, in the hot spots' period."""

    run: bool = setting(
        True, N_("Om kameraplatser ska föreslås. false: varken platser, underlag eller sida.")
    )
    reach_m: float = setting(
        50.0,
        N_(
            "Räckvidd. På 50 m ger en 4K-kamera med 60° bildvinkel cirka 66 bildpunkter per meter, "
            "över gränsen 62,5 för att iaktta en person i EN 62676-4. Större når fler händelser "
            "men ser dem sämre."
        ),
        unit="m",
        minimum=5,
        maximum=500,
    )
    min_events: int = setting(
        5,
        N_("Minsta antal händelser inom räckvidden för att en plats ska kunna föreslås."),
        unit="händelser",
        minimum=2,
    )
    classes: tuple[OffenceClass, ...] = setting(
        ("drug_supply", "drug_production", "drug_possession"),
        N_(
            "Brottsklasser som räknas. Eget bruk är utelämnat: det registreras där personen "
            "stoppades, inte där handeln sker."
        ),
    )
    space_types: tuple[SpaceType, ...] = setting(
        ("public",),
        N_("Slag av plats som räknas. Kameror på allmän plats når inte trapphus och bostäder."),
    )
    source: Source = setting(
        "auto",
        N_("Källa som räknas. ”auto” tar samma som hot spots; källor summeras aldrig."),
    )
    spacing_m: float = setting(
        25.0,
        N_(
            "Avstånd mellan tänkbara platser när stolpar saknas. Mindre är noggrannare, tar längre."
        ),
        unit="m",
        minimum=1,
        maximum=500,
    )


@dataclass(frozen=True, kw_only=True)
class SearchOptions(RegisterOptions):
    """Which reports point to a dog search, and what they are given to, in the hot spots' period."""

    n_sites: int = setting(
        10,
        N_("Högsta antal platser för hundsök. Fler ger en längre lista i samma ordning."),
        unit="platser",
        minimum=1,
        maximum=1000,
    )
    min_events: int = setting(
        2,
        N_("Minsta antal händelser per plats, aldrig under 2: ingen plats pekar ut en rapport."),
        unit="händelser",
        minimum=2,
    )
    reach_m: float = setting(
        30.0,
        N_("Längsta avstånd från händelse till entré eller hus. Större fångar fler men osäkrare."),
        unit="m",
        minimum=1,
        maximum=200,
    )
    classes: tuple[OffenceClass, ...] = setting(
        STREET_DRUG_CLASSES, N_("Brottsklasser som räknas. Färre klasser ger färre platser.")
    )
    source: Source = setting(
        "auto", N_("Källa som räknas. ”auto” tar den med flest händelser; källor summeras aldrig.")
    )
    residential: tuple[str, ...] = setting(
        (
            "apartments",
            "residential",
            "dormitory",
            "house",
            "terrace",
            "flerbostadshus",
            "flerfamiljshus",
            "bostad",
            "bostäder",
        ),
        N_("Värden i huslagret (building, use, kind, typ, ändamål) som betyder bostadshus."),
    )
    include_unknown_buildings: bool = setting(
        True,
        N_("Om hus utan angivet slag (som OpenStreetMaps ”yes”) också får händelser."),
    )
