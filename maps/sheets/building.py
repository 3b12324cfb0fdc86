"""A whole sheet from its facts."""

from __future__ import annotations

import hashlib

import numpy as np
import shapely

from geodata.language import gettext as _
from maps.paper import Beside, Block, Bullets, Paragraph, Run
from maps.sheets.area import (
    alternatives,
    evaluation,
    intrusion,
    map_of,
    speaks_against,
)
from maps.sheets.crime import crime, speaks_for
from maps.sheets.model import Section, Sheet, SheetFacts
from maps.sheets.people import decision, identity, measures, problem


def build_sheet(facts: SheetFacts) -> Sheet:
    """Put a proposal into words, sections A to G.

    Parameters
    ----------
    facts
        What is known of it.

    Raises
    ------
    ValueError
        For another profile than ``intern``: a sheet shows where a camera would stand.
    """
    if facts.profile != "intern":
        msg = f"camera sheets are for intern, not for {facts.profile}"
        raise ValueError(msg)
    balance: list[Block] = []
    if len(facts.table("camera_alternatives")):
        balance.append(Paragraph(_("Alternativen står sida vid sida på första sidan.")))
    balance += decision(facts, speaks_for(facts), speaks_against(facts))
    sections = (
        identity(facts),
        problem(facts),
        crime(facts),
        measures(facts),
        intrusion(facts),
        Section("F", _("Avvägning och beslut"), tuple(balance)),
        evaluation(facts),
    )
    law = facts.law
    return Sheet(
        site_id=facts.site_id,
        place=facts.name,
        title=_("Underlag för kameraplats {id}, {name}").format(id=facts.site_id, name=facts.name),
        complete=not facts.missing,
        missing=tuple((one.section, one.text) for one in facts.missing),
        overview=_overview(facts),
        sections=sections,
        project=facts.project,
        extract_date=facts.extract_date,
        profile=facts.profile,
        synthetic=facts.synthetic,
        header=law.text("header"),
        notes=(
            law.text("no_verdict"),
            law.text("keep"),
            law.text("dpia"),
            law.text("storage_rule"),
        ),
        shape=_shape(facts),
    )


def _overview(facts: SheetFacts) -> tuple[Block, ...]:
    """Return the first page: what is seen, the figures that weigh most, the other ways."""
    figures: list[Block] = []
    for head, lines in (
        (_("Brottsbild"), speaks_for(facts)),
        (_("Område och intrång"), speaks_against(facts)),
    ):
        if lines:
            figures += [Paragraph(Run(head, bold=True)), Bullets(lines)]
    blocks: list[Block] = []
    picture, table = map_of(facts), alternatives(facts)
    if picture is not None:
        blocks.append(Beside((picture,), tuple(figures), share=0.62))
    else:
        blocks += figures
    if table is not None:
        blocks.append(table)
    return tuple(blocks)


def _shape(facts: SheetFacts) -> str:
    """Return a digest of the coverage polygon and the masks, to the centimetre."""
    digest = hashlib.sha256()
    for name in ("camera_views", "camera_masks"):
        table = facts.table(name)
        if len(table):
            corners = np.round(shapely.get_coordinates(table.geometry.to_numpy()), 2)
            digest.update(corners.astype("<f8").tobytes())
    return digest.hexdigest()[:16]
