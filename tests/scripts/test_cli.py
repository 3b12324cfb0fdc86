"""The command as a user meets it: help, new, check, run, exit codes, JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import HEADER, good_rows, lagesbild, row, summary, write_project

HEAVY = ("pandas", "geopandas", "numpy", "sklearn", "folium", "shapely", "pyarrow", "babel")


def test_help_is_swedish_and_english_on_request() -> None:
    assert "Kör allt" in run_command("--help")
    assert "Användning:" in run_command("--help")
    assert "Usage:" in run_command("--help", "--language", "en")


def run_command(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.cli", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return done.stdout


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, scripts.cli as c\n"
        "try: c.main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stderr.strip() == "[]"


def test_new_guesses_the_columns_and_check_then_reads_them(tmp_path: Path) -> None:
    export = tmp_path / "utdrag.csv"
    export.write_text(HEADER + good_rows(), encoding="utf-8")
    result = lagesbild("new", tmp_path / "projekt", "--export", export)
    assert result.exit_code == 0
    text = (tmp_path / "projekt" / "lagesbild.toml").read_text(encoding="utf-8")
    assert 'date = "brottsdag start"' in text
    code, said = summary("check", tmp_path / "projekt")
    assert code == 0
    assert said["report"]["totals"]["rows_kept"] == 39


def test_new_never_overwrites_a_project(tmp_path: Path) -> None:
    assert lagesbild("new", tmp_path).exit_code == 0
    before = (tmp_path / "lagesbild.toml").read_bytes()
    assert lagesbild("new", tmp_path).exit_code == 3
    assert (tmp_path / "lagesbild.toml").read_bytes() == before


def test_new_leaves_columns_of_persons_out(tmp_path: Path) -> None:
    export = tmp_path / "utdrag.csv"
    named = HEADER.strip() + ";misstänkt\n" + row(1).strip() + ";N N\n"
    export.write_text(named, encoding="utf-8")
    assert lagesbild("new", tmp_path / "p", "--export", export).exit_code == 0
    assert 'ignore = ["misstänkt"]' in (tmp_path / "p" / "lagesbild.toml").read_text("utf-8")
    assert summary("check", tmp_path / "p")[0] == 0


def test_check_writes_nothing(tmp_path: Path) -> None:
    folder = write_project(tmp_path, HEADER + good_rows())
    before = sorted(folder.rglob("*"))
    result = lagesbild("check", folder, "--set", "hotspots.eps_m=100")
    assert result.exit_code == 0
    assert sorted(folder.rglob("*")) == before
    assert "* eps_m = 100.0 m" in result.output
    assert "75" in result.output


def test_too_few_events_is_an_answer_not_an_error(tmp_path: Path) -> None:
    folder = write_project(tmp_path, HEADER + row(1) + row(2, e="569500"))
    result = lagesbild("run", folder)
    assert result.exit_code in (0, 4)
    assert "Inga hot spots enligt valda gränser" in result.output


def test_run_leaves_the_files_it_names(tmp_path: Path) -> None:
    folder = write_project(
        tmp_path,
        HEADER + good_rows() + row(99, n=""),
        '[output]\nformats = ["gpkg", "parquet", "csv", "xlsx"]',
    )
    code, said = summary("run", folder)
    assert code in (0, 4)
    made = Path(said["folder"])
    paths = (path for path in made.rglob("*") if path.is_file())
    assert sorted(p.relative_to(made).as_posix() for p in paths) == said["files"]
    for name in (
        "karta.html", "importrapport.html", "importrapport.json", "rejected.csv", "results.gpkg",
        "results.xlsx", "incidents.parquet", "hotspots.csv", "run.json", "index.html",
    ):  # fmt: skip
        assert (made / name).stat().st_size > 0
    manifest = json.loads((made / "run.json").read_text(encoding="utf-8"))
    assert manifest["rows"] == said["rows"]
    assert Path(said["start_page"]).is_file()


def test_rejected_rows_can_be_corrected_and_read_again(tmp_path: Path) -> None:
    folder = write_project(tmp_path / "a", HEADER + good_rows() + row(99, n="", street="=Gatan 7"))
    _, said = summary("run", folder)
    rejected = (Path(said["folder"]) / "rejected.csv").read_text(encoding="utf-8-sig")
    lines = rejected.splitlines()
    assert len(lines) == 2
    cells = dict(zip(lines[0].split(";"), lines[1].split(";"), strict=True))
    assert cells["lagesbild_row"] == "41"
    cells["N"] = "6495231"
    again = ";".join(cells) + "\n" + ";".join(cells.values()) + "\n"
    code, said = summary("check", write_project(tmp_path / "b", again))
    assert code == 0, said
    assert said["report"]["totals"]["rows_kept"] == 1


@pytest.mark.parametrize("profile", ["samverkan", "publik"])
def test_other_profiles_leave_nothing_of_single_events(tmp_path: Path, profile: str) -> None:
    street = "Hemligagatan 17"
    folder = write_project(
        tmp_path,
        HEADER
        + "".join(row(i, street=street, date=f"2024-03-{i % 28 + 1:02d}") for i in range(60)),
        '[output]\nformats = ["gpkg", "parquet", "csv", "xlsx"]',
    )
    code, said = summary("run", folder, "--set", f"project.profile={profile}")
    assert code in (0, 4)
    for path in Path(said["folder"]).iterdir():
        data = path.read_bytes()
        for trace in (street, "5000-K100", "568941"):
            assert trace.encode() not in data, f"{trace} in {path.name}"


def test_the_same_run_twice_gives_the_same_tables_whatever_the_order(tmp_path: Path) -> None:
    lines = good_rows(200).splitlines(keepends=True)
    made = []
    for name, rows in (("a", lines), ("b", lines), ("c", lines[::-1])):
        folder = write_project(
            tmp_path / name,
            HEADER + "".join(rows),
            '[output]\nformats = ["gpkg", "csv"]\n[hotspots]\nmin_quarters_per_year = 0',
        )
        _, said = summary("run", folder)
        made.append(Path(said["folder"]))
    for name in ("results.gpkg", "hotspots.csv", "grid.csv", "places.csv", "karta.html"):
        assert (made[0] / name).read_bytes() == (made[1] / name).read_bytes(), name
    for name in ("hotspots.csv", "grid.csv", "places.csv", "camera_sites.csv", "search_sites.csv"):
        assert (made[0] / name).read_bytes() == (made[2] / name).read_bytes(), name


def test_new_suggests_what_the_texts_of_a_column_mean(tmp_path: Path) -> None:
    header = HEADER.strip() + ";brottsplatstyp\n"
    kinds = ["Gata, torg", "Trapphus, källare i flerbostadshus", "Månen"]
    rows = "".join(row(i).strip() + f";{kind}\n" for i, kind in enumerate(kinds))
    export = tmp_path / "utdrag.csv"
    export.write_text(header + rows, encoding="utf-8")
    assert lagesbild("new", tmp_path / "p", "--export", export).exit_code == 0
    text = (tmp_path / "p" / "lagesbild.toml").read_text(encoding="utf-8")
    assert '"Gata, torg" = "public"' in text
    assert '"Trapphus, källare i flerbostadshus" = "residential_common"' in text
    assert '"Månen" = "unknown"' in text
    assert 'source = "police"' in text
    code, said = summary("check", tmp_path / "p")
    assert code == 0
    assert said["report"]["counts"]["space_type"]["public"] == 1
