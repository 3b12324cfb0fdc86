"""What all tests share: the real data folder and a clean language."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from geodata import language

# One profile everywhere: a shared machine is slow now and then, and that is no fault of the code.
settings.register_profile(
    "lagesbild", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("lagesbild")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real data, or skip the test where it isn't at hand."""
    named = os.environ.get("LAGESBILD_DATA")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real data is not at hand: {folder} (set LAGESBILD_DATA)")
    return folder


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a smaller demo town, made once: copy it before anything is run in it."""
    from areas.boundaries import builtin_areas
    from geodata.schema import DEFAULT_CRS
    from geodata.synthetic import write_demo

    folder = tmp_path_factory.mktemp("small") / "demo"
    with language.using("sv"):
        write_demo(folder, areas=builtin_areas(("est", "regso"), DEFAULT_CRS), n_events=3000)
    return folder


@pytest.fixture(autouse=True)
def _swedish():
    with language.using("sv"):
        yield
