"""Write and read messages between a patient and their care team."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.changes import changed
from accounts.roles import Actor
from patients.models import Message, Patient, ThreadRead
from patients.unread import unread_times
from programs.models import Program, Signal


@transaction.atomic
def send_message(*, patient: Patient, body: str, key: UUID, by: Actor, at: datetime) -> Message:
    """Add a message to the thread; the same form sent again is the message that stands.

    One from the patient puts them into the care team's queue; one from the team takes them out.
    """
    message, new = Message.objects.get_or_create(
        clinic_id=patient.clinic_id,
        patient=patient,
        author_id=by.user_id,
        key=key,
        defaults={"body": body, "from_patient": by.patient_id is not None, "at": at},
    )
    if not new:
        return message
    if message.from_patient:
        _queue(message)
    else:
        read_thread(patient=patient, by=by)
    changed(kind="message", subject=message.id, clinic=patient.clinic_id)
    audit.record(by=by, verb="send_message", patients=[patient.id])
    return message


def _queue(message: Message) -> None:
    """The oldest word that nobody has read gives the row its place."""
    program = Program.objects.filter(patient_id=message.patient_id).order_by("-assigned_at").first()
    if program is None:
        return
    row, _new = Signal.objects.get_or_create(
        clinic_id=message.clinic_id,
        program=program,
        kind=Signal.Kind.UNREAD,
        defaults={"patient_id": message.patient_id, "since": message.at},
    )
    row.facts = {"messages": row.facts.get("messages", 0) + 1}
    row.save(update_fields=["facts"])


@transaction.atomic
def read_thread(*, patient: Patient, by: Actor) -> int:
    """Note that this person has read what the other side wrote; how many were new to them.

    Once one of the care team has read it, nobody has to: the queue's row goes.
    """
    times = unread_times(by, patient.id)
    if times:
        ThreadRead.objects.update_or_create(
            clinic_id=patient.clinic_id,
            patient=patient,
            user_id=by.user_id,
            defaults={"up_to": max(times)},
        )
        audit.record(by=by, verb="read_messages", patients=[patient.id])
    if by.treats:
        Signal.objects.filter(patient=patient, kind=Signal.Kind.UNREAD).delete()
    return len(times)
