"""The engine alone: standard library only, quick to import, its schema fits its presets."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "programs" / "progression"


def test_the_engine_imports_nothing_but_the_standard_library() -> None:
    code = (
        "import sys, programs.progression; print(*sorted({n.split('.')[0] for n in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = {each for each in done.stdout.split() if not each.startswith("_")}
    assert names - sys.stdlib_module_names == {"programs"}


@pytest.mark.parametrize("path", sorted((FOLDER / "presets").glob("*.json")), ids=lambda p: p.stem)
def test_each_preset_fits_the_schema(path: Path) -> None:
    schema = json.loads((FOLDER / "ruleset.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(path.read_text("utf-8")), schema)


def test_the_schema_refuses_an_unknown_key() -> None:
    schema = json.loads((FOLDER / "ruleset.schema.json").read_text("utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"id": "x", "rules": [], "mood": 1}, schema)
