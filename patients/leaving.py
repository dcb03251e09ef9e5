"""A patient stops: who may still act for them, and what they had agreed to."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.changes import changed
from accounts.roles import Actor
from patients.models import Patient, PatientAccess


@transaction.atomic
def end_access(*, patient: Patient, by: Actor, at: datetime) -> bool:
    """End what this person may do for the patient; True if nobody of the patient is left.

    A patient, or a parent for their child, ends it for all: the consents are taken back and open
    invitations stop working. A carer ends their own part alone, unless they were the last.
    """
    standing = PatientAccess.objects.select_for_update().filter(patient=patient, until=None)
    mine = standing.filter(user_id=by.user_id)
    own_word = mine.exclude(kind=PatientAccess.Kind.CARER).exists()
    (standing if own_word else mine).update(until=at)
    everyone = not standing.exists()
    if everyone:
        patient.consents.filter(withdrawn_at=None).update(withdrawn_at=at)
        patient.invitations.filter(accepted_at=None, expires_at__gt=at).update(expires_at=at)
    audit.record(by=by, verb="leave", patients=[patient.id])
    changed(kind="patient", subject=patient.id, clinic=patient.clinic_id)
    return everyone
