from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from geodata.errors import OutputError
from geodata.files import manifest as manifest_module
from geodata.files import runfolder
from geodata.files.latest import LATEST
from geodata.files.manifest import MANIFEST, Manifest, outputs, plain, versions, write_manifest
from geodata.files.options import OutputOptions
from geodata.files.runfolder import RunFolder, run_name

ROOT = Path(__file__).parents[2]


def good(path: Path, text: str = "1") -> None:
    (path / "deep").mkdir()
    (path / "deep" / "a.txt").write_text(text, encoding="utf-8")
    (path / "index.html").write_text("<p>", encoding="utf-8")
    (path / MANIFEST).write_text('{"program": "lagesbild"}', encoding="utf-8")


def run(base: Path, name: str, **options: object) -> Path:
    with RunFolder(base, name, **options) as folder:
        good(folder.path)
    return folder.final


def seen(base: Path) -> list[str]:
    return sorted(p.name for p in base.iterdir() if p.name != ".las")


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for key, value in attrs if key == "href" and value]


def latest(base: Path) -> str:
    links = Links()
    links.feed((base / LATEST).read_text("utf-8"))
    return links.found[0]


def test_a_name_sorts_by_time_and_is_allowed_on_windows() -> None:
    assert run_name(datetime(2025, 1, 31, 14, 15, 2)) == "2025-01-31_141502"


def test_it_appears_whole_when_done_and_not_before(tmp_path: Path) -> None:
    base = tmp_path / "a" / "resultat"
    with RunFolder(base, "r1") as folder:
        good(folder.path)
        assert seen(base) == [".skrivs-r1"]
    assert seen(base) == ["r1", LATEST]
    assert (folder.final / "deep" / "a.txt").read_text() == "1"
    assert latest(base) == "r1/index.html"
    assert (base / latest(base)).is_file()


def test_an_error_leaves_nothing_and_passes_on(tmp_path: Path) -> None:
    run(tmp_path, "r1")
    with pytest.raises(ZeroDivisionError), RunFolder(tmp_path, "r2") as folder:
        _ = good(folder.path) or 1 / 0
    assert seen(tmp_path) == ["r1", LATEST]
    assert latest(tmp_path) == "r1/index.html"


def test_old_runs_go_and_nothing_else_does(tmp_path: Path) -> None:
    (tmp_path / "anteckningar").mkdir()
    (tmp_path / "2019-01-01_000000").mkdir()  # no manifest: not ours
    foreign = tmp_path / "2018-01-01_000000"
    foreign.mkdir()
    (foreign / MANIFEST).write_text('{"program": "annat"}')
    broken = tmp_path / "2017-01-01_000000"
    broken.mkdir()
    (broken / MANIFEST).write_text("{")
    for day in range(1, 6):
        run(tmp_path, f"2025-01-0{day}_120000", keep=2)
    kept = {"anteckningar", "2019-01-01_000000", "2018-01-01_000000", "2017-01-01_000000"}
    assert set(seen(tmp_path)) == kept | {"2025-01-04_120000", "2025-01-05_120000", LATEST}


def test_the_run_just_made_stays_even_if_the_clock_went_back(tmp_path: Path) -> None:
    run(tmp_path, "2025-06-01_120000", keep=1)
    final = run(tmp_path, "2020-01-01_120000", keep=1)
    assert seen(tmp_path) == [final.name, LATEST]


def test_two_runs_in_one_second_both_stand_and_age_in_order(tmp_path: Path) -> None:
    names = [run(tmp_path, "2025-01-31_120000", keep=2).name for _ in range(3)]
    assert names == ["2025-01-31_120000", "2025-01-31_120000-2", "2025-01-31_120000-3"]
    assert seen(tmp_path) == [*names[1:], LATEST]


def test_an_old_run_that_cannot_go_is_told_not_fatal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, "2025-01-01_120000")
    rename = runfolder._rename

    def held(source: Path, target: Path) -> None:
        if ".tas-bort-" in target.name:
            raise PermissionError(errno.EACCES, "öppen i Excel")
        rename(source, target)

    monkeypatch.setattr(runfolder, "_rename", held)
    with RunFolder(tmp_path, "2025-01-02_120000", keep=1) as folder:
        good(folder.path)
    assert [n.code for n in folder.notices] == ["old_run_kept"]
    assert folder.final.is_dir()


def test_one_run_at_a_time(tmp_path: Path) -> None:
    with RunFolder(tmp_path, "r1") as folder:
        with pytest.raises(OutputError) as caught, RunFolder(tmp_path, "r2"):
            pass
        assert caught.value.faults[0].code == "run_in_progress"
        good(folder.path)  # and the first is undisturbed
    assert seen(tmp_path) == ["r1", LATEST]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EACCES, "not_writable"),
        (errno.EROFS, "not_writable"),
        (errno.EIO, "write_failed"),
    ],
)
def test_what_the_disk_says_is_said_in_words(tmp_path: Path, number: int, code: str) -> None:
    run(tmp_path, "r1")
    with pytest.raises(OutputError) as caught, RunFolder(tmp_path, "r2"):
        raise OSError(number, os.strerror(number))
    fault = caught.value.faults[0]
    assert fault.code == code
    assert fault.where == str(tmp_path)
    assert os.strerror(number) in fault.why
    assert seen(tmp_path) == ["r1", LATEST]


def test_a_full_disk_at_the_last_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, "r1")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(runfolder.os, "fsync", full)
    with pytest.raises(OutputError) as caught, RunFolder(tmp_path, "r2") as folder:
        good(folder.path)
    assert caught.value.faults[0].code == "disk_full"
    assert seen(tmp_path) == ["r1", LATEST]


def test_a_full_disk_in_sqlites_own_words(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught, RunFolder(tmp_path, "r2"):
        raise OSError("database or disk is full")
    assert caught.value.faults[0].code == "disk_full"


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "resultat").write_text("")
    for base in (tmp_path / "resultat", tmp_path / "resultat" / "under"):
        with pytest.raises(OutputError) as caught, RunFolder(base, "r1"):
            pass
        assert caught.value.faults[0].code == "not_a_folder"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights don't bind this user")
def test_a_folder_without_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError) as caught, RunFolder(tmp_path / "resultat", "r1"):
        pass
    assert caught.value.faults[0].code == "not_writable"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs to mount")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets no one mount a small disk")
    try:
        run(disk, "r1")
        with pytest.raises(OutputError) as caught, RunFolder(disk, "r2") as folder:
            (folder.path / "big").write_bytes(b"x" * 10**6)
        assert caught.value.faults[0].code == "disk_full"
        assert seen(disk) == ["r1", LATEST]
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(OutputError) as caught, RunFolder(disk, "r3"):
            pass
        assert caught.value.faults[0].code == "not_writable"
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# Stops dead after the n:th call that changes anything on the disk.
KILLED = """
    import os, signal, sys
    sys.path.insert(0, sys.argv[1])
    from pathlib import Path
    from geodata.files import runfolder
    from geodata.files.runfolder import RunFolder
    left = int(sys.argv[3])
    def tick(event, args):
        global left
        writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wa+")
        if event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir") or writes:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(tick)
    with RunFolder(Path(sys.argv[2]), "2025-01-03_120000", keep=2) as folder:
        for name in ("a.txt", "index.html"):
            (folder.path / name).write_text("ny")
        (folder.path / "run.json").write_text('{"program": "lagesbild"}')
"""


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
def test_killed_at_any_point_the_last_good_run_stands(tmp_path: Path) -> None:
    """Kill a real process before each of its writes in turn, until one lives to the end."""
    states = set()
    for n in range(60):
        base = tmp_path / str(n)
        for day in (1, 2):
            run(base, f"2025-01-0{day}_120000")
        command = [sys.executable, "-c", textwrap.dedent(KILLED), str(ROOT), str(base), str(n)]
        code = subprocess.run(command, capture_output=True, check=False).returncode
        assert code in (0, -signal.SIGKILL)
        whole = {p.name for p in base.iterdir() if not p.name.startswith(".") and p.is_dir()}
        for name in whole:
            assert (base / name / MANIFEST).is_file()
            assert (base / name / "index.html").is_file()
        assert "2025-01-02_120000" in whole
        assert (base / latest(base)).is_file()
        states.add((frozenset(whole), latest(base)))
        run(base, "2025-01-04_120000", keep=2)  # and the next start clears up
        assert not [p for p in base.iterdir() if p.name.startswith(".") and p.name != ".las"]
        if code == 0:
            break
    else:
        pytest.fail("never came to the end")
    assert n > 8
    assert len(states) >= 3  # before the move, after it, after the page


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
def test_killed_while_writing_a_big_file(tmp_path: Path) -> None:
    run(tmp_path, "r1")
    code = f"""
        import sys; sys.path.insert(0, {str(ROOT)!r})
        from pathlib import Path
        from geodata.files.runfolder import RunFolder
        with RunFolder(Path({str(tmp_path)!r}), "r2") as folder:
            with (folder.path / "big").open("wb") as file:
                print("writing", flush=True)
                while True:
                    file.write(b"x" * 100_000); file.flush()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "writing\n"
        time.sleep(0.05)
        process.kill()
        process.wait()
    assert seen(tmp_path) == [".skrivs-r2", "r1", LATEST]
    run(tmp_path, "r3")
    assert seen(tmp_path) == ["r1", "r3", LATEST]


def made(**changes: object) -> Manifest:
    facts: dict[str, object] = {
        "profile": "intern",
        "settings": OutputOptions(),
        "inputs": [{"path": Path("a/b.csv"), "sha256": "00"}],
        "rows": {"read": 3, "kept": 2, "rejected": 1},
        "tables": {"offence_codes": "12.0"},
        "seed": 581,
        "extract_date": date(2025, 1, 31),
        "notices": ["b", "a"],
        "started": datetime(2025, 1, 31, 12, tzinfo=UTC),
        "finished": datetime(2025, 1, 31, 12, 1, tzinfo=UTC),
    }
    return Manifest(**(facts | changes))


def test_the_manifest_says_how_the_run_was_made(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b").write_bytes(b"")
    (tmp_path / "a").write_bytes(b"abc")
    said = json.loads(write_manifest(tmp_path, made()).read_text("utf-8"))
    assert said["program"] == "lagesbild"
    assert said["marking"] == "INTERN – SEKRETESSPRÖVAS"
    assert said["settings"]["folder"] == "resultat"
    assert said["settings"]["keep_runs"] == 3
    assert said["inputs"] == [{"path": "a/b.csv", "sha256": "00"}]
    assert said["extract_date"] == "2025-01-31"
    assert said["versions"]["python"].startswith("3.")
    assert said["versions"]["pandas"]
    assert [o["name"] for o in said["outputs"]] == ["a", "sub/b"]
    assert said["outputs"][0]["bytes"] == 3
    assert said["outputs"][0]["sha256"] == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    keys = [
        line.split('"')[1]
        for line in (tmp_path / MANIFEST).read_text().splitlines()
        if line.startswith('  "')
    ]
    assert keys == sorted(keys)


def test_only_the_times_differ_between_two_runs(tmp_path: Path) -> None:
    later = made(
        started=datetime(2026, 1, 1, tzinfo=UTC), finished=datetime(2026, 1, 2, tzinfo=UTC)
    )
    one, two = (m.to_dict(tmp_path) for m in (made(), later))
    assert one.pop("times") != two.pop("times")
    assert one == two


def test_the_manifest_does_not_list_itself(tmp_path: Path) -> None:
    write_manifest(tmp_path, made())
    assert outputs(tmp_path) == []


def test_a_missing_distribution_has_an_empty_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest_module, "LIBRARIES", ("no-such-library-anywhere",))
    assert versions()["no-such-library-anywhere"] == ""


def test_settings_become_json_or_an_error() -> None:
    assert plain({"a": (Path("x"), date(2024, 1, 2), None, True)}) == {
        "a": ["x", "2024-01-02", None, True]
    }
    with pytest.raises(TypeError, match="set"):
        plain({1, 2})
