"""The settings of ``[operations]``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True, kw_only=True)
class OperationOptions:
    """The list of operations, and how far one at a point reaches."""

    path: Path | None = setting(
        None, N_("Lista över insatser: CSV, XLSX eller TOML. Utelämnad: inga insatser är kända.")
    )
    radius_m: float = setting(
        200.0,
        N_("Radie kring en insats som bara har en punkt. Större radie märker fler händelser."),
        unit="m",
        above=0,
        maximum=50_000,
    )
