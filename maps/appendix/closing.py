"""The last pages: how good the data are, how it was counted, what it can't tell, and the words."""

from __future__ import annotations

from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import number, percent
from maps.appendix.model import Source
from maps.appendix.words import boundary_note, source_line
from maps.paper import Block, Bullets, Facts, Heading, Paragraph, Remark, Run, Table, Words


def quality(source: Source) -> list[Block]:
    """Return how good the data are."""
    facts = source.facts
    blocks: list[Block] = [Heading(_("Uppgifternas kvalitet"))]
    rows: list[tuple[Words, ...]] = []
    if facts.profile == "intern":  # outside the house totals of events stand in the tables only
        account = (
            ("rows_read", _("Rader i uttaget")),
            ("rows_kept", _("Behållna")),
            ("rows_rejected", _("Avvisade")),
            ("rows_duplicate", _("Dubbletter")),
            ("events", _("Händelser i uttaget")),
        )
        rows += [(text, number(facts.rows[key])) for key, text in account if key in facts.rows]
    rows += [
        (_("Läge känt som: {kind}").format(kind=label(kind)), percent(share))
        for kind, share in facts.map.geocode_shares.items()
    ]
    if rows:
        caption = _("Uttaget och hur väl lägen är kända")
        blocks.append(
            Table(
                (_("Uppgift"), _("Tal")),
                tuple(rows),
                caption=caption,
                note=source_line(source, origin=_("hela uttaget")),
            )
        )
    told = [boundary_note(facts)] if facts.moved else []
    told += facts.notices
    if told:
        blocks.append(Paragraph(Run(_("Att tänka på i just det här uttaget"), bold=True)))
        blocks.append(Bullets(tuple(dict.fromkeys(told))))
    return blocks


def method(source: Source) -> list[Block]:
    """Return how it was counted and what it can't tell."""
    facts = source.facts
    counted = [*facts.standing.method, *facts.settings]
    return [
        Heading(_("Metod")),
        Bullets(tuple(counted)),
        Heading(_("Begränsningar")),
        Bullets((*facts.standing.limits, *_left_out(source))),
        Remark(facts.map.caveat),
    ]


def _left_out(source: Source) -> list[str]:
    """Return what a reader looks for in vain, and why."""
    if source.facts.strategic:
        return []
    return [_("Hot spots och kameraplatser är inte med: de visas bara i den strategiska nivån.")]


def words_used(source: Source) -> list[Block]:
    """Return the glossary."""
    return [Heading(_("Ordlista")), Facts(source.facts.standing.terms)]
