"""The settings of ``[views]``: which kind of camera is meant, and how far it makes out what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import radians, tan
from typing import Final, Literal

from geodata.errors import Fault, SettingsError
from geodata.language import N_
from geodata.language import gettext as _
from geodata.options import setting

Purpose = Literal["monitor", "detect", "observe", "recognise", "identify"]

PIXELS_PER_M: Final[dict[Purpose, float]] = {
    "monitor": 12.5,
    "detect": 25.0,
    "observe": 62.5,
    "recognise": 125.0,
    "identify": 250.0,
}
"""Pixels a metre that each purpose takes, at the distance of the person (EN 62676-4:2015)."""


@dataclass(frozen=True, kw_only=True)
class ViewOptions:
    """What a camera of this project sees when nothing stands in the way.

    The defaults are a 4K camera (3,840 pixels across) with a lens of 60°, that can turn, five
    metres up. At ``d`` metres the lens takes in ``2 d tan(angle / 2)`` metres, so a person is shown
    by ``pixels / (2 d tan(angle / 2))`` pixels a metre: EN 62676-4:2015 asks 62.5 to observe (53 m
    with the defaults), 125 to recognise (27 m) and 250 to identify (13 m).
    """

    camera: Literal["turning", "fixed"] = setting(
        "turning",
        N_(
            "”turning” kan vridas och ser hela varvet; ”fixed” ser bara en sektor om "
            "field_of_view_deg åt ett håll. Sektorn ger mindre yta och mindre intrång."
        ),
    )
    field_of_view_deg: float = setting(
        60.0,
        N_("Objektivets bildvinkel, och sektorns vidd. Större vinkel ser mer men sämre på håll."),
        unit="°",
        minimum=1,
        maximum=179,
    )
    reach_m: float | Literal["cameras", "lens"] = setting(
        "cameras",
        N_(
            "Hur långt vyn räknas. ”cameras” tar reach_m i [cameras]; ”lens” räknar ut avståndet "
            "där purpose nätt och jämnt nås."
        ),
        unit="m",
        above=0,
        maximum=1000,
    )
    mount_height_m: float = setting(
        5.0,
        N_("Höjd över marken. Hus med lägre känd höjd skymmer bara marken närmast bakom sig."),
        unit="m",
        minimum=1,
        maximum=100,
    )
    pixels: int = setting(
        3840,
        N_("Bildpunkter i bredd (4K: 3840, full HD: 1920). Fler ger längre avstånd för samma mål."),
        unit="bildpunkter",
        minimum=320,
        maximum=20000,
    )
    purpose: Purpose = setting(
        "observe",
        N_(
            "Vad bilden ska räcka till enligt EN 62676-4:2015: övervaka 12,5, upptäcka 25, iaktta "
            "62,5, känna igen 125 eller identifiera 250 bildpunkter per meter."
        ),
    )
    see_through: tuple[str, ...] = setting(
        ("roof", "carport", "canopy", "skärmtak", "carportar"),
        N_(
            "Värden i huslagret (building, use, kind, typ, ändamål) som inte skymmer, som skärmtak."
        ),
    )
    storey_m: float = setting(
        3.0,
        N_("Höjd per våning där huslagret bara anger våningar."),
        unit="m",
        minimum=2,
        maximum=6,
    )

    def distance_m(self, purpose: Purpose) -> float:
        """Return how far away a person is shown by the pixels that `purpose` takes, metres."""
        half = radians(self.field_of_view_deg / 2)
        return self.pixels / (2 * PIXELS_PER_M[purpose] * tan(half))

    def settled(self, cameras_reach_m: float) -> ViewOptions:
        """Return the same with `reach_m` as a number.

        Parameters
        ----------
        cameras_reach_m
            ``reach_m`` of ``[cameras]``.
        """
        if self.reach_m == "cameras":
            return replace(self, reach_m=cameras_reach_m)
        if self.reach_m == "lens":
            return replace(self, reach_m=self.distance_m(self.purpose))
        return self

    def metres(self) -> float:
        """Return the reach, metres.

        Raises
        ------
        SettingsError
            ``no_reach`` when it is 0 or less.
        ValueError
            If it is not settled: an error in the program.
        """
        if isinstance(self.reach_m, str):
            msg = "reach_m is not settled: call settled() first"
            raise ValueError(msg)
        if not self.reach_m > 0:
            raise SettingsError(
                Fault(
                    code="no_reach",
                    what=_("Räckvidden {value:g} m ger ingen vy.").format(value=self.reach_m),
                    where="[views] reach_m",
                    why=_("En kamera utan räckvidd ser ingenting."),
                    next_step=_("Ange en räckvidd över 0 m."),
                )
            )
        return self.reach_m

    def sector(self) -> float:
        """Return the angle of a fixed camera's sector, or of the whole turn, degrees."""
        return self.field_of_view_deg if self.camera == "fixed" else 360.0
