"""Two languages, both whole: every text has English, nothing Swedish slips through untranslated.

The Swedish itself is held too: words that this program doesn't say.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest

from geodata.language import using
from scripts import messages
from tests.project import HEADER, good_rows, lagesbild, row, write_project

ROOT = Path(__file__).parents[1]
PACKAGES = messages.PACKAGES
CATALOGUE = messages.read()
TRANSLATED = {"_", "N_", "gettext", "ngettext"}

# Common words that stand in Swedish texts and in no English one.
SWEDISH_WORDS = re.compile(
    r"\b(och|inte|rader|raden|av|det|som|har|till|eller|filen|antal|platser|platsen|dagar|kolumn|"
    r"kolumner|kolumnen|ingen|inga|inget|saknas|saknar|alla|bara|ett|vid|kan|ska|med|utan|mellan|"
    r"brott|andel|yta|ruta|rutor|karta|kartan|uppgift|uppgifter|datum|klockslag|namn|gator|"
    r"stolpar|visas|finns|gata|endast|klass|orsak|koder|kod|varje|hela|annan|andra|mer|minst)\b",
    re.IGNORECASE,
)
SWEDISH_LETTERS = re.compile("[åäöÅÄÖ]")


def swedish(text: str) -> bool:
    return bool(SWEDISH_LETTERS.search(text) or SWEDISH_WORDS.search(text))


def without(text: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return text


def placeholders(text: str) -> list[str]:
    return sorted(
        f"{name}!{conversion}:{spec}"
        for _literal, name, spec, conversion in Formatter().parse(text)
        if name is not None
    )


# --- the catalogue -----------------------------------------------------------------------------


def test_the_catalogue_is_what_the_code_says() -> None:
    made = messages.updated(messages.extract(), CATALOGUE)
    assert messages.CATALOGUE.read_bytes() == made, "run python -m scripts.messages"


def test_every_text_has_english() -> None:
    assert messages.missing() == []


def broken(ours: str, theirs: str) -> bool:
    """Return whether the English loses a placeholder, a space at an end, or the full stop."""
    ends = [
        (text[:1].isspace(), text[-1:].isspace(), text.endswith(".")) for text in (ours, theirs)
    ]
    return placeholders(ours) != placeholders(theirs) or ends[0] != ends[1]


def test_english_keeps_placeholders_and_ends() -> None:
    found = []
    for message in CATALOGUE.values():
        swedish_forms = [message.id] if isinstance(message.id, str) else list(message.id)
        pairs = zip(swedish_forms, messages.english(message), strict=True)
        found += [pair for pair in pairs if broken(*pair)]
    assert [pair for pair in found if pair != ("Nr", "No.")] == []
    assert broken("{n} rader", "{m} rows")
    assert broken("{n:g} rader.", "{n} rows.")


# Texts whose English holds a Swedish word or name on purpose: it is typed into, or read from, a file.
SWEDISH_IN_ENGLISH = (
    "Norrköping", "Lägesbild", "Brottsdag start", "utdrag.csv", "omraden.gpkg", '"namn"', "ändamål",
    "från", "insats", "kod and invånare", "“invånare”", "rapportör, vecka, område and antal",
    "slag, från, till, fastställd", "(område, E och N, or yta)", "(område, E and N, or yta)",
    "båda (both", "column känsla", "område, svar and otrygga", "Höhle",
)  # fmt: skip


def test_english_is_english() -> None:
    for key, message in CATALOGUE.items():
        for text in messages.english(message):
            assert not swedish(without(text, SWEDISH_IN_ENGLISH)), f"{key!r}: {text!r}"


def test_the_tool_keeps_adds_and_removes(tmp_path: Path) -> None:
    for package in PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "maps" / "templates").mkdir()
    (tmp_path / "maps" / "a.py").write_text(
        '_("en"); N_("två"); ngettext("{n} dag", "{n} dagar", 2); setting(1, N_("x"), unit="ruta")\n',
        encoding="utf-8",
    )
    (tmp_path / "maps" / "templates" / "a.html").write_text("{{ _('mall') }}", encoding="utf-8")
    texts = messages.extract(tmp_path)
    assert list(texts) == ["en", "mall", "ruta", "två", "x", "{n} dag"]
    assert texts["{n} dag"] == ("{n} dag", "{n} dagar")
    file = tmp_path / "en.po"
    file.write_bytes(messages.updated(texts, {}))
    known = messages.read(file)
    known["en"].string = "one"
    known["två"].string = "two"
    del texts["två"]
    texts["ny"] = "ny"
    file.write_bytes(messages.updated(texts, known))
    again = messages.read(file)
    assert set(again) == set(texts)
    assert again["en"].string == "one"
    assert "ny" in messages.missing(file)
    assert "en" not in messages.missing(file)
    assert file.read_bytes() == messages.updated(texts, again)


# --- what the program doesn't say --------------------------------------------------------------

NEVER = {
    r"brottsutsatt": "a legal judgement about a place",
    r"olaglig|laglig\b|lagligt|lagliga": "whether a camera is lawful is for people to judge",
    r"övervak": "the law's word is bevakning",
    r"knark": "narkotika",
    r"problemområde|no-go|värstingområde": "no names for areas",
    r"\bblurr": "maskering",
    r"hot[ -]spots?en\b.*\bfarlig": "no judgement",
    r"\butdrag": "uttag, as in uttagsdatum",
    r"hotspot": "two words: hot spot",
}
FILE_NAMES = ("utdrag.csv",)
NAMES_OF_A_STANDARD = ("EN 62676-4:2015: övervaka",)
"""The standard's own name of a level of detail, which is no word for what a camera does here."""

CHANGED = re.compile(r"\b(ökat|ökade|ökar|minskat|minskade|minskar)\b", re.IGNORECASE)
CHANGED_IN_ENGLISH = re.compile(r"\b(increased|decreased)\b", re.IGNORECASE)
SUBJECTS = ("anmälda ", "reported ", "{what}", "{What}", "{outcome}")
"""What may have changed: something reported. The rooms that fill it in are held to it themselves."""
PARTS_OF_SENTENCES = ("har ökat", "har minskat", "have increased", "have decreased")


def changed_alone(text: str, words: re.Pattern[str]) -> bool:
    """Return whether a text says that something has changed without saying that it is reported."""
    found = words.search(text)
    if found is None or text in PARTS_OF_SENTENCES:
        return False
    return not any(subject in text[: found.start()] for subject in SUBJECTS)


def test_only_what_is_reported_has_changed() -> None:
    found = [
        text
        for message in CATALOGUE.values()
        for texts, words in (
            ([message.id] if isinstance(message.id, str) else list(message.id), CHANGED),
            (list(messages.english(message)), CHANGED_IN_ENGLISH),
        )
        for text in texts
        if changed_alone(text, words)
    ]
    assert found == []
    assert changed_alone("Brotten har ökat.", CHANGED)
    assert not changed_alone("Antalet anmälda brott har ökat.", CHANGED)


@pytest.mark.parametrize("words", NEVER)
def test_no_text_says(words: str) -> None:
    found = []
    for message in CATALOGUE.values():
        for text in [message.id] if isinstance(message.id, str) else message.id:
            bare = re.sub(
                r"\bhotspots\.\w+|\[\w+\] \w+",
                "",
                without(text, (*FILE_NAMES, *NAMES_OF_A_STANDARD)),
            )
            if re.search(words, bare, re.IGNORECASE):
                found.append(text)
    assert found == [], NEVER[words]


NEVER_IN_ENGLISH = (
    r"\bunlawful|\blawful|\billegal|\blegal\b",
    r"\b(crime[ -]ridden|high[ -]crime|no-go)\b",
    r"\bhotspot",
    r"  ",
)


@pytest.mark.parametrize("words", NEVER_IN_ENGLISH)
def test_no_english_text_says(words: str) -> None:
    texts = [text for message in CATALOGUE.values() for text in messages.english(message)]
    # "Legal basis" names what the law says of handing data out; it judges no place or camera.
    texts = [
        re.sub(r"\bhotspots\.\w+|\[hotspots\]|\b[Ll]egal basis\b", "-", text).strip()
        for text in texts
    ]
    assert [text for text in texts if re.search(words, text, re.IGNORECASE)] == []


# Written apart although they are one word ("särskrivning"), and other slips of the pen.
MISSPELT = (
    r"\b(kamera platser?|kamera bevakning|hund sök|brotts kod|koordinat system|polis anmälan|"
    r"projekt fil(en)?|rubrik rad(en)?|tids zon|ärende nummer|person nummer|gräns värde|fri text|"
    r"import rapport|standard adress|klock slag|slut tid|start tid)\b",
    r"\b(dom|nån|nåt|sen|mej|dej|va)\b",
    r"\s[,.;:!?](\s|$)",
    r'(?<![=\w\[(+])\s"[^"]*"\s(?![+=.,;])',
    r"\b(\w{3,}) \1\b",
)


@pytest.mark.parametrize("slip", MISSPELT)
def test_swedish_is_spelt_well(slip: str) -> None:
    allowed = ("Fri text, läses aldrig", '"OV" = "guard"', "est_2023")
    found = [
        text
        for message in CATALOGUE.values()
        for text in ([message.id] if isinstance(message.id, str) else message.id)
        if re.search(slip, text) and not any(name in text for name in allowed)
    ]
    assert found == []


# --- the source: no Swedish for users outside the catalogue ------------------------------------

# Files (or the names of their parts) whose Swedish is data, each with its reason.
SWEDISH_IS_DATA = {
    "geodata/synthetic/": "the made-up town: names, words of its export, its truth file",
    "geodata/mapping/": "headings that a column is guessed by",
    "geodata/times/words.py": "words of dates and times that are read",
    "geodata/columns.py": "words for unknown that are read",
    "geodata/screening.py": "patterns and words of personal data that are looked for",
    "areas/boundaries/files.py": "headings that a column is guessed by",
    "hotspots/entrances.py": "attribute names and values of building layers that are read",
    "geodata/operations/cells.py": "headings of the list of operations that are read",
    "hotspots/options.py": "values of building layers that are read",
    "geodata/coordinates/numbers.py": "letters of compass points that are read",
    "scripts/benchmarks/": "made-up rows to measure on; its page is in English",
    "scripts/new.py": "words that join two categories in a text of the data",
    "areas/picture/reporters.py": "headings that a column is guessed by",
    "areas/population/": "headings and values of population and building layers that are read",
    "geodata/indicators/reading.py": "headings and values of the indicator table that are read",
    "geodata/measures/": "headings of the list of measures that are read; a letter of the alphabet",
    "geodata/perceived/reading.py": "headings that a column is guessed by",
    "geodata/register/": "words and letters of the search register that are read",
    "geodata/store/parts.py": "the marking of a folder that is made for no reader of a language",
    "hotspots/effect/words.py": "a kind of measure that is read",
    "hotspots/sightlines/": "attribute names and values of layers that are read",
    "scripts/evidence/watch_town.py": "a heading of a file that it writes",
    "scripts/inspecting/signs.py": "words and addresses that files are searched for",
    "scripts/verbs/appendix.py": "a value that is typed on the command line",
}
NAMES = ("Lägesbild", "Norrköping", "Kolmården")


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module that are neither translated nor documentation."""
    tree = ast.parse(source)
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = list(node.args) if name in TRANSLATED else []
            texts += [k.value for k in node.keywords if name == "setting" and k.arg == "unit"]
            passed |= {id(part) for text in texts for part in ast.walk(text)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in passed
        ):
            yield node.lineno, node.value


def untranslated(source: str) -> list[tuple[int, str]]:
    found = []
    for line, text in literals(source):
        bare = without(text, NAMES)
        if SWEDISH_LETTERS.search(bare) or (" " in bare.strip() and SWEDISH_WORDS.search(bare)):
            found.append((line, text))
    return found


MODULES = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if not path.relative_to(ROOT).as_posix().startswith(tuple(SWEDISH_IS_DATA))
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_swedish_stands_untranslated(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("prefix", SWEDISH_IS_DATA)
def test_exceptions_are_needed(prefix: str) -> None:
    paths = [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path.relative_to(ROOT).as_posix().startswith(prefix)
    ]
    assert any(untranslated(path.read_text(encoding="utf-8")) for path in paths), prefix


def test_the_scan_finds_what_it_should() -> None:
    assert untranslated('x = "Filen är tom."') == [(1, "Filen är tom.")]
    assert untranslated('x = f"{n} rader lästes"') != []
    assert untranslated('x = "Filen saknas inte"') != []
    assert untranslated('x = _("Filen är tom.")\ny = setting(1, unit="månader")') == []
    assert untranslated('"""Om rader."""\n# Ånej\nx = "a text in English"') == []


TEMPLATES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("templates/*.*")
    if path.is_file()
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_swedish_of_their_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\b_\((\"[^\"]*\"|'[^']*')\)", "", text)
    if path.suffix == ".html":
        text = re.sub(r"{[%{#].*?[%}#]}|<[^>]*>", " ", text, flags=re.DOTALL)
        assert SWEDISH_WORDS.search(text) is None
    assert SWEDISH_LETTERS.search(text) is None


# --- standing texts in data files: both languages beside one another ------------------------------

READ_NOT_SHOWN = ("names", "version")
"""Keys of words that are looked for in files, and of what names the Swedish original."""
TEXT_FILES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.toml")
    if "synthetic" not in path.parts and path.name != "sensitive_kinds.toml"
)


def one_language(value: object, where: str = "") -> Iterator[str]:
    """Yield where a text of a data file lacks a language, or has Swedish for English."""
    if isinstance(value, dict):
        if "sv" in value or "en" in value:
            if not (value.get("sv") and value.get("en")):
                yield f"{where}: {sorted(value)}"
            # What the Swedish quotes, the English may: names of acts, headings of forms.
            elif SWEDISH_WORDS.search(re.sub(r"[“\"(][^”\")]*[”\")]", "", str(value["en"]))):
                yield f"{where}: {value['en']}"
            return
        for key, part in value.items():
            if key not in READ_NOT_SHOWN:
                yield from one_language(part, f"{where}.{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from one_language(part, f"{where}[{number}]")
    elif isinstance(value, str) and swedish(value):
        yield f"{where}: {value}"


@pytest.mark.parametrize("path", TEXT_FILES, ids=lambda path: path.name)
def test_standing_texts_have_both_languages(path: Path) -> None:
    assert list(one_language(tomllib.loads(path.read_text(encoding="utf-8")))) == []


def test_the_scan_of_data_files_finds_what_it_should() -> None:
    assert TEXT_FILES
    assert list(one_language({"a": {"sv": "Ja"}})) == [".a: ['sv']"]
    assert list(one_language({"a": {"sv": "Ja", "en": "Det är inte en text"}})) != []
    assert list(one_language({"a": ["Filen saknas"]})) == [".a[0]: Filen saknas"]
    assert list(one_language({"names": ["hundsök"], "b": {"sv": "Nej", "en": "No"}})) == []


# --- a whole run in English --------------------------------------------------------------------


class Page(HTMLParser):
    """The texts of a page that a person sees or hears, and its language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.texts: list[str] = []
        self._raw = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "html":
            self.language = named.get("lang") or ""
        if tag in {"script", "style"}:
            self._raw = "json" if named.get("type") == "application/json" else "code"
        self.texts += [named[key] or "" for key in ("aria-label", "title", "alt") if key in named]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._raw = ""

    def handle_data(self, data: str) -> None:
        if self._raw == "json":
            self.texts += list(strings(json.loads(data)))
        elif not self._raw and data.strip():
            self.texts.append(data.strip())


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def shown_names() -> set[str]:
    """Return what stands in the data and is shown as it is in any language: names and sources."""
    from areas.boundaries import builtin_areas
    from geodata.offence_codes import read_offence_codes

    areas = builtin_areas(("est", "regso"), "EPSG:3006")
    return {*areas["name"], *areas["source"].dropna(), read_offence_codes().version}


def left_in_swedish(texts: list[str], names: set[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if swedish(without(text, names))]


@pytest.fixture(scope="module")
def english_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return what a run says and its folder: rows of every kind, so that much is told."""
    folder = tmp_path_factory.mktemp("english")
    content = HEADER + good_rows(120) + good_rows(3)
    content += "".join(row(900 + i, e="570000", n="6496000") for i in range(60))
    content += row(990, n="") + row(991, date="2024-02-30") + row(992, code="9999")
    content += row(993, time="9999") + row(994, date="2031-01-01") + row(995, code="5011")
    write_project(folder, content, '[output]\nformats = ["gpkg", "parquet", "csv", "xlsx"]')
    with using("en"):
        result = lagesbild("run", folder, env={"LAGESBILD_LANGUAGE": "en"})
    assert result.exit_code in (0, 4), result.output
    (made,) = (path for path in (folder / "resultat").iterdir() if path.is_dir())
    return result.output, made


NAMES_OF_THE_RUN = {"Prov", "brottsdag start", "tid start", "brottsdag slut", "tid slut", "brottskod",
                    "antal", "gata", "Provgatan 1", "resultat", "importrapport", "karta.html", "utdrag.csv",
                    "Lägesbild", "Norrköping", "diarienr"}  # fmt: skip


def test_what_the_terminal_says_is_english(english_run: tuple[str, Path]) -> None:
    output, made = english_run
    lines = [line.replace(str(made.parents[1]), "") for line in output.splitlines()]
    assert any("rows read" in line for line in lines)
    assert left_in_swedish(lines, shown_names() | NAMES_OF_THE_RUN) == []


def test_every_page_is_english(english_run: tuple[str, Path]) -> None:
    made = {path.name: path for path in english_run[1].rglob("*.html")}
    assert made.keys() >= {
        "karta.html", "index.html", "importrapport.html", "hotspots.html", "lagesbild.html",
        "bevakning.html", "kameror.html",
    }  # fmt: skip
    names = shown_names() | NAMES_OF_THE_RUN | {"Höhle"}
    for name, path in made.items():
        page = Page(path.read_text(encoding="utf-8"))
        assert page.language == "en", name
        assert len(page.texts) > 20, name
        assert left_in_swedish(page.texts, names) == [], name


def test_the_report_for_machines_is_english(english_run: tuple[str, Path]) -> None:
    report = json.loads((english_run[1] / "importrapport.json").read_text(encoding="utf-8"))
    texts = [notice["text"] for one in report["inputs"] for notice in one["notices"]]
    texts += [code["text"] for one in report["inputs"] for code in one["codes"]]
    assert len(texts) > 5
    assert left_in_swedish(texts, shown_names() | NAMES_OF_THE_RUN) == []


def test_pages_are_swedish_by_default(tmp_path: Path) -> None:
    folder = write_project(tmp_path, HEADER + good_rows(60))
    assert lagesbild("run", folder).exit_code in (0, 4)
    (made,) = (path for path in (folder / "resultat").iterdir() if path.is_dir())
    for name in ("karta.html", "index.html", "importrapport.html", "hotspots.html"):
        page = Page((made / name).read_text(encoding="utf-8"))
        assert page.language == "sv"
        assert any(swedish(text) for text in page.texts)


@pytest.mark.parametrize("verb", ["", "demo", "new", "check", "run", "hotspots"])
def test_help_is_english(verb: str) -> None:
    with using("en"):
        result = lagesbild(*([verb] if verb else []), "--help")
    assert left_in_swedish(result.output.splitlines(), {"Norrköping", "Lägesbild"}) == []


VALUES_THAT_ARE_READ = ("residential = ", "see_through = ")
"""Settings whose value is words of building layers, in the languages they come in."""


def test_check_shows_english_settings(english_run: tuple[str, Path]) -> None:
    with using("en"):
        folder = english_run[1].parents[1]
        result = lagesbild("check", folder, env={"LAGESBILD_LANGUAGE": "en"})
    lines = [line.replace(str(folder), "") for line in result.output.splitlines()]
    lines = [line for line in lines if not line.lstrip("# ").startswith(VALUES_THAT_ARE_READ)]
    assert left_in_swedish(lines, shown_names() | NAMES_OF_THE_RUN) == []


def test_new_in_english_writes_an_english_project(tmp_path: Path) -> None:
    with using("en"):
        assert lagesbild("new", tmp_path).exit_code == 0
    text = (tmp_path / "lagesbild.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["project"]["language"] == "en"
    lines = [
        without(line, SWEDISH_IN_ENGLISH)
        for line in text.splitlines()
        if not line.lstrip("# ").startswith(VALUES_THAT_ARE_READ)
    ]
    assert left_in_swedish(lines, {"Norrköping", "Lägesbild", "Brottsdag start"}) == []


def test_the_demo_is_the_same_project_in_both_languages() -> None:
    folder = ROOT / "geodata" / "synthetic"
    projects = []
    for name in ("lagesbild.toml", "lagesbild.en.toml"):
        text = (folder / name).read_text(encoding="utf-8").format(extract_date="2025-12-31")
        project = tomllib.loads(text)
        project["project"].pop("name")
        projects.append((project["project"].pop("language", "sv"), project))
    assert [language for language, _project in projects] == ["sv", "en"]
    assert projects[0][1] == projects[1][1]


def test_the_english_demo_file_is_english() -> None:
    text = (ROOT / "geodata" / "synthetic" / "lagesbild.en.toml").read_text(encoding="utf-8")
    comments = [line.partition("#")[2] for line in text.splitlines() if "#" in line]
    comments = [comment for comment in comments if not comment.endswith('"')]  # file#layer
    assert left_in_swedish(comments, {"Norrköping", "Lägesbild"}) == []
