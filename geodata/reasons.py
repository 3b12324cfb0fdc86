"""Why a row is left out: stable codes and what each means to a person.

The code stands in ``rejected.reason``, is never renamed and is what tests and ``--json`` refer to;
the sentence is shown in reports. What was read on the row stands beside it, in ``detail``.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from geodata.language import N_
from geodata.language import gettext as _

REASONS: Final[dict[str, str]] = {
    # the row could not be cut into columns (geodata.exports)
    "wrong_number_of_columns": N_("Raden har fler eller färre fält än rubrikraden."),
    "nul_byte": N_("Raden innehåller NUL-tecken, som inte kan ingå i text."),
    "bad_record": N_("Posten är skadad och kan inte läsas."),
    "empty_geometry": N_("Posten saknar punkt på kartan."),
    "bad_encoding": N_("Raden innehåller tecken som inte går att läsa i filens teckenkodning."),
    "unterminated_quote": N_("Raden har ett citattecken som aldrig avslutas."),
    "several_points": N_("Posten har flera punkter på kartan."),
    "not_a_point": N_("Posten är en linje eller yta, inte en punkt."),
    # the time (geodata.times)
    "missing_date": N_("Datum saknas."),
    "unreadable_date": N_("Datumet går inte att tolka eller finns inte i kalendern."),
    "unreadable_time": N_("Klockslaget går inte att tolka."),
    "future_date": N_("Datumet ligger efter uttagsdagen."),
    "long_after_others": N_("Datumet ligger långt efter alla andra i filen."),
    "too_old_date": N_("Datumet ligger orimligt långt tillbaka i tiden."),
    "end_before_start": N_("Sluttiden ligger före starttiden."),
    # the place (geodata.coordinates)
    "missing_coordinates": N_("Koordinater saknas."),
    "unreadable_coordinates": N_("Koordinaterna går inte att tolka som tal."),
    "zero_coordinates": N_("Koordinaterna är noll, vilket står för okänd plats."),
    "dummy_coordinates": N_("Koordinaterna är utfyllnad, till exempel 9999999."),
    "outside_area": N_("Platsen ligger utanför projektets område."),
    "other_crs": N_("Koordinaterna står i ett annat koordinatsystem än filens övriga rader."),
    # the contents (geodata.incidents)
    "missing_required": N_("En uppgift som krävs saknas."),
    "personal_data": N_("Raden innehåller uppgifter som kan peka ut en person."),
}

CODES: Final[tuple[str, ...]] = ("", *REASONS)
"""Reasons by number, for arrays with one reason a row; 0 is a row without fault."""


def code_of(reason: str) -> int:
    """Return the number of a reason in `CODES`."""
    return CODES.index(reason)


def names_of(codes: np.ndarray[tuple[int], np.dtype[np.int8]]) -> np.ndarray[tuple[int], Any]:
    """Return the names of an array of reason numbers, as an array of objects; 0 becomes ``""``."""
    return np.array(CODES, dtype=object)[codes]


def reason_text(code: str) -> str:
    """Return the sentence of a reason in the user's language; the code itself when unknown."""
    text = REASONS.get(code)
    return _(text) if text else code
