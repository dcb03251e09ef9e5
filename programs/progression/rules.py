"""Rulesets: read strictly, checked whole, compiled once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any, get_args

from programs.progression.actions import Action, Run, compile_actions
from programs.progression.checks import check_meaning
from programs.progression.facts import FACTS, Fact
from programs.progression.language import Compiler, Condition
from programs.progression.numbers import Fault, Parameter, exact, is_number
from programs.progression.types import Approval, Mode, Notice, Tier, Trigger

PRESETS = Path(__file__).with_name("presets")
MAX_CHARACTERS = 200_000
MAX_LEVELS = 40
TIERS: dict[str, int] = {"stop": 0, "regress": 1, "deload": 1, "hold": 1, "progress": 2, "info": 3}
DEFAULT_WHEN = ("session.end", "check-in", "decision")
TOP = {
    "$schema", "flexion", "id", "title", "note", "source", "sides", "parameters", "definitions",
    "limits", "rules",
}  # fmt: skip
RULE = {
    "id", "title", "tier", "when", "if", "then", "approval", "priority", "cool_down_days", "once",
}  # fmt: skip


class RulesetError(ValueError):
    """Everything that is wrong with a ruleset, in one error: `faults`, a line each."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


@dataclass(slots=True)
class Rule:
    """A compiled rule. `safety`: an unknown condition holds; else it does nothing."""

    id: str
    tier: Tier
    when: frozenset[str]
    test: Condition
    change: Run | None
    raises: int | None
    notices: tuple[Notice, ...]
    lock: bool
    approval: Approval
    priority: int
    cool_down: int
    once: bool
    window: int
    session_facts: tuple[Fact, ...]
    side_facts: tuple[Fact, ...]
    fields: frozenset[str]
    path: str

    @property
    def safety(self) -> bool:
        return TIERS[self.tier] < TIERS["progress"]


@dataclass(slots=True)
class Ruleset:
    """A checked ruleset, ready for `decide`. `version` is the hash of its meaning."""

    id: str
    version: str
    raw: dict[str, Any]
    mode: Mode
    parameters: dict[str, Parameter]
    rules: tuple[Rule, ...]
    progress_every_days: int
    _by_trigger: dict[str, tuple[Rule, ...]] = field(default_factory=dict)

    def rules_for(self, trigger: str) -> tuple[Rule, ...]:
        """The rules that a trigger asks, by tier, priority and id; the authoring order is lost."""
        found = self._by_trigger.get(trigger)
        if found is None:
            asked = "decision" if trigger == "correction" else trigger
            found = tuple(rule for rule in self.rules if asked in rule.when)
            self._by_trigger[trigger] = found
        return found


def load_ruleset(source: str | Mapping[str, Any]) -> Ruleset:
    """The compiled ruleset of a JSON text, or of its parsed object.

    Raises RulesetError with every fault, each with its JSON path and a hint.
    """
    raw, faults = _parse(source)
    if faults:
        raise RulesetError(faults)
    compiler = Compiler(_parameters(raw, faults), _mapping(raw, "definitions", faults))
    compiler.faults.extend(faults)
    compiler.keys(raw, "$", TOP)
    ruleset = _compile(compiler, raw)
    compiler.faults.extend(check_meaning(ruleset))
    if compiler.faults:
        raise RulesetError(list(dict.fromkeys(compiler.faults)))
    return ruleset


@cache
def load_preset(name: str) -> Ruleset:
    """A shipped ruleset by its file's name, e.g. "standing_curl_default"."""
    return load_ruleset((PRESETS / f"{name}.json").read_text("utf-8"))


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its keys came twice."""

    twice: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        made.twice = tuple(name for name in made if names.count(name) > 1)
    return made


def _parse(source: str | Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    if not isinstance(source, str):
        return dict(source), _wellformed(source)
    if len(source) > MAX_CHARACTERS:
        return {}, [Fault("too_large", "$", f"at most {MAX_CHARACTERS} characters")]
    try:
        raw = json.loads(source, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        return {}, [Fault("not_json", "$", f"line {error.lineno}: {error.msg}")]
    except RecursionError:
        return {}, [Fault("too_deep", "$", f"at most {MAX_LEVELS} levels")]
    if not isinstance(raw, dict):
        return {}, [Fault("wrong_type", "$", "a ruleset is an object")]
    return raw, _wellformed(raw)


def _wellformed(raw: Any) -> list[Fault]:
    """Faults of the tree itself: too deep, not finite, a key twice."""
    faults: list[Fault] = []
    waiting = [("$", raw, 0)]
    while waiting:
        path, node, level = waiting.pop()
        if level > MAX_LEVELS:
            return [Fault("too_deep", path, f"at most {MAX_LEVELS} levels")]
        if isinstance(node, float) and not isfinite(node):
            faults.append(Fault("not_finite", path, "a number is finite"))
        if isinstance(node, Mapping):
            twice = getattr(node, "twice", ())
            faults += [Fault("duplicate_key", f"{path}.{key}", "given twice") for key in twice]
            waiting += [(f"{path}.{key}", value, level + 1) for key, value in node.items()]
        elif isinstance(node, list):
            waiting += [(f"{path}[{i}]", value, level + 1) for i, value in enumerate(node)]
    return faults


def _mapping(raw: dict[str, Any], key: str, faults: list[Fault]) -> dict[str, Any]:
    found = raw.get(key, {})
    if isinstance(found, Mapping):
        return dict(found)
    faults.append(Fault("wrong_type", f"$.{key}", "an object"))
    return {}


def _parameters(raw: dict[str, Any], faults: list[Fault]) -> dict[str, Parameter]:
    made: dict[str, Parameter] = {}
    for name, node in _mapping(raw, "parameters", faults).items():
        path = f"$.parameters.{name}"
        if not isinstance(node, Mapping) or not all(
            is_number(node.get(key)) for key in ("value", "min", "max")
        ):
            faults.append(Fault("wrong_type", path, "numbers: value, min and max"))
            continue
        value, low, high = (exact(node[key]) for key in ("value", "min", "max"))
        if not low <= value <= high:
            faults.append(Fault("out_of_range", f"{path}.value", f"from {low} to {high}"))
        made[name] = Parameter(name, value, low, high, str(node.get("unit", "")))
    return made


def _compile(compiler: Compiler, raw: dict[str, Any]) -> Ruleset:
    mode = raw.get("sides", "independent")
    if mode not in get_args(Mode):
        compiler.fault("unknown_word", "$.sides", f"one of {', '.join(get_args(Mode))}")
    if not isinstance(raw.get("id"), str):
        compiler.fault("missing_key", "$.id", "a name for the ruleset")
    limits = raw.get("limits", {}) if isinstance(raw.get("limits", {}), Mapping) else {}
    compiler.keys(dict(limits), "$.limits", {"progress_every_days"})
    days = compiler.whole(
        limits.get("progress_every_days", 0), "$.limits.progress_every_days", 0, 90
    )
    nodes = raw.get("rules")
    if not isinstance(nodes, list) or not nodes:
        compiler.fault("missing_key", "$.rules", "a list of rules")
        nodes = []
    rules = [_rule(compiler, node, f"$.rules[{index}]") for index, node in enumerate(nodes)]
    made = sorted(
        (rule for rule in rules if rule), key=lambda r: (TIERS[r.tier], -r.priority, r.id)
    )
    return Ruleset(
        str(raw.get("id")), _hash(raw), raw, mode, compiler.parameters, tuple(made), days
    )


def _hash(raw: dict[str, Any]) -> str:
    """The same for the same meaning: key order and the order of rules don't count."""
    rules = raw.get("rules")
    if isinstance(rules, list):
        rules = sorted(rules, key=lambda each: json.dumps(each, sort_keys=True))
    text = json.dumps({**raw, "rules": rules}, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _rule(compiler: Compiler, node: Any, path: str) -> Rule | None:
    if not isinstance(node, Mapping):
        compiler.fault("wrong_type", path, "a rule is an object")
        return None
    compiler.keys(dict(node), path, RULE)
    tier = _word(compiler, node, path, "tier", tuple(TIERS), "info")
    compiler.start(live_only=tier == "progress")
    name = node.get("id")
    if not isinstance(name, str) or not name:
        compiler.fault("missing_key", f"{path}.id", "a name for the rule")
    test = compiler.condition(node.get("if"), f"{path}.if")
    actions = compile_actions(compiler, node.get("then"), f"{path}.then", str(name))
    return _assembled(compiler, node, path, str(name), tier, test, actions)


def _assembled(
    compiler: Compiler,
    node: Mapping[str, Any],
    path: str,
    name: str,
    tier: Any,
    test: Condition,
    actions: list[Action],
) -> Rule:
    facts = [FACTS[each] for each in sorted(compiler.facts) if each in FACTS]
    once = _word(compiler, node, path, "once", ("gap", ""), "")
    return Rule(
        id=name,
        tier=tier,
        when=_when(compiler, node.get("when", list(DEFAULT_WHEN)), f"{path}.when"),
        test=test,
        change=next((each.run for each in actions if each.run), None),
        raises=next((each.raises for each in actions if each.run), 0),
        notices=tuple(each.notice for each in actions if each.notice),
        lock=any(each.lock for each in actions),
        approval=_word(compiler, node, path, "approval", get_args(Approval), "auto"),
        priority=compiler.whole(node.get("priority", 0), f"{path}.priority", 0, 100),
        cool_down=compiler.whole(node.get("cool_down_days", 0), f"{path}.cool_down_days", 0, 366),
        once=once == "gap",
        window=compiler.window,
        session_facts=tuple(each for each in facts if each.level == "session"),
        side_facts=tuple(each for each in facts if each.level == "side"),
        fields=frozenset[str]().union(*(each.fields for each in actions)),
        path=path,
    )


def _word(
    compiler: Compiler,
    node: Mapping[str, Any],
    path: str,
    key: str,
    choices: tuple[str, ...],
    default: str,
) -> Any:
    found = node.get(key, default)
    if found in choices and (key in node or key != "tier"):
        return found
    compiler.fault("unknown_word", f"{path}.{key}", f"one of {', '.join(filter(None, choices))}")
    return default


def _when(compiler: Compiler, nodes: Any, path: str) -> frozenset[str]:
    known = set(get_args(Trigger)) - {"correction"}
    if not isinstance(nodes, list) or not nodes or not all(each in known for each in nodes):
        compiler.fault("unknown_word", path, f"a list of {', '.join(sorted(known))}")
        return frozenset()
    return frozenset(nodes)
