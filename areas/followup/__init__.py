"""Areas followed up: period against period, with settings forced the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from areas.followup.comparing import Followup, follow_up
    from areas.followup.options import FollowupOptions
    from areas.followup.periods import Periods, choose_periods
else:
    __getattr__ = lazily(
        __name__,
        {
            "Followup": "comparing",
            "follow_up": "comparing",
            "FollowupOptions": "options",
            "Periods": "periods",
            "choose_periods": "periods",
        },
    )

__all__ = ["Followup", "FollowupOptions", "Periods", "choose_periods", "follow_up"]
