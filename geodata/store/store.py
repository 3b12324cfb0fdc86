"""Opening a store, adding an export to it, reading what counts, and purging what is too old."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.errors import Fault, SettingsError
from geodata.files.runfolder import locked
from geodata.import_report import InputReport, plain
from geodata.language import gettext as _
from geodata.store import matching
from geodata.store.history import first_of, versions
from geodata.store.index import INDEX, events_of, with_part
from geodata.store.keys import KEYS, keys_of
from geodata.store.parts import (
    PartFacts,
    StoreList,
    index_of,
    read_list,
    read_part,
    write_list,
    write_part,
)

_LOCK: Final = ".las"
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Added:
    """What became of the events of an export.

    Attributes
    ----------
    part
        Number of the new part; ``None`` when everything was known and nothing was written.
    new, unchanged, corrected, outdated
        Events; together those of the export.
    extracted
        Day of the extract: that of the first time when the same file was added before.
    """

    part: int | None
    new: int
    unchanged: int
    corrected: int
    outdated: int
    extracted: date


@dataclass(frozen=True)
class Purged:
    """What a purge removed: events, of all versions, and the parts they stood in."""

    before: date
    events: int
    parts: tuple[str, ...]


class Store:
    """The store in a folder; it need not be there yet.

    Parameters
    ----------
    folder
        Where its files are.
    crs, timezone
        Those of the project; a store is of one system.

    Raises
    ------
    DataError
        ``store_unreadable``.
    SettingsError
        ``store_of_other_crs``: the store was made with another system or time zone.
    """

    def __init__(self, folder: Path, *, crs: str, timezone: str) -> None:
        self.folder, self.timezone = folder, timezone
        self.facts = read_list(folder) or StoreList(crs=crs, timezone=timezone)
        if (self.facts.crs, self.facts.timezone) != (crs, timezone):
            raise SettingsError(_of_other(folder, self.facts))

    @property
    def filled(self) -> bool:
        """Whether it has any events."""
        return any(part.file for part in self.facts.parts)

    def add(
        self, incidents: pd.DataFrame, report: InputReport, rejected: pd.DataFrame, extracted: date
    ) -> Added:
        """Add the events of one export.

        Parameters
        ----------
        incidents, rejected
            Tables of that export.
        report
            What its import did.
        extracted
            Day of the extract. Where versions differ the later extract counts, and at equal days
            the one added last.

        Raises
        ------
        OutputError
            ``run_in_progress``: another command works on the store.
        OSError
            If it can't be written; the store is then as it was.
        """
        with self._held():
            for part in self.facts.parts:
                if part.sha256 == report.sha256:
                    extracted = date.fromisoformat(part.extracted)
                    break
            keys = keys_of(incidents)
            index = index_of(self.folder, self.facts)
            found = matching.match(
                pd.DataFrame({name: keys[name] for name in KEYS.names or ()}),
                events_of(index, keys["key"]),
                extracted.toordinal() - _EPOCH,
            )
            new, unchanged, corrected, outdated = np.bincount(found.status, minlength=4).tolist()
            added = Added(None, new, unchanged, corrected, outdated, extracted)
            rows = found.status != matching.UNCHANGED
            if not rows.any():
                return added
            told = pd.DataFrame({"status": found.status[rows], "partner": found.partner[rows]})
            told.insert(0, "event_no", self.facts.next_event + np.arange(len(told)))
            part = self._write(incidents[rows], told, rejected, report, added)
            self._enlist(part, index, keys[rows], told)
            return replace(added, part=part.part)

    def _write(
        self,
        incidents: pd.DataFrame,
        told: pd.DataFrame,
        rejected: pd.DataFrame,
        report: InputReport,
        added: Added,
    ) -> PartFacts:
        """Write the files of a part; return what the list will say of it."""
        number, rejected_file = self.facts.next_part, ""
        write_part(self.folder / f"del-{number:04d}.parquet", incidents, told)
        if len(rejected):
            rejected_file = f"avvisade-{number:04d}.parquet"
            rejected.to_parquet(self.folder / rejected_file, index=False)
        days = incidents["start"].dt.date
        return PartFacts(
            part=number,
            file=f"del-{number:04d}.parquet",
            rejected_file=rejected_file,
            source=report.file,
            sha256=report.sha256,
            input_no=report.input_no,
            extracted=added.extracted.isoformat(),
            first=days.min().isoformat(),
            last=days.max().isoformat(),
            events=added.new,
            unchanged=added.unchanged,
            corrected=added.corrected,
            outdated=added.outdated,
            report=plain(asdict(report)),
        )

    def _enlist(
        self,
        part: PartFacts,
        index: npt.NDArray[np.void],
        keys: npt.NDArray[np.void],
        told: pd.DataFrame,
    ) -> None:
        """Put a written part in force."""
        records = np.zeros(len(keys), dtype=INDEX)
        for name in KEYS.names or ():
            records[name] = keys[name]
        records["event_no"], records["part"] = told["event_no"], part.part
        records["extracted"] = date.fromisoformat(part.extracted).toordinal() - _EPOCH
        records["current"] = told["status"] != matching.OUTDATED
        replaced = told.loc[told["status"] == matching.CORRECTED, "partner"].to_numpy()
        order = np.argsort(records["key"], kind="stable")
        name = f"index-{part.part:04d}.npy"
        np.save(self.folder / name, with_part(index, records[order], replaced))
        self.facts = replace(
            self.facts,
            parts=(*self.facts.parts, part),
            index=name,
            next_part=part.part + 1,
            next_event=self.facts.next_event + len(told),
        )
        write_list(self.folder, self.facts)

    def read(self) -> pd.DataFrame:
        """Return the events that count, without the columns that are worked out at each run.

        Returns
        -------
        pandas.DataFrame
            Columns of table ``incidents`` but for `geodata.store.parts.LEFT_OUT`; ``input_no`` is
            the number of the ``[[input]]`` it was read by.
        """
        index = index_of(self.folder, self.facts)
        counts = index["event_no"][index["current"]]
        parts = [self._of_part(part) for part in self.facts.parts if part.file]
        events = pd.concat(parts, ignore_index=True)
        chosen = events[np.isin(events["event_no"], counts)]
        return chosen.drop(columns=["event_no", "status", "partner"]).reset_index(drop=True)

    def _of_part(self, part: PartFacts) -> pd.DataFrame:
        events = read_part(self.folder / part.file, self.timezone)
        events["input_no"] = part.input_no
        return events

    def history(self) -> pd.DataFrame:
        """Return every event that has been told in more than one way, all its versions.

        Returns
        -------
        pandas.DataFrame
            Table ``event_versions``, by event and day of extract.
        """
        parts = []
        for part in self.facts.parts:
            if part.file:
                events = self._of_part(part)
                parts.append(
                    events.assign(extracted=pd.Timestamp(part.extracted), file=part.source)
                )
        return versions(parts, index_of(self.folder, self.facts))

    def purge(self, before: date) -> Purged:
        """Remove every version of every event that ended before a day.

        Raises
        ------
        OutputError
            ``run_in_progress``: another command works on the store.
        """
        with self._held():
            if not self.filled:
                return Purged(before, 0, ())
            limit = pd.Timestamp(before, tz=self.timezone)
            index = np.asarray(index_of(self.folder, self.facts))
            stored = {
                part.part: read_part(self.folder / part.file, self.timezone)
                for part in self.facts.parts
                if part.file
            }
            old = _too_old(stored, index, limit)
            gone: list[npt.NDArray[np.int64]] = []
            parts, touched = [], []
            for part in self.facts.parts:
                events = stored.get(part.part)
                which = None if events is None else events["event_no"].isin(old)
                if events is None or which is None or not which.any():
                    parts.append(part)
                    continue
                gone.append(events.loc[which, "event_no"].to_numpy())
                touched.append(part.source)
                known = replace(part, purged=part.purged + int(which.sum()))
                parts.append(self._without(known, events[~which], before))
            if not gone:
                return Purged(before, 0, ())
            removed = np.concatenate(gone)
            name = f"index-{self.facts.next_part:04d}.npy"
            np.save(self.folder / name, index[~np.isin(index["event_no"], removed)])
            facts = replace(
                self.facts, parts=tuple(parts), index=name, next_part=self.facts.next_part + 1
            )
            log: dict[str, Any] = {
                "before": before.isoformat(),
                "events": len(removed),
                "files": touched,
            }
            self.facts = replace(facts, purged=(*facts.purged, log))
            write_list(self.folder, self.facts)
            return Purged(before, len(removed), tuple(touched))

    def _without(self, part: PartFacts, events: pd.DataFrame, before: date) -> PartFacts:
        """Write what is left of a part; of the last of it only numbers stay."""
        known = replace(part, report=_numbers_only(part.report))
        if date.fromisoformat(part.extracted) < before:
            known = replace(known, rejected_file="")
        if events.empty:
            return replace(known, file="", first="", last="", rejected_file="")
        name = f"del-{part.part:04d}-{before:%Y%m%d}.parquet"
        write_part(self.folder / name, events, events)
        days = events["start"].dt.date
        return replace(known, file=name, first=days.min().isoformat(), last=days.max().isoformat())

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Hold the store, and read its list anew: another command may just have changed it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / _LOCK):
            self.facts = read_list(self.folder) or self.facts
            yield


def _too_old(
    stored: Mapping[int, pd.DataFrame], index: npt.NDArray[np.void], limit: pd.Timestamp
) -> set[int]:
    """Return the events to purge: those that ended by `limit`, and all versions of these."""
    columns = ["event_no", "partner", "start", "end"]
    events = pd.concat([part[columns] for part in stored.values()], ignore_index=True)
    first = first_of(events["event_no"].to_numpy(), events["partner"].to_numpy())
    old = ((events["start"] < limit) & (events["end"] <= limit)).to_numpy()
    counts = np.isin(events["event_no"], index["event_no"][index["current"]])
    old = old | np.isin(first, first[old & counts])
    return set(events.loc[old, "event_no"].tolist())


def _numbers_only(report: Any) -> dict[str, Any]:  # noqa: ANN401 (plain values)
    """Return a report without the texts and points that were quoted from the rows."""
    return {**report, "unknown_texts": [], "stacks": [], "notices": []}


def _of_other(folder: Path, facts: StoreList) -> Fault:
    return Fault(
        code="store_of_other_crs",
        what=_("Projektets lager är gjort i ett annat koordinatsystem eller en annan tidszon."),
        where=str(folder),
        why=_("Lagret: {crs}, {timezone}.").format(crs=facts.crs, timezone=facts.timezone),
        next_step=_(
            "Ställ tillbaka [project] crs och timezone, eller ange en ny mapp i [store] folder och "
            "lägg in uttagen på nytt."
        ),
    )
