"""The door: every table that leaves, leaves through here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import pandas as pd

from geodata import schema
from geodata.all_tables import ALL_TABLES
from geodata.disclosure.options import PROFILES, DisclosureOptions, Profile, weaker
from geodata.disclosure.otherrules import COUNT_TABLES
from geodata.disclosure.released import DOOR, Released
from geodata.disclosure.rules import RULES
from geodata.evidence_tables import EVIDENCE
from geodata.files.titles import title
from geodata.language import gettext as _
from geodata.picture_tables import PICTURE

if TYPE_CHECKING:
    from geodata.disclosure.counted import CountedEvents
    from geodata.disclosure.hiding import Known
    from geodata.disclosure.joint import Joint
    from geodata.disclosure.squares import ReleasedLayer

_NOTHING: Final[Known] = {}
PUBLIC_WITHHELD: Final = ("feedback", "picture_counts")
"""Counted over weeks that end any day: publicly, nothing nearer than a quarter is told."""


def release(
    table: pd.DataFrame | None, name: str, profile: Profile, options: DisclosureOptions
) -> Released:
    """Let through what a profile may see of one table that nothing else is published beside.

    Parameters
    ----------
    table
        A table of `geodata.all_tables.ALL_TABLES`; ``None`` when there is none to show.
    name
        Its name there.
    profile
        ``intern``: everything. ``samverkan``: no rows of single events, no points; hot spots and
        grid with small counts hidden. ``publik``: areas, and a coarse grid in classes.
    options
        The limits.

    Returns
    -------
    Released
        ``table`` is a new table without index or attributes of the old one. Rows and their order
        are kept except where a note says otherwise. In ``samverkan`` and ``publik`` counts are
        ``Int64`` with ``NA`` for hidden, and a column ``hidden`` (bool) tells which rows have such.

    Raises
    ------
    ValueError
        If the table or the profile is unknown: there is no rule, so nothing passes.
    SchemaError
        If the table has other columns than its description.
    """
    return release_together({name: table}, profile, options)[name]


def release_together(
    tables: Mapping[str, pd.DataFrame | None],
    profile: Profile,
    options: DisclosureOptions,
    *,
    earlier: Known = _NOTHING,
    counted: CountedEvents | None = None,
) -> dict[str, Released]:
    """Let through what a profile may see of several tables that are published together.

    Tables of counts (`geodata.disclosure.otherrules.COUNT_TABLES`) are protected as one: what one
    of them hides can't be had from the others, from sums or differences of their numbers, nor from
    earlier editions. All that one edition publishes must go through in one call.

    Parameters
    ----------
    tables
        Tables by name; ``None`` where there is none to show.
    profile, options
        As of `release`.
    earlier
        What the reader has already: `geodata.disclosure.ledger.read_earlier`.
    counted
        What ``grid`` and ``hotspots`` count; needed where tables of counts are beside them.

    Returns
    -------
    dict
        Name → `Released`, whose ``published`` is what `geodata.disclosure.ledger.write_published`
        keeps for the next edition.

    Raises
    ------
    ValueError, SchemaError
        As of `release`; also if two tables tell different counts of the same thing.
    """
    unknown = sorted(set(tables) - set(ALL_TABLES))
    if unknown or profile not in PROFILES:
        msg = f"no rule of disclosure for tables {unknown} or profile {profile!r}"
        raise ValueError(msg)
    clean: dict[str, pd.DataFrame] = {}
    for name, table in tables.items():
        if table is not None and _may_leave(name, profile):
            schema.check(table, name, tables=ALL_TABLES)
            clean[name] = table.reset_index(drop=True)
            clean[name].attrs = {}
    counts = {} if profile == "intern" else clean
    from geodata.disclosure.joint import release_counts

    joint = release_counts(
        {n: t for n, t in counts.items() if n in COUNT_TABLES or n == "picture_areas"},
        profile,
        options,
        earlier=earlier,
    )
    layers = _layers(clean, joint, profile, options, earlier, counted)
    told = weaker(profile, options)
    released: dict[str, Released] = {}
    for name, table in tables.items():
        if name not in clean:
            why = () if table is None else (_why_withheld(name, profile),)
            released[name] = Released(name, None, profile, why, door=DOOR)
            continue
        if name in joint.tables:
            shown, notes = joint.tables[name], joint.notes.get(name, ())
        elif name in layers:
            shown, notes = layers[name].table, layers[name].notes
        else:
            shown, notes = RULES[name, profile](clean[name], options)
        own, kept = joint.published.get(name, {}), joint.hidden.get(name, frozenset())
        ends = layers[name].bounds if name in layers else {}
        released[name] = Released(name, shown, profile, (*notes, *told), own, kept, ends, door=DOOR)
    return released


def _layers(
    clean: Mapping[str, pd.DataFrame],
    joint: Joint,
    profile: Profile,
    options: DisclosureOptions,
    earlier: Known,
    counted: CountedEvents | None,
) -> Mapping[str, ReleasedLayer]:
    """Let grid and hot spots through the rules of their own, and past what the tables hide."""
    if profile == "intern" or counted is None:
        return {}
    from geodata.disclosure.squares import release_layers

    shown = {
        name: RULES[name, profile](clean[name], options)
        for name in ("hotspots", "grid")
        if name in clean
    }
    return release_layers(shown, clean, joint, profile, options, earlier, counted)


def inside_only(name: str, profile: Profile) -> bool:
    """Return whether a table has no rule for a profile, so that none of it ever leaves."""
    return not _may_leave(name, profile)


def _may_leave(name: str, profile: Profile) -> bool:
    if profile == "publik" and name in PUBLIC_WITHHELD:
        return False
    return (name, profile) in RULES or name in COUNT_TABLES


def _why_withheld(name: str, profile: Profile) -> str:
    texts = {
        "incidents": _("Enskilda händelser lämnas bara ut internt."),
        "rejected": _("Avvisade rader lämnas bara ut internt."),
        "places": _("Platser med adress eller läge lämnas bara ut internt."),
        "hotspots": _(
            "Hot spots visas inte publikt: en gräns runt några få adresser pekar ut dem."
        ),
        "camera_sites": _("Föreslagna kameraplatser lämnas bara ut internt."),
        "search_sites": _("Föreslagna platser för hundsök lämnas bara ut internt."),
    }
    if profile == "publik" and name in PUBLIC_WITHHELD:
        return _(
            "Tabellen ”{name}” visas inte publikt: den räknar över veckor, och publikt visas inga "
            "närmare tider än kvartal."
        ).format(name=title(name))
    if name in PICTURE:
        return _("Lägesbildens tabeller lämnas bara ut internt.")
    if name in EVIDENCE:
        return _("Prövningen av hot spots lämnas bara ut internt.")
    return texts.get(name) or _("Tabellen ”{name}” lämnas bara ut internt.").format(
        name=title(name)
    )
