"""A seeded synthetic Norrköping: a town, its reports with planted hot spots, and a project file.

Everything is made up. `write_demo` writes the demo project; `big_export` writes export files of any
length for benchmarks.
"""

from geodata.synthetic.big import big_export
from geodata.synthetic.demo import DemoFiles, write_demo

__all__ = ["DemoFiles", "big_export", "write_demo"]
