"""What an inspection looks for in headings, texts and metadata, in both languages."""

from __future__ import annotations

import re
from typing import Final

COUNT: Final = re.compile(
    r"^n_|antal|händelser|anmälningar|anmälda|rapporter|\bsök\b|fynd|svar"
    r"|\bevents\b|reports|reported|\bsearches\b|\bfinds\b|\banswers\b|^count$|^number of",
    re.IGNORECASE,
)
"""Headings of counts."""
NO_COUNT: Final = re.compile(
    r"dag|days|kvartal|quarter|vecka|weeks?\b|månad|month|år\b|years|andel|share|insats|åtgärd"
    r"|measures|hidden|dold|invånare|population|per ",
    re.IGNORECASE,
)
"""Headings of lengths of time, shares, and of what was done."""
CASE: Final = re.compile(r"(?<![\w-])\d{4}-K\d{3,7}-\d{2}(?!\d)")
PAIR: Final = re.compile(
    r"(?<![\d.])(?:[67]\d{6}(?:[.,]\d+)?[ ,;/]+\d{6}(?:[.,]\d+)?|\d{6}(?:[.,]\d+)?[ ,;/]+[67]\d{6}"
    r"|(?:5[5-9]|6\d)\.\d{4,}[ ,;/]+[12]\d\.\d{4,}"
    r"|[12]\d\.\d{4,}[ ,;/]+(?:5[5-9]|6\d)\.\d{4,})(?!\d)"
)
"""Coordinates in Sweden, in metres or degrees, written beside each other."""
ADDRESS: Final = re.compile(
    r"\b[A-ZÅÄÖ][\wåäöé]+(?:gatan|vägen|stigen|gränd|torget|allén|backen|gången|platsen) \d{1,3}"
    r"(?: ?[A-Z])?\b"
)
"""A street with the number of a house."""
CAMERA: Final = re.compile(r"(?<![\w-])K\d{2}(?![\w-])")
CAMERA_NAMES: Final = re.compile(r"camera|kamer", re.IGNORECASE)
FLAT: Final = re.compile(r"lgh|läg|apt|apartment|flat", re.IGNORECASE)
WEB: Final = re.compile(r"^(?:https?:|wss?:|ftp:)?//|^file:|^[a-z]:[\\/]|^\\\\", re.IGNORECASE)
OWN_PATH: Final = re.compile(
    r"(?:[A-Za-z]:\\(?:Users|Användare)\\|\\\\\w+\\|/home/\w|/Users/\w|file://)", re.IGNORECASE
)
NAMES: Final = re.compile(
    r"^(?:creator|author|lastmodifiedby|manager|company|keywords|description|subject|comments?)$",
    re.IGNORECASE,
)
"""Metadata that may name somebody."""
PROGRAMS: Final = re.compile(
    r"lägesbild|openpyxl|python-docx|typst|synteti|synthetic", re.IGNORECASE
)
OWN_WORK: Final = re.compile(r"insats|åtgärd|measure|operation", re.IGNORECASE)
"""Headings of tables of what police and municipality did themselves: these count no events."""
TECHNICAL: Final = re.compile(r"#[0-9a-f]{3,8}\b|\b[0-9a-f]{32,}\b|\bsha\d+\b", re.IGNORECASE)
"""Colours and checksums, which look like plates."""
