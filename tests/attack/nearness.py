"""Whether points lie at places with events more than chance gives.

What lies on a public corner or along a public line is held against how often such corners and
lines pass a place with an event; all else against copies of itself, shifted some hundred metres.
A leak is told where the chance of so many hits is small, and either the points are exactly there or
far more of them are near than what is expected. Of what is public, more than half of those that
otherwise would be far must be near: large streets and large houses are drawn first, and have more
events, without telling any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree
from scipy.stats import binom

from tests.attack.secrets import CORNER, LINE, Public

NEAR_M = (5.0, 10.0, 25.0)
CHANCE = 1e-6
"""Greatest chance of what is called a leak, where many points are near."""
CHANCE_EXACT = 0.02
"""Greatest chance that any of all groups tried has so many points exactly at a place."""
FEW = 8
SHIFTS = 48
SHIFTED_M = (150.0, 600.0)
AROUND_M = 50.0
"""Around each point, how close places lie tells how often one is hit by chance."""


@dataclass(frozen=True, eq=False)
class Group:
    """Points of one look on one drawing: corners of marks, or their `middles`.

    Attributes
    ----------
    look
        What they have in common.
    xy
        ``(n, 2)``, metres.
    known
        ``(n,)``: what each is anyway (`tests.attack.secrets.Public.known`); a middle is a public
        one where all of its mark is public.
    middles
        Which of the two they are.
    """

    look: str
    xy: np.ndarray
    known: np.ndarray
    middles: bool


@dataclass(frozen=True, eq=False)
class _Part:
    """Points of a group that are known alike, and how far all such points are from a place."""

    name: str
    xy: np.ndarray
    usual: np.ndarray | None


@dataclass(frozen=True, eq=False)
class Target:
    """Places that must not be told, among what anybody knows."""

    places: np.ndarray
    public: Public

    @cached_property
    def tree(self) -> cKDTree:
        """The places."""
        return cKDTree(self.places)

    @cached_property
    def dense(self) -> float:
        """Return places to a square metre."""
        low, high = np.percentile(self.places, [5, 95], axis=0)
        return 0.9 * len(self.places) / float(np.prod(high - low + AROUND_M))

    @cached_property
    def of_corners(self) -> np.ndarray:
        """Return how far each public corner is from a place."""
        return np.asarray(self.tree.query(self.public.corners)[0])

    @cached_property
    def of_middles(self) -> np.ndarray:
        """Return how far each public middle is from a place."""
        return np.asarray(self.tree.query(self.public.middles)[0])

    @cached_property
    def of_lines(self) -> np.ndarray:
        """Return how far points along public lines are from a place."""
        return np.asarray(self.tree.query(self.public.along)[0])

    def told(self, groups: Sequence[Group], exact_m: float) -> Iterator[str]:
        """Give what is said of each group that lies at places it should not know.

        Parameters
        ----------
        groups
            Of one drawing.
        exact_m
            How near is the same place.
        """
        parts = [part for group in groups for part in self._parts(group)]
        tried = sum(part.usual is None for part in parts)
        for part in parts:
            away = self.tree.query(part.xy)[0]
            said = self._exact(part, away, exact_m, tried) or self._close(part, away, exact_m)
            if said:
                yield f"{part.name}: {said}"

    def _parts(self, group: Group) -> Iterator[_Part]:
        name = f"{group.look} ({'middles' if group.middles else 'corners'}"
        for known, words, usual in (
            (CORNER, " of public ones)", self.of_middles if group.middles else self.of_corners),
            (LINE, " on public lines)", self.of_lines),
            (0, ")", None),
        ):
            if (group.known == known).any():
                xy = np.unique(np.round(group.xy[group.known == known], 2), axis=0)
                yield _Part(name + words, xy, usual)

    def _exact(self, part: _Part, away: np.ndarray, exact_m: float, tried: int) -> str:
        n, hits = len(away), int((away < exact_m).sum())
        if not hits:
            return ""
        if part.usual is not None:
            often = max(float((part.usual < exact_m).mean()), self.dense * np.pi * exact_m**2)
            leak = hits / n > (1 + often) / 2 and binom.sf(hits - 1, n, often) < CHANCE
        else:
            around = self.tree.query_ball_point(part.xy, AROUND_M, return_length=True).sum() - hits
            close = max(around / n / AROUND_M**2, self.dense * np.pi) * exact_m**2
            often = max(close, *self._shifted(part.xy, [exact_m], sure=0))
            leak = tried * binom.sf(hits - 1, n, min(often, 1.0)) < CHANCE_EXACT
        return f"{hits} of {n} exactly at a place" if leak else ""

    def _close(self, part: _Part, away: np.ndarray, exact_m: float) -> str:
        if len(away) < FEW:
            return ""
        reaches = [reach for reach in NEAR_M if reach > exact_m]
        if part.usual is None:
            often = self._shifted(part.xy, reaches)
        else:
            often = [float((part.usual < reach).mean()) for reach in reaches]
        for reach, share in zip(reaches, often, strict=True):
            n, near = len(away), int((away < reach).sum())
            more = (1 + share) / 2 if part.usual is not None else min(3 * share, (1 + share) / 2)
            if near / n > more and binom.sf(near - 1, n, share) < CHANCE:
                return f"{near} of {n} within {reach:g} m of a place, {share:.0%} expected"
        return ""

    def _shifted(self, xy: np.ndarray, reaches: Sequence[float], *, sure: int = 1) -> list[float]:
        """Return the share of shifted copies within each reach, `sure` hits taken for granted."""
        rng = np.random.default_rng(len(xy))
        turn = rng.uniform(0, 2 * np.pi, SHIFTS)
        steps = rng.uniform(*SHIFTED_M, SHIFTS)[:, None]
        steps = steps * np.column_stack([np.cos(turn), np.sin(turn)])
        away = self.tree.query((xy[None] + steps[:, None]).reshape(-1, 2))[0]
        return [min(1.0, (int((away < reach).sum()) + sure) / len(away)) for reach in reaches]
