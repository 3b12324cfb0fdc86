"""The project file: ``lagesbild.toml`` in, one frozen `Project` out, or every fault at once.

Each table of the file is read into the options class that stands beside the function that uses it,
so a default stands in one place only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from areas.boundaries import AreaOptions
from geodata.crs import check_project_crs
from geodata.disclosure import DisclosureOptions
from geodata.errors import Fault, LagesbildError, SettingsError, raise_all
from geodata.exports import ReadOptions
from geodata.files import OutputOptions
from geodata.incidents import ImportOptions
from geodata.language import N_
from geodata.language import gettext as _
from geodata.options import default_of, nearest, read_options, setting
from hotspots.cameras import CameraOptions
from hotspots.dogsearch import SearchOptions
from hotspots.options import HotspotOptions
from maps.interactive import MapOptions

PROJECT_FILE: Final = "lagesbild.toml"


@dataclass(frozen=True)
class ProjectOptions:
    """The table ``[project]``: what the work is called, for whom, and in which system."""

    name: str = setting("Lägesbild", N_("Namn som skrivs ut på kartor och sidor."))
    profile: Literal["intern", "samverkan", "publik"] = setting(
        "intern", N_("Vem som får se resultatet; styr vad som lämnas ut.")
    )
    language: Literal["sv", "en"] = setting("sv", N_("Språk i allt som skrivs ut."))
    crs: str = setting("EPSG:3006", N_("Koordinatsystem i meter för allt som räknas."))
    timezone: str = setting("Europe/Stockholm", N_("Tidszon för alla händelser."))
    extract_date: date | None = setting(
        None, N_("Dagen då uttaget gjordes; senare händelser avvisas. Utelämnad: i dag.")
    )
    extent: tuple[float, ...] = setting(
        (), N_("Ruta [x min, y min, x max, y max] i projektets system; punkter utanför avvisas.")
    )
    extent_margin_m: float = setting(
        2000.0, N_("Marginal runt kommunens områden när rutan inte anges."), unit="m", minimum=0
    )
    offence_codes: Path | None = setting(
        None, N_("Egen fil med brottskoder i stället för den inbyggda.")
    )
    seed: int = setting(
        581, N_("Slumptalens startvärde. Samma värde ger samma resultat."), minimum=0
    )
    synthetic: bool = setting(False, N_("Uppgifterna är påhittade; skrivs ut överallt."))


@dataclass(frozen=True)
class ReferenceOptions:
    """The table ``[reference]``: the project's own layers, ``file`` or ``file#layer``."""

    buildings: str = setting("", N_("Byggnader, ytor."))
    streets: str = setting("", N_("Gator och vägar, linjer."))
    entrances: str = setting("", N_("Entréer, punkter."))
    poles: str = setting("", N_("Stolpar och andra tänkbara kameraplatser, punkter."))
    water: str = setting("", N_("Vatten, ytor."))
    green: str = setting("", N_("Grönområden, ytor."))
    crs: str = setting("", N_("Koordinatsystem för lager som saknar uppgift om det."))


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
    hotspots: HotspotOptions = field(default_factory=HotspotOptions)
    cameras: CameraOptions = field(default_factory=CameraOptions)
    dogsearch: SearchOptions = field(default_factory=SearchOptions)
    disclosure: DisclosureOptions = field(default_factory=DisclosureOptions)
    map: MapOptions = field(default_factory=MapOptions)
    output: OutputOptions = field(default_factory=OutputOptions)

    @property
    def base(self) -> Path:
        """Folder that relative paths start from."""
        return self.file.parent


TABLES: Final[Mapping[str, type[Any]]] = {
    "project": ProjectOptions,
    "areas": AreaOptions,
    "reference": ReferenceOptions,
    "hotspots": HotspotOptions,
    "cameras": CameraOptions,
    "dogsearch": SearchOptions,
    "disclosure": DisclosureOptions,
    "map": MapOptions,
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
