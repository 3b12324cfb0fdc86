"""All methods by name: what is tried, what each is called, and the mixtures of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.language import N_
from hotspots.accuracy import learned, methods, scanning
from hotspots.accuracy.grid import Floats
from hotspots.accuracy.history import Past
from hotspots.accuracy.measures import levels
from hotspots.accuracy.methods import Method

AUTO: Final = "auto"
REFERENCE: Final = "all_time"
"""The method that others have to beat: plain counts over all time."""

METHODS: Final[Mapping[str, Method]] = {
    "all_time": methods.all_time,
    "last_period": methods.last_period,
    "random": methods.random,
    "population": methods.population,
    "kde": methods.density,
    "getis_ord": methods.getis_ord,
    "dbscan": methods.clusters,
    "scan": scanning.scan,
    "promap": methods.promap,
    "recency": methods.recency_weighted,
    "additive": learned.additive,
    "boosting": learned.boosting,
}

Mixture = Callable[[Floats, Floats], Floats]


def mean_of_ranks(one: Floats, other: Floats) -> Floats:
    """Return the mean of the ranks of two scores, ties sharing theirs."""
    from scipy.stats import rankdata  # half a second, which few runs need

    return np.asarray((rankdata(levels(one)) + rankdata(levels(other))) / 2)


def geometric_mean(one: Floats, other: Floats) -> Floats:
    """Return the geometric mean of two expected counts."""
    return np.asarray(np.sqrt(np.maximum(one, 0) * np.maximum(other, 0)))


MIXTURES: Final[Mapping[str, tuple[Mixture, str, str]]] = {
    "boosting_ranks": (mean_of_ranks, "boosting", "all_time"),
    "additive_ranks": (mean_of_ranks, "additive", "all_time"),
    "blend": (geometric_mean, "additive", "boosting"),
}

NAMES: Final[Mapping[str, str]] = {
    "auto": N_("auto: den som hittills träffat bäst"),
    "all_time": N_("antal, hela tiden"),
    "last_period": N_("antal, senaste perioden"),
    "random": N_("slumpen"),
    "population": N_("befolkning"),
    "kde": N_("täthetsyta (KDE, 200 m)"),
    "getis_ord": N_("Getis-Ord Gi*"),
    "dbscan": N_("DBSCAN-kluster, 75 m"),
    "scan": N_("pågående ansamlingar (scanstatistik)"),
    "promap": N_("närupprepning (ProMap)"),
    "recency": N_("antal vägda efter ålder, med grannar"),
    "additive": N_("lärd additiv regression"),
    "boosting": N_("lärda beslutsträd"),
    "boosting_ranks": N_("medelrang: beslutsträd och antal"),
    "additive_ranks": N_("medelrang: additiv regression och antal"),
    "blend": N_("additiv regression och beslutsträd tillsammans"),
}


TREES: Final = ("boosting", "boosting_ranks", "blend")
"""Methods that grow trees: two thirds of the time of a trial."""


def names(*, population: bool, trees: bool = True) -> tuple[str, ...]:
    """Return the methods to be tried, in the order of tables; `auto` isn't among them."""
    left_out = {*(() if population else ("population",)), *(() if trees else TREES)}
    return tuple(name for name in (*METHODS, *MIXTURES) if name not in left_out)


def scores(past: Past, tried: tuple[str, ...]) -> dict[str, Floats]:
    """Return the score of each cell of the area by each method; arrays of shape (area,)."""
    area: NDArray[np.bool_] = past.area
    needed = {part for name in tried if name in MIXTURES for part in MIXTURES[name][1:]}
    base = {
        name: np.asarray(method(past)[area], dtype=np.float64)
        for name, method in METHODS.items()
        if name in tried or name in needed
    }
    mixed = {
        name: mix(base[one], base[other])
        for name, (mix, one, other) in MIXTURES.items()
        if name in tried
    }
    found = base | mixed
    return {name: found[name] for name in tried}
