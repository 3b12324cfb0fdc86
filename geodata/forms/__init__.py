"""What people fill in for each camera proposal: the form, its reading, what is still missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from geodata.forms.fields import Form, MeasureTried
    from geodata.forms.files import Forms, read_forms, write_missing
    from geodata.forms.hours import proposed_hours
    from geodata.forms.law import Law, read_law
    from geodata.forms.options import SheetOptions
else:
    __getattr__ = lazily(
        __name__,
        {
            "Form": "fields",
            "MeasureTried": "fields",
            "Forms": "files",
            "read_forms": "files",
            "write_missing": "files",
            "proposed_hours": "hours",
            "Law": "law",
            "read_law": "law",
            "SheetOptions": "options",
        },
    )

__all__ = [
    "Form",
    "Forms",
    "Law",
    "MeasureTried",
    "SheetOptions",
    "proposed_hours",
    "read_forms",
    "read_law",
    "write_missing",
]
