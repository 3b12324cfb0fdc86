"""The hours that a form proposes, as hours of the week."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from geodata.forms.fields import Intrusion

HOURS: Final = 24
DAYS_OF: Final[dict[str, tuple[int, ...]]] = {
    "": (),
    "all": tuple(range(7)),
    "weekdays": tuple(range(5)),
    "weekends": (5, 6),
}


def proposed_hours(form: Intrusion) -> npt.NDArray[np.bool_] | None:
    """Return the hours of surveillance that a form proposes.

    Returns
    -------
    numpy.ndarray or None
        bool, shape (7, 24), Monday first; ``None`` unless days and hours are stated. Hours past
        midnight belong to the day after the one on which surveillance began.
    """
    days = DAYS_OF[form.hours_days]
    if form.hours_from is None or form.hours_to is None or not days:
        return None
    chosen = np.zeros((7, HOURS), dtype=bool)
    end = form.hours_to if form.hours_to > form.hours_from else form.hours_to + HOURS
    for weekday in days:
        for hour in range(form.hours_from, end):
            chosen[(weekday + hour // HOURS) % 7, hour % HOURS] = True
    return chosen
