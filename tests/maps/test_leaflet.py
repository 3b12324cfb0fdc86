"""Leaflet comes from the machine and points nowhere else."""

from __future__ import annotations

import re
import subprocess
import sys

from maps import leaflet


def test_version_is_the_one_told():
    assert leaflet.script().startswith("/* @preserve\n * Leaflet " + leaflet.VERSION)


def test_nothing_points_out_of_the_page():
    assert "sourceMappingURL" not in leaflet.script()
    assert "</script" not in leaflet.script().lower()
    addresses = re.findall(r"url\(([^)]{5})", leaflet.style())
    assert addresses == ["data:"] * 3
    assert "@import" not in leaflet.style()


def test_django_is_not_needed():
    code = (
        "import sys; from maps import leaflet; leaflet.script(); sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
