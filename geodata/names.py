"""Names of files and folders that a project has unless it says otherwise."""

from __future__ import annotations

from typing import Final

PROJECT_FILE: Final = "lagesbild.toml"
STORE_FOLDER: Final = "lager"
