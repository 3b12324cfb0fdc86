"""Roles that are names of persons: refused, the register holds a role to ask."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from geodata.errors import Fault
from geodata.language import gettext as _
from geodata.register.columns import Cells, listed

_NAME: Final = re.compile(
    r"[A-ZÅÄÖÉ][a-zåäöéü]+(?:-[A-ZÅÄÖÉ][a-zåäöéü]+)?"
    r"(?:\s+[A-ZÅÄÖÉ](?:\.|[a-zåäöéü]+(?:-[A-ZÅÄÖÉ][a-zåäöéü]+)?)){1,2}"
)
"""Two or three capitalised words: in Swedish a role has lower case after its first word."""

ROLES: Final = ("contact_role", "consent_by")


def role_faults(cells: Cells) -> list[Fault]:
    """Return a fault for each column of roles that holds names; no name is repeated."""
    faults = []
    for target in ROLES:
        rows = [i for i, text in enumerate(cells.texts(target)) if _NAME.fullmatch(text)]
        if rows:
            faults.append(
                Fault(
                    code="person_as_role",
                    what=_("Kolumnen ”{name}” ser ut att innehålla personnamn.").format(
                        name=cells.of[target]
                    ),
                    where=_("{path}, rad {rows}").format(
                        path=cells.raw.path, rows=listed(cells.raw.row_numbers[np.array(rows)])
                    ),
                    why=_("Registret ska ange en roll, aldrig en person."),
                    next_step=_("Skriv rollen, till exempel ”förvaltare” eller ”styrelsen”."),
                )
            )
    return faults
