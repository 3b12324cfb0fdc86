"""A filled-in form of dog-search results, read back into the project's register of results.

The register is a CSV file that rows are only ever added to. A result that stands there already is
not written again, so that the same form read twice changes nothing.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from geodata.errors import DataError, Fault, Notice, OutputError, SettingsError, raise_all
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.register import Results, read_results, write_results_template
from geodata.register.template import RESULT_HEADINGS
from geodata.register.words import words
from geodata.search_tables import RESULTS
from scripts.config import Project
from scripts.stages.dogsearch import read_entrances, today


@dataclass(frozen=True)
class Added:
    """What reading a form back did.

    Attributes
    ----------
    file
        The register of results.
    added, known
        Rows written, and rows that stood there already.
    results
        Results of the rows written, by code of `geodata.search_tables.RESULTS`.
    notices
        Of both files.
    """

    file: Path
    added: int
    known: int
    results: dict[str, int]
    notices: tuple[Notice, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready values."""
        return {**asdict(self), "file": str(self.file)}

    def lines(self) -> list[str]:
        """Return what was done, for people."""
        text = ngettext(
            "{n} resultat tillagt i {file}.", "{n} resultat tillagda i {file}.", self.added
        ).format(n=number(self.added), file=self.file.name)
        if self.known:
            text += " " + ngettext("{n} stod där redan.", "{n} stod där redan.", self.known).format(
                n=number(self.known)
            )
        lines = [text]
        if self.added:
            counts = ", ".join(
                f"{label(code)} {number(self.results[code])}"
                for code in RESULTS
                if self.results.get(code)
            )
            lines.append(_("Utfall: {counts}.").format(counts=counts))
            searched = self.added - self.results.get("not_done", 0)
            if searched and not self.results.get("find"):
                lines.append(_("Inga fynd. Det är ett normalt utfall, och räknas."))
        return lines


def add_results(project: Project, form: Path) -> Added:
    """Add the results of a form to the project's register of results.

    Parameters
    ----------
    project
        With ``[dogsearch] register`` and ``results``.
    form
        XLSX or CSV.

    Returns
    -------
    Added
        Rows that can't be understood are named in the notices and stay in the form; nothing of the
        register is changed but for the rows added last.

    Raises
    ------
    SettingsError
        If the project names no register of entrances, or no CSV file for the results.
    DataError
        If a file can't be read, or rows of the form can't be understood.
    OutputError
        If the register of results can't be written.
    """
    file = _file(project)
    register = read_entrances(project, today(project)).table
    new = _read(project, form, register)
    if not file.exists():
        write_results_template(file)
    sheet = _Sheet.of(file)
    old = _read(project, file, register).table if sheet.filled else None
    fresh, weaker = _fresh(new.table, old)
    if len(fresh):
        _replace(file, sheet.text + "".join(sheet.line(row) for row in _worded(fresh)), sheet)
    counted = Counter(fresh["result"].astype("str"))
    return Added(
        file=file,
        added=len(fresh),
        known=len(new.table) - len(fresh) - len(weaker),
        results={code: counted[code] for code in RESULTS if counted[code]},
        notices=(*new.notices, *_conflicts(weaker, form, file)),
    )


def _file(project: Project) -> Path:
    """Return the register of results, a CSV file: rows are added to its end."""
    faults = []
    if not project.dogsearch.register:
        faults.append(
            Fault(
                code="no_register",
                what=_("Projektet har inget register över entréer att läsa resultaten mot."),
                where="[dogsearch] register",
                next_step=_('Ange filen: register = "entreregister.csv".'),
            )
        )
    if Path(project.dogsearch.results).suffix.lower() != ".csv":
        faults.append(
            Fault(
                code="results_not_csv",
                what=_("Projektet anger ingen CSV-fil för resultaten."),
                where="[dogsearch] results",
                next_step=_(
                    'Ange en fil: results = "hundsok_resultat.csv". Den skapas om den saknas.'
                ),
            )
        )
    raise_all(faults, SettingsError)
    return project.base / project.dogsearch.results


def _read(project: Project, file: Path, register: pd.DataFrame) -> Results:
    return read_results(
        file,
        register=register,
        on=max(today(project), date.today()),  # forms come in after the export was made
        timezone=project.project.timezone,
        options=project.dogsearch,
    )


@dataclass(frozen=True)
class _Sheet:
    """The register of results as text, and how its rows are written."""

    text: str
    encoding: str
    separator: str
    headings: tuple[str, ...]
    filled: bool

    @classmethod
    def of(cls, file: Path) -> _Sheet:
        """Read a register; its headings must be those of the template, in any order."""
        whole = file.read_bytes()
        try:
            text, encoding = whole.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            text, encoding = whole.decode("cp1252"), "cp1252"
        lines = text.removeprefix("\ufeff").splitlines()
        start = 1 if lines and lines[0].lstrip('"').startswith("#") else 0
        head = lines[start] if len(lines) > start else ""
        separator = max((";", "\t", ","), key=head.count)
        headings = tuple(next(csv.reader([head], delimiter=separator), []))
        missing = [name for name in map(_, RESULT_HEADINGS) if name not in headings]
        if missing:
            raise DataError(
                Fault(
                    code="results_other_headings",
                    what=_("Resultatregistret saknar rubrikerna: {names}.").format(
                        names=", ".join(missing)
                    ),
                    where=str(file),
                    next_step=_("Använd mallens rubriker, i valfri ordning, eller en ny fil."),
                )
            )
        ended = text if text.endswith("\n") else text + "\r\n"
        filled = any(line.strip() for line in lines[start + 1 :])
        return cls(ended, encoding, separator, headings, filled)

    def line(self, row: dict[str, str]) -> str:
        """Return a row as it is written under the register's own headings."""
        out = StringIO()
        writer = csv.writer(out, delimiter=self.separator, lineterminator="\r\n")
        writer.writerow([row.get(name, "") for name in self.headings])
        return out.getvalue()


def _fresh(new: pd.DataFrame, old: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return rows to add, and rows that say less than what stands there already.

    A result that says more than the one there (done after all, a find) is added and counts; the
    same one is known.
    """
    if old is None:
        return new, new.iloc[:0]
    keys = ["entrance_id", "space", "week"]
    rank = {code: at for at, code in enumerate(RESULTS)}
    stood = old.assign(stood=old["result"].astype("str").map(rank))[[*keys, "stood"]]
    both = new.astype({"space": "str"}).merge(
        stood.astype({"space": "str"}), on=keys, how="left", validate="one_to_one"
    )
    says = both["result"].astype("str").map(rank)
    return new[(~(says <= both["stood"])).to_numpy()], new[(says < both["stood"]).to_numpy()]


def _conflicts(weaker: pd.DataFrame, form: Path, file: Path) -> tuple[Notice, ...]:
    if weaker.empty:
        return ()
    rows = weaker["source_row"].tolist()
    text = _(
        "Rad {rows} i {form} säger mindre än det som redan står i {file} för samma entré, utrymme "
        "och vecka. De läggs inte till; rätta i registret om det är fel."
    ).format(rows=", ".join(number(row) for row in rows), form=form.name, file=file.name)
    return (Notice(code="weaker_result", text=text, level="warning", data={"rows": rows}),)


def _worded(rows: pd.DataFrame) -> list[dict[str, str]]:
    """Return rows of ``search_results`` in the words of the register, by heading."""
    headings = [_(heading) for heading in RESULT_HEADINGS]
    found = []
    for row in rows.to_dict("records"):
        minutes = "" if pd.isna(row["minutes"]) else f"{row['minutes']:g}".replace(".", ",")
        police = "" if pd.isna(row["to_police"]) else (_("ja") if row["to_police"] else _("nej"))
        cells = (
            row["entrance_id"],
            label(row["space"]),
            row["week"],
            label(row["result"]),
            minutes,
            _word("performer", row["performer"]),
            police,
            "" if pd.isna(row["follow_up"]) else row["follow_up"],
        )
        found.append(dict(zip(headings, cells, strict=True)))
    return found


def _word(kind: str, value: object) -> str:
    """Return the first word for a value in the list of words, ``""`` where it is missing."""
    return next((word for word, one in words(kind).items() if one == value), "")


def _replace(file: Path, text: str, sheet: _Sheet) -> None:
    """Write the register whole beside itself, then in its place: never half of it."""
    beside = file.with_name(f".{file.name}.tmp")
    try:
        beside.write_bytes(text.encode(sheet.encoding))
        beside.replace(file)
    except OSError as error:
        raise OutputError(
            Fault(
                code="results_unwritable",
                what=_("Resultatregistret går inte att skriva."),
                where=str(file),
                why=error.strerror or str(error),
                next_step=_("Är filen öppen i ett annat program? Stäng den och försök igen."),
            )
        ) from error
