"""Places and what they weigh: what a density surface is computed from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import DataError, Fault
from geodata.language import gettext as _

Floats = NDArray[np.float64]


def check_weights(weight: Floats) -> None:
    """Raise ``DataError`` ``bad_weight`` for a weight that is negative or missing."""
    if len(weight) and not (np.isfinite(weight).all() and (weight >= 0).all()):
        raise DataError(
            Fault(
                code="bad_weight",
                what=_("En händelses vikt är negativ eller saknas."),
                why=_("En täthet kan bara räknas på vikter som är noll eller större."),
            )
        )


def places_of(events: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Return easting, northing and sum of weights of each place with events, by ``place_id``."""
    place = events["place_id"].to_numpy(np.int64)
    weight = events["weight"].to_numpy(np.float64)
    if not (weight == np.floor(weight)).all():
        # sums of fractions depend on their order
        order = np.lexsort((weight, place))
        events, place, weight = events.iloc[order], place[order], weight[order]
    _ids, first, group = np.unique(place, return_index=True, return_inverse=True)
    sums = np.bincount(group, weights=weight, minlength=len(first)).astype(np.float64)
    x_m = events["x_m"].to_numpy(np.float64)[first]
    return x_m, events["y_m"].to_numpy(np.float64)[first], sums
