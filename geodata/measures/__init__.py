"""The project's one table of measures: cameras, dog searches, lighting, guards, and all others.

A list is CSV, XLSX or a layer with a row a measure. It is short and somebody's own, so a row that
can't be understood stops the work rather than being left out.
"""

from geodata.measures.kinds import Sign, kind_name, measure_kinds, measure_signs
from geodata.measures.reading import Measures, read_measures

__all__ = ["Measures", "Sign", "kind_name", "measure_kinds", "measure_signs", "read_measures"]
