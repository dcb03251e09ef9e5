"""The rule language: JSON conditions and numbers, checked and compiled once into closures.

A condition answers True, False or None (unknown), by Kleene's logic. Every fault is collected
with its JSON path; nothing stops at the first.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from programs.progression.facts import FACTS, AtLeast, Context, Fact, Level, declared, highest

MAX_DEPTH = 12
Condition = Callable[[Context, Any], bool | None]
Number = int | Fraction
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "gt": operator.gt,
}
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "plus": operator.add,
    "minus": operator.sub,
    "times": operator.mul,
    "divided": lambda a, b: Fraction(a) / Fraction(b) if b else None,
    "least": min,
    "greatest": max,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a code, the JSON path of the place, and what to do about it."""

    code: str
    path: str
    hint: str

    def __str__(self) -> str:
        return f"{self.path}: {self.hint} [{self.code}]"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that the clinician sees and may change, between `low` and `high`."""

    name: str
    value: Number
    low: Number
    high: Number
    unit: str = ""


@dataclass(slots=True)
class Value:
    """A compiled number or word: how to read it, and what is known of it beforehand."""

    read: Callable[[Context, Any], Any]
    kind: str = "number"
    unit: str = ""
    const: Any = None
    low: Number | None = None
    high: Number | None = None
    fact: Fact | None = None


def exact(number: Any) -> Number:
    """A JSON number without rounding: an int where it is whole, else a fraction."""
    fraction = Fraction(str(number))
    return fraction.numerator if fraction.denominator == 1 else fraction


def is_number(node: Any) -> bool:
    return isinstance(node, int | float | Fraction) and not isinstance(node, bool)


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


class Compiler:
    """Compiles the conditions and numbers of one ruleset. `facts`, `window`: of the last rule."""

    def __init__(self, parameters: dict[str, Parameter], definitions: dict[str, Any]) -> None:
        self.parameters = parameters
        self.definitions = definitions
        self.faults: list[Fault] = []
        self.start(live_only=False)

    def start(self, *, live_only: bool) -> None:
        """Forget what the last rule read. `live_only`: only live sessions count in a streak."""
        self.live_only = live_only
        self.facts: set[str] = set()
        self.window = 1
        self.inside: list[str] = []

    def fault(self, code: str, path: str, hint: str) -> None:
        self.faults.append(Fault(code, path, hint))

    def keys(self, node: dict[str, Any], path: str, allowed: set[str]) -> None:
        """A fault for each key of `node` that isn't allowed."""
        for key in sorted(node.keys() - allowed):
            self.fault("unknown_key", f"{path}.{key}", f"not known here; known: {_names(allowed)}")

    # conditions

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
        return self._never("missing_key", path, f"a condition has one of {_names(_CONDITIONS)}")

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
            return self._never(
                "unknown_definition", path, f"defined are {_names(self.definitions)}"
            )
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
            return self._never("unknown_word", path, f"one of {_names(left.fact.choices)}")
        return _is(left, right)

    def _ordered(self, left: Value, key: str, node: Any, path: str, level: Level) -> Condition:
        right = self.number(node, path, level)
        if left.unit and right.unit and left.unit != right.unit:
            self.fault("unit_mismatch", path, f"compares {left.unit} with {right.unit}")
        if left.unit == "points" and right.const is not None and not _reachable(key, right.const):
            self.fault("unreachable", path, "points go from 0 to 10: never or always true")
        return _relate(left, OPERATORS[key], right)

    # numbers

    def fact(self, name: Any, path: str, level: Level) -> Value:
        """The value of a named fact; a fault if it isn't known or isn't known at this level."""
        found = FACTS.get(name) if isinstance(name, str) else None
        if found is None and isinstance(name, str) and name.startswith("state."):
            found = declared(name[6:])
        if found is None:
            self.fault("unknown_fact", path, f"{name!r} is no fact; known: {_names(FACTS)}")
            return Value(lambda context, view: None)
        if found.level != level and found.level != "side":
            self.fault("wrong_level", path, f"{name} belongs to a {found.level}")
        if found.level != "set":
            self.facts.add(found.name)
        get = found.read
        on_side = found.level == "side"
        read = (
            (lambda context, view: get(context)) if on_side else (lambda context, view: get(view))
        )
        return Value(read, found.kind, found.unit, fact=found)

    def number(self, node: Any, path: str, level: Level = "session", depth: int = 0) -> Value:
        """The compiled number: literal, parameter, fact, arithmetic, aggregate or table."""
        if is_number(node):
            value = exact(node)
            return Value(lambda context, view: value, const=value, low=value, high=value)
        if isinstance(node, dict) and depth <= MAX_DEPTH:
            for key, build in _NUMBERS.items():
                if key in node:
                    return build(self, node, path, level, depth + 1)
        self.fault("wrong_type", path, f"a number, or an object with one of {_names(_NUMBERS)}")
        return Value(lambda context, view: None)

    def whole(self, node: Any, path: str, low: int, high: int) -> int:
        """A whole number fixed before any decision: a literal or a parameter."""
        value = self.number(node, path)
        if not isinstance(value.const, int) or not low <= value.const <= high:
            self.fault("out_of_range", path, f"a whole number or parameter from {low} to {high}")
            return low
        return value.const

    def _parameter(self, node: Any, path: str, level: Level, depth: int) -> Value:
        self.keys(node, path, {"param"})
        found = self.parameters.get(node["param"]) if isinstance(node["param"], str) else None
        if found is None:
            self.fault("unknown_parameter", path, f"parameters are {_names(self.parameters)}")
            return Value(lambda context, view: None)
        value = found.value
        return Value(
            lambda context, view: value, "number", found.unit, value, found.low, found.high
        )

    def _fact_number(self, node: Any, path: str, level: Level, depth: int) -> Value:
        self.keys(node, path, {"fact"})
        value = self.fact(node["fact"], f"{path}.fact", level)
        if value.kind != "number":
            self.fault("wrong_type", path, f"{node['fact']} is not a number")
        return value

    def _arithmetic(self, node: Any, path: str, level: Level, depth: int) -> Value:
        key = next(key for key in ARITHMETIC if key in node)
        self.keys(node, path, {key})
        if not isinstance(node[key], list) or len(node[key]) != 2:
            self.fault("wrong_type", f"{path}.{key}", "a list of two numbers")
            return Value(lambda context, view: None)
        left, right = (
            self.number(each, f"{path}.{key}[{index}]", level, depth)
            for index, each in enumerate(node[key])
        )
        return _calculated(key, left, right)

    def _aggregate(self, node: Any, path: str, level: Level, depth: int) -> Value:
        key = next((key for key in _AGGREGATES if key in node), "max")
        self.keys(node, path, {"over", key})
        views = self.views(node["over"], f"{path}.over")
        of = self.fact(node.get(key), f"{path}.{key}", "session")
        join = _AGGREGATES[key]
        return Value(
            lambda context, view: join([of.read(context, each) for each in views(context)]),
            unit=of.unit,
        )

    def _table(self, node: Any, path: str, level: Level, depth: int) -> Value:
        self.keys(node, path, {"table", "of", "gap"})
        of = self.number(node.get("of"), f"{path}.of", level, depth)
        rows = self._rows(node["table"], f"{path}.table", gap=node.get("gap") == "unknown")

        def read(context: Context, view: Any) -> Any:
            value = of.read(context, view)
            if value is None or isinstance(value, AtLeast):
                return None
            return next((give for low, high, give in rows if low <= value <= high), None)

        return Value(read)

    def _rows(self, node: Any, path: str, *, gap: bool) -> list[tuple[Any, Any, Any]]:
        try:
            rows = sorted((exact(r["from"]), r.get("to"), exact(r["give"])) for r in node)
            rows = [
                (low, float("inf") if to is None else exact(to), give) for low, to, give in rows
            ]
        except (TypeError, KeyError, ValueError, AttributeError):
            self.fault("wrong_type", path, "rows of from, to (null: no end) and give, all numbers")
            return []
        for (_, high, _), (low, _, _) in pairwise(rows):
            if low <= high:
                self.fault("overlap", path, f"two rows hold {low}")
            elif low > high + 1 and not gap:
                self.fault("gap", path, f'nothing from {high} to {low}; or say "gap": "unknown"')
        return rows

    def views(self, node: Any, path: str) -> Callable[[Context], list[Any]]:
        """The sessions of a window: {"sessions" or "days": n, "skip": m}, newest first."""
        key = "days" if isinstance(node, dict) and "days" in node else "sessions"
        if not isinstance(node, dict) or key not in node:
            self.fault("wrong_type", path, '{"sessions": n} or {"days": n}, with "skip" if need be')
            return lambda context: []
        self.keys(node, path, {key, "skip"})
        size = self.whole(node[key], f"{path}.{key}", 1, 366)
        skip = self.whole(node.get("skip", 0), f"{path}.skip", 0, 366)
        if key == "sessions":
            self.window = max(self.window, min(size + skip, 5))
            return lambda context: context.every[skip : skip + size]
        return lambda context: [
            each
            for each in context.every
            if skip <= (context.today - each.local_date).days < skip + size
        ]


def _reachable(key: str, fixed: Number) -> bool:
    """False if a comparison of 0-10 points with a fixed number has only one answer."""
    return {"gt": 0 <= fixed < 10, "le": 0 <= fixed < 10}.get(key, 0 < fixed <= 10) or key == "eq"


def _names(names: Any) -> str:
    return ", ".join(sorted(names))


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


def _calculated(key: str, left: Value, right: Value) -> Value:
    work = ARITHMETIC[key]

    def read(context: Context, view: Any) -> Any:
        one, other = left.read(context, view), right.read(context, view)
        if isinstance(one, AtLeast | None) or isinstance(other, AtLeast | None):
            return None
        return work(one, other)

    if left.const is None or right.const is None:
        return Value(read, unit=left.unit or right.unit)
    const = work(left.const, right.const)
    return Value(lambda context, view: const, "number", left.unit, const, const, const)


def _whole(join: Callable[[Any], Any]) -> Callable[[list[Any]], Any]:
    """An aggregate that is unknown if any part of it is, or if there is none."""

    def run(values: list[Any]) -> Any:
        if not values or any(isinstance(each, AtLeast | None) for each in values):
            return None
        return join(values)

    return run


_AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "max": highest,
    "min": _whole(min),
    "sum": _whole(sum),
    "mean": _whole(lambda values: Fraction(sum(values)) / len(values)),
    "last": lambda values: values[0] if values else None,
}
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
_NUMBERS: dict[str, Callable[..., Value]] = {
    "param": Compiler._parameter,
    "fact": Compiler._fact_number,
    **dict.fromkeys(ARITHMETIC, Compiler._arithmetic),
    "over": Compiler._aggregate,
    "table": Compiler._table,
}
