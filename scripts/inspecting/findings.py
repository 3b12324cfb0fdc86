"""What an inspection says: every file, every check, and what was found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from geodata.disclosure import Profile
from geodata.language import N_, ngettext, number
from geodata.language import gettext as _

CHECKS: Final[dict[str, str]] = {
    "files": N_("Filerna går att läsa och är de som körningen skrev"),
    "profile": N_("Profilen står på varje fil"),
    "tables": N_("Inga tabeller som bara är interna"),
    "geometry": N_("Inga lägen finare än profilen tillåter"),
    "counts": N_("Inga antal under gränsen"),
    "cameras": N_("Inga kameraplatser"),
    "personal": N_(
        "Inga personnummer, telefonnummer, registreringsnummer, e-postadresser, lägenheter eller "
        "ärendenummer"
    ),
    "metadata": N_("Inget namn och ingen dold text i filernas egna uppgifter"),
    "references": N_("Inget hämtas utifrån, inga sökvägar inifrån huset"),
}
"""Key of each check and what it says, in order."""

MOST_TOLD: Final = 5
"""Places told of one kind of finding in one file; the rest are counted."""


MOST_LINES: Final = 8
"""Findings of one check told on a terminal; the page has them all."""


@dataclass(frozen=True, order=True)
class Finding:
    """Something that must not leave.

    Attributes
    ----------
    file
        The file, relative to the folder.
    check
        Key of `CHECKS`.
    code
        Stable name.
    what
        In words; text that points at a person is never quoted.
    where
        Places in the file, the first of them.
    places
        How many there are.
    """

    file: str
    check: str
    code: str
    what: str
    where: tuple[str, ...] = ()
    places: int = 1

    def told(self) -> str:
        """Return it as one line."""
        shown = ", ".join(one for one in self.where if one)
        rest = self.places - len(self.where)
        if self.where and rest > 0:
            more = ngettext("och {n} ställe till", "och {n} ställen till", rest)
            shown = f"{shown} {more.format(n=number(rest))}".strip()
        return f"{self.what} ({shown})" if shown else self.what


@dataclass(frozen=True)
class Looked:
    """A file that was looked into: its size, the profile printed on it, what it was taken as."""

    file: str
    size: int
    profile: str
    mark: str


@dataclass(frozen=True)
class Inspection:
    """A folder, looked through.

    Attributes
    ----------
    folder
        Where.
    profile
        What it was held to.
    files
        Every file.
    findings
        What must not leave; none means passed.
    notes
        What this can't see, for a person to look at.
    """

    folder: Path
    profile: Profile
    files: tuple[Looked, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def of(self, check: str) -> tuple[Finding, ...]:
        """Return the findings of a check."""
        return tuple(one for one in self.findings if one.check == check)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready values."""
        return {
            "folder": str(self.folder),
            "profile": self.profile,
            "passed": self.passed,
            "checks": {check: not self.of(check) for check in CHECKS},
            "files": [asdict(one) for one in self.files],
            "findings": [asdict(one) for one in self.findings],
            "notes": list(self.notes),
        }

    def verdict(self) -> str:
        """Return the outcome in one sentence."""
        if self.passed:
            text = ngettext(
                "GODKÄND: {n} fil är granskad för profilen {profile}.",
                "GODKÄND: {n} filer är granskade för profilen {profile}.",
                len(self.files),
            )
            return text.format(n=number(len(self.files)), profile=self.profile)
        text = ngettext(
            "UNDERKÄND för profilen {profile}: {n} sak att åtgärda. Lämna inte ut mappen.",
            "UNDERKÄND för profilen {profile}: {n} saker att åtgärda. Lämna inte ut mappen.",
            len(self.findings),
        )
        return text.format(n=number(len(self.findings)), profile=self.profile)

    def lines(self) -> list[str]:
        """Return it as a person reads it on a terminal, the verdict last."""
        lines = [_("Filer i {folder}:").format(folder=self.folder)]
        lines += [f"  {one.mark:<12} {one.file}" for one in self.files]
        lines += ["", _("Kontroller:")]
        for check, text in CHECKS.items():
            found = self.of(check)
            lines.append(f"  {'✗' if found else '✓'} {_(text)}")
            lines += [f"      {one.file}: {one.told()}" for one in found[:MOST_LINES]]
            rest = len(found) - MOST_LINES
            if rest > 0:
                more = ngettext("och {n} sak till", "och {n} saker till", rest)
                lines.append(f"      … {more.format(n=number(rest))}")
        lines += ["", *(f"· {note}" for note in self.notes), "", self.verdict()]
        return lines
