"""Reads a project once, computes its appendix and writes every tier and format asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from geodata.caveats import source_caveat
from geodata.disclosure import (
    PROFILES,
    Profile,
    Released,
    in_force,
    release_together,
    write_published,
)
from geodata.errors import Fault, Notice, SettingsError
from geodata.files.manifest import Manifest, write_manifest
from geodata.files.pages import write_page
from geodata.files.runfolder import RunFolder
from geodata.labels import label
from geodata.language import gettext as _
from geodata.periods import Period, read_period
from geodata.schema import STREET_DRUG_CLASSES
from maps.fonts import font_folder
from scripts.appendix.computing import Found, choose_span, compute_appendix
from scripts.appendix.options import APPENDICES, TOLD
from scripts.appendix.reading import Texts, of_period, read_all
from scripts.editions import told_before
from scripts.extractday import settled
from scripts.understanding import import_step
from scripts.writing import background, map_facts

if TYPE_CHECKING:
    from geodata.disclosure.cells import Cell
    from maps.appendix import AppendixFacts, Tier
    from maps.paper import Paper
    from scripts.config import Project
    from scripts.progress import Steps
    from scripts.reading import Material

Asked = Literal["strategic", "normative", "both"]
NAMES: Final[Mapping[str, str]] = {"strategic": "strategisk", "normative": "normativ"}
TOLD_ELSEWHERE: Final = (
    "boundary_changed",
    "extract_early",
    "no_indicators",
    "nothing_before",
    "period_unfinished",
)
"""Notices that the cover or a chapter tells already."""

WITHHELD_TIER: Final = ("hotspots", "appendix_cameras")
"""Tables that the normative tier never asks for."""


@dataclass(frozen=True)
class Made:
    """What was written."""

    folder: Path
    files: tuple[str, ...]
    notices: tuple[Notice, ...]
    seconds: Mapping[str, float]


def make_appendix(
    project: Project,
    period: Period,
    tiers: Sequence[Tier],
    steps: Steps,
    *,
    profile: Profile | None = None,
    against: Period | None = None,
) -> Made:
    """Make the appendix of a period in the tiers asked for, from one computation.

    Parameters
    ----------
    project, steps
        The project, and where progress is shown.
    period
        What it tells of.
    tiers
        ``strategic``, ``normative`` or both.
    profile
        Of the strategic tier; the project's own without. The normative tier has ``publik``.
    against
        What it is held against; the year before without.

    Raises
    ------
    LagesbildError
        With every fault of the settings and files; nothing is then written.
    """
    started = datetime.now(tz=UTC)
    project, settled_by = settled(project)
    profiles = choose_profiles(project, tiers, profile)
    font_folder()  # a missing font is told before the work, not after
    inside: Profile = profiles.get("strategic", "publik")
    # Small counts are hidden when tables are released; what is computed is the same for all.
    own = replace(project, project=replace(project.project, profile=inside))
    steps.expect(12)
    material, indicators, texts = read_all(own, steps)
    with steps.step(_("Tolkar raderna")):
        imported = import_step(own, material)
    material = replace(material.without_rows(), notices=(*settled_by, *material.notices))
    span = choose_span(
        imported.incidents,
        period,
        against=against,
        extract=own.project.extract_date,
        periods=own.appendix.periods,
        late_days=own.appendix.late_days,
    )
    found = compute_appendix(own, material, imported, span, of_period(indicators, period), steps)
    run = RunFolder(
        project.base / project.output.folder / APPENDICES,
        period.key,
        keep=10_000,
        start=_file(tiers[0], period, "html"),
    )
    with run, in_force(own.disclosure):
        # Who may read the strategic tier has the normative one too: what the widest circle is told
        # is known when the next tier's numbers are hidden.
        told_now: dict[Cell, int | None] = {}
        for tier, one in sorted(profiles.items(), key=lambda t: -PROFILES.index(t[1])):
            with steps.step(_("Skriver bilagan, {tier}").format(tier=NAMES[tier])):
                released = _release(own, found, tier, one, told_now)
                told_now |= {
                    c: n for table in released.values() for c, n in table.published.items()
                }
                paper = _paper(own, material, found, texts, tier, released)
                _write(run.path, paper, tier, period, dpi=own.appendix.dpi)
                told = run.path / TOLD / NAMES[tier]
                told.mkdir(parents=True)
                if not write_published(told, released.values()):
                    told.rmdir()
        if not any((run.path / TOLD).iterdir()):
            (run.path / TOLD).rmdir()
        write_manifest(run.path, _manifest(project, material, found, profiles, started))
        files = tuple(
            sorted(p.relative_to(run.path).as_posix() for p in run.path.rglob("*") if p.is_file())
        )
    return Made(run.final, files, (*found.notices, *run.notices), dict(steps.seconds))


def choose_profiles(
    project: Project, tiers: Sequence[Tier], profile: Profile | None
) -> dict[Tier, Profile]:
    """Return the profile of each tier.

    Raises
    ------
    SettingsError
        ``normative_is_public`` or ``unknown_profile``.
    """
    if profile is not None and profile not in PROFILES:
        raise SettingsError(
            Fault(
                code="unknown_profile",
                what=_("Okänd profil ”{name}”.").format(name=profile),
                where="--profile",
                next_step=_("Möjliga: {words}.").format(words=", ".join(PROFILES)),
            )
        )
    if "normative" in tiers and "strategic" not in tiers and profile not in (None, "publik"):
        raise SettingsError(
            Fault(
                code="normative_is_public",
                what=_("Den normativa nivån kan bara göras för profilen publik."),
                where=f"--profile {profile}",
                why=_("Den ska kunna lämnas ut som allmän handling."),
                next_step=_("Utelämna --profile, eller gör den strategiska nivån."),
            )
        )
    chosen: dict[Tier, Profile] = {}
    for tier in tiers:
        chosen[tier] = "publik" if tier == "normative" else (profile or project.project.profile)
    return chosen


def _release(
    project: Project,
    found: Found,
    tier: Tier,
    profile: Profile,
    told_now: Mapping[Cell, int | None],
) -> dict[str, Released]:
    """Take a tier's tables through the door in one go, with what its readers have already."""
    names = [n for n in found.tables if tier == "strategic" or n not in WITHHELD_TIER]
    earlier = told_before(project, profile)
    tables = {name: found.tables[name] for name in names}
    return release_together(tables, profile, project.disclosure, earlier=earlier | dict(told_now))


def _paper(
    project: Project,
    material: Material,
    found: Found,
    texts: Texts,
    tier: Tier,
    released: Mapping[str, Released],
) -> Paper:
    """Return a tier as a paper."""
    from maps.appendix import appendix_paper
    from maps.printed import Backdrop

    layers = background(project, material, found.results)
    profile = released["appendix_counts"].profile
    facts = _facts(project, material, found, texts, tier, profile)
    return appendix_paper(released, Backdrop(layers), facts, project.print)


def _facts(
    project: Project,
    material: Material,
    found: Found,
    texts: Texts,
    tier: Tier,
    profile: Profile,
) -> AppendixFacts:
    from maps.appendix import AppendixFacts

    span, results = found.span, found.results
    shown = replace(project, project=replace(project.project, profile=profile))
    source = results.counted.source
    about = map_facts(shown, material, results)
    about = replace(
        about,
        caveat=source_caveat(source),
        first_date=span.told.first,
        last_date=span.told.last,
        n_events=None,
        method=(),
        software=f"Lägesbild {metadata.version('lagesbild')}",
    )
    classes = project.hotspots.classes
    return AppendixFacts(
        tier=tier,
        map=about,
        period=span.asked.name,
        first=span.told.first,
        last=span.told.last,
        compared=span.compared.name if span.compared else "",
        unfinished=span.unfinished,
        early_days=span.late,
        moved=found.moved,
        classes=tuple(label(one) for one in classes),
        drugs=set(classes) <= {*STREET_DRUG_CLASSES, "drug_smuggling"},
        by_month=results.counted.by_month,
        rows=results.imported.report.totals,
        settings=_settings(project, found, tier),
        # What the reading tells names files, rows and addresses: for those who have the rows.
        notices=tuple(
            n.text for n in found.notices if n.level == "warning" and n.code not in TOLD_ELSEWHERE
        )
        if profile == "intern"
        else (),
        standing=texts.standing,
        items=texts.items,
        operations=found.operations,
        existing_cameras=found.existing_cameras if profile == "intern" else None,
        has_indicators=bool(len(found.tables["appendix_indicators"])),
    )


def _settings(project: Project, found: Found, tier: Tier) -> tuple[str, ...]:
    spots = project.hotspots
    told = []
    if tier == "strategic":
        text = _(
            "Hot spots: avstånd {eps:g} m, minst {samples} inom avståndet, minst {events} "
            "händelser på {days} olika dagar."
        )
        told.append(
            text.format(
                eps=spots.eps_m,
                samples=found.results.hotspots.min_samples or "–",
                events=spots.min_events,
                days=spots.min_days,
            )
        )
    return tuple(told)


def _write(folder: Path, paper: Paper, tier: Tier, period: Period, *, dpi: int) -> None:
    """Write a paper as a page, as PDF and as Word."""
    from maps.appendix import appendix_html
    from maps.pdf import paper_pdf
    from maps.word import paper_docx

    page = folder / _file(tier, period, "html")
    write_page(page, appendix_html(paper))
    (folder / _file(tier, period, "pdf")).write_bytes(paper_pdf(paper))
    (folder / _file(tier, period, "docx")).write_bytes(paper_docx(paper, dpi=dpi))


def _file(tier: Tier, period: Period, suffix: str) -> str:
    return f"bilaga-{NAMES[tier]}-{period.key}.{suffix}"


def _manifest(
    project: Project,
    material: Material,
    found: Found,
    profiles: Mapping[Tier, Profile],
    started: datetime,
) -> Manifest:
    from scripts.config import TABLES

    report = found.results.imported.report
    settings: dict[str, object] = {name: getattr(project, name) for name in TABLES}
    settings["appendix_tiers"] = dict(profiles)
    # The folder holds all tiers: it is for the narrowest circle of them.
    narrowest = min(profiles.values(), key=PROFILES.index)
    return Manifest(
        profile=narrowest,
        settings=settings,
        inputs=[{"path": file.name, "sha256": file.sha256} for file in material.files],
        rows=report.totals,
        tables={"offence_codes": material.codes.version},
        seed=project.project.seed,
        first_date=report.first_date,
        extract_date=project.project.extract_date,
        notices=[notice.code for notice in found.notices],
        started=started,
        finished=datetime.now(tz=UTC),
        synthetic=project.project.synthetic,
    )


def tiers_of(asked: Asked) -> tuple[Tier, ...]:
    """Return the tiers of the word of the command line."""
    return ("strategic", "normative") if asked == "both" else (asked,)


__all__ = ["Made", "choose_profiles", "make_appendix", "read_period", "tiers_of"]
