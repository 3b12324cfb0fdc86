"""The tables of dog searches: the register, the need, the round and its results.

The unit is an entrance and its common areas. No table has a column for a door, a flat or a person.
All of them leave in ``intern`` only.
"""

from __future__ import annotations

from typing import Final

from geodata.schema import Column, Tables

SPACES: Final = (
    "stairwell",
    "basement_corridor",
    "storage_corridor",
    "laundry",
    "bike_room",
    "waste_room",
    "attic",
    "garage",
)
"""Common areas of a building; of stores the corridor only."""

TENURES: Final = ("rental", "cooperative", "other", "unknown")
REGISTER_SOURCES: Final = ("register", "entrances", "buildings")
CONSENTS: Final = ("valid", "none", "not_yet", "expired", "withdrawn", "unclear", "no_space")
"""Consent on the day of the round; an entrance is searched only with the first."""

RESULTS: Final = ("not_done", "no_alert", "alert", "find")
"""What a search of a space gave: not done, no alert, alert without find, find."""

HIT_LEVELS: Final = ("all", "area", "space", "area_space")
FAIRNESS_GROUPS: Final = ("owner", "area", "tenure")

REGISTER_COLUMNS: Final = {
    "entrance_id": Column("text", "id as in the register, or made of its place"),
    "register_source": Column(
        "category", "the register, or the layer it was made of", REGISTER_SOURCES
    ),
    "source_row": Column("int", "row of the register it first stood on", nullable=True),
    "address": Column("text", "street address without flat number", nullable=True),
    "property": Column("text", "property designation", nullable=True),
    "owner": Column("text", "property owner, an organisation", nullable=True),
    "contact_role": Column("text", "role to ask, never a person", nullable=True),
    "tenure": Column("category", "rental or cooperative", TENURES),
    "dwellings": Column("int", "dwellings reached by the entrance", nullable=True),
    "spaces": Column("text", "common areas, in the order of SPACES, by ';'; may be empty"),
    "access": Column("text", "how to get in: key, tag, locked", nullable=True),
    "consent": Column("category", "consent on the day of the round", CONSENTS),
    "consent_by": Column("text", "role that gave it, never a person", nullable=True),
    "consent_date": Column("date", "day it was given", nullable=True),
    "consent_spaces": Column("text", "spaces it covers, by ';'; may be empty"),
    "consent_valid_to": Column("date", "last day it holds; missing: no end", nullable=True),
    "consent_withdrawn": Column("date", "day it was withdrawn", nullable=True),
    "search_spaces": Column("text", "spaces that may be searched on the day, by ';'"),
    "informed_date": Column("date", "day the tenants were informed", nullable=True),
    "informed_channel": Column("text", "how they were informed", nullable=True),
    "owner_request": Column("date", "day the owner asked for a search", nullable=True),
    "area_id": Column("text", "decided area it stands in", nullable=True),
    "x_m": Column("float", "easting, metres"),
    "y_m": Column("float", "northing, metres"),
}

NEED_COLUMNS: Final = {
    "reports": Column("float", "reports in its common areas, shares of single ones added up"),
    "reports_weighted": Column("float", "the same, weighted by recency and certainty"),
    "around_rate": Column("float", "weighted reports per 100 dwellings in the neighbourhood"),
    "reports_expected": Column("float", "reports_weighted shrunk towards the neighbourhood"),
    "hit_factor": Column("float", "hit rate of its area and spaces by that of all, within limits"),
    "finds_weighted": Column("float", "earlier finds, weighted by recency"),
    "camera_nearness": Column("float", "0–1: how near the nearest camera stands, 1 at the camera"),
    "need_reports": Column("float", "points for reports: reports_expected × hit_factor"),
    "need_finds": Column("float", "points for earlier finds"),
    "need_camera": Column("float", "points for displacement from a camera"),
    "need_request": Column("float", "points for the owner's request"),
    "need": Column("float", "sum of the points"),
    "need_words": Column("text", "the points in words"),
    "n_searches": Column("int", "weeks in which any of its spaces was searched"),
    "last_search": Column("date", "Monday of the last of them", nullable=True),
}

ISSUES: Final = {
    "code": Column("text", "stable name of what there is to look at"),
    "row_number": Column("int", "row of the file, as a spreadsheet shows it", nullable=True),
    "entrance_id": Column("text", "entrance, where there is one", nullable=True),
    "detail": Column("text", "what was read"),
}

OWNERS: Final = {
    "owner": Column("text", "property owner"),
    "contact_role": Column("text", "role to ask", nullable=True),
    "n_properties": Column("int", "properties"),
    "n_entrances": Column("int", "entrances; 0: the owner stands in the register without any"),
    "n_valid": Column("int", "of these with valid consent on the day"),
    "n_informed": Column("int", "of these where tenants were informed"),
    "valid_to": Column("date", "first day on which a valid consent ends", nullable=True),
}

SEARCH_RESULTS: Final = {
    "entrance_id": Column("text", "entrance as in the register of results"),
    "known": Column("bool", "the entrance stands in the register of entrances"),
    "source_row": Column("int", "row of the file"),
    "space": Column("category", "common area", SPACES),
    "week": Column("text", "ISO week, '2025-W37'"),
    "week_start": Column("date", "its Monday"),
    "result": Column("category", "what the search gave", RESULTS),
    "minutes": Column("float", "length of the search, minutes", nullable=True),
    "performer": Column("text", "police or company", nullable=True),
    "to_police": Column("bool", "a find was passed to the police", nullable=True),
    "follow_up": Column("text", "what was done: lock, light, clearing", nullable=True),
}

SEARCH_HITS: Final = {
    "level": Column("category", "what the row counts", HIT_LEVELS),
    "area_id": Column("text", "area; missing: all, or outside all areas", nullable=True),
    "space": Column("text", "kind of space; missing: all", nullable=True),
    "n_searches": Column("int", "searches done: one space, one week"),
    "n_alerts": Column("int", "of these with an alert but no find"),
    "n_finds": Column("int", "of these with a find"),
    "rate": Column("float", "finds per search, shrunk towards all"),
    "rate_low": Column("float", "lower end of its 95 % interval"),
    "rate_high": Column("float", "upper end"),
    "prior_finds": Column("float", "finds that the prior counts for"),
    "prior_searches": Column("float", "searches that the prior counts for"),
}

SEARCH_FAIRNESS: Final = {
    "by": Column("category", "what the row is a group of", FAIRNESS_GROUPS),
    "group": Column("text", "owner, area or tenure; missing: unknown", nullable=True),
    "n_entrances": Column("int", "entrances of the group"),
    "n_eligible": Column("int", "of these with valid consent on the day, or searched before"),
    "n_searched": Column("int", "visits: entrances × weeks with at least one search"),
    "per_100": Column("float", "visits per 100 entrances"),
    "per_100_eligible": Column("float", "visits per 100 eligible entrances", nullable=True),
    "chance_low": Column("float", "visits that pure chance would give, lower end of 95 %"),
    "chance_mean": Column("float", "its mean"),
    "chance_high": Column("float", "its upper end"),
    "need_share": Column("float", "share of all need among the eligible, 0–1", nullable=True),
    "search_share": Column("float", "share of all visits, 0–1", nullable=True),
    "outside": Column("bool", "visits lie outside what chance gives"),
    "n_space_searches": Column("int", "searches of single spaces"),
    "n_finds": Column("int", "of these with a find"),
    "rate": Column("float", "finds per search, shrunk towards all", nullable=True),
    "rate_low": Column("float", "lower end of its 95 % interval", nullable=True),
    "rate_high": Column("float", "upper end", nullable=True),
}

ROUND_PARTS: Final = ("need", "drawn")
GROUP_KINDS: Final = ("owner", "area")

SEARCH_ROUND: Final = {
    "week": Column("text", "ISO week of the round, '2026-W48'"),
    "walk": Column("int", "walk, from 1"),
    "stop": Column("int", "place in the walk, from 1"),
    "entrance_id": Column("text", "entrance of search_entrances"),
    "address": Column("text", "street address without flat number", nullable=True),
    "property": Column("text", "property designation", nullable=True),
    "owner": Column("text", "property owner", nullable=True),
    "contact_role": Column("text", "role to ask, never a person", nullable=True),
    "area_id": Column("text", "decided area it stands in", nullable=True),
    "search_spaces": Column("text", "spaces consented to, by ';'"),
    "access": Column("text", "how to get in", nullable=True),
    "informed_date": Column("date", "day the tenants were informed", nullable=True),
    "part": Column("category", "taken by need, or drawn", ROUND_PARTS),
    "place": Column("int", "place in its part: by need, or by the draw"),
    "need": Column("float", "points of need"),
    "need_words": Column("text", "the points in words"),
    "last_search": Column("date", "Monday of the last week with a search", nullable=True),
    "draw": Column("float", "its number in the draw, 0–1"),
    "walk_m": Column("float", "walking from the stop before, metres"),
    "walk_min": Column("float", "the same in minutes"),
    "x_m": Column("float", "easting, metres"),
    "y_m": Column("float", "northing, metres"),
}

SEARCH_WALKS: Final = {
    "week": Column("text", "ISO week of the round"),
    "walk": Column("int", "walk, from 1"),
    "n_entrances": Column("int", "entrances"),
    "walking_m": Column("float", "walking between them, metres"),
    "walking_min": Column("float", "the same in minutes"),
    "bound_min": Column("float", "no order of these entrances takes less walking, minutes"),
    "minutes": Column("float", "the whole walk with start and searches"),
    "geometry": Column("geometry", "LineString"),
}

SEARCH_MINIMA: Final = {
    "kind": Column("category", "owner or area", GROUP_KINDS),
    "name": Column("text", "owner, or area_id"),
    "n_entrances": Column("int", "entrances of the register"),
    "n_able": Column("int", "of these that may be taken"),
    "least": Column("int", "least number wanted in the round"),
    "n_selected": Column("int", "taken"),
    "short": Column("int", "what is lacking"),
    "reason": Column("text", "no_consent, searched or others; empty when nothing is lacking"),
}

SEARCH_AREAS: Final = {
    "area_id": Column("text", "decided area; missing: outside all", nullable=True),
    "name": Column("text", "its name", nullable=True),
    "first_date": Column("date", "first day of the counted searches"),
    "last_date": Column("date", "last day of the counted searches"),
    "n_entrances": Column("int", "entrances of the register"),
    "n_valid": Column("int", "of these with valid consent"),
    "n_round": Column("int", "of these in the round"),
    "n_searches": Column("int", "searches done in these days: entrances × weeks"),
    "n_finds": Column("int", "of these with a find"),
}

POINT: Final = {"geometry": Column("geometry", "Point")}

REGISTER: Final[Tables] = {"register": {**REGISTER_COLUMNS, **POINT}}
"""The register before anything is weighed; what `geodata.register` returns."""

SEARCHES: Final[Tables] = {
    "search_entrances": {**REGISTER_COLUMNS, **NEED_COLUMNS, **POINT},
    "search_owners": OWNERS,
    "search_issues": ISSUES,
    "search_results": SEARCH_RESULTS,
    "search_hits": SEARCH_HITS,
    "search_fairness": SEARCH_FAIRNESS,
    "search_round": {**SEARCH_ROUND, **POINT},
    "search_walks": SEARCH_WALKS,
    "search_minima": SEARCH_MINIMA,
    "search_areas": SEARCH_AREAS,
}
