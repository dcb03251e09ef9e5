"""A rule as a row of parts, each an id with its numbers; rule_words.py has their words."""

from collections.abc import Iterator
from typing import Any

from programs.progression import Message, Ruleset
from programs.progression.facts import UNITS, plain
from programs.progression.language import OPERATORS
from programs.progression.numbers import ARITHMETIC, Parameter, exact, is_number
from programs.progression.types import FactValue


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
