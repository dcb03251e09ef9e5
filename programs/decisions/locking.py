"""A warning sign locks the program at once; only a clinician's word, with a reason, opens it."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.changes import changed
from accounts.roles import Actor, Role
from programs.decisions.deciding import decide_program, overtake
from programs.decisions.effects import lock_program, open_if_over, open_program
from programs.decisions.extras import CLEARED
from programs.decisions.reading import Case, load_case
from programs.decisions.signals import refresh_signals
from programs.models import Clearance, Finding, Program, RedFlag, Session, Signal


class ReasonMissing(ValueError):
    """A clearance without a reason is none."""


@transaction.atomic
def report_red_flag(
    *, program: Program, flag: str, by: Actor, at: datetime, session: Session | None = None
) -> RedFlag:
    """Store a warning sign, end the session, lock the program, and tell the care team.

    The same sign told twice while the program is locked is one.
    """
    locked = Program.objects.select_for_update(of=("self",)).get(id=program.id)
    standing = program.red_flags.filter(flag=flag, clearances=None).last()
    if standing and locked.status == Program.Status.LOCKED:
        return standing
    row = RedFlag.objects.create(
        clinic_id=program.clinic_id, program=program, session=session, flag=flag, at=at
    )
    if session:
        session.stopped = Session.Stop.RED_FLAG
        session.finished_at = session.finished_at or at
        session.save(update_fields=["stopped", "finished_at"])
    decide_program(program=program.id, trigger="set.end", session=session, by=by, at=at)
    _lock(load_case(program.id, at))
    changed(kind="red_flag", subject=row.id, clinic=program.clinic_id)
    audit.record(by=by, verb="report_red_flag", patients=[program.patient_id])
    return row


def _lock(case: Case) -> None:
    """Whatever the rules say: a warning sign locks until a clinician opens it."""
    lock_program(case)
    overtake(case, case.open_proposals())
    refresh_signals(case)


@transaction.atomic
def report_mistake(*, program: Program, by: Actor, at: datetime) -> None:
    """Note beside the lock that the patient says they tapped by mistake. It stays locked."""
    for row in Signal.objects.filter(program=program, kind=Signal.Kind.LOCKED):
        row.facts.setdefault("mistake_at", at.isoformat())
        row.save(update_fields=["facts"])
    audit.record(by=by, verb="report_mistake", patients=[program.patient_id])


@transaction.atomic
def clear_lock(*, program: Program, reason: str, by: Actor, at: datetime) -> list[Clearance]:
    """Open a locked program again; every open warning sign is cleared with this reason.

    Where a rule locked it without one, the reason is kept as a finding. Raises PermissionDenied
    unless a clinician asks, and ReasonMissing. Twice is as once.
    """
    if by.role != Role.CLINICIAN:
        raise PermissionDenied
    if not reason.strip():
        raise ReasonMissing
    case = load_case(program.id, at)
    if case.program.status != Program.Status.LOCKED:
        return []
    rows = [
        Clearance(
            clinic_id=program.clinic_id, red_flag=flag, reason=reason, by_id=by.user_id, at=at
        )
        for flag in RedFlag.objects.filter(program=program, clearances=None)
    ]
    Clearance.objects.bulk_create(rows)
    if not rows:
        _note_opened(case, reason, by)
    open_program(case)
    refresh_signals(case)
    audit.record(by=by, verb="clear_lock", patients=[case.program.patient_id])
    return rows


@transaction.atomic
def open_if_due(*, program: UUID, at: datetime) -> Program.Status:
    """Open a program whose lock was for some days, once they are over; how it stands now."""
    case = load_case(program, at)
    open_if_over(case)
    refresh_signals(case)
    return Program.Status(case.program.status)


def _note_opened(case: Case, reason: str, by: Actor) -> None:
    Finding.objects.create(
        clinic_id=case.program.clinic_id,
        patient_id=case.program.patient_id,
        name=CLEARED,
        flag=True,
        on=case.today,
        note=reason,
        by_id=by.user_id,
        at=case.at,
    )
