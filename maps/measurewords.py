"""What is said of a measure, alike on the page of the follow-up and on the map."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final

import pandas as pd

from geodata.language import N_, day
from geodata.language import gettext as _

VERDICTS: Final = {
    "fell": N_("säkerställd minskning"),
    "rose": N_("säkerställd ökning"),
    "none": N_("ingen säkerställd förändring"),
    "unknown": N_("går inte att avgöra"),
}


def when_words(row: Mapping[Hashable, Any]) -> str:
    """Return from when till when a row of table ``measures`` was in force."""
    first = day(row["first_date"])
    if pd.isna(row["last_date"]):
        return _("från {first}, pågår").format(first=first)
    return _("{first} till {last}").format(first=first, last=day(row["last_date"]))
