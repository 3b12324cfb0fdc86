"""Settings for the reading of coordinates; part of ``[[input]]`` in the project file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True)
class CoordinateOptions:
    """How coordinates stand in an export."""

    crs: str = setting(
        "auto",
        N_(
            "Koordinatsystem i filen: ett namn som ”SWEREF 99 TM” eller ”RT90 2.5 gon V”, eller "
            "en EPSG-kod. ”auto” provar de vanliga och tar det som lägger flest punkter i området."
        ),
    )
    decimal: Literal["auto", ",", "."] = setting(
        "auto",
        N_("Decimaltecken i koordinater. ”auto” avgör det av hela kolumnerna."),
    )
    mixed: Literal["convert", "reject"] = setting(
        "convert",
        N_(
            "Rader som står i ett annat koordinatsystem än de flesta: ”convert” räknar om dem, "
            "”reject” avvisar dem."
        ),
    )
