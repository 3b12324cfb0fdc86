"""Events and offences of each unit by source, class and space: counts, shares and rates.

Sources are never summed. By class an event counts once, under its principal offence; its offences
likewise. Rates are per year, by the days that the unit was in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from areas.picture.intervals import poisson_limits, rate_ratio
from areas.picture.shrink import fit_prior, shrink
from areas.picture.units import Units
from geodata import schema
from geodata.picture_tables import PICTURE
from geodata.schema import OFFENCE_CLASSES, SOURCES, SPACE_TYPES

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ALL: Final = "all"
PER: Final = 1000.0
"""Inhabitants that a rate is per."""


@dataclass(frozen=True, eq=False)
class Tally:
    """Sums by unit and series.

    Attributes
    ----------
    events, offences
        int64, shape (k, m); the first row is the whole.
    series
        Source, by and value of each column.
    """

    events: Ints
    offences: Ints
    series: Sequence[tuple[str, str, str]]


def series_of(incidents: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return the series that the data have: source, by, value; in order of the schema."""
    found: list[tuple[str, str, str]] = []
    for source in SOURCES:
        rows = incidents[incidents["source"] == source]
        if rows.empty:
            continue
        classes, spaces = set(rows["offence_class"]), set(rows["space_type"])
        found.append((source, ALL, ALL))
        found += [(source, "class", c) for c in OFFENCE_CLASSES if c in classes]
        found += [(source, "space", s) for s in SPACE_TYPES if s in spaces]
    return found


def tally(
    incidents: pd.DataFrame,
    units: Units,
    within: NDArray[np.bool_],
    series: Sequence[tuple[str, str, str]],
) -> Tally:
    """Sum events and offences by unit and series.

    Parameters
    ----------
    incidents
        Table ``incidents``, the one that `units` was made of.
    units
        Unit of each event.
    within
        Which events count, shape (n,).
    series
        As of `series_of`.
    """
    k = len(units.table)
    rows = incidents.loc[within, ["source", "offence_class", "space_type"]]
    code = units.code[within]
    weight = incidents.loc[within, "offence_count"].to_numpy(dtype=np.int64)
    source = rows["source"].cat.codes.to_numpy(dtype=np.int64)
    cubes = {}
    for by, column, values in (
        ("class", "offence_class", OFFENCE_CLASSES),
        ("space", "space_type", SPACE_TYPES),
    ):
        kind = rows[column].cat.codes.to_numpy(dtype=np.int64)
        cell = (code * len(SOURCES) + source) * len(values) + kind
        shape = (k, len(SOURCES), len(values))
        size = int(np.prod(shape))
        # Sums of whole numbers below 2**53 are exact as floats.
        counted = np.bincount(cell, minlength=size).reshape(shape)
        offences = np.bincount(cell, weights=weight, minlength=size).reshape(shape)
        cubes[by] = (counted.astype(np.int64), offences.astype(np.int64), values)
    events, crimes = np.zeros((2, k, len(series)), dtype=np.int64)
    for column_no, (name, by, value) in enumerate(series):
        counted, offences, values = cubes["class" if by == ALL else by]
        at = SOURCES.index(name)
        if by == ALL:
            events[:, column_no] = counted[:, at].sum(axis=1)
            crimes[:, column_no] = offences[:, at].sum(axis=1)
        else:
            events[:, column_no] = counted[:, at, values.index(value)]
            crimes[:, column_no] = offences[:, at, values.index(value)]
    return Tally(units.of(events), units.of(crimes), series)


@dataclass(frozen=True, eq=False)
class Peers:
    """Sums of the comparable areas of each unit.

    Attributes
    ----------
    events
        Shape (k, m); 0 for units without comparable areas.
    people, hectares
        Years of inhabitants and of hectares that these count over, shape (k,); NaN where unknown.
    """

    events: Ints
    people: Floats
    hectares: Floats


def exposures(units: Units) -> tuple[Floats, Floats]:
    """Return thousand inhabitants × years and hectares × years of each unit; NaN where unknown."""
    people = units.table["population"].to_numpy(dtype=np.float64) / PER * units.years
    land = units.table["area_ha"].to_numpy(dtype=np.float64) * units.years
    return np.where(people > 0, people, np.nan), np.where(land > 0, land, np.nan)


def counts_table(
    counted: Tally, units: Units, pool: tuple[Tally, Units] | None, peers: Peers
) -> pd.DataFrame:
    """Return table ``picture_counts``.

    Parameters
    ----------
    counted, units
        Of the areas asked about.
    pool
        Sums and units of areas that together cover the municipality, which the common level is
        fitted to; ``None`` fits it to the units themselves, outside included.
    peers
        Sums of comparable areas.
    """
    n = counted.events.astype(np.float64)
    people, land = (e[:, None] for e in exposures(units))
    low, high = poisson_limits(n)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(n[:1] > 0, n / n[:1], np.nan)
    columns: dict[str, Floats] = {"share": share}
    for name, per in (("per_1000", people), ("per_ha", land)):
        columns |= _three(name, n / per, low / per, high / per)
    columns |= _three("shrunk", *_shrunk(n, people[:, 0], pool, units, counted))
    by_people = np.isfinite(people[:, 0]) & np.isfinite(people[0, 0])
    by_people &= np.isfinite(peers.people) | ~np.isfinite(peers.hectares)
    size = np.where(by_people, people[:, 0], land[:, 0])
    columns |= _rest(n, units, size, np.where(by_people, people[0, 0], land[0, 0]))
    theirs = np.where(by_people, peers.people, peers.hectares)[:, None]
    columns |= _three("peer_ratio", *rate_ratio(n, size[:, None], peers.events, theirs))
    k, m = n.shape
    made = pd.DataFrame({name: value.ravel() for name, value in columns.items()})
    table = units.table
    ratio_per = np.where(by_people, "inhabitants", "hectares").astype(object)
    ratio_per[~np.isfinite(size)] = None
    first = pd.DataFrame(
        {
            "area_id": table["area_id"].repeat(m).to_numpy(),
            "unit": _category(table["unit"].astype("str").repeat(m).tolist(), "unit"),
            "source": _category([s for s, _b, _v in counted.series] * k, "source"),
            "by": _category([b for _s, b, _v in counted.series] * k, "by"),
            "value": pd.Series([v for _s, _b, v in counted.series] * k, dtype="str"),
            "n_events": counted.events.ravel(),
            "n_offences": counted.offences.ravel(),
        }
    ).astype({"area_id": "str"})
    made = pd.concat([first, made], axis=1)
    made["ratio_per"] = _category(ratio_per.repeat(m).tolist(), "ratio_per")
    schema.check(made, "picture_counts", tables=PICTURE)
    return made


def _category(values: Sequence[object], label: str) -> pd.Categorical:
    return schema.category(values, "picture_counts", label, tables=PICTURE)


def _three(name: str, middle: Floats, low: Floats, high: Floats) -> dict[str, Floats]:
    return {name: middle, f"{name}_low": low, f"{name}_high": high}


def _shrunk(
    n: Floats, people: Floats, pool: tuple[Tally, Units] | None, units: Units, counted: Tally
) -> tuple[Floats, Floats, Floats]:
    """Return each series' rates drawn towards the level of the pool, shape (k, m)."""
    tallied, among = (counted, units) if pool is None else pool
    parts = among.table["unit"].isin(("area", "outside")).to_numpy()
    size = exposures(among)[0][parts]
    made = np.full((3, *n.shape), np.nan)
    for at in range(n.shape[1]):
        prior = fit_prior(tallied.events[parts, at].astype(np.float64), size)
        if prior is not None:
            made[:, :, at] = shrink(n[:, at], people, prior)
    made[:, ~units.areas] = np.nan  # only areas are small
    return made[0], made[1], made[2]


def _rest(n: Floats, units: Units, size: Floats, whole: Floats) -> dict[str, Floats]:
    """Return each area's rate over that of all other events with a true place.

    The rest's exposure is the whole's less the area's own while it was in force, so an area that
    is new is part of the rest until it began.
    """
    placed = ~(units.table["unit"] == "unplaced").to_numpy()
    inside = n[placed][1:].sum(axis=0)
    ratio = rate_ratio(n, size[:, None], inside[None, :] - n, (whole - size)[:, None])
    made = _three("rest_ratio", *ratio)
    for value in made.values():
        value[~units.areas] = np.nan
    return made
