"""Choosing camera sites: the most in view within hard limits, and coverage against privacy."""

from hotspots.choosing.choice import Choice, choose
from hotspots.choosing.frontier import Frontier, frontier
from hotspots.choosing.gain import events_seen
from hotspots.choosing.options import COST_NAMES, ChoiceOptions, Limit, cost_label, cost_unit

__all__ = [
    "COST_NAMES",
    "Choice",
    "ChoiceOptions",
    "Frontier",
    "Limit",
    "choose",
    "cost_label",
    "cost_unit",
    "events_seen",
    "frontier",
]
