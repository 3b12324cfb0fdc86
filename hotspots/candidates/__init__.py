"""Where a camera could stand."""

from hotspots.candidates.finding import Candidates, find_candidates
from hotspots.candidates.standing import CandidateOptions, Standings, find_standings

__all__ = [
    "CandidateOptions",
    "Candidates",
    "Standings",
    "find_candidates",
    "find_standings",
]
