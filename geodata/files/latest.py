"""``senaste.html``: leads to the newest whole run, and lists newer runs of a part beside it."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from geodata.files.manifest import MANIFEST
from geodata.language import gettext as _
from geodata.language import language

LATEST: Final = "senaste.html"
START: Final = "index.html"
"""The page that a run starts with."""
_STAMP: Final = re.compile(r"(\d{4}-\d\d-\d\d)_(\d\d)(\d\d)\d\d(?:-(\d+))?")
_STYLE: Final = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:40em;margin:3em auto;padding:0 1em;"
    "color:#1b1b1b;background:#fff}h1{font-size:1.4em}a{color:#0b57a4}li{margin:.4em 0}"
)


@dataclass(frozen=True)
class _Run:
    name: str
    whole: bool
    part: str
    profile: str

    @property
    def age(self) -> tuple[str, int]:
        return age(self.name)

    @property
    def told(self) -> str:
        """Return when it was made, and for whom where that isn't the house itself."""
        found = _STAMP.fullmatch(self.name)
        when = self.name
        if found:
            when = f"{found[1]} {found[2]}.{found[3]}" + (f" ({found[4]})" if found[4] else "")
        return when if self.profile in ("", "intern") else f"{when}, {self.profile}"


def leading_page(base: Path, made: str, start: str) -> str:
    """Return the page that leads to the newest whole run in a folder.

    Parameters
    ----------
    base
        Folder of all runs.
    made
        Name of the run just made: the newest, whatever the clock says. Empty when none was.
    start
        File in a run that the page leads to.

    Returns
    -------
    str
        A page that goes on to the run at once where it is the newest; else with a link to it and
        one to each newer run of a part. Empty when there is no run.
    """
    runs = [one for one in map(_of, base.iterdir()) if one is not None]
    runs.sort(key=lambda one: (one.name == made, one.age), reverse=True)
    lead = next((one for one in runs if one.whole), None)
    newer = runs if lead is None else runs[: runs.index(lead)]
    if lead is None and not newer:
        return ""
    if lead is None and len(newer) == 1:
        (lead,), newer = newer, []
    blocks = []
    if lead is not None:
        told = _("Senaste hela körningen: {name}") if newer else _("Senaste körningen: {name}")
        text = told.format(name=lead.told)
        blocks.append(f"<h1>{_link(lead, start, text)}</h1>")
    if newer:
        told, unnamed = _("Nyare körningar av bara en del:"), _("En del")
        parts = [_link(one, start, f"{one.part or unnamed}: {one.told}") for one in newer]
        blocks.append(f"<p>{html.escape(told)}</p><ul><li>{'</li><li>'.join(parts)}</li></ul>")
    onward, title = "", html.escape(_("Senaste körningen"))
    if lead is not None and not newer:
        onward = f'<meta http-equiv="refresh" content="0; url={_target(lead, start)}">\n'
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">\n{onward}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n"
        f"<body>{''.join(blocks)}</body></html>\n"
    )


def is_run(folder: Path) -> bool:
    """Tell whether a folder is a finished run of this program; anything else is left alone."""
    return _manifest(folder) is not None


def age(name: str) -> tuple[str, int]:
    """Return what sorts runs by age: their time, then the number added to equal times."""
    stem, _dash, number = name.partition("_")
    clock, _dash, again = number.partition("-")
    return f"{stem}_{clock}", int(again) if again.isdigit() else 1


def _manifest(folder: Path) -> dict[str, Any] | None:
    if folder.name.startswith(".") or not (folder / MANIFEST).is_file():
        return None
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    ours = isinstance(manifest, dict) and manifest.get("program") == "lagesbild"
    return manifest if ours else None


def _of(folder: Path) -> _Run | None:
    manifest = _manifest(folder)
    if manifest is None:
        return None
    return _Run(
        name=folder.name,
        whole=bool(manifest.get("whole", True)),
        part=str(manifest.get("part") or ""),
        profile=str(manifest.get("profile") or ""),
    )


def _target(run: _Run, start: str) -> str:
    return html.escape(quote(f"{run.name}/{start}"), quote=True)


def _link(run: _Run, start: str, text: str) -> str:
    return f'<a href="{_target(run, start)}">{html.escape(text)}</a>'
