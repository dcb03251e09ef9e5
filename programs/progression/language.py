"""Numbers and conditions of the rule language, compiled once into closures.

The shape was checked before (schema.py); here names, kinds, units and ranges are. A condition
answers True, False or None (unknown), by Kleene's logic. Numbers are exact.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from programs.progression.facts import (
    KG_IN_LB,
    AtLeast,
    Context,
    Fact,
    Level,
    View,
    fact_named,
    highest,
)
from programs.progression.schema import Fault

Node = Any
Number = int | Fraction
Read = Callable[[Context, Any], Any]
Condition = Callable[[Context, Any], bool | None]
MAX_USES = 500  # of definitions, each of which may use others
WINDOWS = {"sessions": 1, "days": 1, "weeks": 7}
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    name: getattr(operator, name) for name in ("lt", "le", "eq", "ne", "ge", "gt")
}
RELATIONS = ("is", "in", "between", *OPERATORS)
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
    value = parameter.value if parameter else exact(node)
    low, high = (parameter.low, parameter.high) if parameter else (value, value)
    unit = parameter.unit if parameter else ""
    return Value(lambda context, view: value, "number", unit, value, low, high)


class Compiler:
    """Compiles one ruleset. `facts`, `window` and `tables` are what the last rule read."""

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

    # numbers

    def fact(self, name: str, path: str, level: Level) -> Value:
        """The value of a named fact; a fault if it isn't known, or not at this level."""
        found = fact_named(name)
        if found is None:
            return self.fault("unknown_fact", path, f"{name!r} is no fact of the language")
        if found.level not in (level, "side"):
            self.fault("wrong_level", path, f"{name} belongs to a {found.level}")
        if found.level != "set":
            self.facts[found.name] = found
        get = found.read
        of_side: Read = lambda context, view: get(context)  # noqa: E731 - one of a pair
        read = of_side if found.level == "side" else lambda context, view: get(view)
        return Value(read, found.kind, found.unit, fact=found)

    def number(self, node: Node, path: str, level: Level = "session") -> Value:
        """A literal, parameter, fact, definition, arithmetic, adherence, aggregate or table."""
        if is_number(node):
            return constant(node)
        for key, build in self.NUMBERS.items():
            if key in node:
                return build(self, node, path, level)
        return self.fault("wrong_type", path, "a condition stands where a number is asked for")

    def _parameter(self, node: Node, path: str, level: Level) -> Value:
        found = self.parameters.get(node["param"])
        hint = f"parameters are {', '.join(sorted(self.parameters))}"
        return constant(0, found) if found else self.fault("unknown_parameter", path, hint)

    def _fact_number(self, node: Node, path: str, level: Level) -> Value:
        value = self.fact(node["fact"], f"{path}.fact", level)
        if value.kind not in ("number", "any"):
            return self.fault("wrong_type", path, f"{node['fact']} is not a number")
        return value

    def _use_number(self, node: Node, path: str, level: Level) -> Value:
        return self.defined(node["use"], path, self.number, level) or UNKNOWN

    def _adherence(self, node: Node, path: str, level: Level) -> Value:
        days = node["adherence"]
        return Value(lambda context, view: context.adherence(days), unit="percent")

    def _arithmetic(self, node: Node, path: str, level: Level) -> Value:
        key = next(key for key in ARITHMETIC if key in node)
        parts = [self.number(each, f"{path}.{key}[{i}]", level) for i, each in enumerate(node[key])]
        return _calculated(key, *parts)

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

    def _aggregate(self, node: Node, path: str, level: Level) -> Value:
        key = next(key for key in AGGREGATES if key in node)
        views, of = self._views(node["over"], f"{path}.over"), self.fact(node[key], path, "session")
        join, read = AGGREGATES[key], of.read
        return Value(
            lambda context, view: join([read(context, v) for v in views(context)]), unit=of.unit
        )

    def _table(self, node: Node, path: str, level: Level) -> Value:
        of = self.number(node["of"], f"{path}.of", level)
        look_up = self.table(node, path, gap="gap" in node)

        def read(context: Context, view: Any) -> Any:
            value = of.read(context, view)
            return None if isinstance(value, AtLeast | None) else look_up(context, value)

        def unpublished(context: Context, view: Any) -> bool:
            known = not isinstance(of.read(context, view), AtLeast | None)
            return known and read(context, view) is None

        self.tables.append(unpublished)
        return Value(read)

    def table(self, node: Node, path: str, *, gap: bool) -> Callable[[Context, Number], Any]:
        """From a number to what its row gives, in the unit of the state; None outside the rows."""
        ends = [self.number(node.get(k, n), f"{path}.{k}") for k, n in (("more", 0), ("less", 1))]
        rows = {
            unit: self._rows(node[key], f"{path}.{key}", factor, gap=gap)
            for key, unit, factor in (("table", "kg", 1), ("lb", "lb", KG_IN_LB))
            if key in node
        }

        def read(context: Context, value: Number) -> Any:
            for low, high, near, far in rows.get(context.state.unit, rows["kg"]):
                if low <= value <= high:
                    end = ends[far < near].read(context, None)
                    return near + (far - near) * end
            return None

        return read

    def _rows(self, node: Node, path: str, factor: Number, *, gap: bool) -> list[Any]:
        rows = []
        for row in sorted(node, key=lambda each: each["from"]):
            give, to = row["give"], row.get("to")
            near, far = (
                exact(g) * factor for g in (give if isinstance(give, list) else [give] * 2)
            )
            rows.append((exact(row["from"]), float("inf") if to is None else to, near, far))
        for (_, high, *_), (low, *_) in pairwise(rows):
            if low <= high:
                self.fault("overlap", path, f"two rows hold {low}")
            elif low > high + 1 and not gap:
                self.fault("gap", path, f'nothing from {high} to {low}; or say "gap": "unknown"')
        return rows

    def _views(self, node: Node, path: str) -> Callable[[Context], list[View]]:
        """The sessions of a window, newest first."""
        key = next(key for key in WINDOWS if key in node)
        size = self.whole(node[key], f"{path}.{key}", 1, 366) * WINDOWS[key]
        skip = self.whole(node.get("skip", 0), f"{path}.skip", 0, 366) * WINDOWS[key]
        if key == "sessions":
            self.window = max(self.window, min(size + skip, 5))
            return lambda context: context.every[skip : skip + size]

        def within(context: Context) -> list[View]:
            ages = ((each, (context.today - each.local_date).days) for each in context.every)
            return [each for each, age in ages if skip <= age < skip + size]

        return within

    NUMBERS = {
        "param": _parameter, "fact": _fact_number, "use": _use_number, "adherence": _adherence,
        "table": _table, "over": _aggregate, **dict.fromkeys(ARITHMETIC, _arithmetic),
    }  # fmt: skip

    # conditions

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
        return lambda context, view: not isinstance(read(context, view), AtLeast | None)

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
        if a is None or b is None or (isinstance(a, AtLeast) and isinstance(b, AtLeast)):
            return None
        return compare(a, b)  # type: ignore[no-any-return]  # True, False, or AtLeast's None

    return run


def _calculated(key: str, left: Value, right: Value) -> Value:
    work, unit = ARITHMETIC[key], left.unit or right.unit
    if key == "divided" and left.unit == right.unit:
        unit = ""
    if left.const is not None and right.const is not None:
        const = work(left.const, right.const)
        return Value(lambda context, view: const, "number", unit, const, const, const)

    def read(context: Context, view: Any) -> Any:
        one, other = left.read(context, view), right.read(context, view)
        unknown = isinstance(one, AtLeast | None) or isinstance(other, AtLeast | None)
        return None if unknown else work(one, other)

    return Value(read, unit=unit)


def _whole(join: Callable[[Any], Any]) -> Callable[[list[Any]], Any]:
    """An aggregate that is unknown if any part of it is, or if there is none."""

    def run(values: list[Any]) -> Any:
        unknown = not values or any(isinstance(each, AtLeast | None) for each in values)
        return None if unknown else join(values)

    return run


AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "max": highest,
    "min": _whole(min),
    "sum": _whole(sum),
    "mean": _whole(lambda values: Fraction(sum(values)) / len(values)),
    "last": lambda values: values[0] if values else None,
}
