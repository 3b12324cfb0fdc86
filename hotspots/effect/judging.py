"""One measure judged: counts, tests of both variants, rings, the series, and what all say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.ratios import RatioOfRatios, ratio_of_ratios
from hotspots.effect.diffindiff import Ratio, diff_in_diff, dispersion_within
from hotspots.effect.geometry import Layout, inside
from hotspots.effect.power import LeastEffect, least_effect
from hotspots.effect.rings import Ring, count_rings
from hotspots.effect.timeseries import Interrupted, interrupted
from hotspots.effect.wdd import Change, Displacement, wdd
from hotspots.effect.wdq import Quotient, wdq
from hotspots.effect.windows import Windows, block_days, count_blocks
from hotspots.period import event_days

_TOWN = ("control", "rest")
Verdict = Literal["fell", "rose", "none", "unknown"]


@dataclass(frozen=True, eq=False)
class Events:
    """The counted events of one source, as arrays.

    Attributes
    ----------
    table
        Rows of ``incidents``.
    xy
        Points, metres, shape (n, 2).
    days
        Local day of each, ``datetime64[D]``, shape (n,).
    indoors
        Whether in common areas of residential buildings, shape (n,).
    """

    table: pd.DataFrame
    xy: NDArray[np.float64]
    days: NDArray[np.datetime64]
    indoors: NDArray[np.bool_]

    @staticmethod
    def of(table: pd.DataFrame) -> Events:
        """Take what is needed from rows of ``incidents``."""
        return Events(
            table,
            table[["x_m", "y_m"]].to_numpy(np.float64),
            event_days(table),
            (table["space_type"] == "residential_common").to_numpy(),
        )

    def between(self, first: Any, last: Any) -> NDArray[np.bool_]:  # noqa: ANN401 (dates)
        """Tell which events are of these days, both included."""
        low, high = np.datetime64(first), np.datetime64(last)
        return np.asarray((self.days >= low) & (self.days <= high))


@dataclass(frozen=True, eq=False)
class Judged:
    """One variant of one measure.

    Attributes
    ----------
    layout
        Its polygons.
    counts
        Events before and after by role and number of the place.
    dispersion
        Variance by mean of the blocks' counts.
    displacement, quotient, did, series, least
        What the tests say; ``None`` without control places, except the series.
    earlier
        Change since the same days a year before the period before, over that of control places
        and the rest of the municipality; ``None`` where the extract doesn't reach.
    treated_blocks, control_blocks
        Events by block of the series, at the place and on average at a control place.
    """

    layout: Layout
    counts: Mapping[tuple[str, int], Change]
    dispersion: float
    displacement: Displacement | None
    quotient: Quotient | None
    did: Ratio
    series: Interrupted
    least: LeastEffect | None
    earlier: RatioOfRatios | None
    treated_blocks: NDArray[np.int64]
    control_blocks: NDArray[np.float64] | None

    @property
    def treated(self) -> Change:
        """Return the events of the place."""
        return self.counts["treated", 0]

    @property
    def controls(self) -> Change:
        """Return the events of all control places."""
        own = [change for (role, _n), change in self.counts.items() if role == "control"]
        return Change(sum(one.before for one in own), sum(one.after for one in own))

    @property
    def verdict(self) -> Verdict:
        """Return what the tests of this variant say together.

        A change is certain only when the displacement difference, widened by the events' own
        dispersion, excludes none, and the regression does so too; and, where the extract reaches,
        when it is one from the year before last as well. Measures are taken where much has
        happened of late, and what was unusual falls back by itself.
        """
        if self.displacement is None or not self.displacement.local.variance:
            return "unknown"
        local, down = self.displacement.local, self.displacement.local.estimate < 0
        if not local.certain or not self.did.certain or (self.did.high < 1) != down:
            return "none"
        if self.fell_back:
            return "none"
        return "fell" if down else "rose"

    @property
    def fell_back(self) -> bool:
        """Tell whether a certain change is none from the year before last."""
        if self.earlier is None or self.displacement is None:
            return False
        if not self.displacement.local.certain or not self.did.certain:
            return False
        down = self.displacement.local.estimate < 0
        # Without any event then, nothing is known of it.
        return self.earlier.high >= 1 if down else self.earlier.low <= 1


@dataclass(frozen=True, eq=False)
class Judgement:
    """All variants of one measure, and the rings around it."""

    windows: Windows
    variants: Sequence[Judged]
    rings: Sequence[Ring] = field(default_factory=tuple)

    @property
    def verdict(self) -> Verdict:
        """Return what all variants say: certain only where they agree."""
        said = {one.verdict for one in self.variants}
        if len(said) == 1:
            return said.pop()
        return "unknown" if said == {"unknown"} else "none"

    @property
    def fell_back(self) -> bool:
        """Tell whether some variant's change is none from the year before last."""
        return any(one.fell_back for one in self.variants)

    @property
    def differ(self) -> bool:
        """Tell whether one variant shows a certain change and another doesn't."""
        said = {one.verdict for one in self.variants}
        return len(said) > 1 and bool(said & {"fell", "rose"})


def judge(
    layouts: Sequence[Layout],
    events: Events,
    windows: Windows,
    rings_m: tuple[float, ...],
    kept_out: Any,  # noqa: ANN401 (a geometry)
) -> Judgement:
    """Judge a measure by each of its layouts.

    Parameters
    ----------
    layouts
        Its variants.
    events
        What is counted.
    windows
        Which days.
    rings_m
        Outer borders of the rings around the first variant's place.
    kept_out
        Near this and other measures; the rest of the municipality is what lies outside it.
    """
    rest = ~inside(kept_out, events.xy)
    before = events.between(windows.first_before, windows.last_before)
    after = events.between(windows.first_after, windows.last_after)
    variants = [_judge(layout, events, windows, (before, after), rest) for layout in layouts]
    first = variants[0]
    rings = count_rings(
        first.layout.treated,
        events.xy,
        before,
        after,
        events.indoors,
        edges_m=rings_m,
        dispersion=first.dispersion,
    )
    return Judgement(windows, variants, rings)


def _judge(
    layout: Layout,
    events: Events,
    windows: Windows,
    when: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    rest: NDArray[np.bool_],
) -> Judged:
    before, after = when
    shapes: dict[tuple[str, int], Any] = {
        ("treated", 0): layout.treated,
        ("buffer", 0): layout.buffer,
        **{("control", i): one for i, one in enumerate(layout.controls, start=1)},
    }
    if layout.controls:
        shapes["control_buffer", 0] = layout.control_buffer
    within = {key: inside(shape, events.xy) for key, shape in shapes.items()}
    within["rest", 0] = rest & ~np.logical_or.reduce(list(within.values()))
    counts = {
        key: Change(int((here & before).sum()), int((here & after).sum()))
        for key, here in within.items()
    }
    places = [within["treated", 0]]
    places += [within["control", i] for i in range(1, len(layout.controls) + 1)]
    places.append(within["rest", 0])
    panel = np.array(
        [count_blocks(events.days[here], windows.edges, windows.n_before) for here in places]
    )
    long = np.array(
        [count_blocks(events.days[here], windows.long_edges, windows.n_long) for here in places]
    )
    series = interrupted(long[0], block_days(windows.long_edges, windows.n_long), windows.n_long)
    dispersion = dispersion_within(panel[:-1], windows.n_before)
    alone = Judged(
        layout=layout,
        counts=counts,
        dispersion=dispersion,
        displacement=None,
        quotient=None,
        did=diff_in_diff(panel, windows.n_before),
        series=series,
        least=None,
        earlier=_since_earlier(within, events, windows, after, dispersion),
        treated_blocks=long[0],
        control_blocks=None,
    )
    if not layout.controls:
        return alone
    control = alone.controls
    treated, buffer, around = (counts[role, 0] for role in ("treated", "buffer", "control_buffer"))
    town = Change(
        *(a + b for a, b in zip(counts["rest", 0], control, strict=True))
    )  # all but the place, its buffer, and what is near other measures
    longer = windows.days_after / windows.days_before
    return replace(
        alone,
        displacement=wdd(
            control,
            treated,
            around,
            buffer,
            time_weights=(1 / longer, 1.0),  # so the figure is one of events in the period after
            area_weights=layout.area_weights,
            dispersion=dispersion,
        ),
        quotient=wdq(*(Change(c.before * longer, c.after) for c in (treated, buffer, town))),
        least=least_effect(
            int(treated.before),
            control.before,
            controls=len(layout.controls),
            before=windows.days_before,
            after=windows.days_after,
            dispersion=dispersion,
        ),
        control_blocks=long[1:-1].mean(axis=0),
    )


def _since_earlier(
    within: Mapping[tuple[str, int], NDArray[np.bool_]],
    events: Events,
    windows: Windows,
    after: NDArray[np.bool_],
    dispersion: float,
) -> RatioOfRatios | None:
    """Return the change since the year before last; ``None`` where the extract doesn't reach."""
    if windows.earlier is None:
        return None
    then = events.between(*windows.earlier)
    town = np.logical_or.reduce([one for (role, _n), one in within.items() if role in _TOWN])
    own, other = (
        (float((which & then).sum()), float((which & after).sum()))
        for which in (within["treated", 0], town)
    )
    return ratio_of_ratios(own, other, dispersion=dispersion)
