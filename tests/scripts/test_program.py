"""The command as a process of its own: all it says is out, and its code is right, when it ends."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """Start the command with its output in pipes."""
    command = [sys.executable, "-m", "scripts.cli", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["--help"], 0, id="well"),
        pytest.param(["run", "there is none", "--json"], 2, id="fault in the settings"),
        pytest.param(["no verb"], 2, id="click's own fault"),
    ],
)
def test_the_code_and_every_word_come_through(arguments: list[str], code: int) -> None:
    process = started(*arguments)
    out, errors = process.communicate()
    assert process.returncode == code
    assert (out + errors).endswith(b"\n")
    if "--json" in arguments:
        assert json.loads(out)["exit_code"] == code


def test_a_reader_that_leaves_makes_no_noise() -> None:
    process = started("--help")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert b"Traceback" not in errors
