"""Packages that import what they offer when it is first asked for (PEP 562).

Settings stand beside what they set, so reading a project file would else import the whole toolkit,
of which a run may need a part only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def lazily(package: str, modules: Mapping[str, str]) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a package.

    Parameters
    ----------
    package
        Its name.
    modules
        Each name that it offers → the module of the package in which it stands.
    """

    def load(name: str) -> object:
        if name not in modules:
            msg = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(msg)
        found: object = getattr(import_module(f"{package}.{modules[name]}"), name)
        setattr(sys.modules[package], name, found)  # it is asked for once only
        return found

    return load
