"""One condition or number by itself, for tests: compiled without a fault, and read."""

from datetime import date, timedelta
from typing import Any

from programs.progression.facts import NOTHING, Context, view_of
from programs.progression.language import Compiler
from programs.progression.numbers import Parameter
from programs.progression.types import History, SessionFact, State
from tests.programs.progression.story import START, state_of

PARAMETERS = {
    "three": Parameter("three", 3, 1, 5, "points"),
    "half": Parameter("half", 0, 0, 1),
}


def compiler(**definitions: Any) -> Compiler:
    return Compiler(PARAMETERS, definitions)


def context_of(
    *sessions: SessionFact, state: State | None = None, today: date | None = None, **known: Any
) -> Context:
    """What a rule of the left side sees: all these sessions, on the day of the last one."""
    state = state or state_of()
    today = today or (sessions[-1].local_date if sessions else START)
    made = Context(state, state.sides[0], History(sessions, today, **known), today)
    made.seen = made.views = made.every
    return made


def _read(compiled: Any, seen: Context) -> Any:
    return compiled(seen, seen.views[0] if seen.views else NOTHING)


def holds(
    node: Any,
    *sessions: SessionFact,
    live_only: bool = False,
    definitions: dict[str, Any] | None = None,
    **known: Any,
) -> bool | None:
    """Whether a condition is true; None where it is unknown."""
    made = compiler(**(definitions or {}))
    made.start(live_only=live_only)
    test = made.condition(node, "$")
    assert made.faults == []
    return _read(test, context_of(*sessions, **known))


def number(
    node: Any, *sessions: SessionFact, definitions: dict[str, Any] | None = None, **known: Any
) -> Any:
    """What a number is; None where it is unknown."""
    made = compiler(**(definitions or {}))
    value = made.number(node, "$")
    assert made.faults == []
    return _read(value.read, context_of(*sessions, **known))


def faults_of(node: Any, *, what: str = "condition", **definitions: Any) -> list[tuple[str, str]]:
    """Code and path of each fault of a condition or a number."""
    made = compiler(**definitions)
    getattr(made, what)(node, "$")
    return [(each.code, each.path) for each in made.faults]


__all__ = [
    "START",
    "compiler",
    "context_of",
    "faults_of",
    "holds",
    "number",
    "timedelta",
    "view_of",
]
