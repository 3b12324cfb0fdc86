"""Who lives where: inhabitants of statistical zones, brought over to areas with other borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.lazily import lazily

if TYPE_CHECKING:
    from areas.population.apportion import Inhabitants
    from areas.population.reading import Population, read_population
else:
    __getattr__ = lazily(
        __name__,
        {
            "Inhabitants": "apportion",
            "Population": "reading",
            "read_population": "reading",
        },
    )

__all__ = ["Inhabitants", "Population", "read_population"]
