"""The project's store: events gathered export by export, with every version of each.

Each export adds one *part*, a Parquet file of the events that were new or had changed. Nothing old
is rewritten, so a week costs what a week holds. Which version counts is told by the parts
themselves; an index of a few numbers an event lets the next export be compared without reading
them. The list of parts, ``lager.json``, is put in place last and in one step: whenever the program
is killed, the store is as it was.

Modules: `keys` (what makes two events the same), `matching` (which version of which), `index`,
`parts` (files), `store` (open, add, read, purge), `reading` (the store as an import).
"""

from __future__ import annotations

from geodata.store.options import StoreOptions
from geodata.store.store import Added, Purged, Store

__all__ = ["Added", "Purged", "Store", "StoreOptions"]
