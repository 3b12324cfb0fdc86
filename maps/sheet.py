"""What the text pages share: look, marking, bars, and a policy that lets nothing in or out."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files

import jinja2
from markupsafe import Markup

from geodata.disclosure import Profile, marking
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import language, number, percent


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart.

    Attributes
    ----------
    name
        What is counted, as people read it.
    n
        How many.
    share
        Of all, 0–1; what is printed.
    length
        Of the longest bar, 0–1; what is drawn.
    """

    name: str
    n: int
    share: float
    length: float


def bars(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    """Return counts as bars, most common first, zeros left out.

    Parameters
    ----------
    counts
        Code of `geodata.labels` → how many; equal counts keep their order.
    """
    total, longest = sum(counts.values()), max(counts.values(), default=0)
    ordered = sorted((item for item in counts.items() if item[1]), key=lambda item: -item[1])
    return tuple(Bar(label(code), n, n / total, n / longest) for code, n in ordered)


def share_text(share: float) -> str:
    """Return a share as whole percent that never makes some of it none, or not all of it all."""
    if 0 < share < 0.01:
        return "<\u00a0" + percent(0.01)
    if 0.99 < share < 1:
        return ">\u00a0" + percent(0.99)
    return percent(share)


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("maps", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "_": _,
        "number": number,
        "percent": percent,
        "share_text": share_text,
        "label": label,
        "zip": partial(zip, strict=True),
    }
    return environment


def render(
    template: str,
    *,
    profile: Profile,
    title: str,
    synthetic: bool,
    styles: tuple[str, ...] = (),
    rules: str = "",
    own_font: bool = False,
    **facts: object,
) -> str:
    """Fill in a template that extends ``sheet.html``.

    Every text is escaped; the page has no script, and its policy allows nothing but its own style.

    Parameters
    ----------
    template
        File in ``maps/templates``.
    profile
        Whom the page is for; printed at the top and on every printed page.
    title
        Heading and window title.
    synthetic
        The data are made up; said beside the marking.
    styles
        Further style files in ``maps/templates``, after ``sheet.css``.
    rules
        Style that depends on the page; never from data.
    own_font
        Whether `rules` bring a font (`maps.fonts.font_face`), which the policy then allows.
    **facts
        What the template names.
    """
    folder = files("maps") / "templates"
    style = "".join((folder / name).read_text("utf-8") for name in ("sheet.css", *styles)) + rules
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        f"{'font-src data:; ' if own_font else ''}"
        "base-uri 'none'; form-action 'none'"
    )
    page = _templates().get_template(template)
    return page.render(
        language=language(),
        policy=policy,
        style=Markup(style),  # noqa: S704 (our own file, nothing from data)
        profile=profile,
        marking=marking(profile),
        title=title,
        synthetic=synthetic,
        **facts,
    )
