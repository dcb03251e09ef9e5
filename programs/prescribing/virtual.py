"""Five virtual patients on a program that nobody has yet; the same rules, the same decide()."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from programs.progression.rules import Ruleset
from programs.progression.types import Decision, Dose, Epoch, Limits, Side, SideState, State, Step
from programs.simulation import KINDS, FanWeek, fan, simulate

WEEKS = 12
SEED = 7
START = date(2026, 1, 5)  # any Monday: the people of a preview live outside the calendar
KEPT = 256
PEOPLE = 200
NO_LIMITS = Limits()
KIND_WORDS = {
    "steady": _("steady"),
    "flare": _("flare"),
    "patchy": _("patchy"),
    "silent": _("silent"),
    "fast": _("fast"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A dose on a step of the ladder."""

    step: int
    dose: Dose


@dataclass(frozen=True, slots=True)
class Virtual:
    """What became of one person's left side: each change with its week, and each week's end."""

    kind: str
    changes: tuple[tuple[float, Place], ...]
    weeks: tuple[Place, ...]
    lowered: int
    silent_after: float | None

    @property
    def name(self) -> str:
        return kind_words(self.kind)

    def points(self) -> tuple[tuple[float, Place], ...]:
        return self.changes


def kind_words(kind: str) -> str:
    """The name of a kind of virtual patient."""
    return str(KIND_WORDS.get(kind, kind))


@dataclass(frozen=True)
class Question:
    """What a simulation depends on; the ruleset is told apart by its version."""

    version: str
    steps: tuple[Step, ...]
    start: int
    per_week: int
    limits: Limits
    equipment: tuple[str, ...]
    ruleset: Ruleset = field(compare=False)

    @property
    def state(self) -> State:
        return first_state(self.steps, self.start, self.limits, self.equipment)


def question_of(
    ruleset: Ruleset,
    *,
    steps: tuple[Step, ...],
    start: int,
    per_week: int,
    limits: Limits,
    equipment: tuple[str, ...],
) -> Question:
    """All that a simulation depends on."""
    return Question(ruleset.version, steps, start, per_week, limits, equipment, ruleset)


def virtual_patients(question: Question) -> list[Virtual]:
    """Twelve weeks of each kind, proposals accepted. Same question, same answer (kept)."""
    return list(_answers(question))


@lru_cache(maxsize=KEPT)
def spread_of(question: Question) -> tuple[FanWeek, ...]:
    """The doses of many people of mixed kinds by week; about half a second where it isn't kept."""
    return fan(question.ruleset, question.state, PEOPLE, WEEKS, SEED)[0]


@lru_cache(maxsize=KEPT)
def _answers(question: Question) -> tuple[Virtual, ...]:
    state = question.state
    return tuple(_live(question.ruleset, state, kind) for kind in KINDS)


def first_state(
    steps: tuple[Step, ...],
    start: int,
    limits: Limits = NO_LIMITS,
    equipment: tuple[str, ...] = (),
) -> State:
    """Both sides at the entry dose of the step that the program starts at."""
    at = datetime.combine(START, datetime.min.time(), UTC)
    sides: tuple[Side, ...] = ("left", "right")
    return State(
        ladder=steps,
        sides=tuple(
            SideState(side, start, steps[start].entry, f"{side}-0", Epoch(at)) for side in sides
        ),
        limits=limits,
        equipment=equipment,
        started_on=START,
    )


def _live(ruleset: Ruleset, state: State, kind: str) -> Virtual:
    life = simulate(ruleset, state, kind, WEEKS, SEED)
    first = Place(state.sides[0].step, state.sides[0].dose)
    changes = ((0.0, first), *_changes(life.decisions))
    last = max((each.local_date for each in life.sessions), default=START)
    silent_after = _week(last) if _week(last) < WEEKS - 2 else None
    return Virtual(
        kind=kind,
        changes=changes,
        weeks=(first, *(Place(each.sides[0].step, each.sides[0].dose) for each in life.weeks)),
        lowered=sum(_lower(one[1], two[1]) for one, two in pairwise(changes)),
        silent_after=silent_after,
    )


def _changes(decisions: tuple[Decision, ...]) -> Iterator[tuple[float, Place]]:
    for decision in decisions:
        side = decision.sides[0]
        if side.outcome in ("changed", "proposed"):
            yield _week(decision.at.date()), Place(side.after.step, side.after.dose)


def _week(day: date) -> float:
    return (day - START).days / 7


def _lower(before: Place, after: Place) -> bool:
    return (after.step, after.dose.sets, after.dose.reps) < (
        before.step,
        before.dose.sets,
        before.dose.reps,
    )
