"""A program's own rules: compiled for the engine, and the numbers that its pages show."""

import json
from functools import lru_cache

from programs.models import Program
from programs.progression import load_ruleset
from programs.progression.rules import Ruleset

RULESETS = 64  # compiled rules kept a process
GREEN = 3  # where a program's rules say nothing


@lru_cache(maxsize=RULESETS)
def _compiled(text: str) -> Ruleset:
    return load_ruleset(text)


def compiled(program: Program) -> Ruleset:
    """The rules of a program, compiled once a process."""
    return _compiled(json.dumps(program.ruleset))


def parameter(program: Program, name: str, default: int) -> int:
    """A number of the program's own rules."""
    return int(program.ruleset.get("parameters", {}).get(name, {}).get("value", default))


def green_limit(program: Program) -> int:
    """Pain above this asks which side and where (0 to 10)."""
    return parameter(program, "pain_ok", parameter(program, "pain_safe", GREEN))
