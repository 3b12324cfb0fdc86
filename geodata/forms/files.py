"""The forms on disk: one folder a proposal, written once as a commented template, never over.

A proposal keeps its id from run to run: a site that stands where a form's place stands is that
proposal, whatever its rank has become. New sites take numbers that no folder has had.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot
from pathlib import Path
from typing import Any, Final

from geodata.errors import DataError, Fault, raise_all
from geodata.forms.fields import Form
from geodata.forms.template import template
from geodata.language import gettext as _
from geodata.options import nearest, read_options

FORM_FILE: Final = "formular.toml"
SAME_PLACE_M: Final = 2.0
"""Sites nearer than this to a form's place are the same place."""


@dataclass(frozen=True)
class Forms:
    """The forms of a project, by proposal id, in order of id."""

    by_id: Mapping[str, Form]

    def ids_of(self, points: Sequence[tuple[float, float]]) -> list[str]:
        """Return the proposal id of each site, in the sites' order.

        Parameters
        ----------
        points
            Where the sites stand, metres, best first.

        Returns
        -------
        list of str
            The id of the form whose place it is, else ``K`` and the next unused number. Two sites
            never share an id.
        """
        found: list[str | None] = []
        free = dict(self.by_id)
        for point in points:
            mine = _nearest(point, free)
            found.append(mine)
            if mine is not None:
                del free[mine]
        width = max(2, len(str(len(points))))
        taken = {int(name[1:]) for name in self.by_id}
        unused = (n for n in range(1, len(points) + len(taken) + 1) if n not in taken)
        return [name if name is not None else f"K{next(unused):0{width}d}" for name in found]

    def of(self, proposal_id: str) -> Form:
        """Return the form of a proposal; an empty one where there is none."""
        return self.by_id.get(proposal_id, Form())


def _nearest(point: tuple[float, float], forms: Mapping[str, Form]) -> str | None:
    apart = {
        name: hypot(form.place.x_m - point[0], form.place.y_m - point[1])
        for name, form in forms.items()
    }
    near = [(distance, name) for name, distance in apart.items() if distance < SAME_PLACE_M]
    return min(near)[1] if near else None


def read_forms(folder: Path) -> Forms:
    """Read every form of a project.

    Parameters
    ----------
    folder
        Holds a folder a proposal, ``K01`` and so on, each with its ``formular.toml``.

    Returns
    -------
    Forms
        None of them where the folder isn't there yet.

    Raises
    ------
    DataError
        With the faults of all forms: not TOML, unknown fields, values of the wrong kind, dates and
        hours that can't be.
    """
    forms: dict[str, Form] = {}
    faults: list[Fault] = []
    for file in sorted(folder.glob(f"K*/{FORM_FILE}")):
        name = file.parent.name
        if not name[1:].isdecimal():
            continue
        form, more = _read(file)
        faults += [replace(fault, where=f"{name}/{FORM_FILE}: {fault.where}") for fault in more]
        forms[name] = form
    raise_all(faults, DataError)
    return Forms(forms)


def _read(file: Path) -> tuple[Form, list[Fault]]:
    try:
        tables: dict[str, Any] = tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Form(), [
            Fault(
                code="form_not_toml",
                what=_("Formuläret går inte att läsa som TOML."),
                why=str(error),
                next_step=_("Text ska stå inom citattecken; långa texter inom tre citattecken."),
            )
        ]
    known = list(Form.__dataclass_fields__)
    faults = [
        Fault(
            code="unknown_field",
            what=_("Okänd rubrik ”{name}”.").format(name=name),
            where=f"[{name}]",
            next_step=nearest(name, known),
        )
        for name in tables
        if name not in known
    ]
    # A heading alone, “[form]”, so that the tables in it are named as they stand in the file.
    form, more = read_options(Form, {k: v for k, v in tables.items() if k in known}, "")
    faults += [replace(fault, where=fault.where.replace("[.", "[")) for fault in more]
    return form, faults + _impossible(form)


def _impossible(form: Form) -> list[Fault]:
    faults = []
    for number_, one in enumerate(form.measures.tried, start=1):
        if one.first_date and one.last_date and one.last_date < one.first_date:
            faults.append(
                _reversed(f"[[measures.tried]] {number_} last_date", one.first_date, one.last_date)
            )
    standing = form.standing
    if standing.started and standing.ended and standing.ended < standing.started:
        faults.append(_reversed("[standing] ended", standing.started, standing.ended))
    times = form.intrusion
    if times.hours_from is not None and times.hours_from == times.hours_to:
        faults.append(
            Fault(
                code="no_hours",
                what=_("Bevakningen börjar och slutar klockan {hour}.").format(
                    hour=times.hours_from
                ),
                where="[intrusion] hours_to",
                next_step=_("Dygnet runt skrivs från 0 till 24."),
            )
        )
    return faults


def _reversed(where: str, first: object, last: object) -> Fault:
    return Fault(
        code="dates_reversed",
        what=_("Sista dagen {last} ligger före den första {first}.").format(first=first, last=last),
        where=where,
        next_step=_("Rätta datumen."),
    )


def write_missing(
    folder: Path, proposals: Mapping[str, tuple[str, float, float]]
) -> tuple[Path, ...]:
    """Write a commented template for each proposal that has no form; never over one there is.

    Parameters
    ----------
    folder
        As of `read_forms`; made if it isn't there.
    proposals
        Id → candidate id, easting and northing in metres.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    OSError
        If a file can't be written.
    """
    written = []
    for name, (candidate, x_m, y_m) in proposals.items():
        file = folder / name / FORM_FILE
        if file.exists():
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        text = template(name, candidate_id=candidate, x_m=x_m, y_m=y_m)
        file.write_text(text, encoding="utf-8", newline="\n")
        written.append(file)
    return tuple(written)
