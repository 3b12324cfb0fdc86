"""What the rows of exports mean: classified, deduplicated, rejected with reasons, and reported.

`import_incidents` is the door. `understanding` reads one file row by row (`meaning`: its texts,
`personal`: what must not follow), `geodata.duplicates` makes events of rows, `table` writes them
out and `telling` says what a person should know.
"""

from geodata.incidents.extract_day import ExtractDay, guess_extract_day, last_day
from geodata.incidents.importing import Import, Input, guess_columns, import_incidents
from geodata.incidents.options import ImportOptions, Rule

__all__ = [
    "ExtractDay",
    "Import",
    "ImportOptions",
    "Input",
    "Rule",
    "guess_columns",
    "guess_extract_day",
    "import_incidents",
    "last_day",
]
