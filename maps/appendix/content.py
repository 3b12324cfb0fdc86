"""The whole appendix: its chapters in order, as a paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from geodata.disclosure import Released
from geodata.language import day
from geodata.language import gettext as _
from maps.appendix.change import change
from maps.appendix.closing import method, quality, words_used
from maps.appendix.cover import cover, summary
from maps.appendix.model import AppendixFacts, Source, tier_name
from maps.appendix.places import areas
from maps.appendix.promise import promise
from maps.appendix.searches import searches
from maps.appendix.spots import cameras, hotspots
from maps.appendix.times import times
from maps.paper import Paper

if TYPE_CHECKING:
    from maps.printed import Backdrop, PrintOptions


def appendix_paper(
    released: Mapping[str, Released],
    backdrop: Backdrop,
    facts: AppendixFacts,
    options: PrintOptions,
) -> Paper:
    """Return an appendix.

    Parameters
    ----------
    released
        ``areas``, ``hotspots``, ``search_areas`` and the tables of `geodata.appendix_tables`, all
        released to the profile of `facts`.
    backdrop
        The project's own layers.
    facts, options
        What is told beside the tables; the settings of printed maps.

    Raises
    ------
    ValueError
        If the normative tier is asked for another profile than ``publik``, or a table was released
        for another profile than that of `facts`.
    """
    if facts.tier == "normative" and facts.profile != "publik":
        msg = f"the normative tier is for publik, not for {facts.profile}"
        raise ValueError(msg)
    strange = [n for n, one in released.items() if one.profile != facts.profile]
    if strange:
        msg = f"tables released for another profile than {facts.profile}: {strange}"
        raise ValueError(msg)
    source = Source(released, backdrop, facts, options)
    chapters = [cover, summary, areas, change]
    chapters += [hotspots] if facts.strategic else []
    chapters += [times]
    chapters += [cameras] if facts.strategic else []
    chapters += [searches, promise, quality, method, words_used]
    blocks = tuple(block for chapter in chapters for block in chapter(source))
    return Paper(
        title=title(facts),
        profile=facts.profile,
        blocks=blocks,
        subtitle=f"{facts.map.project}. {tier_name(facts.tier)}",
        footer=_footer(facts),
        synthetic=facts.map.synthetic,
    )


def title(facts: AppendixFacts) -> str:
    """Return the name of an appendix."""
    return _("Kartbilaga {period}").format(period=facts.period)


def _footer(facts: AppendixFacts) -> str:
    parts = [facts.map.software]
    if facts.map.extract_date is not None:
        parts.append(_("uttag {day}").format(day=day(facts.map.extract_date)))
    if facts.unfinished:
        parts.append(_("perioden är inte slut i uttaget"))
    return ", ".join(part for part in parts if part)
