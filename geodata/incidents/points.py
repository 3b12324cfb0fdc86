"""Stacked points of one file: found, named by their address, and confirmed or not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from geodata.columns import Codes
from geodata.import_report import StackedPoint
from geodata.incidents.options import ImportOptions
from geodata.incidents.understanding import CM_PER_M, Understood
from geodata.schema import OFFENCE_CLASSES, STREET_DRUG_CLASSES
from geodata.stacks import Stack, find_stacks, is_confirmed

_STREET_DRUGS = np.isin(OFFENCE_CLASSES, STREET_DRUG_CLASSES)


def stacked_points(
    found: Understood, options: ImportOptions
) -> tuple[list[StackedPoint], frozenset[int]]:
    """Return the points with an implausible share of a file's rows, and the places flagged."""
    stacks = find_stacks(
        found.rows.place,
        _STREET_DRUGS[found.rows.offence_class],
        share=options.stacked_share,
        min_rows=options.stacked_min_rows,
    )
    points = [_point(stack, found, options) for stack in stacks]
    flagged = [s.place for s, p in zip(stacks, points, strict=True) if p.status == "flagged"]
    return points, frozenset(flagged)


def _point(stack: Stack, found: Understood, options: ImportOptions) -> StackedPoint:
    at = np.flatnonzero(found.rows.place == stack.place)
    addresses = _common_addresses(found, at)
    x_m, y_m = float(found.x_cm[at[0]] / CM_PER_M), float(found.y_cm[at[0]] / CM_PER_M)
    if is_confirmed(x_m, y_m, addresses, options.confirmed_stacks):
        status = "confirmed"
    else:
        status = "flagged" if stack.flagged else "suspect"
    return StackedPoint(
        address=addresses[0] if addresses else "",
        x_m=x_m,
        y_m=y_m,
        rows=stack.rows,
        share=stack.share,
        of=stack.of,
        rows_all=len(at),
        status=status,
    )


def _common_addresses(found: Understood, at: Codes) -> list[str]:
    """Return the addresses on a point, most common first, of equally common ones by alphabet."""
    codes = found.rows.address[at]
    counts = np.bincount(codes[codes >= 0])
    order = np.lexsort((np.arange(len(counts)), -counts))
    order = order[counts[order] > 0]
    return [str(t) for t in found.meaning.address.values.take(pa.array(order)).to_pylist()]
