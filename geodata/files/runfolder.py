"""A run's folder: written out of sight, moved into place whole, old ones cleared away.

Everything is written to a hidden folder beside the final one, brought to the disk (``fsync``) and
renamed in one step, so that a run is there whole or not at all: whenever the program is killed, the
last good run stands. What a killed run left behind is cleared at the next start.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from geodata.errors import Fault, Notice, OutputError
from geodata.files.latest import LATEST, START, age, is_run, leading_page
from geodata.language import gettext as _

_PART: Final = ".skrivs-"
_GONE: Final = ".tas-bort-"
_LOCK: Final = ".las"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else -1})
_FULL_WORDS: Final = ("disk is full", "cannot rollback - no transaction is active")
"""SQLite, through GDAL, has no number: a full disk makes it roll back of itself, and what is told
is at times only that GDAL's own rollback came too late."""
_ROOM: Final = 1_000_000
"""Bytes free below which a disk counts as full when the library at fault gives no number."""
_DENIED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def run_name(moment: datetime) -> str:
    """Return the name of a run's folder, ``2025-01-31_141502``: sorts by time, no colons."""
    return moment.strftime("%Y-%m-%d_%H%M%S")


class RunFolder:
    """Context manager: write into `path`, and on success it all stands in `final`.

    Parameters
    ----------
    base
        Folder of all runs; made if it isn't there.
    name
        Name of this run, as of `run_name`; ``-2``, ``-3`` … is added where it is taken.
    keep
        Runs to keep, this one included; older ones are removed once this one stands. Only folders
        with a manifest of this program are ever removed.
    start
        File in a run that ``senaste.html`` leads to (`geodata.files.latest`).

    Attributes
    ----------
    path
        Where to write, within the ``with`` block.
    final
        Where the run stands after it.
    notices
        Afterwards: old runs that could not be removed.

    Raises
    ------
    OutputError
        ``disk_full``, ``not_writable``, ``write_failed``, ``not_a_folder`` or ``run_in_progress``;
        from entering, from leaving, and in place of any ``OSError`` of the block.
    """

    def __init__(self, base: Path, name: str, *, keep: int = 3, start: str = START) -> None:
        self.base, self.keep, self.start = base, keep, start
        self.path = base / f"{_PART}{name}"
        self.final = base / name
        self.notices: list[Notice] = []
        self._lock: IO[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.base.mkdir(parents=True, exist_ok=True)
            self._lock = locked(self.base / _LOCK)
            # With the lock in hand, whatever is half-written belongs to a run that is dead.
            for left in [*self.base.glob(f"{_PART}*"), *self.base.glob(f"{_GONE}*")]:
                shutil.rmtree(left)
            self.path.mkdir()
        except OSError as error:
            self._unlock()
            raise OutputError(_fault(error, self.base)) from error
        except OutputError:
            self._unlock()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._finish()
            elif isinstance(error, OSError):
                raise error
        except OSError as failed:
            # Told before the clearing below makes room again.
            raise OutputError(_fault(failed, self.base)) from failed
        finally:
            # After success the folder has been renamed, and this does nothing.
            shutil.rmtree(self.path, ignore_errors=True)
            self._unlock()

    def _finish(self) -> None:
        _to_disk(self.path)
        self.final = _free(self.final)
        _rename(self.path, self.final)
        _sync_folder(self.base)
        page = self.base / f"{_PART}{LATEST}"
        page.mkdir()  # a folder, so that the clearing at the start finds it
        text = leading_page(self.base, self.final.name, self.start)
        (page / LATEST).write_text(text, encoding="utf-8", newline="\n")
        (page / LATEST).replace(self.base / LATEST)
        page.rmdir()
        self._prune()

    def _prune(self) -> None:
        """Remove the oldest runs, each renamed first, so that no half of one looks like a run."""
        runs = [folder for folder in self.base.iterdir() if is_run(folder)]
        others = sorted((r for r in runs if r != self.final), key=lambda run: age(run.name))
        for old in others[: max(len(runs) - self.keep, 0)]:
            gone = self.base / f"{_GONE}{old.name}"
            try:
                _rename(old, gone)
                shutil.rmtree(gone)
            except OSError as error:  # the new run stands: worth telling, not worth failing
                text = _("En äldre körning kunde inte tas bort: {name} ({why}).")
                why = error.strerror or str(error)
                self.notices.append(
                    Notice(
                        code="old_run_kept",
                        text=text.format(name=old.name, why=why),
                        level="warning",
                        data={"run": old.name},
                    )
                )

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _free(folder: Path) -> Path:
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free


def _rename(source: Path, target: Path) -> None:
    """Rename a folder; on Windows a virus scanner may hold a new file for a moment."""
    for _attempt in range(10 if sys.platform == "win32" else 0):
        try:
            source.rename(target)
        except PermissionError:
            time.sleep(0.2)
        else:
            return
    source.rename(target)


def _to_disk(folder: Path) -> None:
    for parent, _folders, files in os.walk(folder):
        for name in files:
            with (Path(parent) / name).open("rb+") as file:
                os.fsync(file.fileno())
        _sync_folder(Path(parent))


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # folders can't be opened there; NTFS journals its names
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def locked(path: Path) -> IO[bytes]:
    """Return the lock file, locked until closed; the system unlocks it if the program is killed."""
    file = path.open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK):
            raise
        raise OutputError(
            Fault(
                code="run_in_progress",
                what=_("En annan körning skriver till samma mapp just nu."),
                where=str(path.parent),
                next_step=_("Vänta tills den är klar, eller välj en annan mapp i [output] folder."),
            )
        ) from error
    return file


def _fault(error: OSError, base: Path) -> Fault:
    """Say in words why writing failed."""
    why = error.strerror or str(error)
    if error.errno in _FULL or (error.errno is None and _seems_full(error, base)):
        return Fault(
            code="disk_full",
            what=_("Disken är full; resultatet kunde inte skrivas. Förra körningen är orörd."),
            where=str(base),
            why=why,
            next_step=_("Frigör utrymme, eller välj en annan disk i [output] folder."),
        )
    if error.errno in _DENIED:
        return Fault(
            code="not_writable",
            what=_("Mappen för resultat går inte att skriva i."),
            where=str(base),
            why=why,
            next_step=_(
                "Stäng filer som är öppna i andra program, eller välj en annan mapp i "
                "[output] folder."
            ),
        )
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return Fault(
            code="not_a_folder",
            what=_("Det finns redan en fil där mappen för resultat ska vara."),
            where=str(base),
            next_step=_("Flytta filen, eller välj en annan mapp i [output] folder."),
        )
    return Fault(
        code="write_failed",
        what=_("Resultatet kunde inte skrivas. Förra körningen är orörd."),
        where=str(base),
        why=why,
    )


def _seems_full(error: OSError, base: Path) -> bool:
    """Tell whether a library that gives no number means a full disk."""
    if any(words in str(error) for words in _FULL_WORDS):
        return True
    try:
        return shutil.disk_usage(base).free < _ROOM
    except OSError:
        return False
