"""Independent work done side by side, on two cores."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")


def side_by_side(here: Callable[[], T], there: Callable[[], U]) -> tuple[T, U]:
    """Return what two pieces of work return, the second of them done in a thread of its own.

    Worth it where libraries let go of the interpreter's lock, as numpy and Arrow do on long
    columns. Both see the language of the caller. What the first raises comes before what the
    second raises.
    """
    with ThreadPoolExecutor(1) as pool:
        begun = pool.submit(copy_context().run, there)
        done = here()
        return done, begun.result()
