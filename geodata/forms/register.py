"""The register of municipal cameras (10 §) and the list of reviews, from the forms.

The register has the five items of the law and nothing else, so that it can be handed over as it is.
The police's cameras are not in it (12 §).
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from geodata import schema
from geodata.camera_tables import CAMERAS
from geodata.forms.fields import Form
from geodata.forms.files import Forms
from geodata.forms.law import Law
from geodata.language import day
from geodata.language import gettext as _

KEPT_YEARS = 5
"""A camera stays in the register for so long after the surveillance ended (10 §)."""


def make_register(forms: Forms, law: Law, *, today: date) -> pd.DataFrame:
    """Return table ``camera_register``: decided municipal cameras, by proposal id.

    Parameters
    ----------
    forms
        All forms.
    law
        The texts of the purposes.
    today
        Cameras that ended more than five years before are left out.
    """
    rows = [
        {
            "address": form.identity.address,
            "place_type": form.identity.place_type,
            "purpose": "; ".join(law.text(one, "purpose") for one in form.problem.purposes),
            "technique": _technique(form),
            "assessed": _assessed(form),
        }
        for _name, form in sorted(forms.by_id.items())
        if in_register(form, today)
    ]
    if not rows:
        return schema.empty("camera_register", tables=CAMERAS)
    table = pd.DataFrame(rows, columns=list(CAMERAS["camera_register"])).astype("str")
    schema.check(table, "camera_register", tables=CAMERAS)
    return table


def in_register(form: Form, today: date) -> bool:
    """Tell whether a camera belongs in the register: decided, not the police's, not long ended."""
    ended = form.standing.ended
    kept = ended is None or (
        pd.Timestamp(ended) + pd.DateOffset(years=KEPT_YEARS) >= pd.Timestamp(today)
    )
    return (
        form.standing.position == "decided"
        and form.identity.controller not in ("", "police")
        and kept
    )


def _technique(form: Form) -> str:
    one = form.intrusion
    parts = [_("ljud") if one.sound else _("inget ljud")]
    if one.analytics:
        parts.append(_("bildanalys"))
    if one.special_technique:
        parts.append(one.special_technique)
    return ", ".join(parts)


def _assessed(form: Form) -> str:
    decided = form.balance.decided
    return _("ja, {day}").format(day=day(decided)) if decided else _("nej")
