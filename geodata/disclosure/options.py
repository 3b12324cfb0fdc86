"""The profiles, their limits, and the words that stand on every output."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from typing import Final, Literal, get_args

from geodata.language import N_, number
from geodata.language import gettext as _
from geodata.options import default_of, setting

Profile = Literal["intern", "samverkan", "publik"]
PROFILES: Final[tuple[Profile, ...]] = get_args(Profile)


@dataclass(frozen=True)
class DisclosureOptions:
    """``[disclosure]``: how far small counts are hidden. Weaker than the default is printed."""

    min_count_samverkan: int = setting(
        3,
        N_(
            "Minsta antal som visas i samverkan; ett högre tal döljer mer. Lägre än förvalet "
            "skrivs ut på allt."
        ),
        minimum=2,
    )
    min_count_publik: int = setting(
        5,
        N_(
            "Minsta antal som visas publikt; ett högre tal döljer mer. Lägre än förvalet skrivs "
            "ut på allt."
        ),
        minimum=2,
    )
    min_cell_m_samverkan: float = setting(
        100.0,
        N_(
            "Minsta ruta som visas i samverkan; större är säkrare. Mindre än förvalet skrivs ut "
            "på allt."
        ),
        unit="m",
        minimum=50,
    )
    min_cell_m_publik: float = setting(
        250.0,
        N_(
            "Minsta ruta som visas publikt; större är säkrare. Mindre än förvalet skrivs ut "
            "på allt."
        ),
        unit="m",
        minimum=100,
    )
    earlier: tuple[str, ...] = setting(
        (),
        N_(
            "Tidigare utgåvor som läsaren kan ha: mappar eller filer published.json. Det som står "
            "i dem räknas som känt när små tal döljs."
        ),
    )

    def least(self, profile: Profile) -> int:
        """Return the least count that a profile shows; 1 for ``intern``."""
        counts = {"samverkan": self.min_count_samverkan, "publik": self.min_count_publik}
        return counts.get(profile, 1)

    def least_cell_m(self, profile: Profile) -> float:
        """Return the least side of a cell that a profile shows, metres; 0 for ``intern``."""
        cells = {"samverkan": self.min_cell_m_samverkan, "publik": self.min_cell_m_publik}
        return cells.get(profile, 0.0)


_IN_FORCE: ContextVar[DisclosureOptions | None] = ContextVar("disclosure_options", default=None)


@contextmanager
def in_force(options: DisclosureOptions) -> Iterator[None]:
    """Let `marking` know the limits of a run, so that weaker ones stand on all that it makes."""
    token = _IN_FORCE.set(options)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def weaker(profile: Profile, options: DisclosureOptions) -> tuple[str, ...]:
    """Return the limits of a profile that are weaker than the defaults, in words; often none."""
    defaults = {f.name: default_of(f) for f in fields(DisclosureOptions)}
    told = []
    count, cell = options.least(profile), options.least_cell_m(profile)
    if profile != "intern" and count < defaults[f"min_count_{profile}"]:
        told.append(
            _("Svagare skydd än förvalt: antal från {n} visas (förval {default}).").format(
                n=number(count), default=number(defaults[f"min_count_{profile}"])
            )
        )
    if profile != "intern" and cell < defaults[f"min_cell_m_{profile}"]:
        told.append(
            _("Svagare skydd än förvalt: rutor från {n} m visas (förval {default} m).").format(
                n=number(cell), default=number(defaults[f"min_cell_m_{profile}"])
            )
        )
    return tuple(told)


def marking(profile: Profile) -> str:
    """Return the words that stand on every output of a profile.

    Within `in_force`, limits weaker than the defaults stand there too.
    """
    texts = {
        "intern": _("INTERN – SEKRETESSPRÖVAS"),
        "samverkan": _("SAMVERKAN – endast för EST-gruppen"),
        "publik": _("PUBLIK"),
    }
    options = _IN_FORCE.get()
    told = weaker(profile, options) if options is not None else ()
    return " – ".join([texts[profile], *(text.rstrip(".") for text in told)])
