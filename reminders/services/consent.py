"""Whether a patient wants messages: consent given, and not taken back in any of its ways."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.changes import changed
from accounts.models import AuditEvent, Membership
from accounts.roles import Actor, Role
from patients.models import Channel, Consent, Patient
from patients.services import agree
from reminders.models import Occurrence, OptOut


def unwanted(*, patient: UUID, channel: str) -> bool:
    """Whether this patient doesn't agree to messages over this channel."""
    return not _standing(patient, channel).exists()


@transaction.atomic
def opt_out(*, occurrence: Occurrence, wording: str, at: datetime) -> bool:
    """Stop the message's channel for its reader at once; False if that was already so.

    Takes no `by`: whoever holds the signed link of a message may stop further ones.
    """
    if occurrence.recipient_id:
        return _end_digest(occurrence)
    if occurrence.patient_id is None:
        return False
    patient, channel = occurrence.patient_id, occurrence.channel
    return stop_channel(
        clinic=occurrence.clinic_id, patient=patient, channel=channel, wording=wording, at=at
    )


@transaction.atomic
def stop_channel(
    *,
    clinic: UUID,
    patient: UUID,
    channel: str,
    wording: str,
    at: datetime,
    route: str = "reminders:stop",
) -> bool:
    """A patient's "no more" of this channel; False if it stands already. Needs the clinic's scope.

    The consent ends with it, so that the patient's settings show the truth.
    """
    stops = OptOut.objects.filter(patient_id=patient, channel=channel)
    if unwanted(patient=patient, channel=channel) and stops.exists():
        return False
    OptOut.objects.create(
        clinic_id=clinic, patient_id=patient, channel=channel, wording=wording, at=at
    )
    ended = _standing(patient, channel)
    if channel == Channel.SMS:
        ended |= _agreed(patient, Consent.Kind.TEXTS_DAILY)
    ended.filter(given_at__lte=at).update(withdrawn_at=at)
    _noted(clinic, route, "opt_out", [patient])
    changed(kind="patient", subject=patient, clinic=clinic)
    return True


@transaction.atomic
def remind_again(*, patient: Patient, by: Actor, at: datetime) -> None:
    """Agree anew to what the patient agrees to already: a sign of life, so that reminders go on."""
    for channel in Channel:
        if not unwanted(patient=patient.id, channel=channel):
            kind = Consent.Kind.to_reminders(channel)
            for wanted in (False, True):
                agree(patient=patient, kind=kind, wanted=wanted, by=by, at=at)
    audit.record(by=by, verb="remind_again", patients=[patient.id])
    changed(kind="patient", subject=patient.id, clinic=patient.clinic_id)


@transaction.atomic
def choose_digest(*, wanted: bool, by: Actor) -> None:
    """Say whether a clinician hears on working days how many wait at this clinic; safe twice."""
    here = _memberships(by.clinic_id, by.user_id).filter(role=Role.CLINICIAN)
    if here.exclude(digest=wanted).update(digest=wanted):
        audit.record(by=by, verb="choose_digest")
        changed(kind="member", subject=by.user_id, clinic=by.clinic_id)


def wants_digest(by: Actor) -> bool:
    """Whether this clinician hears on working days how many wait at this clinic."""
    return _memberships(by.clinic_id, by.user_id).filter(role=Role.CLINICIAN, digest=True).exists()


def note_opened(*, occurrence: Occurrence, at: datetime) -> None:
    """Keep when a message was first followed. Takes no `by`: its reader is signed in, and is it."""
    Occurrence.objects.filter(id=occurrence.id, opened_at=None).update(opened_at=at)


def has_stopped(occurrence: Occurrence) -> bool:
    """Whether no more messages like this one come to its reader."""
    if occurrence.recipient_id:
        return not _digests(occurrence).filter(digest=True).exists()
    return occurrence.patient_id is None or unwanted(
        patient=occurrence.patient_id, channel=occurrence.channel
    )


def _end_digest(occurrence: Occurrence) -> bool:
    ended = _digests(occurrence).filter(digest=True).update(digest=False)
    if ended:
        _noted(occurrence.clinic_id, "reminders:stop", "end_digest", [])
        if occurrence.recipient_id:
            changed(kind="member", subject=occurrence.recipient_id, clinic=occurrence.clinic_id)
    return bool(ended)


def _digests(occurrence: Occurrence) -> QuerySet[Membership]:
    return _memberships(occurrence.clinic_id, occurrence.recipient_id)


def _memberships(clinic: UUID, user: UUID | None) -> QuerySet[Membership]:
    return Membership.objects.filter(clinic=clinic, user=user, until=None)


def _standing(patient: UUID, channel: str) -> QuerySet[Consent]:
    return _agreed(patient, Consent.Kind.to_reminders(channel))


def _agreed(patient: UUID, kind: Consent.Kind) -> QuerySet[Consent]:
    return Consent.objects.filter(patient_id=patient, kind=kind, withdrawn_at=None)


def _noted(clinic: UUID, route: str, verb: str, patients: list[UUID]) -> None:
    AuditEvent.objects.create(
        clinic_id=clinic,
        kind=AuditEvent.Kind.WRITE,
        route=route,
        verbs=[verb],
        patient_ids=patients,
    )
