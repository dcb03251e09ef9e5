"""Numbers of the rule language: literals, parameters, facts, arithmetic, windows and tables.

Every fault is collected with its JSON path; nothing stops at the first.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from programs.progression.facts import FACTS, AtLeast, Context, Fact, Level, declared, highest

MAX_DEPTH = 12
Number = int | Fraction
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


class Numbers:
    """Compiles the numbers of one ruleset. `facts` and `window` are those of the last rule."""

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
            self.fault("unknown_key", f"{path}.{key}", f"not known here; known: {names(allowed)}")

    def fact(self, name: Any, path: str, level: Level) -> Value:
        """The value of a named fact; a fault if it isn't known or isn't known at this level."""
        found = FACTS.get(name) if isinstance(name, str) else None
        if found is None and isinstance(name, str) and name.startswith("state."):
            found = declared(name[6:])
        if found is None:
            self.fault("unknown_fact", path, f"{name!r} is no fact; known: {names(FACTS)}")
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
        self.fault("wrong_type", path, f"a number, or an object with one of {names(_NUMBERS)}")
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
            self.fault("unknown_parameter", path, f"parameters are {names(self.parameters)}")
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


def names(names: Any) -> str:
    return ", ".join(sorted(names))


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
_NUMBERS: dict[str, Callable[..., Value]] = {
    "param": Numbers._parameter,
    "fact": Numbers._fact_number,
    **dict.fromkeys(ARITHMETIC, Numbers._arithmetic),
    "over": Numbers._aggregate,
    "table": Numbers._table,
}
