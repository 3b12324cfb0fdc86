"""What the promise was and what others report of it: texts, and a simple list of indicators."""

from __future__ import annotations

from geodata.indicators.reading import Indicators, no_indicators, read_indicators
from geodata.indicators.texts import (
    ITEMS,
    SENSITIVE,
    Item,
    Standing,
    read_promise,
    read_standing,
)

__all__ = [
    "ITEMS",
    "SENSITIVE",
    "Indicators",
    "Item",
    "Standing",
    "no_indicators",
    "read_indicators",
    "read_promise",
    "read_standing",
]
