"""Whether a patient wants messages: consent given, and not taken back in any of its ways."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import AuditEvent
from patients.models import Consent
from reminders.models import Channel, Occurrence, OptOut

CONSENT = {Channel.EMAIL: Consent.Kind.REMINDERS_EMAIL}


def unwanted(*, patient: UUID, channel: str) -> str:
    """Why nothing may go to this patient over this channel: opted_out, no_consent, or "" if it may.

    The last word counts: agreeing again after a "no more" lifts it.
    """
    yes = _standing(patient, channel).first()
    no = OptOut.objects.filter(patient_id=patient, channel=channel).order_by("-at").first()
    if no and (yes is None or no.at >= yes.given_at):
        return "opted_out"
    return "" if yes else "no_consent"


@transaction.atomic
def opt_out(*, occurrence: Occurrence, wording: str, at: datetime) -> bool:
    """Stop the message's channel for its patient at once; False if that was already so.

    Takes no `by`: whoever holds the signed link of a message may stop further ones. The consent
    ends with it, so that the patient's settings show the truth.
    """
    patient, channel = occurrence.patient_id, occurrence.channel
    if unwanted(patient=patient, channel=channel) == "opted_out":
        return False
    OptOut.objects.create(
        clinic_id=occurrence.clinic_id,
        patient_id=patient,
        channel=channel,
        wording=wording,
        at=at,
    )
    _standing(patient, channel).filter(given_at__lte=at).update(withdrawn_at=at)
    AuditEvent.objects.create(
        clinic_id=occurrence.clinic_id,
        kind=AuditEvent.Kind.WRITE,
        route="reminders:stop",
        verbs=["opt_out"],
        patient_ids=[patient],
    )
    return True


def _standing(patient: UUID, channel: str) -> QuerySet[Consent]:
    kind = CONSENT[Channel(channel)]
    return Consent.objects.filter(patient_id=patient, kind=kind, withdrawn_at=None)
