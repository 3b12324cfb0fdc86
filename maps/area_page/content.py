"""What stands on a page of the picture: the tables of one unit, in words and drawings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from geodata.evidence_report import MatrixReport
from geodata.labels import label
from geodata.language import day, ngettext, number, percent
from geodata.language import gettext as _
from geodata.schema import SOURCES
from maps.area_page.cells import (
    NONE,
    between,
    beyond_chance,
    figure,
    mean_before,
    places,
    ratio,
    week_count,
)
from maps.area_page.facts import PictureFacts, week_name
from maps.pictures.matrix import matrix_picture, scale
from maps.pictures.svg import tag
from maps.pictures.weeks import WeekBar, weeks_picture

SHOWN_WEEKS = 53

Tables = Mapping[str, pd.DataFrame]
WeekCells = Mapping[tuple[str, str, str, str], tuple[str, str, str]]


@dataclass(frozen=True)
class Now:
    """One source in the week now."""

    source: str
    week: str
    silent: bool
    before: str
    last_year: str
    drawing: Markup
    first: str
    last: str
    gaps: bool


@dataclass(frozen=True)
class Lines:
    """A table of one source: header and rows of texts; the first `words` columns are words."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Hours:
    """Hour by weekday of one source."""

    source: str
    drawing: Markup
    legend: tuple[tuple[Markup, str], ...]
    sentence: str
    caveat: str


def sources_of(tables: Tables, unit: str) -> list[str]:
    """Return the sources of a unit that have events anywhere, in order of the schema."""
    counts = tables["picture_counts"]
    there = set(counts.loc[counts["area_id"] == unit, "source"].astype("str"))
    return [source for source in SOURCES if source in there]


def now_cards(tables: Tables, unit: str, name: str) -> list[Now]:
    """Return the week now of each source, beside earlier weeks."""
    if "picture_now" not in tables:
        return []
    now, weeks = tables["picture_now"], tables["picture_weeks"]
    cards = []
    for i, source in enumerate(sources_of(tables, unit), start=1):
        row = _one(now, unit, source)
        own = weeks[(weeks["area_id"] == unit) & (weeks["source"] == source)]
        own = own.sort_values("week_start").tail(SHOWN_WEEKS)
        n = len(own)
        bars = [
            WeekBar(
                _("v. {week} {year}").format(week=week, year=year),
                int(count),
                str(status),
                compared=at == 0 or n - 5 <= at < n - 1,
            )
            for at, (year, week, count, status) in enumerate(
                zip(own["iso_year"], own["iso_week"], own["n_events"], own["status"], strict=True)
            )
        ]
        title = _("{source} per vecka, {name}").format(source=label(source), name=name)
        cards.append(
            Now(
                source=label(source),
                week=week_count(row["n_week"]),
                silent=bool(pd.isna(row["n_week"])),
                before=mean_before(int(row["n_previous"]), int(row["previous_weeks"])),
                last_year=week_count(row["n_last_year"]),
                drawing=weeks_picture(f"weeks-{i}", title, bars),
                first=bars[0].name,
                last=bars[-1].name,
                gaps=any(bar.status == "no_report" for bar in bars),
            )
        )
    return cards


def now_cells(tables: Tables) -> WeekCells | None:
    """Return the three cells of the week by area, source, by and value; ``None`` without weeks."""
    now = tables.get("picture_now")
    if now is None:
        return None
    keys = zip(now["area_id"], now["source"], now["by"], now["value"], strict=True)
    weeks = zip(now["n_previous"], now["previous_weeks"], strict=True)
    cells = zip(
        map(week_count, now["n_week"]),
        [mean_before(int(total), int(n)) for total, n in weeks],
        map(week_count, now["n_last_year"]),
        strict=True,
    )
    return dict(zip(keys, cells, strict=True))


def area_lines(tables: Tables, week: WeekCells | None) -> list[Lines]:
    """Return a table of all units for each source."""
    counts, units = tables["picture_counts"], tables["picture_areas"]
    made = []
    for source in sources_of(tables, "*"):
        own = counts[(counts["source"] == source) & (counts["by"] == "all")].set_index("area_id")
        own = own.loc[units["area_id"]]
        wide, deep = places(own["per_1000"]), places(own.loc[own["unit"] == "area", "per_ha"])
        with_people = bool(own["per_1000"].notna().any())
        shrunk = bool(own["shrunk"].notna().any())
        header = [_("Område")]
        if week is not None:
            header += [_("Veckan"), _("Snitt 4 v. före"), _("Samma v. i fjol")]
        header += [_("Händelser"), _("Andel")]
        header += [_("Per 1 000 inv. och år"), _("95 % intervall")] if with_people else []
        header += [_("Utjämnat")] if shrunk else []
        header += [_("Per hektar och år")]
        rows = []
        for area, name, unit in zip(units["area_id"], units["name"], units["unit"], strict=True):
            row = own.loc[area]
            if unit == "unplaced" and row["n_events"] == 0:
                continue
            cells = [str(name), *(week[area, source, "all", "all"] if week else ())]
            cells += [number(int(row["n_events"])), _share(row["share"])]
            if with_people:
                cells += [figure(row["per_1000"], wide), _range(row, "per_1000", wide)]
            if shrunk:
                cells += [figure(row["shrunk"], wide) if unit == "area" else NONE]
            rows.append((*cells, figure(row["per_ha"], deep)))
        strong = tuple(i == 0 for i in range(len(rows)))  # the whole stands first
        made.append(Lines(label(source), tuple(header), tuple(rows), strong))
    return made


def kind_lines(tables: Tables, unit: str, by: str, week: WeekCells | None) -> list[Lines]:
    """Return a table of a unit's classes or kinds of space for each source."""
    counts = tables["picture_counts"]
    made = []
    for source in sources_of(tables, unit):
        own = counts[(counts["area_id"] == unit) & (counts["source"] == source)]
        own = own[(own["by"] == by) & ((own["n_events"] > 0) | (_whole(counts, own, by, source)))]
        own = own.sort_values(["n_events", "value"], ascending=[False, True], kind="stable")
        if own.empty or set(own["value"]) == {"unknown"}:
            continue  # nothing known is nothing to tell apart
        digits = places(own["per_1000"])
        with_people = bool(own["per_1000"].notna().any())
        rest = bool(own["rest_ratio_low"].notna().any())
        header = [_("Typ av brott") if by == "class" else _("Typ av plats")]
        if week is not None:
            header += [_("Veckan"), _("Snitt 4 v. före"), _("Samma v. i fjol")]
        header += [_("Händelser"), _("Brott"), _("Andel av kommunen")]
        header += [_("Per 1 000 inv. och år"), _("95 % intervall")] if with_people else []
        header += [_("Mot resten av kommunen")] if rest else []
        rows = []
        for _at, row in own.iterrows():
            cells = [label(row["value"])]
            cells += week[unit, source, by, row["value"]] if week else ()
            cells += [number(row["n_events"]), number(row["n_offences"]), _share(row["share"])]
            if with_people:
                cells += [figure(row["per_1000"], digits), _range(row, "per_1000", digits)]
            rows.append((*cells, *([ratio(row, "rest_ratio") or NONE] if rest else [])))
        if unit == "*":  # all of it is all of it
            at = header.index(_("Andel av kommunen"))
            header.pop(at)
            rows = [row[:at] + row[at + 1 :] for row in rows]
        made.append(Lines(label(source), tuple(header), tuple(rows)))
    return made


def comparison(tables: Tables, unit: str) -> list[str]:
    """Return how an area compares with the rest and with areas like it, a sentence a source."""
    counts = tables["picture_counts"]
    peers = tables["picture_peers"]
    names = peers.loc[peers["area_id"] == unit].sort_values("rank")["peer_name"].tolist()
    told = []
    for source in sources_of(tables, unit):
        row = _one(counts, unit, source)
        per = _("per invånare") if row["ratio_per"] == "inhabitants" else _("per hektar")
        for column, other in (
            ("rest_ratio", _("resten av kommunen")),
            ("peer_ratio", _("jämförbara områden")),
        ):
            words = ratio(row, column)
            if not words:
                continue
            sure = "" if beyond_chance(row, column) else _(" Skillnaden är inte säkerställd.")
            text = _("{source}, {per}: {ratio} så många som i {other}.{sure}")
            told.append(
                text.format(source=label(source), per=per, ratio=words, other=other, sure=sure)
            )
    if names:
        told.append(_("Jämförbara områden: {names}.").format(names=", ".join(names)))
    elif told:
        told.append(_("Inget område är tillräckligt likt för att jämföras med."))
    return told


def hour_pictures(tables: Tables, unit: str, facts: PictureFacts) -> list[Hours]:
    """Return hour by weekday of each source with events of known day."""
    if "picture_hours" not in tables:
        return []
    table = tables["picture_hours"]
    made = []
    for i, source in enumerate(sources_of(tables, unit), start=1):
        own = table[(table["area_id"] == unit) & (table["source"] == source)]
        if own.empty:
            continue
        matrix = np.zeros((7, 25))
        matrix[own["weekday"] - 1, own["hour"]] = own["weight"]
        known = float(matrix[:, :24].sum())
        total = float(matrix.sum())
        sentence = _("{known} av {n} händelser har känt klockslag.").format(
            known=number(round(known)), n=number(round(total))
        )
        caveat = facts.caveats.get(source, "")
        report = MatrixReport(label(source), matrix, "", (), sentence, caveat)
        legend = tuple(
            (
                tag("svg", tag("rect", width="100%", height="100%", fill=colour), class_="swatch"),
                text,
            )
            for colour, text in scale(matrix).legend()
        )
        drawing = matrix_picture(f"hours-{i}", report)
        made.append(Hours(label(source), drawing, legend, sentence, caveat))
    return made


def coverage_span(facts: PictureFacts) -> str:
    """Return the days of the week now."""
    if facts.week is None:
        return ""
    sunday = facts.week + timedelta(days=6)
    return _("{week}, {first} – {last}").format(
        week=week_name(facts.week), first=day(facts.week), last=day(sunday)
    )


def lead(cards: list[Now], tables: Tables, unit: str) -> str:
    """Return the week in one sentence, source by source."""
    if cards:
        told = [f"{card.source} {card.week}" for card in cards]
        return _("Veckan: {told}.").format(told=", ".join(told))
    counts = tables["picture_counts"]
    told = []
    for source in sources_of(tables, unit):
        n = int(_one(counts, unit, source)["n_events"])
        told.append(
            ngettext("{n} händelse ({source})", "{n} händelser ({source})", n).format(
                n=number(n), source=label(source)
            )
        )
    return _("{told} under perioden.").format(told=", ".join(told))


def _one(table: pd.DataFrame, unit: str, source: str) -> Any:  # noqa: ANN401 (a row of a table)
    rows = table[(table["area_id"] == unit) & (table["source"] == source) & (table["by"] == "all")]
    return rows.iloc[0]


def _whole(counts: pd.DataFrame, own: pd.DataFrame, by: str, source: str) -> pd.Series[bool]:
    """Return which values have events somewhere in the municipality in the period."""
    whole = counts[(counts["area_id"] == "*") & (counts["source"] == source) & (counts["by"] == by)]
    there = set(whole.loc[whole["n_events"] > 0, "value"])
    return own["value"].isin(there)


def _swatch(colour: str) -> Markup:
    whole = tag("rect", width="100%", height="100%", fill=colour)
    return tag("svg", whole, class_="swatch", aria_hidden="true")


def _share(value: float) -> str:
    return NONE if pd.isna(value) else percent(value, 0 if value >= 0.1 or value == 0 else 1)


def _range(row: Any, name: str, decimals: int) -> str:  # noqa: ANN401 (a row of a table)
    return between(row[f"{name}_low"], row[f"{name}_high"], decimals)
