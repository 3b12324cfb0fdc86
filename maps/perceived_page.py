"""The page of perceived safety: what people feel beside what is reported, never added up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from markupsafe import Markup

from geodata.disclosure import Released
from geodata.labels import label
from geodata.language import day, number, percent
from geodata.language import gettext as _
from maps.area_page.facts import PictureFacts
from maps.layers.areas import STRONG, valid_on
from maps.layers.perceived import BIVARIATE, class_words, disagreement_words
from maps.pictures.bivariate import Piece, bivariate_legend, bivariate_map, piece_words
from maps.sheet import render

DIFFER = ("unsafe_few_reports", "safe_many_reports")
SOME = 10
"""Answers under which a figure is marked as resting on few."""


@dataclass(frozen=True)
class _Row:
    mark: str
    cell: str
    name: str
    unsafe: str
    safe: str
    reported: str
    few: bool


@dataclass(frozen=True)
class _Area:
    name: str
    colour: str
    classes: str
    answers: str
    unsafe: str
    between: str
    reported: str
    verdict: str


@dataclass(frozen=True)
class _Question:
    title: str
    rows: tuple[_Area, ...]
    drawing: Markup


def perceived_html(
    released: Mapping[str, Released],
    areas: Released,
    facts: PictureFacts,
    *,
    source: str,
    on: date,
) -> str:
    """Make the page of perceived safety.

    Parameters
    ----------
    released
        ``perceived_cells`` and ``perceived_areas``, those that there are.
    areas
        Table ``areas``, for outlines and names.
    facts
        What is said beside the figures.
    source
        Whose reports the answers are held against.
    on
        The day whose boundaries count.

    Raises
    ------
    ValueError
        For another profile than ``intern``.
    """
    if facts.profile != "intern" or any(one.profile != "intern" for one in released.values()):
        msg = f"the page of perceived safety is for intern, not for {facts.profile}"
        raise ValueError(msg)
    outlines = _outlines(areas.table, on)
    known = pd.DataFrame({"area_id": [], "name": []}) if areas.table is None else areas.table
    names = dict(zip(known["area_id"], known["name"], strict=True))
    cells = _table(released, "perceived_cells")
    answers = _table(released, "perceived_areas")
    lists = [] if cells is None else _lists(cells, names)
    return render(
        "perceived.html",
        profile=facts.profile,
        title=facts.title,
        synthetic=facts.synthetic,
        styles=("evidence.css", "area_page.css", "perceived.css"),
        period=_("{first} – {last}").format(first=day(facts.first), last=day(facts.last)),
        source=label(source),
        caveat=facts.caveat,
        drawing=None if cells is None else _drawing(cells, lists, outlines),
        legend=bivariate_legend("nine-colours"),
        few=0 if cells is None else int(cells["few"].sum()),
        n_cells=0 if cells is None else len(cells),
        side=0 if cells is None else round(float(cells.geometry.area.iloc[0]) ** 0.5),
        lists=lists,
        questions=[] if answers is None else _questions(answers, outlines),
    )


def _table(released: Mapping[str, Released], name: str) -> pd.DataFrame | None:
    one = released.get(name)
    table = one.table if one is not None else None
    return table if table is not None and len(table) else None


def _rows(table: pd.DataFrame) -> list[Any]:
    """Return the rows as tuples with names, whose types nobody can know."""
    return list(table.itertuples())


def _outlines(areas: pd.DataFrame | None, on: date) -> list[tuple[str, Any]]:
    if areas is None:
        return []
    shown = valid_on(areas[areas["kind"].isin(STRONG)], on)
    return list(zip(shown["name"].astype("str"), shown.geometry, strict=True))


def _lists(cells: pd.DataFrame, names: Mapping[str, str]) -> list[tuple[str, list[_Row]]]:
    """Return the cells where the two disagree, numbered through, by kind."""
    made, n = [], 0
    for kind in DIFFER:
        own = cells[cells["disagreement"] == kind]
        column = "n_unsafe" if kind == "unsafe_few_reports" else "n_reported"
        own = own.sort_values([column, "cell_id"], ascending=[False, True], kind="stable")
        rows = []
        for row in _rows(own):
            n += 1
            area = names.get(row.area_id) if isinstance(row.area_id, str) else None
            rows.append(
                _Row(
                    str(n),
                    row.cell_id,
                    _where(row.near, area),
                    number(row.n_unsafe),
                    number(row.n_safe),
                    number(row.n_reported),
                    row.n_unsafe + row.n_safe < SOME,
                )
            )
        made.append((disagreement_words(kind), rows))
    return made


def _where(near: object, area: str | None) -> str:
    """Return where a cell is: an address nearby, and the area."""
    address = _("vid {address}").format(address=near) if isinstance(near, str) else ""
    return ", ".join(part for part in (address, area or _("utanför områdena")) if part)


def _drawing(
    cells: pd.DataFrame, lists: list[tuple[str, list[_Row]]], outlines: list[tuple[str, Any]]
) -> Markup:
    marks = {row.cell: row.mark for _title, rows in lists for row in rows}
    pieces = [
        Piece(
            row.geometry,
            None if row.few else (row.unsafe_class, row.reported_class),
            marks.get(row.cell_id, ""),
            piece_words(row.cell_id, row.n_unsafe, row.n_safe, row.n_reported),
        )
        for row in _rows(cells)
    ]
    words = _("{n} rutor med svar, varav {few} med för få. {told}.").format(
        n=number(len(cells)),
        few=number(int(cells["few"].sum())),
        told="; ".join(f"{title}: {number(len(rows))}" for title, rows in lists),
    )
    title = _("Upplevd otrygghet mot rapporterade händelser")
    return bivariate_map("felt-map", title, pieces, outlines, description=words)


def _questions(answers: pd.DataFrame, outlines: list[tuple[str, Any]]) -> list[_Question]:
    made = []
    for i, (question, own) in enumerate(answers.groupby("question", sort=True), start=1):
        rows = [_area(row) for row in _rows(own.sort_values("name", kind="stable"))]
        pieces = [
            Piece(
                row.geometry,
                None if row.few else (row.unsafe_class, row.reported_class),
                "",
                f"{row.name}: {class_words(row.unsafe_class, row.reported_class)}",
            )
            for row in _rows(own)
        ]
        waves = ", ".join(sorted(set(own["wave"])))
        title = f"{question} ({waves})" if waves else str(question)
        ids = {row.name for row in _rows(own)}
        others = [one for one in outlines if one[0] in ids]
        description = "; ".join(f"{row.name}: {row.unsafe}, {row.classes}" for row in rows)
        drawing = bivariate_map(
            f"answers-{i}", title, pieces, others, description=description, letter=42.0
        )
        made.append(_Question(title, tuple(rows), drawing))
    return made


def _area(row: Any) -> _Area:  # noqa: ANN401 (a row of a table)
    known = row.n_answers > 0
    return _Area(
        name=row.name,
        colour="" if row.few else BIVARIATE[row.unsafe_class][row.reported_class],
        classes=_("för få svar") if row.few else class_words(row.unsafe_class, row.reported_class),
        answers=number(row.n_answers),
        unsafe=percent(row.unsafe) if known else "–",
        between=_("{low}–{high}").format(low=percent(row.unsafe_low), high=percent(row.unsafe_high))
        if known
        else "",
        reported=number(row.n_reported),
        verdict=disagreement_words(str(row.disagreement)),
    )
