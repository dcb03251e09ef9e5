"""What staff and patients do about people: add, invite, accept, cover, agree."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language

from accounts import audit
from accounts.changes import changed
from accounts.links import Links, Unreadable
from accounts.models import AuditEvent, User
from accounts.roles import Actor, Role
from accounts.scope import clinic_scope
from patients.models import (
    CareLink,
    Channel,
    Consent,
    Invitation,
    Patient,
    PatientAccess,
    Standing,
)

INVITATION_DAYS = 14
COVER_HOURS = 24
RENEWABLE, RENEWAL_DAY = timedelta(days=90), timedelta(days=1)
RENEWAL_PAUSE, RENEWALS_A_DAY = timedelta(minutes=10), 3
WORDING = "2026-11-9a659692"  # of the consent's page; ends in what its words add up to
_links = Links("invitation")


class InvitationSpent(Exception):
    """The link opens nothing (any more); `invitation` says which it was, None for a forged one."""

    def __init__(self, standing: Standing, invitation: Invitation | None = None) -> None:
        super().__init__(standing)
        self.standing, self.invitation = standing, invitation


@transaction.atomic
def create_patient(*, fields: dict[str, Any], by: Actor, at: datetime) -> Patient:
    """Add a patient of the actor's clinic, with the actor as their care team."""
    patient = Patient.objects.create(clinic_id=by.clinic_id, created_at=at, **fields)
    CareLink.objects.create(clinic_id=by.clinic_id, patient=patient, user_id=by.user_id, since=at)
    audit.record(by=by, verb="create_patient", patients=[patient.id])
    return patient


@transaction.atomic
def invite_patient(*, patient: Patient, by: Actor, at: datetime) -> str:
    """Make a new invitation and return its token; earlier unspent links stop working."""
    audit.record(by=by, verb="invite_patient", patients=[patient.id])
    return _make_invitation(patient, by.user_id, at)


def _make_invitation(patient: Patient, by: UUID, at: datetime) -> str:
    patient.invitations.filter(accepted_at=None, expires_at__gt=at).update(expires_at=at)
    token, kept = _links.new(patient.clinic_id)
    Invitation.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        token_hash=kept,
        created_by_id=by,
        created_at=at - timedelta(microseconds=1),
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )
    return token


def find_invitation(*, token: str, at: datetime) -> Invitation:
    """Return the open invitation of this token, with its patient and clinic.

    Raises InvitationSpent.
    """
    try:
        clinic, kept = _links.read(token)
    except Unreadable as error:
        raise InvitationSpent(Standing.FORGED) from error
    with clinic_scope(clinic):
        rows = Invitation.objects.select_related("patient", "clinic")
        found = rows.filter(token_hash=kept).first()
        if found is None:
            raise InvitationSpent(Standing.FORGED)
        if (standing := found.standing(at)) != Standing.OPEN:
            raise InvitationSpent(standing, found)
    return found


@transaction.atomic
def renew_invitation(*, invitation: Invitation, at: datetime) -> str:
    """Make a fresh link for the address on file, for whoever holds one that ran out.

    Takes no `by`: the old link is the permission, and it shows nothing of the patient. Returns
    the token, or "" where a fresh link is minutes old, three went today, or the old one is too old.
    """
    patient = invitation.patient
    made = patient.invitations.filter(created_at__gt=at - RENEWAL_DAY)
    if invitation.created_at < at - RENEWABLE or made.count() >= RENEWALS_A_DAY:
        return ""
    if made.filter(created_at__gt=at - RENEWAL_PAUSE).exists():
        return ""
    AuditEvent.objects.create(
        clinic_id=patient.clinic_id,
        kind=AuditEvent.Kind.WRITE,
        route="patients:invitation-open",
        verbs=["renew_invitation"],
        patient_ids=[patient.id],
    )
    return _make_invitation(patient, invitation.created_by_id, at)


@transaction.atomic
def user_for_invitation(*, invitation: Invitation, by_text: bool = False) -> User:
    """Return the person who will sign in for this invitation; a new one has no password.

    The code proves one way to reach them, so it opens the sign-in of that very address or number
    and of no other: whoever entered both for a patient can't make one lead to the other's.
    """
    patient = invitation.patient
    reached = {"phone": patient.phone.as_e164} if by_text else {"email": patient.email.lower()}
    known = User.objects.filter(**reached, is_active=True).first()
    return known or User.objects.create_user(
        **{"email": None, **reached}, name=patient.name, language=patient.language
    )


def is_invited(*, user: User, invitation: Invitation) -> bool:
    """Whether this person's address, or number proven by a code, is the invited one."""
    patient = invitation.patient
    by_email = bool(patient.email) and user.email == patient.email.lower()
    by_text = bool(patient.phone) and user.phone == patient.phone
    return by_email or (by_text and user.phone_proven_at is not None)


def accept_invitation(
    *,
    invitation: Invitation,
    user: User,
    reminders: bool,
    reminder_at: time,
    at: datetime,
    time_zone: str = "",
) -> PatientAccess:
    """Spend the link: open the patient to this person and record what they agreed to.

    The patient is spoken to in the language of that page from here on. Raises InvitationSpent if
    somebody was faster, or the person isn't the invited one.
    """
    if not is_invited(user=user, invitation=invitation):
        raise InvitationSpent(Standing.USED, invitation)
    patient = invitation.patient
    with clinic_scope(invitation.clinic_id, user=user.id):
        spent = Invitation.objects.filter(id=invitation.id, accepted_at=None)
        if not spent.update(accepted_at=at):
            raise InvitationSpent(Standing.USED, invitation)
        access, _new = PatientAccess.objects.get_or_create(
            clinic_id=patient.clinic_id,
            user=user,
            patient=patient,
            until=None,
            defaults={"since": at, "consented_at": at},
        )
        by = Actor(user.id, user.name, Role.PATIENT, patient.clinic_id, patient.id)
        patient.language = spoken_here()
        patient.time_zone = time_zone or patient.time_zone
        patient.save(update_fields=["language", "time_zone"])
        give_consent(patient=patient, kind=Consent.Kind.CARE, by=by, at=at)
        wanted = [Channel.EMAIL] if reminders else []
        choose_reminders(patient=patient, wanted=wanted, reminder_at=reminder_at, by=by, at=at)
        audit.record(by=by, verb="accept_invitation", patients=[patient.id])
    return access


def clinics_of(*, user: User | None) -> list[UUID]:
    """The clinics at which this person acts for a patient; the database is asked for nobody too."""
    id = user.id if user else UUID(int=0)
    with clinic_scope(user=id):
        held = PatientAccess.objects.filter(user_id=id, until=None)
        return list(held.values_list("clinic_id", flat=True))


@transaction.atomic
def give_consent(*, patient: Patient, kind: Consent.Kind, by: Actor, at: datetime) -> Consent:
    """Record that the patient agreed, in today's wording; agreeing twice changes nothing."""
    consent, _new = Consent.objects.get_or_create(
        clinic_id=patient.clinic_id,
        patient=patient,
        kind=kind,
        withdrawn_at=None,
        defaults={"wording": WORDING, "language": spoken_here(), "given_at": at},
    )
    audit.record(by=by, verb="give_consent", patients=[patient.id])
    return consent


@transaction.atomic
def choose_reminders(
    *, patient: Patient, wanted: Collection[str], reminder_at: time, by: Actor, at: datetime
) -> None:
    """Set by which of the channels the patient is reminded, and when; none at all ends it.

    Reminders replan from the Change.
    """
    for channel in Channel:
        kind = Consent.Kind.to_reminders(channel)
        agree(patient=patient, kind=kind, wanted=channel in wanted, by=by, at=at)
    patient.reminder_at = reminder_at
    patient.save(update_fields=["reminder_at"])
    audit.record(by=by, verb="choose_reminders", patients=[patient.id])
    changed(kind="patient", subject=patient.id, clinic=patient.clinic_id)


def agree(*, patient: Patient, kind: Consent.Kind, wanted: bool, by: Actor, at: datetime) -> None:
    """Give this consent, or take back the one that stands."""
    if wanted:
        give_consent(patient=patient, kind=kind, by=by, at=at)
    else:
        patient.consents.filter(kind=kind, withdrawn_at=None).update(withdrawn_at=at)


def choose_language(*, user: User, language: str) -> None:
    """Keep the language with the person, for every device."""
    User.objects.filter(id=user.id).update(language=language)


@transaction.atomic
def cover_patient(*, patient: Patient, reason: CareLink.Reason, by: Actor, at: datetime) -> None:
    """Open a colleague's patient for a day, for a reason from the list, on record."""
    CareLink.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        user_id=by.user_id,
        kind=CareLink.Kind.COVERING,
        reason=reason,
        since=at,
        until=at + timedelta(hours=COVER_HOURS),
    )
    audit.record(by=by, verb="cover_patient", patients=[patient.id])


def spoken_here() -> str:
    """The language of the page."""
    return (get_language() or "en")[:2]
