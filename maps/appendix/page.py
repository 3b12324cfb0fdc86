"""The appendix as one page for screens: no script, nothing fetched, maps and tables numbered."""

from __future__ import annotations

import html
import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import singledispatchmethod
from typing import Final

from markupsafe import Markup

from maps.fonts import font_face
from maps.paper import (
    Beside,
    Block,
    Bullets,
    Contents,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Remark,
    Run,
    Table,
    Words,
    contents_title,
    headings,
    kind_names,
    runs,
)
from maps.pictures.svg import tag
from maps.sheet import render

NARROW: Final = 4
"""Columns that fit a phone."""

CALLED: Final = {"bullet": "ul", "number": "ol", "box": "ul"}


def appendix_html(paper: Paper) -> str:
    """Return a paper as one page that holds everything it shows.

    Parameters
    ----------
    paper
        From `maps.appendix.appendix_paper`.
    """
    writer = _Writer([one.text for one in headings(paper.blocks)])
    return render(
        "appendix.html",
        profile=paper.profile,
        title=paper.title,
        synthetic=paper.synthetic,
        styles=("appendix.css",),
        rules=font_face(_drawn(paper.blocks)),
        own_font=True,
        subtitle=paper.subtitle,
        foot=paper.footer,
        body=writer.blocks(paper.blocks),
    )


def _drawn(blocks: Sequence[Block]) -> str:
    """Return the letters of all drawings: their texts, and some that are none."""
    svgs = [block.svg for block in blocks if isinstance(block, Picture)]
    return html.unescape(re.sub(r"<[^>]*>", "", "".join(svgs))) + string.ascii_letters


@dataclass
class _Writer:
    """Writes blocks as elements, every text escaped; numbers are given in the order of reading."""

    headings: Sequence[str]
    numbers: Counter[str] = field(default_factory=Counter)

    def blocks(self, blocks: Sequence[Block]) -> Markup:
        return Markup("\n").join(self.block(block) for block in blocks)

    @singledispatchmethod
    def block(self, block: Block) -> Markup:
        msg = f"no way to show {type(block).__name__} on a page"
        raise TypeError(msg)

    @block.register
    def _heading(self, block: Heading) -> Markup:
        self.numbers["heading"] += 1
        return tag(f"h{block.level + 1}", block.text, id=f"k{self.numbers['heading']}")

    @block.register
    def _paragraph(self, block: Paragraph) -> Markup:
        return tag("p", _written(block.words), **({"class_": "small"} if block.small else {}))

    @block.register
    def _bullets(self, block: Bullets) -> Markup:
        items = [tag("li", _written(item)) for item in block.items]
        return tag(CALLED[block.mark], *items)

    @block.register
    def _remark(self, block: Remark) -> Markup:
        return tag("p", _written(block.words), class_=f"remark {block.kind}")

    @block.register
    def _facts(self, block: Facts) -> Markup:
        pairs = [
            part
            for name, words in block.pairs
            for part in (tag("dt", name), tag("dd", _written(words)))
        ]
        return tag("dl", *pairs, class_="facts")

    @block.register
    def _table(self, block: Table) -> Markup:
        caption = self._captioned("table", block.caption)
        heads = [
            tag("th", name, scope="col", **_side(place, block.left))
            for place, name in enumerate(block.header)
        ]
        body = []
        for number, row in enumerate(block.rows):
            first = tag("th", _written(row[0]), scope="row")
            rest = [
                tag("td", _written(cell), **_side(place, block.left))
                for place, cell in enumerate(row[1:], start=1)
            ]
            last = block.total and number == len(block.rows) - 1
            body.append(tag("tr", first, *rest, **({"class_": "total"} if last else {})))
        made = tag(
            "table",
            tag("caption", tag("span", caption)) if caption else Markup(),
            tag("thead", tag("tr", *heads)),
            tag("tbody", *body),
            **({"class_": "wide"} if len(block.header) > NARROW else {}),
        )
        scroll = tag("div", made, class_="scroll", tabindex="0", role="region", aria_label=caption)
        return tag("div", scroll, self._note(block.note), class_="block")

    @block.register
    def _picture(self, block: Picture) -> Markup:
        caption = self._captioned(block.kind, block.caption)
        drawing = Markup(block.svg)  # noqa: S704 (drawn by us, every text of data escaped there)
        parts = [tag("figcaption", caption)] if caption else []
        scroll = tag(
            "div", drawing, class_="drawing", tabindex="0", role="region", aria_label=caption
        )
        spoken = tag("p", block.alt, class_="alt")
        return tag("figure", *parts, scroll, self._note(block.note), spoken)

    @block.register
    def _beside(self, block: Beside) -> Markup:
        sides = [tag("div", self.blocks(side)) for side in (block.left, block.right)]
        return tag("div", *sides, class_="grid")

    @block.register
    def _contents(self, block: Contents) -> Markup:
        del block
        items = [
            tag("li", tag("a", text, href=f"#k{place}"))
            for place, text in enumerate(self.headings, start=1)
        ]
        title = contents_title()
        return tag("nav", tag("h2", title), tag("ol", *items), class_="toc", aria_label=title)

    def _captioned(self, kind: str, caption: str) -> str:
        if not caption:
            return ""
        self.numbers[kind] += 1
        return f"{kind_names()[kind]} {self.numbers[kind]}. {caption}"

    def _note(self, note: str) -> Markup:
        return tag("p", note, class_="small") if note else Markup()


def _side(place: int, left: int) -> dict[str, str]:
    return {"class_": "n"} if place >= left else {}


def _written(words: Words) -> Markup:
    return Markup().join(_run(run) for run in runs(words))


def _run(run: Run) -> Markup:
    made: Markup = Markup("<br>").join(run.text.split("\n"))
    if run.bold:
        made = tag("strong", made)
    if run.italic:
        made = tag("em", made)
    if run.soft:
        made = tag("span", made, class_="soft")
    return made
