"""Conditions of the rule language, compiled once into closures.

A condition answers True, False or None (unknown), by Kleene's logic.
"""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from programs.progression.facts import Context, Level
from programs.progression.numbers import Condition, Node, Number, Numbers, Value, exact, is_number
from programs.progression.unknown import AtLeast, is_unsure

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    name: getattr(operator, name) for name in ("lt", "le", "eq", "ne", "ge", "gt")
}
RELATIONS = ("is", "in", "between", *OPERATORS)


class Compiler(Numbers):
    """Compiles the conditions and numbers of one ruleset."""

    def condition(self, node: Node, path: str, level: Level = "session") -> Condition:
        """The compiled condition; one that is never true where there is a fault."""
        for key, build in self.CONDITIONS.items():
            if not is_number(node) and key in node:
                return build(self, node, path, level)
        self.fault("wrong_type", path, "a number stands where a condition is asked for")
        return never

    def _several(self, node: Node, path: str, level: Level) -> Condition:
        key = "all" if "all" in node else "any"
        parts = [self.condition(n, f"{path}.{key}[{i}]", level) for i, n in enumerate(node[key])]
        return kleene_all(parts) if key == "all" else kleene_any(parts)

    def _not(self, node: Node, path: str, level: Level) -> Condition:
        test = self.condition(node["not"], f"{path}.not", level)
        return lambda context, view: None if (a := test(context, view)) is None else not a

    def _known(self, node: Node, path: str, level: Level) -> Condition:
        read = self.fact(node["known"], f"{path}.known", level).read
        return lambda context, view: not is_unsure(read(context, view))

    def _use(self, node: Node, path: str, level: Level) -> Condition:
        return self.defined(node["use"], path, self.condition, level) or never

    def _sets(self, node: Node, path: str, level: Level) -> Condition:
        test = self.condition(node["is"], f"{path}.is", "set")
        join = kleene_all if "every" in node else kleene_any

        def run(context: Context, view: Any) -> bool | None:
            each_set = [lambda c, _, s=each: test(c, s) for each in view.sets]
            return join(each_set)(context, view) if each_set else None

        return run

    def _streak(self, node: Node, path: str, level: Level) -> Condition:
        need = self.whole(node["streak"], f"{path}.streak", 1, 50)
        test = self.condition(node["of"], f"{path}.of", level)
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

    def _count(self, node: Node, path: str, level: Level) -> Condition:
        test = self.condition(node["count"], f"{path}.count", level)
        views = self._views(node["over"], f"{path}.over")

        def read(context: Context, view: Any) -> Any:
            answers = [test(context, each) for each in views(context)]
            sure = answers.count(True)
            return AtLeast(sure) if None in answers else sure

        return self._compared(Value(read, unit="sessions"), node, path, level)

    def _compare(self, node: Node, path: str, level: Level) -> Condition:
        if "fact" in node:
            return self._compared(self.fact(node["fact"], f"{path}.fact", level), node, path, level)
        return self._compared(self.number(node["value"], f"{path}.value", level), node, path, level)

    def _compared(self, left: Value, node: Node, path: str, level: Level) -> Condition:
        tests = [
            self._relation(left, key, node[key], f"{path}.{key}", level)
            for key in RELATIONS
            if key in node
        ]
        if not tests and left.kind not in ("flag", "any"):
            self.fault("missing_key", path, f"compare it by one of {', '.join(RELATIONS)}")
        return tests[0] if len(tests) == 1 else kleene_all(tests or [_is(left, value=True)])

    def _relation(self, left: Value, key: str, node: Node, path: str, level: Level) -> Condition:
        if key == "is":
            return self._equal(left, node, path)
        if key == "in":
            return kleene_any([self._equal(left, each, path) for each in node])
        if left.kind not in ("number", "any"):
            self.fault("wrong_type", path, f"only numbers have {key}; use is or in")
        if key != "between":
            return self._ordered(left, key, node, path, level)
        ends = zip(("ge", "le"), node, strict=True)
        return kleene_all([self._ordered(left, op, end, path, level) for op, end in ends])

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
        "all": _several, "any": _several, "not": _not, "known": _known, "use": _use,
        "every": _sets, "some": _sets, "streak": _streak, "count": _count,
        "fact": _compare, "value": _compare,
    }  # fmt: skip


def never(context: Context, view: Any) -> bool:
    return False


def _quick_all(parts: list[tuple[Any, Any, Any]]) -> Condition:
    """All of several comparisons of a session's facts with fixed values, without a call each."""

    def run(context: Context, view: Any) -> bool | None:
        answer: bool | None = True
        for get, compare, fixed in parts:
            value = get(view)
            each = None if value is None else compare(value, fixed)
            if each is None:
                answer = None
            elif not each:
                return False
        return answer

    return run


def kleene_all(tests: Sequence[Condition]) -> Condition:
    quick = [test.quick for test in tests if hasattr(test, "quick")]
    return _quick_all(quick) if len(quick) == len(tests) else _kleene(tests, ends=False)


def kleene_any(tests: Sequence[Condition]) -> Condition:
    return _kleene(tests, ends=True)


def _kleene(tests: Sequence[Condition], *, ends: bool) -> Condition:
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
    return _relate(left, operator.eq, Value(left.read, const=value))


def _relate(left: Value, compare: Callable[[Any, Any], Any], right: Value) -> Condition:
    """A comparison; the common case (a session's fact against a fixed value) is the fast one."""
    fixed, one = right.const, left.read
    if fixed is not None and left.fact is not None and left.fact.level != "side":
        get = left.fact.read

        def quick(context: Context, view: Any) -> bool | None:
            value = get(view)
            return None if value is None else compare(value, fixed)

        quick.quick = (get, compare, fixed)  # type: ignore[attr-defined]  # see kleene_all
        return quick
    other = (lambda context, view: fixed) if fixed is not None else right.read

    def run(context: Context, view: Any) -> bool | None:
        a, b = one(context, view), other(context, view)
        if a is None or b is None:
            return None
        return compare(a, b)  # type: ignore[no-any-return]  # True, False, or AtLeast's None

    return run
