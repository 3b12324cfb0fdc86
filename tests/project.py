"""Small projects for tests of the whole: an export as the police would give it, and a project file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

HEADER = "diarienr;brottsdag start;tid start;brottsdag slut;tid slut;brottskod;antal;gata;N;E\n"

PROJECT = """\
[project]
name = "Prov"
extract_date = 2025-01-01
[areas]
builtin = ["est", "regso"]
[[input]]
path = "{path}"
{extra}
"""


def row(number: int = 1, **cells: str) -> str:
    """Return one line of an export; cells by name replace the ordinary ones."""
    ordinary = {
        "case": f"5000-K{100000 + number}-24",
        "date": "2024-03-05",
        "time": "1405",
        "end_date": "",
        "end_time": "",
        "code": "5010",
        "count": "1",
        "street": "Provgatan 1",
        "n": "6495231",
        "e": "568941",
    }
    assert set(cells) <= set(ordinary)
    return ";".join({**ordinary, **cells}.values()) + "\n"


def good_rows(n: int = 39) -> str:
    """Return rows that are all in order, on three places, each day another."""
    return "".join(
        row(i, date=f"2024-{i % 12 + 1:02d}-{i % 28 + 1:02d}", e=str(568900 + 30 * (i % 3)))
        for i in range(n)
    )


def write_project(
    folder: Path, content: str | bytes, extra: str = "", name: str = "utdrag.csv"
) -> Path:
    """Write an export and a project file that names it; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    text = PROJECT.format(path=name, extra=extra)
    (folder / "lagesbild.toml").write_text(text, encoding="utf-8")
    return folder


def lagesbild(*arguments: str | Path, env: Mapping[str, str] | None = None) -> Result:
    """Run the command in this process; a traceback fails the test."""
    from scripts.cli import build

    result = CliRunner().invoke(build(), [str(a) for a in arguments], env=dict(env or {}))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def summary(*arguments: str | Path) -> tuple[int, dict]:
    """Run the command with ``--json``; return its exit code and what it says."""
    result = lagesbild(*arguments, "--json")
    return result.exit_code, json.loads(result.stdout)
