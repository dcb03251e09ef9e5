"""Sessions of days gone by, logged afterwards: counted for safety, never toward a progression.

By the patient, one of the last week; by the care team, those of a sheet of paper.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Actor, Role
from programs.calendar import local_day, plan_of
from programs.decisions.deciding import decide_program
from programs.logging import services
from programs.logging.entries import Refused, SetEntry, check_set
from programs.logging.plan import SessionPlan, load_plan
from programs.logging.pounds import in_kilograms
from programs.models import PainReport, Program, Session, SessionReport, SetLog, Side
from programs.schedule import Slot, due_slots

BACK = timedelta(days=7)
DAY = timedelta(days=1)
STAFF = (Role.CLINICIAN, Role.ASSISTANT)
VERBS = {Session.Source.BACKFILLED: "log_past_session", Session.Source.STAFF: "enter_sheet"}


@dataclass(frozen=True)
class PastDay:
    """One slot of the last week. `session`: what was logged of it already."""

    slot: Slot
    due: bool
    session: UUID | None


@dataclass(frozen=True)
class PastPain:
    """The most pain of one exercise, 0 to 10."""

    prescription: UUID
    pain: int
    side: str = ""
    place: str = ""


@dataclass(frozen=True)
class Past:
    """Everything that is told of a past session; of paper no effort."""

    sets: list[SetEntry]
    pains: list[PastPain]
    effort: int | None = None


@dataclass(frozen=True)
class PastSession:
    """A slot, what was planned for it, and what is told of it."""

    slot: Slot
    plan: SessionPlan
    told: Past


def past_days(program: Program, at: datetime) -> list[PastDay]:
    """The slots of the last seven days: those that were due first, each the newest first."""
    today = local_day(at, program.patient.time_zone)
    first, last = max(today - BACK, program.start_on), min(today - DAY, program.end_on)
    if first > last:
        return []
    plan = plan_of(program)
    due = set(due_slots(plan, first, last))
    rows = program.sessions.filter(local_date__range=(first, last))
    logged = {
        Slot(day, slot): row for day, slot, row in rows.values_list("local_date", "slot", "id")
    }
    days = (first + n * DAY for n in range((last - first).days + 1))
    every = {*due, *logged, *(Slot(day) for day in days)}
    found = [PastDay(slot, slot in due, logged.get(slot)) for slot in sorted(every, reverse=True)]
    return sorted(found, key=lambda each: not each.due)


def past_plan(program: Program, slot: Slot) -> SessionPlan:
    """What was planned on that day: the doses as they held at its end."""
    over = _end_of(slot.local_date, program.patient.time_zone)
    return load_plan(program, day=slot.local_date, before=over)


def _end_of(day: date, zone: str) -> datetime:
    """The last second of a local day: the session belongs to the day, its hour isn't known."""
    return datetime.combine(day + DAY, time(), ZoneInfo(zone)) - timedelta(seconds=1)


@transaction.atomic
def log_past(
    *, program: Program, slot: Slot, plan: SessionPlan, told: Past, by: Actor, at: datetime
) -> tuple[Session, bool]:
    """Store a past session once and decide from now on; whether this call was the one.

    Raises NotOpen for a program that takes none, Refused for a day or a set that can't be.
    """
    program = _locked(program)
    if slot not in {each.slot for each in past_days(program, at)}:
        raise Refused({"": _("Choose one of the last seven days.")})
    made = _store(program, [PastSession(slot, plan, told)], Session.Source.BACKFILLED, by, at)
    if made:
        return made[0], True
    return program.sessions.get(local_date=slot.local_date, slot=slot.number), False


@transaction.atomic
def log_sheet(
    *, program: Program, sessions: Sequence[PastSession], by: Actor, at: datetime
) -> list[Session]:
    """Store what stands on a returned sheet, all or nothing; a slot with a session keeps it.

    Returns the sessions that this call stored. Raises PermissionDenied unless the care team
    enters it, NotOpen for a program that takes none, Refused for a day or a set that can't be.
    """
    if by.role not in STAFF:
        raise PermissionDenied
    program = _locked(program)
    today = local_day(at, program.patient.time_zone)
    due = set(due_slots(plan_of(program), program.start_on, today))
    if not due.issuperset(each.slot for each in sessions):
        raise Refused({"": _("Choose days on which a session was due, up to today.")})
    return _store(program, sessions, Session.Source.STAFF, by, at)


def _locked(program: Program) -> Program:
    """The program's row, held until the end. Raises NotOpen unless it runs."""
    rows = Program.objects.select_related("patient__clinic").select_for_update(of=("self",))
    row = rows.get(id=program.id)
    if row.status != Program.Status.ACTIVE:
        raise services.NotOpen(row.status)
    return row


def _store(
    program: Program,
    sessions: Sequence[PastSession],
    source: Session.Source,
    by: Actor,
    at: datetime,
) -> list[Session]:
    """Insert the sessions whose slots have none yet, then decide once on all of them.

    The statements are the same for one session and for many.
    """
    rows = [_session(program, each, source, at) for each in sessions]
    Session.objects.bulk_create(rows, ignore_conflicts=True)
    ids = [row.id for row in rows]
    kept = set(program.sessions.filter(id__in=ids).values_list("id", flat=True))
    made = [each for each in zip(rows, sessions, strict=True) if each[0].id in kept]
    if not made:
        return []
    SetLog.objects.bulk_create(
        [log for row, each in made for log in _sets(row, each.plan, each.told, at)]
    )
    _ratings([(row, each.told) for row, each in made], at)
    audit.record(by=by, verb=VERBS[source], patients=[program.patient_id])
    stored = sorted((row for row, _each in made), key=lambda row: (row.local_date, row.slot))
    decide_program(
        program=program.id,
        trigger="correction",
        session=stored[-1],
        caused_by=tuple(str(row.id) for row in stored),
        by=by,
        at=at,
    )
    return stored


def _session(program: Program, past: PastSession, source: Session.Source, at: datetime) -> Session:
    zone = program.patient.time_zone
    over = min(_end_of(past.slot.local_date, zone), at)
    return Session(
        clinic_id=program.clinic_id,
        program=program,
        local_date=past.slot.local_date,
        slot=past.slot.number,
        source=source,
        zone=zone,
        planned_sets=past.plan.total,
        started_at=over,
        finished_at=over,
        received_at=at,
    )


def _sets(session: Session, plan: SessionPlan, told: Past, at: datetime) -> Iterator[SetLog]:
    for entry in told.sets:
        exercise = plan.exercise(entry.prescription)
        planned = exercise and exercise.side(entry.side)
        if not planned:
            raise Refused({"": _("There is no such exercise in this program.")})
        meant = in_kilograms(entry, planned)
        aim = planned.aim(meant.number)
        if session.source == Session.Source.STAFF:
            aim = aim._replace(asks=False)  # no sheet asks how hard a set was
        check_set(meant, planned.dose, aim)
        yield services.set_row(session, meant, planned, at)


def _ratings(told: Iterable[tuple[Session, Past]], at: datetime) -> None:
    sessions = list(told)
    PainReport.objects.bulk_create(
        PainReport(
            clinic_id=session.clinic_id,
            session=session,
            prescription_id=each.prescription,
            pain=each.pain,
            side=each.side or Side.BOTH,
            place=each.place,
            at=at,
        )
        for session, past in sessions
        for each in past.pains
    )
    SessionReport.objects.bulk_create(
        SessionReport(clinic_id=session.clinic_id, session=session, effort=past.effort, at=at)
        for session, past in sessions
        if past.effort is not None
    )
