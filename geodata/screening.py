"""Personal data in kept text: personnummer, phone numbers, e-mail, number plates and flat numbers.

Only distinct values are searched. One coarse pattern picks the few that could hold such a thing;
exact patterns, the calendar and Luhn's check decide.
What was found is told by its kind and column, never by its text.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from stdnum import luhn

from geodata.language import N_
from geodata.language import gettext as _

KINDS: Final = ("personal_number", "phone", "email", "plate", "flat")
"""What can be found; the result of `find_personal` is a position here."""

KIND_TEXTS: Final = {
    "personal_number": N_("personnummer"),
    "phone": N_("telefonnummer"),
    "email": N_("e-postadress"),
    "plate": N_("registreringsnummer"),
    "flat": N_("lägenhetsnummer"),
}

Role = Literal["address", "case_id", "code", "text"]

# A number stands alone: no digit, and no decimal point with a digit, on either side.
_NUMBER: Final = re.compile(
    r"(?<![\d])(?<!\d[.,])(?:(?:18|19|20)\d{6}[-+ ]?\d{4}|\d{6}[-+ ]?\d{4})(?![.,]?\d)"
)
_EMAIL: Final = re.compile(r"[^\s@<>;,]+@[^\s@<>;,]+\.[a-zåäö]{2,}", re.IGNORECASE)
_MOBILE: Final = re.compile(
    r"(?<![\d-])(?:(?:\+|00)46[\s-]?(?:\(0\)[\s-]?)?[1-9](?:[\s-]?\d){6,9}"
    r"|(?!\d{6}-\d{4})07[02369][\s-]?(?:\d[\s-]?){6}\d)(?![\d]|-\d)"
)
_LANDLINE: Final = re.compile(r"(?<![\d-])0\d{1,3}\s?[-/]\s?\d(?:\s?\d){4,7}(?!\d|-\d)")
_PLATE: Final = re.compile(
    r"(?<![A-Za-zÅÄÖåäö\d-])([A-HJ-PR-UW-Za-hj-pr-uw-z]{3})\d{2}[\dA-HJ-NPR-UW-Za-hj-npr-uw-z]"
    r"(?![A-Za-zÅÄÖåäö\d-])"
)
_SPACED_PLATE: Final = re.compile(
    r"\b(?:reg(?:\.|istrerings)?\s?(?:nr|nummer)?\.?:?\s+|bil(?:en)?\s+)"
    r"([A-Z]{3}) ?\d{2}[\dA-Z]\b",
    re.IGNORECASE,
)
_FLAT: Final = re.compile(
    r"\b(?:lgh|läg|lägenhet(?:s(?:nr|nummer))?|lght|apt|apartment|flat)\.?\s*(?:nr\.?\s*)?[#:]?\s*\d"
    r"|\b(?:våning|vån|vån\.)\s*\d|\b\d{1,2}\s?(?:tr|trappor)\b(?!\w)|\b(?:nb|bv|ög|vä|hö),?\s*lgh"
    r"|\d\s?[a-zåäö]?\s?[,/]\s?1[0-6]\d{2}(?!\s?\d)",
    re.IGNORECASE,
)

# Whatever a pattern above can match, one of these matches too; run by RE2 over all values at once.
_LIKELY: Final = (
    r"(?i)[0-9]{6}[-+ ]?[0-9]{4}|@|(?:\+|00)46|07[02369][ -]?(?:[0-9][ -]?){6}[0-9]"
    r"|[a-z]{3} ?[0-9]{2}[0-9a-z]"
)
_LIKELY_TEXT: Final = (
    _LIKELY + r"|0[0-9]{1,3} ?[-/] ?[0-9](?: ?[0-9]){4,7}|l(?:äg|gh)|ap(?:t|artment)|flat|vån"
    r"|[0-9] ?tr|, ?1[0-6][0-9]{2}|/ ?1[0-6][0-9]{2}"
)


def is_personal_number(text: str) -> bool:
    """Tell whether a text is a personnummer or a samordningsnummer.

    Ten or twelve digits, with or without ``-`` or ``+`` before the last four; the date must exist
    (the day of a samordningsnummer is 60 higher) and the last ten digits pass Luhn's check
    (Skatteverket, SKV 704).
    """
    match = re.fullmatch(r"\s*((?:18|19|20)?)(\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})\s*", text)
    if not match:
        return False
    century, year, month, day, last = match.groups()
    if not luhn.is_valid(year + month + day + last):
        return False
    number = int(day) - 60 if int(day) > 60 else int(day)
    centuries = [century] if century else ["19", "20"]
    return any(_exists(int(c + year), int(month), number) for c in centuries)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def find_personal(values: pa.Array, role: Role) -> npt.NDArray[np.int8]:
    """Find personal data in texts.

    Parameters
    ----------
    values
        Distinct texts.
    role
        What the column holds. In case numbers and codes only what can't be a number series is
        looked for: landline and flat numbers are not, and plates that share their letters with
        many others (``EST101``, ``EST102``, …) are taken for a series.

    Returns
    -------
    ndarray of int8, shape (len(values),)
        Position in `KINDS` of the first kind found, −1 for none.
    """
    found = np.full(len(values), -1, dtype=np.int8)
    series = role in ("case_id", "code")
    likely = pc.match_substring_regex(values, _LIKELY if series else _LIKELY_TEXT)
    rows = np.flatnonzero(likely.to_numpy(zero_copy_only=False))
    texts = values.take(pa.array(rows)).to_pylist()
    found[rows] = [_kind(text, role) for text in texts]
    if series:
        _spare_series(found, rows, texts)
    return found


def _kind(text: str, role: Role) -> int:
    kind = ""
    if any(is_personal_number(match) for match in _NUMBER.findall(text)):
        kind = "personal_number"
    elif _EMAIL.search(text):
        kind = "email"
    elif _MOBILE.search(text):
        kind = "phone"
    elif _PLATE.search(text) or _SPACED_PLATE.search(text):
        kind = "plate"
    elif role in ("case_id", "code"):
        kind = ""
    elif _FLAT.search(text):
        kind = "flat"
    elif _LANDLINE.search(text):
        kind = "phone"
    return KINDS.index(kind) if kind else -1


def _spare_series(
    found: npt.NDArray[np.int8], rows: npt.NDArray[np.int64], texts: list[str]
) -> None:
    """Unmark case numbers that look like plates but share their letters with many others."""
    plate = KINDS.index("plate")
    letters: dict[str, list[int]] = {}
    for row, text in zip(rows.tolist(), texts, strict=True):
        match = _PLATE.search(text)
        if found[row] == plate and match:
            letters.setdefault(match[1].upper(), []).append(row)
    total = sum(map(len, letters.values()))
    for same in letters.values():
        if len(same) >= 5 and len(same) >= total / 5:
            found[same] = -1


def chance_hits(values: pa.Array, found: npt.NDArray[np.int8]) -> bool:
    """Tell whether the personnummer found look like chance: one in ten of all ten-digit numbers.

    Luhn's check digit passes one number in ten. A column of real personnummer passes nearly all.
    """
    hits = int((found == KINDS.index("personal_number")).sum())
    likely = int(pc.sum(pc.match_substring_regex(values, r"[0-9]{6}[-+ ]?[0-9]{4}")).as_py() or 0)
    return hits >= 1 and likely >= 50 and hits / likely < 0.2


def kind_text(kind: int) -> str:
    """Return the name of a kind in the user's language."""
    return _(KIND_TEXTS[KINDS[kind]])
