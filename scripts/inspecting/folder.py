"""A whole folder: what is in it, what it says it is, and every check of every file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from geodata.disclosure import PROFILES, Profile, marking
from geodata.errors import DataError, Fault
from geodata.files.manifest import MANIFEST
from geodata.language import LANGUAGES, using
from geodata.language import gettext as _
from scripts.inspecting.checks import Rule, check_contents
from scripts.inspecting.contents import Contents
from scripts.inspecting.findings import Finding, Inspection, Looked
from scripts.inspecting.opening import UnreadableError, open_file
from scripts.inspecting.signs import CAMERA_NAMES

UNMARKED: Final = (".csv", ".tsv", ".txt", ".json", ".png", ".jpg", ".jpeg", ".geojson", ".svg")
"""Kinds of file that have no place for a mark: the manifest must name them."""
SHOWN: Final = (".html", ".pdf", ".docx")
"""Kinds of file that people are handed."""
DECISION: Final = re.compile(r"(?:^|/)(?:beslut|kameror)/|(?:^|/)K\d{2}\.\w+$")


def inspect_folder(folder: Path, profile: Profile | None) -> Inspection:
    """Look through a folder before it is handed out.

    Parameters
    ----------
    folder
        A run, an appendix, or any folder.
    profile
        What it is held to; ``None``: the profile that its manifest states where that is for
        others, else ``publik``.

    Raises
    ------
    DataError
        ``empty_folder``.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    if not paths:
        raise DataError(
            Fault(
                code="empty_folder",
                what=_("Mappen har inga filer att granska."),
                where=str(folder),
                next_step=_("Ange mappen för en körning, till exempel resultat/2025-01-31_141502."),
            )
        )
    manifest = _manifest(folder)
    stated = manifest.get("profile")
    held: Profile = profile or (stated if stated in ("samverkan", "publik") else "publik")
    rule = Rule(held)
    files, findings = [], []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        looked, found = _look(path, name, manifest, rule)
        files.append(looked)
        findings += found
    findings = _once(findings, files, manifest, held)
    findings += _of_folder(manifest, held)
    return Inspection(folder, held, tuple(files), tuple(sorted(findings)), _notes(files))


def _once(
    findings: list[Finding], files: list[Looked], manifest: Mapping[str, Any], held: Profile
) -> list[Finding]:
    """Leave out that each file of a closed run is closed: that is told of the whole folder.

    Where some files are for others, as of an appendix in two tiers, the closed ones are named.
    """
    stated = manifest.get("profile")
    printed = {one.file: one.profile for one in files if one.file.endswith(SHOWN)}
    if any(one in PROFILES[PROFILES.index(held) :] for one in printed.values()):
        return findings
    closed = {one.file for one in files if one.profile == stated}
    return [one for one in findings if one.code != "closed_file" or one.file not in closed]


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        read = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _look(
    path: Path, name: str, manifest: Mapping[str, Any], rule: Rule
) -> tuple[Looked, list[Finding]]:
    findings = list(_as_written(path, name, manifest))
    if DECISION.search(name) or (CAMERA_NAMES.search(name) and not name.endswith(".html")):
        what = _("Filens namn säger att den gäller kameror")
        findings.append(Finding(name, "cameras", "camera_file", what))
    try:
        found = open_file(path)
    except UnreadableError as error:
        what = _("Går inte att läsa, så inget är kontrollerat")
        findings.append(Finding(name, "files", "unreadable", what, (str(error)[:100],)))
        return Looked(name, path.stat().st_size, "", _("oläst")), findings
    profile = printed_profile(found)
    findings += _marked(name, profile, manifest, rule.profile)
    findings += check_contents(name, found, rule)
    told = profile or ("" if not _listed(name, manifest) else str(manifest.get("profile", "")))
    return Looked(name, path.stat().st_size, profile, told or _("omärkt")), findings


def printed_profile(found: Contents) -> str:
    """Return the most closed profile that is stated or printed in a file; empty for none."""
    if found.profile in PROFILES:
        return found.profile
    lines = {text.strip() for _where, text in found.texts}
    for profile in PROFILES:  # the most closed one first
        for mark in _marks(profile):
            if mark in lines or any(_begins(line, mark) for line in lines):
                return profile
    return ""


def _begins(line: str, mark: str) -> bool:
    return line.startswith(mark) and not line[len(mark) : len(mark) + 1].isalnum()


def _marks(profile: Profile) -> tuple[str, ...]:
    marks = []
    for spoken in LANGUAGES:
        with using(spoken):
            marks.append(marking(profile))
    return tuple(dict.fromkeys(marks))


def _marked(
    name: str, profile: str, manifest: Mapping[str, Any], held: Profile
) -> Iterator[Finding]:
    if name == MANIFEST:
        return  # what it states is told of the whole folder
    if profile and PROFILES.index(profile) < PROFILES.index(held):
        what = _("Filen är märkt {profile}").format(profile=profile)
        yield Finding(name, "profile", "closed_file", what)
    elif not profile and not (name.lower().endswith(UNMARKED) and _listed(name, manifest)):
        what = _("Ingen profil står på filen, och körningens run.json svarar inte för den")
        yield Finding(name, "profile", "no_mark", what)


def _listed(name: str, manifest: Mapping[str, Any]) -> bool:
    return name == MANIFEST or name in _outputs(manifest)


def _outputs(manifest: Mapping[str, Any]) -> dict[str, str]:
    outputs = manifest.get("outputs")
    if not isinstance(outputs, list):
        return {}
    return {str(one.get("name")): str(one.get("sha256")) for one in outputs}


def _as_written(path: Path, name: str, manifest: Mapping[str, Any]) -> Iterator[Finding]:
    """Give a file that the run did not write, or that has changed since."""
    outputs = _outputs(manifest)
    if not outputs or name == MANIFEST:
        return
    if name not in outputs:
        yield Finding(name, "files", "not_of_the_run", _("Filen är inte skriven av körningen"))
        return
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != outputs[name]:
            yield Finding(name, "files", "changed", _("Filen har ändrats efter körningen"))


def _of_folder(manifest: Mapping[str, Any], held: Profile) -> Iterator[Finding]:
    stated = manifest.get("profile")
    if stated in PROFILES and PROFILES.index(stated) < PROFILES.index(held):
        what = _("Körningen är gjord för profilen {profile}").format(profile=stated)
        yield Finding(MANIFEST, "profile", "closed_folder", what)
    limits = manifest.get("settings", {}).get("disclosure", {})
    for name, least in Rule(held).options.__dict__.items():
        value = limits.get(name)
        if name.endswith(held) and isinstance(value, int | float) and value < least:
            what = _("Körningen har en svagare gräns än förvalet: {name} = {value}").format(
                name=name, value=value
            )
            yield Finding(MANIFEST, "counts", "weak_limit", what)


def _notes(files: list[Looked]) -> tuple[str, ...]:
    notes = [
        _(
            "Granskningen ser mönster, inte innebörd: namn på personer i löpande text, och vad "
            "flera utgåvor säger tillsammans, måste en människa bedöma."
        )
    ]
    if any(one.file.lower().endswith(".pdf") for one in files):
        notes.append(
            _("I PDF prövas texten, men inte antal i tabeller: de prövas i HTML och Word.")
        )
    if any(one.file.lower().endswith((".png", ".jpg", ".jpeg")) for one in files):
        notes.append(_("Det som är ritat i en bildfil syns inte för granskningen: titta på den."))
    return tuple(notes)
