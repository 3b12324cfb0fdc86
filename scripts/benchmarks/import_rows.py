"""A million rows imported, beside `pandas.read_csv` of the same file, in one process.

Run ``python -m scripts.benchmarks.import_rows``. The file looks like a Swedish police export: some
40,000 addresses of very different frequency, case numbers, an offence code, date and ``HHMM``
without colon from and to, kind of place and who reported; two rows in a hundred are a second
offence of a case, a few are exact duplicates and a few can't be used.

Ours: from `read_export` to the finished report (read, checksum, classes, screening for personal
data, duplicates, events, rejects). The yardstick: ``read_csv`` with both date columns parsed and
nothing else. Repetitions take turns; the ratio is that of the medians. The peak is the process's
resident memory at most while ours runs, above what it held before.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from geodata.exports import ReadOptions, read_export
from geodata.incidents import Import, ImportOptions, Input, import_incidents

N_ROWS = 1_000_000
N_PLACES = 40_000
RUNS = 5
SEED = 581

CODES = {"5010": 0.40, "5011": 0.38, "5005": 0.08, "5004": 0.01, "1203": 0.08, "0357": 0.05}
KINDS = {
    "Gata/torg": 0.35,
    "Park": 0.08,
    "Trapphus": 0.12,
    "Källare": 0.04,
    "Bostad": 0.16,
    "Butik": 0.05,
    "": 0.20,
}
SOURCES = {"Polis": 0.86, "Ordningsvakt": 0.08, "EST-rapport": 0.06}
STREET_STARTS = ("Norra", "Södra", "Östra", "Västra", "Stora", "Lilla", "Gamla", "Nya", "Övre")
STREET_ENDS = ("Kungsgatan", "Älvgatan", "Skolgatan", "Ringvägen", "Parkgatan", "Kvarngatan")


def make_file(path: Path, n_rows: int) -> None:
    """Write the export, the same for the same number of rows."""
    rng = np.random.default_rng(SEED)
    n_second = n_rows // 50
    n_copies = n_rows // 500
    n_first = n_rows - n_second - n_copies
    place = _places(rng, n_first)
    minutes = rng.integers(0, 6 * 365 * 24 * 60, n_first)
    start = pd.Timestamp("2019-01-01") + pd.to_timedelta(minutes, unit="min")
    last = start + pd.to_timedelta(rng.choice([0, 0, 0, 15, 120], n_first), unit="min")
    number = rng.permutation(n_first) + 1
    rows = pd.DataFrame(
        {
            "Diarienr": [
                f"5000-K{n:07d}-{year}" for n, year in zip(number, start.year % 100, strict=True)
            ],
            "Brottskod": _draw(rng, CODES, n_first),
            "Antal": rng.choice([1, 2], n_first, p=[0.98, 0.02]),
            "Brottsdag start": start.strftime("%Y-%m-%d"),
            "Tid start": start.strftime("%H%M"),
            "Brottsdag slut": last.strftime("%Y-%m-%d"),
            "Tid slut": last.strftime("%H%M"),
            "Gata": place["street"],
            "Gatunr": place["house"],
            "Kommun": "Norrköping",
            "Brottsplatstyp": _draw(rng, KINDS, n_first),
            "Källa": _draw(rng, SOURCES, n_first),
            "N": place["n"],
            "E": place["e"],
        }
    )
    second = rows.sample(n_second, random_state=SEED).assign(Brottskod="5011")
    copies = rows.sample(n_copies, random_state=SEED + 1)
    rows = pd.concat([rows, second, copies]).sample(frac=1, random_state=SEED)
    bad = rng.choice(n_rows, n_rows // 1000, replace=False)
    east = rows["E"].astype(str).to_numpy(dtype=object)
    east[bad] = rng.choice(["0", "", "9999999"], len(bad))
    rows["E"] = east
    rows.to_csv(path, sep=";", index=False, encoding="utf-8-sig")


def _places(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Return the place of each row: a few are busy, most are seen now and then."""
    streets = np.array([f"{a} {b}" for a in STREET_STARTS for b in STREET_ENDS])
    places = pd.DataFrame(
        {
            "street": rng.choice(streets, N_PLACES),
            "house": rng.integers(1, 160, N_PLACES),
            "n": rng.integers(6_486_000, 6_502_000, N_PLACES),
            "e": rng.integers(562_000, 576_000, N_PLACES),
        }
    )
    weight = 1 / (np.arange(N_PLACES) + 20)
    return places.iloc[rng.choice(N_PLACES, n, p=weight / weight.sum())].reset_index(drop=True)


def _draw(rng: np.random.Generator, shares: dict[str, float], n: int) -> np.ndarray:
    share = np.array(list(shares.values()))
    return rng.choice(list(shares), n, p=share / share.sum())


def ours(path: Path) -> Import:
    """Read and import the file with nothing but what is guessed."""
    return import_incidents(
        [Input(read_export(path, ReadOptions()), ImportOptions())],
        crs="EPSG:3006",
        timezone="Europe/Stockholm",
        today=date(2025, 12, 31),
        bbox=None,
    )


def yardstick(path: Path) -> pd.DataFrame:
    """Read the file with pandas, its dates parsed."""
    return pd.read_csv(path, sep=";", parse_dates=["Brottsdag start", "Brottsdag slut"])


def _timed(work: Callable[[Path], object], path: Path) -> float:
    begin = time.perf_counter()
    work(path)
    return time.perf_counter() - begin


def _peak_mb(path: Path) -> float:
    """Return the most memory that one run of ours needs, sampled every few milliseconds."""
    process, done = psutil.Process(), threading.Event()
    before = peak = process.memory_info().rss

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.005):
            peak = max(peak, process.memory_info().rss)

    thread = threading.Thread(target=watch)
    thread.start()
    ours(path)
    done.set()
    thread.join()
    return float(peak - before) / 1e6


def main() -> None:
    """Print both times, their ratio, the peak and what the import found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=N_ROWS)
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "utdrag.csv"
        make_file(path, given.rows)
        print(f"{given.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        peak = _peak_mb(path)
        ours(path)
        times: dict[str, list[float]] = {"pandas.read_csv": [], "import": []}
        for _run in range(given.runs):
            times["pandas.read_csv"].append(_timed(yardstick, path))
            times["import"].append(_timed(ours, path))
        for name, seconds in times.items():
            each = ", ".join(f"{s:.2f}" for s in seconds)
            print(f"{name:16s} {statistics.median(seconds):6.2f} s   ({each})")
        ratio = statistics.median(times["import"]) / statistics.median(times["pandas.read_csv"])
        print(f"ratio {ratio:.1f} (at most 8); peak above the start {peak:,.0f} MB")
        found = ours(path)
        print(found.report.totals, found.report.reasons)


if __name__ == "__main__":
    main()
