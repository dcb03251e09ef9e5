from datetime import datetime, time, timedelta

import pytest

from accounts.models import AuditEvent, Change
from accounts.roles import Actor
from accounts.scope import clinic_scope
from patients import services
from patients.models import CareLink, Consent, Invitation, Patient, PatientAccess
from tests.factories import ClinicFactory, PatientFactory, UserFactory, clinician_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Patient:
    return PatientFactory.create(email="mara@home.example")


@pytest.fixture
def by(patient: Patient) -> Actor:
    return clinician_for(patient)


def invited(patient: Patient, by: Actor, now: datetime) -> str:
    with clinic_scope(patient.clinic_id):
        return services.invite_patient(patient=patient, by=by, at=now)


def accept(token: str, now: datetime, email: str = "mara@home.example") -> PatientAccess:
    return services.accept_invitation(
        invitation=services.find_invitation(token=token, at=now),
        user=UserFactory.create(email=email),
        reminders=True,
        reminder_at=time(7, 30),
        at=now,
    )


def test_a_new_patient_is_on_the_caseload_of_who_added_them(now: datetime) -> None:
    by = clinician_for(clinic=ClinicFactory.create())
    with clinic_scope(by.clinic_id):
        fields = {"name": "Ada", "affected_side": "left"}
        added = services.create_patient(fields=fields, by=by, at=now)
        assert list(Patient.objects.visible_to(by)) == [added]
    assert AuditEvent.objects.get().verbs == ["create_patient"]


def test_an_invitation_is_found_by_its_token_without_a_scope(
    patient: Patient, by: Actor, now: datetime
) -> None:
    token = invited(patient, by, now)
    assert services.find_invitation(token=token, at=now).patient == patient


def test_looking_at_an_invitation_never_spends_it(
    patient: Patient, by: Actor, now: datetime
) -> None:
    token = invited(patient, by, now)
    for _ in range(3):
        services.find_invitation(token=token, at=now)
    assert accept(token, now).patient_id == patient.id


def test_accepting_records_consent_and_reminders_and_tells_the_planner(
    patient: Patient, by: Actor, now: datetime
) -> None:
    accept(invited(patient, by, now), now)
    with clinic_scope(patient.clinic_id):
        assert {row.kind for row in Consent.objects.all()} == {"care", "reminders_email"}
        assert Patient.objects.get().reminder_at == time(7, 30)
    assert Change.objects.get().subject == patient.id


def test_a_link_is_accepted_once(patient: Patient, by: Actor, now: datetime) -> None:
    token = invited(patient, by, now)
    first = services.find_invitation(token=token, at=now)
    accept(token, now)
    with pytest.raises(services.InvitationSpent):
        services.find_invitation(token=token, at=now)
    with pytest.raises(services.InvitationSpent):
        services.accept_invitation(
            invitation=first,
            user=UserFactory.create(email="MARA@home.example".lower() + "x"),
            reminders=False,
            reminder_at=time(8),
            at=now,
        )


def test_a_link_is_for_the_invited_address_alone(
    patient: Patient, by: Actor, now: datetime
) -> None:
    token = invited(patient, by, now)
    with pytest.raises(services.InvitationSpent):
        accept(token, now, email="somebody.else@home.example")


def test_a_new_link_ends_the_old_one(patient: Patient, by: Actor, now: datetime) -> None:
    old = invited(patient, by, now)
    invited(patient, by, now + timedelta(minutes=1))
    with pytest.raises(services.InvitationSpent):
        services.find_invitation(token=old, at=now + timedelta(minutes=2))


def test_a_link_runs_out(patient: Patient, by: Actor, now: datetime) -> None:
    token = invited(patient, by, now)
    with pytest.raises(services.InvitationSpent):
        services.find_invitation(token=token, at=now + timedelta(days=15))


@pytest.mark.parametrize("token", ["", "x", "a.b", "a" * 500, "AAAA.BBBB.CCCC"])
def test_a_made_up_token_is_refused(token: str, now: datetime) -> None:
    with pytest.raises(services.InvitationSpent):
        services.find_invitation(token=token, at=now)


def test_the_token_itself_is_not_kept(patient: Patient, by: Actor, now: datetime) -> None:
    token = invited(patient, by, now)
    with clinic_scope(patient.clinic_id):
        assert Invitation.objects.get().token_hash not in token


def test_turning_reminders_off_withdraws_the_consent(
    patient: Patient, by: Actor, now: datetime
) -> None:
    accept(invited(patient, by, now), now)
    with clinic_scope(patient.clinic_id):
        services.choose_reminders(
            patient=patient, wanted=(), reminder_at=time(9), by=by, at=now + timedelta(days=1)
        )
        standing = Consent.objects.filter(withdrawn_at=None)
        assert [row.kind for row in standing] == ["care"]


def test_covering_opens_a_patient_for_a_day(patient: Patient, now: datetime) -> None:
    colleague = clinician_for(clinic=patient.clinic)
    with clinic_scope(patient.clinic_id):
        assert not Patient.objects.visible_to(colleague)
        services.cover_patient(
            patient=patient, reason=CareLink.Reason.CALL, by=colleague, at=datetime.now(now.tzinfo)
        )
        assert list(Patient.objects.visible_to(colleague)) == [patient]
        assert not Patient.objects.visible_to(clinician_for(clinic=ClinicFactory.create()))
