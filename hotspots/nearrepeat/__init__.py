"""Near repeat (Knox): whether events follow one another close in both place and time."""

from hotspots.nearrepeat.knox import NearRepeat, NearRepeatOptions, near_repeat

__all__ = ["NearRepeat", "NearRepeatOptions", "near_repeat"]
