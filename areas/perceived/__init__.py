"""Perceived safety beside what is reported: never mixed, only laid side by side."""

from areas.perceived.comparing import Perceived, compare_perceived
from areas.perceived.options import PerceivedOptions

__all__ = ["Perceived", "PerceivedOptions", "compare_perceived"]
