"""All measures of the project's table judged, and told in tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number
from hotspots.effect.geometry import keep_out, lay_out, planned
from hotspots.effect.judging import Events, Judgement, judge
from hotspots.effect.options import EffectOptions
from hotspots.effect.tables import Told, make_tables
from hotspots.effect.windows import Windows, find_windows
from hotspots.effect.words import OWN_REPORTS, STATES, fixing_words, verdict_words
from hotspots.period import Period

UNLIKE: Final = 2.0
"""Times more or fewer events at a control place, on average, than at the place: worth a word."""


@dataclass(frozen=True)
class Counted:
    """What is counted.

    Attributes
    ----------
    source
        One source of `geodata.schema.SOURCES`.
    outcome
        In words, as ”anmälda narkotikabrott”.
    span
        First and last day that the source's events cover.
    by_month
        Only months are known.
    """

    source: str
    outcome: str
    span: tuple[date, date]
    by_month: bool


@dataclass(frozen=True, eq=False)
class Effects:
    """Tables ``measures`` and ``measure_…`` by name, and what to know."""

    tables: dict[str, pd.DataFrame]
    notices: tuple[Notice, ...]


def evaluate_measures(
    measures: gpd.GeoDataFrame,
    incidents: pd.DataFrame,
    counted: Counted,
    options: EffectOptions,
    *,
    plan: gpd.GeoDataFrame | None = None,
) -> Effects:
    """Judge every measure by one source.

    Parameters
    ----------
    measures
        As `geodata.measures.Measures.table`.
    incidents
        Rows of ``incidents`` that count: one source, admitted classes.
    counted
        What they are.
    options
        Lengths and distances.
    plan
        Table ``camera_evaluation`` with polygons fixed beforehand; a measure whose id is the
        ``site_id`` of a proposal is judged by them.

    Returns
    -------
    Effects
        Independent of the order of rows.
    """
    return evaluate_by_source(measures, [(incidents, counted)], options, plan=plan)


def evaluate_by_source(
    measures: gpd.GeoDataFrame,
    sources: Sequence[tuple[pd.DataFrame, Counted]],
    options: EffectOptions,
    *,
    plan: gpd.GeoDataFrame | None = None,
) -> Effects:
    """Judge every measure by each source for itself.

    Parameters
    ----------
    measures, options, plan
        As of `evaluate_measures`.
    sources
        Rows of ``incidents`` that count, of one source each, and what they are. The first is the
        one that the hot spots count: table ``measures`` holds what it says.

    Returns
    -------
    Effects
        Tables of all sources in one, source after source; notices of the first.
    """
    parts: list[dict[str, pd.DataFrame]] = []
    notices: list[Notice] = []
    for number_, (incidents, counted) in enumerate(sources):
        case = _Case(measures, Events.of(incidents), counted, options, plan)
        told = [case.tell(i) for i in range(len(measures))]
        first = number_ == 0
        parts.append(make_tables(measures, told, counted.source, counted.outcome, counted=first))
        notices += _notices(told) if first else ()
    tables = {name: _joined([one[name] for one in parts]) for name in parts[0]}
    return Effects({**tables, "measures": parts[0]["measures"]}, tuple(notices))


def _joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of tables of one description; empty ones would blur its types."""
    some = [one for one in tables if len(one)]
    return pd.concat(some, ignore_index=True) if len(some) > 1 else (some or tables)[0]


@dataclass(frozen=True, eq=False)
class _Case:
    """All that one measure is judged among."""

    measures: gpd.GeoDataFrame
    events: Events
    counted: Counted
    options: EffectOptions
    plan: gpd.GeoDataFrame | None

    def tell(self, at: int) -> Told:
        """Judge the measure in a row of the table."""
        row: Any = self.measures.iloc[at]
        began = row["first_date"].date()
        fixed = _day(row["fixed_date"])
        if row.geometry.is_empty:
            return self._untold("no_place", fixing="")
        windows = find_windows(
            began,
            _day(row["last_date"]),
            self.counted.span,
            self.options,
            by_month=self.counted.by_month,
        )
        if isinstance(windows, str):
            return self._untold(windows, fixing=fixing_words(began, fixed))
        others = self._others(at, windows)
        judgement, fixed = self._judge(row, windows, fixed, others)
        first = judgement.variants[0]
        fixing = fixing_words(began, fixed)
        warning = " ".join(filter(None, [fixing, *self._warnings(row, judgement, others)]))
        state = "evaluated"
        if all(sum(one.treated) == 0 for one in judgement.variants):
            state = "no_events"
        elif first.displacement is None:
            state = "no_control"
        if state != "evaluated":
            return Told(state, "unknown", _(STATES[state]), warning, fixed, judgement)
        sentence = verdict_words(judgement, self.counted.outcome)
        return Told(state, judgement.verdict, sentence, warning, fixed, judgement)

    def _untold(self, state: str, *, fixing: str) -> Told:
        return Told(state, "unknown", _(STATES[state]), fixing, None, None)

    def _judge(
        self, row: pd.Series[Any], windows: Windows, fixed: date | None, others: gpd.GeoDataFrame
    ) -> tuple[Judgement, date | None]:
        """Return the judgement and the day on which its polygons were fixed."""
        layouts = []
        kept_out = keep_out([row.geometry, *others.geometry], self.options)
        if self.plan is not None:
            layouts = planned(self.plan, str(row["measure_id"]), self.options)
        if layouts and self.plan is not None:
            own = self.plan[self.plan["site_id"].astype("str") == row["measure_id"]]
            fixed = own["fixed_date"].max().date()
        else:
            known = self.events.table, Period(*windows.match)
            layouts = list(lay_out(row.geometry, *known, kept_out, self.options))
        return judge(layouts, self.events, windows, self.options.rings_m, kept_out), fixed

    def _warnings(
        self, row: pd.Series[Any], judgement: Judgement, others: gpd.GeoDataFrame
    ) -> list[str]:
        """Return what weakens a judgement."""
        found = []
        first, windows = judgement.variants[0], judgement.windows
        planned_ = first.layout.variant == "view"
        if not windows.same_season:
            found.append(
                _(
                    "Uttaget räcker inte ett år bakåt: perioden före är inte samma del av året, "
                    "så årstiden kan ligga bakom skillnaden."
                )
            )
        if not windows.matched_apart and not planned_:
            found.append(
                _(
                    "Uttaget räcker inte längre bakåt: kontrollområdena är valda efter samma "
                    "period som jämförs, vilket kan få dem att falla tillbaka av sig själva."
                )
            )
        n = len(first.layout.controls)
        if 0 < n < self.options.n_controls and not planned_:
            found.append(
                _("Bara {n} kontrollområden av {asked} hittades.").format(
                    n=number(n), asked=number(self.options.n_controls)
                )
            )
        if n and first.treated.before:
            mean = first.controls.before / n
            if not 1 / UNLIKE <= mean / first.treated.before <= UNLIKE:
                found.append(
                    _(
                        "Kontrollområdena är olika platsen: i snitt {mean} händelser före mot {n}."
                    ).format(mean=number(mean, 1), n=number(first.treated.before))
                )
        if row["kind"] in OWN_REPORTS and self.counted.source in ("police", "guard"):
            found.append(
                _(
                    "Åtgärden ger själv rapporter, så fler rapporter kan betyda mer arbete och "
                    "inte fler brott."
                )
            )
        near = others[others.geometry.distance(row.geometry) <= self.options.margin_m]
        if len(near):
            found.append(
                _("Andra åtgärder pågick på samma plats och går inte att skilja åt: {ids}.").format(
                    ids=", ".join(near["measure_id"].astype("str"))
                )
            )
        return found

    def _others(self, at: int, windows: Windows) -> gpd.GeoDataFrame:
        """Return other measures with a place that were in force on some day of the two periods."""
        table = self.measures
        ends = table["last_date"].fillna(pd.Timestamp(windows.last_after))
        during = table["first_date"] <= pd.Timestamp(windows.last_after)
        during &= ends >= pd.Timestamp(windows.first_before)
        found = (during & ~table.geometry.is_empty).to_numpy().copy()
        found[at] = False
        return table[found]


def _day(value: Any) -> date | None:  # noqa: ANN401 (a Timestamp or NaT)
    return None if pd.isna(value) else value.date()


def _notices(told: list[Told]) -> tuple[Notice, ...]:
    judged = [one for one in told if one.state == "evaluated"]
    n, certain = len(judged), sum(one.verdict in ("fell", "rose") for one in judged)
    text = ngettext(
        "{n} av {all} åtgärder är utvärderad; {certain} med säkerställd förändring.",
        "{n} av {all} åtgärder är utvärderade; {certain} med säkerställd förändring.",
        n,
    ).format(n=number(n), all=number(len(told)), certain=number(certain))
    data = {"n": n, "all": len(told), "certain": certain}
    return (Notice(code="measures_evaluated", text=text, data=data),)
