"""Actions: what a rule does when it fires, compiled once into closures over the snapshot."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from programs.progression.doses import Blocked, Change, fit, raise_load, step_down, step_up
from programs.progression.facts import UNITS, AtLeast, Context
from programs.progression.language import Compiler
from programs.progression.numbers import Value
from programs.progression.types import Notice

Result = Change | Blocked | None
Run = Callable[[Context, Any], Result]
NOTICES = {"notify", "flag", "ask", "stop", "rest"}
AUDIENCES = ("patient", "clinician")


@dataclass(slots=True)
class Action:
    """`raises` is the direction of the dose: 1 up, -1 down, 0 none, None not known beforehand."""

    run: Run | None = None
    raises: int | None = 0
    notice: Notice | None = None
    lock: bool = False
    fields: frozenset[str] = frozenset()


def compile_actions(compiler: Compiler, nodes: Any, path: str, rule: str) -> list[Action]:
    """The rule's actions; a fault for what isn't one. At most one of them changes the dose."""
    if not isinstance(nodes, list) or not nodes:
        compiler.fault("wrong_type", path, "a list of actions")
        return []
    made = [
        compile_action(compiler, node, f"{path}[{index}]", rule) for index, node in enumerate(nodes)
    ]
    if sum(each.run is not None for each in made) > 1:
        compiler.fault("two_dimensions", path, 'one change of the dose a rule; use "first"')
    return made


def compile_action(compiler: Compiler, node: Any, path: str, rule: str) -> Action:
    """One action, by its "do"."""
    build = _ACTIONS.get(node.get("do", "")) if isinstance(node, dict) else None
    if build is None:
        compiler.fault("unknown_action", path, f"do is one of {', '.join(sorted(_ACTIONS))}")
        return Action()
    return build(compiler, node, path, rule)


def _value(value: Value, context: Context, view: Any) -> Any:
    found = value.read(context, view)
    return None if isinstance(found, AtLeast) else found


def _field(compiler: Compiler, node: Any, path: str) -> tuple[str, int]:
    """The dose field of a name in the language, and how many of its units one is."""
    name = node.get("field")
    if name not in UNITS:
        compiler.fault("unknown_field", f"{path}.field", f"one of {', '.join(sorted(UNITS))}")
        return "reps", 1
    return ("load_g", 1000) if name == "load_kg" else (name, 1)


def _sign(value: Value) -> int | None:
    if value.low is not None and value.low > 0:
        return 1
    return -1 if value.high is not None and value.high < 0 else None


def _add(compiler: Compiler, node: Any, path: str, rule: str) -> Action:
    compiler.keys(node, path, {"do", "field", "by", "to", "reset"})
    name, scale = _field(compiler, node, path)
    by = compiler.number(node.get("by"), f"{path}.by")
    to = compiler.number(node["to"], f"{path}.to") if "to" in node else None
    reset = _resets(compiler, node.get("reset", {}), f"{path}.reset")
    if to is None and _sign(by) != -1:
        compiler.fault("missing_bound", path, 'a rise needs "to": how far')

    def run(context: Context, view: Any) -> Result:
        now, step = getattr(context.dose, name), _value(by, context, view)
        if now is None or step is None:
            return None
        end = _value(to, context, view) if to else None
        wanted = _towards(now, floor(step * scale), None if end is None else floor(end * scale))
        return _moved(context, name, now, wanted, reset)

    return Action(run, _sign(by), fields=frozenset({name}))


def _towards(now: int, step: int, end: int | None) -> int:
    if end is None:
        return now + step
    if step > 0:
        return max(now, min(now + step, end))
    return min(now, max(now + step, end))


def _moved(context: Context, name: str, now: int, wanted: int, reset: dict[str, int]) -> Result:
    """The changed dose, or why it can't move: it is at the end of what rule or bound allow."""
    alone = fit(context, {name: wanted})
    if isinstance(alone, Blocked) or getattr(alone.dose, name) == now:
        return alone if isinstance(alone, Blocked) else Blocked("at_bound")
    return fit(context, {name: wanted, **reset}) if reset else alone


def _resets(compiler: Compiler, node: Any, path: str) -> dict[str, int]:
    if not isinstance(node, dict) or not node.keys() <= UNITS.keys() - {"load_kg"}:
        compiler.fault("unknown_field", path, "dose fields and where they go back to")
        return {}
    return {name: compiler.whole(node[name], f"{path}.{name}", 0, 1000) for name in node}


def _set(compiler: Compiler, node: Any, path: str, rule: str) -> Action:
    compiler.keys(node, path, {"do", "field", "to"})
    name, scale = _field(compiler, node, path)
    to = compiler.number(node.get("to"), f"{path}.to")

    def run(context: Context, view: Any) -> Result:
        now, wanted = getattr(context.dose, name), _value(to, context, view)
        return None if wanted is None else _moved(context, name, now, floor(wanted * scale), {})

    return Action(run, None, fields=frozenset({name}))


def _scale(compiler: Compiler, node: Any, path: str, rule: str) -> Action:
    compiler.keys(node, path, {"do", "field", "percent", "reps", "reps_by"})
    name, _ = _field(compiler, node, path)
    percent = compiler.number(node.get("percent"), f"{path}.percent")
    if percent.unit not in ("", "percent"):
        compiler.fault("unit_mismatch", f"{path}.percent", f"{percent.unit} is not percent")
    reps = _range(compiler, node, path)

    def run(context: Context, view: Any) -> Result:
        now, part = getattr(context.dose, name), _value(percent, context, view)
        if now is None or part is None:
            return None
        wanted = now + Fraction(now) * part / 100
        if name == "load_g" and part > 0 and reps is not None:
            return raise_load(context, wanted, reps)
        return _moved(context, name, now, floor(wanted), {})

    return Action(run, _sign(percent), fields=frozenset({name}))


def _range(compiler: Compiler, node: Any, path: str) -> tuple[int, int, int] | None:
    if "reps" not in node:
        return None
    ends = node["reps"]
    if not isinstance(ends, list) or len(ends) != 2:
        compiler.fault("wrong_type", f"{path}.reps", "[bottom, top] of the range")
        return None
    bottom, top = (compiler.whole(e, f"{path}.reps[{i}]", 1, 100) for i, e in enumerate(ends))
    return bottom, top, compiler.whole(node.get("reps_by", 1), f"{path}.reps_by", 1, 20)


def _deload(compiler: Compiler, node: Any, path: str, rule: str) -> Action:
    percent = compiler.number(node.get("percent"), f"{path}.percent")
    minus = {"do": "scale", "field": node.get("field"), "percent": {"minus": [0, node["percent"]]}}
    if _sign(percent) != 1:
        compiler.fault("out_of_range", f"{path}.percent", "how much less, above 0")
        return Action()
    made = _scale(compiler, minus, path, rule)
    made.raises = -1
    return made


def _ladder(compiler: Compiler, node: Any, path: str, rule: str) -> Action:
    compiler.keys(node, path, {"do", "go"})
    go = node.get("go")
    if go not in ("up", "down"):
        compiler.fault("unknown_word", f"{path}.go", "up or down")
    move = step_up if go == "up" else step_down
    fields = frozenset({"step"})
    return Action(lambda context, view: move(context), 1 if go == "up" else -1, fields=fields)


def _hold(compiler: Compiler, node: Any, path: str, rule: str) -> Action:
    compiler.keys(node, path, {"do"})
    return Action(lambda context, view: Change(context.own.step, context.dose), 0)


def _first(compiler: Compiler, node: Any, path: str, rule: str) -> Action:
    """The first of several changes that can be done: reps, then sets, then the ladder."""
    compiler.keys(node, path, {"do", "of"})
    parts = compile_actions_of(compiler, node.get("of"), f"{path}.of", rule)
    runs = [each.run for each in parts if each.run is not None]

    def run(context: Context, view: Any) -> Result:
        result: Result = Blocked("at_bound")
        for each in runs:
            result = each(context, view)
            if result is None or isinstance(result, Change):
                return result
        return result

    ways = {each.raises for each in parts}
    if {1, -1} <= ways:
        compiler.fault("raises_and_lowers", path, "a rule raises or lowers, not both")
    return Action(run, ways.pop() if len(ways) == 1 else None, fields=_fields(parts))


def compile_actions_of(compiler: Compiler, nodes: Any, path: str, rule: str) -> list[Action]:
    """The alternatives of "first": each must change the dose."""
    if not isinstance(nodes, list) or not nodes:
        compiler.fault("wrong_type", path, "a list of actions")
        return []
    made = [
        compile_action(compiler, each, f"{path}[{index}]", rule) for index, each in enumerate(nodes)
    ]
    for index, each in enumerate(made):
        if each.run is None:
            compiler.fault("wrong_type", f"{path}[{index}]", "an action that changes the dose")
    return made


def _fields(parts: list[Action]) -> frozenset[str]:
    return frozenset[str]().union(*(each.fields for each in parts))


def _declare(compiler: Compiler, node: Any, path: str, rule: str) -> Action:
    compiler.keys(node, path, {"do", "name", "to"})
    to, name = compiler.number(node.get("to"), f"{path}.to"), str(node.get("name"))

    def run(context: Context, view: Any) -> Result:
        value = _value(to, context, view)
        if value is None:
            return None
        return Change(context.own.step, context.dose, declare=(name, floor(value)))

    return Action(run, 0)


def _tell(compiler: Compiler, node: Any, path: str, rule: str) -> Action:
    compiler.keys(node, path, {"do", "to", "kind", "urgent", "what", "fact", "days"})
    do, to = node["do"], node.get("to", "clinician")
    kind = node.get("kind") or node.get("what") or node.get("fact") or do
    if to not in AUDIENCES or not isinstance(kind, str):
        compiler.fault("unknown_word", path, "to is patient or clinician, kind a word")
        return Action()
    return Action(notice=Notice(to, kind, rule, node.get("urgent") is True))


def _lock(compiler: Compiler, node: Any, path: str, rule: str) -> Action:
    compiler.keys(node, path, {"do"})
    return Action(lock=True)


_ACTIONS: dict[str, Callable[[Compiler, Any, str, str], Action]] = {
    "add": _add,
    "set": _set,
    "scale": _scale,
    "deload": _deload,
    "ladder": _ladder,
    "hold": _hold,
    "repeat": _hold,
    "first": _first,
    "declare": _declare,
    "lock": _lock,
    **dict.fromkeys(NOTICES, _tell),
}
