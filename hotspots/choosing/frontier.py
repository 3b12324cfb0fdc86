"""Coverage against privacy: the choices of which no other covers more and costs no more.

Between the choice that covers most and the one that costs least lie those worth choosing between.
Each is found by the ε-constraint method (Haimes, Lasdon & Wismer 1971): the most that can be
covered at a cost of at most ε, and of choices that cover it the one that costs least. The gap in
cost between two neighbours is halved until nothing lies between or there are points enough, the
widest gap first, so that any number of points is spread over the whole curve.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from hotspots.choosing.allowed import QUANTUM
from hotspots.choosing.choice import First
from hotspots.choosing.options import ChoiceOptions, cost_unit
from hotspots.choosing.preparing import Prepared, prepare
from hotspots.choosing.problem import Ints, Problem
from hotspots.choosing.solver import Solution, solve


@dataclass(frozen=True, eq=False)
class Frontier:
    """The efficient choices, the least intrusive first.

    Attributes
    ----------
    points
        One row a choice: ``point`` (1…), ``n_cameras``, ``events_added``, ``cost``,
        ``events_bound`` (no choice at this cost or less adds more), ``gap`` (0–1), ``proven``.
    sites
        One row a site of a choice: ``point``, ``row`` (in the table of costs), ``candidate_id``.
    cost_name, cost_unit
        What is weighed against coverage, and its unit.
    complete
        Whether every efficient choice is there.
    """

    points: pd.DataFrame
    sites: pd.DataFrame
    cost_name: str
    cost_unit: str
    complete: bool


@dataclass(frozen=True, eq=False)
class _Point:
    solution: Solution
    paid: int


def frontier(
    gain: csr_array,
    weight: Ints,
    costs: pd.DataFrame,
    options: ChoiceOptions,
    *,
    existing: csr_array | None = None,
    pinned: Collection[str] = (),
    forbidden: Collection[str] = (),
    first: First | None = None,
) -> Frontier:
    """Return the efficient choices of at most ``n_cameras`` sites.

    Parameters and errors as of `hotspots.choosing.choice.choose`. The cost is the sum of
    ``frontier_cost`` over the sites, pinned ones included, in tenths of its unit, rounded up; the
    time limit holds for each point. `first` is what `choose` has found with the same arguments:
    the end of the curve that covers most.
    """
    if first is None:
        ready = prepare(
            gain, weight, costs, options, existing=existing, pinned=pinned, forbidden=forbidden
        )
        first = First(ready, solve(ready.problem, time_limit_s=options.time_limit_s))
    ready = first.ready
    points, complete = _walk(ready.problem, first.solution, options)
    return _tables(ready, points, complete, weight, costs, options)


@dataclass(frozen=True, eq=False)
class _Gap:
    """Two neighbours, and the cost up to which nothing more lies between them.

    All costs are multiples of `apart`; where all candidates cost the same that leaves few to try.
    """

    low: _Point
    high: _Point
    floor: int
    halve: bool
    apart: int

    @property
    def asked(self) -> int:
        """Return the least that a choice between them has to cover."""
        return self.low.solution.covered + 1

    @property
    def open(self) -> bool:
        """Whether a choice may lie between: whole numbers leave no room in the smallest gaps."""
        more = self.high.solution.covered - self.low.solution.covered
        return self.high.paid - self.apart > self.floor and more > 1

    @property
    def roof(self) -> int:
        """Return the cost to try next."""
        return (self.floor + self.high.paid) // 2 if self.halve else self.high.paid - self.apart


def _walk(problem: Problem, first: Solution, options: ChoiceOptions) -> tuple[list[_Point], bool]:
    most = _point(problem, first)
    points, gaps, complete = [most], [], most.solution.status == "optimal"
    apart = max(int(np.gcd.reduce(problem.price)), 1)
    if most.paid > 0:
        free = problem.limited(0)
        least = _point(problem, solve(free, time_limit_s=options.time_limit_s))
        points.append(least)
        gaps.append(_Gap(least, most, least.paid, halve=True, apart=apart))
    while len(points) < options.frontier_points:
        gaps = [gap for gap in gaps if gap.open]
        if not gaps:
            break
        gap = max(gaps, key=lambda one: (one.high.paid - one.floor, -one.floor))
        gaps.remove(gap)
        roof, asked = gap.roof, gap.asked
        found = _between(problem, gap, options)
        complete &= found.solution.status == "optimal"
        if found.solution.covered >= asked:
            points.append(found)
            gaps.append(_Gap(gap.low, found, gap.floor, halve=True, apart=apart))
            gaps.append(_Gap(found, gap.high, roof, halve=True, apart=apart))
        elif found.solution.status == "optimal":
            gaps.append(_Gap(gap.low, gap.high, roof, halve=False, apart=apart))
    points.sort(key=lambda point: point.paid)
    return _efficient(points), complete and not any(gap.open for gap in gaps)


def _between(problem: Problem, gap: _Gap, options: ChoiceOptions) -> _Point:
    """Find the most that can be covered at the gap's next cost, beginning with its two ends."""
    low, high = gap.low.solution, gap.high.solution
    found = solve(
        problem.limited(gap.roof),
        time_limit_s=options.time_limit_s,
        least=gap.asked,
        known=low.chosen,
        demand=(low.demand + high.demand) / 2,
    )
    return _point(problem, found)


def _point(problem: Problem, solution: Solution) -> _Point:
    return _Point(solution, problem.paid(solution.chosen))


def _efficient(points: list[_Point]) -> list[_Point]:
    """Leave out what another point beats: an unfinished proof may leave such."""
    kept: list[_Point] = []
    for point in points:
        if not kept or point.solution.covered > kept[-1].solution.covered:
            kept.append(point)
    return kept


def _tables(
    ready: Prepared,
    points: list[_Point],
    complete: bool,
    weight: Ints,
    costs: pd.DataFrame,
    options: ChoiceOptions,
) -> Frontier:
    steps = options.steps
    base = int((ready.before - ready.existing) @ weight)
    fixed = int(ready.fixed_price)
    rows, sites = [], []
    for number, point in enumerate(points, start=1):
        one = point.solution
        chosen = np.sort(np.concatenate([ready.pinned, ready.rows[one.chosen]]))
        added, bound = base + one.covered, base + one.bound
        rows.append(
            {
                "point": number,
                "n_cameras": len(chosen),
                "events_added": added / steps,
                "cost": (fixed + point.paid) / QUANTUM,
                "events_bound": bound / steps,
                "gap": (bound - added) / bound if bound else 0.0,
                "proven": one.status == "optimal",
            }
        )
        sites.append(
            pd.DataFrame(
                {
                    "point": number,
                    "row": chosen,
                    "candidate_id": costs["candidate_id"].iloc[chosen].astype("str").to_numpy(),
                }
            )
        )
    name = options.frontier_cost
    return Frontier(
        points=pd.DataFrame(rows),
        sites=pd.concat(sites, ignore_index=True).astype({"candidate_id": "str"}),
        cost_name=name,
        cost_unit=cost_unit(name),
        complete=complete,
    )
