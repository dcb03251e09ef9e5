"""Which person, role, clinic and patient a signed-in session acts as; switchable, one at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext

from accounts.models import Membership, User
from accounts.roles import PLATFORM, Actor, Role
from patients.models import PatientAccess

KEY = "acting"
SEVERAL = "acting_several"  # whether this person has a choice, as the session last saw it


@dataclass(frozen=True)
class Choice:
    """One thing a person may act as: a role at a clinic, or one patient."""

    role: Role
    clinic_id: UUID
    clinic: str
    patient_id: UUID | None = None
    patient: str = ""

    @property
    def value(self) -> str:
        """The choice as a form field's value; checked against the choices when it comes back."""
        return f"{self.role}.{self.clinic_id}.{self.patient_id or ''}"


def choices(user: User) -> list[Choice]:
    """List what this person may act as. Needs a scope that names the user."""
    return [*_roles(user), *_patients(user)]


def _roles(user: User) -> Iterator[Choice]:
    held = Membership.objects.filter(user=user, until=None).select_related("clinic")
    for membership in held.order_by("clinic__name", "role"):
        at = membership.clinic
        name = at.name if at else gettext("The library that ships to all")
        yield Choice(Role(membership.role), at.id if at else PLATFORM, name)


def _patients(user: User) -> Iterator[Choice]:
    held = PatientAccess.objects.filter(user=user, until=None, consented_at__isnull=False)
    for access in held.select_related("clinic").order_by("since"):
        yield Choice(Role.PATIENT, access.clinic_id, access.clinic.name, access.patient_id)


def act_as(session: SessionBase, choice: Choice, *, of: int) -> None:
    """Remember the choice, and of how many it is one; each request checks it again."""
    session[KEY] = choice.value
    session[SEVERAL] = of > 1


def actor_of(user: User, session: SessionBase) -> Actor | None:
    """Return who this session acts as, if that still holds; who has one choice need not choose.

    None where the person has several and hasn't chosen: they are asked. One query for a session
    that has chosen. A revoked role or access ends at once.
    """
    role, clinic, patient = (session.get(KEY) or "..").split(".")
    if role and _still_holds(user, role, clinic, patient):
        return Actor(
            user.id, user.name, Role(role), UUID(clinic), UUID(patient) if patient else None
        )
    found = choices(user)
    if len(found) != 1:
        session[SEVERAL] = bool(found)
        return None
    act_as(session, found[0], of=1)
    return Actor(user.id, user.name, found[0].role, found[0].clinic_id, found[0].patient_id)


def _still_holds(user: User, role: str, clinic: str, patient: str) -> bool:
    if role == Role.PATIENT:
        held = PatientAccess.objects.filter(clinic_id=clinic, patient_id=patient)
        return held.filter(user=user, until=None, consented_at__isnull=False).exists()
    memberships = Membership.objects.filter(user=user, role=role, until=None)
    if clinic == str(PLATFORM):
        return memberships.filter(clinic=None).exists()
    return memberships.filter(clinic_id=clinic).exists()
