"""When outcome scores are due: at a program's start, every four weeks, and at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from patients.scoring import Score, activities_in
from programs.calendar import local_day
from programs.models import Program

EVERY = timedelta(weeks=4)
APART = timedelta(weeks=1)  # a round this close to the end is left to the end
ASKED_FOR = timedelta(days=14)  # the phone asks no longer; the desk still says so


@dataclass(frozen=True)
class Round:
    """One time of asking; `next` is the day of the one after it."""

    number: int
    day: date
    next: date | None

    def is_asked(self, today: date) -> bool:
        """Whether the phone asks now."""
        return today - self.day <= ASKED_FOR


def rounds(first: date, start: date, end: date) -> list[date]:
    """The days of asking. The first is the day of assigning, where that is before the start."""
    days, day = [min(first, start)], start + EVERY
    while day <= end - APART:
        days.append(day)
        day += EVERY
    return [*days, end] if end > days[-1] else days


def rounds_of(program: Program) -> list[date]:
    """The days on which this program's patient is asked."""
    assigned = local_day(program.assigned_at, program.patient.time_zone)
    return rounds(assigned, program.start_on, program.end_on)


def round_of(program: Program, today: date) -> Round:
    """The newest round that has come."""
    days = rounds_of(program)
    past = max(1, sum(day <= today for day in days))
    return Round(past - 1, days[past - 1], days[past] if past < len(days) else None)


def rated(asked: Round, scores: Sequence[Score]) -> Mapping[int, int]:
    """What was told since the round came: values by number, the change under 0."""
    return {one.number: one.value for one in scores if one.day >= asked.day}


def is_told(asked: Round, scores: Sequence[Score]) -> bool:
    """Whether nothing is left to ask: each activity, one at least; after the start the change."""
    wanted = set(activities_in(scores)) or {1}
    return wanted | ({0} if asked.number else set()) <= set(rated(asked, scores))


def is_asked(program: Program, scores: Sequence[Score], today: date) -> bool:
    """Whether the phone asks for scores today; after the end the last time."""
    if program.status not in (Program.Status.ACTIVE, Program.Status.ENDED):
        return False
    asked = round_of(program, today)
    return asked.is_asked(today) and not is_told(asked, scores)
