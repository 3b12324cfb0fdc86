"""The evaluation of a camera, fixed before it starts: where, beside what, over which periods.

Which polygons are compared changes what an evaluation of cameras finds (Kronkvist 2021), so they
are fixed with the proposal: the treated polygon, a ring around it to which offences may move, and
control places that were like it before. Control places are chosen by events before the date of
fixing only, so never by result. Two variants of the treated polygon are fixed, and both are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.errors import Notice
from geodata.language import N_, ngettext, number, percent
from geodata.language import gettext as _
from geodata.options import setting
from hotspots.controlplaces import Before, Control, before, choose_controls
from hotspots.effect.power import LeastEffect, least_effect
from hotspots.period import Period

VARIANTS: Final = ("view", "margin")
"""The view itself, and the view with a margin around it."""
ROLES: Final = ("treated", "buffer", "control")


@dataclass(frozen=True, kw_only=True)
class PlanOptions:
    """``[evaluation_plan]``: how a proposal's evaluation is fixed beforehand."""

    months_before: int = setting(
        24,
        N_("Månader före som jämförs. Fler ger säkrare jämförelse men äldre händelser."),
        unit="månader",
        minimum=3,
        maximum=120,
    )
    months_after: int = setting(
        12, N_("Månader efter start som jämförs."), unit="månader", minimum=3, maximum=120
    )
    margin_m: float = setting(
        50.0,
        N_("Marginal runt upptagningsområdet i den andra varianten; polisens lägen är osäkra."),
        unit="m",
        minimum=1,
        maximum=500,
    )
    buffer_m: float = setting(
        100.0, N_("Bredd på den ring dit brott kan flytta."), unit="m", minimum=1, maximum=1000
    )
    apart_m: float = setting(
        300.0,
        N_("Minsta avstånd från en föreslagen kameras område till ett kontrollområde."),
        unit="m",
        minimum=0,
        maximum=10_000,
    )
    n_controls: int = setting(
        3,
        N_("Antal kontrollområden för varje förslag. Fler ger säkrare jämförelse men olikare."),
        unit="områden",
        minimum=1,
        maximum=20,
    )


@dataclass(frozen=True, eq=False)
class EvaluationPlan:
    """What is fixed.

    Attributes
    ----------
    places
        One row a polygon: ``site_id``, ``variant`` (`VARIANTS`), ``role`` (`ROLES`), ``place``
        (1… among the control places of a variant, else 0), ``fixed_date``, ``first_date`` and
        ``last_date`` of the period before, ``months_before``, ``months_after``, ``n_before``
        (events), ``likeness`` (of a control place: 0 is equal, about 1 different by chance
        only; missing for others), ``geometry``.
    effects
        One row a proposal and variant: ``site_id``, ``variant``, ``n_treated``, ``n_buffer``,
        ``n_control`` (of all its control places), ``n_controls``, ``expected_after`` (treated,
        with no change), ``most_after`` and ``least_fall`` (0–1; missing when nothing could be
        shown), ``sentence``.
    outcome
        What is counted, in words.
    notices
        What to know.
    """

    places: gpd.GeoDataFrame
    effects: pd.DataFrame
    outcome: str
    notices: tuple[Notice, ...]


def fix_plan(
    views: gpd.GeoDataFrame,
    events: pd.DataFrame,
    options: PlanOptions | None = None,
    *,
    first: date,
    last: date,
    fixed: date,
    outcome: str,
) -> EvaluationPlan:
    """Fix how each proposal is to be evaluated.

    Parameters
    ----------
    views
        ``site_id`` and the polygon seen (``geometry``), one row a proposal.
    events
        Counted rows of ``incidents``, one source, admitted classes and kinds of space: ``start``,
        ``end``, ``time_precision``, ``x_m``, ``y_m``, ``offence_class``.
    options
        Lengths and distances.
    first, last
        First and last day that the extract covers. Events outside are not looked at.
    fixed
        Day on which the plan is fixed; the period before ends on `last`, never after this day.
    outcome
        What is counted, in words.

    Returns
    -------
    EvaluationPlan
        Independent of the order of rows.
    """
    options = options or PlanOptions()
    months, notices = _months(first, min(last, fixed), options)
    stop = pd.Timestamp(min(last, fixed)) + pd.Timedelta(days=1)
    period = Period((stop - pd.DateOffset(months=months)).date(), min(last, fixed))
    known = before(events, period)
    views = views.sort_values("site_id", ignore_index=True)
    places, effects = [], []
    for variant in VARIANTS:
        treated = views.geometry.to_numpy()
        if variant == "margin":
            treated = shapely.buffer(treated, options.margin_m)
        everywhere = shapely.union_all(treated)
        kept_out = shapely.buffer(everywhere, options.apart_m)
        for site, polygon in zip(views["site_id"].astype("str"), treated, strict=True):
            ring = shapely.difference(shapely.buffer(polygon, options.buffer_m), everywhere)
            controls = choose_controls(polygon, known, kept_out, options.n_controls)
            rows = _rows(polygon, ring, controls, known)
            places += [{"site_id": site, "variant": variant, **row} for row in rows]
            effects.append({"site_id": site, "variant": variant, **_effect(rows, months, options)})
    dates: dict[str, Any] = {
        "fixed_date": pd.Timestamp(fixed).as_unit("us"),
        "first_date": pd.Timestamp(period.first).as_unit("us"),
        "last_date": pd.Timestamp(period.last).as_unit("us"),
        "months_before": months,
        "months_after": options.months_after,
    }
    table = pd.DataFrame(places, columns=_COLUMNS).assign(**dates)
    kinds = dict.fromkeys(("site_id", "variant", "role"), "str")
    table = table.astype(kinds)[[*_COLUMNS[:-1], *dates, "geometry"]]
    told = pd.DataFrame(effects, columns=_EFFECTS).astype(
        {"site_id": "str", "variant": "str", "most_after": "Int64", "sentence": "str"}
    )
    return EvaluationPlan(
        places=gpd.GeoDataFrame(table, geometry="geometry", crs=views.crs),
        effects=told,
        outcome=outcome,
        notices=(*notices, *_few_controls(told, options)),
    )


_COLUMNS: Final = ["site_id", "variant", "role", "place", "n_before", "likeness", "geometry"]
_EFFECTS: Final = [
    "site_id",
    "variant",
    "n_treated",
    "n_buffer",
    "n_control",
    "n_controls",
    "expected_after",
    "most_after",
    "least_fall",
    "sentence",
]


def _months(first: date, last: date, options: PlanOptions) -> tuple[int, list[Notice]]:
    """Return the whole months before, and a notice when they are fewer than asked."""
    end = pd.Timestamp(last) + pd.Timedelta(days=1)
    have = (end.year - first.year) * 12 + end.month - first.month - (end.day < first.day)
    if have >= options.months_before:
        return options.months_before, []
    text = _(
        "Uttaget räcker {months} månader bakåt av de {asked} som jämförelsen före skulle ha."
    ).format(months=number(max(have, 0)), asked=number(options.months_before))
    notice = Notice(code="plan_short", text=text, level="warning", data={"months": have})
    return max(have, 1), [notice]


def _rows(
    treated: shapely.Geometry, ring: shapely.Geometry, controls: list[Control], events: Before
) -> list[dict[str, Any]]:
    shapes = [("treated", 0, np.nan, treated), ("buffer", 0, np.nan, ring)]
    shapes += [
        ("control", number, control.likeness, control.polygon)
        for number, control in enumerate(controls, start=1)
    ]
    return [
        {
            "role": role,
            "place": place,
            "n_before": events.count(shape),
            "likeness": likeness,
            "geometry": shape,
        }
        for role, place, likeness, shape in shapes
    ]


def _effect(rows: list[dict[str, Any]], months: int, options: PlanOptions) -> dict[str, Any]:
    """Return what could be shown of one treated place, beside its control places."""
    counts = [int(row["n_before"]) for row in rows]
    treated, ring, controls = counts[0], counts[1], counts[2:]
    least = None
    if controls:
        least = least_effect(
            treated,
            sum(controls),
            controls=len(controls),
            before=months,
            after=options.months_after,
        )
    return {
        "n_treated": treated,
        "n_buffer": ring,
        "n_control": sum(controls),
        "n_controls": len(controls),
        "expected_after": treated * options.months_after / months,
        "most_after": least.after if least else np.nan,
        "least_fall": least.share if least else np.nan,
        "sentence": _sentence(treated, len(controls), least, options),
    }


def _sentence(treated: int, controls: int, least: LeastEffect | None, options: PlanOptions) -> str:
    if controls == 0:
        return _("Det finns inget jämförbart kontrollområde: effekten går inte att avgöra.")
    if least is None:
        return ngettext(
            "Med {n} händelse före går en effekt inte att avgöra, ens om ingen sker efter.",
            "Med {n} händelser före går en effekt inte att avgöra, ens om ingen sker efter.",
            treated,
        ).format(n=number(treated))
    return _(
        "Minsta minskning som kan säkerställas efter {months} månader är {share} (högst {after} "
        "händelser), om kontrollområdena är oförändrade. Är den verkliga effekten just så stor "
        "visas den ungefär varannan gång."
    ).format(
        months=number(options.months_after), share=percent(least.share), after=number(least.after)
    )


def _few_controls(effects: pd.DataFrame, options: PlanOptions) -> list[Notice]:
    few = effects[effects["n_controls"] < options.n_controls]
    if few.empty:
        return []
    text = _(
        "Kontrollområden saknas eller är färre än {n} för {sites}: inget mer lika område ligger "
        "långt nog från föreslagna kameror."
    ).format(n=number(options.n_controls), sites=", ".join(few["site_id"].unique()))
    data = {"site_ids": few["site_id"].unique().tolist()}
    return [Notice(code="few_controls", text=text, level="warning", data=data)]
