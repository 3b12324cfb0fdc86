"""What every run pays for at its start: the settings are read without the heavy libraries."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "docx",
    "fontTools",
    "numba",
    "scipy.optimize",
    "scipy.spatial",
    "scipy.stats",
    "sklearn",
    "statsmodels",
    "typst",
)


def test_the_settings_are_read_without_heavy_libraries() -> None:
    code = f"import sys, scripts.config; print([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
