"""Draws that depend on the seed, the week and the entrance alone.

Each entrance gets its own number from a keyed hash (BLAKE2b, RFC 7693). A draw by position in a
stream would change for all when one entrance is added to the register; this one doesn't, and
anybody who knows the seed can work out any entrance's number again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

import numpy as np
from numpy.typing import NDArray


def draws(ids: Iterable[str], *, seed: int, monday: date) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each entrance, evenly spread and independent.

    Parameters
    ----------
    ids
        Of the entrances, each once.
    seed
        Of the project; printed with the round.
    monday
        First day of the round's week: each week is drawn anew.
    """
    state = np.random.SeedSequence([seed, monday.toordinal()]).generate_state(8)
    key = state.astype("<u4").tobytes()
    hashed = b"".join(
        hashlib.blake2b(one.encode("utf-8"), digest_size=8, key=key).digest() for one in ids
    )
    whole = np.frombuffer(hashed, dtype="<u8") >> np.uint64(11)  # the 53 bits of a float
    return whole.astype(np.float64) / 2.0**53
