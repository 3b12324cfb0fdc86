"""``run.json``: how a run was made, so that it can be made again and held to account."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib import metadata
from pathlib import Path, PurePath
from typing import Any, Final

from geodata.disclosure import Profile, marking
from geodata.language import gettext as _

MANIFEST: Final = "run.json"
FORMAT: Final = 1
"""Raised when a key changes its meaning."""
OUTSIDE: Final = ("areas", "disclosure", "hotspots", "map", "print", "project")
"""Settings told outside the house: what is counted, over which areas, how it is hidden."""
SECRET: Final = frozenset({"seed", "earlier", "file", "name", "offence_codes", "extent"})
"""Keys among them that aren't: paths, names, and seeds, by which a lot could be drawn again."""

LIBRARIES: Final = (
    "lagesbild",
    "fiona",
    "folium",
    "geopandas",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
    "pyogrio",
    "pyproj",
    "python-calamine",
    "scikit-learn",
    "scipy",
    "shapely",
)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Return the version of Python and of every library that has a say in the results."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = ""  # run from a checkout that isn't installed
    return found


def plain(value: Any) -> Any:  # noqa: ANN401 (settings are of any type)
    """Return settings as JSON holds them: classes as objects, paths and dates as text.

    Raises
    ------
    TypeError
        If a value is of a type that settings don't have.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, PurePath):
        return value.as_posix()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    msg = f"not a setting: {type(value).__name__}"
    raise TypeError(msg)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Manifest:
    """What ``run.json`` says.

    Attributes
    ----------
    profile
        Whom the results are for.
    settings
        The effective settings, defaults included: any nesting of dataclasses and mappings.
    inputs
        One mapping a file read: at least ``path`` and ``sha256``.
    rows
        The account of rows: read, kept, rejected, duplicates and so on.
    tables
        Version of each data file that has a say: the code table, the areas.
    seed
        Seed of all that is drawn by lot.
    extract_date
        Day of the extract, if known.
    first_date
        Day of the first event; told as its month, which says what a purge must take along.
    notices
        Stable names of what was told.
    started, finished
        Timezone-aware times, the only thing in the file that differs between two equal runs.
    synthetic
        The data are made up.
    part
        What a run of one part holds, in words, told inside the house; ``None`` for a whole run.
    """

    profile: Profile
    settings: object
    inputs: Sequence[Mapping[str, object]]
    rows: Mapping[str, int]
    tables: Mapping[str, str]
    seed: int
    extract_date: date | None
    notices: Sequence[str]
    started: datetime
    finished: datetime
    synthetic: bool = False
    first_date: date | None = None
    part: str | None = None

    def _inside(self) -> dict[str, Any]:
        return {
            "settings": plain(self.settings),
            "inputs": plain(self.inputs),
            "rows": dict(self.rows),
            "seed": self.seed,
            "first_month": f"{self.first_date:%Y-%m}" if self.first_date else None,
            "notices": sorted(self.notices),
            "part": self.part,
        }

    def _outside(self) -> dict[str, Any]:
        """Return what others may know: no seed, no names of files, no numbers of rows."""
        settings = plain(self.settings)
        kept = {name: settings[name] for name in OUTSIDE if name in settings}
        first = self.first_date
        # The month in which the quarter of the first event begins.
        month = f"{first.year}-{first.month - (first.month - 1) % 3:02}" if first else None
        return {
            "settings": _without(kept, SECRET),
            "inputs": [{"sha256": one["sha256"]} for one in self.inputs],
            "first_month": month,
        }

    def to_dict(self, folder: Path) -> dict[str, Any]:
        """Return the contents, with every file of `folder` and its checksum."""
        return {
            "program": "lagesbild",
            "format": FORMAT,
            "profile": self.profile,
            "marking": marking(self.profile),
            "synthetic": self.synthetic,
            "whole": self.part is None,
            **(self._inside() if self.profile == "intern" else self._outside()),
            "tables": dict(self.tables),
            "extract_date": plain(self.extract_date),
            "versions": versions(),
            "outputs": outputs(folder),
            "times": {
                "started": self.started.isoformat(timespec="seconds"),
                "finished": self.finished.isoformat(timespec="seconds"),
                "note": _("Tiderna är det enda som skiljer två lika körningar åt."),
            },
        }


def _without(settings: Any, left_out: frozenset[str]) -> Any:  # noqa: ANN401 (any nesting)
    if isinstance(settings, dict):
        return {k: _without(v, left_out) for k, v in settings.items() if k not in left_out}
    return settings


def outputs(folder: Path) -> list[dict[str, object]]:
    """Return name, size in bytes and SHA-256 of every file in a folder, the manifest excepted."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return [
        {
            "name": path.relative_to(folder).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": sha256(path),
        }
        for path in files
    ]


def write_manifest(folder: Path, manifest: Manifest) -> Path:
    """Write ``run.json`` into `folder`, last of all files, and return its path.

    Keys are sorted, so that two manifests can be compared line by line.

    Raises
    ------
    OSError
        If a file can't be read or written.
    """
    path = folder / MANIFEST
    text = json.dumps(manifest.to_dict(folder), ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path
