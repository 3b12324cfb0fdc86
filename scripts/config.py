"""The project file: ``lagesbild.toml`` in, one frozen `Project` out, or every fault at once.

Each table of the file is read into the options class that stands beside the function that uses it,
so a default stands in one place only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from areas.boundaries import AreaOptions
from areas.followup.options import FollowupOptions
from areas.perceived.options import PerceivedOptions
from areas.picture.options import PictureOptions
from areas.watch.options import WatchOptions
from geodata.crs import check_project_crs
from geodata.disclosure import DisclosureOptions
from geodata.errors import Fault, LagesbildError, SettingsError, raise_all
from geodata.exports import ReadOptions
from geodata.files import OutputOptions
from geodata.forms import SheetOptions
from geodata.incidents import ImportOptions
from geodata.language import gettext as _
from geodata.names import PROJECT_FILE
from geodata.options import nearest, read_options
from geodata.store import StoreOptions
from hotspots.accuracy import AccuracyOptions
from hotspots.activity import ActivityOptions
from hotspots.agreement import AgreementOptions
from hotspots.alternatives import AlternativeOptions
from hotspots.candidates import CandidateOptions
from hotspots.choosing.options import ChoiceOptions
from hotspots.effect.options import EffectOptions
from hotspots.evaluationplan import PlanOptions
from hotspots.kde import KdeOptions
from hotspots.matching import MatchOptions
from hotspots.nearrepeat import NearRepeatOptions
from hotspots.options import CameraOptions, HotspotOptions
from hotspots.persistence import PersistenceOptions
from hotspots.privacy import PrivacyOptions
from hotspots.relative import RelativeOptions
from hotspots.scan.permutation import PermutationOptions
from hotspots.searchneed.options import NeedOptions
from hotspots.searchround.options import RoundOptions
from hotspots.sightlines import ViewOptions
from hotspots.significance import GiStarOptions
from hotspots.stability import StabilityOptions
from hotspots.timeprofile import TimeOptions
from maps.interactive import MapOptions
from maps.printed import PrintOptions
from scripts.appendix.options import AppendixOptions
from scripts.project_options import (
    DogSearchOptions,
    EvidenceOptions,
    ProjectOptions,
    ReferenceOptions,
)


@dataclass(frozen=True)
class Input:
    """One ``[[input]]``: an export file and how to read it."""

    path: Path
    read: ReadOptions
    meaning: ImportOptions


@dataclass(frozen=True)
class Project:
    """Everything the project file says, with defaults filled in. Paths are absolute."""

    file: Path
    project: ProjectOptions = field(default_factory=ProjectOptions)
    inputs: tuple[Input, ...] = ()
    areas: AreaOptions = field(default_factory=AreaOptions)
    reference: ReferenceOptions = field(default_factory=ReferenceOptions)
    store: StoreOptions = field(default_factory=StoreOptions)
    hotspots: HotspotOptions = field(default_factory=HotspotOptions)
    cameras: CameraOptions = field(default_factory=CameraOptions)
    candidates: CandidateOptions = field(default_factory=CandidateOptions)
    views: ViewOptions = field(default_factory=ViewOptions)
    privacy: PrivacyOptions = field(default_factory=PrivacyOptions)
    choice: ChoiceOptions = field(default_factory=ChoiceOptions)
    alternatives: AlternativeOptions = field(default_factory=AlternativeOptions)
    evaluation_plan: PlanOptions = field(default_factory=PlanOptions)
    sheets: SheetOptions = field(default_factory=SheetOptions)
    dogsearch: DogSearchOptions = field(default_factory=DogSearchOptions)
    search_need: NeedOptions = field(default_factory=NeedOptions)
    round: RoundOptions = field(default_factory=RoundOptions)
    evidence: EvidenceOptions = field(default_factory=EvidenceOptions)
    accuracy: AccuracyOptions = field(default_factory=AccuracyOptions)
    significance: GiStarOptions = field(default_factory=GiStarOptions)
    stability: StabilityOptions = field(default_factory=StabilityOptions)
    persistence: PersistenceOptions = field(default_factory=PersistenceOptions)
    match: MatchOptions = field(default_factory=MatchOptions)
    time: TimeOptions = field(default_factory=TimeOptions)
    activity: ActivityOptions = field(default_factory=ActivityOptions)
    agreement: AgreementOptions = field(default_factory=AgreementOptions)
    relative: RelativeOptions = field(default_factory=RelativeOptions)
    density: KdeOptions = field(default_factory=KdeOptions)
    scan: PermutationOptions = field(default_factory=PermutationOptions)
    near_repeat: NearRepeatOptions = field(default_factory=NearRepeatOptions)
    picture: PictureOptions = field(default_factory=PictureOptions)
    watch: WatchOptions = field(default_factory=WatchOptions)
    perceived: PerceivedOptions = field(default_factory=PerceivedOptions)
    followup: FollowupOptions = field(default_factory=FollowupOptions)
    effect: EffectOptions = field(default_factory=EffectOptions)
    disclosure: DisclosureOptions = field(default_factory=DisclosureOptions)
    map: MapOptions = field(default_factory=MapOptions)
    print: PrintOptions = field(default_factory=PrintOptions)
    appendix: AppendixOptions = field(default_factory=AppendixOptions)
    output: OutputOptions = field(default_factory=OutputOptions)

    @property
    def base(self) -> Path:
        """Folder that relative paths start from."""
        return self.file.parent


TABLES: Final[Mapping[str, type[Any]]] = {
    "project": ProjectOptions,
    "areas": AreaOptions,
    "reference": ReferenceOptions,
    "store": StoreOptions,
    "hotspots": HotspotOptions,
    "cameras": CameraOptions,
    "candidates": CandidateOptions,
    "views": ViewOptions,
    "privacy": PrivacyOptions,
    "choice": ChoiceOptions,
    "alternatives": AlternativeOptions,
    "evaluation_plan": PlanOptions,
    "sheets": SheetOptions,
    "dogsearch": DogSearchOptions,
    "search_need": NeedOptions,
    "round": RoundOptions,
    "evidence": EvidenceOptions,
    "accuracy": AccuracyOptions,
    "significance": GiStarOptions,
    "stability": StabilityOptions,
    "persistence": PersistenceOptions,
    "match": MatchOptions,
    "time": TimeOptions,
    "activity": ActivityOptions,
    "agreement": AgreementOptions,
    "relative": RelativeOptions,
    "density": KdeOptions,
    "scan": PermutationOptions,
    "near_repeat": NearRepeatOptions,
    "picture": PictureOptions,
    "watch": WatchOptions,
    "perceived": PerceivedOptions,
    "followup": FollowupOptions,
    "effect": EffectOptions,
    "disclosure": DisclosureOptions,
    "map": MapOptions,
    "print": PrintOptions,
    "appendix": AppendixOptions,
    "output": OutputOptions,
}


def load_project(path: Path, overrides: Sequence[str] = ()) -> Project:
    """Read a project file.

    Parameters
    ----------
    path
        The file, or the folder it stands in.
    overrides
        ``table.key=value`` with a TOML value, as of the command line's ``--set``.

    Raises
    ------
    SettingsError
        With every fault of the file and the overrides.
    """
    file = path / PROJECT_FILE if path.is_dir() else path
    tables = _parse(file)
    faults = _override(tables, overrides)
    known = [*TABLES, "input"]
    faults += [
        Fault(
            code="unknown_setting",
            what=_("Okänd tabell ”[{name}]”.").format(name=name),
            where=str(file),
            next_step=nearest(name, known),
        )
        for name in tables
        if name not in known
    ]
    parts: dict[str, Any] = {}
    for name, cls in TABLES.items():
        table = tables.get(name, {})
        if not isinstance(table, dict):
            faults.append(_not_a_table(f"[{name}]"))
            continue
        parts[name], more = read_options(cls, table, f"[{name}]")
        faults += more
    inputs, more = _inputs(tables.get("input", []), file.parent)
    faults += more
    if "project" in parts:
        faults += _check_project(parts["project"])
    raise_all(_located(faults, file), SettingsError)
    return Project(file=file.resolve(), inputs=inputs, **parts)


def _parse(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError as error:
        raise SettingsError(
            Fault(
                code="project_missing",
                what=_("Projektfilen finns inte."),
                where=str(file),
                next_step=_("Skapa en med ”lagesbild new MAPP”, eller ange rätt fil."),
            )
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            Fault(
                code="project_not_toml",
                what=_("Projektfilen går inte att läsa som TOML."),
                where=str(file),
                why=str(error),
                next_step=_("Text ska stå inom citattecken; i sökvägar skrivs / i stället för \\."),
            )
        ) from error
    except OSError as error:
        raise SettingsError(
            Fault(
                code="project_unreadable",
                what=_("Projektfilen går inte att öppna."),
                where=str(file),
                why=error.strerror or str(error),
            )
        ) from error


def _override(tables: dict[str, Any], overrides: Sequence[str]) -> list[Fault]:
    faults = []
    for text in overrides:
        name, _equals, value = text.partition("=")
        table, _dot, key = name.strip().partition(".")
        if not (table in TABLES and key and value):
            faults.append(
                Fault(
                    code="bad_override",
                    what=_("”--set {text}” går inte att tyda.").format(text=text),
                    next_step=_("Skriv tabell.nyckel=värde, till exempel hotspots.eps_m=100."),
                )
            )
            continue
        try:
            parsed = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            parsed = value  # a bare word is meant as text: no shell quotes to fight with
        place = tables.setdefault(table, {})
        if isinstance(place, dict):
            place[key] = parsed
    return faults


def _not_a_table(where: str) -> Fault:
    return Fault(
        code="wrong_type",
        what=_("Här ska stå en tabell."),
        where=where,
        next_step=_("Skriv rubriken {where} på en egen rad, följd av nyckel = värde.").format(
            where=where
        ),
    )


def _inputs(tables: Any, base: Path) -> tuple[tuple[Input, ...], list[Fault]]:  # noqa: ANN401
    if isinstance(tables, dict):
        tables = [tables]  # one file may be written as [input]
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        return (), [_not_a_table("[[input]]")]
    inputs, faults = [], []
    for number, table in enumerate(tables, start=1):
        where = "[[input]]" if len(tables) == 1 else f"[[input]] {number}"
        one, more = _input(table, base, where)
        inputs += [one] if one else []
        faults += more
    if not tables:
        faults.append(
            Fault(
                code="no_input",
                what=_("Projektet har ingen fil att läsa."),
                where="[[input]]",
                next_step=_('Lägg till [[input]] med path = "utdrag.csv".'),
            )
        )
    return tuple(inputs), faults


def _input(table: dict[str, Any], base: Path, where: str) -> tuple[Input | None, list[Fault]]:
    classes = (ReadOptions, ImportOptions)
    keys = {cls: {f.name for f in fields(cls)} for cls in classes}
    known = sorted({"path"} | keys[ReadOptions] | keys[ImportOptions])
    faults = [
        Fault(
            code="unknown_setting",
            what=_("Okänd inställning ”{key}”.").format(key=key),
            where=f"{where} {key}",
            next_step=nearest(key, known),
        )
        for key in table
        if key not in known
    ]
    read, more = read_options(
        ReadOptions, {k: v for k, v in table.items() if k in keys[ReadOptions]}, where
    )
    faults += more
    meaning, more = read_options(
        ImportOptions, {k: v for k, v in table.items() if k in keys[ImportOptions]}, where
    )
    faults += more
    path = table.get("path")
    if not isinstance(path, str) or not path:
        faults.append(
            Fault(
                code="missing_setting",
                what=_("Inställningen ”path” saknas."),
                where=where,
                next_step=_('Ange filen: path = "utdrag.csv".'),
            )
        )
        return None, faults
    return Input((base / path).resolve(), read, meaning), faults


def _check_project(options: ProjectOptions) -> list[Fault]:
    faults: list[Fault] = []
    try:
        check_project_crs(options.crs)
    except LagesbildError as error:
        faults += [replace(fault, where="[project] crs") for fault in error.faults]
    try:
        ZoneInfo(options.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        faults.append(
            Fault(
                code="unknown_timezone",
                what=_("Okänd tidszon ”{name}”.").format(name=options.timezone),
                where="[project] timezone",
                next_step=_("Skriv som ”Europe/Stockholm” eller ”UTC”."),
            )
        )
    extent = options.extent
    box_length = 4
    if extent and (len(extent) != box_length or extent[0] >= extent[2] or extent[1] >= extent[3]):
        faults.append(
            Fault(
                code="bad_extent",
                what=_("Rutan ”extent” går inte att tyda."),
                where="[project] extent",
                why=_("Den ska vara fyra tal: [x min, y min, x max, y max]."),
            )
        )
    return faults


def _located(faults: Sequence[Fault], file: Path) -> list[Fault]:
    return [
        fault
        if str(file) in fault.where
        else replace(fault, where=f"{file.name}: {fault.where}" if fault.where else str(file))
        for fault in faults
    ]
