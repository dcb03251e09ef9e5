"""Everyone who may knock: how they come to be, whom they act as, what the patient is to them."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Clinic, User
from accounts.roles import Actor, Role
from accounts.scope import clinic_scope
from patients import services
from patients.acting import KEY
from patients.models import CareLink
from tests.factories import (
    CareLinkFactory,
    ClinicFactory,
    MembershipFactory,
    PatientAccessFactory,
    PatientFactory,
    UserFactory,
    actor,
)
from tests.world import World

Make = Callable[[World], User | None]


@dataclass(frozen=True)
class Knocking:
    """`role` is who they act as ("" nobody, "none" signed in as no one); `relation` is what the
    patient is to them: "own", of their "clinic", or "other"."""

    make: Make
    role: str
    relation: str
    covers: bool = True  # whether the clinic lets its clinicians cover for one another


def staff(role: Role, *, team: bool = False, also: Role | None = None) -> Make:
    def make(world: World) -> User:
        user: User = MembershipFactory.create(clinic=world.clinic, role=role).user
        if team:
            CareLinkFactory.create(patient=world.patient, user=user)
        if also:
            MembershipFactory.create(clinic=world.clinic, role=also, user=user)
        return user

    return make


def stranger(role: Role) -> Make:
    return lambda world: MembershipFactory.create(clinic=ClinicFactory.create(), role=role).user


def _covering(world: World) -> User:
    member = MembershipFactory.create(clinic=world.clinic)
    with clinic_scope(world.clinic.id):
        services.cover_patient(
            patient=world.patient,
            reason=CareLink.Reason.values[0],  # type: ignore[arg-type]  # the value is the reason
            by=actor(member),
            at=timezone.now(),
        )
    user: User = member.user
    return user


def _closed_off(world: World) -> User:
    Clinic.objects.filter(id=world.clinic.id).update(covering_allowed=False)
    user: User = MembershipFactory.create(clinic=world.clinic).user
    return user


def _neighbour(world: World) -> User:
    user: User = PatientAccessFactory.create(
        patient=PatientFactory.create(clinic=world.clinic)
    ).user
    return user


def _patient_elsewhere(world: World) -> User:
    user: User = PatientAccessFactory.create(patient=PatientFactory.create()).user
    return user


def _disabled(world: World) -> User:
    user: User = MembershipFactory.create(clinic=world.clinic).user
    CareLinkFactory.create(patient=world.patient, user=user)
    User.objects.filter(id=user.id).update(is_active=False)
    return user


def _revoked(world: World) -> User:
    membership = MembershipFactory.create(clinic=world.clinic)
    CareLinkFactory.create(patient=world.patient, user=membership.user)
    membership.until = membership.since
    membership.save(update_fields=["until"])
    user: User = membership.user
    return user


ACTORS: dict[str, Knocking] = {
    "nobody": Knocking(lambda world: None, "", "other"),
    "this patient": Knocking(lambda world: world.patient_user, Role.PATIENT, "own"),
    "another patient of the clinic": Knocking(_neighbour, Role.PATIENT, "clinic"),
    "a patient of another clinic": Knocking(_patient_elsewhere, Role.PATIENT, "other"),
    "clinician of the care team": Knocking(
        lambda world: world.clinician_user, Role.CLINICIAN, "own"
    ),
    "clinician who covers": Knocking(_covering, Role.CLINICIAN, "own"),
    "clinician off the team": Knocking(staff(Role.CLINICIAN), Role.CLINICIAN, "clinic"),
    "clinician off the team, covering closed": Knocking(
        _closed_off, Role.CLINICIAN, "clinic", covers=False
    ),
    "clinician of another clinic": Knocking(stranger(Role.CLINICIAN), Role.CLINICIAN, "other"),
    "assistant of the care team": Knocking(staff(Role.ASSISTANT, team=True), Role.ASSISTANT, "own"),
    "assistant off the team": Knocking(staff(Role.ASSISTANT), Role.ASSISTANT, "clinic"),
    "owner": Knocking(staff(Role.OWNER), Role.OWNER, "clinic"),
    "owner who is also a clinician, as owner": Knocking(
        staff(Role.OWNER, team=True, also=Role.CLINICIAN), Role.OWNER, "clinic"
    ),
    "owner who is also a clinician, as clinician": Knocking(
        staff(Role.OWNER, team=True, also=Role.CLINICIAN), Role.CLINICIAN, "own"
    ),
    "owner of another clinic": Knocking(stranger(Role.OWNER), Role.OWNER, "other"),
    "library admin": Knocking(staff(Role.LIBRARY_ADMIN), Role.LIBRARY_ADMIN, "clinic"),
    "reviewer of the shipped library": Knocking(
        lambda world: MembershipFactory.create(clinic=None, role=Role.REVIEWER).user,
        Role.REVIEWER,
        "other",
    ),
    "superuser": Knocking(
        lambda world: UserFactory.create(is_staff=True, is_superuser=True), "none", "other"
    ),
    "disabled user": Knocking(_disabled, "", "other"),
    "revoked member": Knocking(_revoked, "none", "other"),
}


def signed_in(user: User | None, role: str = "", clinic: UUID | None = None) -> Client:
    """A session that has seen its first page, and so remembers whom it acts as."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
        if role in (Role.OWNER, Role.CLINICIAN) and clinic:
            session = client.session
            session[KEY] = f"{role}.{clinic}."
            session.save()
        client.get(reverse("home"))
    return client


def of(actor: Actor) -> Client:
    """A fresh session of this person."""
    client = Client()
    client.force_login(User.objects.get(id=actor.user_id))
    return client
