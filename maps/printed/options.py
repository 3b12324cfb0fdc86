"""``[print]``: static maps."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.language import N_
from geodata.options import setting


@dataclass(frozen=True)
class PrintOptions:
    """``[print]``: static maps."""

    dpi: int = setting(
        300,
        N_("Punkter per tum i PNG-bilder; fler ger skarpare bild och större fil."),
        minimum=72,
        maximum=600,
    )
    classes: int = setting(
        5,
        N_("Flest klasser på en tryckt karta; fler är svårare att skilja i gråskala."),
        minimum=2,
        maximum=6,
    )
    street_names: bool = setting(
        True, N_("Om gator får namn på kartor i skala 1:6 000 och större.")
    )
