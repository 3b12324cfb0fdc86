"""What can be written while the hot spots are looked for: the events, and the report of the import.

With a million events their file takes more time than all other tables, and the libraries that
write it let go of the interpreter's lock.
"""

from __future__ import annotations

import json
from concurrent.futures import Executor, Future
from contextvars import copy_context
from pathlib import Path

import pandas as pd

from geodata.disclosure import Released, release
from geodata.files.pages import write_page
from geodata.files.parquet import write_parquet
from geodata.files.text import write_rejected
from geodata.incidents import Import
from scripts.config import Project


class Early:
    """Files that are written beside the work.

    Parameters
    ----------
    folder
        The run's folder, not yet in its place.
    project, imported
        What was asked, and what became of the rows.
    pool
        Where the writing is done.
    """

    def __init__(self, folder: Path, project: Project, imported: Import, pool: Executor) -> None:
        self._folder, self._project, self._imported, self._pool = folder, project, imported, pool
        self._writing: list[Future[None]] = []

    def begin(self, incidents: pd.DataFrame) -> None:
        """Begin to write what table ``incidents`` is enough for."""
        self._writing.append(self._pool.submit(copy_context().run, self._write, incidents))

    def _write(self, incidents: pd.DataFrame) -> None:
        options, output = self._project.project, self._project.output
        events = release(incidents, "incidents", options.profile, self._project.disclosure)
        # Asked for, or too many for the GeoPackage: so that they are never lost.
        wanted = "parquet" in output.formats or not output.puts_incidents_in_gpkg(len(incidents))
        if wanted and events.table is not None:
            write_parquet(self._folder / "incidents.parquet", events, crs=options.crs)
        if options.profile == "intern":  # the report quotes rows and addresses
            self._write_report(events)

    def _write_report(self, events: Released) -> None:
        from maps.report_page import import_report_html

        project, report = self._project, self._imported.report
        rejected = release(
            self._imported.rejected, "rejected", project.project.profile, project.disclosure
        )
        account = json.dumps(report.to_dict(), ensure_ascii=False)
        write_page(self._folder / "importrapport.json", account)
        page = import_report_html(
            report,
            profile=project.project.profile,
            title=project.project.name,
            rejected=rejected,
            incidents=events,
            synthetic=project.project.synthetic,
        )
        write_page(self._folder / "importrapport.html", page)
        for number_, rows in self._imported.rejected_rows.items():
            if not report.inputs[number_ - 1].rows_rejected:
                continue
            name = "rejected.csv" if len(report.inputs) == 1 else f"rejected-{number_}.csv"
            write_rejected(self._folder / name, rejected, rows, input_no=number_)

    def end(self) -> None:
        """Wait until all is written; raise what went wrong."""
        for one in self._writing:
            one.result()
