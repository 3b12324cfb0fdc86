"""The demo town in public two years in a row: nothing hidden can be had from both together."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from areas.boundaries import builtin_areas
from geodata.disclosure import hiding, joint, read_earlier
from geodata.disclosure.cells import Cell
from geodata.schema import DEFAULT_CRS
from geodata.synthetic import write_demo
from tests.project import summary

MINIMUM = 5
LIGHT = ("--set", "evidence.run=false", "--set", "project.profile=publik")
PARTS = ("--set", 'output.formats=["csv"]')


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[dict[Cell, int]]]:
    """Return the folders of two editions, and what each of them truly counts."""
    folder = tmp_path_factory.mktemp("town")
    areas = builtin_areas(("est", "regso"), DEFAULT_CRS)
    file = write_demo(folder, areas=areas, n_events=3000).project_file
    truths: list[dict[Cell, int]] = []

    def noting(tables, *rest):  # type: ignore[no-untyped-def]
        tables = list(tables)
        truths.append({c: n for one in tables for c, n in one.values()})
        return hiding.hide_cells(tables, *rest)

    made: list[Path] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joint, "hide_cells", noting)
        for year in (2024, 2025):
            days = ("--set", f"project.extract_date={year}-12-31")
            known = ", ".join(f'"{one}"' for one in made)
            before = ("--set", f"disclosure.earlier=[{known}]")
            out = ("--set", f"output.folder=ut-{year}")
            code, said = summary("run", file, *LIGHT, *PARTS, *days, *before, *out)
            assert code in (0, 4), said
            made.append(Path(said["folder"]))
    return made, truths


def told(folders: list[Path]) -> tuple[dict[Cell, int], set[Cell]]:
    known = read_earlier([str(one) for one in folders], base=Path(), profile="publik")
    plain = {c: n for c, n in known.items() if not c.split}
    shown = {c: n for c, n in plain.items() if isinstance(n, int)}
    return shown, {c for c, n in plain.items() if n is None}


def spans(shown: dict[Cell, int], asked: set[Cell]) -> Iterator[tuple[Cell, float, float]]:
    """Give the least and most of each number asked for, by what all shown ones say."""
    cells = [*shown, *asked]
    areas = sorted({one for c in cells for one in c.areas} - {"*"} | {"elsewhere"})
    classes = sorted({one for c in cells for one in c.classes} - {"*"} | {"others"})
    edges = sorted({c.first for c in cells} | {c.last for c in cells})
    days = [(a, b) for a, b in itertools.pairwise(edges) if a < b] + [(a, a) for a in edges]
    atoms = list(itertools.product(areas, classes, days))

    def row(cell: Cell) -> np.ndarray:
        where = {a: (a in cell.areas) != ("*" in cell.areas) for a in areas}
        what = {k: (k in cell.classes) != ("*" in cell.classes) for k in classes}
        when = {d: cell.first <= d[0] and d[1] <= cell.last for d in days}
        return np.array([where[a] and what[k] and when[d] for a, k, d in atoms], dtype=float)

    equal = np.array([row(c) for c in shown])
    used = np.array([row(c) for c in cells]).any(axis=0)
    for cell in sorted(asked):
        ends = [
            linprog(
                sign * row(cell)[used],
                A_eq=equal[:, used],
                b_eq=list(shown.values()),
                bounds=(0, None),
                method="highs",
            )
            for sign in (1, -1)
        ]
        assert ends[0].status == 0, cell
        yield cell, float(ends[0].fun), float("inf") if ends[1].status else -float(ends[1].fun)


@pytest.mark.parametrize("kind", ["searches", "entrances", "answers", "events/police"])
def test_both_years_together_tell_no_small_number(editions, kind: str) -> None:
    folders, truths = editions
    shown, _hidden = told(folders)
    shown = {c: n for c, n in shown.items() if c.what.startswith(kind)}
    assert shown
    true = {c: n for one in truths for c, n in one.items() if not c.split}
    small = {c for c, n in true.items() if c.what.startswith(kind) and 0 < n < MINIMUM}
    assert not small & set(shown)
    for what in {c.what for c in small}:
        own = {c: n for c, n in shown.items() if c.what == what}
        for cell, least, most in spans(own, {c for c in small if c.what == what}):
            assert least <= 1 + 1e-6, (cell, least, true[cell])
            assert most >= MINIMUM - 1 - 1e-6, (cell, most, true[cell])


def test_there_was_something_to_have_back(editions) -> None:
    folders, truths = editions
    _shown, hidden = told(folders)
    kinds = {c.what.split("/")[0] for c in hidden}
    assert {"events", "searches"} <= kinds
    assert any(0 < n < MINIMUM for one in truths for c, n in one.items() if c.what == "searches")
    # This year's searches so far hold last year's: the two editions do interact.
    days = {(c.first, c.last) for one in truths for c in one if c.what == "searches"}
    assert len(days) == 2


def test_answers_and_searches_stand_in_both(editions) -> None:
    for folder in editions[0]:
        searches = pd.read_csv(folder / "search_areas.csv", sep=";", encoding="utf-8-sig")
        answers = pd.read_csv(folder / "perceived_areas.csv", sep=";", encoding="utf-8-sig")
        assert searches["n_searches"].notna().any()
        assert answers["n_answers"].notna().any()
        assert not {"n_valid", "n_round", "first_date"} & set(searches.columns)


def test_no_total_of_events_stands_beside_the_tables(editions) -> None:
    for folder in editions[0]:
        assert "Räknade händelser" not in (folder / "karta.html").read_text("utf-8")
        told_first = (folder / "index.html").read_text("utf-8")
        assert ">händelser<" not in told_first
        assert "hot spots" in told_first
