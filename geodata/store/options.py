"""``[store]``: where events are gathered from week to week, and how long they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geodata.language import N_
from geodata.names import STORE_FOLDER
from geodata.options import setting


@dataclass(frozen=True)
class StoreOptions:
    """``[store]``: the project's store of events."""

    folder: Path = setting(
        Path(STORE_FOLDER), N_("Mapp där ”lagesbild add” samlar händelser från uttag till uttag.")
    )
    use: Literal["auto", "no"] = setting(
        "auto",
        N_(
            "Om körningar läser lagret i stället för filerna under [[input]]: auto (när lagret har "
            "händelser) eller no."
        ),
    )
    retention_months: int = setting(
        0,
        N_(
            "Så många månader sparas händelser innan ”lagesbild purge” gallrar dem; 0: ange dag "
            "med --before."
        ),
        unit="månader",
        minimum=0,
    )
    kept_texts: str = setting(
        "",
        N_(
            "Egen fil med vad ”lagesbild purge” låter ligga, varför och hur länge, i stället för "
            "den inbyggda. Tom: den inbyggda."
        ),
    )
