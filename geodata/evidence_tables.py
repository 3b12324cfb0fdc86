"""The tables of the evidence: what is told about hot spots beyond where they are.

Described as those of `geodata.schema`, and held to it by ``schema.check(…, tables=EVIDENCE)``.
"""

from __future__ import annotations

from typing import Final

from geodata.schema import SOURCES, Column, Tables

PERSISTENCE_CLASSES: Final = ("new", "chronic", "intermittent", "fading", "gone", "unclear")
MATCH_KINDS: Final = ("same", "new", "gone", "split", "merged")
AGREEMENT_CLASSES: Final = ("both", "only_a", "only_b", "neither")
DENSITY_CLASSES: Final = ("higher", "lower", "none", "too_few")

OPERATIONS: Final = {
    "operation_id": Column("text", "'I001', 'I002', … in order of time"),
    "source_row": Column("int", "row or entry of the list, counted as a spreadsheet shows it"),
    "name": Column("text", "name as written", nullable=True),
    "kind": Column("text", "kind of operation as written", nullable=True),
    "first_date": Column("date", "first day"),
    "last_date": Column("date", "last day, inclusive"),
    "from_minute": Column(
        "int", "start of each day's work, minutes after midnight; missing: all day", nullable=True
    ),
    "to_minute": Column(
        "int", "its end, exclusive; at most from_minute means the day after", nullable=True
    ),
    "patrol_hours": Column("float", "hours of work of all patrols together", nullable=True),
    "area_id": Column("text", "area it was held in", nullable=True),
    "geometry": Column("geometry", "Polygon; missing: the whole municipality", nullable=True),
}

HOTSPOT_TIMES: Final = {
    "hotspot_id": Column("text", "hot spot"),
    "source": Column("category", "who reported", SOURCES),
    "n_events": Column("int", "events"),
    "n_known": Column("int", "of these with a known hour"),
    "n_month_only": Column("int", "of these known by month only"),
    "window_start": Column("int", "first hour of the smallest window, 0–23", nullable=True),
    "window_hours": Column("int", "its length, hours", nullable=True),
    "window_share": Column("float", "share of the known time it holds, 0–1", nullable=True),
    "efficiency": Column("float", "that share by the window's share of the day", nullable=True),
}

HOTSPOT_QUARTERS: Final = {
    "hotspot_id": Column("text", "hot spot"),
    "quarter": Column("int", "0 is the last quarter of the period, 1 the one before, …"),
    "first_date": Column("date", "first day of the quarter"),
    "last_date": Column("date", "its last day"),
    "n_events": Column("int", "counted events within the outline"),
    "n_days": Column("int", "distinct days with at least one of them"),
    "hot": Column("bool", "was in the top class that quarter"),
}

PERSISTENCE: Final = {
    "hotspot_id": Column("text", "hot spot"),
    "class": Column("category", "how it has lasted", PERSISTENCE_CLASSES),
    "n_quarters": Column("int", "whole quarters looked at"),
    "n_hot": Column("int", "quarters in which it was in the top class"),
    "n_hot_last_year": Column("int", "of these in the last four"),
    "first_hot": Column("date", "first day of its first hot quarter", nullable=True),
    "last_hot": Column("date", "last day of its last hot quarter", nullable=True),
    "trend_s": Column("int", "Mann-Kendall's S of the events by quarter"),
    "trend_tau": Column("float", "Kendall's tau-b", nullable=True),
    "trend_p": Column("float", "two-sided p of S", nullable=True),
    "trend_q": Column("float", "p corrected for the number of hot spots", nullable=True),
    "sen_slope": Column("float", "Sen's slope, events a quarter", nullable=True),
    "why": Column("text", "the class in one or two sentences"),
}

MATCHES: Final = {
    "hotspot_id": Column("text", "hot spot of this period", nullable=True),
    "earlier_id": Column("text", "hot spot of the earlier period", nullable=True),
    "kind": Column("category", "what became of it", MATCH_KINDS),
    "overlap": Column("float", "shared area by the area of the smaller, 0–1"),
    "jaccard": Column("float", "shared area by joint area, 0–1"),
    "n_places_shared": Column("int", "places that are members of both"),
}

INITIATIVE: Final = {
    "unit": Column("text", "hot spot or area"),
    "source": Column("category", "who reported", SOURCES),
    "n_events": Column("int", "events"),
    "n_days": Column("int", "distinct days with at least one event"),
    "n_yes": Column("int", "found on police initiative"),
    "n_no": Column("int", "not found on police initiative"),
    "n_unknown": Column("int", "not known which"),
    "share_yes": Column("float", "n_yes by n_events, 0–1"),
    "share_no": Column("float", "n_no by n_events, 0–1"),
    "share_unknown": Column("float", "n_unknown by n_events, 0–1"),
}

HOTSPOT_OPERATIONS: Final = {
    "hotspot_id": Column("text", "hot spot"),
    "n_events": Column("int", "counted events, operations included"),
    "n_days": Column("int", "distinct days with at least one of them"),
    "rank": Column("int", "rank by days, then events"),
    "n_marked": Column("int", "events on days of operations that reach their place"),
    "n_undecided": Column("int", "events known by month only, in a month with an operation"),
    "share_marked": Column("float", "n_marked by n_events, 0–1"),
    "n_events_without": Column("int", "events without the marked ones"),
    "n_days_without": Column("int", "distinct days without them"),
    "rank_without": Column("int", "rank by days, then events, without them", nullable=True),
    "stands_without": Column("bool", "still reaches the least events and days of a hot spot"),
    "why": Column("text", "the comparison in one or two sentences"),
}

OPERATION_COUNTS: Final = {
    "operation_id": Column("text", "operation"),
    "n_op_days": Column("int", "days it lasted"),
    "patrol_hours": Column("float", "hours of work of all patrols together", nullable=True),
    "n_events": Column("int", "counted events on its days, in its area"),
    "n_days": Column("int", "distinct days with at least one of them"),
    "n_initiated": Column("int", "of the events, those found on police initiative"),
    "events_per_hour": Column("float", "n_events by patrol_hours", nullable=True),
}

AGREEMENT: Final = {
    "cell_id": Column("text", "column and row of the cell, 'E5689_N64952' at 100 m"),
    "x_m": Column("float", "easting of the south-west corner, metres"),
    "y_m": Column("float", "northing of the south-west corner, metres"),
    "n_a": Column("int", "events of source A"),
    "n_b": Column("int", "events of source B"),
    "n_days_a": Column("int", "distinct days with events of source A"),
    "n_days_b": Column("int", "distinct days with events of source B"),
    "top_a": Column("bool", "in the top class of source A"),
    "top_b": Column("bool", "in the top class of source B"),
    "class": Column("category", "hot in which of them", AGREEMENT_CLASSES),
    "geometry": Column("geometry", "Polygon, square"),
}

RELATIVE_DENSITY: Final = {
    "cell_id": Column("text", "column and row of the cell, 'E5689_N64952' at 100 m"),
    "x_m": Column("float", "easting of the south-west corner, metres"),
    "y_m": Column("float", "northing of the south-west corner, metres"),
    "support": Column("float", "reports around, each weighed by the kernel, 1 at its centre"),
    "ratio": Column("float", "density of cases by density of what they are held against"),
    "p_higher": Column("float", "Monte Carlo p of a ratio this high or higher", nullable=True),
    "p_lower": Column("float", "Monte Carlo p of a ratio this low or lower", nullable=True),
    "p_map": Column("float", "two-sided p of the cell held to all cells at once", nullable=True),
    "class": Column("category", "beyond chance, and on which side", DENSITY_CLASSES),
    "geometry": Column("geometry", "Polygon, square"),
}

DENSITY: Final = {
    "cell_id": Column("text", "column and row of the cell, 'E11378_N129904' at 50 m"),
    "x_m": Column("float", "easting of the south-west corner, metres"),
    "y_m": Column("float", "northing of the south-west corner, metres"),
    "density_km2": Column("float", "events per square kilometre at the cell's centre"),
    "share": Column("float", "share of the whole surface's sum, 0–1"),
    "geometry": Column("geometry", "Polygon, square"),
}

_SCORES: Final = {
    "n_events": Column("float", "events, or another figure that was tested"),
    "n_neighbours": Column("int", "cells or areas counted together, itself included"),
    "z": Column("float", "Getis-Ord Gi*; missing where nothing differs", nullable=True),
    "p": Column("float", "its p by the normal distribution", nullable=True),
    "q": Column("float", "p corrected for testing everywhere (FDR)", nullable=True),
    "p_perm": Column("float", "p by conditional permutation", nullable=True),
    "q_perm": Column("float", "p_perm corrected for testing everywhere (FDR)", nullable=True),
    "p_family": Column("float", "p of so large a z anywhere, by permutation", nullable=True),
    "hot": Column("bool", "above the average, and significant by the chosen figure and level"),
}

GI_STAR: Final = {
    "cell_id": Column("text", "column and row of the cell, 'E5689_N64952' at 100 m"),
    "x_m": Column("float", "easting of the south-west corner, metres"),
    "y_m": Column("float", "northing of the south-west corner, metres"),
    **_SCORES,
    "geometry": Column("geometry", "Polygon, square"),
}

GI_STAR_AREAS: Final = {"area_id": Column("text", "the area"), **_SCORES}

STABILITY: Final = {
    "hotspot_id": Column("text", "hot spot"),
    "n_runs": Column("int", "times the hot spots were found again with moved points"),
    "n_stays": Column("int", "of these, the times it stayed"),
    "stability": Column("float", "n_stays by n_runs, 0–1"),
    "uncertain": Column("bool", "stays too seldom: drawn dashed"),
}

METHOD_CARD: Final = {
    "method": Column("text", "method of telling where the next events come"),
    "share": Column("float", "share of the area, 0–1"),
    "hit_rate": Column("float", "share of the next events within it, 0–1"),
    "pai": Column("float", "prediction accuracy index, mean over the periods foretold"),
    "pai_low": Column("float", "low end of its 95 % interval"),
    "pai_high": Column("float", "high end"),
    "pei": Column("float", "PAI by that of the best possible area of the same size"),
    "rri": Column("float", "recapture rate index over all periods", nullable=True),
    "lead": Column("float", "PAI over that of all-time counts, paired by period"),
    "lead_error": Column("float", "its standard error"),
    "lead_low": Column("float", "low end of its 95 % interval"),
    "lead_high": Column("float", "high end"),
    "beyond_noise": Column("bool", "whether the interval leaves out 0"),
}

SCAN_CLUSTERS: Final = {
    "rank": Column("int", "1 is the strongest"),
    "center_place_id": Column("int", "place in the middle of the circle"),
    "x_m": Column("float", "its easting, metres"),
    "y_m": Column("float", "its northing, metres"),
    "radius_m": Column("float", "radius of the circle, metres"),
    "first_day": Column("date", "first day", nullable=True),
    "last_day": Column("date", "last day, inclusive", nullable=True),
    "n_days": Column("int", "days"),
    "n_places": Column("int", "places in the circle"),
    "observed": Column("int", "events"),
    "expected": Column("float", "events expected"),
    "ratio": Column("float", "observed by expected"),
    "llr": Column("float", "Kulldorff's log likelihood ratio"),
    "p_value": Column("float", "p of the whole search"),
    "replications": Column("int", "random worlds it rests on"),
    "place_ids": Column("text", "places in the circle, by ';'"),
}

NEAR_REPEAT: Final = {
    "distance_from_m": Column("float", "near end of the band, metres"),
    "distance_to_m": Column("float", "far end, infinite for the last"),
    "days_from": Column("float", "near end of the span, days"),
    "days_to": Column("float", "far end, infinite for the last"),
    "observed": Column("int", "pairs of events, each counted once"),
    "expected": Column("float", "pairs that place and time alone would give"),
    "ratio": Column("float", "observed by expected", nullable=True),
    "p_value": Column("float", "share of random worlds with at least as many"),
    "p_poisson": Column("float", "chance of at least as many in a Poisson variable"),
}

EVIDENCE: Final[Tables] = {
    "stability": STABILITY,
    "operations": OPERATIONS,
    "hotspot_times": HOTSPOT_TIMES,
    "hotspot_quarters": HOTSPOT_QUARTERS,
    "persistence": PERSISTENCE,
    "matches": MATCHES,
    "initiative": INITIATIVE,
    "hotspot_operations": HOTSPOT_OPERATIONS,
    "operation_counts": OPERATION_COUNTS,
    "agreement": AGREEMENT,
    "relative_density": RELATIVE_DENSITY,
    "density": DENSITY,
    "gi_star": GI_STAR,
    "gi_star_areas": GI_STAR_AREAS,
    "method_card": METHOD_CARD,
    "scan_clusters": SCAN_CLUSTERS,
    "near_repeat": NEAR_REPEAT,
}
