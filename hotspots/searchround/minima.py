"""The least number of entrances that each owner and area has in a round."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd

KINDS: Final = ("owner", "area")
COLUMN: Final = {"owner": "owner", "area": "area_id"}


def least_numbers(entrances: pd.DataFrame, able: pd.Series, n: int, share: float) -> pd.DataFrame:
    """Return what each owner and area should have in a round at the least.

    The least number is `share` of the group's part of the register's entrances, times `n`, rounded
    down to whole entrances. Rounded down, the least numbers of all owners and all areas can
    always be had at the same time where every entrance may be taken: ``n / N`` of every entrance
    would do, and a table with such sums can be rounded to whole numbers (Cox 1987, *JASA* 82).

    Parameters
    ----------
    entrances
        All entrances of the register, one row each: ``owner``, ``area_id`` (missing: no group).
    able
        Which of them may be taken, aligned.
    n
        Entrances in the round.
    share
        0–1.

    Returns
    -------
    pandas.DataFrame
        One row a group, owners first, by name: ``kind`` (``owner``, ``area``), ``name``,
        ``n_entrances``, ``n_able``, ``least`` (wanted), ``possible`` (the lower of ``least`` and
        ``n_able``).
    """
    parts = []
    for kind in KINDS:
        groups = able.groupby(entrances[COLUMN[kind]].astype("str"), sort=True)
        table = groups.agg(["size", "sum"]).reset_index()
        table.columns = pd.Index(["name", "n_entrances", "n_able"])
        table.insert(0, "kind", kind)
        parts.append(table)
    found = pd.concat(parts, ignore_index=True).astype({"n_entrances": "int64", "n_able": "int64"})
    total = max(len(entrances), 1)
    found["least"] = np.array(
        [_down(share * n * size / total) for size in found["n_entrances"]], dtype=np.int64
    )
    found["possible"] = np.minimum(found["least"], found["n_able"])
    return found


def _down(value: float) -> int:
    """Return the whole number below; what is a hair under one for the sake of floats is that."""
    return math.floor(value + 1e-9)
