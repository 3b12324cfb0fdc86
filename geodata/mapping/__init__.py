"""Which column of a file holds what: as the project file says, else guessed, and told.

Columns that hold persons are refused unless the project file maps them to nothing, free text is
never kept, and every other column that nobody asked for is left unread and named.
The names that are recognised stand in ``data/column_names.csv``.
"""

from geodata.mapping.choosing import REQUIRED, TARGETS, ColumnMap, choose_columns
from geodata.mapping.names import JOIN, personal_name

__all__ = ["JOIN", "REQUIRED", "TARGETS", "ColumnMap", "choose_columns", "personal_name"]
