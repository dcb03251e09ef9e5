"""What was done on the days of messages: sessions, words about them, scores."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from patients.scoring import scores_of
from programs.models import CheckIn, NotToday, Program, Session
from programs.rounds import is_asked
from programs.schedule import is_done
from reminders.models import Occurrence

type Day = tuple[UUID | None, date]


@dataclass(frozen=True)
class Days:
    """Sessions of the days that messages are about, and the days that were declined."""

    sessions: Mapping[Day, list[Session]]
    declined: Collection[Day]

    def over(self, occurrence: Occurrence, slot: int | None = None) -> str:
        """Why nothing need be said: trained (this slot, or with None anything), or declined."""
        for session in self._of(occurrence):
            asked = slot is None or slot == session.slot
            if asked and (_is_trained(session) if slot else _logged(session)):
                return "done"
        return "declined" if _day(occurrence) in self.declined else ""

    def against_check_in(self, occurrence: Occurrence) -> str:
        """Why nobody need be asked about the morning after."""
        sessions = [each for each in self._of(occurrence) if _is_trained(each)]
        if not sessions:
            return "not_trained"
        return "answered" if all(vars(each)["answered"] for each in sessions) else ""

    def _of(self, occurrence: Occurrence) -> list[Session]:
        return self.sessions.get(_day(occurrence), [])


def days_of(occurrences: Iterable[Occurrence]) -> Days:
    """What is known of the days of these messages, in two queries. Needs the clinic's scope."""
    wanted = {_day(one) for one in occurrences if one.program_id}
    if not wanted:
        return Days({}, ())
    mine = {
        "program__in": {program for program, _day in wanted},
        "local_date__in": {day for _program, day in wanted},
    }
    logged = Count("sets__key", filter=Q(sets__skipped=""), distinct=True)
    answered = Exists(CheckIn.objects.filter(session=OuterRef("id")))
    sessions: dict[Day, list[Session]] = {}
    for session in Session.objects.filter(**mine).annotate(logged=logged, answered=answered):
        sessions.setdefault((session.program_id, session.local_date), []).append(session)
    declined = NotToday.objects.filter(**mine).values_list("program_id", "local_date")
    return Days(sessions, {*declined})


def against_outcomes(program: Program, asked_on: date) -> str:
    """Why nobody need be asked for scores on this day."""
    if program.status not in (Program.Status.ACTIVE, Program.Status.ENDED):
        return "not_active"
    return "" if is_asked(program, scores_of(program.patient), asked_on) else "answered"


def open_session(occurrence: Occurrence) -> UUID | None:
    """The session that this message is about, if it was begun and not ended."""
    sessions = _sessions(occurrence).filter(finished_at=None, stopped="")
    return sessions.order_by("slot").values_list("id", flat=True).first()


def trained_session(occurrence: Occurrence) -> UUID | None:
    """The last session of the message's day, whose morning after is asked about."""
    return _sessions(occurrence).order_by("-slot").values_list("id", flat=True).first()


def _sessions(occurrence: Occurrence) -> QuerySet[Session]:
    return Session.objects.filter(program=occurrence.program, local_date=occurrence.local_date)


def _day(occurrence: Occurrence) -> Day:
    return occurrence.program_id, occurrence.local_date


def _logged(session: Session) -> int:
    return int(vars(session)["logged"])


def _is_trained(session: Session) -> bool:
    """It was finished, or at least half of its planned sets are logged."""
    return session.finished_at is not None or is_done(_logged(session), session.planned_sets)
