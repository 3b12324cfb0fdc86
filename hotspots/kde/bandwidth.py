"""The bandwidth that best foretells each place from the others."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import number
from hotspots.compiled import compiled
from hotspots.kde.options import KdeOptions

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CANDIDATES = 24
UNIFORM_SHARE = 0.01
"""Share of events taken to fall anywhere: one lone place must not decide the bandwidth."""

SAME_SPREAD = math.sqrt(8)
"""Radius of the quartic kernel over the standard deviation of a Gaussian of the same variance."""


def choose_bandwidth(
    x_m: Floats, y_m: Floats, weight: Floats, options: KdeOptions
) -> tuple[float, tuple[Notice, ...]]:
    """Choose a bandwidth by likelihood cross-validation on places.

    Each place in turn is left out with all of its events: leaving out one event only would let
    the others on the same address foretell it, and the best bandwidth would be 0. The likelihood is
    ``Σ wᵢ log((1 − u) f₋ᵢ(xᵢ) + u / A)`` with ``u`` = `UNIFORM_SHARE` and ``A`` the area of the
    box around the places. Kernel: quartic; for a Gaussian the radius is divided by √8, to the same
    spread. Candidates stand at equal ratios from ``bandwidth_low_m`` to ``bandwidth_high_m``.
    (Habbema, Hermans & van den Broek 1974; Silverman 1986, 3.4.4.)

    Parameters
    ----------
    x_m, y_m, weight
        Distinct places, metres, and the events on them; shape (n,).
    options
        Range and kernel.

    Returns
    -------
    tuple
        The bandwidth in whole metres, and a notice that tells it. With fewer than two places that
        weigh something there is nothing to choose by: ``bandwidth_m``, but within the range.
    """
    low, high = options.bandwidth_low_m, options.bandwidth_high_m
    if np.count_nonzero(weight) < 2:
        kept = min(max(options.bandwidth_m, low), high)
        text = _("Bandbredden kan inte väljas ur färre än två platser; {m} m används.")
        return kept, (
            Notice(
                code="bandwidth_not_chosen",
                text=text.format(m=number(kept)),
                level="warning",
                data={"bandwidth_m": kept},
            ),
        )
    candidates = np.rint(np.geomspace(low, high, CANDIDATES))
    factor = SAME_SPREAD if options.kernel == "gaussian" else 1.0
    scores = [likelihood(x_m, y_m, weight, float(h) * factor) for h in candidates]
    best = int(np.argmax(scores))
    chosen = float(candidates[best])
    at_border = best in (0, CANDIDATES - 1)
    text = _("Bandbredden {m} m förutsäger bäst varje plats ur de övriga, av {n} prövade.")
    if at_border:
        text += " " + _("Den ligger vid gränsen för vad som prövats.")
    return chosen, (
        Notice(
            code="bandwidth_chosen",
            text=text.format(m=number(chosen), n=CANDIDATES),
            level="warning" if at_border else "chosen",
            data={"bandwidth_m": chosen, "log_likelihood": scores[best]},
        ),
    )


def likelihood(x_m: Floats, y_m: Floats, weight: Floats, radius_m: float) -> float:
    """Return the cross-validated log-likelihood of a quartic kernel, as in `choose_bandwidth`."""
    others = sums_of_others(x_m, y_m, weight, radius_m) * (3 / (math.pi * radius_m**6))
    total = weight.sum()
    rest = total - weight
    f = np.divide(others, rest, out=np.zeros_like(others), where=rest > 0)
    area = max(float(np.ptp(x_m)) * float(np.ptp(y_m)), radius_m**2)
    with_uniform = (1 - UNIFORM_SHARE) * f + UNIFORM_SHARE / area
    return float(weight @ np.log(with_uniform))


def sums_of_others(x_m: Floats, y_m: Floats, weight: Floats, radius_m: float) -> Floats:
    """Return for each place ``Σ wⱼ (h² − r²)²`` over the others within ``h`` = `radius_m`."""
    column = np.floor((x_m - x_m.min()) / radius_m).astype(np.int64) + 1
    row = np.floor((y_m - y_m.min()) / radius_m).astype(np.int64) + 1
    width = int(column.max()) + 2
    key = row * width + column
    order = np.argsort(key, kind="stable")
    key = key[order]
    # the three cells of a row beside each other are one stretch of the sorted places
    start = np.stack([np.searchsorted(key, key + d * width - 1, "left") for d in (-1, 0, 1)])
    stop = np.stack([np.searchsorted(key, key + d * width + 1, "right") for d in (-1, 0, 1)])
    sums = np.empty(len(x_m))
    compiled(_sum_others)(x_m[order], y_m[order], weight[order], start, stop, radius_m**2, sums)
    out = np.empty(len(x_m))
    out[order] = sums
    return out


def _sum_others(
    x: Floats, y: Floats, weight: Floats, start: Ints, stop: Ints, h2: float, out: Floats
) -> None:
    for i in range(len(x)):
        total = 0.0
        for k in range(3):
            for j in range(start[k, i], stop[k, i]):
                inner = max(h2 - (x[j] - x[i]) ** 2 - (y[j] - y[i]) ** 2, 0.0)
                total += weight[j] * inner * inner
        out[i] = total - weight[i] * h2 * h2
