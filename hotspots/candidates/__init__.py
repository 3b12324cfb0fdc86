"""Where a camera could stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from hotspots.candidates.finding import Candidates, find_candidates
    from hotspots.candidates.options import CandidateOptions
    from hotspots.candidates.standing import Standings, find_standings
else:
    __getattr__ = lazily(
        __name__,
        {
            "Candidates": "finding",
            "find_candidates": "finding",
            "CandidateOptions": "options",
            "Standings": "standing",
            "find_standings": "standing",
        },
    )

__all__ = [
    "CandidateOptions",
    "Candidates",
    "Standings",
    "find_candidates",
    "find_standings",
]
