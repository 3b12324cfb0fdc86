"""What choosing and the frontier both begin with: who may be chosen, and what is left to see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from geodata.errors import Fault, Notice, SettingsError, raise_all
from geodata.language import gettext as _
from geodata.language import number
from hotspots.choosing.allowed import Caps, amount, caps, none_allowed, whole
from hotspots.choosing.gain import best_seen, in_steps, layers
from hotspots.choosing.options import ChoiceOptions, cost_label
from hotspots.choosing.problem import Bools, Ints, Problem


@dataclass(frozen=True, eq=False)
class Prepared:
    """The problem of the candidates that may be chosen beside those that are pinned.

    Attributes
    ----------
    problem
        Of the candidates in `rows`.
    rows
        Their rows in the table of costs, in order of ``candidate_id``.
    pinned
        Rows that are in from the start, in order of ``candidate_id``.
    seen
        Steps in view, all candidates × places.
    existing
        Steps in which each place is seen by what stands there already.
    status
        Of each candidate: ``free``, ``pinned``, ``forbidden``, ``limit``, ``same_point`` or
        ``sees_nothing``, shape (candidates,).
    caps
        The limits that are held.
    fixed_price
        What the pinned sites cost, tenths.
    notices
        What could not be checked.
    """

    problem: Problem
    rows: Ints
    pinned: Ints
    seen: csr_array
    existing: Ints
    status: pd.Series[str]
    caps: Caps
    fixed_price: int
    notices: tuple[Notice, ...]

    @property
    def before(self) -> Ints:
        """Steps in which each place is seen by existing cameras and pinned sites."""
        return np.maximum(self.existing, best_seen(self.seen[self.pinned]))


def prepare(
    gain: csr_array,
    weight: Ints,
    costs: pd.DataFrame,
    options: ChoiceOptions,
    *,
    existing: csr_array | None,
    pinned: Collection[str],
    forbidden: Collection[str],
) -> Prepared:
    """Take decisions and limits into account.

    Raises
    ------
    SettingsError
        With every fault of the decisions and the limits.
    """
    ids = costs["candidate_id"].astype("str").to_numpy(dtype=object)
    seen = in_steps(gain, options.steps)
    standing = (
        np.zeros(gain.shape[1], dtype=np.int64)
        if existing is None
        else best_seen(in_steps(existing, options.steps))
    )
    point = _points(costs)
    held = caps(costs, options.limits)
    in_already = np.isin(ids, list(pinned))
    raise_all(_decision_faults(ids, point, options, held, pinned, forbidden), SettingsError)
    room = held.total - held.use[in_already].sum(axis=0)
    most = np.minimum(held.each, room)
    interest = np.asarray(seen.sum(axis=1)).ravel() > 0
    within = (held.use <= most).all(axis=1)
    status = np.where(interest, "free", "sees_nothing").astype(object)
    status[interest & ~within] = "limit"
    status[np.isin(point, point[in_already])] = "same_point"
    status[np.isin(ids, list(forbidden))] = "forbidden"
    free = status == "free"
    status[in_already] = "pinned"
    asked = interest & ~np.isin(status, ["forbidden", "same_point", "pinned"])
    if not free.any() and asked.any() and not in_already.any():
        raise SettingsError(none_allowed(held, most, asked))
    order = np.argsort(ids, kind="stable")
    rows, fixed = order[free[order]], order[in_already[order]]
    before = np.maximum(standing, best_seen(seen[fixed]))
    reach, worth = layers(seen[rows], weight, before)
    limited = held.total < 2**53
    return Prepared(
        problem=Problem(
            reach=reach,
            worth=worth,
            point=point[rows],
            use=held.use[rows][:, limited],
            room=room[limited],
            price=_price(costs, options)[rows],
            k=options.n_cameras - len(fixed),
        ),
        rows=rows,
        pinned=fixed,
        seen=seen,
        existing=standing,
        status=pd.Series(status, dtype="str"),
        caps=held,
        fixed_price=int(_price(costs, options)[fixed].sum()),
        notices=held.notices,
    )


def _points(costs: pd.DataFrame) -> Ints:
    """Return the number of each candidate's physical point; without ``point_id`` its own."""
    if "point_id" not in costs.columns:
        return np.arange(len(costs))
    names = costs["point_id"].astype("str").to_numpy(dtype=object)
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _price(costs: pd.DataFrame, options: ChoiceOptions) -> Ints:
    name = options.frontier_cost
    if name not in costs.columns or costs[name].isna().all():
        return np.zeros(len(costs), dtype=np.int64)
    return whole(costs[name].to_numpy("float64", na_value=np.nan))


def _decision_faults(
    ids: np.ndarray[tuple[int], np.dtype[np.object_]],
    point: Ints,
    options: ChoiceOptions,
    held: Caps,
    pinned: Collection[str],
    forbidden: Collection[str],
) -> list[Fault]:
    where = _("tidigare beslut")
    faults = [
        Fault(
            code="pinned_unknown",
            what=_("Den fastlagda kameraplatsen ”{id}” finns inte.").format(id=name),
            where=where,
            next_step=_("Lägg platsen i lagret med möjliga platser, eller ta bort beslutet."),
        )
        for name in sorted(set(pinned) - set(ids.tolist()))
    ]
    faults += [
        Fault(
            code="pinned_forbidden",
            what=_("Kameraplatsen ”{id}” är både fastlagd och utesluten.").format(id=name),
            where=where,
        )
        for name in sorted(set(pinned) & set(forbidden))
    ]
    rows: Bools = np.isin(ids, list(pinned))
    if rows.sum() > options.n_cameras:
        faults.append(
            Fault(
                code="pinned_too_many",
                what=_("{n} kameraplatser är fastlagda, men högst {k} får väljas.").format(
                    n=number(int(rows.sum())), k=number(options.n_cameras)
                ),
                where="[choice] n_cameras",
            )
        )
    if len(np.unique(point[rows])) < rows.sum():
        faults.append(
            Fault(
                code="pinned_same_point",
                what=_("Två fastlagda kameror står på samma punkt."),
                where=where,
                next_step=_("Behåll en riktning för varje punkt."),
            )
        )
    return faults + _pinned_beyond(ids, rows, held)


def _pinned_beyond(
    ids: np.ndarray[tuple[int], np.dtype[np.object_]], rows: Bools, held: Caps
) -> list[Fault]:
    """Say where decided sites break a limit, and by how much."""
    faults = []
    what = _("Fastlagda kameraplatser bryter mot gränsen för {cost}.")
    for at, limit in enumerate(held.limits):
        lines = [
            _("”{id}” har {value}, högst {most} tillåts.").format(
                id=ids[row],
                value=amount(limit.cost, int(held.use[row, at])),
                most=amount(limit.cost, int(held.each[at])),
            )
            for row in np.flatnonzero(rows & (held.use[:, at] > held.each[at])).tolist()
        ]
        total = int(held.use[rows, at].sum())
        if total > held.total[at]:
            lines.append(
                _("Tillsammans har de {value}, högst {most} tillåts.").format(
                    value=amount(limit.cost, total), most=amount(limit.cost, int(held.total[at]))
                )
            )
        if lines:
            faults.append(
                Fault(
                    code="pinned_beyond_limit",
                    what=what.format(cost=cost_label(limit.cost)),
                    where="[[choice.limits]]",
                    why=" ".join(lines),
                    next_step=_("Höj gränsen, eller ompröva beslutet."),
                )
            )
    return faults
