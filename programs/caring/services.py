"""A patient goes from one clinician to another: the team, the name they read, and the queue."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import Truncator

from accounts import audit
from accounts.models import User
from accounts.roles import Actor
from patients.models import CareLink, Patient
from patients.team import add_to_team, clinicians_on, give_place, remove_from_team
from programs.models import Program, Signal

SHOWN = 80  # letters of the note in a line of the queue


@transaction.atomic
def hand_over(*, patient: Patient, to: UUID, note: str, by: Actor, at: datetime) -> User:
    """A colleague takes one's own place: their queue has the patient at once, with the note.

    The patient reads the colleague's name where they read one's own. Raises as give_place.
    """
    link = give_place(patient=patient, to=to, note=note, by=by, at=at)
    _rename(patient, by.user_id, to)
    _tell(link, by)
    return link.user


@transaction.atomic
def join_team(*, patient: Patient, user: UUID, by: Actor, at: datetime) -> bool:
    """Put a colleague on the care team; False where they are on it already.

    Where no other clinician of the clinic is left on it, the patient reads this one's name.
    Raises as add_to_team.
    """
    if not add_to_team(patient=patient, user=user, by=by, at=at):
        return False
    if list(clinicians_on(patient).values_list("user_id", flat=True)) == [user]:
        patient.programs.update(lead=user)
    return True


@transaction.atomic
def leave_team(*, patient: Patient, user: UUID, by: Actor, at: datetime) -> bool:
    """Take somebody off the care team; a clinician's who stays stands where their name did.

    False where they are not on it. Raises as remove_from_team.
    """
    if not remove_from_team(patient=patient, user=user, by=by, at=at):
        return False
    _signals(patient, user).delete()
    _rename(patient, user, clinicians_on(patient).values_list("user_id", flat=True)[0])
    return True


@transaction.atomic
def read_handover(*, patient: Patient, by: Actor) -> bool:
    """Whoever took over has seen it: the row leaves the queue."""
    if not _signals(patient, by.user_id).delete()[0]:
        return False
    audit.record(by=by, verb="read_handover", patients=[patient.id])
    return True


def _rename(patient: Patient, old: UUID, new: UUID) -> None:
    patient.programs.filter(lead=old).update(lead=new)


def _tell(link: CareLink, by: Actor) -> None:
    """The row is new, or stands anew for whoever it is for now; none without a program."""
    program = Program.objects.running().filter(patient=link.patient_id).first()
    if program is None:
        return
    note = Truncator(link.note).chars(SHOWN)
    told = {"since": link.since, "facts": {"to": str(link.user_id), "by": by.name, "note": note}}
    Signal.objects.update_or_create(
        clinic_id=link.clinic_id,
        program=program,
        kind=Signal.Kind.HANDED,
        defaults=told,
        create_defaults=told | {"patient_id": link.patient_id},
    )


def _signals(patient: Patient, user: UUID) -> QuerySet[Signal]:
    rows = Signal.objects.filter(patient=patient, kind=Signal.Kind.HANDED)
    return rows.filter(facts__to=str(user))
