"""Loops that numpy can't say, compiled by numba when they are first used.

The loops are plain functions of arrays, so that tests can run them as they stand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# Numbers are finite, and maxima may be vectorised. No FMA and no reassociation: the same results
# on every machine.
SAFE = {"nnan", "ninf", "nsz"}


@cache
def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return `function` compiled to machine code that runs without the interpreter's lock.

    The result is kept on disk beside the module, or in the user's cache folder; where neither can
    be written it is compiled anew in each process.
    """
    import numba

    try:
        return numba.njit(cache=True, nogil=True, fastmath=SAFE)(function)
    except RuntimeError:  # numba: "cannot cache function: no locator available"
        return numba.njit(nogil=True, fastmath=SAFE)(function)
