"""Lives for the engine's bench: seeded, varied, half of them with 20 to 80 sessions.

Each is lived with the rules that are measured, so that doses rise and fall as they would; kept is
what every decision on the way was asked.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from programs.progression import Ruleset, accept, apply, clear, decide
from programs.progression.types import (
    Bounds,
    Dose,
    Epoch,
    History,
    Laterality,
    Limits,
    Pain,
    SessionFact,
    SetFact,
    Side,
    SideState,
    Span,
    State,
    Step,
    Trigger,
)

START = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PAINS = (0, 0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 8, None)
CALM = (0, 0, 1, 2, 3)


class Asked(NamedTuple):
    """What one decision was asked."""

    state: State
    history: History
    now: datetime
    trigger: Trigger


class Life(NamedTuple):
    """All that was asked in one life, and how many sessions it has."""

    asked: tuple[Asked, ...]
    sessions: int

    def afresh(self) -> "Life":
        """The same facts as new objects: nothing that was worked out on them before is left."""
        anew: dict[int, SessionFact] = {}
        made = []
        for each in self.asked:
            sessions = tuple(
                [anew.setdefault(id(fact), fact._replace()) for fact in each.history.sessions]
            )
            made.append(each._replace(history=each.history._replace(sessions=sessions)))
        return Life(tuple(made), self.sessions)


def lives(ruleset: Ruleset, number: int, seed: int = 1) -> Iterator[Life]:
    """So many lives: every other one of 20 to 80 sessions, the rest of 1 to 19."""
    for index in range(number):
        random = Random(f"{seed}-{index}")
        count = random.randint(20, 80) if index % 2 else random.randint(1, 19)
        yield _Living(ruleset, random).live(count)


class _Living:
    """One life while it is lived."""

    def __init__(self, ruleset: Ruleset, random: Random) -> None:
        self.ruleset, self.random = ruleset, random
        self.state = _start(random)
        self.calm = random.choice((0.55, 0.8, 0.95))
        self.sessions: list[SessionFact] = []
        self.asked: list[Asked] = []

    def live(self, count: int) -> Life:
        day = 0
        for number in range(count):
            day += self.random.choice((1, 2, 2, 2, 3, 3, 4, 6)) + self.gap()
            noon = NOON + day * DAY
            self.ask(noon, "day.tick" if self.random.random() < 0.1 else "session.start")
            evening, morning = self.session(f"s{number}", noon)
            self.sessions.append(evening)
            if self.random.random() < 0.3:
                self.ask(evening.recorded_at, "session.end")
            self.sessions[-1] = morning
            self.ask(morning.recorded_at, self.random.choice(("decision", "decision", "check-in")))
            self.step_in(morning.recorded_at)
        return Life(tuple(self.asked), count)

    def gap(self) -> int:
        return self.random.randint(12, 40) if self.random.random() < 0.04 else 0

    def step_in(self, now: datetime) -> None:
        """Sometimes a clinician clears a lock, or a pause begins or ends."""
        if self.state.locked and self.random.random() < 0.5:
            self.state = clear(self.state, now=now)
        if self.random.random() < (0.5 if self.state.paused else 0.01):
            self.state = self.state._replace(paused=not self.state.paused)

    def ask(self, now: datetime, trigger: Trigger) -> None:
        history = History(tuple(self.sessions), now.date())
        self.asked.append(Asked(self.state, history, now, trigger))
        made = decide(self.ruleset, self.state, history, now, trigger=trigger)
        count = len(self.asked)
        versions: dict[Side, str] = {each.side: f"{each.side}-{count}" for each in made.sides}
        self.state = apply(self.state, made, versions)
        if made.proposed and self.random.random() < 0.8:
            self.state = accept(self.state, made, now, versions)

    def session(self, key: str, noon: datetime) -> tuple[SessionFact, SessionFact]:
        """The session as it is known that evening, and with the next morning."""
        random, calm = self.random, self.random.random() < self.calm
        source = "live" if calm else random.choice(("live", "live", "backfilled", "staff"))
        fact = SessionFact(
            key,
            noon.date(),
            noon,
            noon + timedelta(hours=1),
            source,
            self.sets(calm=calm),
            self.pains(calm=calm),
            usual_pain=random.choice((None, 1, 2)),
            effort=random.randint(2, 7) if calm else random.choice((None, 5, 6, 7, 8, 9)),
            red_flags=("calf",) if not calm and random.random() < 0.01 else (),
        )
        told: dict[str, Any] = {"morning": random.choice(("same", "better"))}
        if not calm:
            told["morning"] = random.choice(("same", "better", "worse", None))
            told["morning_pain"] = random.choice((None, 1, 2, 3))
        return fact, fact._replace(recorded_at=noon + timedelta(hours=20), **told)

    def sets(self, *, calm: bool) -> tuple[SetFact, ...]:
        made: list[SetFact] = []
        for own in self.state.sides:
            short = not calm and self.random.random() < 0.3
            made += [
                self.set(own, number, short=short)
                for number in range(1, own.dose.sets + 1)
                if calm or self.random.random() < 0.97
            ]
        return tuple(made)

    def set(self, own: SideState, number: int, *, short: bool) -> SetFact:
        dose, random = own.dose, self.random
        reps = random.choice((None, dose.reps - 3, dose.reps - 1)) if short else dose.reps
        over = 0 if reps is None else random.choice((0, 0, 1, 2))
        version = "left-0" if random.random() < 0.01 else own.dose_version
        return SetFact(
            own.side,
            number,
            dose.sets,
            dose.reps,
            None if reps is None else reps + over,
            version,
            dose.hold_s,
            dose.hold_s or None,
            dose.load_g,
        )

    def pains(self, *, calm: bool) -> tuple[Pain, ...]:
        random, known = self.random, CALM if calm else PAINS
        if random.random() < 0.6:
            return (Pain.one_tap(random.choice(known)),)
        told = [
            Pain(own.side, None, random.choice(known), random.choice(known))
            for own in self.state.sides
            if calm or random.random() < 0.9
        ]
        return tuple(told)


def _start(random: Random) -> State:
    """One leg or both, on a ladder of steps for each leg and for both, with and without limits."""
    kinds: tuple[Laterality, ...] = random.choice(
        (("each",) * 5, ("each", "each", "both", "each", "both"), ("both", "each", "both"))
    )
    bounds = Bounds(sets=Span(1, random.choice((3, 5))), reps=Span(4, random.choice((10, 12, 16))))
    steps = tuple(_rung(random, index, kind, bounds) for index, kind in enumerate(kinds))
    sides: tuple[Side, ...] = random.choice((("left",), ("left", "right"), ("left", "right")))
    step, dose = random.randrange(len(steps)), Dose(random.choice((2, 3)), random.choice((8, 10)))
    epoch = Epoch(NOON - DAY)
    own = tuple(SideState(side, step, dose, f"{side}-0", epoch) for side in sides)
    limits = Limits(
        pain_limit=random.choice((None, None, 2)),
        resisted_not_before=random.choice((None, START + 40 * DAY)),
    )
    return State(steps, own, limits=limits, equipment=("mat",), started_on=START)


def _rung(random: Random, index: int, kind: Laterality, bounds: Bounds) -> Step:
    chance = random.random()
    return Step(
        "abcdefgh"[index],
        Dose(2, 8, hold_s=random.choice((0, 0, 0, 5))),
        bounds,
        kind,
        ("mat",) if chance < 0.7 else ("machine",) if chance > 0.93 else (),
        resisted=random.random() < 0.2,
    )
