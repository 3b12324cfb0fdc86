"""``lagesbild add``: an export goes into the project's store, without the old ones being read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from areas.boundaries import read_areas
from geodata.disclosure import release
from geodata.errors import Fault, Notice, OutputError, SettingsError
from geodata.exports import read_export
from geodata.files.text import write_rejected
from geodata.incidents import Import, import_incidents, last_day
from geodata.incidents import Input as ReadInput
from geodata.language import day as day_of
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.offence_codes import read_offence_codes
from geodata.store import Added, Store
from geodata.store.parts import rejected_csv
from geodata.store.weeks import missing_weeks
from scripts.config import Input, Project
from scripts.progress import Steps
from scripts.reading import stated_extent
from scripts.understanding import extent


@dataclass(frozen=True)
class Addition:
    """One export that was added: what its import did, and what became of its events."""

    file: str
    rows: dict[str, int]
    added: Added
    notices: tuple[Notice, ...]
    rejected: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready values."""
        return {
            "file": self.file,
            "rows": self.rows,
            "added": asdict(self.added),
            "rejected": self.rejected,
            "notices": [asdict(notice) for notice in self.notices],
        }

    def lines(self) -> list[str]:
        """Return it as a person reads it."""
        rows, added = self.rows, self.added
        lines = [
            _(
                "{file}: {read} rader lästa: {kept} behållna, {rejected} avvisade, {duplicate} "
                "dubbletter."
            ).format(
                file=self.file,
                read=number(rows["rows_read"]),
                kept=number(rows["rows_kept"]),
                rejected=number(rows["rows_rejected"]),
                duplicate=number(rows["rows_duplicate"]),
            ),
            _(
                "  Händelser: {new} nya, {same} redan kända, {corrected} rättade, {outdated} i en "
                "äldre version än lagrets."
            ).format(
                new=number(added.new),
                same=number(added.unchanged),
                corrected=number(added.corrected),
                outdated=number(added.outdated),
            ),
        ]
        if added.part is None:
            lines.append(_("  Inget nytt: lagret är oförändrat."))
        if self.rejected:
            lines.append(_("  De avvisade raderna: {file}").format(file=self.rejected))
        return lines


def open_store(project: Project) -> Store:
    """Return the project's store, which need not be there yet."""
    options = project.project
    return Store(project.base / project.store.folder, crs=options.crs, timezone=options.timezone)


def add_exports(
    project: Project,
    files: Sequence[Path],
    steps: Steps,
    *,
    input_no: int | None,
    extracted: date | None,
) -> list[Addition]:
    """Add exports to the project's store, in order.

    Parameters
    ----------
    files
        The exports; none means those of the project file.
    input_no
        Number of the ``[[input]]`` that tells how they are read; ``None``: the one whose file has
        the same name, or the only one.
    extracted
        Day of the extract; ``None``: that of the project file for its own files, else the last
        day that the export tells of, and never before what is in the store already.

    Raises
    ------
    LagesbildError
        With the faults of settings and files; exports before the faulty one are then added.
    """
    chosen = _choose(project, files, input_no)
    # What the project file states is the day of its own files; new ones were made later.
    day = extracted or (None if files else project.project.extract_date)
    store = open_store(project)
    steps.expect(len(chosen) + 1)
    with steps.step(_("Läser områden och lager")):
        areas = read_areas(
            project.areas,
            crs=project.project.crs,
            base=project.base,
            frame=stated_extent(project),
        )
        box = extent(project, areas.table)
    done = []
    for number_, one in chosen:
        with steps.step(_("Lägger till {file}").format(file=one.path.name)):
            done.append(_add(project, store, (number_, one), day, box))
    return done


def _choose(
    project: Project, files: Sequence[Path], input_no: int | None
) -> list[tuple[int, Input]]:
    """Return each export with the number of the input that it is read as."""
    inputs = project.inputs
    if input_no is not None and not 1 <= input_no <= len(inputs):
        raise SettingsError(
            Fault(
                code="unknown_input",
                what=_("Projektet har ingen [[input]] nummer {n}.").format(n=input_no),
                next_step=_("Ange --input mellan 1 och {n}.").format(n=len(inputs)),
            )
        )
    if not files:
        return list(enumerate(inputs, start=1))
    names = {one.path.name: n for n, one in enumerate(inputs, start=1)}
    found, faults = [], []
    for path in files:
        n = input_no or names.get(path.name) or (1 if len(inputs) == 1 else None)
        if n is None:
            faults.append(
                Fault(
                    code="which_input",
                    what=_("Det framgår inte hur filen ska läsas."),
                    where=str(path),
                    why=_("Projektet har flera [[input]], och ingen av dem har filens namn."),
                    next_step=_("Ange --input med numret på den [[input]] som filen är av."),
                )
            )
            continue
        found.append((n, replace(inputs[n - 1], path=path.resolve())))
    if faults:
        raise SettingsError(faults)
    return found


def _add(
    project: Project,
    store: Store,
    chosen: tuple[int, Input],
    day: date | None,
    box: tuple[float, float, float, float] | None,
) -> Addition:
    number_, one = chosen
    options = project.project
    own = options.offence_codes
    imported = import_incidents(
        [ReadInput(read_export(one.path, one.read), one.meaning)],
        crs=options.crs,
        timezone=options.timezone,
        today=day or date.today(),
        bbox=box,
        codes=read_offence_codes(project.base / own if own is not None else None),
    )
    report = replace(imported.report.inputs[0], input_no=number_)
    known = [part.last for part in store.facts.parts if part.input_no == number_ and part.last]
    until = date.fromisoformat(max(known)) if known else None
    taken, assumed = (day, ()) if day else _assumed(imported.incidents, store, one.path.name)
    try:
        added = store.add(imported.incidents, report, imported.rejected, taken)
        rejected = _write_rejected(project, store, imported, added)
    except OSError as error:
        raise OutputError(_not_written(store.folder, error)) from error
    lacking = missing_weeks(imported.incidents["start"], until)
    return Addition(
        file=one.path.name,
        rows=imported.report.totals,
        added=added,
        notices=(
            *imported.report.notices,
            *(assumed if added.part is not None else ()),
            *([_tell(lacking, one.path.name)] if lacking else []),
        ),
        rejected=rejected,
    )


def _assumed(incidents: pd.DataFrame, store: Store, file: str) -> tuple[date, tuple[Notice, ...]]:
    """Return the day of an extract that nobody has stated, and what is told of it.

    Its last day; but an extract that is added later was made later, whatever time it tells of.
    """
    known = [date.fromisoformat(part.extracted) for part in store.facts.parts]
    last = min(last_day(incidents["start"], incidents["end"]), date.today())
    taken = max([last, *known])
    text = _(
        "{file}: uttagsdagen antas vara {day}, den sista dag som uttaget eller lagret når. Ange "
        "den annars med --extracted."
    ).format(file=file, day=day_of(taken))
    data = {"extract_date": taken.isoformat()}
    return taken, (Notice(code="extract_date_guessed", text=text, level="chosen", data=data),)


def _write_rejected(project: Project, store: Store, imported: Import, added: Added) -> str:
    """Write the rejected rows of a part as they stood, to be corrected; return where."""
    if added.part is None or imported.rejected.empty:
        return ""
    path = store.folder / rejected_csv(added.part)
    released = release(imported.rejected, "rejected", "intern", project.disclosure)
    write_rejected(path, released, imported.rejected_rows[1], input_no=1)
    return str(path)


def _tell(lacking: Sequence[date], file: str) -> Notice:
    weeks = [f"{d.isocalendar().year}-W{d.isocalendar().week:02d}" for d in lacking]
    shown = ", ".join(weeks[:8]) + (" …" if len(weeks) > 8 else "")
    text = ngettext(
        "{file}: en vecka saknar händelser helt: {weeks}. Saknas ett uttag?",
        "{file}: {n} veckor saknar händelser helt: {weeks}. Saknas ett uttag?",
        len(weeks),
    ).format(file=file, n=number(len(weeks)), weeks=shown)
    return Notice(code="weeks_missing", text=text, level="warning", data={"weeks": weeks})


def _not_written(folder: Path, error: OSError) -> Fault:
    return Fault(
        code="store_not_written",
        what=_("Lagret går inte att skriva. Det är som förut."),
        where=str(folder),
        why=error.strerror or str(error),
        next_step=_("Frigör utrymme, eller ange en annan mapp i [store] folder."),
    )
