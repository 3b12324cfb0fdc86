"""Perceived safety beside what is reported: never mixed, only laid side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from areas.perceived.comparing import Perceived, compare_perceived
    from areas.perceived.options import PerceivedOptions
else:
    __getattr__ = lazily(
        __name__,
        {
            "Perceived": "comparing",
            "compare_perceived": "comparing",
            "PerceivedOptions": "options",
        },
    )

__all__ = ["Perceived", "PerceivedOptions", "compare_perceived"]
