"""Words from the care team that a patient has not read: one message about them a day."""

from datetime import datetime, timedelta
from uuid import UUID

from patients.models import Message, Patient, ThreadRead
from programs.calendar import local_day
from reminders.models import Kind, Occurrence
from reminders.services.ways import first_way

GATHERED = timedelta(minutes=10)  # what is written one after the other is told once
OF_USE = timedelta(hours=24)


def tell_of_message(*, message: UUID, now: datetime) -> None:
    """Plan it, if the care team wrote; the day's first holds. Needs the clinic's scope."""
    rows = Message.objects.select_related("patient").filter(id=message, from_patient=False)
    for row in rows:
        row_of = Occurrence(
            clinic_id=row.clinic_id,
            patient=row.patient,
            kind=Kind.MESSAGE,
            channel=first_way(row.patient, now),
            local_date=local_day(row.at, row.patient.time_zone),
            due_at=row.at,
            not_before=row.at + GATHERED,
            not_after=row.at + OF_USE,
        )
        Occurrence.objects.bulk_create([row_of], ignore_conflicts=True)


def is_unread(patient: Patient) -> bool:
    """Whether the care team's last words were read by nobody on the patient's side."""
    last = patient.messages.order_by("-at").first()
    if last is None or last.from_patient:
        return False
    read = ThreadRead.objects.filter(patient=patient, up_to__gte=last.at)
    return not read.filter(user__patient_accesses__patient=patient).exists()
