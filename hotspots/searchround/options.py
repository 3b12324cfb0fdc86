"""The settings of `[round]`: how many entrances, chosen how, and what a team manages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True, kw_only=True)
class RoundOptions:
    """How a round of dog searches is put together.

    The share by need, the cap of two searches in ninety days and the least shares follow the
    proposal for fair rotation in the project's notes on dog searches.
    """

    week: str = setting("", N_("Rundans vecka, som 2026-W48. Utelämnad: veckan efter uttagsdagen."))
    n_entrances: int = setting(
        20,
        N_("Antal entréer i rundan. Gäller inte när budget_min är satt."),
        unit="entréer",
        minimum=1,
        maximum=5000,
    )
    budget_min: float = setting(
        0.0,
        N_(
            "Tidsbudget för hela rundan, med gång och start av varje pass. Så många entréer tas "
            "som ryms. 0 = n_entrances gäller."
        ),
        unit="min",
        minimum=0,
    )
    share_by_need: float = setting(
        0.5,
        N_("Andel som väljs efter behov; resten lottas bland dem som väntat längst. 0–1."),
        unit="andel",
        minimum=0,
        maximum=1,
    )
    pool_factor: float = setting(
        3.0,
        N_(
            "Lottningen görs bland så här många gånger fler entréer än som ska lottas, de som "
            "väntat längst. 1 = ingen lott utöver lika väntan; större ger mer slump."
        ),
        unit="gånger",
        minimum=1,
    )
    max_per_window: int = setting(
        2,
        N_("Flest sök per entré inom window_days, om inget fynd gjorts där under tiden."),
        unit="sök",
        minimum=1,
    )
    window_days: int = setting(
        90, N_("Tiden som max_per_window gäller, före rundans vecka."), unit="dagar", minimum=7
    )
    least_share: float = setting(
        0.5,
        N_(
            "Varje ägare och område får minst denna del av sin andel av entréerna, avrundat nedåt "
            "till hela entréer. 0 = inget minsta, 1 = full andel."
        ),
        unit="andel",
        minimum=0,
        maximum=1,
    )
    minutes_per_entrance: float = setting(
        15.0, N_("Tid för sök vid en entré, alla utrymmen."), unit="min", above=0
    )
    shift_min: float = setting(
        180.0, N_("Längsta pass för ett ekipage, med start, gång och sök."), unit="min", above=0
    )
    start_min: float = setting(
        20.0,
        N_(
            "Tid för att börja ett pass: resa, nycklar, genomgång. Högre ger färre och längre "
            "pass; ett nytt pass börjar hellre än en promenad som är längre än så."
        ),
        unit="min",
        minimum=0,
    )
    walking_kmh: float = setting(4.5, N_("Gångfart med hund."), unit="km/h", minimum=1, maximum=8)
    snap_m: float = setting(
        150.0,
        N_("Längst från entré till gata; längre bort räknas fågelvägen gånger detour."),
        unit="m",
        minimum=0,
    )
    detour: float = setting(
        1.3,
        N_("Fågelvägen gånger detta är gångvägen där gator saknas."),
        unit="gånger",
        minimum=1,
        maximum=3,
    )
    texts: Path | None = setting(
        None, N_("Egen fil med lagrum och stående texter i stället för den inbyggda.")
    )
