"""The demo's list of indicators: made-up figures on the promise's items, some of them missing.

Random streams of its own, so that the rest of the demo stays as it is.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

FILE: Final = "indikatorer.csv"
HEADINGS: Final = "område;period;löftespunkt;slag;indikator;värde;enhet;källa;osäkerhet"
SOURCE: Final = "Påhittade uppgifter (exempel)"

_ROWS: Final = (
    ("", "uppsökande arbete", "gjort", "kvällar med fältarbete", (90, 130), "", ""),
    ("", "uppsökande arbete", "resultat", "samtal med unga", (700, 1100), "", "uppskattat antal"),
    ("", "SSPF", "gjort", "ärenden", (8, 30), "", ""),
    ("", "SIG", "gjort", "personer", (1, 4), "", ""),
    ("", "ANDTS", "gjort", "skolor med insatser", (9, 16), "", ""),
    ("", "ANDTS", "resultat", "elever i åk 9 som provat narkotika", (4, 7), "%", "± 2 enheter"),
    ("", "EST", "gjort", "veckomöten i taktiska grupper", (110, 140), "", ""),
)
"""Area, item, kind, indicator, lowest and highest value, unit, uncertainty."""

MISSING: Final = "ANDTS"
"""Item whose first figure nobody has given in the last year."""


def write_indicators(folder: Path, *, today: date, seed: int) -> Path:
    """Write the list for the last two years.

    Parameters
    ----------
    folder
        Where.
    today
        Day of the extract.
    seed
        Of the demo.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 77]))
    lines = [HEADINGS]
    for year in (today.year - 1, today.year):
        given = set()
        for area, item, kind, name, (low, high), unit, doubt in _ROWS:
            value = str(int(rng.integers(low, high + 1)))
            if item == MISSING and year == today.year and item not in given:
                value = ""  # an empty cell is not known, and never zero
            given.add(item)
            lines.append(";".join((area, str(year), item, kind, name, value, unit, SOURCE, doubt)))
    path = folder / FILE
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return path
