"""Conditions of the rule language, checked and compiled once into closures.

A condition answers True, False or None (unknown), by Kleene's logic.
"""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from programs.progression.facts import AtLeast, Context, Level
from programs.progression.numbers import MAX_DEPTH, Number, Numbers, Value, exact, is_number, names

Condition = Callable[[Context, Any], bool | None]
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "gt": operator.gt,
}


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
    if len(quick) == len(tests):
        return _quick_all(quick)

    def run(context: Context, view: Any) -> bool | None:
        answer: bool | None = True
        for test in tests:
            each = test(context, view)
            if each is False:
                return False
            if each is None:
                answer = None
        return answer

    return run


def kleene_any(tests: Sequence[Condition]) -> Condition:
    def run(context: Context, view: Any) -> bool | None:
        answer: bool | None = False
        for test in tests:
            each = test(context, view)
            if each is True:
                return True
            if each is None:
                answer = None
        return answer

    return run


class Compiler(Numbers):
    """Compiles the conditions and numbers of one ruleset."""

    def condition(
        self, node: Any, path: str, level: Level = "session", depth: int = 0
    ) -> Condition:
        """The compiled condition; one that is never true where there is a fault."""
        if depth > MAX_DEPTH:
            return self._never("too_deep", path, f"nested deeper than {MAX_DEPTH}")
        if not isinstance(node, dict):
            return self._never("wrong_type", path, "a condition is an object")
        for key, build in _CONDITIONS.items():
            if key in node:
                return build(self, node, path, level, depth + 1)
        return self._never("missing_key", path, f"a condition has one of {names(_CONDITIONS)}")

    def _never(self, code: str, path: str, hint: str) -> Condition:
        self.fault(code, path, hint)
        return lambda context, view: False

    def _several(self, node: Any, path: str, level: Level, depth: int) -> Condition:
        key = "all" if "all" in node else "any"
        self.keys(node, path, {key})
        if not isinstance(node[key], list) or not node[key]:
            return self._never("wrong_type", f"{path}.{key}", "a list of conditions")
        tests = [
            self.condition(each, f"{path}.{key}[{index}]", level, depth)
            for index, each in enumerate(node[key])
        ]
        return kleene_all(tests) if key == "all" else kleene_any(tests)

    def _not(self, node: Any, path: str, level: Level, depth: int) -> Condition:
        self.keys(node, path, {"not"})
        test = self.condition(node["not"], f"{path}.not", level, depth)

        def run(context: Context, view: Any) -> bool | None:
            answer = test(context, view)
            return None if answer is None else not answer

        return run

    def _known(self, node: Any, path: str, level: Level, depth: int) -> Condition:
        self.keys(node, path, {"known"})
        read = self.fact(node["known"], f"{path}.known", level).read
        return lambda context, view: not isinstance(read(context, view), AtLeast | None)

    def _use(self, node: Any, path: str, level: Level, depth: int) -> Condition:
        self.keys(node, path, {"use"})
        name = node["use"]
        if not isinstance(name, str) or name not in self.definitions:
            return self._never("unknown_definition", path, f"defined are {names(self.definitions)}")
        if name in self.inside:
            return self._never("recursion", path, f"{name} uses itself")
        self.inside.append(name)
        test = self.condition(self.definitions[name], f"$.definitions.{name}", level, depth)
        self.inside.pop()
        return test

    def _sets(self, node: Any, path: str, level: Level, depth: int) -> Condition:
        key = "every" if "every" in node else "some"
        self.keys(node, path, {key, "is"})
        if node[key] != "set" or level == "set":
            return self._never("wrong_type", f"{path}.{key}", 'only "set", and not within a set')
        test = self.condition(node.get("is"), f"{path}.is", "set", depth)
        join = kleene_all if key == "every" else kleene_any

        def run(context: Context, view: Any) -> bool | None:
            if not view.sets:
                return None
            return join([lambda c, _, s=each: test(c, s) for each in view.sets])(context, view)  # type: ignore[misc]

        return run

    def _streak(self, node: Any, path: str, level: Level, depth: int) -> Condition:
        self.keys(node, path, {"streak", "of"})
        need = self.whole(node["streak"], f"{path}.streak", 1, 50)
        test = self.condition(node.get("of"), f"{path}.of", level, depth)
        self.window = max(self.window, need)
        live_only = self.live_only

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

    def _count(self, node: Any, path: str, level: Level, depth: int) -> Condition:
        self.keys(node, path, {"count", "over", *OPERATORS})
        test = self.condition(node["count"], f"{path}.count", level, depth)
        views = self.views(node.get("over"), f"{path}.over")

        def read(context: Context, view: Any) -> Any:
            answers = [test(context, each) for each in views(context)]
            sure = answers.count(True)
            return AtLeast(sure) if None in answers else sure

        return self._compared(Value(read, unit="sessions"), node, path, level)

    def _compare(self, node: Any, path: str, level: Level, depth: int) -> Condition:
        key = "fact" if "fact" in node else "value"
        self.keys(node, path, {key, "is", "in", "between", *OPERATORS})
        if key == "fact":
            left = self.fact(node["fact"], f"{path}.fact", level)
        else:
            left = self.number(node["value"], f"{path}.value", level, depth)
        return self._compared(left, node, path, level)

    def _compared(self, left: Value, node: Any, path: str, level: Level) -> Condition:
        tests = [
            self._relation(left, key, node[key], f"{path}.{key}", level)
            for key in ("is", "in", "between", *OPERATORS)
            if key in node
        ]
        if not tests and left.kind != "flag":
            return self._never("missing_key", path, "compare it: is, in, between, lt, le, ge ...")
        return tests[0] if len(tests) == 1 else kleene_all(tests or [_is(left, True)])

    def _relation(self, left: Value, key: str, node: Any, path: str, level: Level) -> Condition:
        if key == "is":
            return self._equal(left, node, path)
        if key == "in":
            if isinstance(node, list) and node:
                return kleene_any([self._equal(left, each, path) for each in node])
            return self._never("wrong_type", path, "a list of values")
        if left.kind != "number":
            return self._never("wrong_type", path, f"only numbers have {key}; use is or in")
        if key != "between":
            return self._ordered(left, key, node, path, level)
        if not isinstance(node, list) or len(node) != 2:
            return self._never("wrong_type", path, "[lowest, highest]")
        ends = zip(("ge", "le"), node, strict=True)
        return kleene_all([self._ordered(left, op, end, path, level) for op, end in ends])

    def _equal(self, left: Value, value: Any, path: str) -> Condition:
        right = exact(value) if is_number(value) else value
        kind = {bool: "flag", str: "word"}.get(type(value), "number")
        if kind != left.kind:
            return self._never("wrong_type", path, f"{value!r} is not a {left.kind}")
        if left.fact and left.fact.choices and value not in left.fact.choices:
            return self._never("unknown_word", path, f"one of {names(left.fact.choices)}")
        return _is(left, right)

    def _ordered(self, left: Value, key: str, node: Any, path: str, level: Level) -> Condition:
        right = self.number(node, path, level)
        if left.unit and right.unit and left.unit != right.unit:
            self.fault("unit_mismatch", path, f"compares {left.unit} with {right.unit}")
        if left.unit == "points" and right.const is not None and not _reachable(key, right.const):
            self.fault("unreachable", path, "points go from 0 to 10: never or always true")
        return _relate(left, OPERATORS[key], right)


def _reachable(key: str, fixed: Number) -> bool:
    """False if a comparison of 0-10 points with a fixed number has only one answer."""
    return {"gt": 0 <= fixed < 10, "le": 0 <= fixed < 10}.get(key, 0 < fixed <= 10) or key == "eq"


def _is(left: Value, right: Any) -> Condition:
    if left.fact is not None and left.fact.level != "side":
        return _relate(left, operator.eq, Value(left.read, const=right))
    read = left.read

    def run(context: Context, view: Any) -> bool | None:
        value = read(context, view)
        return None if value is None else value == right

    return run


def _relate(left: Value, compare: Callable[[Any, Any], Any], right: Value) -> Condition:
    """A comparison; the common case (a session's fact against a fixed number) is the fast one."""
    if right.const is not None and left.fact is not None and left.fact.level != "side":
        get, fixed = left.fact.read, right.const

        def quick(context: Context, view: Any) -> bool | None:
            value = get(view)
            return None if value is None else compare(value, fixed)

        quick.quick = (get, compare, fixed)  # type: ignore[attr-defined]
        return quick
    a, b = left.read, right.read

    def run(context: Context, view: Any) -> bool | None:
        one, other = a(context, view), b(context, view)
        if one is None or other is None:
            return None
        if isinstance(one, AtLeast) and isinstance(other, AtLeast):
            return None
        return compare(one, other)  # type: ignore[no-any-return]

    return run


_CONDITIONS: dict[str, Callable[..., Condition]] = {
    "all": Compiler._several,
    "any": Compiler._several,
    "not": Compiler._not,
    "known": Compiler._known,
    "use": Compiler._use,
    "every": Compiler._sets,
    "some": Compiler._sets,
    "streak": Compiler._streak,
    "count": Compiler._count,
    "fact": Compiler._compare,
    "value": Compiler._compare,
}
