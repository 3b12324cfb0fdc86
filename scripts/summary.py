"""What a run tells when it is done, to a person and to a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from geodata.disclosure import Profile
from geodata.errors import Notice
from geodata.language import gettext as _
from geodata.language import ngettext, number

INSIDE_ONLY: Final = ("rows", "counts", "notices")
"""Keys that are for the one who runs it, whatever the profile of the files."""


@dataclass(frozen=True)
class RunSummary:
    """What a run made, for a person and for ``--json``."""

    folder: Path
    start_page: Path
    files: tuple[str, ...]
    rows: Mapping[str, int]
    counts: Mapping[str, int]
    notices: tuple[Notice, ...]
    nothing_to_propose: bool
    said: tuple[str, ...] = ()
    profile: Profile = "intern"

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready values."""
        return {
            "folder": str(self.folder),
            "start_page": str(self.start_page),
            "files": list(self.files),
            "rows": dict(self.rows),
            "counts": dict(self.counts),
            "notices": [asdict(notice) for notice in self.notices],
            "profile": self.profile,
            "inside_only": [] if self.profile == "intern" else list(INSIDE_ONLY),
            "nothing_to_propose": self.nothing_to_propose,
        }

    def lines(self) -> list[str]:
        """Return the summary as a person reads it, figures first and then the files."""
        return [*self.account(), *self.made()]

    def account(self) -> list[str]:
        """Return the figures, which may be of the house alone."""
        rows, counts = self.rows, self.counts
        account = _(
            "{read} rader lästa: {kept} behållna, {rejected} avvisade, {duplicate} dubbletter. "
            "{events} händelser."
        ).format(
            read=number(rows["rows_read"]),
            kept=number(rows["rows_kept"]),
            rejected=number(rows["rows_rejected"]),
            duplicate=number(rows["rows_duplicate"]),
            events=number(rows["events"]),
        )
        texts: dict[str, Callable[[int], str]] = {
            "hotspots": lambda n: ngettext("{n} hot spot", "{n} hot spots", n),
            "camera_sites": lambda n: ngettext("{n} kameraplats", "{n} kameraplatser", n),
            "search_sites": lambda n: ngettext(
                "{n} plats för hundsök", "{n} platser för hundsök", n
            ),
        }
        parts = [
            text(counts[name]).format(n=number(counts[name]))
            for name, text in texts.items()
            if name in counts
        ]
        parts += self.said
        return [account, _("I korthet: {parts}.").format(parts=", ".join(parts))]

    def made(self) -> list[str]:
        """Return where the files are."""
        return [
            _("Resultatet ligger i {folder}:").format(folder=self.folder),
            *(f"  {name}" for name in _by_folder(self.files)),
        ]


def _by_folder(files: Sequence[str]) -> list[str]:
    """Return the files, those of each folder as one line with their number."""
    inside = Counter(name.partition("/")[0] for name in files if "/" in name)
    alone = [name for name in files if "/" not in name]
    folders = [
        f"{name}/ ({text.format(n=number(n))})"
        for name, n in inside.items()
        for text in (ngettext("{n} fil", "{n} filer", n),)
    ]
    return sorted([*alone, *folders])
