"""The weekly watch of one week: 50 areas × 10 classes over five years, beside surveillance.

Run ``python -m scripts.benchmarks.watch``. Both get the same 500 series (made up, see
`scripts.evidence.watch_trial`) and watch the same week: `areas.watch.watching.judge` with its
regressions, cumulative sums and all that it tries again, and R's ``farringtonFlexible`` with the
same settings (five years, ten parts of the year, threshold ``nbPlugin``), which does the
regression only. Seconds are medians of `RUNS` in one run of this file, the two in turn; R's are
taken inside R, without its start. Without ``Rscript`` and the package, only our own are told.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np

from areas.watch.farrington import expect, plug_in
from areas.watch.options import WatchOptions
from areas.watch.reference import make_reference, monday
from scripts.evidence.watch_trial import FIRST, WEEKS, Floats, make_world, watch

RUNS: Final = 3
NOW: Final = WEEKS - 1

SCRIPT: Final = """
suppressMessages(library(surveillance))
counts <- as.matrix(read.csv("counts.csv"))
dates <- seq(as.Date("{first}"), by = "week", length.out = nrow(counts))
obj <- sts(observed = counts, epoch = dates, epochAsDate = TRUE, frequency = 52)
control <- list(range = nrow(counts), b = 5, w = 3, reweight = TRUE, weightsThreshold = 2.58,
  trend = TRUE, pThresholdTrend = 1, noPeriods = 10, pastWeeksNotIncluded = 26,
  thresholdMethod = "nbPlugin", alpha = 0.001, limit54 = c(5, 4), glmWarnings = FALSE)
spent <- system.time(found <- suppressWarnings(farringtonFlexible(obj, control = control)))
cat(spent[["elapsed"]], as.character(packageVersion("surveillance")), "\\n")
write.csv(data.frame(p = as.vector(found@control$pvalue)), "p.csv", row.names = FALSE)
"""


def by_surveillance(counts: Floats, folder: Path) -> tuple[float, str, Floats]:
    """Return R's seconds, the package's version, and its p-values."""
    names = ",".join(f"s{i}" for i in range(len(counts)))
    np.savetxt(folder / "counts.csv", counts.T, fmt="%d", delimiter=",", header=names, comments="")
    (folder / "watch.R").write_text(SCRIPT.format(first=monday(FIRST)), encoding="utf-8")
    rscript = shutil.which("Rscript")
    assert rscript is not None
    done = subprocess.run(
        [rscript, "watch.R"], cwd=folder, capture_output=True, text=True, check=True
    )
    seconds, version = done.stdout.split()
    p = np.genfromtxt(folder / "p.csv", skip_header=1, missing_values="NA")
    return float(seconds), version, p


def has_surveillance() -> bool:
    """Tell whether R and the package are installed."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return False
    asked = [rscript, "-e", "stopifnot(requireNamespace('surveillance', quietly = TRUE))"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def regressions(counts: Floats) -> Floats:
    """Do what ``farringtonFlexible`` does, no more."""
    options = WatchOptions()
    reference = make_reference(
        FIRST + NOW,
        FIRST,
        years=options.years,
        half_window=options.half_window,
        n_periods=options.season_parts,
        left_out=options.left_out,
    )
    base = expect(counts, reference, trend=True, outbreak_residual=options.outbreak_residual)
    return plug_in(counts[:, NOW], base)


def main() -> None:
    """Print one line a way."""
    rng = np.random.default_rng(581)
    counts = make_world(rng).draw(rng)
    watch(counts[:20], NOW)
    with_r = has_surveillance()
    whole, same, theirs = [], [], []
    version, p = "", np.zeros(0)
    with tempfile.TemporaryDirectory() as folder:
        for _run in range(RUNS):
            begin = time.perf_counter()
            judged = watch(counts, NOW)
            whole.append(time.perf_counter() - begin)
            begin = time.perf_counter()
            ours = regressions(counts)
            same.append(time.perf_counter() - begin)
            if with_r:
                seconds, version, p = by_surveillance(counts, Path(folder))
                theirs.append(seconds)
    print(
        f"{len(counts)} series, {NOW + 1} weeks, {judged.n_watched} long and busy enough to watch"
    )
    print(f"{'the whole watch':34}{statistics.median(whole):9.3f} s")
    print(f"{'its regressions alone':34}{statistics.median(same):9.3f} s")
    if not with_r:
        print("farringtonFlexible: Rscript or the package surveillance is not installed")
        return
    r = statistics.median(theirs)
    both = np.isfinite(p) & (p < 1)
    worst = np.max(np.abs(np.log(ours[both] / p[both])))
    print(f"{'surveillance ' + version + ', farringtonFlexible':34}{r:9.3f} s")
    print(
        f"ratio {r / statistics.median(whole):,.0f} to the whole watch, "
        f"{r / statistics.median(same):,.0f} to the regressions alone; p-values of {both.sum()} "
        f"series equal to {worst:.0e}"
    )


if __name__ == "__main__":
    main()
