"""``lagesbild purge``: what is older than a day is deleted, with everything made of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from geodata.errors import Fault, OutputError, SettingsError
from geodata.files.latest import LATEST, START, is_run, leading_page
from geodata.files.manifest import MANIFEST
from geodata.keeping import Keeping, read_keeping
from geodata.language import day, ngettext, number
from geodata.language import gettext as _
from geodata.store import Purged
from scripts.adding import open_store
from scripts.appendix.options import APPENDICES
from scripts.config import Project


@dataclass(frozen=True)
class Purge:
    """What was deleted, or would be.

    Attributes
    ----------
    before
        Events that ended before this day go.
    store
        What was removed of the store; ``None`` when it was only asked.
    runs
        Folders of runs that rest on older events.
    kept
        Files and folders that this command leaves on purpose, with the reason and until when.
    """

    before: date
    store: Purged | None
    runs: tuple[str, ...]
    kept: tuple[tuple[str, Keeping], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready values."""
        return {
            "before": self.before.isoformat(),
            "events": self.store.events if self.store else None,
            "exports": list(self.store.parts) if self.store else None,
            "runs": list(self.runs),
            "kept": [{"file": file, **asdict(keeping)} for file, keeping in self.kept],
        }

    def lines(self) -> list[str]:
        """Return it as a person reads it."""
        lines = []
        if self.store is not None:
            text = ngettext(
                "{n} händelse före {day} är borttagen ur lagret, i alla versioner.",
                "{n} händelser före {day} är borttagna ur lagret, i alla versioner.",
                self.store.events,
            )
            lines.append(text.format(n=number(self.store.events), day=day(self.before)))
            lines += [f"  {name}" for name in self.store.parts]
            told = _("Borttagna körningar, som byggde på äldre händelser:")
        else:
            told = _("Körningar som skulle tas bort, eftersom de bygger på äldre händelser:")
        if self.runs:
            lines += [told, *(f"  {name}" for name in self.runs)]
        if self.kept:
            lines.append(_("Lämnas med avsikt:"))
            for file, keeping in self.kept:
                lines += [
                    f"  {file}",
                    "    " + _("Varför: {why}.").format(why=keeping.why),
                    "    " + _("Får tas bort: {until}.").format(until=keeping.until),
                ]
        return lines


def purge_project(project: Project, before: date | None, *, dry_run: bool) -> Purge:
    """Delete events older than a day from the store, and every run that rests on such events.

    Parameters
    ----------
    before
        The day; ``None``: ``[store] retention_months`` back from today.
    dry_run
        Only tell what would be deleted.

    Raises
    ------
    SettingsError
        ``no_retention``: neither a day nor a time of retention is given.
    OutputError
        ``not_purged``: something could not be deleted; what was deleted is told.
    """
    limit = before or _limit(project)
    kept = _kept(project)  # with its faults told before anything is deleted
    store = open_store(project)
    runs = [folder for folder in _runs(project) if _rests_on_older(folder, limit)]
    removed = None
    if not dry_run:
        removed = store.purge(limit)
        for folder in runs:
            try:
                shutil.rmtree(folder)
            except OSError as error:
                raise OutputError(_not_purged(folder, error)) from error
        _clear_latest(project, runs)
    return Purge(limit, removed, tuple(folder.name for folder in runs), kept)


def _limit(project: Project) -> date:
    months = project.store.retention_months
    if not months:
        raise SettingsError(
            Fault(
                code="no_retention",
                what=_("Det framgår inte hur gamla händelser som ska gallras."),
                next_step=_(
                    "Ange --before ÅÅÅÅ-MM-DD, eller hur länge händelser sparas i [store] "
                    "retention_months."
                ),
            )
        )
    limit: date = (pd.Timestamp(date.today()) - pd.DateOffset(months=months)).date()
    return limit


def _runs(project: Project) -> list[Path]:
    return sorted(
        folder
        for base in _bases(project)
        if base.is_dir()
        for folder in base.iterdir()
        if is_run(folder)
    )


def _bases(project: Project) -> tuple[Path, Path]:
    """Return the folders of all runs and of all appendices."""
    base = project.base / project.output.folder
    return base, base / APPENDICES


def _rests_on_older(folder: Path, limit: date) -> bool:
    """Tell whether a run has events before a day; one that doesn't say is taken to have."""
    first = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("first_month")
    return not isinstance(first, str) or date.fromisoformat(f"{first}-01") < limit


def _clear_latest(project: Project, runs: list[Path]) -> None:
    """Let the page that leads to the latest run lead to one that is left; remove it without any."""
    for base in _bases(project):
        page, gone = base / LATEST, [folder.name for folder in runs if folder.parent == base]
        if not page.is_file() or not any(name in page.read_text("utf-8") for name in gone):
            continue
        # An appendix has start pages of its own: the next one made writes the page anew.
        text = "" if base.name == APPENDICES else leading_page(base, "", START)
        if text:
            page.write_text(text, encoding="utf-8", newline="\n")
        else:
            page.unlink()


def _kept(project: Project) -> tuple[tuple[str, Keeping], ...]:
    """Return what is there and not this command's to delete."""
    own = project.store.kept_texts
    texts = read_keeping(project.base / own if own else None)
    reference, dogs = project.reference, project.dogsearch
    lists = (
        reference.operations,
        reference.measures,
        reference.reporters,
        reference.perceived_points,
        reference.perceived_answers,
        str(project.appendix.indicators or ""),
    )
    named = [
        *(("input", str(one.path)) for one in project.inputs),
        ("decisions", project.sheets.folder),
        ("results", dogs.results),
        ("register", dogs.register),
        *(("lists", name) for name in lists),
        *(("published", name) for name in project.disclosure.earlier),
    ]
    found = [(project.base / name.partition("#")[0], kind) for kind, name in named if name]
    there = {str(path): texts[kind] for path, kind in found if path.exists()}
    return tuple(there.items())


def _not_purged(folder: Path, error: OSError) -> Fault:
    return Fault(
        code="not_purged",
        what=_("En körning gick inte att ta bort. Lagret är gallrat; kör kommandot igen."),
        where=str(folder),
        why=error.strerror or str(error),
        next_step=_("Stäng filer som är öppna i andra program."),
    )
