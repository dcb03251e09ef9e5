"""The engine alone: standard library only, small, its schema fits its presets."""

import ast
import io
import json
import subprocess
import sys
import tokenize
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "programs" / "progression"
MOST_CODE_LINES = 2_000  # without presets
SILENT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENDMARKER,
}  # fmt: skip


def test_the_engine_imports_nothing_but_the_standard_library() -> None:
    code = (
        "import sys, programs.progression; print(*sorted({n.split('.')[0] for n in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = {each for each in done.stdout.split() if not each.startswith("_")}
    assert names - sys.stdlib_module_names == {"programs"}


def code_lines(text: str) -> int:
    """Lines that are not blank, not a comment and not a docstring."""
    words = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and ast.get_docstring(node, clean=False) is not None
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    code = (range(t.start[0], t.end[0] + 1) for t in tokens if t.type not in SILENT)
    return len({line for lines in code for line in lines} - words)


def test_what_counts_as_a_line_of_code() -> None:
    text = (
        '"""Two\nlines."""\n\n# a comment\nA = (\n    1,  # one\n)\n\n\ndef f():\n    """Doc."""\n'
    )
    assert code_lines(text) == 4


def test_the_engine_is_read_in_one_sitting() -> None:
    sizes = {path.stem: code_lines(path.read_text("utf-8")) for path in FOLDER.glob("*.py")}
    assert sum(sizes.values()) <= MOST_CODE_LINES, sizes


@pytest.mark.parametrize("path", sorted((FOLDER / "presets").glob("*.json")), ids=lambda p: p.stem)
def test_each_preset_fits_the_schema(path: Path) -> None:
    schema = json.loads((FOLDER / "ruleset.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(path.read_text("utf-8")), schema)


def test_the_schema_refuses_an_unknown_key() -> None:
    schema = json.loads((FOLDER / "ruleset.schema.json").read_text("utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"id": "x", "rules": [], "mood": 1}, schema)
