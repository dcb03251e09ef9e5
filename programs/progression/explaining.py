"""Decisions and rules as message ids with numbers. The words are made outside, by gettext.

docs/progression.md lists every id with its English wording.
"""

from collections.abc import Iterator
from typing import Any

from programs.progression.doses import compare
from programs.progression.facts import UNITS, plain
from programs.progression.language import OPERATORS
from programs.progression.numbers import ARITHMETIC, Parameter, exact, is_number
from programs.progression.rules import Ruleset
from programs.progression.types import (
    Audience,
    Decision,
    Dose,
    FactValue,
    FiredRule,
    Message,
    SideDecision,
)

SHOWN = ("sets", "reps", "hold_s", "load_g", "band", "range_deg", "per_week", "rest_s")


def explain(decision: Decision, audience: Audience) -> tuple[Message, ...]:
    """The whole decision, side by side, for one kind of reader."""
    return tuple(message for side in decision for message in explain_side(side, audience))


def explain_side(side: SideDecision, audience: Audience) -> tuple[Message, ...]:
    """One side: what (first), because of what; for the clinician also what limits did to it."""
    said = [_headline(side), *_reasons(side)]
    said += [Message(f"missing.{each.fact}", (("rule", each.rule),)) for each in side.missing]
    if audience == "clinician":
        said += [
            Message(f"suppressed.{each.reason}", (("rule", each.rule), *each.numbers))
            for each in side.suppressed
        ]
        said += [
            Message(
                f"clamped.{c.limit}", (("field", c.field), ("asked", c.asked), ("given", c.given))
            )
            for c in side.clamped
        ]
    elif side.outcome == "proposed":
        said.append(Message("asks_clinician"))
    return tuple(dict.fromkeys(said))


def _headline(side: SideDecision) -> Message:
    before, after = side.before, side.after
    numbers: list[tuple[str, FactValue]] = [("side", side.side)]
    numbers += [("step_before", before.step), ("step_after", after.step)]
    for name in SHOWN:
        numbers.append((f"{name}_before", getattr(before.dose, name)))
        numbers.append((f"{name}_after", getattr(after.dose, name)))
    if side.outcome not in ("changed", "proposed"):
        return Message(side.outcome, tuple(numbers))
    return Message(f"{side.outcome}.{_dimension(side)}", tuple(numbers))


def _dimension(side: SideDecision) -> str:
    """What changed first in the dose order, and which way: reps_up, step_down ..."""
    before, after = side.before, side.after
    way = "up" if compare(after.step, after.dose, before.step, before.dose) > 0 else "down"
    if before.step != after.step:
        return f"step_{way}"
    changed = (name for name in SHOWN if _differs(name, before.dose, after.dose))
    order = ("load_g", "band", "sets", "reps", "hold_s")
    names = sorted(changed, key=lambda name: order.index(name) if name in order else len(order))
    first = names[0] if names else "dose"
    return f"{'load' if first == 'load_g' else first if first in order else 'dose'}_{way}"


def _differs(name: str, before: Dose, after: Dose) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _reasons(side: SideDecision) -> list[Message]:
    """Why: the rule that decided, said by the strongest thing that it read."""
    fired = next((each for each in side.fired if each.rule == side.rule), None)
    if fired is None:
        return []
    values = [(name, value) for each in fired.evidence for name, value in each.values]
    told = dict(reversed(values))
    logs = [each.session for each in fired.evidence if each.session is not None]
    return [Message(_cause(fired, told), (*_facts(values, told), ("sessions", len(logs))))]


def _cause(fired: FiredRule, told: dict[str, FactValue]) -> str:
    if fired.tier == "stop":
        return "because.red_flag" if told.get("red_flag") else "because.stop"
    if fired.tier == "progress":
        return "because.over_goal" if "reps_over_last" in told else "because.good"
    if fired.tier == "hold" and told.get("morning_rise") is True:
        return "because.morning"
    if any(name.startswith("pain") for name in told):
        return "because.pain"
    return "because.gap" if "days_since_session" in told else "because.rule"


def _facts(
    values: list[tuple[str, FactValue]], told: dict[str, FactValue]
) -> tuple[tuple[str, FactValue], ...]:
    """Each fact once: of the latest session, except pain and effort, where the highest counts."""
    highest = {
        name: max(v for n, v in values if n == name and isinstance(v, int))
        for name in told
        if name.startswith(("pain", "effort")) and isinstance(told[name], int)
    }
    return tuple({**told, **highest}.items())


# rules as sentences


def rule_sentence(ruleset: Ruleset, rule: str) -> tuple[Message, ...]:
    """A rule as a row of parts to be joined: if ..., then ..., and who approves. KeyError: none."""
    node = next((each for each in ruleset.raw["rules"] if each["id"] == rule), None)
    if node is None:
        raise KeyError(rule)
    words = _Words(ruleset)
    parts = [Message("if"), *words.condition(node["if"]), Message("then")]
    for index, action in enumerate(node["then"]):
        parts += [Message("also")] if index else []
        parts += words.action(action)
    parts.append(Message(f"approval.{node.get('approval', 'auto')}"))
    return tuple(parts)


class _Words:
    """The parts of one ruleset's conditions and actions, with its parameters' values."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.parameters: dict[str, Parameter] = ruleset.parameters
        self.definitions = ruleset.raw.get("definitions", {})

    def condition(self, node: Any) -> Iterator[Message]:
        for key in ("all", "any"):
            if key in node:
                yield from self._joined(node[key], "and" if key == "all" else "or")
                return
        if "use" in node:
            yield from self.condition(self.definitions[node["use"]])
        elif "fact" in node or "value" in node or "count" in node:
            yield from self._compared(node)
        elif "known" in node:
            yield Message("if.known", (("fact", node["known"]),))
        else:
            yield from self._wrapped(node)

    def _joined(self, nodes: list[Any], word: str) -> Iterator[Message]:
        for index, each in enumerate(nodes):
            if index:
                yield Message(word)
            nested = ("all" in each or "any" in each) and len(nodes) > 1
            yield from [Message("open")] if nested else []
            yield from self.condition(each)
            yield from [Message("close")] if nested else []

    def _wrapped(self, node: Any) -> Iterator[Message]:
        if "streak" in node:
            yield Message("if.streak", (("sessions", self.number(node["streak"])),))
            inner = node["of"]
        elif "not" in node:
            yield Message("not")
            inner = node["not"]
        else:
            yield Message("if.every_set" if "every" in node else "if.some_set")
            inner = node["is"]
        yield Message("open")
        yield from self.condition(inner)
        yield Message("close")

    def _compared(self, node: Any) -> Iterator[Message]:
        left = node.get("fact") or ("count" if "count" in node else self.number(node["value"]))
        tests = [key for key in ("is", "in", "between", *OPERATORS) if key in node]
        for index, key in enumerate(tests or ["is"]):
            given = node.get(key, True)
            if index:
                yield Message("and")
            if isinstance(given, bool):
                yield Message(f"if.{'true' if given else 'false'}", (("fact", left),))
                continue
            several = given if isinstance(given, list) else [given]
            values = [self.number(each) for each in several]
            numbers = [(f"value{i or ''}", value) for i, value in enumerate(values)]
            yield Message(f"if.{key}", (("fact", left), *numbers))

    def number(self, node: Any) -> FactValue:
        """A number's value, or the name of the fact that it is."""
        if isinstance(node, str) or is_number(node):
            return node if isinstance(node, str) else plain(exact(node))
        if "param" in node:
            return plain(self.parameters[node["param"]].value)
        if "fact" in node:
            return str(node["fact"])
        return self._arithmetic(node)

    def _arithmetic(self, node: Any) -> FactValue:
        for key in ARITHMETIC.keys() & node.keys():
            left, right = (self.number(each) for each in node[key])
            if isinstance(left, int) and isinstance(right, int):
                return plain(ARITHMETIC[key](left, right))
            if key in ("least", "greatest"):
                return left if isinstance(left, int) else right
        return next((key for key in ("over", "table", *ARITHMETIC) if key in node), None)

    def action(self, node: Any) -> Iterator[Message]:
        if node["do"] == "first":
            for index, each in enumerate(node["of"]):
                yield from [Message("else")] if index else []
                yield from self.action(each)
            return
        yield self._act(node)

    def _act(self, node: Any) -> Message:
        do, field = node["do"], node.get("field")
        numbers: list[tuple[str, FactValue]] = [("field", field)] if field in UNITS else []
        for key in ("by", "to", "percent", "days"):
            if key in node:
                numbers.append((key, self.number(node[key])))
        way = node.get("go") or self._way(dict(numbers))
        if do in ("add", "scale", "ladder"):
            do = f"{do}_{way}"
        if do in ("notify", "flag"):
            numbers.append(("kind", node.get("kind")))
        return Message(f"do.{do}", tuple(numbers))

    def _way(self, numbers: dict[str, FactValue]) -> str:
        amount = numbers.get("by", numbers.get("percent", 0))
        return "down" if str(amount).startswith("-") else "up"
