"""Which candidates the limits let through, and what to say when they let none through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geodata.errors import Fault, Notice
from geodata.language import gettext as _
from geodata.language import number
from hotspots.choosing.options import Limit, cost_label, cost_unit
from hotspots.choosing.problem import Bools, Floats, Ints

QUANTUM: Final = 10
"""Costs are counted in tenths of their unit, rounded up: a limit is kept to the tenth."""


@dataclass(frozen=True, eq=False)
class Caps:
    """The limits in whole tenths, those left out whose cost is not known.

    Attributes
    ----------
    limits
        The limits that can be held.
    use
        What each candidate takes of each, shape (candidates, limits).
    each, total
        Most of each for one site and for all, shape (limits,); no limit is a very large number.
    notices
        What could not be checked.
    """

    limits: tuple[Limit, ...]
    use: Ints
    each: Ints
    total: Ints
    notices: tuple[Notice, ...]


_NONE: Final = 2**53
"""Stands for no limit: more than any cost, and still a whole number as a float."""


def whole(costs: Floats) -> Ints:
    """Return costs in tenths, rounded up; a cost that is not known is no limit's worth."""
    tenths = np.ceil(np.round(costs * QUANTUM, 6))
    return np.where(np.isnan(costs), _NONE, tenths).astype(np.int64)


def caps(costs: pd.DataFrame, limits: Sequence[Limit]) -> Caps:
    """Read the limits against the costs of the candidates.

    A cost that no candidate has (its layer is missing) can't be held to a limit; that is told. A
    candidate whose cost alone is not known is taken to break the limit.
    """
    held, notices = [], []
    for limit in limits:
        if limit.each is None and limit.total is None:
            continue
        if _unknown(costs, limit.cost):
            text = _(
                "Gränsen för {cost} är ej kontrollerad: underlag saknas. Kontrollera varje plats "
                "för hand."
            ).format(cost=cost_label(limit.cost))
            data = {"cost": limit.cost}
            notices.append(Notice(code="limit_not_checked", text=text, level="warning", data=data))
            continue
        held.append(limit)
    columns = [whole(costs[limit.cost].to_numpy("float64", na_value=np.nan)) for limit in held]
    return Caps(
        limits=tuple(held),
        use=np.column_stack(columns) if columns else np.zeros((len(costs), 0), dtype=np.int64),
        each=_most([limit.each for limit in held]),
        total=_most([limit.total for limit in held]),
        notices=tuple(notices),
    )


def _unknown(costs: pd.DataFrame, name: str) -> bool:
    return name not in costs.columns or bool(len(costs) and costs[name].isna().all())


def _most(values: Sequence[float | None]) -> Ints:
    tenths = [_NONE if v is None else int(np.floor(round(v * QUANTUM, 6))) for v in values]
    return np.array(tenths, dtype=np.int64)


def amount(name: str, tenths: int) -> str:
    """Return a cost in words: ``12,5 m²``."""
    value = tenths / QUANTUM
    decimals = 0 if value == int(value) else 1
    return f"{number(value, decimals)} {cost_unit(name)}".strip()


def none_allowed(held: Caps, room: Ints, of_interest: Bools) -> Fault:
    """Say which limit stops every candidate, and the least that would do.

    Parameters
    ----------
    held
        The limits.
    room
        Most that one more site may take of each, shape (limits,).
    of_interest
        Candidates that see something, shape (candidates,).
    """
    within = held.use <= room
    lines = []
    for at, limit in enumerate(held.limits):
        others = of_interest & np.delete(within, at, axis=1).all(axis=1)
        if not (others & (held.use[:, at] < _NONE)).any():
            continue
        lines.append(_line(limit, int(room[at]), int(held.use[others, at].min())))
    if lines:
        why = " ".join(lines)
    else:
        parts = [
            _line(limit, int(room[at]), int(held.use[of_interest, at].min()))
            for at, limit in enumerate(held.limits)
            if not within[of_interest, at].any() or len(held.limits) > 1
        ]
        why = _("Ingen gräns räcker att ändra ensam.") + " " + " ".join(parts)
    return Fault(
        code="limits_too_tight",
        what=_("Ingen möjlig kameraplats klarar gränserna."),
        where="[[choice.limits]]",
        why=why,
        next_step=_("Höj gränsen, eller ange andra möjliga platser eller maskering."),
    )


def _line(limit: Limit, room: int, least: int) -> str:
    if least >= _NONE:
        return _("{cost}: högst {most} får plats, och ingen plats har ett känt värde.").format(
            cost=cost_label(limit.cost), most=amount(limit.cost, room)
        )
    return _(
        "{cost}: högst {most} får plats, och det minsta någon plats klarar är {least} "
        "({over} över)."
    ).format(
        cost=cost_label(limit.cost),
        most=amount(limit.cost, room),
        least=amount(limit.cost, least),
        over=amount(limit.cost, max(least - room, 0)),
    )
