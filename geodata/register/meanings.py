"""What the cells of a register mean, column by column; what isn't known becomes an issue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.register.columns import SPACE_PREFIX, Cells
from geodata.register.issues import Issues
from geodata.register.words import joined, read_spaces, read_word
from geodata.search_tables import REGISTER, SPACES


def text(cells: Cells, target: str) -> pd.Series[Any]:
    """Return a column as text, missing where empty."""
    values = pd.Series(cells.texts(target), dtype="str")
    return values.mask(values == "")


def distinct_texts(texts: Sequence[str]) -> tuple[NDArray[np.int64], list[str]]:
    """Return for each text the number of its distinct text, and these in order met."""
    codes, found = pd.factorize(np.array(texts, dtype=object))
    return codes, list(found)


def tenure(cells: Cells, issues: Issues) -> pd.Categorical[Any]:
    """Return the tenure of each entrance, ``unknown`` where no word is known."""
    codes, found = distinct_texts(cells.texts("tenure"))
    values = [read_word(text, "tenure") for text in found]
    for at, (text, value) in enumerate(zip(found, values, strict=True)):
        if text and value is None:
            issues.add("unknown_tenure", np.flatnonzero(codes == at), text)
    told = np.array([value or "unknown" for value in values], dtype=object)[codes]
    return schema.category(told, "register", "tenure", tables=REGISTER)


def dwellings(cells: Cells, issues: Issues) -> pd.api.extensions.ExtensionArray:
    """Return dwellings as whole numbers, missing where they can't be read."""
    codes, found = distinct_texts(cells.texts("dwellings"))
    values: list[int | None] = []
    for at, text in enumerate(found):
        plain = "".join(text.split())
        values.append(int(plain) if plain.isdecimal() else None)
        if text and values[-1] is None:
            issues.add("unreadable_number", np.flatnonzero(codes == at), text)
    return pd.array(np.array(values, dtype=object)[codes], dtype="Int64")


def spaces(cells: Cells, issues: Issues) -> pd.Series[Any]:
    """Return the spaces of each entrance, from the list and from columns with marks."""
    codes, found = distinct_texts(cells.texts("spaces"))
    lists = []
    for at, text in enumerate(found):
        spaces, unknown = read_spaces(text)
        lists.append(";".join(spaces))
        if unknown:
            issues.add("unknown_space", np.flatnonzero(codes == at), ", ".join(unknown))
    values = pd.Series(np.array(lists, dtype=object)[codes], dtype="str")
    marked = {
        space: np.array([read_word(t, "yes") == "yes" for t in cells.texts(SPACE_PREFIX + space)])
        for space in SPACES
        if SPACE_PREFIX + space in cells.of
    }
    if not marked:
        return values
    both = [
        joined([*text.split(";"), *(space for space, marks in marked.items() if marks[i])])
        for i, text in enumerate(values)
    ]
    return pd.Series(both, dtype="str")


def scope(cells: Cells, spaces: pd.Series[Any], issues: Issues) -> pd.Series[Any]:
    """Return the spaces that each consent covers; ”alla” is all that the entrance has."""
    texts = pd.MultiIndex.from_arrays([cells.texts("consent_spaces"), spaces])
    codes, pairs = pd.factorize(texts)
    found = []
    for at, (text, own) in enumerate(pairs):
        covered, unknown = read_spaces(text, every=own.split(";") if own else SPACES)
        found.append(";".join(covered))
        if unknown:
            issues.add("unknown_space", np.flatnonzero(codes == at), ", ".join(unknown))
    return pd.Series(np.array(found, dtype=object)[codes], dtype="str")
