"""Virtual patients: the same decide() as the pages, before anybody is prescribed anything.

Seeded: the same ruleset, state, kind, weeks and seed give the same trajectory. The people are
plausible inventions for looking at a rule, not models of anyone.
"""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from programs.progression import types as t
from programs.progression.doses import rank
from programs.progression.engine import decide
from programs.progression.rules import Ruleset
from programs.progression.session import next_load, next_set, planned_sets
from programs.progression.steering import accept, apply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

DAY = timedelta(days=1)
NIGHT = timedelta(hours=20)
NOON = time(12)
PAINS = tuple((t.Pain.one_tap(worst),) for worst in range(11))  # told by a tap
EFFORTS = (-1, 0, 1)  # of a session, beside the person's own
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
    over: int = 0  # reps more than planned in the last set


KINDS = {
    "steady": Person(0.95, 0.97, 0.93, 1.0, 0.7, 0.00, 5),
    "flare": Person(0.90, 0.92, 0.88, 1.5, 0.8, 0.06, 6),
    "patchy": Person(0.55, 0.60, 0.80, 1.5, 1.0, 0.02, 6),
    "silent": Person(0.90, 0.80, 0.85, 1.2, 0.8, 0.01, 6, 21, 35),
    "fast": Person(1.00, 1.00, 1.00, 0.2, 0.3, 0.00, 3, over=2),
}


class Trajectory(NamedTuple):
    """One virtual patient: the sessions, every decision, and the state at the end of each week."""

    kind: str
    seed: int
    sessions: tuple[t.SessionFact, ...]
    decisions: tuple[t.Decision, ...]
    weeks: tuple[t.State, ...]


class FanWeek(NamedTuple):
    """The doses of one week across all people, in the dose order: the lowest tenth and so on."""

    week: int
    low: tuple[int, t.Dose]
    quarter: tuple[int, t.Dose]
    median: tuple[int, t.Dose]
    three_quarters: tuple[int, t.Dose]
    high: tuple[int, t.Dose]


def simulate(
    ruleset: Ruleset, state: t.State, kind: str, weeks: int = 12, seed: int = 0
) -> Trajectory:
    """One virtual patient of a kind of KINDS; proposals are accepted. KeyError: no such kind."""
    return _Life(ruleset, state, KINDS[kind], seed).live(kind, weeks)


def fan(
    ruleset: Ruleset, state: t.State, n: int = 200, weeks: int = 12, seed: int = 0
) -> tuple[tuple[FanWeek, ...], tuple[Trajectory, ...]]:
    """`n` people of mixed kinds: the spread of doses by week, and every trajectory with traces."""
    random, kinds = seeded(f"fan-{seed}"), tuple(KINDS)
    lives = []
    with _uncollected():
        for number in range(n):
            kind = kinds[number % len(kinds)]
            pain = max(0.0, random.gauss(KINDS[kind].pain, 0.5))
            life = _Life(ruleset, state, KINDS[kind]._replace(pain=pain), seed * 100_003 + number)
            lives.append(life.live(kind, weeks))
        return tuple(_spread(lives, week) for week in range(weeks)), tuple(lives)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Collect no garbage meanwhile: every life is kept to the end, and looking costs an eighth."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def seeded(seed: str) -> Random:
    from random import Random  # slow to import, and wanted only here

    return Random(seed)  # noqa: S311 - a simulation, not a secret


def _spread(lives: list[Trajectory], week: int) -> FanWeek:
    counted = Counter([(own.step, own.dose) for life in lives for own in life.weeks[week].sides])
    order = sorted(counted, key=lambda each: rank(*each))  # few differ: equal ones compare slowly
    ranked = [each for each in order for _ in range(counted[each])]
    return FanWeek(week + 1, *(ranked[len(ranked) * part // 100] for part in (10, 25, 50, 75, 90)))


class _Life:
    """One person's weeks, while they are lived."""

    def __init__(self, ruleset: Ruleset, state: t.State, person: Person, seed: int) -> None:
        self.ruleset, self.state, self.person, self.seed = ruleset, state, person, seed
        self.random = seeded(f"{seed}")
        self.first = state.started_on or state.sides[0].epoch.at.date() + DAY
        self.last, self.sore = self.first, 0
        self.sessions: tuple[t.SessionFact, ...] = ()
        self.decisions: list[t.Decision] = []

    def live(self, kind: str, weeks: int) -> Trajectory:
        states = []
        for week in range(weeks):
            per_week = self.state.sides[0].dose.per_week
            for number in range(per_week):
                self.day(week * 7 + number * 7 // per_week)
            states.append(self.state)
        return Trajectory(kind, self.seed, self.sessions, tuple(self.decisions), tuple(states))

    def day(self, number: int) -> None:
        person = self.person
        away = person.silent_from <= number < person.silent_from + person.silent_for
        if self.state.locked or self.random.random() >= person.trains or away:
            return
        today = self.first + number * DAY
        noon = datetime.combine(today, NOON, UTC)
        if (today - self.last).days >= GAP:
            self.ask(noon, today, "session.start")
        self.last = today
        self.sessions = (*self.sessions, self.session(number, today, noon))
        self.ask(noon + NIGHT, today + DAY, "decision")

    def ask(self, now: datetime, today: date, trigger: t.Trigger) -> None:
        history = t.History(self.sessions, today)
        decision = decide(self.ruleset, self.state, history, now, trigger=trigger)
        self.decisions.append(decision)
        if decision.changed or decision.proposed:
            count = len(self.decisions)
            versions: dict[t.Side, str] = {s.side: f"{s.side}-{count}" for s in decision.sides}
            self.state = apply(self.state, decision, versions)
        if decision.proposed:
            self.state = accept(self.state, decision, now, versions)

    def session(self, number: int, today: date, noon: datetime) -> t.SessionFact:
        person, chance = self.person, self.random.random
        pain, effort = self.feel()
        answered, sore = chance() < person.answers, pain >= 5 and chance() < 0.5
        morning: t.Morning = "worse" if sore else "same"
        told = (("soreness", "persists" if pain > 3 else "none"), ("soreness_later", sore))
        return t.SessionFact(
            f"{number}", today, noon, noon + NIGHT, "live", self.sets(effort), PAINS[pain],
            morning if answered else None, None, 1, effort,
            answers=told if self.ruleset.asks else (),
        )  # fmt: skip

    def feel(self) -> tuple[int, int]:
        """Pain and effort of a session; a flare lasts for three."""
        person, random = self.person, self.random
        if self.sore == 0 and random.random() < person.flare:
            self.sore = 3
        base = person.pain + (5 if self.sore else 0)
        self.sore = max(0, self.sore - 1)
        pain = max(0, min(10, round(random.gauss(base, person.spread))))
        return pain, max(0, min(10, person.effort + random.choice(EFFORTS)))

    def sets(self, effort: int) -> tuple[t.SetFact, ...]:
        made: tuple[t.SetFact, ...] = ()
        for own in self.state.sides:
            short = 0 if self.random.random() < self.person.manages else 2
            over = self.person.over - short
            if self.ruleset.plan:
                made += self.planned(own, over, effort)
            else:
                made += _rows(own.side, own.dose, own.dose_version, over)
        return made

    def planned(self, own: t.SideState, over: int, effort: int) -> tuple[t.SetFact, ...]:
        """The sets of a plan: in those of as many as possible (or the last) `over` the aim."""
        made: list[t.SetFact] = []
        plan = planned_sets(self.ruleset, self.state, own.side, t.History((), self.last))
        for each in plan:
            load, free = each.load_g, each.max_reps or each.number == len(plan)
            if each.follows and (before := made[each.follows - 1]).load_g is not None:
                rows = next_set(self.ruleset, self.state, own.side, each.number, before.load_g)
                follow = self.ruleset.follow
                done = before.effort if follow and follow.fact == "effort" else before.reps
                load = next_load(rows, done, before.load_g)[0]
            made.append(
                t.SetFact(
                    own.side, each.number, len(plan), each.reps,
                    max(0, each.reps + (over if free else 0)), own.dose_version,
                    load_g=load, effort=effort, max_reps=each.max_reps,
                )
            )  # fmt: skip
        return tuple(made)


@lru_cache(maxsize=4096)
def _rows(side: t.Side, dose: t.Dose, version: str, over: int) -> tuple[t.SetFact, ...]:
    """The planned sets; in the last one `over` more or fewer than planned."""
    rows = [
        t.SetFact(
            side, number, dose.sets, dose.reps,
            max(0, dose.reps + (over if number == dose.sets else 0)), version,
            dose.hold_s, dose.hold_s or None, dose.load_g, dose.band,
        )
        for number in range(1, dose.sets + 1)
    ]  # fmt: skip
    return tuple(rows)
