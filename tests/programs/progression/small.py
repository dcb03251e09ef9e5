"""Small rulesets for tests: a stop rule, a pain rule, and the rules that a test adds."""

from typing import Any

from programs.progression import Ruleset, RulesetError, load_ruleset
from programs.shapes import Fault

STOP: dict[str, Any] = {
    "id": "stop", "tier": "stop", "when": ["decision", "day.tick"], "if": {"fact": "red_flag"},
    "then": [{"do": "lock"}],
}  # fmt: skip
HURTS: dict[str, Any] = {
    "id": "hurts", "tier": "regress", "if": {"fact": "pain", "ge": 6},
    "then": [{"do": "add", "field": "reps", "by": -2, "to": 4}],
}  # fmt: skip
MORE: dict[str, Any] = {
    "id": "more", "tier": "progress", "if": {"fact": "sets_met"},
    "then": [{"do": "add", "field": "reps", "by": 2, "to": 20}],
}  # fmt: skip


def raw_of(*rules: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"id": "small", "rules": [STOP, HURTS, *rules], **keys}


def small(*rules: dict[str, Any], **keys: Any) -> Ruleset:
    return load_ruleset(raw_of(*rules, **keys))


def rule(base: dict[str, Any], test: Any = None, **changes: Any) -> dict[str, Any]:
    """A rule like another one; `test` is its condition."""
    return {**base, **changes, "if": base["if"] if test is None else test}


def all_faults(raw: Any) -> list[Fault]:
    try:
        load_ruleset(raw)
    except RulesetError as error:
        return error.faults
    return []


def codes(raw: Any) -> list[tuple[str, str]]:
    """Code and path of each fault."""
    return [(each.code, each.path) for each in all_faults(raw)]
