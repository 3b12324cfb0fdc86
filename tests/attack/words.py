"""Words, times and numbers in produced files that point at an event, a person or a lot."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from tests.attack.opening import Opened, strings

ISO_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)")
SHORT_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
WORD_DATE = re.compile(rf"(?<!\d)(\d{{1,2}}) ({'|'.join(MONTHS)}) ((?:19|20)\d\d)", re.IGNORECASE)
CLOCK = re.compile(
    r"(?<![\d:.,-])([01]?\d|2[0-3])[:.]([0-5]\d)(?::[0-5]\d)?(?![\d:.,%]| %|\u00a0%|[ \u00a0\u202f]000)"
)
HOURS = re.compile(r"(?:kl(?:ockan|\.)?|T)\s?([01]\d|2[0-3])[:.]?([0-5]\d)\b")
CASE = re.compile(r"(?<![\w-])\d{4}-K\d{3,7}-\d{2}(?!\d)")
SEED = re.compile(r"(?:seed|startvärde|slumpfrö)\W{0,4}(\d+)", re.IGNORECASE)
PERSON = re.compile(r"(?<!\d)(?:19|20)?\d{6}[-+]\d{4}(?!\d)")
PHONE = re.compile(r"(?<![\d-])07[02369][\s-]?(?:\d[\s-]?){6}\d(?!\d)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
LEAST = 5
"""Signs of the shortest text that is looked for; shorter ones stand everywhere."""
QUARTER_STARTS = (1, 4, 7, 10)
MANIFEST_TIMES = re.compile(r"run\.json.*\.times\.|docProps|\((?:info|xmp)\)|run\.json:\.times")


class Plain:
    """All text of opened files as one, in small letters, ready to be searched for many words."""

    def __init__(self, opened: Opened) -> None:
        own = dict.fromkeys((where, _plain(text)) for where, text in [*opened.raw, *opened.texts])
        self.pieces = list(own)
        self.starts = np.cumsum([0, *(len(text) + 1 for _where, text in self.pieces)])
        self.whole = "\x00".join(text for _where, text in self.pieces)
        signs = np.frombuffer(self.whole.encode("utf-32-le", "replace"), dtype=np.uint32)
        signs = signs.astype(np.uint64)
        n = max(len(signs) - LEAST + 1, 0)
        self.keys = np.zeros(n, dtype=np.uint64)
        for i in range(LEAST):
            self.keys += signs[i : n + i] << np.uint64(12 * i)
        self.packed = list(_packed_addresses(opened))

    def standing(self, wanted: list[str]) -> Iterator[tuple[int, str]]:
        """Give where a wanted text stands: thousands are looked for by their first five signs."""
        by_key: dict[int, list[str]] = {}
        for secret in wanted:
            key = sum(ord(sign) << (12 * i) for i, sign in enumerate(secret[:LEAST])) % 2**64
            by_key.setdefault(key, []).append(secret)
        for at in np.flatnonzero(np.isin(self.keys, np.array(list(by_key), dtype=np.uint64))):
            for secret in by_key[int(self.keys[at])]:
                if self.whole.startswith(secret, int(at)):
                    yield int(at), secret


def exact(plain: Plain, secrets: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give each secret text that stands anywhere in the files, in any case of letters."""
    wanted = sorted({_plain(s) for s in secrets if len(s) >= LEAST})
    if not wanted:
        return
    found: set[str] = set()
    for at, secret in plain.standing(wanted):
        if secret not in found and not _longer(plain.whole, at, len(secret)):
            found.add(secret)
            piece = int(np.searchsorted(plain.starts, at, side="right")) - 1
            yield plain.pieces[piece][0], secret
    for where, packed in plain.packed:
        for hit in sorted(set(wanted) & {_plain(p) for p in packed}):
            yield f"{where} (packed)", hit


def _plain(text: str) -> str:
    """Return a text as it is looked for: entities and odd spaces undone, small letters."""
    if "&" in text:
        text = html.unescape(text)
    return text.replace("\u00a0", " ").replace("\u202f", " ").lower()


def _longer(text: str, at: int, size: int) -> bool:
    """Return whether what was found goes on as a longer number: ”Storgatan 1” in ”Storgatan 12”."""
    after = text[at + size : at + size + 1]
    return after.isdigit() and text[at + size - 1].isdigit()


def _packed_addresses(opened: Opened) -> Iterator[tuple[str, list[str]]]:
    """Give addresses packed as streets and house numbers, by the page's own codec."""
    for where, value in opened.values:
        for key, one in _dicts(value):
            if {"streets", "which", "houses"} <= set(one):
                joined = []
                for street, house in zip(one["which"], one["houses"], strict=True):
                    if street >= 0:
                        name = one["streets"][street]
                        joined.append(f"{name} {house}" if house != 0 else name)
                yield f"{where}{key}", joined


def _dicts(value: Any, key: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield key, value
        for name, inner in value.items():
            yield from _dicts(inner, f"{key}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _dicts(inner, key)


def case_numbers(opened: Opened) -> Iterator[tuple[str, str]]:
    """Give whatever looks like a case number."""
    for where, text in [*opened.texts, *opened.raw]:
        for found in CASE.finditer(text):
            yield where, found.group()


def persons(opened: Opened) -> Iterator[tuple[str, str]]:
    """Give personal numbers, phone numbers and addresses of mail."""
    for where, text in opened.texts:
        for pattern in (PERSON, PHONE, MAIL):
            for found in pattern.finditer(text):
                yield where, found.group()


def seeds(opened: Opened, known: Iterable[int]) -> Iterator[tuple[str, str]]:
    """Give seeds: by their name, or by their value where it is no common number."""
    rare = {one for one in known if one > 10_000}
    for where, value in opened.values:
        for key, number in _numbers(value):
            if "seed" in key.lower() or number in rare:
                yield f"{where}{key}", str(number)
    for where, text in opened.texts:
        for found in SEED.finditer(text):
            yield where, found.group(1)


def _numbers(value: Any, key: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _numbers(inner, f"{key}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _numbers(inner, key)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield key, value


def days(
    opened: Opened, *, first: date, last: date, allowed: Iterable[date]
) -> Iterator[tuple[str, str]]:
    """Give every day within the data that is no edge of a quarter and not allowed."""
    free = {*allowed, *_edges(first, last)}

    def secret(found: date | None) -> bool:
        return found is not None and first <= found <= last and found not in free

    for where, text in opened.texts:
        if not MANIFEST_TIMES.search(where):
            for told, found in _dates(text):
                if secret(found):
                    yield where, told
    for where, value in opened.values:
        yield from _packed_days(where, value, first, last)
        yield from _seconds(where, value, first, last)


def _seconds(where: str, value: Any, first: date, last: date) -> Iterator[tuple[str, str]]:
    """Give moments told as seconds since 1970, or as thousandths or millionths of them."""
    for key, number in _numbers(value):
        for unit in (1, 1000, 1_000_000):
            seconds = number / unit
            if 8e8 < seconds < 4e9 and float(number).is_integer():
                when = date(1970, 1, 1) + timedelta(seconds=seconds)
                if first <= when <= last:
                    yield f"{where}{key}", f"seconds since 1970: {number}"


def _packed_days(where: str, value: Any, first: date, last: date) -> Iterator[tuple[str, str]]:
    """Give days packed by the page's own codec: days after a day counted from 1970."""
    for key, one in _dicts(value):
        base = one.get("base")
        if isinstance(base, int) and isinstance(one.get("values"), list):
            start = date(1970, 1, 1) + timedelta(days=base)
            if first <= start <= last:
                yield f"{where}{key}", f"packed days from {start}"


def _dates(text: str) -> Iterator[tuple[str, date | None]]:
    """Give every date of a text as it stands, and read."""
    for pattern in (ISO_DATE, SHORT_DATE):
        for found in pattern.finditer(text):
            year, month, day = (int(part) for part in found.groups())
            yield found.group(), _date(year, month, day)
    for found in WORD_DATE.finditer(text):
        month = MONTHS.index(found.group(2).lower()) + 1
        yield found.group(), _date(int(found.group(3)), month, int(found.group(1)))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _edges(first: date, last: date) -> set[date]:
    edges = set()
    for year in range(first.year, last.year + 2):
        for month in QUARTER_STARTS:
            edges |= {date(year, month, 1), date(year, month, 1) - timedelta(days=1)}
    return edges


def clocks(opened: Opened) -> Iterator[tuple[str, str]]:
    """Give every clock time that a reader is told."""
    for where, text in opened.texts:
        if MANIFEST_TIMES.search(where):
            continue
        for pattern in (CLOCK, HOURS):
            for found in pattern.finditer(text):
                if pattern is CLOCK and "." in found.group() and ":" not in found.group():
                    continue  # a decimal number in English, or a version
                if found.group() != "T00:00":  # the stamp of a day, told as its midnight
                    yield where, found.group()


__all__ = ["case_numbers", "clocks", "days", "exact", "persons", "seeds", "strings"]
