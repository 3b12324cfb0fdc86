"""The list of police operations: days, hours and places at which the police looked for more.

A list is a CSV, XLSX or TOML file with a row an operation. It is short and somebody's own, so a row
that can't be understood stops the work rather than being left out: an operation that is missed
would leave its finds among the others.
"""

from geodata.operations.options import OperationOptions
from geodata.operations.reading import Operations, read_operations

__all__ = ["OperationOptions", "Operations", "read_operations"]
