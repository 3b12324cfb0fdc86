"""The settings of ``[picture]``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geodata.language import N_
from geodata.options import setting

AreaKind = Literal["auto", "est_area", "regso", "deso", "municipality", "other"]


@dataclass(frozen=True, kw_only=True)
class PictureOptions:
    """What the picture counts, over how long, and what it compares with."""

    run: bool = setting(True, N_("Om lägesbilden görs i körningen."))
    area_kind: AreaKind = setting(
        "auto",
        N_("Områden som får en egen lägesbild; auto tar EST-områden, annars RegSO, annars DeSO."),
    )
    weeks: int = setting(
        52,
        N_("Veckor som antal och tal per invånare gäller. Fler veckor ger säkrare men äldre tal."),
        unit="veckor",
        minimum=4,
        maximum=520,
    )
    kept_weeks: int = setting(
        106,
        N_("Veckor bakåt som står i veckotabellen; fler ger större filer."),
        unit="veckor",
        minimum=54,
        maximum=1040,
    )
    recent_weeks: int = setting(
        4,
        N_("Veckor som räknas som nu när platser delas i nya, återkommande och upphörda."),
        unit="veckor",
        minimum=1,
        maximum=13,
    )
    quiet_weeks: int = setting(
        12,
        N_("Veckor utan händelse som gör en plats återkommande. Fler veckor ger färre sådana."),
        unit="veckor",
        minimum=1,
        maximum=104,
    )
    min_reports: int = setting(
        2, N_("Minsta antal händelser för att en plats ska listas."), minimum=2
    )
    compare_kind: AreaKind = setting(
        "auto",
        N_("Områden som jämförbara områden väljs bland; auto tar RegSO, annars samma slag."),
    )
    peers: int = setting(3, N_("Högsta antal jämförbara områden."), minimum=1, maximum=20)
    peer_factor: float = setting(
        3.0,
        N_(
            "Hur många gånger större eller mindre ett jämförbart område får vara, i yta, "
            "bostadstäthet och tidigare händelsetäthet. Högre tal ger fler men mindre lika."
        ),
        unit="gånger",
        above=1,
        maximum=20,
    )
    feedback_weeks: int = setting(
        13,
        N_("Veckor som återkopplingen till rapportörerna gäller."),
        unit="veckor",
        minimum=4,
        maximum=52,
    )
