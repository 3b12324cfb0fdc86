"""What the page of the follow-up must say beside its figures."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.disclosure import Profile

PAGE = "uppfoljning.html"


@dataclass(frozen=True, kw_only=True)
class FollowupFacts:
    """What a reader must know to judge the figures.

    Attributes
    ----------
    title
        Name of the project.
    profile
        Whom the page is for: ``intern``.
    source
        Source that the effects are counted on; empty without measures.
    outcome
        What they count, in words.
    change, power
        The fall that must be possible to show, as a share, and how surely.
    notes, warnings
        How it was made, and what to look at first.
    synthetic
        The data are made up.
    """

    title: str
    profile: Profile
    source: str
    outcome: str
    change: float
    power: float
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    synthetic: bool = False
