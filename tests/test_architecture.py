"""The house rules that a machine can hold."""

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "config", "desk", "exercises", "patients", "programs", "reminders")
PURE = (
    "programs.codec", "programs.progression", "programs.schedule", "programs.shapes",
    "programs.simulation", "reminders.planning", "exercises.figure", "desk.counts.cells",
    "desk.months", "desk.monitoring.clocks", "desk.monitoring.thresholds",
)  # fmt: skip
LONGEST_FUNCTION, LONGEST_MODULE, LONGEST_TEMPLATE, LONGEST_SCRIPT = 60, 400, 150, 150
DATA = ("application/json", "application/ld+json")  # no browser runs these
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def modules() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def functions() -> Iterator[tuple[str, int]]:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.body[0].lineno + 1
                yield f"{path.relative_to(ROOT)}:{node.name}", lines


def test_the_borders_between_apps_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_borders_name_every_module_of_pages() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    named = set(re.findall(r"\w+", str(contracts)))
    pages = {path.stem for path in modules() if re.search("(views|forms|tasks|admin)$", path.stem)}
    assert pages - named == set()


@pytest.mark.parametrize("name", PURE)
def test_a_pure_part_imports_without_django(name: str) -> None:
    code = f"import sys; sys.modules['django'] = None; sys.modules['psycopg'] = None; import {name}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_functions_are_short() -> None:
    sizes = dict(functions())
    lengths = sorted(sizes.values())
    assert statistics.median(lengths) <= 8
    assert statistics.quantiles(lengths, n=10)[-1] <= 25
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}


SUPPRESSED = re.compile(r"# (?:noqa|type: ignore)\b(?:: [A-Z0-9, ]+\d|\[[\w, -]+\])?(?P<reason>.*)")


def test_each_suppression_names_its_rule_and_its_reason() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in [*modules(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (found := SUPPRESSED.search(line)) and not re.search(r"\w{3}", found["reason"])
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("files", "longest"),
    [
        (list(modules()), LONGEST_MODULE),
        (TEMPLATES, LONGEST_TEMPLATE),
        (sorted((ROOT / "static" / "js").glob("*.js")), LONGEST_SCRIPT),
    ],
    ids=["modules", "templates", "scripts"],
)
def test_a_file_is_read_in_one_sitting(files: list[Path], longest: int) -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}
    assert {name: size for name, size in sizes.items() if size > longest} == {}


class Tags(HTMLParser):
    """Every start tag with its attributes, template tags taken out."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        text = re.sub(r"\{%.*?%\}|\{#.*?#\}", " ", path.read_text(), flags=re.DOTALL)
        self.feed(re.sub(r"\{\{.*?\}\}", "x", text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_no_code_and_works_without_it(path: Path) -> None:
    for tag, attributes in Tags(path).found:
        assert tag != "style"
        assert tag != "script" or "src" in attributes or attributes.get("type") in DATA
        assert not [name for name in attributes if name == "style" or re.match("on|hx-on", name)]
        assert not [value for value in attributes.values() if (value or "").startswith("js:")]
        assert "[" not in (attributes.get("hx-trigger") or "")
        if {"hx-get", "hx-post"} & attributes.keys():
            assert {"href", "action", "formaction"} & attributes.keys(), (tag, attributes)


def test_the_marks_of_slow_tests_are_written_out() -> None:
    """.ci/run reads only the files in which it finds them so."""
    kinds = r"pytest\.mark\.(slow|faults|browser_long)"
    elsewhere = re.compile(rf"import {'mark'}\b|^(?!pytestmark)\w+ = \[?{kinds}", re.MULTILINE)
    texts = {path: path.read_text() for path in (ROOT / "tests").rglob("test_*.py")}
    assert sum(bool(re.search(kinds, text)) for text in texts.values()) > 10
    assert not [path for path, text in texts.items() if elsewhere.search(text)]


def test_no_setting_outlives_its_transaction() -> None:
    calls = [
        str(path.relative_to(ROOT))
        for path in modules()
        if re.search(r"set_config\([^)]*,\s*false\)", path.read_text(), re.IGNORECASE)
    ]
    assert calls == []
