"""Every setting in force beside its default, for ``check``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from geodata.language import gettext as _
from geodata.options import default_of
from scripts.config import TABLES, Project


@dataclass(frozen=True)
class Setting:
    """One effective setting beside its default."""

    table: str
    key: str
    value: object
    default: object
    unit: str
    help: str

    @property
    def changed(self) -> bool:
        """Whether the project differs from the default."""
        return self.value != self.default


def effective(project: Project) -> Iterator[Setting]:
    """Yield every setting of the project, table by table, beside its default."""
    for number, one in enumerate(project.inputs, start=1):
        name = "input" if len(project.inputs) == 1 else f"input {number}"
        yield Setting(name, "path", str(one.path), "", "", _("Filen som läses."))
        yield from _settings(name, one.read)
        yield from _settings(name, one.meaning)
    for name in TABLES:
        yield from _settings(name, getattr(project, name))


def _settings(table: str, options: Any) -> Iterator[Setting]:  # noqa: ANN401
    for f in fields(options):
        yield Setting(
            table=table,
            key=f.name,
            value=getattr(options, f.name),
            default=default_of(f),
            unit=_(str(f.metadata.get("unit", ""))),
            help=_(str(f.metadata.get("help", ""))),
        )
