"""Near repeat (Knox): whether events follow one another close in both place and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from hotspots.nearrepeat.knox import NearRepeat, NearRepeatOptions, near_repeat
else:
    __getattr__ = lazily(
        __name__,
        {
            "NearRepeat": "knox",
            "NearRepeatOptions": "knox",
            "near_repeat": "knox",
        },
    )

__all__ = ["NearRepeat", "NearRepeatOptions", "near_repeat"]
