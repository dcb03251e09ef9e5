"""The three numbers of a patient: adherence of 14 days, pain of the last sessions, days since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from programs.schedule import ADHERENCE_DAYS, Plan, Slot, adherence, due_slots, is_done

LAST = 3


class Trained(NamedTuple):
    """One session in short: sets done of those planned, and its highest pain (0-10)."""

    local_date: date
    slot: int
    planned: int
    done: int
    pain: int | None

    @property
    def counts(self) -> bool:
        return is_done(self.done, self.planned)


@dataclass(frozen=True, slots=True)
class Numbers:
    """adherence 0-1 (None under 3 due); pain of the last 3 sessions and of the 3 before; days."""

    adherence: float | None
    pain: int | None
    pain_before: int | None
    days_since: int | None


def numbers(plan: Plan, sessions: Sequence[Trained], today: date) -> Numbers:
    """From sessions in order of their date, oldest first."""
    due = due_slots(plan, today - timedelta(days=ADHERENCE_DAYS), today)
    done = [Slot(each.local_date, each.slot) for each in sessions if each.counts]
    last = max((each.local_date for each in sessions if each.done), default=None)
    return Numbers(
        adherence=adherence(due, done, today),
        pain=_highest(sessions[-LAST:]),
        pain_before=_highest(sessions[-2 * LAST : -LAST]),
        days_since=None if last is None else (today - last).days,
    )


def _highest(sessions: Sequence[Trained]) -> int | None:
    return max((each.pain for each in sessions if each.pain is not None), default=None)
