"""Rulesets: read strictly, checked whole, compiled once."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from os import listdir
from typing import Any

from programs.progression.actions import compile_action, compile_actions
from programs.progression.checks import check_meaning
from programs.progression.language import Compiler
from programs.progression.numbers import Node, Parameter, exact
from programs.progression.schema import FOLDER, parse, read_file
from programs.progression.session import Follow, compile_plan
from programs.progression.types import Approval, Mode, Tier
from programs.shapes import Fault, children

TIERS: dict[str, int] = {"stop": 0, "regress": 1, "deload": 1, "hold": 1, "progress": 2, "info": 3}
PROGRESS = TIERS["progress"]
DEFAULT_WHEN = ("session.end", "check-in", "decision")
UNREADABLE = ("$.parameters", "$.definitions")
Reads = tuple[tuple[str, Callable[[Any], Any]], ...]  # facts by name
ASKED = ("soreness", "swelling", "pain_place")
DOUBTFUL = {"derived", "unverified"}


class RulesetError(ValueError):
    """Everything that is wrong with a ruleset, in one error: `faults`, a line each."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


class Rule:
    """A compiled rule. `safety`: an unknown condition holds; else it does nothing."""

    def __init__(self, compiler: Compiler, node: Node, path: str) -> None:
        self.id: str = node["id"]
        self.tier: Tier = node["tier"]
        self.path, self.once, self.safety = path, "once" in node, TIERS[self.tier] < PROGRESS
        compiler.start(live_only=self.tier == "progress")
        self.test = compiler.condition(node["if"], f"{path}.if")
        actions = compile_actions(compiler, node["then"], f"{path}.then", self.id)
        facts = [compiler.facts[each] for each in sorted(compiler.facts)]
        self.facts = tuple(each for each in facts if each.level == "session")
        self.reads: Reads = tuple((each.name, each.read) for each in self.facts)
        side_facts = (each for each in facts if each.level == "side")
        self.side_reads: Reads = tuple((each.name, each.read) for each in side_facts)
        self.window, self.tables = compiler.window, tuple(compiler.tables)
        self.change = next((each for each in actions if each.run), None)
        self.others = tuple(each for each in actions if not each.run)  # notices, locks, stops, rest
        self.lock = any(each.lock for each in actions)
        self.when = frozenset[str](node.get("when", DEFAULT_WHEN))
        self.approval: Approval = node.get("approval", "auto")
        self.priority = compiler.whole(node.get("priority", 0), f"{path}.priority", 0, 100)
        days, place = node.get("cool_down_days", 0), f"{path}.cool_down_days"
        self.cool_down = compiler.whole(days, place, 0, 366)
        self.order = TIERS[self.tier], -self.priority, self.id


class Ruleset:
    """A checked ruleset, ready for `decide`. `version` is the hash of its meaning.

    `unpublished`: something in it is derived or unverified; a clinician must know before using
    it. `asks`: answers that its rules need beyond pain, effort and the morning (soreness ...).
    """

    def __init__(self, compiler: Compiler, raw: dict[str, Any], rules: list[Rule]) -> None:
        self.id: str = raw["id"]
        self.version, self.raw, self.parameters = _hash(raw), raw, compiler.parameters
        self.mode: Mode = raw.get("sides", "independent")
        self.rules = tuple(sorted(rules, key=attrgetter("order")))
        triggers = {name for rule in rules for name in rule.when}
        self.by_trigger = {n: tuple(r for r in self.rules if n in r.when) for n in triggers}
        self.by_trigger["correction"] = self.by_trigger.get("decision", ())
        self.unpublished = _is_doubtful(raw)
        names = {fact.name for rule in rules for fact in rule.facts}
        self.asks = frozenset(name for name in names if name.startswith(ASKED))
        compiler.start(live_only=False)
        days, follow = raw.get("limits", {}).get("progress_every_days", 0), raw.get("follow")
        self.progress_every_days = compiler.whole(days, "$.limits.progress_every_days", 0, 90)
        self.plan = compile_plan(compiler, raw.get("plan", ()))
        self.follow: Follow | None = follow and Follow(
            follow["fact"], compiler.table(follow, "$.follow", gap=False)
        )


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
            rules.append(Rule(compiler, node, path))
    made = None if broken else Ruleset(compiler, raw, rules)
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
