"""A red flag reaches the care team within two minutes, by a message that says nothing of it."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models import Membership, User
from accounts.roles import Role
from patients.models import CareLink, Patient
from programs.models import RedFlag
from reminders.models import Kind, Occurrence

OF_USE = timedelta(hours=24)


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


def _urgent(flag: RedFlag, person: User, now: datetime) -> Occurrence:
    patient = flag.program.patient
    return Occurrence(
        clinic_id=flag.clinic_id,
        patient=patient,
        program=flag.program,
        recipient=person,
        subject=flag.id,
        kind=Kind.URGENT,
        local_date=now.astimezone(ZoneInfo(patient.clinic.time_zone)).date(),
        due_at=flag.at,
        not_before=now,
        not_after=max(now, flag.at) + OF_USE,
    )
