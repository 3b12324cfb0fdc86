"""What camera sites are to reach, and the figures and words of each chosen site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.errors import Notice
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number, percent
from hotspots import tally
from hotspots.distance import within
from hotspots.figures import days_text
from hotspots.options import CameraOptions, Source
from hotspots.selection import Period, Selection, count_within, find_rows, has_class

Ints = NDArray[np.int64]
FINE_CLASSES: Final = ("drug_supply", "drug_production", "drug_possession", "drug_use")
"""Classes that tell what the drug offence was; ``drug_unspecified`` doesn't."""

SHOWN: Final = (
    "place_id",
    "x_m",
    "y_m",
    "start",
    "end",
    "time_precision",
    "area_id",
    "offence_class",
    "police_initiated",
    "geocode_class",
)
"""Columns of the events that sites are described by."""


@dataclass(frozen=True)
class Demand:
    """Events to be reached, by place.

    Attributes
    ----------
    chosen
        Events of the counted classes, source and period in any kind of space.
    events, days
        Columns `SHOWN` of those in an admitted kind of space, and their days, shape (n,).
    place
        Row of `ids` of each event, shape (n,).
    ids, xy, n
        ``place_id``, point (metres) and events of each place, shapes (m,), (m, 2), (m,).
    use_xy
        Points (metres) of the events of own use that are not counted, in the same kinds of space,
        source and period, shape (u, 2).
    classes, space_types
        What was admitted in the end.
    notices
        What was chosen, and what is not counted.
    """

    chosen: Selection
    events: pd.DataFrame
    days: NDArray[np.datetime64]
    place: Ints
    ids: Ints
    xy: NDArray[np.float64]
    n: Ints
    use_xy: NDArray[np.float64]
    classes: tuple[str, ...]
    space_types: tuple[str, ...]
    notices: tuple[Notice, ...]


def count_demand(
    incidents: pd.DataFrame, options: CameraOptions, *, period: Period | None, source: str | None
) -> Demand:
    """Return the events that camera sites are to reach, in the hot spots' period.

    `source` is that of the hot spots, counted unless the settings name another.

    ``drug_unspecified`` is admitted where the data have no finer drug class, and ``unknown`` space
    where the counted source knows no kind of space; both are told.
    """
    wanted = options
    if options.source == "auto" and source is not None:
        wanted = replace(wanted, source=cast("Source", source))
    notices = []
    if "drug_unspecified" not in wanted.classes and _only_unspecified(incidents):
        wanted = replace(wanted, classes=(*wanted.classes, "drug_unspecified"))
        text = _(
            "Uttaget skiljer inte överlåtelse och innehav från eget bruk. För kameraplatser räknas "
            "därför narkotikahändelser av ospecificerat slag."
        )
        notices.append(Notice(code="unspecified_admitted", text=text, level="warning"))
    chosen = count_within(incidents, wanted, period=period)
    if chosen.source != source:
        notices += chosen.notices
    if len(chosen) and "unknown" not in wanted.space_types and _no_space_known(chosen):
        wanted = replace(wanted, space_types=(*wanted.space_types, "unknown"))
        text = _(
            "Uttaget säger inte vilket slags plats händelserna skedde på. För kameraplatser räknas "
            "därför alla, även sådana som kan ha skett inomhus. Granska varje plats."
        )
        notices.append(Notice(code="unknown_space_admitted", text=text, level="warning"))
    inside = chosen.column("space_type").isin(list(wanted.space_types)).to_numpy()
    events = incidents[list(SHOWN)].iloc[chosen.rows[inside]]
    ids, place = tally.renumber(events["place_id"].to_numpy(np.int64))
    first = np.zeros(len(ids), dtype=np.int64)
    first[place] = np.arange(len(place))  # any event of the place: all have its point
    use = find_rows(
        incidents,
        classes=("drug_use",),
        source=chosen.source,
        period=chosen.period,
        space_types=wanted.space_types,
    )
    use = use[~has_class(incidents[["offence_classes"]].iloc[use], wanted.classes)]
    notices.append(_tell_counted(wanted, len(events), int((~inside).sum()), len(use)))
    return Demand(
        chosen=chosen,
        events=events,
        days=chosen.days[inside],
        place=place,
        ids=ids,
        xy=events[["x_m", "y_m"]].to_numpy(np.float64)[first],
        n=tally.totals(place, len(ids)),
        use_xy=incidents[["x_m", "y_m"]].iloc[use].to_numpy(np.float64),
        classes=tuple(wanted.classes),
        space_types=tuple(wanted.space_types),
        notices=tuple(notices),
    )


def _only_unspecified(incidents: pd.DataFrame) -> bool:
    texts = incidents["offence_classes"].unique()
    found = {name for text in texts for name in str(text).split(";")}
    return "drug_unspecified" in found and found.isdisjoint(FINE_CLASSES)


def _no_space_known(chosen: Selection) -> bool:
    return bool((chosen.column("space_type") == "unknown").all())


def _tell_counted(wanted: CameraOptions, n: int, elsewhere: int, use: int) -> Notice:
    text = _(
        "För kameraplatser räknas {n} händelser ({classes}; {spaces}). Räknas inte: {elsewhere} på "
        "annat slags plats, {use} av enbart eget bruk."
    ).format(
        n=number(n),
        classes=", ".join(label(name) for name in wanted.classes),
        spaces=", ".join(label(name) for name in wanted.space_types),
        elsewhere=number(elsewhere),
        use=number(use),
    )
    data = {"n": n, "n_elsewhere": elsewhere, "n_use": use}
    return Notice(code="cameras_counted", text=text, level="chosen", data=data)


@dataclass(frozen=True, eq=False)
class Stood:
    """Where the chosen sites stand and what was reckoned of them, by rank.

    Attributes
    ----------
    ids, xy, hotspot
        Candidate, metres, and row of the nearest hot spot, shapes (k,), (k, 2), (k,).
    source
        Where each candidate comes from, shape (k,).
    expected, added
        Expected events in view, and those that nothing before has in view, shape (k,).
    bearing_deg
        ``NaN`` for a camera that turns, shape (k,).
    pinned
        In by an earlier decision, shape (k,).
    sight
        Whether houses that hide were taken into account.
    """

    ids: NDArray[np.object_]
    xy: NDArray[np.float64]
    hotspot: Ints
    source: NDArray[np.object_]
    expected: NDArray[np.float64]
    added: NDArray[np.float64]
    bearing_deg: NDArray[np.float64]
    pinned: NDArray[np.bool_]
    sight: bool


def describe_sites(
    stood: Stood,
    site: Ints,
    place: Ints,
    demand: Demand,
    hotspots: gpd.GeoDataFrame,
    reach_m: float,
) -> gpd.GeoDataFrame:
    """Describe the chosen sites.

    Parameters
    ----------
    stood
        Where they stand, by rank.
    site, place
        Pairs of site (0… by rank) and place (row of ``demand.ids``) that belongs to its view.
    demand
        What was to be seen.
    hotspots
        Table ``hotspots``, in the order of ``stood.hotspot``.
    reach_m
        Radius of the reach, metres.

    Returns
    -------
    geopandas.GeoDataFrame
        Table ``camera_sites``.
    """
    k = len(stood.ids)
    width = max(2, len(str(k)))  # so that ids sort as their ranks do
    group, event = _events_within(site, place, demand)
    events = demand.events.iloc[event]
    covered = tally.totals(group, k)
    use_at, _use = within(stood.xy, demand.use_xy, reach_m)
    data: dict[str, Any] = {
        "site_id": pd.Series([f"K{i:0{width}d}" for i in range(1, k + 1)], dtype="str"),
        "rank": np.arange(1, k + 1),
        "candidate_id": pd.Series(stood.ids, dtype="str"),
        "candidate_source": pd.Series(stood.source, dtype="str"),
        "hotspot_id": hotspots["hotspot_id"].iloc[stood.hotspot].to_numpy(),
        "area_id": tally.most_common(group, events["area_id"], k),
        "reach_m": np.full(k, float(reach_m)),
        "bearing_deg": stood.bearing_deg,
        "sight": np.full(k, stood.sight),
        "pinned": stood.pinned,
        "n_covered": covered,
        "n_added": _added(site, place, demand, k),
        "n_expected": stood.expected,
        "n_expected_added": stood.added,
        "share_covered": covered / len(demand.events),
        "n_days": tally.distinct(group, demand.days[event], k),
    }
    by_class = tally.by_category(group, events["offence_class"], k)
    for i, name in enumerate(schema.OFFENCE_CLASSES):
        data[f"n_{name}"] = by_class[:, i]
    data["n_police_initiated"] = tally.by_category(group, events["police_initiated"], k)[:, 0]
    data["n_use_within_reach"] = tally.totals(use_at, k)
    points = gpd.points_from_xy(stood.xy[:, 0], stood.xy[:, 1])
    table = gpd.GeoDataFrame(data, geometry=points, crs=hotspots.crs)
    table["hotspot_id"] = table["hotspot_id"].astype("str")
    inside = np.asarray(
        table.geometry.intersects(hotspots.geometry.iloc[stood.hotspot], align=False)
    )
    words = [
        _why(row, inside=bool(within_it), by_month=demand.chosen.by_month)
        for row, within_it in zip(table.to_dict("records"), inside, strict=True)
    ]
    table["why"] = pd.Series(words, dtype="str")
    table = table[list(schema.CAMERA_SITES)]
    schema.check(table, "camera_sites", crs=str(hotspots.crs))
    return table


def _added(site: Ints, place: Ints, demand: Demand, k: int) -> Ints:
    """Return the events of each site that belong to no site of better rank, shape (k,)."""
    order = np.lexsort((site, place))
    first = np.ones(len(order), dtype=bool)
    first[1:] = place[order][1:] != place[order][:-1]
    best = order[first]
    return tally.totals(site[best], k, demand.n[place[best]])


def _events_within(site: Ints, place: Ints, demand: Demand) -> tuple[Ints, Ints]:
    """Return site and row of ``demand.events`` of every event within reach of a site."""
    order = np.argsort(demand.place, kind="stable")
    size = demand.n[place]
    start = (np.cumsum(demand.n) - demand.n)[place]
    before = np.cumsum(size) - size
    at = np.arange(int(size.sum())) - np.repeat(before - start, size)
    return np.repeat(site, size), order[at]


def _why(site: dict[str, Any], *, inside: bool, by_month: bool) -> str:
    """Say in words why a site is proposed: what it reaches, and nothing of law."""
    text = ngettext(
        "{n} händelse ({classes}) på {days} hör till upptagningsområdet.",
        "{n} händelser ({classes}) på {days} hör till upptagningsområdet.",
        site["n_covered"],
    ).format(
        n=number(site["n_covered"]),
        classes=_classes(site, schema.OFFENCE_CLASSES) or _("inga"),
        days=days_text(site["n_days"], by_month=by_month),
    )
    text += " " + _("Väntat antal i bild, med punkternas lägesfel: {n}.").format(
        n=number(site["n_expected"], 1)
    )
    if site["n_added"] < site["n_covered"]:
        text += " " + _("{n} av dem hör inte till någon kameraplats med bättre rang.").format(
            n=number(site["n_added"])
        )
    where = _("Står i hot spot {id}.") if inside else _("Närmaste hot spot är {id}.")
    text += " " + where.format(id=site["hotspot_id"])
    if site["n_police_initiated"] and site["n_covered"]:
        text += " " + _("{share} upptäcktes på polisens initiativ.").format(
            share=percent(site["n_police_initiated"] / site["n_covered"])
        )
    if site["n_use_within_reach"]:
        text += " " + ngettext(
            "Dessutom {n} händelse av eget bruk, som inte räknas.",
            "Dessutom {n} händelser av eget bruk, som inte räknas.",
            site["n_use_within_reach"],
        ).format(n=number(site["n_use_within_reach"]))
    return text


def _classes(site: dict[str, Any], names: Sequence[str]) -> str:
    parts = [(label(name), int(site[f"n_{name}"])) for name in names if site[f"n_{name}"]]
    return ", ".join(f"{number(n)} {name}" for name, n in parts)
