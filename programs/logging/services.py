"""What a patient does: start, log a set, say how it felt, finish. Safe to send twice.

Every write goes in by `insert ... on conflict do nothing` under a key that the sender's facts
make, so that the first answer stands whichever tab, tap or retry comes second.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Actor
from patients.models import Patient
from programs.aims import Followed, aims_of, followed, plan_rules, steered
from programs.calendar import local_day
from programs.decisions.deciding import decide_program
from programs.decisions.needs import needs_of
from programs.logging.cards import Place, Progress
from programs.logging.entries import Refused, SetEntry, check_set, set_key
from programs.logging.plan import PlannedSide, SessionPlan, load_plan
from programs.logging.pounds import in_kilograms
from programs.logging.starting import NotOpen, start_session, take_in_session
from programs.models import (
    CheckIn,
    DoseVersion,
    PainReport,
    Prescription,
    PrescriptionStep,
    Session,
    SessionReport,
    SetLog,
    Side,
    UsualPain,
)
from programs.progression.types import source_of

USUAL_PAIN_EVERY = timedelta(days=28)


@dataclass(frozen=True)
class Logged:
    """The set as it stands, and whether this entry was the one that made it so."""

    row: SetLog
    progress: Progress
    first: bool
    differs: bool


def load_progress(session: Session, plan: SessionPlan | None = None) -> Progress:
    """How far a session has come. Two queries, and two more where the plan isn't given."""
    plan = plan or load_plan(session.program, day=session.local_date, before=session.finished_at)
    pains = PainReport.objects.filter(session=session).order_by("revision")
    return Progress(
        session=session,
        plan=plan,
        sets=newest(SetLog.objects.filter(session=session).order_by("number", "revision")),
        pains={row.prescription_id: row for row in pains},
    )


def newest(rows: Iterable[SetLog]) -> dict[Place, SetLog]:
    """The newest revision of each set; give them in order of revision."""
    return {(row.prescription_id, row.side, row.number): row for row in rows}


@transaction.atomic
def log_set(*, session: Session, entry: SetEntry, by: Actor, at: datetime) -> Logged:
    """Store one set, once. Raises Refused with a fault a field.

    `at` is when it arrived; `entry.done_at` the phone's own time. A second entry under the same
    key changes nothing: it gets the first one's row.
    """
    plan = load_plan(session.program, day=session.local_date)
    under = _under(session, entry, plan)
    entry = in_kilograms(entry, under)
    check_set(entry, under.dose, under.aim(entry.number))
    row = set_row(session, entry, under, at)
    _insert_once(row)
    progress = load_progress(session, plan)
    stands = progress.sets[entry.prescription, entry.side, entry.number]
    first = stands.id == row.id
    if first:
        _count_as(session, entry.done_at or at, at)
        audit.record(by=by, verb="log_set", patients=[by.patient_id or session.program.patient_id])
        if _judge_again(session, by, at):
            progress = load_progress(session)
    return Logged(stands, progress, first, differs=not first and _differs(stands, row))


def _under(session: Session, entry: SetEntry, plan: SessionPlan) -> PlannedSide:
    """The side as planned when the set was done: today's dose, or an older one of the same."""
    exercise = plan.exercise(entry.prescription)
    planned = exercise.side(entry.side) if exercise else None
    if planned and planned.dose.id == entry.dose:
        if entry.number > planned.dose.sets:
            raise Refused({"number": _("There is no such set.")})
        return planned
    given = DoseVersion.objects.filter(prescription__program=session.program_id)
    older = given.filter(id=entry.dose, prescription=entry.prescription).first()
    if older is None or entry.side not in (older.side, Side.BOTH):
        raise Refused({"": _("There is no such dose in this program.")})
    return _once_planned(session, entry.side, older)


def _once_planned(session: Session, side: str, dose: DoseVersion) -> PlannedSide:
    """A side under an older version of its dose; its step is read where a plan needs it."""
    program, step = session.program, PrescriptionStep()
    rules = plan_rules(program)
    if rules is None:
        return PlannedSide(side, dose, step)
    step = PrescriptionStep.objects.get(prescription=dose.prescription_id, position=dose.step)
    return PlannedSide(side, dose, step, aims_of(rules, program, dose, step, session.local_date))


def set_row(session: Session, entry: SetEntry, under: PlannedSide, at: datetime) -> SetLog:
    dose, after = under.dose, _what_follows(session, entry, under)
    return SetLog(
        clinic_id=session.clinic_id,
        key=set_key(session.id, entry),
        revision=entry.revision,
        session=session,
        prescription_id=entry.prescription,
        dose=dose,
        side=entry.side,
        number=entry.number,
        reps=entry.reps,
        hold_s=entry.hold_s,
        load_kg=entry.load_kg if dose.load_kg is not None else None,
        band_level=entry.band_level if dose.band_level is not None else None,
        skipped=entry.skipped,
        effort=entry.effort,
        next_kg=after.load_kg if after else None,
        proposed_kg=entry.proposed_kg if after else None,
        unpublished=after is not None and not after.covered,
        done_at=entry.done_at or at,
        received_at=at,
    )


def _what_follows(session: Session, entry: SetEntry, under: PlannedSide) -> Followed | None:
    """The load of the set that follows this one, worked out anew whatever the phone says."""
    if entry.skipped or entry.load_kg is None or under.dose.load_kg is None:
        return None
    found = steered(session.program, under.dose, under.step, under.aims, entry.number)
    if found is None:
        return None
    return followed(found, load_kg=entry.load_kg, reps=entry.reps, effort=entry.effort)


def _differs(one: SetLog, other: SetLog) -> bool:
    told = ("reps", "hold_s", "load_kg", "band_level", "skipped", "effort")
    return any(getattr(one, name) != getattr(other, name) for name in told)


def _count_as(session: Session, made_at: datetime, at: datetime) -> None:
    """A set that came late, or by a clock that can't be right, makes the session back-filled."""
    source = source_of(made_at=made_at, received_at=at, entered="player")
    if source != session.source == Session.Source.LIVE:
        session.source = Session.Source(source)
        session.save(update_fields=["source"])


def _judge_again(session: Session, by: Actor, at: datetime) -> bool:
    """News of a session that had ended gives a new decision from now on.

    Of one that runs only where the rules look at single sets; True if they did.
    """
    ended = session.finished_at is not None
    if not ended and not needs_of(session.program).set_end:
        return False
    decide_program(
        program=session.program_id,
        trigger="correction" if ended else "set.end",
        session=session,
        caused_by=(str(session.id),) if ended else (),
        by=by,
        at=at,
    )
    return not ended


@transaction.atomic
def report_pain(
    *,
    session: Session,
    prescription: UUID,
    pain: int,
    by: Actor,
    at: datetime,
    side: str = "",
    place: str = "",
    revision: int = 0,
) -> None:
    """Store the highest pain of one exercise up to now (0 to 10), once a revision.

    Raises Refused where the exercise is of another program.
    """
    if not Prescription.objects.filter(id=prescription, program=session.program_id).exists():
        raise Refused({"": _("There is no such exercise in this program.")})
    row = PainReport(
        clinic_id=session.clinic_id,
        session=session,
        prescription_id=prescription,
        revision=revision,
        pain=pain,
        side=side or Side.BOTH,
        place=place,
        at=at,
    )
    if _inserted(row):
        audit.record(by=by, verb="report_pain", patients=[session.program.patient_id])
        _judge_again(session, by, at)


@transaction.atomic
def finish_session(
    *, session: Session, by: Actor, at: datetime, effort: int | None = None, revision: int = 0
) -> None:
    """End a session and decide what follows. `effort` 0 to 10; None where it was broken off."""
    told = None if effort is None else _effort_row(session, effort, revision, at)
    if told:
        _insert_once(told)
    ended = Session.objects.filter(id=session.id, finished_at=None)
    if ended.update(finished_at=at, stopped=session.stopped):
        session.finished_at = at
        audit.record(by=by, verb="finish_session", patients=[session.program.patient_id])
        decide_program(
            program=session.program_id, trigger="session.end", session=session, by=by, at=at
        )
    elif told and SessionReport.objects.filter(id=told.id).exists():
        audit.record(by=by, verb="finish_session", patients=[session.program.patient_id])
        _judge_again(session, by, at)


def _effort_row(session: Session, effort: int, revision: int, at: datetime) -> SessionReport:
    return SessionReport(
        clinic_id=session.clinic_id, session=session, revision=revision, effort=effort, at=at
    )


@transaction.atomic
def break_off(*, session: Session, by: Actor, at: datetime) -> None:
    """End a session because it hurt too much to go on."""
    session.stopped = Session.Stop.PAIN
    finish_session(session=session, by=by, at=at)


@transaction.atomic
def check_in(
    *,
    session: Session,
    feel: str,
    by: Actor,
    at: datetime,
    pain: int | None = None,
    swelling: bool | None = None,
    revision: int = 0,
) -> CheckIn | None:
    """Store the morning after a session, and decide; returns the newest answer.

    A later answer counts as recalled.

    Raises Refused on the day of the session itself: its morning after is still to come.
    """
    day = local_day(at, session.zone)
    if day <= session.local_date:
        raise Refused({"feel": _("We ask tomorrow.")})
    row = CheckIn(
        clinic_id=session.clinic_id,
        session=session,
        revision=revision,
        feel=feel,
        pain=pain,
        swelling=swelling,
        recalled=day > session.local_date + timedelta(days=1),
        at=at,
    )
    _insert_once(row)
    newest_told = session.check_ins.order_by("-revision").first()
    if newest_told and newest_told.id == row.id:
        audit.record(by=by, verb="check_in", patients=[session.program.patient_id])
        decide_program(
            program=session.program_id, trigger="check-in", session=session, by=by, at=at
        )
    return newest_told


@transaction.atomic
def tell_usual_pain(*, patient: Patient, pain: int, by: Actor, at: datetime) -> None:
    """Store the pain that a patient usually has; a second answer of one day changes nothing."""
    last = UsualPain.objects.filter(patient=patient).order_by("-at").first()
    if last and at - last.at < timedelta(days=1):
        return
    UsualPain.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        pain=pain,
        from_patient=by.patient_id is not None,
        at=at,
    )
    audit.record(by=by, verb="tell_usual_pain", patients=[patient.id])


def _insert_once(row: Model) -> None:
    type(row)._default_manager.bulk_create([row], ignore_conflicts=True)


def _inserted(row: Model) -> bool:
    """Insert unless a row of the same key stands; True if this one was the first."""
    _insert_once(row)
    return type(row)._default_manager.filter(pk=row.pk).exists()


__all__ = [
    "Logged",
    "NotOpen",
    "Progress",
    "Refused",
    "break_off",
    "check_in",
    "finish_session",
    "load_progress",
    "log_set",
    "report_pain",
    "start_session",
    "take_in_session",
    "tell_usual_pain",
]
