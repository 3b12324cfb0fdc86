"""Figures worked out from a hidden count: a rate, a share or a change gives it back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.attack.opening import Opened
from tests.attack.recover import HIDDEN
from tests.attack.secrets import Leak

OF_COUNTS = {
    "per_year_before": ("n_before",),
    "per_year_now": ("n_now",),
    "ratio": ("n_before", "n_now"),
    "ratio_low": ("n_before", "n_now"),
    "ratio_high": ("n_before", "n_now"),
    "rest_ratio": ("n_before", "n_now"),
    "rate": ("n_events",),
    "share": ("n_events",),
    "density_per_ha": ("n_events",),
    "unsafe": ("n_answers", "n_unsafe"),
    "unsafe_low": ("n_answers", "n_unsafe"),
    "unsafe_high": ("n_answers", "n_unsafe"),
}
"""Columns of tables, and the counts that they are worked out from."""
CHANGE = re.compile(r"förändring|intervall|change|interval", re.IGNORECASE)
RATE = re.compile(r"per 1|andel|share|%", re.IGNORECASE)
STEM = 3
"""Letters that two headings have in common where one is worked out from the other."""
NO_WORDS = ("per", "med", "och", "and", "000")


def derived(opened: Opened) -> Iterator[Leak]:
    """Give every figure that stands beside the hidden count it was worked out from."""
    for where, rows in opened.tables:
        if len(rows) < 2:
            continue
        heading = next((row for row in rows if row), [])
        known = set(heading) & set(OF_COUNTS)
        for row in rows[1:]:
            cells = dict(zip(heading, row, strict=False))
            found = _columns(cells) if known else _printed(heading, row)
            for name, count in found:
                yield Leak("derived", where, f"{row[0]}: {name} tells {count}")


def _columns(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, counts in OF_COUNTS.items():
        told = cells.get(name, "")
        hidden = [count for count in counts if count in cells and cells[count] in ("", "None")]
        if told not in ("", "None", "nan") and hidden:
            yield f"{name} {told}", hidden[0]


def _printed(heading: list[str], row: list[str]) -> Iterator[tuple[str, str]]:
    pairs = list(zip(heading, row, strict=False))
    hidden = [name for name, text in pairs[1:] if HIDDEN.fullmatch(text.strip())]
    for name, text in pairs[1:]:
        if not any(sign.isdigit() for sign in text) or text == row[0]:
            continue
        for count in hidden:
            if CHANGE.search(name) or (RATE.search(name) and _stems(name) & _stems(count)):
                yield f"{name} {text}", count


def _stems(name: str) -> set[str]:
    words = re.findall(r"\w{3,}", name.lower())
    return {word if word.isdigit() else word[:STEM] for word in words if word not in NO_WORDS}
