"""Numbers of the rule language: literals, parameters, facts, arithmetic, windows and tables.

Compiled once into closures. The shape was checked before (schema.py); here names, kinds, units
and ranges are. Numbers are exact: no rounding until a dose is made.
"""

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from programs.progression.facts import (
    KG_IN_LB,
    Context,
    Fact,
    Level,
    View,
    fact_named,
    highest,
    is_unsure,
)
from programs.shapes import Fault

Node = Any
Number = int | Fraction
Read = Callable[[Context, Any], Any]
Condition = Callable[[Context, Any], bool | None]
MAX_USES = 500  # of definitions, each of which may use others
WINDOWS = {"sessions": 1, "days": 1, "weeks": 7}
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "plus": operator.add,
    "minus": operator.sub,
    "times": operator.mul,
    "divided": lambda a, b: Fraction(a) / b if b else None,
    "least": min,
    "greatest": max,
}


class Parameter(NamedTuple):
    """A number that the clinician sees and may change, between `low` and `high`."""

    name: str
    value: Number
    low: Number
    high: Number
    unit: str = ""


class Row(NamedTuple):
    """From `low` to `high` of what was done: a change, from the published `near` to the `far`."""

    low: int
    high: int | None  # None: no end
    near: Number
    far: Number
    status: str


class Value(NamedTuple):
    """A compiled number or word: how to read it, and what is known of it beforehand."""

    read: Read
    kind: str = "number"
    unit: str = ""
    const: Any = None
    low: Number | None = None
    high: Number | None = None
    fact: Fact | None = None


UNKNOWN = Value(lambda context, view: None, "any")


def exact(number: int | float) -> Number:
    """A JSON number without rounding: an int where it is whole, else a fraction."""
    fraction = Fraction(str(number))
    return fraction.numerator if fraction.denominator == 1 else fraction


def is_number(node: Node) -> bool:
    return isinstance(node, int | float) and not isinstance(node, bool)


def constant(node: int | float, parameter: Parameter | None = None) -> Value:
    """A literal, or a parameter with the range that it may be changed within."""
    value = exact(node)
    _, value, low, high, unit = parameter or Parameter("", value, value, value)
    return Value(lambda context, view: value, "number", unit, value, low, high)


def _whole(join: Callable[[Any], Any]) -> Callable[[list[Any]], Any]:
    """An aggregate that is unknown if any part of it is, or if there is none."""

    def run(values: list[Any]) -> Any:
        unknown = not values or any(map(is_unsure, values))
        return None if unknown else join(values)

    return run


AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "max": highest,
    "min": _whole(min),
    "sum": _whole(sum),
    "mean": _whole(lambda values: Fraction(sum(values)) / len(values)),
    "last": lambda values: values[0] if values else None,
}


class Table(NamedTuple):
    """Ranges of numbers to changes. `more`, `less`: where in a pair, for raises and reductions."""

    rows: dict[str, tuple[Row, ...]]  # by the unit of those who use them
    more: Value
    less: Value

    def changes(self, context: Context) -> list[tuple[Row, Number]]:
        """Each row of the unit, and what it gives."""
        found = []
        for row in self.rows.get(context.state.unit, self.rows["kg"]):
            share = (self.less if row.far < row.near else self.more).read(context, None)
            found.append((row, row.near + (row.far - row.near) * share))
        return found

    def look_up(self, context: Context, value: Number) -> Number | None:
        """What the row of `value` gives; None outside the rows: it was never published."""
        for row, gives in self.changes(context):
            if row.low <= value and (row.high is None or value <= row.high):
                return gives
        return None


class Numbers:
    """Compiles the numbers of one ruleset; `facts`, `window`, `tables`: what the last rule read."""

    def __init__(self, parameters: dict[str, Parameter], definitions: Mapping[str, Node]) -> None:
        self.parameters, self.definitions = parameters, definitions
        self.faults: list[Fault] = []
        self.uses = 0
        self.start(live_only=False)

    def start(self, *, live_only: bool) -> None:
        """Forget what the last rule read. `live_only`: only live sessions count in a streak."""
        self.live_only, self.window = live_only, 1
        self.facts: dict[str, Fact] = {}
        self.tables: list[Condition] = []
        self.inside: list[str] = []

    def fault(self, code: str, path: str, hint: str) -> Value:
        self.faults.append(Fault(code, path, hint))
        return UNKNOWN

    def fact(self, name: str, path: str, level: Level) -> Value:
        """The value of a named fact; a fault if it isn't known, or not at this level."""
        found = fact_named(name)
        if found is None:
            return self.fault("unknown_fact", path, f"{name!r} is no fact of the language")
        if found.level not in (level, "side"):
            self.fault("wrong_level", path, f"{name} belongs to a {found.level}")
        self.facts[found.name] = found
        return Value(_reading(found), found.kind, found.unit, fact=found)

    def number(self, node: Node, path: str, level: Level = "session") -> Value:
        """A literal, parameter, fact, definition, arithmetic, adherence, aggregate or table."""
        if is_number(node):
            return constant(node)
        for key, build in self.NUMBERS.items():
            if key in node:
                return build(self, key, node, path, level)
        return self.fault("wrong_type", path, "a condition stands where a number is asked for")

    def _parameter(self, key: str, node: Node, path: str, level: Level) -> Value:
        found = self.parameters.get(node["param"])
        hint = f"parameters are {', '.join(sorted(self.parameters))}"
        return constant(0, found) if found else self.fault("unknown_parameter", path, hint)

    def _fact_number(self, key: str, node: Node, path: str, level: Level) -> Value:
        value = self.fact(node["fact"], f"{path}.fact", level)
        if value.kind not in ("number", "any"):
            return self.fault("wrong_type", path, f"{node['fact']} is not a number")
        return value

    def _use_number(self, key: str, node: Node, path: str, level: Level) -> Value:
        return self.defined(node["use"], path, self.number, level) or UNKNOWN

    def _adherence(self, key: str, node: Node, path: str, level: Level) -> Value:
        days = node["adherence"]
        return Value(lambda context, view: context.adherence(days), unit="percent")

    def _arithmetic(self, key: str, node: Node, path: str, level: Level) -> Value:
        parts = [self.number(each, f"{path}.{key}[{i}]", level) for i, each in enumerate(node[key])]
        return _calculated(key, *parts)

    def _aggregate(self, key: str, node: Node, path: str, level: Level) -> Value:
        views, of = self.views(node["over"], f"{path}.over"), self.fact(node[key], path, "session")
        join, read = AGGREGATES[key], of.read
        return Value(
            lambda context, view: join([read(context, v) for v in views(context)]), unit=of.unit
        )

    def _table(self, key: str, node: Node, path: str, level: Level) -> Value:
        of = self.number(node["of"], f"{path}.of", level)
        table = self.table(node, path, gap="gap" in node)

        def read(context: Context, view: Any) -> Any:
            value = of.read(context, view)
            return None if is_unsure(value) else table.look_up(context, value)

        def unpublished(context: Context, view: Any) -> bool:
            known = not is_unsure(of.read(context, view))
            return known and read(context, view) is None

        self.tables.append(unpublished)
        return Value(read)

    def table(self, node: Node, path: str, *, gap: bool) -> Table:
        """From a number to what its row gives, in the unit of the state."""
        ends = [self.number(node.get(k, n), f"{path}.{k}") for k, n in (("more", 0), ("less", 1))]
        rows = {
            unit: self._rows(node[key], f"{path}.{key}", factor, gap=gap)
            for key, unit, factor in (("table", "kg", 1), ("lb", "lb", KG_IN_LB))
            if key in node
        }
        return Table(rows, *ends)

    def _rows(self, node: Node, path: str, factor: Number, *, gap: bool) -> tuple[Row, ...]:
        rows = []
        for row in sorted(node, key=lambda each: each["from"]):
            pair = row["give"] if isinstance(row["give"], list) else [row["give"]] * 2
            near, far = map(exact, pair)
            ends = (row["from"], row.get("to"))
            rows.append(Row(*ends, near * factor, far * factor, row.get("status", "")))
        for (_, high, *_), (low, *_) in pairwise(rows):
            if high is None or low <= high:
                self.fault("overlap", path, f"two rows hold {low}")
            elif low > high + 1 and not gap:
                self.fault("gap", path, f'nothing from {high} to {low}; or say "gap": "unknown"')
        return tuple(rows)

    def views(self, node: Node, path: str) -> Callable[[Context], list[View]]:
        """The sessions of a window, newest first."""
        key = next(key for key in WINDOWS if key in node)
        size = self.whole(node[key], f"{path}.{key}", 1, 366) * WINDOWS[key]
        skip = self.whole(node.get("skip", 0), f"{path}.skip", 0, 366) * WINDOWS[key]
        if key == "sessions":
            self.window = max(self.window, min(size + skip, 5))
            return lambda context: context.every[skip : skip + size]

        def within(context: Context) -> list[View]:
            return [view for view, age in context.aged() if skip <= age < skip + size]

        return within

    def whole(self, node: Node, path: str, low: int, high: int) -> int:
        """A whole number fixed before any decision: a literal or a parameter."""
        value = self.number(node, path).const
        if isinstance(value, int) and low <= value <= high:
            return value
        self.fault("out_of_range", path, f"a whole number or parameter from {low} to {high}")
        return low

    def defined(self, name: str, path: str, build: Callable[..., Any], level: Level) -> Any:
        """What `build` makes of a definition; None (and a fault) if it isn't there or is itself."""
        if name not in self.definitions:
            hint = f"defined are {', '.join(sorted(self.definitions))}"
            self.fault("unknown_definition", path, hint)
        elif name in self.inside:
            self.fault("recursion", path, f"{name} uses itself")
        elif self.uses > MAX_USES:
            self.fault("too_large", path, f"definitions are used more than {MAX_USES} times")
        else:
            self.uses += 1
            self.inside.append(name)
            made = build(self.definitions[name], f"$.definitions.{name}", level)
            self.inside.pop()
            return made
        return None

    NUMBERS = {
        "param": _parameter, "fact": _fact_number, "use": _use_number, "adherence": _adherence,
        "table": _table, **dict.fromkeys(ARITHMETIC, _arithmetic),
        **dict.fromkeys(AGGREGATES, _aggregate),
    }  # fmt: skip


def _reading(fact: Fact) -> Read:
    read = fact.read
    if fact.level == "side":
        return lambda context, view: read(context)
    return lambda context, view: read(view)


def _calculated(key: str, left: Value, right: Value) -> Value:
    work, unit = ARITHMETIC[key], left.unit or right.unit
    if key == "divided" and left.unit == right.unit:
        unit = ""
    if left.const is not None and right.const is not None:
        const = work(left.const, right.const)
        return Value(lambda context, view: const, "number", unit, const, const, const)

    def read(context: Context, view: Any) -> Any:
        one, other = left.read(context, view), right.read(context, view)
        unknown = is_unsure(one) or is_unsure(other)
        return None if unknown else work(one, other)

    return Value(read, unit=unit)
