"""Actions: what a rule does when it fires, compiled once into closures over the snapshot."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from programs.progression.doses import Blocked, Change, fit, limited, raise_load, step_down, step_up
from programs.progression.facts import UNITS, Context, is_unsure
from programs.progression.language import Compiler
from programs.progression.numbers import Node, Value
from programs.progression.types import Clamp, Notice, Span
from programs.shapes import children

Result = Change | Blocked | None
Run = Callable[[Context, Any], Result]
STEP = frozenset({"step"})
NO_FIELD, NO_BOUND, AT_BOUND = map(Blocked, ("no_field", "no_bound", "at_bound"))


class Action(NamedTuple):
    """`raises` is the direction of the dose: 1 up, -1 down, 0 none, None not known beforehand."""

    run: Run | None = None
    raises: int | None = 0
    fields: frozenset[str] = frozenset()
    notice: Notice | None = None
    lock: bool = False
    lock_days: int = 0
    lock_until: date | None = None
    rest_days: int = 0
    stops: str | None = None


def compile_actions(
    compiler: Compiler, nodes: list[Node], path: str, rule: str
) -> tuple[Action, ...]:
    """The actions of a rule. At most one of them changes the dose."""
    made = _compiled(compiler, nodes, path, rule)
    if sum(each.run is not None for each in made) > 1:
        compiler.fault("two_dimensions", path, 'one change of the dose a rule; use "first"')
    return made


def _compiled(compiler: Compiler, nodes: list[Node], path: str, rule: str) -> tuple[Action, ...]:
    return tuple(compile_action(compiler, node, at, rule) for at, node in children(nodes, path))


def compile_action(compiler: Compiler, node: Node, path: str, rule: str) -> Action:
    """One action, by its "do"."""
    return _ACTIONS[node["do"]](compiler, node, path, rule)


def _read(value: Value, context: Context, view: Any) -> Any:
    if value.const is not None:
        return value.const
    found = value.read(context, view)
    return None if is_unsure(found) or isinstance(found, (str, bool)) else found


def _field(node: Node) -> tuple[str, int]:
    """The dose field of a name in the language, and how many of its units one is."""
    return ("load_g", 1000) if node["field"] == "load_kg" else (node["field"], 1)


def _sign(value: Value) -> int | None:
    if value.low is not None and value.low > 0:
        return 1
    return -1 if value.high is not None and value.high < 0 else None


def _add(compiler: Compiler, node: Node, path: str, rule: str) -> Action:
    name, scale = _field(node)
    by = compiler.number(node["by"], f"{path}.by")
    to = compiler.number(node["to"], f"{path}.to") if "to" in node else None
    reset = _resets(compiler, node, path)
    if to is None and _sign(by) != -1:
        compiler.fault("missing_bound", path, 'a rise needs "to": how far')
    if by.unit and by.unit != UNITS[node["field"]]:
        compiler.fault("unit_mismatch", f"{path}.by", f"{by.unit} added to {node['field']}")

    def run(context: Context, view: Any) -> Result:
        now, step = getattr(context.dose, name), _read(by, context, view)
        if now is None or step is None:
            return NO_FIELD if now is None else None
        end = _read(to, context, view) if to else None
        if to and end is None:
            return None if getattr(context.step.bounds, name) else NO_BOUND
        wanted = _towards(now, floor(step * scale), None if end is None else floor(end * scale))
        return _moved(context, view, name, wanted, reset)

    return Action(run, _sign(by), frozenset({name}))


def _towards(now: int, step: int, end: int | None) -> int:
    if end is None:
        return now + step
    return max(now, min(now + step, end)) if step > 0 else min(now, max(now + step, end))


def _moved(
    context: Context, view: Any, name: str, wanted: int, reset: Mapping[str, Value]
) -> Result:
    """The changed dose, or why it can't move: it is at the end of what rule or bound allow."""
    span: Span | None = getattr(context.step.bounds, name)
    if span is None:
        return NO_BOUND
    clamps: list[Clamp] = []
    given = limited(context, name, wanted, span, clamps)
    if given == getattr(context.dose, name):
        return AT_BOUND
    if not reset:
        return Change(context.own.step, context.dose._replace(**{name: given}), tuple(clamps))
    back = {other: _read(value, context, view) for other, value in reset.items()}
    if None in back.values():
        return None
    whole = {k: floor(v * 1000 if k == "load_g" else v) for k, v in back.items()}
    return fit(context, {name: wanted, **whole})


def _resets(compiler: Compiler, node: Node, path: str) -> dict[str, Value]:
    return {
        _field({"field": name})[0]: compiler.number(to, f"{path}.reset.{name}")
        for name, to in node.get("reset", {}).items()
    }


def _set(compiler: Compiler, node: Node, path: str, rule: str) -> Action:
    name, scale = _field(node)
    to, reset = compiler.number(node["to"], f"{path}.to"), _resets(compiler, node, path)

    def run(context: Context, view: Any) -> Result:
        wanted = _read(to, context, view)
        return None if wanted is None else _moved(context, view, name, floor(wanted * scale), reset)

    return Action(run, None, frozenset({name}))


def _scale(compiler: Compiler, node: Node, path: str, rule: str) -> Action:
    """Scale and deload: a share more, or less."""
    (name, _), sign = _field(node), -1 if node["do"] == "deload" else 1
    percent = compiler.number(node["percent"], f"{path}.percent")
    if percent.unit not in ("", "percent"):
        compiler.fault("unit_mismatch", f"{path}.percent", f"{percent.unit} is not percent")
    parts = (*node["reps"], node.get("reps_by", 1)) if "reps" in node else ()
    reps = [compiler.whole(each, f"{path}.reps", 1, 100) for each in parts]

    def run(context: Context, view: Any) -> Result:
        now, part = getattr(context.dose, name), _read(percent, context, view)
        if now is None or part is None:
            return NO_FIELD if now is None else None
        wanted = now + Fraction(now) * part * sign / 100
        if name == "load_g" and part * sign > 0 and reps:
            return raise_load(context, wanted, *reps)
        return _moved(context, view, name, floor(wanted), {})

    way = _sign(percent)
    if sign == -1 and way != 1:
        compiler.fault("out_of_range", f"{path}.percent", "how much less, above 0")
    return Action(run, None if way is None else way * sign, frozenset({name}))


def _ladder(compiler: Compiler, node: Node, path: str, rule: str) -> Action:
    up = node["go"] == "up"
    return Action(lambda c, view: (step_up if up else step_down)(c), 1 if up else -1, STEP)


def _hold(compiler: Compiler, node: Node, path: str, rule: str) -> Action:
    return Action(lambda context, view: Change(context.own.step, context.dose), 0)


def _first(compiler: Compiler, node: Node, path: str, rule: str) -> Action:
    """The first of several changes that can be done: reps, then sets, then the ladder."""
    parts = _compiled(compiler, node["of"], f"{path}.of", rule)
    runs, ways = [each.run for each in parts if each.run], {each.raises for each in parts}
    if len(runs) < len(parts):
        compiler.fault("wrong_type", f"{path}.of", "actions that change the dose")
    if {1, -1} <= ways:
        compiler.fault("raises_and_lowers", path, "a rule raises or lowers, not both")

    def run(context: Context, view: Any) -> Result:
        result: Result = AT_BOUND
        for each in runs:
            result = each(context, view)
            if result is None or isinstance(result, Change):
                break
        return result

    fields = frozenset[str]().union(*(each.fields for each in parts))
    return Action(run, ways.pop() if len(ways) == 1 else None, fields)


def _propose(compiler: Compiler, node: Node, path: str, rule: str) -> Action:
    """The same change, waiting for a person whatever the rule's approval."""
    made = compile_action(compiler, node["of"], f"{path}.of", rule)
    if made.run is None:
        compiler.fault("wrong_type", f"{path}.of", "an action that changes the dose")

    def run(context: Context, view: Any) -> Result:
        result = made.run(context, view) if made.run else None
        return result._replace(propose=True) if isinstance(result, Change) else result

    return made._replace(run=made.run and run)


def _declare(compiler: Compiler, node: Node, path: str, rule: str) -> Action:
    to, name = compiler.number(node["to"], f"{path}.to"), node["name"]

    def run(context: Context, view: Any) -> Result:
        value = _read(to, context, view)
        declare = None if value is None else (name, floor(value))
        return Change(context.own.step, context.dose, declare=declare)

    return Action(run, 0)


def _tell(compiler: Compiler, node: Node, path: str, rule: str) -> Action:
    asked = f"ask:{node['fact']}" if node["do"] == "ask" else node.get("kind", node["do"])
    to = node.get("to", "patient" if node["do"] == "ask" else "clinician")
    return Action(notice=Notice(to, asked, rule, node.get("urgent", False)))


def _close(compiler: Compiler, node: Node, path: str, rule: str) -> Action:
    """Lock, stop and rest: what is not to be trained, and for how long."""
    days = compiler.whole(node["days"], f"{path}.days", 1, 366) if "days" in node else 0
    if node["do"] == "lock" or node.get("what") == "program":
        return Action(lock=True, lock_days=days, lock_until=_day(compiler, node, path))
    return Action(rest_days=days, stops=node.get("what"))


def _day(compiler: Compiler, node: Node, path: str) -> date | None:
    try:
        return date.fromisoformat(node["until"]) if "until" in node else None
    except ValueError:
        compiler.fault("wrong_type", f"{path}.until", "a day, written as 2026-05-31")
        return None


_ACTIONS: dict[str, Callable[[Compiler, Node, str, str], Action]] = {
    "add": _add, "set": _set, "scale": _scale, "deload": _scale, "ladder": _ladder,
    "hold": _hold, "repeat": _hold, "first": _first, "propose": _propose, "declare": _declare,
    "lock": _close, "stop": _close, "rest": _close,
    "notify": _tell, "flag": _tell, "ask": _tell,
}  # fmt: skip
