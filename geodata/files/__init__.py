"""Files: what leaves the program, each made of `geodata.disclosure.Released` tables only.

One module a format (`geopackage` with its styles in `qgis`, `text`, `excel`, `parquet`), and two
for the run: `runfolder` moves it into place in one step, `manifest` says how it was made.
"""

from __future__ import annotations

from geodata.files.options import OutputOptions

__all__ = ["OutputOptions"]
