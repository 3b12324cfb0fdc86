"""The settings of ``[followup]``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True, kw_only=True)
class FollowupOptions:
    """Which periods are compared, for which areas, and what must be possible to show."""

    run: bool = setting(True, N_("Om uppföljningen görs i körningen."))
    area_kind: Literal["auto", "est_area", "regso", "deso", "municipality", "other"] = setting(
        "auto", N_("Områden som följs upp; auto tar EST-områden, annars RegSO, annars DeSO.")
    )
    date_from: date | None = setting(
        None, N_("Periodens första dag. Utelämnad: tolv månader före den sista.")
    )
    date_to: date | None = setting(None, N_("Periodens sista dag. Utelämnad: uttagets sista."))
    before_from: date | None = setting(
        None, N_("Första dag i perioden före. Utelämnad: samma dag ett år tidigare.")
    )
    before_to: date | None = setting(
        None, N_("Sista dag i perioden före. Utelämnad: samma dag ett år tidigare.")
    )
    change: float = setting(
        0.5,
        N_(
            "Minskning som ska kunna visas, som andel; kan den inte det står ”för få händelser”. "
            "En mindre andel kräver fler händelser."
        ),
        minimum=0.05,
        maximum=0.95,
    )
    power: float = setting(
        0.8,
        N_("Hur säkert en sådan minskning ska kunna visas, 0–1. Ett högre tal kräver fler."),
        minimum=0.5,
        maximum=0.99,
    )
