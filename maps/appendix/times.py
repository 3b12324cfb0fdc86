"""When: the week by the hour inside the house, weekdays and parts of the day outside it."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from geodata.language import N_
from geodata.language import gettext as _
from maps.appendix.heat import WIDE_MM, heat_picture
from maps.appendix.leads import when_sentence
from maps.appendix.model import Source
from maps.appendix.words import count, source_line
from maps.paper import Block, Heading, Paragraph, Picture, Table
from maps.pictures.matrix import DAYS

PART_NAMES: Final = {
    "night": N_("natt, kl. 00–06"),
    "morning": N_("förmiddag, kl. 06–12"),
    "afternoon": N_("eftermiddag, kl. 12–18"),
    "evening": N_("kväll, kl. 18–24"),
    "unknown": N_("okänt klockslag"),
}


def times(source: Source) -> list[Block]:
    """Return when the events of the period happened."""
    facts = source.facts
    blocks: list[Block] = [Heading(_("Timme och veckodag"))]
    table = source.table("appendix_times")
    if table is None or table.empty:
        text = " ".join(source.notes("appendix_times"))
        return [*blocks, Paragraph(text or _("Händelserna är kända per månad: tider saknas."))]
    lead = when(source)
    blocks += [Paragraph(lead, lead=True)] if lead else []
    hours = table[table["by"].astype(str) == "hour"]
    if len(hours):
        svg, alt = heat_picture(_matrix(hours))
        caption = _("Händelser per timme och veckodag, {period}").format(period=facts.period)
        blocks.append(
            Picture(
                svg,
                alt=alt,
                caption=caption,
                width_mm=WIDE_MM,
                kind="figure",
                note=source_line(source),
            )
        )
    weekdays = table[table["by"].astype(str) == "weekday"].sort_values("weekday")
    parts = table[table["by"].astype(str) == "part"]
    if len(weekdays):
        rows = tuple(
            (_(DAYS[int(row["weekday"]) - 1][1]).capitalize(), _count(row))
            for row in weekdays.to_dict("records")
        )
        blocks.append(_table(source, _("Veckodag"), rows, _("Händelser per veckodag, {period}")))
    if len(parts):
        rows = tuple(
            (_(PART_NAMES[str(row["part"])]).capitalize(), _count(row))
            for row in parts.to_dict("records")
        )
        blocks.append(
            _table(source, _("Del av dygnet"), rows, _("Händelser per del av dygnet, {period}"))
        )
    notes = source.notes("appendix_times")
    if notes:
        blocks.append(Paragraph(" ".join(notes), small=True))
    return blocks


def when(source: Source) -> str:
    """Return in a sentence when most and fewest events happened; empty where that isn't known."""
    table = source.table("appendix_times")
    if table is None:
        return ""
    by, part = table["by"].astype(str), table["part"].astype(str)
    days = table[by == "weekday"].sort_values("weekday").to_dict("records")
    parts = table[(by == "part") & (part != "unknown")].to_dict("records")
    return when_sentence(
        [(_(DAYS[int(row["weekday"]) - 1][1]), _printed(row)) for row in days],
        [(_(PART_NAMES[str(row["part"])]), _printed(row)) for row in parts],
    )


def _matrix(hours: pd.DataFrame) -> np.ndarray:
    made = np.zeros((7, 25))
    made[hours["weekday"].to_numpy() - 1, hours["hour"].to_numpy()] = hours["n_events"]
    return made


def _count(row: dict) -> str:  # type: ignore[type-arg]
    return count(_printed(row), hidden=bool(row.get("hidden", False)))


def _printed(row: dict) -> float | None:  # type: ignore[type-arg]
    # Rounded as the door rounds them, so that both tiers print the same.
    value = row["n_events"]
    return None if pd.isna(value) else float(np.rint(float(value)))


def _table(source: Source, head: str, rows: tuple, caption: str) -> Table:  # type: ignore[type-arg]
    note = source_line(source, _("Tal avrundade till heltal."))
    return Table(
        (head, _("Händelser")),
        rows,
        caption=caption.format(period=source.facts.period),
        note=note,
    )
