"""The settings of a density surface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geodata.errors import Fault, SettingsError
from geodata.language import N_
from geodata.language import gettext as _
from geodata.options import setting

Kernel = Literal["quartic", "gaussian"]


@dataclass(frozen=True, kw_only=True)
class KdeOptions:
    """How far each event is spread, and on what grid.

    The bandwidth is the radius of the quartic kernel and the standard deviation of the Gaussian
    one; a Gaussian of ``bandwidth_m / √8`` spreads as much as a quartic one of ``bandwidth_m``.
    """

    kernel: Kernel = setting(
        "quartic",
        N_("Hur en händelse sprids: ”quartic” slutar vid bandbredden, ”gaussian” når längre."),
    )
    bandwidth_m: float = setting(
        200.0,
        N_("Bandbredd. Större värde ger en slätare och flackare bild."),
        unit="m",
        minimum=10,
        maximum=5000,
    )
    bandwidth: Literal["fixed", "likelihood"] = setting(
        "fixed",
        N_(
            "”fixed” tar bandwidth_m. ”likelihood” väljer den bandbredd som bäst förutsäger varje "
            "plats ur de övriga, och säger vilken."
        ),
    )
    bandwidth_low_m: float = setting(
        75.0,
        N_("Minsta bandbredd som prövas när den ska väljas."),
        unit="m",
        minimum=10,
        maximum=5000,
    )
    bandwidth_high_m: float = setting(
        1000.0,
        N_("Största bandbredd som prövas när den ska väljas."),
        unit="m",
        minimum=10,
        maximum=5000,
    )
    cell_size_m: float = setting(
        50.0,
        N_("Rutans sida. Mindre ger en finare bild, inte mer kunskap."),
        unit="m",
        minimum=5,
        maximum=1000,
    )


def check_options(options: KdeOptions) -> None:
    """Raise ``SettingsError`` for settings that each may be but don't go together."""
    smallest = options.bandwidth_m if options.bandwidth == "fixed" else options.bandwidth_low_m
    if smallest < options.cell_size_m:
        raise SettingsError(
            Fault(
                code="bandwidth_below_cell",
                what=_("Bandbredden {bandwidth:g} m är mindre än rutans sida {cell:g} m.").format(
                    bandwidth=smallest, cell=options.cell_size_m
                ),
                why=_("Då hamnar händelser mellan rutornas mitt och syns inte."),
                next_step=_("Välj en bandbredd på minst {least:g} m, eller mindre rutor.").format(
                    least=2 * options.cell_size_m
                ),
            )
        )
    if options.bandwidth == "likelihood" and options.bandwidth_low_m >= options.bandwidth_high_m:
        raise SettingsError(
            Fault(
                code="bandwidth_range",
                what=_(
                    "Minsta bandbredd {low:g} m är inte mindre än den största {high:g} m."
                ).format(low=options.bandwidth_low_m, high=options.bandwidth_high_m),
                next_step=_("Ändra bandwidth_low_m eller bandwidth_high_m."),
            )
        )
