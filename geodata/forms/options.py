"""The settings of `[sheets]`: where the forms stand and what a proposal sheet counts."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True, kw_only=True)
class SheetOptions:
    """``[sheets]``: the sheet of each proposed camera site."""

    folder: str = setting(
        "beslut",
        N_("Mapp för formulär och fastställda versioner, räknad från projektfilen."),
    )
    law: str = setting(
        "",
        N_("Egen fil med lagrum och stående texter i stället för den inbyggda. Tom: den inbyggda."),
    )
    address_m: float = setting(
        15.0,
        N_(
            "Så långt in i en fasad som syns får en händelse på husets adress ligga för att räknas "
            "till upptagningsområdet. Större värde räknar fler adresser."
        ),
        unit="m",
        minimum=0,
        maximum=50,
    )
    least_for_trend: int = setting(
        20,
        N_("Minsta antal händelser på två år för att en förändring ska anges."),
        unit="händelser",
        minimum=5,
    )
    comparison_places: int = setting(
        4, N_("Antal namngivna jämförelseplatser."), unit="platser", minimum=2, maximum=5
    )
    measure_months: int = setting(
        6,
        N_("Månader före och efter en prövad åtgärd som jämförs. Längre ger fler händelser."),
        unit="månader",
        minimum=1,
        maximum=36,
    )
    low_number: int = setting(
        20,
        N_("Under så många händelser före och efter varnas för små tal."),
        unit="händelser",
        minimum=1,
    )
    pdf: bool = setting(True, N_("Om underlagen också skrivs som PDF."))
