"""Everything that is read from disk before the computing starts, with all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import geopandas as gpd

from areas.boundaries import Areas, read_areas
from geodata.errors import Fault, LagesbildError, Notice
from geodata.exports import RawTable, read_export
from geodata.language import gettext as _
from geodata.offence_codes import OffenceCodes, read_offence_codes
from geodata.operations import Operations, read_operations
from geodata.reference import Layer, read_layer
from geodata.store import Store
from scripts.ahead import Ahead
from scripts.config import Project
from scripts.progress import Steps
from scripts.stages import stage, wanted

T = TypeVar("T")
Box = tuple[float, float, float, float]

LAYER_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "buildings": ("polygon",),
    "streets": ("line",),
    "entrances": ("point",),
    "poles": ("point",),
    "water": ("polygon",),
    "green": ("polygon",),
    "cameras": ("point", "polygon"),
    "sensitive": ("point", "polygon"),
    "yards": ("polygon",),
    "public_ground": ("polygon",),
    "stops": ("polygon",),
}


@dataclass(frozen=True)
class SourceFile:
    """Name and SHA-256 of an export file."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Material:
    """What was read: export files cut into columns, areas, the project's own layers, codes.

    ``store`` is there in the stead of the files when the project gathers its events in one.

    ``extras`` holds what each stage of `scripts.stages` read, by its name.
    """

    raws: tuple[RawTable, ...]
    store: Store | None
    files: tuple[SourceFile, ...]
    areas: Areas
    layers: Mapping[str, gpd.GeoDataFrame]
    codes: OffenceCodes
    operations: gpd.GeoDataFrame | None
    notices: tuple[Notice, ...]
    extras: Mapping[str, object] = field(default_factory=dict)

    def without_rows(self) -> Material:
        """Return the same without the rows of the export files, which take much memory."""
        return replace(self, raws=())


def read_material(
    project: Project,
    steps: Steps,
    *,
    stages: Sequence[str] | None = None,
    ahead: Ahead | None = None,
) -> Material:
    """Read every file that the project names, those of its stages too.

    Parameters
    ----------
    stages
        Names of the stages that will work; all that the project wants where it is ``None``.
    ahead
        What has begun to read the export files.

    Raises
    ------
    LagesbildError
        Of the gravest kind met, with the faults of all files.
    """
    collected = _Collected()
    with steps.step(_("Läser områden och lager")):
        areas = collected.take(
            lambda: read_areas(
                project.areas,
                crs=project.project.crs,
                base=project.base,
                frame=stated_extent(project),
            )
        )
        layers = {
            name: collected.take(partial(_layer, project, name, kinds))
            for name, kinds in LAYER_KINDS.items()
            if getattr(project.reference, name)
        }
        own = project.project.offence_codes
        codes = collected.take(
            lambda: read_offence_codes(project.base / own if own is not None else None)
        )
    with steps.step(_("Läser uttaget")):
        store = collected.take(partial(store_in_use, project))
        inputs = () if store is not None else project.inputs
        read_one = read_export if ahead is None else ahead.read
        raws = [collected.take(partial(read_one, one.path, one.read)) for one in inputs]
    operations = None
    if project.reference.operations and areas is not None:
        operations = collected.take(partial(_operations, project, areas))
    extras: dict[str, object] = {}
    if areas is not None:
        for name in wanted(project) if stages is None else stages:
            extras[name] = collected.take(partial(stage(name).read, project, areas.table))
    collected.raise_faults()
    found = {name: layer for name, layer in layers.items() if layer is not None}
    if areas is None or codes is None:  # raise_faults has told why
        raise AssertionError
    read = tuple(raw for raw in raws if raw is not None)
    return Material(
        raws=read,
        store=store,
        files=_sources(read, store),
        areas=areas,
        layers={name: layer.table for name, layer in found.items()},
        codes=codes,
        operations=operations.table if operations is not None else None,
        notices=(
            *areas.notices,
            *(notice for layer in found.values() for notice in layer.notices),
            *(operations.notices if operations is not None else ()),
        ),
        extras=extras,
    )


def store_in_use(project: Project) -> Store | None:
    """Return the project's store when runs are to read it: it has events and isn't turned off."""
    options = project.project
    if project.store.use == "no":
        return None
    folder = project.base / project.store.folder
    store = Store(folder, crs=options.crs, timezone=options.timezone)
    return store if store.filled else None


def _sources(raws: Sequence[RawTable], store: Store | None) -> tuple[SourceFile, ...]:
    if store is not None:
        return tuple(SourceFile(part.source, part.sha256) for part in store.facts.parts)
    return tuple(SourceFile(raw.path.name, raw.sha256) for raw in raws)


class _Collected:
    """Faults met so far, so that a user mends all files in one go."""

    def __init__(self) -> None:
        self.errors: list[LagesbildError] = []

    def take(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except LagesbildError as error:
            self.errors.append(error)
            return None

    def raise_faults(self) -> None:
        if self.errors:
            faults = [fault for error in self.errors for fault in error.faults]
            # two stages may read the same file
            raise type(self.errors[0])(list(dict.fromkeys(faults)))


def _operations(project: Project, areas: Areas) -> Operations:
    options = project.project
    return read_operations(
        project.base / project.reference.operations,
        areas=areas.table,
        crs=options.crs,
        timezone=options.timezone,
        today=options.extract_date or date.today(),
    )


def stated_extent(project: Project) -> Box | None:
    """Return the box that the project states, or ``None``."""
    stated = project.project.extent
    return (stated[0], stated[1], stated[2], stated[3]) if stated else None


def _layer(project: Project, name: str, kinds: tuple[str, ...]) -> Layer:
    path, layer = split_layer(getattr(project.reference, name))
    try:
        return read_layer(
            project.base / path,
            crs=project.project.crs,
            kinds=kinds,
            layer=layer,
            source_crs=project.reference.crs or None,
        )
    except LagesbildError as error:
        located = [_named(fault, name) for fault in error.faults]
        raise type(error)(located) from error


def _named(fault: Fault, name: str) -> Fault:
    setting = f"[reference] {name}"
    return replace(fault, where=f"{setting}: {fault.where}" if fault.where else setting)


def split_layer(text: str) -> tuple[Path, str | None]:
    """Return file and layer of ``file#layer``; the layer is ``None`` when left out."""
    path, sign, layer = text.partition("#")
    return Path(path), layer if sign else None
