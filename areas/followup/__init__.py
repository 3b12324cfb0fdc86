"""Areas followed up: period against period, with settings forced the same."""

from areas.followup.comparing import Followup, follow_up
from areas.followup.options import FollowupOptions
from areas.followup.periods import Periods, choose_periods

__all__ = ["Followup", "FollowupOptions", "Periods", "choose_periods", "follow_up"]
