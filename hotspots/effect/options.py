"""The settings of ``[effect]``."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True, kw_only=True)
class EffectOptions:
    """How the effect of a measure is judged."""

    months_after: int = setting(
        12,
        N_(
            "Månader från åtgärdens början som jämförs, som mest; de jämförs med samma del av "
            "året dessförinnan."
        ),
        unit="månader",
        minimum=1,
        maximum=120,
    )
    months_matching: int = setting(
        12,
        N_(
            "Månader dessförinnan som kontrollområden väljs efter. De räknas inte i jämförelsen, "
            "för annars vore områden utvalda för att de råkade ha många händelser just då."
        ),
        unit="månader",
        minimum=3,
        maximum=60,
    )
    short_days: int = setting(
        91,
        N_("En åtgärd som pågått kortare tid än så följs ändå så här länge från sin början."),
        unit="dagar",
        minimum=7,
        maximum=730,
    )
    series_months: int = setting(
        36,
        N_("Månader före åtgärden som tidsserien använder, som mest."),
        unit="månader",
        minimum=12,
        maximum=240,
    )
    radius_m: float = setting(
        75.0,
        N_("Radie kring en åtgärd som bara har en punkt. Större radie räknar fler händelser."),
        unit="m",
        minimum=10,
        maximum=2000,
    )
    margin_m: float = setting(
        50.0,
        N_("Marginal runt platsen i den andra varianten; polisens lägen är osäkra."),
        unit="m",
        minimum=1,
        maximum=500,
    )
    buffer_m: float = setting(
        100.0,
        N_("Bredd på den buffertzon dit brott kan flytta."),
        unit="m",
        minimum=1,
        maximum=1000,
    )
    rings_m: tuple[float, ...] = setting(
        (100.0, 250.0, 500.0),
        N_("Yttre gränser för de ringar runt platsen som räknas var för sig, i stigande ordning."),
        unit="m",
        minimum=10,
        maximum=5000,
    )
    apart_m: float = setting(
        500.0,
        N_("Minsta avstånd från en åtgärds plats till ett kontrollområde."),
        unit="m",
        minimum=0,
        maximum=10_000,
    )
    n_controls: int = setting(
        5,
        N_("Antal kontrollområden. Fler ger säkrare jämförelse men olikare områden."),
        unit="områden",
        minimum=2,
        maximum=20,
    )
