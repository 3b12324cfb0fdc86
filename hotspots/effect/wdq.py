"""The weighted displacement quotient of Bowers and Johnson, and the total net effect.

*Measuring the geographical displacement and diffusion of benefit effects of crime prevention
activity*, Journal of Quantitative Criminology 19 (2003). It says what became of a fall; where there
was none there is nothing to divide, and no quotient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hotspots.effect.wdd import Change

Reason = Literal["no_control", "no_success"]
Reading = Literal["diffusion_larger", "diffusion", "none", "displacement", "displacement_larger"]


@dataclass(frozen=True)
class Quotient:
    """What `wdq` finds.

    Attributes
    ----------
    success
        Change of the target's share of the control's events; only below 0 is there a fall.
        ``None`` without events in the control area.
    wdq
        The quotient; ``None`` where it has no meaning.
    net
        Total net effect: events that didn't happen in target and buffer, had they gone as the
        control area; ``None`` without events in the control area before or after.
    reason
        Why there is no quotient: ``no_control`` (no events in the control area before or after) or
        ``no_success`` (no fall to share out).
    """

    success: float | None
    wdq: float | None
    net: float | None
    reason: Reason | None

    @property
    def reading(self) -> Reading | None:
        """Return what the quotient means; ``None`` without one."""
        if self.wdq is None:
            return None
        if self.wdq == 0:
            return "none"
        if self.wdq > 0:
            return "diffusion_larger" if self.wdq > 1 else "diffusion"
        return "displacement_larger" if self.wdq < -1 else "displacement"


def wdq(target: Change, buffer: Change, control: Change) -> Quotient:
    """Return the weighted displacement quotient.

    Parameters
    ----------
    target, buffer
        Events of the treated place and of the zone around it. Counts of periods of unequal length
        are given per day.
    control
        Of the control area, which holds neither of the two.
    """
    if control.before <= 0 or control.after <= 0:
        return Quotient(None, None, None, "no_control")
    success = target.after / control.after - target.before / control.before
    moved = buffer.after / control.after - buffer.before / control.before
    growth = control.after / control.before
    net = sum(one.before * growth - one.after for one in (target, buffer))
    if success >= 0:
        return Quotient(success, None, net, "no_success")
    return Quotient(success, moved / success, net, None)
