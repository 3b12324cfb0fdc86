"""The appendix in a whole run: what it holds, that both tiers agree, and its bad input."""

from __future__ import annotations

import html
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project import HEADER, lagesbild, row, write_project

NAMES = ("strategisk", "normativ")
CHANGE = re.compile(r"\b(ök(?:at|ade|ar|ning\w*)|minsk(?:at|ade|ar|ning\w*))\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def demo(small_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small demo with its appendix of the last year made in both tiers."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    shutil.copytree(small_demo, folder)
    done = lagesbild("appendix", str(folder), "--period", "2025", "--json")
    assert done.exit_code == 0, done.output
    return folder


def made(folder: Path, tier: str, suffix: str = "html", period: str = "2025") -> Path:
    return folder / "resultat" / "bilagor" / period / f"bilaga-{tier}-{period}.{suffix}"


def page(folder: Path, tier: str, period: str = "2025") -> str:
    return made(folder, tier, period=period).read_text("utf-8")


def text(cell: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", cell)).strip()


def tables(source: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield caption (without its number) and cells of every table of a page."""
    for one in re.findall(r"<table.*?</table>", source, re.DOTALL):
        (caption,) = re.findall(r"<caption>(.*?)</caption>", one, re.DOTALL)
        rows = [
            [text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL)]
            for line in re.findall(r"<tr.*?</tr>", one, re.DOTALL)
        ]
        yield re.sub(r"^\w+ \d+\. ", "", text(caption)), rows


def figures(source: str) -> dict[tuple[str, str, str], str]:
    """Return every cell of a page by caption, row and column."""
    found = {}
    for caption, (head, *rows) in tables(source):
        for line in rows:
            for name, cell in zip(head[1:], line[1:], strict=True):
                found[caption, line[0], name] = cell
    return found


def word_figures(path: Path) -> dict[tuple[str, str, str], str]:
    from docx import Document

    found = {}
    for number, table in enumerate(Document(str(path)).tables):
        head, *rows = [[cell.text.strip() for cell in line.cells] for line in table.rows]
        for line in rows:
            for name, cell in zip(head[1:], line[1:], strict=True):
                found[str(number), line[0], name] = cell
    return found


def test_every_tier_and_format_is_there(demo: Path) -> None:
    for tier in NAMES:
        assert made(demo, tier, "pdf").read_bytes().startswith(b"%PDF")
        assert zipfile.is_zipfile(made(demo, tier, "docx"))
        assert page(demo, tier).startswith("<!DOCTYPE html>")


def test_both_tiers_agree_in_every_figure_they_share(demo: Path) -> None:
    one, other = (figures(page(demo, tier)) for tier in NAMES)
    shared = set(one) & set(other)
    promised = {key for key in shared if "sju punkter" in key[0]}
    compared = {
        key: (one[key], other[key]) for key in shared - promised if "dolt" not in other[key]
    }
    assert len(compared) > 60
    assert {key: pair for key, pair in compared.items() if pair[0] != pair[1]} == {}
    captions = {key[0] for key in compared}
    assert {"Hundsök per område, 2025", "Anmälda narkotikabrott per område och period"} <= captions


def test_where_and_when_are_told_in_the_figures_of_the_tables(demo: Path) -> None:
    for tier in NAMES:
        source = page(demo, tier)
        told = figures(source)
        captions = {key[0] for key in told if key[0].endswith("per område och period")}
        assert "Anmälda narkotikabrott per område och period" in captions
        (lead,) = re.findall(
            r"<p>(Anmälda narkotikabrott per 1[^<]*högst först: [^<]*)</p>", source
        )
        rates = re.findall(r"([^ ,;(]+) \(([\d,]+)\)", text(lead))
        assert [name for name, _rate in rates][-1:] == ["kommunen"]
        for name, rate in rates[:-1]:
            row = {
                told[key]
                for key in told
                if key[:2] == ("Anmälda narkotikabrott per område och period", name)
            }
            assert rate in row
        (days,) = re.findall(r"<p>(Av veckodagarna har[^<]*)</p>", source)
        day, most = re.findall(r"har (\w+) flest händelser \((\d+)\)", text(days))[0]
        assert told["Händelser per veckodag, 2025", day.capitalize(), "Händelser"] == most


def test_the_handed_out_tier_says_what_it_leaves_out_and_who_told(demo: Path) -> None:
    left_out = "Hot spots och kameraplatser är inte med"
    assert left_out in page(demo, "normativ")
    assert left_out not in page(demo, "strategisk")
    assert "Händelser: polisanmälan, EST-rapport" in page(demo, "normativ")
    assert "polisens_utdrag" not in page(demo, "normativ")


def test_the_formats_agree_too(demo: Path) -> None:
    for tier in NAMES:
        cells = set(figures(page(demo, tier)).values())
        # A sum, a count or an interval that stands on the page stands in Word as well.
        in_word = set(word_figures(made(demo, tier, "docx")).values())
        lacking = {one for one in cells if any(s.isdigit() for s in one)} - in_word
        assert lacking == set()


def test_more_and_fewer_are_said_only_of_what_is_reported(demo: Path) -> None:
    for tier in NAMES:
        for piece in re.split(r"<[^>]+>|(?<=[.;]) ", page(demo, tier)):
            if CHANGE.search(text(piece)):
                assert "anmälda" in text(piece).lower(), piece


def test_the_word_files_keep_to_that_too(demo: Path) -> None:
    from docx import Document

    for tier in NAMES:
        document = Document(str(made(demo, tier, "docx")))
        texts = [one.text for one in document.paragraphs]
        texts += [cell.text for t in document.tables for line in t.rows for cell in line.cells]
        for one in texts:
            for piece in re.split(r"(?<=[.;]) ", one):
                assert not CHANGE.search(piece) or "anmälda" in piece.lower(), piece


def test_partners_are_told_of_no_file_address_or_camera(demo: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "sam"
    shutil.copytree(demo, folder, ignore=shutil.ignore_patterns("resultat"))
    arguments = ("--period", "2025", "--tier", "strategisk", "--profile", "samverkan")
    done = lagesbild("appendix", str(folder), *arguments)
    assert done.exit_code == 0, done.output
    told = re.sub(r"data:font/[^)]*", "", page(folder, "strategisk"))
    for secret in (r"\bK0\d\b", "polisens_utdrag", "Provallén", "INTERN"):
        assert not re.search(secret, told), secret
    assert "SAMVERKAN" in told
    assert "lämnas bara ut internt" in told
    one, other = figures(told), figures(page(demo, "normativ"))
    shared = {key for key in set(one) & set(other) if "sju punkter" not in key[0]}
    unlike = {k for k in shared if one[k] != other[k] and "dolt" not in (one[k], other[k])}
    assert len(shared) > 60
    assert unlike == set()


def test_the_scan_for_those_words_can_fail() -> None:
    assert CHANGE.search("brotten har ökat")
    assert CHANGE.search("En minskning syns")
    assert not CHANGE.search("ej säkerställd förändring")


def test_all_seven_items_have_a_row_and_nothing_unknown_is_zero(demo: Path) -> None:
    for tier in NAMES:
        (rows,) = [rows for caption, rows in tables(page(demo, tier)) if "sju punkter" in caption]
        assert len(rows) == 8
        by_item = {line[0]: line for line in rows[1:]}
        assert by_item["SSPF, 10–18 år"][3] == "Uppgift saknas."
        assert "uppgift saknas" in by_item["ANDTS-förebyggande arbete"][2]
        assert "dolt" in by_item["SIG, sociala insatsgrupper, över 18 år"][2]
        assert not any(re.search(r": 0\b", cell) for line in rows for cell in line[2:4])


def test_the_public_tier_tells_of_no_camera_hot_spot_or_file(demo: Path) -> None:
    told = re.sub(r"data:font/[^)]*", "", page(demo, "normativ"))
    for secret in (r"\bK0\d\b", r"\bH\d\d\b", "polisens_utdrag", "Provallén", "hot spots under"):
        assert not re.search(secret, told), secret
    assert "PUBLIK" in told
    assert "INTERN" not in told
    assert re.search(r"\bK0\d\b", page(demo, "strategisk"))


def test_the_page_asks_for_nothing_from_outside(demo: Path) -> None:
    for tier in NAMES:
        told = page(demo, tier)
        assert "<script" not in told
        outside = [a for a in re.findall(r'(?:src|href)="([^"]*)"', told) if not a.startswith("#")]
        assert set(outside) <= {"data:,"}
        assert "default-src 'none'" in html.unescape(told)


def test_every_map_and_table_is_numbered_and_every_picture_has_words(demo: Path) -> None:
    for tier in NAMES:
        told = page(demo, tier)
        numbers = [int(n) for n in re.findall(r"<figcaption>Karta (\d+)\. ", told)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= 3
        captions = re.findall(r"<caption><span>Tabell (\d+)\. ", told)
        assert [int(n) for n in captions] == list(range(1, len(captions) + 1))
        assert told.count('<p class="alt">') == told.count("<figure>")


def test_the_pdf_is_tagged_and_has_its_title(demo: Path) -> None:
    for tier in NAMES:
        data = made(demo, tier, "pdf").read_bytes()
        assert b"/StructTreeRoot" in data
        assert b"pdfuaid" in data


def test_the_word_file_has_real_headings_and_alternatives(demo: Path) -> None:
    with zipfile.ZipFile(made(demo, "strategisk", "docx")) as packed:
        body = packed.read("word/document.xml").decode()
    assert body.count('w:val="Heading1"') >= 10
    pictures = re.findall(r"<wp:docPr [^>]*>", body)
    assert pictures
    assert all(re.search(r'descr="[^"]{20,}"', one) for one in pictures)


def test_the_same_project_gives_the_same_files(demo: Path, tmp_path: Path) -> None:
    import shutil

    again = tmp_path / "again"
    shutil.copytree(demo, again, ignore=shutil.ignore_patterns("resultat"))
    done = lagesbild("appendix", str(again), "--period", "2025", "--tier", "normativ")
    assert done.exit_code == 0, done.output
    for suffix in ("html", "pdf", "docx"):
        one, other = (made(folder, "normativ", suffix).read_bytes() for folder in (demo, again))
        assert one == other, suffix


def test_what_was_told_is_kept_for_the_next_edition(demo: Path) -> None:
    kept = made(demo, "normativ").parent / "publicerat" / "normativ" / "published.json"
    assert json.loads(kept.read_text("utf-8"))["profile"] == "publik"
    assert json.loads((kept.parents[2] / "run.json").read_text("utf-8"))["profile"] == "intern"


# Bad input


def test_a_purge_takes_appendices_along(tmp_path: Path) -> None:
    folder = small(tmp_path, spread(2024, 30))
    done = lagesbild("appendix", str(folder), "--period", "2024", "--tier", "normativ")
    assert done.exit_code == 0, done.output
    appendices = tmp_path / "resultat" / "bilagor"
    assert (appendices / "2024").is_dir()
    done = lagesbild("purge", str(folder), "--before", "2024-06-01", "--yes")
    assert done.exit_code == 0, done.output
    assert not (appendices / "2024").exists()
    assert not (appendices / "senaste.html").exists()


def refused(*arguments: str) -> tuple[int, set[str], str]:
    done = lagesbild("appendix", *arguments, "--json")
    told = json.loads(done.output.strip().splitlines()[-1])
    faults = told.get("faults", [])
    return (
        done.exit_code,
        {fault["code"] for fault in faults},
        json.dumps(faults, ensure_ascii=False),
    )


def small(folder: Path, rows: str, extra: str = "", extract: str = "2025-01-01") -> Path:
    police = '[input.constants]\nsource = "police"\n'
    made_ = write_project(folder, HEADER + rows, police + extra)
    file = folder / "lagesbild.toml"
    text_ = file.read_text("utf-8").replace("2025-01-01", extract)
    file.write_text(text_, encoding="utf-8")
    return made_


def spread(year: int, n: int, first: int = 0, e: int = 569914, north: int = 6492799) -> str:
    """Return rows over a year in Hageby, each day another."""
    return "".join(
        row(
            first + i,
            date=f"{year}-{i % 12 + 1:02d}-{i % 28 + 1:02d}",
            e=str(e + 20 * (i % 3)),
            n=str(north),
        )
        for i in range(n)
    )


def test_a_year_without_data_is_refused_with_the_extracts_own_years(tmp_path: Path) -> None:
    folder = small(tmp_path, spread(2023, 30) + spread(2024, 30, 100))
    code, codes, told = refused(str(folder), "--period", "2019")
    assert (code, codes) == (3, {"period_without_data"})
    assert "2023-01-01" in told
    assert not (tmp_path / "resultat" / "bilagor" / "2019").exists()


def test_a_year_before_the_extract_is_not_known_and_not_zero(tmp_path: Path) -> None:
    folder = small(tmp_path, spread(2024, 60))
    done = lagesbild("appendix", str(folder), "--period", "2024", "--tier", "strategisk")
    assert done.exit_code == 0, done.output
    assert "når inte till året före" in done.output
    told = page(tmp_path, "strategisk", "2024")
    assert "någon förändring kan inte räknas" in told


def test_the_normative_tier_is_refused_for_any_other_profile(tmp_path: Path) -> None:
    folder = small(tmp_path, spread(2024, 30))
    for profile in ("intern", "samverkan"):
        arguments = ("--period", "2024", "--tier", "normativ", "--profile", profile)
        code, codes, told = refused(str(folder), *arguments)
        assert (code, codes) == (2, {"normative_is_public"})
        assert "publik" in told


def with_areas(folder: Path, boxes: list[tuple]) -> None:  # type: ignore[type-arg]
    """Give a project areas of its own: id, name, first and last day, polygon."""
    import geopandas as gpd

    names = ("area_id", "name", "valid_from", "valid_to")
    table = gpd.GeoDataFrame(
        [dict(zip(names, box[:4], strict=True)) for box in boxes],
        geometry=[box[4] for box in boxes],
        crs="EPSG:3006",
    )
    table.to_file(folder / "a.gpkg")
    file = folder / "lagesbild.toml"
    own = '[areas]\nbuiltin = []\n[[areas.file]]\npath = "a.gpkg"\n'
    before = '[areas]\nbuiltin = ["est", "regso"]\n'
    file.write_text(file.read_text("utf-8").replace(before, own), encoding="utf-8")


def test_too_few_areas_withhold_the_table_and_say_so(tmp_path: Path) -> None:
    import shapely

    # Three in the only area and two outside it: each would tell the other.
    folder = small(tmp_path, spread(2024, 3) + spread(2024, 2, 50, e=571500))
    area = shapely.box(569000, 6492000, 570500, 6493500)
    with_areas(folder, [("norr", "Norr", "2020-01-01", None, area)])
    done = lagesbild("appendix", str(folder), "--period", "2024", "--tier", "normativ")
    assert done.exit_code == 0, done.output
    told = page(tmp_path, "normativ", "2024")
    assert "visas inte: områdena är för få" in told
    assert "Anmälda narkotikabrott per område och period" not in told


def test_a_public_map_without_any_count_to_show_is_drawn_all_the_same(tmp_path: Path) -> None:
    import shapely

    folder = small(tmp_path, spread(2024, 3))
    area = shapely.box(569000, 6492000, 570500, 6493500)
    with_areas(folder, [("norr", "Norr", "2020-01-01", None, area)])
    done = lagesbild("appendix", str(folder), "--period", "2024", "--tier", "normativ")
    assert done.exit_code == 0, done.output
    told = page(tmp_path, "normativ", "2024")
    assert "Norr dolt" in told
    assert figures(told)["Anmälda narkotikabrott per område och period", "Norr", "2024"] == "dolt"


def test_an_unfinished_period_is_told_on_the_cover_and_in_captions(tmp_path: Path) -> None:
    rows = spread(2023, 60) + spread(2024, 60, 100)
    folder = small(tmp_path, rows, extract="2024-10-10")
    done = lagesbild("appendix", str(folder), "--period", "2024", "--tier", "strategisk")
    assert done.exit_code == 0, done.output
    told = page(tmp_path, "strategisk", "2024")
    assert "Bilagan gäller till och med 2024-09-30" in told
    notes = re.findall(r'<p class="small">(Källa: .*?)</p>', told)
    assert notes
    assert all("till och med 2024-09-30" in note for note in notes)
    assert "2023-01-01 – 2023-09-30" in told


def test_a_boundary_changed_within_the_year_is_told(tmp_path: Path) -> None:
    import shapely

    boxes = [
        ("norr", "Norr", "2020-01-01", "2024-05-31", shapely.box(569000, 6492000, 570500, 6493500)),
        ("norr", "Norr", "2024-06-01", None, shapely.box(569500, 6492000, 570500, 6493500)),
        ("soder", "Söder", "2020-01-01", None, shapely.box(569000, 6490000, 570500, 6491500)),
    ]
    folder = small(tmp_path, spread(2023, 40) + spread(2024, 40, 100))
    with_areas(folder, boxes)
    done = lagesbild("appendix", str(folder), "--period", "2024", "--tier", "strategisk")
    assert done.exit_code == 0, done.output
    assert "Gränsen för Norr ändrades 2024-06-01" in done.output
    told = page(tmp_path, "strategisk", "2024")
    assert "Ändrad gräns under perioderna: Norr 2024-06-01" in told


def test_indicators_by_area_stand_under_their_item_inside_the_house_only(tmp_path: Path) -> None:
    folder = small(tmp_path, spread(2024, 40), extra='[appendix]\nindicators = "i.csv"\n')
    head = "område;period;löftespunkt;slag;indikator;värde;källa;osäkerhet\n"
    rows = (
        ";2024;EST;gjort;möten;120;Teamen;\n"
        "Navestad;2024;EST;gjort;möten;70;Teamen;uppskattat\n"
        "Hageby;2024;EST;gjort;möten;;Teamen;\n"
        "Hageby;2024;EST;resultat;lösta ärenden;31;Teamen;\n"
        "Hageby;2024;SIG;gjort;personer;9;Teamen;\n"
    )
    (folder / "i.csv").write_text(head + rows, encoding="utf-8")
    done = lagesbild("appendix", str(folder), "--period", "2024")
    assert done.exit_code == 0, done.output
    cells = {}
    for tier in NAMES:
        (promise,) = [r for c, r in tables(page(tmp_path, tier, "2024")) if "sju punkter" in c]
        cells[tier] = {line[0]: line[1:] for line in promise}
        assert any("120" in line[2] for line in promise)
    inside, public = (cells[tier] for tier in NAMES)
    assert inside["– Navestad"] == ["", "Möten: 70 (uppskattat).", "Uppgift saknas.", ""]
    assert inside["– Hageby"] == ["", "Möten: uppgift saknas.", "Lösta ärenden: 31.", ""]
    order = list(inside)
    assert order.index("– Navestad") == order.index("– Hageby") + 1
    assert len(public) == 8  # the heading and the seven items
    shown = page(tmp_path, "normativ", "2024")
    assert "per område visas bara internt" in shown
    assert "uppskattat" not in shown
    in_word = word_figures(made(tmp_path, "strategisk", "docx", "2024"))
    assert "Möten: 70 (uppskattat)." in in_word.values()


def test_a_missing_list_of_indicators_is_told(tmp_path: Path) -> None:
    folder = small(tmp_path, spread(2024, 30), extra='[appendix]\nindicators = "nej.csv"\n')
    # The extra text of the project stands after [[input]]; tables may follow it.
    code, codes, told = refused(str(folder), "--period", "2024")
    assert (code, codes) == (3, {"indicators_missing"})
    assert "nej.csv" in told


def test_missing_fonts_are_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from maps import fonts

    folder = small(tmp_path, spread(2024, 30))
    monkeypatch.setattr(fonts, "_FILES", {"regular": "Nej.ttf"})
    code, codes, _told = refused(str(folder), "--period", "2024")
    assert (code, codes) == (3, {"fonts_missing"})


def test_faults_of_several_files_are_told_at_once(tmp_path: Path) -> None:
    extra = '[appendix]\ntexts = "t.toml"\npromise = "p.toml"\n'
    folder = small(tmp_path, spread(2024, 30), extra=extra)
    (folder / "t.toml").write_text("[", encoding="utf-8")
    code, codes, told = refused(str(folder), "--period", "2024")
    assert (code, codes) == (2, {"texts_unreadable"})
    assert "t.toml" in told
    assert "p.toml" in told
