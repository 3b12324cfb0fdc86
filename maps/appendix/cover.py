"""The first pages: what the appendix is, what weakens it, its contents, and it all in short."""

from __future__ import annotations

from geodata.disclosure import marking
from geodata.labels import label
from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from maps.appendix.leads import where
from maps.appendix.model import Source
from maps.appendix.promise import known_items
from maps.appendix.times import when
from maps.appendix.words import (
    boundary_note,
    change_sentence,
    no_comparison,
    place_text,
    unknown,
)
from maps.paper import Block, Bullets, Contents, Facts, Heading, Paragraph, Remark, Words


def cover(source: Source) -> list[Block]:
    """Return what stands first."""
    facts = source.facts
    taken = facts.map.extract_date
    compared = facts.compared or _("ingen: uttaget når inte till året före")
    pairs: list[tuple[str, Words]] = [
        (_("Period"), _("{first} – {last}").format(first=day(facts.first), last=day(facts.last))),
        (_("Jämförs med"), compared),
        (_("Uttagsdatum"), day(taken) if taken is not None else unknown()),
        (_("Räknas"), facts.map.counted),
        (_("Profil"), marking(facts.profile)),
    ]
    if named := _sources(source):
        pairs.append((_("Källor"), "; ".join(one.rstrip(".") for one in named)))
    blocks: list[Block] = [
        Paragraph(facts.standing.purpose[facts.tier]),
        Facts(tuple(pairs)),
        Remark(facts.map.caveat),
    ]
    blocks += [Remark(text, kind="warning") for text in _warnings(source)]
    blocks.append(Contents(depth=1))
    return blocks


def _sources(source: Source) -> tuple[str, ...]:
    """Return what the figures and maps are made of; who told of the events always among them."""
    facts, counts = source.facts, source.table("appendix_counts")
    if facts.profile == "intern" or counts is None:  # inside the house the files are named
        return facts.map.sources
    told = ", ".join(label(name) for name in dict.fromkeys(counts["source"].astype(str)))
    return (_("Händelser: {files}.").format(files=told), *facts.map.sources)


def _warnings(source: Source) -> list[str]:
    facts = source.facts
    told = []
    if facts.unfinished:
        text = _(
            "Perioden {period} är inte slut i uttaget. Bilagan gäller till och med {last} och "
            "jämförs med samma dagar tidigare år."
        )
        told.append(text.format(period=facts.period, last=day(facts.last)))
    elif facts.early_days == 0:
        told.append(_("Uttaget är gjort dagen då perioden slutar. Sena rapporter kan saknas."))
    elif facts.early_days is not None:
        text = ngettext(
            "Uttaget är gjort {n} dag efter periodens slut. Sena rapporter kan saknas.",
            "Uttaget är gjort {n} dagar efter periodens slut. Sena rapporter kan saknas.",
            facts.early_days,
        )
        told.append(text.format(n=number(facts.early_days)))
    if boundary_note(facts):
        told.append(boundary_note(facts))
    areas = source.table("areas")
    if areas is not None:
        loose = areas.loc[
            areas["kind"].astype(str).eq("est_area") & ~areas["authoritative"].astype(bool), "name"
        ]
        if len(loose):
            text = _("Preliminära gränser, inte de beslutade: {names}.")
            told.append(text.format(names=", ".join(dict.fromkeys(loose.astype(str)))))
    return told


def summary(source: Source) -> list[Block]:
    """Return the appendix in short."""
    facts = source.facts
    points: list[str] = []
    table = source.table("appendix_change")
    if table is not None:
        own = table[table["what"].astype(str) == "counted"]
        rows = own[own["unit"].astype(str).isin(("whole", "area"))]
        points += [
            change_sentence(facts, row, place_text(str(row["unit"]), str(row["name"])))
            for _i, row in rows.iterrows()
        ]
        points += [] if facts.compared else [no_comparison()]
    points += [lead for lead in (where(source), when(source)) if lead]
    spots = source.table("hotspots") if facts.strategic else None
    if spots is not None:
        n = len(spots)
        lasting = int((spots["persistence"].astype(str) == "chronic").sum())
        text = ngettext(
            "{n} hot spot under perioden, varav {m} ihållande.",
            "{n} hot spots under perioden, varav {m} ihållande.",
            n,
        )
        points.append(text.format(n=number(n), m=number(lasting)))
    told = known_items(source)
    text = _("Av medborgarlöftets {n} punkter har {m} någon uppgift om vad som är gjort.")
    points.append(text.format(n=number(len(facts.items)), m=number(told)))
    return [Heading(_("Sammanfattning")), Bullets(tuple(points))]
