"""What runs before a commit is what runs in .ci/run."""

import os
import re
from pathlib import Path

import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = (CHECKOUT / ".ci" / "run").read_text()
HOOKS = yaml.safe_load((CHECKOUT / ".pre-commit-config.yaml").read_text())["repos"]


def tool(command: str) -> str:
    """The tool and its verb, without uv's and without options."""
    words = re.sub(r"uv run (--env-file \S+ )?", "", command).split()
    verbs = {"manage.py", "ruff"}
    return " ".join(words[: 2 if words[0] in verbs else 1])


def test_every_check_of_the_script_runs_before_a_commit() -> None:
    checked = {tool(line) for line in re.findall(r"uv run [^;\n]*", SCRIPT)}
    hooked = {tool(hook["entry"]) for hook in HOOKS[0]["hooks"]}
    assert checked - hooked == {"pytest", "manage.py collectstatic"}


def test_hooks_fetch_nothing() -> None:
    assert [source["repo"] for source in HOOKS] == ["local"]
    assert {hook["language"] for hook in HOOKS[0]["hooks"]} == {"system"}


def test_the_script_runs_every_mark_but_nightly_and_pictures() -> None:
    left_out = re.search(r"-m '([^']*)'", (CHECKOUT / "pyproject.toml").read_text())
    assert left_out
    marks = set(re.findall(r"not (\w+)", left_out[1])) - {"nightly", "pictures"}
    second = re.search(r'uv run pytest -m "\(([^)]*)\)', SCRIPT)
    assert second
    assert set(second[1].split(" or ")) == marks


def test_the_script_can_be_run() -> None:
    assert os.access(CHECKOUT / ".ci" / "run", os.X_OK)
