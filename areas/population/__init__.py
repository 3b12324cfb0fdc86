"""Who lives where: inhabitants of statistical zones, brought over to areas with other borders."""

from areas.population.apportion import Inhabitants
from areas.population.reading import Population, read_population

__all__ = ["Inhabitants", "Population", "read_population"]
