"""A person who trains, for tests: log sessions, ask the engine, apply what it says."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from programs.progression import Ruleset, apply, decide, load_preset
from programs.progression.types import (
    Bounds,
    Decision,
    Dose,
    Epoch,
    History,
    Pain,
    SessionFact,
    SetFact,
    Side,
    SideState,
    Span,
    State,
    Step,
)

START = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOUNDS = Bounds(sets=Span(1, 5), reps=Span(4, 20), load_g=Span(500, 20_000, 500))
ENTRY = Dose(sets=2, reps=8)


def ladder(*laterality: str, **changes: Any) -> tuple[Step, ...]:
    """Steps named a, b, c ...; each of the given laterality."""
    return tuple(
        Step("abcdefgh"[i], ENTRY, **{"bounds": BOUNDS, "laterality": kind, **changes})
        for i, kind in enumerate(laterality or ("each", "each", "each"))
    )


def state_of(
    dose: Dose = ENTRY,
    *,
    sides: tuple[Side, ...] = ("left",),
    step: int = 1,
    steps: tuple[Step, ...] = (),
    **changes: Any,
) -> State:
    """A state in which every side has the same dose since START."""
    epoch = Epoch(NOON - timedelta(days=1))
    own = tuple(SideState(side, step, dose, f"{side}-0", epoch) for side in sides)
    return State(steps or ladder(), own, started_on=START, **changes)


def log(state: State, day: int, **changes: Any) -> SessionFact:
    """A session on a day from START, all as planned, no pain, recorded the next morning."""
    at = NOON + timedelta(days=day)
    made = SessionFact(
        id=f"s{day}",
        local_date=START + timedelta(days=day),
        started_at=at,
        recorded_at=at + timedelta(hours=20),
        sets=tuple(row for own in state.sides for row in rows(own)),
        pains=(Pain.one_tap(0),),
        morning="same",
        usual_pain=1,
        effort=5,
    )
    return made._replace(**changes)


def rows(own: SideState, *, reps: int | None = None, over: int = 0) -> list[SetFact]:
    """The planned sets of a side, done as planned, or with `reps`, or `over` the target."""
    dose = own.dose
    done = dose.reps + over if reps is None else reps
    return [
        SetFact(own.side, n, dose.sets, dose.reps, done, own.dose_version, load_g=dose.load_g)
        for n in range(1, dose.sets + 1)
    ]


class Story:
    """Sessions and decisions in order; `state` is where the person is now."""

    def __init__(self, state: State | None = None, ruleset: Ruleset | None = None) -> None:
        self.state = state or state_of()
        self.ruleset = ruleset or load_preset("standing_curl_default")
        self.sessions: tuple[SessionFact, ...] = ()
        self.count = 0

    def train(self, *days: int, **changes: Any) -> "Story":
        """Log sessions on these days without deciding."""
        self.sessions += tuple(log(self.state, day, **changes) for day in days)
        return self

    def decide(self, day: float | None = None, **changes: Any) -> Decision:
        """Decide the morning after the last session, or at noon of a day; apply what changed."""
        now = self.sessions[-1].recorded_at if day is None else NOON + timedelta(days=day)
        history = History(self.sessions, now.date())
        decision = decide(self.ruleset, self.state, history, now, **changes)
        self.count += 1
        versions: dict[Side, str] = {s: f"{s}-{self.count}" for s in ("left", "right", "both")}
        self.state = apply(self.state, decision, versions)
        return decision

    def dose(self, side: Side = "left") -> tuple[int, int, int]:
        """(ladder step, sets, reps) of a side."""
        own = self.state.side(side)
        return own.step, own.dose.sets, own.dose.reps


def at(sets: int, reps: int, *, step: int = 1, **changes: Any) -> Story:
    """A story that starts at this dose."""
    return Story(state_of(Dose(sets=sets, reps=reps), step=step, **changes))


def both_sides(**changes: Any) -> Story:
    dose = Dose(sets=2, reps=10)
    return Story(state_of(dose, sides=("left", "right"), **changes))
