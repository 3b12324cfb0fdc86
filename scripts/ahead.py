"""Export files read while the libraries load.

A million rows take Arrow most of a second on threads of its own, and importing what a run needs
takes the interpreter as long: the two go side by side. What the project file names wrongly is not
begun here; `scripts.config` tells of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from geodata.exports import RawTable, ReadOptions, read_export
from geodata.language import LANGUAGES, Language, using
from geodata.names import PROJECT_FILE, STORE_FOLDER
from geodata.options import read_options


class Ahead:
    """Files that are being read; a context waits for them when it ends without a fault.

    Parameters
    ----------
    path
        The project file, or the folder it stands in.
    overrides
        As of `scripts.config.load_project`. Nothing is begun where they change the language, or
        whether the store is read.
    language
        What is told of the files is told in it; ``None``: in that of the project file.
    """

    def __init__(
        self, path: Path, overrides: Sequence[str] = (), *, language: Language | None = None
    ) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._begun: dict[tuple[Path, ReadOptions], Future[RawTable]] = {}
        file = path / PROJECT_FILE if path.is_dir() else path
        changed = any(one.strip().startswith(("project.language", "store.")) for one in overrides)
        tables = {} if changed else _tables(file)
        with using(language or _language(tables)):
            for export, options in _named(tables, file.parent):
                reading = self._pool.submit(copy_context().run, read_export, export, options)
                self._begun[export, options] = reading

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # A fault in the settings is told at once, however long the file takes.
        self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def read(self, path: Path, options: ReadOptions) -> RawTable:
        """Return a file that was begun, as soon as it is read, or read it now.

        Parameters
        ----------
        path, options
            As of `geodata.exports.read_export`.

        Returns
        -------
        RawTable
            Given away: it is not held on to, for its rows take much memory.

        Raises
        ------
        DataError
            As `geodata.exports.read_export`.
        """
        begun = self._begun.pop((path, options), None)
        return read_export(path, options) if begun is None else begun.result()


def _tables(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def _language(tables: Mapping[str, Any]) -> Language:
    project = tables.get("project")
    named = project.get("language") if isinstance(project, dict) else None
    return next((one for one in LANGUAGES if one == named), LANGUAGES[0])


def _named(tables: Mapping[str, Any], base: Path) -> list[tuple[Path, ReadOptions]]:
    """Return the export files that are named without fault and will be read, and how."""
    inputs, store = tables.get("input"), tables.get("store", {})
    if not isinstance(inputs, list) or not isinstance(store, dict):
        return []
    folder = store.get("folder", STORE_FOLDER)
    if not isinstance(folder, str) or (store.get("use") != "no" and (base / folder).exists()):
        return []  # the events are read from the project's store
    found = [_one(one, base) for one in inputs if isinstance(one, dict)]
    return [one for one in found if one is not None]


def _one(table: Mapping[str, Any], base: Path) -> tuple[Path, ReadOptions] | None:
    keys = {field.name for field in fields(ReadOptions)}
    options, faults = read_options(ReadOptions, {k: v for k, v in table.items() if k in keys}, "")
    path = table.get("path")
    if faults or not isinstance(path, str) or not path:
        return None
    return (base / path).resolve(), options
