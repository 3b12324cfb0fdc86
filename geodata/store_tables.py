"""The tables of the project's store: events that have been told in more than one way."""

from __future__ import annotations

from typing import Final

from geodata.schema import INCIDENTS, Column, Tables

_SHOWN: Final = (
    "case_id", "start", "end", "time_precision", "offence_codes", "offence_count",
    "offence_classes", "source", "police_initiated", "space_type", "certainty", "geocode_class",
    "address", "x_m", "y_m",
)  # fmt: skip

STORE_TABLES: Final[Tables] = {
    "event_versions": {
        "event": Column("int", "number of the event in this table, 1…n"),
        "version": Column("int", "1 is the oldest extract"),
        "counts": Column("bool", "the version that counts"),
        "extracted": Column("date", "day of the extract"),
        "file": Column("text", "name of the export"),
        "changed": Column("text", "columns that differ from the version before, by ';'"),
        **{name: INCIDENTS[name] for name in _SHOWN},
    }
}
