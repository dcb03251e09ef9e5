"""A red flag reaches the care team within two minutes, by a message that says nothing of it.

While nobody opens it or clears the flag, the owners hear of it after every two working hours.
"""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.scope import clinic_scope
from patients.models import CareLink, Patient
from programs.models import RedFlag
from reminders.models import Kind, Occurrence
from reminders.planning import working_time
from reminders.services.health import PLANNER

OF_USE = timedelta(hours=24)
AGAIN_AFTER = timedelta(hours=2)  # of working time
LOOKED_AT = timedelta(days=4)  # so that a weekend lies between


def tell_care_team(*, red_flag: UUID, now: datetime) -> int:
    """One urgent row for each clinician of the care team (else of the clinic). Needs a scope."""
    flags = RedFlag.objects.select_related("program__patient__clinic")
    flag = flags.filter(id=red_flag, clearances=None).first()
    if flag is None:
        return 0
    people = listeners(flag.program.patient)
    rows = [_urgent(flag, person, now) for person in people]
    Occurrence.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def fresh_flags(*, program: UUID, now: datetime) -> list[UUID]:
    """The program's red flags of the last day that nobody has cleared."""
    standing = RedFlag.objects.filter(program_id=program, clearances=None, at__gt=now - OF_USE)
    return list(standing.values_list("id", flat=True))


def listeners(patient: Patient) -> QuerySet[User]:
    """The care team's clinicians now; without one, the clinic's clinicians and owners."""
    here = Membership.objects.active().filter(clinic_id=patient.clinic_id)
    links = CareLink.objects.holding().filter(patient=patient)
    team = here.filter(role=Role.CLINICIAN, user__in=links.values("user"))
    anyone = here.filter(role__in=[Role.CLINICIAN, Role.OWNER])
    return User.objects.filter(memberships__in=team if team.exists() else anyone).distinct()


def escalate(*, now: datetime) -> None:
    """Plan what owners hear of urgent messages that nobody has opened."""
    rows = Occurrence.objects.using(PLANNER).filter(kind=Kind.URGENT, opened_at=None)
    recent = rows.filter(due_at__gt=now - LOOKED_AT, due_at__lte=now - AGAIN_AFTER)
    flags = {(row.clinic_id, row.subject) for row in recent if row.subject}
    for clinic, flag in flags:
        with clinic_scope(clinic):
            _again(flag, now)


def _again(red_flag: UUID, now: datetime) -> None:
    """One row for each owner and each two working hours that have passed, if nobody looked."""
    flags = RedFlag.objects.select_related("program__patient__clinic")
    flag = flags.filter(id=red_flag, clearances=None).first()
    told = Occurrence.objects.filter(kind=Kind.URGENT, subject=red_flag)
    if flag is None or told.filter(opened_at__isnull=False).exists():
        return
    passed = working_time(flag.at, now, flag.program.patient.clinic.time_zone)
    if (times := passed // AGAIN_AFTER) == 0:
        return
    here = Membership.objects.active().filter(clinic_id=flag.clinic_id, role=Role.OWNER)
    owners = User.objects.filter(memberships__in=here).distinct()
    rows = [_urgent(flag, owner, now, slot=1 + times) for owner in owners]
    Occurrence.objects.bulk_create(rows, ignore_conflicts=True)


def _urgent(flag: RedFlag, person: User, now: datetime, slot: int = 1) -> Occurrence:
    patient = flag.program.patient
    return Occurrence(
        clinic_id=flag.clinic_id,
        patient=patient,
        program=flag.program,
        recipient=person,
        subject=flag.id,
        kind=Kind.URGENT,
        local_date=flag.at.astimezone(ZoneInfo(patient.clinic.time_zone)).date(),
        slot=slot,
        due_at=flag.at,
        not_before=now,
        not_after=now + OF_USE,
    )
