import pytest
from django.db import connection, transaction

from accounts.models import Clinic
from accounts.scope import clinic_scope
from patients.models import Patient
from tests.factories import ClinicFactory, PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_clinics() -> tuple[Clinic, Clinic]:
    ours, theirs = ClinicFactory.create_batch(2)
    PatientFactory.create(clinic=ours, name="Ours")
    PatientFactory.create(clinic=theirs, name="Theirs")
    return ours, theirs


def seen() -> list[str]:
    return sorted(Patient.objects.values_list("name", flat=True))


def settings() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(current_setting('app.clinics', true), '')"
            ", coalesce(current_setting('app.user', true), '')"
        )
        return tuple(cursor.fetchone() or ())


def test_without_a_scope_no_clinic_row_is_seen(two_clinics: tuple[Clinic, Clinic]) -> None:
    assert seen() == []


def test_a_scope_shows_its_clinic_alone(two_clinics: tuple[Clinic, Clinic]) -> None:
    with clinic_scope(two_clinics[0].id):
        assert seen() == ["Ours"]


def test_a_nested_scope_gives_back_the_outer_one(two_clinics: tuple[Clinic, Clinic]) -> None:
    ours, theirs = two_clinics
    with clinic_scope(ours.id):
        with clinic_scope(theirs.id):
            assert seen() == ["Theirs"]
        assert seen() == ["Ours"]


def test_an_error_inside_a_nested_scope_gives_back_the_outer_one(
    two_clinics: tuple[Clinic, Clinic],
) -> None:
    ours, theirs = two_clinics
    with clinic_scope(ours.id):
        with pytest.raises(ZeroDivisionError), clinic_scope(theirs.id):
            raise ZeroDivisionError
        assert seen() == ["Ours"]


def test_a_scope_of_two_clinics_shows_both(two_clinics: tuple[Clinic, Clinic]) -> None:
    with clinic_scope(*(clinic.id for clinic in two_clinics)):
        assert seen() == ["Ours", "Theirs"]


def test_a_row_of_another_clinic_cannot_be_written(two_clinics: tuple[Clinic, Clinic]) -> None:
    ours, theirs = two_clinics
    with clinic_scope(ours.id):
        assert Patient.objects.filter(clinic=theirs).update(name="Taken") == 0
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            Patient.objects.create(clinic=theirs, name="Smuggled", affected_side="left")


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_scope_outlives_its_transaction() -> None:
    clinic = ClinicFactory.create()
    with clinic_scope(clinic.id, user=clinic.id):
        assert str(clinic.id) in settings()[0]
    assert settings() == ("", "")
