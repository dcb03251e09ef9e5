"""A session of a past day, logged afterwards: counted for safety, never toward a progression."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Actor
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
    """Everything that is told of a past session."""

    sets: list[SetEntry]
    pains: list[PastPain]
    effort: int


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
    program = (
        Program.objects.select_related("patient").select_for_update(of=("self",)).get(id=program.id)
    )
    if program.status != Program.Status.ACTIVE:
        raise services.NotOpen(program.status)
    if slot not in {each.slot for each in past_days(program, at)}:
        raise Refused({"": _("Choose one of the last seven days.")})
    session = _session(program, slot, plan, at)
    Session.objects.bulk_create([session], ignore_conflicts=True)
    stands = program.sessions.get(local_date=slot.local_date, slot=slot.number)
    if stands.id != session.id:
        return stands, False
    SetLog.objects.bulk_create(list(_sets(session, plan, told, at)))
    _ratings(session, told, at)
    audit.record(by=by, verb="log_past_session", patients=[program.patient_id])
    decide_program(
        program=program.id,
        trigger="correction",
        session=session,
        caused_by=(str(session.id),),
        by=by,
        at=at,
    )
    return session, True


def _session(program: Program, slot: Slot, plan: SessionPlan, at: datetime) -> Session:
    zone = program.patient.time_zone
    over = _end_of(slot.local_date, zone)
    return Session(
        clinic_id=program.clinic_id,
        program=program,
        local_date=slot.local_date,
        slot=slot.number,
        source=Session.Source.BACKFILLED,
        zone=zone,
        planned_sets=plan.total,
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
        check_set(meant, planned.dose, planned.aim(meant.number))
        yield services.set_row(session, meant, planned, at)


def _ratings(session: Session, told: Past, at: datetime) -> None:
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
        for each in told.pains
    )
    SessionReport.objects.create(
        clinic_id=session.clinic_id, session=session, effort=told.effort, at=at
    )
