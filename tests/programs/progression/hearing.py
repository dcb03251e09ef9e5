"""One side of one patient, the days it trained, and the decision that a ruleset makes of them."""

from datetime import datetime, timedelta
from typing import Any

from programs.progression import Ruleset, decide
from programs.progression.types import Decision, Dose, History, Pain, SideDecision, State
from tests.programs.progression.small import HURTS, rule
from tests.programs.progression.story import NOON, START, log, state_of

DOWN: Any = {"do": "ladder", "go": "down"}
UP: Any = {"do": "ladder", "go": "up"}
TELL: Any = rule(
    HURTS, id="tell", tier="info", test={"fact": "effort", "ge": 1}, then=[{"do": "flag"}]
)
HOLD: Any = rule(
    HURTS, id="hold", tier="hold", test={"fact": "effort", "ge": 9}, then=[{"do": "hold"}]
)
ONE = state_of(Dose(2, 8))


def day(number: int, pain: int | None = 0, **changes: Any) -> Any:
    return log(ONE, number, pains=(Pain.one_tap(pain),), **changes)


def hear(
    ruleset: Ruleset,
    *sessions: Any,
    state: State = ONE,
    on: int | None = None,
    now: datetime | None = None,
    trigger: Any = "decision",
    caused_by: tuple[str, ...] = (),
    **known: Any,
) -> Decision:
    """The decision at noon of a day; the day after the last session if none is said."""
    last = (sessions[-1].local_date - START).days + 1 if sessions else 0
    at = now or NOON + timedelta(days=last if on is None else on)
    history = History(sessions, at.date(), **known)
    return decide(ruleset, state, history, at, trigger=trigger, caused_by=caused_by)


def left(decision: Decision) -> SideDecision:
    return decision.side("left")


def own(**changes: Any) -> State:
    return ONE._replace(sides=(ONE.sides[0]._replace(**changes),))
