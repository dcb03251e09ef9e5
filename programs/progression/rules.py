"""Rulesets: read strictly, checked whole, compiled once."""

import json
from collections.abc import Mapping
from functools import cache
from os import listdir
from typing import Any, NamedTuple

from programs.progression.actions import Action, compile_action, compile_actions
from programs.progression.checks import check_meaning
from programs.progression.facts import Fact
from programs.progression.language import Compiler
from programs.progression.numbers import Condition, Node, Parameter, exact
from programs.progression.schema import FOLDER, parse, read_file
from programs.progression.session import Follow, PlanRow, compile_plan
from programs.progression.types import Approval, Mode, Tier
from programs.shapes import Fault, children

TIERS: dict[str, int] = {"stop": 0, "regress": 1, "deload": 1, "hold": 1, "progress": 2, "info": 3}
DEFAULT_WHEN = ("session.end", "check-in", "decision")
UNREADABLE = ("$.parameters", "$.definitions")
ASKED = ("soreness", "swelling", "pain_place")
DOUBTFUL = {"derived", "unverified"}


class RulesetError(ValueError):
    """Everything that is wrong with a ruleset, in one error: `faults`, a line each."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


class Rule(NamedTuple):
    """A compiled rule. `safety`: an unknown condition holds; else it does nothing."""

    id: str
    tier: Tier
    when: frozenset[str]
    test: Condition
    change: Action | None
    others: tuple[Action, ...]  # notices, locks, stops, rest
    lock: bool
    approval: Approval
    priority: int
    cool_down: int
    once: bool
    window: int
    facts: tuple[Fact, ...]  # of the session
    side_facts: tuple[Fact, ...]
    tables: tuple[Condition, ...]
    reads: str  # the names of `facts`
    path: str
    safety: bool


class Ruleset(NamedTuple):
    """A checked ruleset, ready for `decide`. `version` is the hash of its meaning.

    `unpublished`: something in it is derived or unverified; a clinician must know before using
    it. `asks`: answers that its rules need beyond pain, effort and the morning (soreness ...).
    """

    id: str
    version: str
    raw: dict[str, Any]
    mode: Mode
    parameters: dict[str, Parameter]
    rules: tuple[Rule, ...]
    by_trigger: dict[str, tuple[Rule, ...]]
    progress_every_days: int
    plan: tuple[PlanRow, ...]
    follow: Follow | None
    unpublished: bool
    asks: frozenset[str]


def load_ruleset(source: str | Mapping[str, Any]) -> Ruleset:
    """The compiled ruleset of a JSON text, or of its parsed object.

    Raises RulesetError with every fault, each with its JSON path and a hint. What has the wrong
    shape isn't compiled; the rules beside it are, so that their faults are named too.
    """
    raw, faults = parse(source)
    broken = tuple(each.path for each in faults)
    if any(path.startswith(UNREADABLE) for path in broken):
        raise RulesetError(faults)
    compiler = Compiler(_parameters(raw, faults), raw.get("definitions", {}))
    rules, nodes = [], raw.get("rules")
    for path, node in children(nodes, "$.rules") if isinstance(nodes, list | tuple) else ():
        if any(each.startswith(path) for each in broken):
            _scan(compiler, node, path, broken)
        else:
            rules.append(_rule(compiler, node, path))
    made = None if broken else _assembled(compiler, raw, rules)
    faults += compiler.faults + check_meaning(rules, whole=not broken)
    if faults or made is None:
        raise RulesetError(list(dict.fromkeys(faults)))
    return made


def _scan(compiler: Compiler, node: Node, path: str, broken: tuple[str, ...]) -> None:
    """Compile those parts of a rule that have the right shape, for the faults in them."""
    compiler.start(live_only=False)
    parts = dict(children(node, path))
    actions = dict(children(parts.get(f"{path}.then"), f"{path}.then"))
    for place, part in {**parts, **actions}.items():
        whole = not any(each.startswith(place) for each in broken)
        if whole and place == f"{path}.if":
            compiler.condition(part, place)
        elif whole and place in actions:
            compile_action(compiler, part, place, "")


@cache
def load_preset(name: str) -> Ruleset:
    """A shipped ruleset by its file's name, e.g. "standing_curl_default"."""
    return load_ruleset(read_file(f"presets/{name}.json"))


def preset_names() -> tuple[str, ...]:
    """The names that `load_preset` takes."""
    names = listdir(f"{FOLDER}/presets")
    return tuple(sorted(name[:-5] for name in names if name.endswith(".json")))


def _parameters(raw: Mapping[str, Any], faults: list[Fault]) -> dict[str, Parameter]:
    made = {}
    for name, node in raw.get("parameters", {}).items():
        value, low, high = (exact(node[key]) for key in ("value", "min", "max"))
        if not low <= value <= high:
            path = f"$.parameters.{name}.value"
            faults.append(Fault("out_of_range", path, f"from {low} to {high}"))
        made[name] = Parameter(name, value, low, high, node.get("unit", ""))
    return made


def _assembled(compiler: Compiler, raw: dict[str, Any], rules: list[Rule]) -> Ruleset:
    compiler.start(live_only=False)
    days, follow = raw.get("limits", {}).get("progress_every_days", 0), raw.get("follow")
    ordered = tuple(sorted(rules, key=lambda rule: (TIERS[rule.tier], -rule.priority, rule.id)))
    triggers = {name for rule in ordered for name in rule.when}
    by_trigger = {name: tuple(r for r in ordered if name in r.when) for name in triggers}
    by_trigger["correction"] = by_trigger.get("decision", ())
    return Ruleset(
        raw["id"],
        _hash(raw),
        raw,
        raw.get("sides", "independent"),
        compiler.parameters,
        ordered,
        by_trigger,
        compiler.whole(days, "$.limits.progress_every_days", 0, 90),
        compile_plan(compiler, raw.get("plan", ())),
        follow and Follow(follow["fact"], compiler.table(follow, "$.follow", gap=False)),
        _is_doubtful(raw),
        frozenset(n for rule in ordered for n in rule.reads.split(",") if n.startswith(ASKED)),
    )


def _is_doubtful(node: Node) -> bool:
    if isinstance(node, Mapping):
        return node.get("status") in DOUBTFUL or any(map(_is_doubtful, node.values()))
    return isinstance(node, list) and any(map(_is_doubtful, node))


def _hash(raw: dict[str, Any]) -> str:
    """The same for the same meaning: key order and the order of rules don't count."""
    from hashlib import sha256  # slow to import, and wanted only here

    rules = sorted(raw["rules"], key=lambda each: json.dumps(each, sort_keys=True))
    text = json.dumps({**raw, "rules": rules}, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _rule(compiler: Compiler, node: Node, path: str) -> Rule:
    tier, name = node["tier"], node["id"]
    compiler.start(live_only=tier == "progress")
    test = compiler.condition(node["if"], f"{path}.if")
    actions = compile_actions(compiler, node["then"], f"{path}.then", name)
    facts = [compiler.facts[each] for each in sorted(compiler.facts)]
    return Rule(
        id=name,
        tier=tier,
        when=frozenset(node.get("when", DEFAULT_WHEN)),
        test=test,
        change=next((each for each in actions if each.run), None),
        others=tuple(each for each in actions if not each.run),
        lock=any(each.lock for each in actions),
        approval=node.get("approval", "auto"),
        priority=compiler.whole(node.get("priority", 0), f"{path}.priority", 0, 100),
        cool_down=compiler.whole(node.get("cool_down_days", 0), f"{path}.cool_down_days", 0, 366),
        once="once" in node,
        window=compiler.window,
        facts=tuple(each for each in facts if each.level == "session"),
        side_facts=tuple(each for each in facts if each.level == "side"),
        tables=tuple(compiler.tables),
        reads=",".join(each.name for each in facts if each.level == "session"),
        path=path,
        safety=TIERS[tier] < TIERS["progress"],
    )
