"""The tables of camera proposals beyond the sites themselves. All of them leave in ``intern`` only.

What a view holds, what it costs in privacy, its alternatives, the sets to choose from, the crime
picture of each coverage polygon, what was considered and not proposed, how it is to be evaluated,
and the register. Shelters have no row in any of them.
"""

from __future__ import annotations

from typing import Final

from geodata.schema import GEOCODE_CLASSES, OFFENCE_CLASSES, SOURCES, YES_NO, Column, Tables, counts

PERIODS: Final = (12, 24, 36)
"""Months counted back from the last day, of which the sheet tells (section C 1)."""

ALTERNATIVES: Final = ("proposed", "fewer_hours", "smaller_sector", "shorter_reach", "masked")
COMPARED: Final = ("site", "est_area", "comparable")
PLAN_ROLES: Final = ("treated", "buffer", "control")

VIEWS: Final = {
    "site_id": Column("text", "proposal"),
    "sight": Column("bool", "houses that hide are taken into account"),
    "area_m2": Column("float", "area seen, m²"),
    "public_m2": Column("float", "of it public ground, m²", nullable=True),
    "yard_m2": Column("float", "of it private yards, m²", nullable=True),
    "facade_m": Column("float", "length of residential façade in view, m", nullable=True),
    "n_residential": Column("int", "residential buildings in view", nullable=True),
    "n_entrances": Column("int", "entrances in view", nullable=True),
    "n_sensitive": Column("int", "sensitive places in view, shelters not", nullable=True),
    "stop_m2": Column("float", "of it transit stop areas, m²", nullable=True),
    "existing_m2": Column("float", "of it seen by existing cameras, m²", nullable=True),
    "masked_m2": Column("float", "proposed masking, m²", nullable=True),
    "net_m2": Column("float", "area after masking, m²", nullable=True),
    "geometry": Column("geometry", "Polygon or MultiPolygon, what the camera sees"),
}

SENSITIVE_SEEN: Final = {
    "site_id": Column("text", "proposal"),
    "kind": Column("text", "kind of sensitive place; shelters are never listed"),
    "name": Column("text", "name in the layer", nullable=True),
    "distance_m": Column("float", "from the camera, metres"),
    "in_view": Column("bool", "some of it lies in the view"),
    "masked": Column("bool", "the proposed masks cover what is seen of it"),
}

MASKS: Final = {
    "site_id": Column("text", "proposal"),
    "mask_no": Column("int", "number of the mask, from 1"),
    "kind": Column("text", "what it hides: yards, façades or a kind of sensitive place"),
    "area_m2": Column("float", "m²"),
    "share": Column("float", "of the view, 0–1"),
    "geometry": Column("geometry", "Polygon or MultiPolygon"),
}

ALTERNATIVE: Final = {
    "site_id": Column("text", "proposal"),
    "alternative": Column("category", "what is changed", ALTERNATIVES),
    "text": Column("text", "what it is, in words"),
    "events": Column("float", "expected events within, a year"),
    "share_kept": Column("float", "of what the proposal holds, 0–1", nullable=True),
    "hours_week": Column("float", "hours of surveillance a week"),
    "area_m2": Column("float", "area seen, m²"),
    "n_residential": Column("int", "residential buildings in view", nullable=True),
    "n_sensitive": Column("int", "sensitive places in view unmasked", nullable=True),
    "geometry": Column("geometry", "Polygon or MultiPolygon, what is then seen"),
}

FRONTIER: Final = {
    "set_no": Column("int", "1 covers most, the last is least intrusive"),
    "n_sites": Column("int", "camera sites in the set"),
    "events": Column("float", "expected events in view"),
    "share": Column("float", "of all counted events, 0–1"),
    "cost": Column("float", "privacy cost of the set", nullable=True),
    "cost_name": Column("text", "what the cost is"),
    "sites": Column("text", "ids of the candidates, by ';'"),
    "proposed": Column("bool", "the set that is proposed"),
    "proven": Column("bool", "no set at this cost or less covers more; else time ran out"),
}

FRONTIER_SITES: Final = {
    "set_no": Column("int", "set of the frontier"),
    "candidate_id": Column("text", "candidate"),
    "site_id": Column("text", "proposal, where it is one", nullable=True),
    "events": Column("float", "expected events in its view"),
    "cost": Column("float", "its privacy cost", nullable=True),
    "geometry": Column("geometry", "Polygon or MultiPolygon, what it sees"),
}

CONSIDERED: Final = {
    "candidate_id": Column("text", "place considered and not proposed"),
    "hotspot_id": Column("text", "hot spot it stands in or nearest to", nullable=True),
    "events": Column("float", "expected events in its view"),
    "area_m2": Column("float", "area seen, m²"),
    "cost": Column("float", "privacy cost of its view", nullable=True),
    "reason": Column("text", "why it is not proposed"),
    "geometry": Column("geometry", "Point"),
}

CRIME_COUNTS: Final = {
    "site_id": Column("text", "proposal"),
    "months": Column("int", "length of the period back from its last day, months"),
    "first_date": Column("date", "first day counted"),
    "last_date": Column("date", "last day counted"),
    "whole": Column("bool", "the extract reaches back over the whole period"),
    "source": Column("category", "who reported; never summed", SOURCES),
    "offence_class": Column("category", "class of the principal offence", OFFENCE_CLASSES),
    "n_reports": Column("int", "distinct case numbers"),
    "n_offences": Column("int", "offences (brottsantal)"),
}

CRIME_PICTURE: Final = {
    "site_id": Column("text", "proposal"),
    "source": Column("category", "the source counted", SOURCES),
    "first_date": Column("date", "first day counted"),
    "last_date": Column("date", "last day counted"),
    "n_events": Column("int", "events of the counted classes and source in the coverage area"),
    "n_facade": Column("int", "of them booked on a house whose façade is in view"),
    "n_expected": Column("float", "expected events in view, by the points' uncertainty"),
    "n_use": Column("int", "events of own use, not in the other figures"),
    "n_days": Column("int", "distinct days with at least one event"),
    "longest_gap": Column("int", "longest run of days without any"),
    **counts("n_initiative", YES_NO, "found on police initiative"),
    "n_quarters": Column("int", "whole quarters followed"),
    "n_hot": Column("int", "of them in the top class"),
    "n_now": Column("int", "events in the last twelve months"),
    "n_before": Column("int", "events in the twelve months before"),
    "change": Column("float", "events now by events before", nullable=True),
    "change_low": Column("float", "95 % interval, lower end", nullable=True),
    "change_high": Column("float", "95 % interval, upper end", nullable=True),
    **counts("n_geocode", GEOCODE_CLASSES, "events by how the point was found"),
    "n_dropped": Column("int", "events on unconfirmed stacked points, not counted"),
    "stability": Column(
        "float", "share of runs with moved points its hot spot stays", nullable=True
    ),
    "n_known": Column("int", "events with a known hour"),
    "window_start": Column("int", "first hour of the smallest window", nullable=True),
    "window_hours": Column("int", "its hours a day", nullable=True),
    "window_share": Column("float", "known time it holds, 0–1", nullable=True),
    "efficiency": Column("float", "share of time by share of hours", nullable=True),
    "hours_week": Column("float", "proposed hours a week", nullable=True),
    "hours_share": Column("float", "known time within the proposed hours, 0–1", nullable=True),
    "hours_efficiency": Column("float", "that by their share of the week", nullable=True),
}

CRIME_TIMES: Final = {
    "site_id": Column("text", "proposal"),
    "weekday": Column("int", "0 is Monday"),
    "hour": Column("int", "0–23; 24 is without known hour"),
    "n": Column("float", "events, spread over the time they may have happened"),
}

COMPARISON: Final = {
    "site_id": Column("text", "proposal"),
    "kind": Column("category", "what it is compared with", COMPARED),
    "name": Column("text", "name of the place or area"),
    "n_events": Column("int", "events, same classes, source and period"),
    "area_ha": Column("float", "hectares"),
    "per_ha": Column("float", "events per hectare"),
    "rank": Column("int", "among the comparable places, 1 is densest", nullable=True),
    "n_compared": Column("int", "comparable places, itself included"),
    "named": Column("bool", "shown by name on the sheet"),
}

MEASURES_TRIED: Final = {
    "site_id": Column("text", "proposal"),
    "measure_id": Column("text", "number of the measure at the proposal, or its id in the list"),
    "kind": Column("text", "kind of measure"),
    "name": Column("text", "what was done", nullable=True),
    "first_date": Column("date", "first day", nullable=True),
    "last_date": Column("date", "last day; missing while it goes on", nullable=True),
    "responsible": Column("text", "function", nullable=True),
    "effect": Column("text", "what happened, as people say", nullable=True),
    "why_not_enough": Column("text", "as people say", nullable=True),
    "months": Column("int", "months counted before and after", nullable=True),
    "n_before": Column("int", "events before it began", nullable=True),
    "n_after": Column("int", "events after it ended, or since it began", nullable=True),
    "few": Column("bool", "too few to tell anything from"),
}

EVALUATION: Final = {
    "site_id": Column("text", "proposal"),
    "variant": Column("text", "view: the coverage polygon; margin: with a margin around it"),
    "role": Column("category", "treated polygon, buffer or control place", PLAN_ROLES),
    "place": Column("int", "number of the control place, else 0"),
    "fixed_date": Column("date", "day on which the plan was fixed"),
    "first_date": Column("date", "first day of the period before"),
    "last_date": Column("date", "last day of the period before"),
    "months_before": Column("int", "length of the period before"),
    "months_after": Column("int", "length of the period after"),
    "n_before": Column("int", "events in the period before"),
    "likeness": Column("float", "of a control place: 0 is equal, 1 as chance", nullable=True),
    "geometry": Column("geometry", "Polygon or MultiPolygon"),
}

EFFECTS: Final = {
    "site_id": Column("text", "proposal"),
    "variant": Column("text", "as of the plan"),
    "outcome": Column("text", "what is counted"),
    "n_treated": Column("int", "events before in the treated polygon"),
    "n_buffer": Column("int", "events before in the buffer"),
    "n_control": Column("int", "events before in all its control places"),
    "n_controls": Column("int", "control places"),
    "expected_after": Column("float", "treated events after, with no change"),
    "most_after": Column("int", "most events after that show an effect", nullable=True),
    "least_fall": Column("float", "smallest fall that could be shown, 0–1", nullable=True),
    "sentence": Column("text", "that in words"),
}

STATUS: Final = {
    "site_id": Column("text", "proposal"),
    "version": Column("int", "number of the version", nullable=True),
    "complete": Column("bool", "nothing is missing"),
    "n_missing": Column("int", "things missing"),
    "missing": Column("text", "what is missing, by ';'", nullable=True),
    "changed": Column("text", "what has changed since the version before, by ';'", nullable=True),
    "decided": Column("date", "day of the documented assessment", nullable=True),
    "review_date": Column("date", "to be reviewed at the latest", nullable=True),
}

REGISTER: Final = {
    "address": Column("text", "10 § 1: address or equivalent"),
    "place_type": Column("text", "10 § 2: type of place"),
    "purpose": Column("text", "10 § 3: purpose"),
    "technique": Column("text", "10 § 4: sound or other special technique"),
    "assessed": Column("text", "10 § 5: that an assessment was made, and date of the latest"),
}

CAMERAS: Final[Tables] = {
    "camera_views": VIEWS,
    "camera_sensitive": SENSITIVE_SEEN,
    "camera_masks": MASKS,
    "camera_alternatives": ALTERNATIVE,
    "camera_frontier": FRONTIER,
    "camera_frontier_sites": FRONTIER_SITES,
    "camera_considered": CONSIDERED,
    "camera_counts": CRIME_COUNTS,
    "camera_picture": CRIME_PICTURE,
    "camera_times": CRIME_TIMES,
    "camera_comparison": COMPARISON,
    "camera_measures": MEASURES_TRIED,
    "camera_evaluation": EVALUATION,
    "camera_effects": EFFECTS,
    "camera_status": STATUS,
    "camera_register": REGISTER,
}
