"""What people fill in for each camera proposal: the form, its reading, what is still missing."""

from geodata.forms.fields import Form, MeasureTried
from geodata.forms.files import Forms, read_forms, write_missing
from geodata.forms.hours import proposed_hours
from geodata.forms.law import Law, read_law
from geodata.forms.options import SheetOptions

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
