"""One week added to five years in the store, beside reading that week alone.

Run ``python -m scripts.benchmarks.add_week``. The store holds five years of 1,000 cases a week; the
week's export has 1,000 new cases and the week before once more, a tenth of it corrected. Both are
measured in one process, turn by turn, with the libraries loaded: reading alone is `read_export` and
`import_incidents`, adding is that and everything `lagesbild add` does to the store.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from geodata.exports import ReadOptions, read_export
from geodata.incidents import Import, ImportOptions, Input, import_incidents
from geodata.store import Store

WEEKS = 260
CASES = 1_000
RUNS = 7
FIRST = date(2020, 12, 28)
HEADER = "diarienr;brottsdag start;tid start;brottskod;antal;gata;gatunr;N;E\n"


def rows_of(week: int, *, corrected: int = 0) -> list[str]:
    """Return the rows of a week; of the first `corrected` the street number is another."""
    rng = np.random.default_rng(np.random.SeedSequence([581, week]))
    day, minute = rng.integers(0, 7, CASES), rng.integers(1, 1440, CASES)
    place, code = rng.integers(0, 20_000, CASES), rng.choice(["5010", "5011", "5005"], CASES)
    return [
        f"5000-K{week * CASES + i}-25;{FIRST + timedelta(weeks=week, days=int(day[i]))};"
        f"{minute[i] // 60}{minute[i] % 60:02d};{code[i]};1;Gata {place[i] % 200};"
        f"{place[i] // 200 + 1000 * (i < corrected)};"
        f"{6490000 + int(place[i]) % 141 * 50};{565000 + int(place[i]) // 141 * 50}\n"
        for i in range(CASES)
    ]


def read(path: Path) -> Import:
    """Read one export as ``lagesbild`` does."""
    return import_incidents(
        [Input(read_export(path, ReadOptions()), ImportOptions())],
        crs="EPSG:3006",
        timezone="Europe/Stockholm",
        today=date(2026, 12, 31),
        bbox=None,
    )


def add(folder: Path, path: Path, day: date) -> None:
    """Read one export and add it to the store."""
    found = read(path)
    store = Store(folder, crs="EPSG:3006", timezone="Europe/Stockholm")
    store.add(found.incidents, found.report.inputs[0], found.rejected, day)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Measure both and print the ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        old, week = folder / "fem_ar.csv", folder / "vecka.csv"
        old.write_text(HEADER + "".join(r for w in range(WEEKS) for r in rows_of(w)))
        week.write_text(HEADER + "".join(rows_of(WEEKS - 1, corrected=100) + rows_of(WEEKS)))
        add(folder / "lager", old, date(2025, 12, 29))
        alone, adding = [], []
        for turn in range(RUNS):
            copy = folder / f"lager-{turn}"
            shutil.copytree(folder / "lager", copy)
            alone.append(timed(partial(read, week)))
            adding.append(timed(partial(add, copy, week, date(2026, 1, 5))))
            shutil.rmtree(copy)
        started = time.perf_counter()
        read(old)
        again = time.perf_counter() - started
    one, other = statistics.median(alone), statistics.median(adding)
    print(f"store of {WEEKS * CASES:,} events; a week's export of {2 * CASES:,} rows")
    print(f"reading the week alone   {one * 1000:6.1f} ms")
    print(f"adding it to the store   {other * 1000:6.1f} ms")
    print(f"ratio of medians {other / one:.2f} (at most 2); reading all again {again:.2f} s")


if __name__ == "__main__":
    main()
