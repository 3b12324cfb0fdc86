"""The EST reports of housing companies, the municipality and guards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.synthetic.events import moments
from geodata.synthetic.spots import SPOTS

EST_KINDS: Final[Sequence[tuple[str, float]]] = (
    ("Narkotika – misstänkt handel", 0.2),
    ("Narkotika – bruk", 0.13),
    ("Narkotika – fynd av kanyler", 0.06),
    ("Ordningsstörning", 0.16),
    ("Otrygghetsskapande samling", 0.15),
    ("Skadegörelse/klotter", 0.12),
    ("Nedskräpning", 0.08),
    ("Otrygg plats", 0.06),
    ("Hot mot personal", 0.04),
)
EST_REPORTERS: Final[Sequence[tuple[str, float]]] = (
    ("Bostadsbolag", 0.38),
    ("Kommunal verksamhet", 0.24),
    ("Väktare", 0.16),
    ("Ordningsvakt", 0.12),
    ("Invånare", 0.1),
)
INDOORS: Final = ("Trapphus", "Källare", "Tvättstuga", "Cykelrum")


def make_reports(
    places: pd.DataFrame,
    planted: Mapping[str, pd.DataFrame],
    *,
    n_reports: int,
    last: date,
    months: int,
    seed: int,
) -> pd.DataFrame:
    """Make the EST reports: ``category``, ``reporter``, ``certain``, ``space``, ``start``, place.

    A third stands in the stairwells of planted hot spots, the rest mostly in decided areas.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 3]))
    end = pd.Timestamp(last)
    days = pd.date_range(end - pd.DateOffset(months=months) + pd.Timedelta(days=1), end, freq="D")
    stairs = pd.concat([planted[s.spot_id] for s in SPOTS if s.pattern == "stairwell"])
    public = pd.concat([planted[s.spot_id] for s in SPOTS[:4]])
    parts = [
        _pick(stairs, stairs["share"], round(0.2 * n_reports), rng),
        _pick(public, public["share"], round(0.16 * n_reports), rng),
    ]
    pull = places["pull"] * np.where(places["decided"], 12.0, 0.6)
    pull = pull * np.where(places["kind"] == "entrance", 4.0, 1.0)
    parts.append(_pick(places, pull, n_reports - sum(map(len, parts)), rng))
    table = pd.concat(parts, ignore_index=True)
    stairwell = np.arange(n_reports) < len(parts[0])
    table["start"] = moments(days, np.ones(len(days)), "evening", n_reports, rng)
    kind = _choose(EST_KINDS, n_reports, rng)
    drugs = np.array([name for name, _ in EST_KINDS[:3]], dtype=object)
    table["category"] = np.where(
        stairwell & (rng.random(n_reports) < 0.7),
        drugs[rng.choice(3, n_reports, p=[0.5, 0.3, 0.2])],
        kind,
    )
    table["reporter"] = _choose(EST_REPORTERS, n_reports, rng)
    table["certain"] = np.where(rng.random(n_reports) < 0.42, "säker", "misstänkt")
    inside = table["kind"].isin(["entrance"]).to_numpy()
    room = np.array(INDOORS, dtype=object)[rng.choice(4, n_reports, p=[0.55, 0.3, 0.08, 0.07])]
    table["space"] = np.select([inside, table["kind"] == "mall"], [room, "Butik"], "Utomhus")
    return table.sort_values(["start", "x", "y"], kind="stable", ignore_index=True)


def _pick(
    places: pd.DataFrame, weight: pd.Series[Any], n: int, rng: np.random.Generator
) -> pd.DataFrame:
    chance = weight.to_numpy(dtype=float)
    return places.iloc[rng.choice(len(places), n, p=chance / chance.sum())]


def _choose(words: Sequence[tuple[str, float]], n: int, rng: np.random.Generator) -> NDArray[Any]:
    share = np.array([part for _, part in words])
    return np.array([word for word, _ in words], dtype=object)[
        rng.choice(len(words), n, p=share / share.sum())
    ]
