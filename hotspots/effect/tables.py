"""What was found of all measures, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.effect_tables import EFFECT_ROLES, FOLLOWUP, shaped
from geodata.language import gettext as _
from hotspots.effect.diffindiff import Ratio
from hotspots.effect.judging import Judged, Judgement
from hotspots.effect.wdd import Difference
from hotspots.effect.windows import block_days, block_starts
from hotspots.effect.words import WHY_NOT, power_words, ring_words


@dataclass(frozen=True, eq=False)
class Told:
    """What is said of one measure; ``judgement`` is ``None`` where nothing could be compared."""

    state: str
    verdict: str
    sentence: str
    warning: str
    fixed: date | None
    judgement: Judgement | None


def make_tables(
    measures: gpd.GeoDataFrame,
    told: Sequence[Told],
    source: str,
    outcome: str,
    *,
    counted: bool = True,
) -> dict[str, pd.DataFrame]:
    """Return tables ``measures`` and ``measure_…`` by name.

    Parameters
    ----------
    measures
        As `geodata.measures.Measures.table`.
    told
        One a row of `measures`.
    source, outcome
        What was counted, its code and words.
    counted
        It is the source of the hot spots, whose verdict is that of the measure.
    """
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in FOLLOWUP if name[:8] == "measure_"
    }
    for name, one in zip(measures["measure_id"].astype("str"), told, strict=True):
        rows["measure_sources"].append(
            {
                "measure_id": name,
                "source": source,
                "counted": counted,
                "state": one.state,
                "verdict": one.verdict,
                "sentence": one.sentence,
                "warning": one.warning or None,
            }
        )
        if one.judgement is None:
            continue
        key = {"measure_id": name, "source": source}
        rows["measure_counts"] += [key | row for row in _counts(one.judgement)]
        rows["measure_rings"] += [key | row for row in _rings(one.judgement, outcome)]
        rows["measure_series"] += [key | row for row in _series(one.judgement)]
        for judged in one.judgement.variants:
            both = key | {"variant": judged.layout.variant}
            rows["measure_effects"] += [both | row for row in _effects(judged)]
            rows["measure_power"].append({**key, **_power(judged)})
    tables = {name: shaped(found, name, crs=measures.crs) for name, found in rows.items()}
    return {"measures": _measures(measures, told), **tables}


def _measures(measures: gpd.GeoDataFrame, told: Sequence[Told]) -> pd.DataFrame:
    fixed = [
        given if one.fixed is None else pd.Timestamp(one.fixed)
        for given, one in zip(measures["fixed_date"], told, strict=True)
    ]
    table = measures.assign(
        fixed_date=pd.Series(fixed, index=measures.index, dtype="datetime64[us]"),
        state=[one.state for one in told],
        verdict=[one.verdict for one in told],
        sentence=[one.sentence for one in told],
        warning=[one.warning or None for one in told],
    )
    return shaped(table.to_dict("records"), "measures", crs=measures.crs)


def _counts(judgement: Judgement) -> list[dict[str, Any]]:
    windows, rows = judgement.windows, []
    for one in judgement.variants:
        layout = one.layout
        shapes = {
            "treated": layout.treated,
            "buffer": layout.buffer,
            "control_buffer": layout.control_buffer,
            "rest": shapely.Polygon(),
        }
        for role, place in sorted(one.counts, key=lambda key: (EFFECT_ROLES.index(key[0]), key[1])):
            change = one.counts[role, place]
            is_control = role == "control"
            rows.append(
                {
                    "variant": layout.variant,
                    "role": role,
                    "place": place,
                    "first_before": windows.first_before,
                    "last_before": windows.last_before,
                    "first_after": windows.first_after,
                    "last_after": windows.last_after,
                    "days_before": windows.days_before,
                    "days_after": windows.days_after,
                    "n_before": int(change.before),
                    "n_after": int(change.after),
                    "likeness": layout.likeness[place - 1] if is_control else np.nan,
                    "geometry": layout.controls[place - 1] if is_control else shapes[role],
                }
            )
    return rows


def _effects(one: Judged) -> list[dict[str, Any]]:
    rows = []
    moved = one.displacement
    if moved is not None and moved.displaced is not None:
        for method, part in (
            ("wdd_local", moved.local),
            ("wdd_displaced", moved.displaced),
            ("wdd_total", moved.total),
        ):
            rows.append({"method": method, **_difference(part, one.dispersion)})
    if one.quotient is not None:
        found = one.quotient
        why = {"no_control": "quotient_no_control", "no_success": "no_success"}
        reason = _(WHY_NOT[why[found.reason]]) if found.reason else None
        rows.append({"method": "wdq", "estimate": found.wdq, "why_not": reason})
        reason = reason if found.net is None else None
        rows.append({"method": "net", "estimate": found.net, "why_not": reason})
    rows.append({"method": "did", **_ratio(one.did)})
    rows.append({"method": "series", **_ratio(one.series.ratio)})
    return [{"certain": False, **row} for row in rows]


def _difference(one: Difference, dispersion: float) -> dict[str, Any]:
    return {
        "estimate": one.estimate,
        "estimate_low": one.low,
        "estimate_high": one.high,
        "p": one.p,
        "dispersion": dispersion,
        "certain": one.certain,
        "why_not": None if one.variance else _(WHY_NOT["no_variance"]),
    }


def _ratio(one: Ratio) -> dict[str, Any]:
    return {
        "estimate": one.estimate,
        "estimate_low": one.low,
        "estimate_high": one.high if np.isfinite(one.high) else np.nan,
        "p": one.p,
        "dispersion": one.dispersion,
        "certain": one.certain,
        "why_not": _(WHY_NOT[one.why]) if one.why else None,
    }


def _rings(judgement: Judgement, outcome: str) -> list[dict[str, Any]]:
    return [
        {
            "what": one.what,
            "from_m": one.from_m,
            "to_m": one.to_m,
            "n_before": one.n_before,
            "n_after": one.n_after,
            "ratio": one.ratio.estimate,
            "ratio_low": one.ratio.low,
            "ratio_high": one.ratio.high,
            "sentence": ring_words(one, outcome),
        }
        for one in judgement.rings
    ]


def _series(judgement: Judgement) -> list[dict[str, Any]]:
    windows, one = judgement.windows, judgement.variants[0]
    starts = block_starts(windows.long_edges, windows.n_long)
    days = block_days(windows.long_edges, windows.n_long)
    nothing = np.full(len(days), np.nan)
    controls = nothing if one.control_blocks is None else one.control_blocks
    expected = nothing if one.series.expected is None else one.series.expected
    return [
        {
            "phase": "before" if i < windows.n_long else "after",
            "first_date": starts[i],
            "days": int(days[i]),
            "n_treated": int(one.treated_blocks[i]),
            "mean_control": float(controls[i]),
            "expected": float(expected[i]),
        }
        for i in range(len(days))
    ]


def _power(one: Judged) -> dict[str, Any]:
    n = len(one.layout.controls)
    return {
        "variant": one.layout.variant,
        "n_before": int(one.treated.before),
        "n_control": int(one.controls.before),
        "n_controls": n,
        "most_after": one.least.after if one.least else pd.NA,
        "least_fall": one.least.share if one.least else np.nan,
        "sentence": power_words(int(one.treated.before), n, one.least),
    }
