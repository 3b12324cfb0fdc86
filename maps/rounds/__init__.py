"""Pages of a round of dog searches: the round, each walk, letters to owners, forms for results."""

from maps.rounds.model import RoundFacts
from maps.rounds.writing import write_round

__all__ = ["RoundFacts", "write_round"]
