"""``lagesbild check``: reads everything, shows what was understood and every setting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from geodata.errors import Notice
from geodata.import_report import ImportReport, InputReport
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import number, percent
from geodata.reasons import reason_text
from scripts.config import Project
from scripts.effective import Setting, effective
from scripts.extractday import settled
from scripts.new import toml_value
from scripts.progress import Steps
from scripts.reading import read_material
from scripts.understanding import import_step


@dataclass(frozen=True)
class CheckResult:
    """What was read, what was understood, and the settings in force."""

    report: ImportReport
    areas: tuple[tuple[str, int], ...]
    layers: tuple[tuple[str, int], ...]
    settings: tuple[Setting, ...]
    notices: tuple[Notice, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready values."""
        return {
            "report": self.report.to_dict(),
            "areas": dict(self.areas),
            "layers": dict(self.layers),
            "settings": [
                {"table": s.table, "key": s.key, "value": s.value, "default": s.default}
                for s in self.settings
            ],
            "notices": [asdict(notice) for notice in self.notices],
        }


def check_project(project: Project, steps: Steps) -> CheckResult:
    """Read and import everything the project names; write nothing.

    Raises
    ------
    LagesbildError
        With every fault of files, columns and rows.
    """
    steps.expect(3)
    project, settled_by = settled(project)
    material = read_material(project, steps)
    with steps.step(_("Tolkar raderna")):
        imported = import_step(project, material)
    kinds = material.areas.table["kind"].value_counts(sort=False)
    return CheckResult(
        report=imported.report,
        areas=tuple((str(kind), int(n)) for kind, n in kinds.items() if n),
        layers=tuple((name, len(layer)) for name, layer in material.layers.items()),
        settings=tuple(effective(project)),
        notices=(*settled_by, *material.notices, *imported.report.notices),
    )


def check_text(result: CheckResult) -> str:
    """Return the whole of it as a person reads it on a terminal, the long list first."""
    return "\n".join([*_settings(result.settings), *_inputs(result.report), *_material(result)])


def _inputs(report: ImportReport) -> Iterator[str]:
    for one in report.inputs:
        yield ""
        yield _("FIL {n}: {name}").format(n=one.input_no, name=one.file)
        yield from _account(one)
        for use in one.columns:
            guessed = _(" (antagen)") if use.guessed else ""
            yield f"  {use.target:<18} ← {' + '.join(use.columns)}{guessed}"
    yield ""
    yield _("HÄNDELSER: {n}, {first} – {last}").format(
        n=number(report.totals["events"]), first=report.first_date, last=report.last_date
    )
    total = max(report.totals["events"], 1)
    headings = {
        "offence_class": _("Slag av händelse"),
        "source": _("Källa"),
        "space_type": _("Slags plats"),
        "geocode_class": _("Läget känt som"),
    }
    for column, heading in headings.items():
        yield heading
        for value, n in report.counts.get(column, {}).items():
            if n:
                yield f"  {label(value):<32} {number(n):>10}  {percent(n / total):>6}"
        yield ""


def _account(one: InputReport) -> Iterator[str]:
    text = _("{read} rader lästa = {kept} behållna + {rejected} avvisade + {dup} dubbletter")
    yield "  " + text.format(
        read=number(one.rows_read),
        kept=number(one.rows_kept),
        rejected=number(one.rows_rejected),
        dup=number(one.rows_duplicate),
    )
    for reason, n in one.reasons.items():
        yield f"    {number(n):>8}  {reason_text(reason)}"


def _material(result: CheckResult) -> Iterator[str]:
    yield _("OMRÅDEN OCH LAGER")
    for kind, n in result.areas:
        yield f"  {label(kind):<32} {number(n):>10}"
    for name, n in result.layers:
        yield f"  {name:<32} {number(n):>10}"
    yield ""


def _settings(settings: tuple[Setting, ...]) -> Iterator[str]:
    yield _("INSTÄLLNINGAR (* = ändrad, med förvalet efter)")
    table = ""
    for one in settings:
        if one.table != table:
            table = one.table
            yield f"[{table}]"
        unit = f" {one.unit}" if one.unit else ""
        mark, default = " ", ""
        if one.changed:
            mark, default = "*", _("   (förval: {value})").format(value=toml_value(one.default))
        yield f"{mark} {one.key} = {toml_value(one.value)}{unit}{default}"
