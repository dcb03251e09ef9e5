"""Virtual patients: the same decide() as the pages, before anybody is prescribed anything.

Seeded: the same ruleset, state, kind, weeks and seed give the same trajectory. The people are
plausible inventions for looking at a rule, not models of anyone.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import NamedTuple

from programs.progression.doses import rank
from programs.progression.engine import decide
from programs.progression.rules import Ruleset
from programs.progression.steering import accept, apply
from programs.progression.types import (
    Decision,
    Dose,
    History,
    Morning,
    Pain,
    SessionFact,
    SetFact,
    Side,
    State,
)

DAY = timedelta(days=1)
NIGHT = timedelta(hours=20)
GAP = 7  # days without a session after which the start of a session is asked about, too


class Person(NamedTuple):
    """How somebody trains: chances from 0 to 1, pain and effort in points, days of silence."""

    trains: float
    answers: float
    manages: float
    pain: float
    spread: float
    flare: float
    effort: int
    silent_from: int = 10_000
    silent_for: int = 0


KINDS = {
    "steady": Person(0.95, 0.97, 0.93, 1.0, 0.7, 0.00, 5),
    "flare": Person(0.90, 0.92, 0.88, 1.5, 0.8, 0.06, 6),
    "patchy": Person(0.55, 0.60, 0.80, 1.5, 1.0, 0.02, 6),
    "silent": Person(0.90, 0.80, 0.85, 1.2, 0.8, 0.01, 6, 21, 35),
    "fast": Person(1.00, 1.00, 1.00, 0.2, 0.3, 0.00, 3),
}


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One virtual patient: the sessions, every decision, and the state at the end of each week."""

    kind: str
    seed: int
    sessions: tuple[SessionFact, ...]
    decisions: tuple[Decision, ...]
    weeks: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class FanWeek:
    """The doses of one week across all people, in the dose order: the lowest tenth and so on."""

    week: int
    low: tuple[int, Dose]
    quarter: tuple[int, Dose]
    median: tuple[int, Dose]
    three_quarters: tuple[int, Dose]
    high: tuple[int, Dose]


class _Run:
    """One person's weeks, while they are lived."""

    def __init__(
        self, ruleset: Ruleset, state: State, kind: str, person: Person, seed: int
    ) -> None:
        self.ruleset, self.kind, self.person, self.seed = ruleset, kind, person, seed
        self.random = Random(f"{seed}")  # noqa: S311 - a simulation, not a secret
        begun = state.sides[0].epoch.at.date() + DAY
        self.first = state.started_on or begun
        self.state = state
        self.sessions: tuple[SessionFact, ...] = ()
        self.decisions: list[Decision] = []
        self.weeks: list[State] = []
        self.sore = 0
        self.last = self.first

    def live(self, weeks: int) -> Trajectory:
        for week in range(weeks):
            per_week = self.state.sides[0].dose.per_week
            for number in range(per_week):
                self.day(week * 7 + number * 7 // per_week)
            self.weeks.append(self.state)
        return Trajectory(
            self.kind, self.seed, self.sessions, tuple(self.decisions), tuple(self.weeks)
        )

    def day(self, number: int) -> None:
        person, chance = self.person, self.random.random
        away = person.silent_from <= number < person.silent_from + person.silent_for
        if self.state.locked or chance() >= person.trains or away:
            return
        today = self.first + number * DAY
        noon = datetime.combine(today, time(12), UTC)
        if (today - self.last).days >= GAP:
            self.ask(noon, today, "session.start")
        self.last = today
        self.sessions = (*self.sessions, self.session(number, today, noon))
        self.ask(noon + NIGHT, today + DAY, "decision")

    def ask(self, now: datetime, today: date, trigger: str) -> None:
        decision = decide(
            self.ruleset,
            self.state,
            History(self.sessions, today),
            now,
            trigger=trigger,  # type: ignore[arg-type]
        )
        self.decisions.append(decision)
        if decision.changed or decision.proposed:
            versions: dict[Side, str] = {
                each.side: f"{each.side}-{len(self.decisions)}" for each in decision.sides
            }
            self.state = apply(self.state, decision, versions)
            self.state = accept(self.state, decision, now, versions)

    def session(self, number: int, today: date, noon: datetime) -> SessionFact:
        pain, effort = self.feel()
        answered = self.random.random() < self.person.answers
        morning: Morning = "worse" if pain >= 5 and self.random.random() < 0.5 else "same"
        return SessionFact(
            f"{number}", today, noon, noon + NIGHT, "live", self.sets(), (_tap(pain),),
            morning if answered else None, None, 1, effort,
        )  # fmt: skip

    def feel(self) -> tuple[int, int]:
        person, random = self.person, self.random
        if self.sore == 0 and random.random() < person.flare:
            self.sore = 3
        base = person.pain + (5 if self.sore else 0)
        self.sore = max(0, self.sore - 1)
        pain = max(0, min(10, round(random.gauss(base, person.spread))))
        return pain, max(0, min(10, person.effort + random.randrange(-1, 2)))

    def sets(self) -> tuple[SetFact, ...]:
        made: tuple[SetFact, ...] = ()
        for own in self.state.sides:
            short = 0 if self.random.random() < self.person.manages else 2
            extra = 2 if self.kind == "fast" else 0
            made += _rows(own.side, own.dose, own.dose_version, extra - short)
        return made


@lru_cache(maxsize=4096)
def _rows(side: Side, dose: Dose, version: str, over: int) -> tuple[SetFact, ...]:
    """The planned sets; in the last one `over` more or fewer than planned."""
    last, reps = dose.sets, dose.reps
    return tuple(
        SetFact(
            side, number, last, reps, max(0, reps + (over if number == last else 0)), version,
            dose.hold_s, dose.hold_s or None, dose.load_g, dose.band,
        )
        for number in range(1, last + 1)
    )  # fmt: skip


@lru_cache
def _tap(pain: int) -> Pain:
    return Pain.one_tap(pain)


def simulate(
    ruleset: Ruleset, state: State, kind: str, weeks: int = 12, seed: int = 0
) -> Trajectory:
    """One virtual patient of a kind of KINDS; proposals are accepted. KeyError: no such kind."""
    return _Run(ruleset, state, kind, KINDS[kind], seed).live(weeks)


def fan(
    ruleset: Ruleset, state: State, n: int = 200, weeks: int = 12, seed: int = 0
) -> tuple[tuple[FanWeek, ...], tuple[Trajectory, ...]]:
    """`n` people of mixed kinds: the spread of doses by week, and every trajectory with traces."""
    random, kinds = Random(f"fan-{seed}"), tuple(KINDS)  # noqa: S311
    runs = []
    for number in range(n):
        kind = kinds[number % len(kinds)]
        person = KINDS[kind]
        person = person._replace(pain=max(0.0, random.gauss(person.pain, 0.5)))
        runs.append(_Run(ruleset, state, kind, person, seed * 100_003 + number).live(weeks))
    return tuple(_week(runs, week) for week in range(weeks)), tuple(runs)


def _week(runs: list[Trajectory], week: int) -> FanWeek:
    doses = sorted(
        ((own.step, own.dose) for run in runs for own in run.weeks[week].sides),
        key=lambda each: rank(*each),
    )
    low, quarter, median, three, high = (
        doses[len(doses) * part // 100] for part in (10, 25, 50, 75, 90)
    )
    return FanWeek(week + 1, low, quarter, median, three, high)


def open_program(state: State, today: date) -> State:
    """The state as if the program started on `today`: what a preview simulates."""
    return replace(state, started_on=today)
