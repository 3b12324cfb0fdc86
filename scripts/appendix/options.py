"""The settings of ``[appendix]``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geodata.language import N_
from geodata.options import setting

APPENDICES: Final = "bilagor"
"""Folder of all appendices, in that of the runs."""
TOLD: Final = "publicerat"
"""Folder of what each tier has told, in that of an appendix: the next edition takes it as known."""


@dataclass(frozen=True, kw_only=True)
class AppendixOptions:
    """``[appendix]``: the yearly appendix and what it reads beside the events."""

    indicators: Path | None = setting(
        None,
        N_(
            "Indikatortabell, CSV eller XLSX: kolumnerna område, period, löftespunkt, indikator, "
            "värde och källa."
        ),
    )
    promise: Path | None = setting(
        None, N_("Egen fil med medborgarlöftets sju punkter i stället för den inbyggda mallen.")
    )
    texts: Path | None = setting(
        None, N_("Egen fil med bilagans stående texter i stället för den inbyggda.")
    )
    periods: int = setting(
        3,
        N_("Flest perioder som visas bredvid varandra; fler ger mindre kartor."),
        unit="perioder",
        minimum=1,
        maximum=6,
    )
    late_days: int = setting(
        30,
        N_(
            "Dagar efter periodens slut som ett uttag ska vänta för att sena rapporter ska vara "
            "med; görs det tidigare sägs det på omslaget."
        ),
        unit="dagar",
        minimum=0,
        maximum=365,
    )
    dpi: int = setting(
        200,
        N_("Punkter per tum i Word-filens bilder; fler ger skarpare bild och större fil."),
        minimum=100,
        maximum=300,
    )
