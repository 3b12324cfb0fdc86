"""The settings of ``[privacy]``: what counts as a dwelling, and what masks hide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geodata.language import N_
from geodata.options import setting
from hotspots.options import SearchOptions

MaskKind = Literal["yard", "facade", "entrance", "sensitive"]


@dataclass(frozen=True, kw_only=True)
class PrivacyOptions:
    """What a view costs in privacy, and what its masks take away."""

    residential: tuple[str, ...] = setting(
        SearchOptions().residential,
        N_("Värden i huslagret (building, use, kind, typ, ändamål) som betyder bostadshus."),
    )
    include_unknown_buildings: bool = setting(
        True,
        N_(
            "Om hus utan angivet slag räknas som bostadshus. true är försiktigt: intrånget "
            "underskattas inte."
        ),
    )
    masked: tuple[MaskKind, ...] = setting(
        ("yard", "facade", "entrance", "sensitive"),
        N_(
            "Vad som maskeras: privat tomtmark (yard), bostadsfasader (facade), bostadsentréer "
            "(entrance) och känsliga platser (sensitive)."
        ),
    )
    mask_margin_m: float = setting(
        1.0,
        N_(
            "Hur långt ut från en fasad, entré eller känslig plats som masken når. Större "
            "skyddar mer och lämnar mindre att se."
        ),
        unit="m",
        minimum=0.5,
        maximum=20,
    )
    near_m: float = setting(
        100.0,
        N_("Känsliga platser inom detta avstånd från kameran redovisas även när de inte syns."),
        unit="m",
        minimum=0,
        maximum=1000,
    )
