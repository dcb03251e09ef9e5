"""What a clinician enters: a test or a clearance that the rules read, and the not-before date."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.roles import Actor, Role
from patients.models import Patient
from programs.decisions.deciding import decide_program
from programs.decisions.locking import ReasonMissing
from programs.decisions.needs import needs_of
from programs.models import Finding, Program

NOT_BEFORE = "resisted_not_before"  # the finding that holds why the date was set


class UnknownFinding(ValueError):
    """The program's rules read nothing of this name, or not such a value."""


@transaction.atomic
def enter_finding(
    *, program: Program, name: str, value: Decimal | str | bool, on: date, by: Actor, at: datetime
) -> Finding:
    """Store what a clinician found on a local day, and let the rules judge it.

    A number is in the unit of its name (kg for ten_rm_kg). Raises PermissionDenied unless a
    clinician enters it, and UnknownFinding.
    """
    if by.role != Role.CLINICIAN:
        raise PermissionDenied
    _check(program, name, value)
    row = Finding.objects.create(
        clinic_id=program.clinic_id,
        patient_id=program.patient_id,
        name=name,
        number=value if isinstance(value, Decimal) else None,
        word=value if isinstance(value, str) else "",
        flag=value if isinstance(value, bool) else None,
        on=on,
        by_id=by.user_id,
        at=at,
    )
    audit.record(by=by, verb="enter_finding", patients=[program.patient_id])
    decide_program(program=program.id, trigger="clinician.entry", by=by, at=at)
    return row


def _check(program: Program, name: str, value: Decimal | str | bool) -> None:
    entry = next((each for each in needs_of(program).entries if each.name == name), None)
    kinds = {"number": Decimal, "word": str, "flag": bool}
    if entry is None or not isinstance(value, kinds[entry.kind]):
        raise UnknownFinding(name)
    if entry.kind == "word" and value not in entry.words:
        raise UnknownFinding(name)


@transaction.atomic
def set_resisted_date(*, patient: Patient, on: date, reason: str, by: Actor, at: datetime) -> None:
    """From this day on resisted steps may be trained. Kept with its reason.

    Raises PermissionDenied unless a clinician says so, and ReasonMissing.
    """
    if by.role != Role.CLINICIAN:
        raise PermissionDenied
    if not reason.strip():
        raise ReasonMissing
    patient.resisted_not_before = on
    patient.save(update_fields=["resisted_not_before"])
    Finding.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        name=NOT_BEFORE,
        word=on.isoformat(),
        on=on,
        note=reason,
        by_id=by.user_id,
        at=at,
    )
    audit.record(by=by, verb="set_resisted_date", patients=[patient.id])
    for program in Program.objects.running().filter(patient=patient).values_list("id", flat=True):
        decide_program(program=program, trigger="clinician.entry", by=by, at=at)
