"""The need of entrances for dog searches, and what is learned from the searches' results."""

from hotspots.searchneed.fairness import Fairness, weigh_fairness
from hotspots.searchneed.options import NeedOptions
from hotspots.searchneed.weighing import Need, weigh_need

__all__ = ["Fairness", "Need", "NeedOptions", "weigh_fairness", "weigh_need"]
