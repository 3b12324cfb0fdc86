"""The settings of Gi*."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geodata.errors import Fault, SettingsError
from geodata.language import N_
from geodata.language import gettext as _
from geodata.options import setting


@dataclass(frozen=True, kw_only=True)
class GiStarOptions:
    """Which cells count together, and what is significant."""

    band_m: float = setting(
        150.0,
        N_("Rutor med mittpunkt så nära räknas ihop. Större värde ger färre och större områden."),
        unit="m",
        minimum=10,
        maximum=5000,
    )
    alternative: Literal["greater", "two-sided"] = setting(
        "greater",
        N_("”greater” frågar efter fler händelser än väntat, ”two-sided” efter fler eller färre."),
    )
    level: float = setting(
        0.05,
        N_("Gräns för vad som är säkerställt. Mindre värde ger färre."),
        unit="andel",
        above=0,
        maximum=0.5,
    )
    judge: Literal["q_perm", "q", "p_family"] = setting(
        "q_perm",
        N_(
            "Vad gränsen gäller: ”q_perm” permutation med FDR, ”q” normalfördelning med FDR, "
            "”p_family” permutation av hela kartan (strängast)."
        ),
    )
    correction: Literal["bh", "by"] = setting(
        "bh", N_("FDR: ”bh” Benjamini–Hochberg; ”by” Benjamini–Yekutieli är strängare.")
    )
    draws: int = setting(
        99_999,
        N_("Antal dragningar för varje rutas p. 0 = inga. Fler ger finare p."),
        unit="dragningar",
        minimum=0,
        maximum=999_999,
    )
    permutations: int = setting(
        999,
        N_("Antal omblandningar av hela kartan för p_family. 0 = inga."),
        unit="omblandningar",
        minimum=0,
        maximum=99_999,
    )
    seed: int = setting(
        20_250_101, N_("Slumptalens startvärde. Samma värde ger samma resultat."), minimum=0
    )


def check_options(options: GiStarOptions) -> None:
    """Raise ``SettingsError`` ``judge_without_permutations`` for a figure that isn't computed."""
    needed = {"q_perm": options.draws, "p_family": options.permutations, "q": 1}
    if not needed[options.judge]:
        raise SettingsError(
            Fault(
                code="judge_without_permutations",
                what=_("judge är ”{judge}”, men antalet permutationer är 0.").format(
                    judge=options.judge
                ),
                next_step=_('Sätt draws respektive permutations över 0, eller judge = "q".'),
            )
        )
