"""How much must lie around a place for it to be a core: a number that fits the town.

DBSCAN's minimum has no value that is right everywhere. In a dense centre nearly every place has
five days with events within 75 m, so a fixed five chains whole quarters into one hot spot; in a
small town five is right. Measured by the town itself, the same share of places are cores.
"""

from __future__ import annotations

from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number, percent
from hotspots.distance import to_cm
from hotspots.figures import days_text
from hotspots.options import HotspotOptions
from hotspots.selection import Selection

Ints = NDArray[np.int64]

LEAST: Final = 5
"""Least weight of a core that is ever chosen: fewer days are no gathering in any town."""

FEWEST_PLACES: Final = 200
"""With fewer places than this the highest tenth is a handful, and `LEAST` is taken."""

MOST_ASKED: Final = 20_000
"""Places whose surroundings are weighed; of more, an even sample by easting. The share of cores is
then right to 0.5 percentage units."""

_PAIRS_AT_ONCE: Final = 2_000_000


def core_weight(
    x_m: NDArray[np.float64], y_m: NDArray[np.float64], weight: Ints, options: HotspotOptions
) -> int:
    """Return the weight within ``eps_m``, its own included, that makes a place a core.

    Parameters
    ----------
    x_m, y_m
        Coordinates of the places with counted events, metres, shape (n,).
    weight
        Weight of each, shape (n,).
    options
        ``min_samples``, or "auto": the least weight among the ``core_share`` of places with most
        weight around them, at least `LEAST`.
    """
    if options.min_samples != "auto":
        return options.min_samples
    if len(weight) < FEWEST_PLACES:
        return LEAST
    order = np.lexsort((y_m, x_m))
    asked = order[:: ceil(len(order) / MOST_ASKED)]
    xy = np.column_stack([to_cm(x_m), to_cm(y_m)]).astype(np.float64)
    around = _weigh(xy, weight, asked, round(options.eps_m * 100))
    # rounded first: 0.1 × 30 places is 3 places, not 4 for the sake of the last binary digit
    top = ceil(round(options.core_share * len(around), 6))
    return max(LEAST, int(np.sort(around)[-top]))


def _weigh(xy_cm: NDArray[np.float64], weight: Ints, asked: Ints, eps_cm: int) -> Ints:
    """Return the weight within `eps_cm` of each place of `asked`, in parts of bounded memory."""
    from scipy.spatial import cKDTree

    tree = cKDTree(xy_cm)
    near = tree.query_ball_point(xy_cm[asked], eps_cm, return_length=True)
    part = np.cumsum(near) // _PAIRS_AT_ONCE
    around = np.zeros(len(asked), dtype=np.int64)
    for i in range(int(part[-1]) + 1):
        at = np.flatnonzero(part == i)
        pairs = cKDTree(xy_cm[asked[at]]).sparse_distance_matrix(
            tree, eps_cm, output_type="ndarray"
        )
        sums = np.bincount(pairs["i"], weights=weight[pairs["j"]], minlength=len(at))
        around[at] = sums.astype(np.int64)
    return around


def core_text(least: int, options: HotspotOptions, *, by_month: bool) -> str:
    """Return the weight of a core in words, with its unit."""
    if options.weight == "days":
        days = days_text(least, by_month=by_month)
        return _("{days} per plats, summerat").format(days=days)
    return ngettext("{n} händelse", "{n} händelser", least).format(n=number(least))


def tell_core(
    least: int, n_places: int, chosen: Selection, options: HotspotOptions
) -> list[Notice]:
    """Return the notice of a weight that was chosen for the user; none where it was stated."""
    if options.min_samples != "auto" or not n_places:
        return []
    core = core_text(least, options, by_month=chosen.by_month)
    if n_places < FEWEST_PLACES:
        text = _(
            "Kärna i en hot spot: {core} inom {eps} m, det lägsta, för här finns bara {n} platser "
            "med räknade händelser."
        )
    elif least == LEAST:
        text = _(
            "Kärna i en hot spot: {core} inom {eps} m, det lägsta. De {share} av {n} platser som "
            "har mest omkring sig har inte mer än så."
        )
    else:
        text = _(
            "Kärna i en hot spot: {core} inom {eps} m. Så mycket har de {share} av {n} platser "
            "som har mest omkring sig. Ändra med core_share eller min_samples."
        )
    text = text.format(
        core=core,
        eps=number(options.eps_m),
        n=number(n_places),
        share=percent(options.core_share),
    )
    data = {"min_samples": least, "n_places": n_places, "core_share": options.core_share}
    return [Notice(code="core_chosen", text=text, level="chosen", data=data)]
