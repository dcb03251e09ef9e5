"""Which screen comes next, derived from the logs alone: no step is remembered anywhere."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from programs.aims import Aim
from programs.limits import green_limit
from programs.logging.plan import PlannedExercise, PlannedSide, SessionPlan
from programs.models import PainReport, Session, SetLog

NO_AIM = Aim(0, 0)

Place = tuple[UUID, str, int]


@dataclass(frozen=True)
class Card:
    """One screen: a set, the pain of an exercise, the effort, or the end."""

    kind: Literal["set", "pain", "place", "effort", "done"]
    exercise: PlannedExercise | None = None
    side: str = ""
    number: int = 0
    aim: Aim = NO_AIM  # of a set: with the load that follows from what is done already

    @property
    def prescription(self) -> UUID:
        """Which exercise it is about. Raises LookupError where it is about none."""
        if self.exercise is None:
            raise LookupError(self.kind)
        return self.exercise.prescription.id

    @property
    def planned(self) -> PlannedSide:
        found = self.exercise and self.exercise.side(self.side)
        if not found:
            raise LookupError(self.side)
        return found


@dataclass(frozen=True)
class Progress:
    """A session as far as it has come: the newest word on each set and each exercise."""

    session: Session
    plan: SessionPlan
    sets: dict[Place, SetLog] = field(default_factory=dict)
    pains: dict[UUID, PainReport] = field(default_factory=dict)

    @property
    def sets_done(self) -> int:
        return sum(not row.skipped for row in self.sets.values())

    def of(self, exercise: PlannedExercise) -> list[SetLog]:
        """The sets of this exercise, those of a dose that has since changed included."""
        mine = exercise.prescription.id
        return [row for row in self.sets.values() if row.prescription_id == mine]

    def log(self, exercise: PlannedExercise, side: str, number: int) -> SetLog | None:
        return self.sets.get((exercise.prescription.id, side, number))

    def set_card(self, exercise: PlannedExercise, side: str, number: int) -> Card:
        """The screen of one set, aim and all."""
        return Card("set", exercise, side, number, self.aim(exercise, side, number))

    def aim(self, exercise: PlannedExercise, side: str, number: int) -> Aim:
        """What a set is to be: where it follows another, as that one was done."""
        planned = exercise.side(side)
        aim = planned.aim(number) if planned else Aim(number, 0)
        if aim.follows is None:
            return aim
        before = self.log(exercise, side, aim.follows)
        if before is None or before.skipped or before.next_kg is None:
            return aim._replace(load_kg=self.aim(exercise, side, aim.follows).load_kg)
        return aim._replace(load_kg=before.next_kg)


def next_card(progress: Progress) -> Card:
    """The first thing that is still to do or to say."""
    if progress.session.finished_at:
        return Card("done")
    for exercise in progress.plan.exercises:
        if card := _set_of(exercise, progress) or _pain_of(exercise, progress):
            return card
    return Card("effort")


def _set_of(exercise: PlannedExercise, progress: Progress) -> Card | None:
    for side, number in exercise.slots():
        if progress.log(exercise, side, number) is None:
            return progress.set_card(exercise, side, number)
    return None


def _pain_of(exercise: PlannedExercise, progress: Progress) -> Card | None:
    """Asked once all sets are in; asked again if the last word was given before the last set."""
    logs = progress.of(exercise)
    if all(row.skipped and row.skipped != SetLog.Skip.PAIN for row in logs):
        return None
    told = progress.pains.get(exercise.prescription.id)
    if told is None or any(told.at < row.received_at for row in logs if not row.revision):
        return Card("pain", exercise)
    if told.pain > green_limit(progress.session.program) and not told.place:
        return Card("place", exercise)
    return None
