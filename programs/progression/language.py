"""Conditions of the rule language, compiled once into closures.

A condition answers True, False or None (unknown), by Kleene's logic.
"""

import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from programs.progression.facts import AtLeast, Context, Level, is_unsure
from programs.progression.numbers import (
    Condition,
    Node,
    Number,
    Numbers,
    Value,
    exact,
    is_number,
)

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    name: getattr(operator, name) for name in ("lt", "le", "eq", "ne", "ge", "gt")
}
RELATIONS = ("is", "in", "between", *OPERATORS)
INFINITE = float("inf")


class Compiler(Numbers):
    """Compiles the conditions and numbers of one ruleset."""

    def condition(self, node: Node, path: str, level: Level = "session") -> Condition:
        """The compiled condition; one that is never true where there is a fault."""
        for key, build in self.CONDITIONS.items():
            if not is_number(node) and key in node:
                return build(self, key, node, path, level)
        self.fault("wrong_type", path, "a number stands where a condition is asked for")
        return never

    def _any(self, key: str, node: Node, path: str, level: Level) -> Condition:
        parts = [self.condition(n, f"{path}.{key}[{i}]", level) for i, n in enumerate(node[key])]
        return kleene(parts, ends=key == "any")

    def _all(self, key: str, node: Node, path: str, level: Level) -> Condition:
        for name in sorted({part["fact"] for part in node["all"] if "fact" in part}):
            if self._is_empty(name, node["all"]):
                self.fault("unreachable", f"{path}.all", f"no {name} is all of that")
        return self._any(key, node, path, level)

    def _is_empty(self, name: str, parts: list[Node]) -> bool:
        """True if no value of the fact meets every comparison, as the parameters stand."""
        ends = [
            (OPERATORS[key], value)
            for part in parts
            for key in OPERATORS
            if part.get("fact") == name and (value := self._fixed(part.get(key))) is not None
        ]
        at = sorted({value for _, value in ends})
        tries = [*at, *(Fraction(sum(pair)) / 2 for pair in pairwise(at)), -INFINITE, INFINITE]
        return not any(all(meets(each, value) for meets, value in ends) for each in tries)

    def _fixed(self, node: Node) -> Number | None:
        if is_number(node):
            return exact(node)
        parameter = self.parameters.get(node["param"]) if node and "param" in node else None
        return parameter and parameter.value

    def _not(self, key: str, node: Node, path: str, level: Level) -> Condition:
        test = self.condition(node["not"], f"{path}.not", level)
        return lambda context, view: None if (a := test(context, view)) is None else not a

    def _known(self, key: str, node: Node, path: str, level: Level) -> Condition:
        read = self.fact(node["known"], f"{path}.known", level).read
        return lambda context, view: not is_unsure(read(context, view))

    def _use(self, key: str, node: Node, path: str, level: Level) -> Condition:
        return self.defined(node["use"], path, self.condition, level) or never

    def _sets(self, key: str, node: Node, path: str, level: Level) -> Condition:
        test = self.condition(node["is"], f"{path}.is", "set")

        def run(context: Context, view: Any) -> bool | None:
            each_set = [lambda c, _, s=each: test(c, s) for each in view.sets]
            return kleene(each_set, ends=key == "some")(context, view) if each_set else None

        return run

    def _streak(self, key: str, node: Node, path: str, level: Level) -> Condition:
        need = self.whole(node["streak"], f"{path}.streak", 1, 50)
        test = self.condition(node["of"], f"{path}.of", _of_sessions(level))
        self.window, live_only = max(self.window, need), self.live_only

        def run(context: Context, view: Any) -> bool | None:
            missing, answer = need, True
            for each in context.views:
                result = test(context, each)
                if result is False:
                    return False
                if result is None:
                    answer = False
                if each.live or not live_only:
                    missing -= 1
                    if not missing:
                        return True if answer else None
            return False

        return run

    def _count(self, key: str, node: Node, path: str, level: Level) -> Condition:
        test = self.condition(node["count"], f"{path}.count", _of_sessions(level))
        views = self.views(node["over"], f"{path}.over")

        def read(context: Context, view: Any) -> Any:
            answers = [test(context, each) for each in views(context)]
            sure = answers.count(True)
            return AtLeast(sure) if None in answers else sure

        return self._compared(Value(read, unit="sessions"), node, path, level)

    def _compare(self, key: str, node: Node, path: str, level: Level) -> Condition:
        build = self.fact if key == "fact" else self.number
        return self._compared(build(node[key], f"{path}.{key}", level), node, path, level)

    def _compared(self, left: Value, node: Node, path: str, level: Level) -> Condition:
        tests = [
            self._relation(left, key, node[key], f"{path}.{key}", level)
            for key in RELATIONS
            if key in node
        ]
        if not tests and left.kind not in ("flag", "any"):
            self.fault("missing_key", path, f"compare it by one of {', '.join(RELATIONS)}")
        tests = tests or [_is(left, value=True)]
        return tests[0] if len(tests) == 1 else kleene(tests, ends=False)

    def _relation(self, left: Value, key: str, node: Node, path: str, level: Level) -> Condition:
        if key == "is":
            return self._equal(left, node, path)
        if key == "in":
            return kleene([self._equal(left, each, path) for each in node], ends=True)
        if left.kind not in ("number", "any"):
            self.fault("wrong_type", path, f"only numbers have {key}; use is or in")
        if key != "between":
            return self._ordered(left, key, node, path, level)
        ends = zip(("ge", "le"), node, strict=True)
        return kleene([self._ordered(left, op, end, path, level) for op, end in ends], ends=False)

    def _equal(self, left: Value, value: Any, path: str) -> Condition:
        kind = {bool: "flag", str: "word"}.get(type(value), "number")
        if left.kind not in (kind, "any"):
            self.fault("wrong_type", path, f"{value!r} is not a {left.kind}")
        elif left.fact and left.fact.choices and value not in left.fact.choices:
            self.fault("unknown_word", path, f"one of {', '.join(left.fact.choices)}")
        return _is(left, value=exact(value) if kind == "number" else value)

    def _ordered(self, left: Value, key: str, node: Node, path: str, level: Level) -> Condition:
        right = self.number(node, path, level)
        if left.unit and right.unit and left.unit != right.unit:
            self.fault("unit_mismatch", path, f"compares {left.unit} with {right.unit}")
        if left.unit == "points" and right.const is not None and not _reachable(key, right.const):
            self.fault("unreachable", path, "points go from 0 to 10: never or always true")
        return _relate(left, OPERATORS[key], right)

    CONDITIONS = {
        "all": _all, "any": _any, "not": _not, "known": _known, "use": _use,
        "every": _sets, "some": _sets, "streak": _streak, "count": _count,
        "fact": _compare, "value": _compare,
    }  # fmt: skip


def _of_sessions(level: Level) -> Level:
    """What a streak or a count looks at, also where it stands inside every or some set."""
    return "session" if level == "set" else level


def never(context: Context, view: Any) -> bool:
    return False


def kleene(tests: Sequence[Condition], *, ends: bool) -> Condition:
    """The first answer that is `ends` decides; else unknown if any is, else the opposite."""

    def run(context: Context, view: Any) -> bool | None:
        answer: bool | None = not ends
        for test in tests:
            each = test(context, view)
            if each is ends:
                return ends
            if each is None:
                answer = None
        return answer

    return run


def _reachable(key: str, fixed: Number) -> bool:
    """False if a comparison of 0-10 points with a fixed number has only one answer."""
    return {"gt": 0 <= fixed < 10, "le": 0 <= fixed < 10}.get(key, 0 < fixed <= 10) or key == "eq"


def _is(left: Value, *, value: Any) -> Condition:
    return _relate(left, operator.eq, Value(lambda context, view: value, const=value))


def _relate(left: Value, compare: Callable[[Any, Any], Any], right: Value) -> Condition:
    """True, False, or None where a value isn't known. Most compare a fact with a fixed value."""
    read, read_other, fixed, fact = left.read, right.read, right.const, left.fact
    if fact is not None and fixed is not None:
        get = fact.read
        if fact.level == "side":
            return lambda context, view: None if (a := get(context)) is None else compare(a, fixed)
        return lambda context, view: None if (a := get(view)) is None else compare(a, fixed)

    def run(context: Context, view: Any) -> bool | None:
        one, other = read(context, view), read_other(context, view)
        return None if one is None or other is None else compare(one, other)

    return run
