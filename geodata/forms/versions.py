"""Versions of a sheet: written once, never changed, each with what it said and its checksums.

A new version is made only when what the sheet says has changed. A version's folder appears whole,
by one rename, and nothing is ever written into it again; when a file in it no longer is what was
written, the reader is told.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from geodata.errors import Notice
from geodata.language import gettext as _

CONTENT: Final = "innehall.json"


@dataclass(frozen=True)
class Version:
    """A version that has been written.

    Attributes
    ----------
    number
        From 1.
    digest
        SHA-256 of what the sheet says.
    entries
        What it says, entry by entry.
    folder
        Where it lies.
    """

    number: int
    digest: str
    entries: Mapping[str, str]
    folder: Path


@dataclass(frozen=True)
class Versions:
    """The versions of all proposals, oldest first, and what is wrong with them."""

    by_id: Mapping[str, tuple[Version, ...]]
    notices: tuple[Notice, ...] = ()

    def settle(self, proposal_id: str, digest: str) -> tuple[int, Version | None, bool]:
        """Return the number that a sheet gets, the version before it, and whether it is new."""
        known = self.by_id.get(proposal_id, ())
        if known and known[-1].digest == digest:
            return known[-1].number, known[-2] if len(known) > 1 else None, False
        before = known[-1] if known else None
        return (before.number + 1 if before else 1), before, True


def version_folder(folder: Path, proposal_id: str, number: int) -> Path:
    """Return where a version lies."""
    return folder / proposal_id / f"v{number}"


def read_versions(folder: Path) -> Versions:
    """Read which versions there are.

    Returns
    -------
    Versions
        With a warning for each version whose files aren't what was written. One whose content
        can't be read still takes its number, with nothing in it.
    """
    found: dict[str, list[Version]] = {}
    notices = []
    for one in sorted(folder.glob("K*/v*")):
        if not (one.is_dir() and one.name[1:].isdecimal() and one.parent.name[1:].isdecimal()):
            continue
        content = _content(one / CONTENT)
        changed = content is None or _changed(one, content)
        if changed:
            notices.append(_tell(one))
        kept = content or {"digest": "", "entries": {}}
        version = Version(int(one.name[1:]), str(kept["digest"]), dict(kept["entries"]), one)
        found.setdefault(one.parent.name, []).append(version)
    ordered = {
        name: tuple(sorted(versions, key=lambda version: version.number))
        for name, versions in found.items()
    }
    return Versions(ordered, tuple(notices))


def _content(file: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(content, dict) and {"digest", "entries", "files"} <= set(content)
    return content if whole else None


def _changed(folder: Path, content: Mapping[str, Any]) -> bool:
    for name, digest in content["files"].items():
        file = folder / Path(name).name
        if not file.is_file() or _sha256(file.read_bytes()) != digest:
            return True
    return False


def _tell(folder: Path) -> Notice:
    name = f"{folder.parent.name}/{folder.name}"
    text = _(
        "Underlaget {name} är inte det som en gång skrevs: någon fil i mappen har ändrats eller "
        "tagits bort. Återställ mappen från en säkerhetskopia."
    ).format(name=name)
    return Notice(code="version_changed", text=text, level="warning", data={"version": name})


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_version(
    folder: Path,
    proposal_id: str,
    number: int,
    files: Mapping[str, bytes],
    *,
    digest: str,
    entries: Mapping[str, str],
) -> Path:
    """Write a new version, whole or not at all.

    Parameters
    ----------
    folder
        The project's folder of decisions.
    proposal_id, number
        Which version of which proposal.
    files
        Name → contents.
    digest, entries
        As of the sheet.

    Returns
    -------
    Path
        Its folder.

    Raises
    ------
    FileExistsError
        If the version is there already: it is never written over.
    OSError
        If it can't be written.
    """
    final = version_folder(folder, proposal_id, number)
    if final.exists():
        raise FileExistsError(final)
    final.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".ny-", dir=final.parent))
    try:
        for name, data in files.items():
            (made / name).write_bytes(data)
        content = {
            "digest": digest,
            "files": {name: _sha256(data) for name, data in files.items()},
            "entries": dict(entries),
        }
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (made / CONTENT).write_text(text + "\n", encoding="utf-8", newline="\n")
        made.chmod(0o755)
        os.rename(made, final)  # noqa: PTH104 (fails where the folder has come meanwhile)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return final
