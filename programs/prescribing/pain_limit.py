"""The clinic's limit for pain, held against the numbers of a ruleset before it is prescribed."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from programs.progression import Ruleset
from programs.shapes import Fault, children

PAINS = {"pain", "pain_before", "pain_during", "pain_after", "morning_pain"}  # 0 to 10
BELOW = {"le": 0, "gt": 0, "eq": 0, "ne": 0, "lt": 1, "ge": 1}  # what a comparison leaves of it
PARAMETER = "$.parameters."
KEPT = 256  # rulesets looked through, a process


def check_pain(ruleset: Ruleset, most: int) -> list[Fault]:
    """Faults of the numbers under which a rule raises a dose after more pain than `most`.

    A parameter's fault is at `$.parameters.NAME`. What lowers or holds may stand above the limit.
    """
    faults = [
        Fault("pain_limit", place, f"at most {most + less}")
        for place, value, less in _compared(ruleset)
        if value - less > most
    ]
    return list(dict.fromkeys(faults))


@lru_cache(maxsize=KEPT)
def _compared(ruleset: Ruleset) -> tuple[tuple[str, Any, int], ...]:
    """Where a rule that raises compares a pain, with what, and what the comparison leaves of it."""
    found = []
    for index, rule in enumerate(ruleset.raw["rules"]):
        tests = _pain_tests(ruleset.raw, rule["if"], f"$.rules[{index}].if")
        for path, number, less in tests if rule["tier"] == "progress" else ():
            name = number.get("param") if isinstance(number, Mapping) else None
            if name:
                found.append((f"{PARAMETER}{name}", ruleset.parameters[name].value, less))
            elif not isinstance(number, Mapping):
                found.append((path, number, less))
    return tuple(found)


def _pain_tests(raw: Mapping[str, Any], node: Any, path: str) -> Iterator[tuple[str, Any, int]]:
    """Each number that a pain is compared with, wherever the condition has it."""
    if isinstance(node, Mapping):
        if "use" in node:
            yield from _pain_tests(
                raw, raw["definitions"][node["use"]], f"$.definitions.{node['use']}"
            )
        if _tells_pain(node.get("fact", node.get("value"))):
            yield from ((f"{path}.{key}", node[key], BELOW[key]) for key in BELOW if key in node)
            if "between" in node:
                yield f"{path}.between[1]", node["between"][1], 0
    for place, child in children(node, path):
        yield from _pain_tests(raw, child, place)


def _tells_pain(node: Any) -> bool:
    if isinstance(node, str):
        return node in PAINS
    return any(_tells_pain(child) for _path, child in children(node, ""))
