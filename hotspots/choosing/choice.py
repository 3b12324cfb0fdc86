"""Choosing camera sites: the most events in view, within hard limits, proven or with the gap."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number, percent
from hotspots.choosing.gain import best_seen
from hotspots.choosing.greedy import greedy
from hotspots.choosing.options import ChoiceOptions
from hotspots.choosing.preparing import Prepared, prepare
from hotspots.choosing.problem import Ints
from hotspots.choosing.solver import Solution, solve

Status = Literal["optimal", "time_limit", "nothing_to_propose"]


@dataclass(frozen=True, eq=False)
class First:
    """A problem made ready, and the choice that covers most."""

    ready: Prepared
    solution: Solution


@dataclass(frozen=True, eq=False)
class Choice:
    """The chosen sites and what is proven of them. Weights are events, in steps of a share.

    Attributes
    ----------
    sites
        One row a chosen site, the one that adds most first: ``rank``, ``row`` (in the table of
        costs), ``candidate_id``, ``pinned``, ``events_seen`` (by it alone), ``events_added`` (by
        no existing camera and no site of better rank). Costs are not repeated: those that choices
        are made by may count places that must not be written of.
    considered
        One row a candidate, in the order of the table of costs: ``candidate_id``, ``status``
        (``chosen``, ``pinned``, ``forbidden``, ``limit``, ``same_point``, ``sees_nothing``,
        ``adds_nothing`` or ``less``), ``events_seen``, ``events_added`` (to existing cameras and
        all chosen sites).
    covered
        Events that the sites add to what existing cameras see, pinned sites included.
    bound
        No choice of as many can add more.
    gap
        ``(bound − covered) / bound``, 0–1.
    status
        ``optimal``, ``time_limit`` or ``nothing_to_propose``.
    existing
        Events in view of existing cameras.
    greedy
        What taking always the site that adds most would add, events.
    notices
        What to know.
    first
        The problem and its solution, which the frontier begins with.
    """

    sites: pd.DataFrame
    considered: pd.DataFrame
    covered: float
    bound: float
    status: Status
    existing: float
    greedy: float
    notices: tuple[Notice, ...]
    first: First

    @property
    def gap(self) -> float:
        """Return what may be missing, as a share of the bound (0–1)."""
        return (self.bound - self.covered) / self.bound if self.bound else 0.0

    @property
    def greedy_shortfall(self) -> float:
        """Return how much less greed would add, as a share of what is covered (0–1)."""
        return (self.covered - self.greedy) / self.covered if self.covered else 0.0

    @property
    def rows(self) -> Ints:
        """Return the chosen rows of the table of costs, by rank."""
        return self.sites["row"].to_numpy(np.int64)


def choose(
    gain: csr_array,
    weight: Ints,
    costs: pd.DataFrame,
    options: ChoiceOptions,
    *,
    existing: csr_array | None = None,
    pinned: Collection[str] = (),
    forbidden: Collection[str] = (),
) -> Choice:
    """Choose at most ``n_cameras`` sites that add most to what is in view.

    Parameters
    ----------
    gain
        Share of each place in view of each candidate, 0–1, candidates × places.
    weight
        Events of each place that the settings admit, whole numbers ≥ 0, shape (places,).
    costs
        One row a candidate: ``candidate_id`` (unique text), ``point_id`` (the physical point; at
        most one candidate of each is chosen), and the columns of
        `hotspots.choosing.options.COST_NAMES` that are known. Other columns are not read.
    options
        How many, within which limits, and how long to try.
    existing
        Share of each place in view of each existing camera, cameras × places.
    pinned, forbidden
        ``candidate_id`` of sites that earlier decisions put in and rule out.

    Returns
    -------
    Choice
        Of choices that add as much, one with the least of ``frontier_cost``. Depends neither on
        the order of candidates nor on that of places.

    Raises
    ------
    SettingsError
        If decisions contradict each other or the limits, or no candidate keeps to the limits.

    Notes
    -----
    Maximal covering (Church & ReVelle 1974) of layers of shares: see `hotspots.choosing.gain`.
    """
    ready = prepare(
        gain, weight, costs, options, existing=existing, pinned=pinned, forbidden=forbidden
    )
    solution = solve(ready.problem, time_limit_s=options.time_limit_s)
    greed = ready.problem.covered(greedy(ready.problem))
    return _choice(ready, solution, greed, weight, costs, options)


def _choice(
    ready: Prepared,
    solution: Solution,
    greed: int,
    weight: Ints,
    costs: pd.DataFrame,
    options: ChoiceOptions,
) -> Choice:
    steps = options.steps
    base = int((ready.before - ready.existing) @ weight)
    rows = np.concatenate([ready.pinned, ready.rows[solution.chosen]])
    sites = site_table(ready, rows, weight, costs, steps)
    status: Status = solution.status if len(rows) else "nothing_to_propose"
    choice = Choice(
        sites=sites,
        considered=_considered(ready, rows, weight, costs, steps),
        covered=(base + solution.covered) / steps,
        bound=(base + solution.bound) / steps,
        status=status,
        existing=float(ready.existing @ weight) / steps,
        greedy=(base + greed) / steps,
        notices=ready.notices,
        first=First(ready, solution),
    )
    return _told(choice, options, float(weight.sum()), len(costs))


def site_table(
    ready: Prepared, rows: Ints, weight: Ints, costs: pd.DataFrame, steps: int
) -> pd.DataFrame:
    """Return the table of a choice's sites, the one that adds most first."""
    order, added = _by_added(ready, rows, weight)
    data: dict[str, Any] = {
        "rank": np.arange(1, len(order) + 1),
        "row": order,
        "candidate_id": costs["candidate_id"].iloc[order].astype("str").to_numpy(),
        "pinned": np.isin(order, ready.pinned),
        "events_seen": (ready.seen[order] @ weight) / steps,
        "events_added": added / steps,
    }
    table = pd.DataFrame(data)
    table["candidate_id"] = table["candidate_id"].astype("str")
    return table


def _by_added(ready: Prepared, rows: Ints, weight: Ints) -> tuple[Ints, Ints]:
    """Order sites so that each adds most to those before; ties by ``candidate_id``."""
    now, rest = ready.existing.copy(), list(rows.tolist())
    order, added = [], []
    while rest:
        gains = [_gain(ready.seen, row, now, weight) for row in rest]
        at = int(np.argmax(gains))
        order.append(rest[at])
        added.append(gains[at])
        now = np.maximum(now, best_seen(ready.seen[[rest[at]]]))
        del rest[at]
    return np.array(order, dtype=np.int64), np.array(added, dtype=np.int64)


def _gain(seen: csr_array, row: int, now: Ints, weight: Ints) -> int:
    part = slice(seen.indptr[row], seen.indptr[row + 1])
    place, level = seen.indices[part], seen.data[part]
    return int(np.maximum(level - now[place], 0) @ weight[place])


def _considered(
    ready: Prepared, rows: Ints, weight: Ints, costs: pd.DataFrame, steps: int
) -> pd.DataFrame:
    now = np.maximum(ready.existing, best_seen(ready.seen[rows]))
    pairs = ready.seen.tocoo()
    more = np.maximum(pairs.data - now[pairs.col], 0) * weight[pairs.col]
    added = np.bincount(pairs.row, weights=more, minlength=len(costs))
    status = ready.status.to_numpy(dtype=object).copy()
    free = status == "free"
    status[free & (added == 0)] = "adds_nothing"
    status[free & (added > 0)] = "less"
    chosen = np.zeros(len(costs), dtype=bool)
    chosen[rows] = True
    status[chosen & free] = "chosen"
    table = pd.DataFrame(
        {
            "candidate_id": costs["candidate_id"].astype("str").to_numpy(),
            "status": status,
            "events_seen": (ready.seen @ weight) / steps,
            "events_added": added / steps,
        }
    )
    return table.astype({"candidate_id": "str", "status": "str"})


def _told(choice: Choice, options: ChoiceOptions, total: float, n: int) -> Choice:
    """Add in words what was chosen and how sure it is."""
    k = len(choice.sites)
    text = ngettext(
        "{n} kameraplats har {covered} av {total} räknade händelser i bild ({share}), utöver vad "
        "befintliga kameror ser.",
        "{n} kameraplatser har tillsammans {covered} av {total} räknade händelser i bild "
        "({share}), utöver vad befintliga kameror ser.",
        k,
    ).format(
        n=number(k),
        covered=number(choice.covered, 1),
        total=number(total),
        share=percent(choice.covered / total if total else 0.0),
    )
    if choice.status == "time_limit":
        text += " " + _(
            "Tiden tog slut före beviset: lika många platser kan högst nå {bound} ({gap} fler)."
        ).format(bound=number(choice.bound, 1), gap=percent(choice.gap, 1))
    elif k:
        text += " " + _("Inget annat tillåtet urval av lika många prövade platser har fler.")
    if choice.greedy_shortfall > 0:
        text += " " + _(
            "Att ta den bästa platsen först och sedan nästa hade gett {share} färre."
        ).format(share=percent(choice.greedy_shortfall, 1))
    data = {
        "n_sites": k,
        "covered": choice.covered,
        "total": total,
        "bound": choice.bound,
        "greedy": choice.greedy,
    }
    notices = [*choice.notices, Notice(code="cameras_chosen", text=text, data=data)]
    if k < options.n_cameras:
        text = _(
            "Högst {k} kameraplatser fick väljas av {n} prövade; {chosen} valdes. Ingen annan "
            "tillåten plats ser något som inte redan är i bild."
        ).format(k=number(options.n_cameras), n=number(n), chosen=number(k))
        data = {"n_sites": k, "n_cameras": options.n_cameras, "n_candidates": n}
        notices.append(Notice(code="fewer_cameras", text=text, data=data))
    return replace(choice, notices=tuple(notices))
