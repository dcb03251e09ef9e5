"""Rows for tests. Each factory opens the clinic's scope for its own row."""

from typing import Any

import factory
from django.db.models import Model
from factory.django import DjangoModelFactory

from accounts.models import Clinic, Membership, User
from accounts.roles import PLATFORM, Actor, Role
from accounts.scope import clinic_scope
from patients.models import CareLink, Patient, PatientAccess
from tests.conftest import NOW

PASSWORD = "a long and plain password"


class ScopedFactory(DjangoModelFactory[Any]):
    """Creates its row inside the scope of the row's clinic."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Model], *args: Any, **kwargs: Any) -> Any:
        clinic = kwargs.get("clinic")
        with clinic_scope(clinic.id if clinic else kwargs["clinic_id"]):
            return super()._create(model_class, *args, **kwargs)


class ClinicFactory(DjangoModelFactory[Clinic]):
    class Meta:
        model = Clinic

    name = factory.Sequence("Clinic {}".format)
    phone = "+1 555 0100"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    name = factory.Sequence("Person {}".format)
    email = factory.Sequence("person{}@clinic.example".format)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    clinic = factory.SubFactory(ClinicFactory)
    role = Role.CLINICIAN


class PatientFactory(ScopedFactory):
    class Meta:
        model = Patient

    clinic = factory.SubFactory(ClinicFactory)
    name = factory.Sequence("Patient {}".format)
    email = factory.Sequence("patient{}@home.example".format)
    affected_side = "left"


class CareLinkFactory(ScopedFactory):
    class Meta:
        model = CareLink

    clinic = factory.LazyAttribute(lambda row: row.patient.clinic)
    patient = factory.SubFactory(PatientFactory)
    user = factory.SubFactory(UserFactory)


class PatientAccessFactory(ScopedFactory):
    class Meta:
        model = PatientAccess

    clinic = factory.LazyAttribute(lambda row: row.patient.clinic)
    patient = factory.SubFactory(PatientFactory)
    user = factory.SubFactory(UserFactory)
    consented_at = NOW


def clinician_for(patient: Patient | None = None, clinic: Clinic | None = None) -> Actor:
    """A clinician of the clinic, on the patient's care team if one is named."""
    clinic = clinic or (patient.clinic if patient else ClinicFactory.create())
    membership = MembershipFactory.create(clinic=clinic)
    if patient:
        CareLinkFactory.create(patient=patient, user=membership.user)
    return actor(membership)


def actor(membership: Membership) -> Actor:
    """The person of a membership, acting in it."""
    user = membership.user
    return Actor(user.id, user.name, Role(membership.role), membership.clinic_id or PLATFORM)


def patient_actor(patient: Patient) -> Actor:
    """The patient's own user, acting as the patient."""
    user = PatientAccessFactory.create(patient=patient).user
    return Actor(user.id, user.name, Role.PATIENT, patient.clinic_id, patient.id)
