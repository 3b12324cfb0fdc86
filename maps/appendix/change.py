"""The change of each area, with its intervals and what can be said of it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from geodata.language import gettext as _
from geodata.language import percent
from maps.appendix.model import Source
from maps.appendix.words import (
    boundary_note,
    capital,
    count,
    interval_text,
    no_comparison,
    noun,
    ratio_percent,
    source_line,
    state_text,
    unknown,
)
from maps.paper import Block, Heading, Paragraph, Remark, Table

MOVED_SHARE: Final = 0.05
"""Difference in the share on a default address from which a reader is warned."""

_DASH: Final = "–"


def change(source: Source) -> list[Block]:
    """Return the change of each area, with intervals and what can be said."""
    facts, table = source.facts, source.table("appendix_change")
    blocks: list[Block] = [Heading(_("Förändring mot {period}").format(period=facts.compared))]
    if not facts.compared:
        blocks = [Heading(_("Förändring"))]
        return [*blocks, Paragraph(no_comparison())]
    if table is None:
        return [*blocks, Paragraph(" ".join(source.notes("appendix_change")))]
    text = _(
        "En förändring är säkerställd först när intervallet inte innehåller ±0 %. Anmälningar "
        "följer också polisens arbete, så en säkerställd förändring säger inte varför."
    )
    blocks.append(Paragraph(text))
    keys = ["source", "what"]
    order = table.drop_duplicates(keys)[keys].astype(str).itertuples(index=False, name=None)
    for name, what in sorted(order, key=lambda one: one[1] != "counted"):
        own = table[(table["source"].astype(str) == name) & (table["what"].astype(str) == what)]
        blocks.append(_change_table(source, own, noun(facts, name, what)))
        moved = _moved_share(own)
        blocks += [Remark(moved, kind="warning")] if moved else []
    notes = source.notes("appendix_change")
    if notes:
        blocks.append(Paragraph(" ".join(notes), small=True))
    return blocks


def _moved_share(own: pd.DataFrame) -> str:
    """Return a warning where another share of the events stands on a default address than before.

    Such events are of no area: when more are recorded there, all areas have fewer.
    """
    units = own.set_index(own["unit"].astype(str))
    if not {"whole", "unplaced"} <= set(units.index):
        return ""
    shares = []
    for column in ("n_before", "n_now"):
        pair = units.loc[["unplaced", "whole"], column].astype("Float64")
        part, whole = pair.to_numpy("float64", na_value=float("nan")).tolist()
        if not (whole > 0 and part >= 0):
            return ""  # hidden or not known
        shares.append(part / whole)
    before, now = shares
    if abs(now - before) < MOVED_SHARE:
        return ""
    return _(
        "{now} av händelserna står på en förvald adress, mot {before} i perioden före: skillnader "
        "för områdena kan bero på hur läget har registrerats."
    ).format(now=percent(now), before=percent(before))


def _change_table(source: Source, own: pd.DataFrame, what: str) -> Table:
    facts = source.facts
    if not (own["unit"].astype(str) == "area").any():
        own = own[own["unit"].astype(str) != "outside"]
    last = own["unit"].astype(str) == "whole"
    ordered = pd.concat([own[~last], own[last]])
    rows = []
    for _i, row in ordered.iterrows():
        hidden = bool(row.get("hidden", False))
        ratio = ratio_percent(float(row["ratio"])) if pd.notna(row["ratio"]) else _DASH
        rows.append(
            (
                str(row["name"]),
                count(row["n_before"], hidden=hidden)
                if pd.notna(row["n_before"]) or hidden
                else unknown(),
                count(row["n_now"], hidden=hidden),
                ratio,
                interval_text(row["ratio_low"], row["ratio_high"]),
                state_text(str(row["source"]), row["state"]),
            )
        )
    header = (
        _("Område"),
        facts.compared,
        facts.period,
        _("Förändring"),
        _("Intervall, 95 %"),
        _("Bedömning"),
    )
    caption = _("{what}: {now} mot {before}").format(
        what=capital(what), now=facts.period, before=facts.compared
    )
    return Table(
        header,
        tuple(rows),
        caption=caption,
        note=source_line(
            source, boundary_note(facts), origin=str(own["source"].astype(str).iloc[0])
        ),
        total=bool(last.any()),
        widths=(0.2, 0.1, 0.1, 0.14, 0.2, 0.26),
    )
