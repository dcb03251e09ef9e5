"""Who trains now: asked where one person trains for several, shown, and changed at will."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.scope import clinic_scope
from patients.models import PatientAccess
from tests.conftest import NOW
from tests.factories import MembershipFactory, PatientAccessFactory, PatientFactory, UserFactory

pytestmark = pytest.mark.django_db
CHOOSE, SETTINGS = reverse("patients:acting-choose"), reverse("patients:settings")


@pytest.fixture
def parent() -> User:
    """Trains for Ada and for Otis, at two clinics."""
    user = UserFactory.create(email="parent@home.example")
    for name in ("Ada Fern", "Otis Fern"):
        patient = PatientFactory.create(name=name)
        PatientAccessFactory.create(user=user, patient=patient, kind="parent")
    return user


@pytest.fixture
def client(parent: User) -> Client:
    client = Client()
    client.force_login(parent)
    return client


def choose(client: Client, name: str, **more: str) -> Any:
    page = client.get(CHOOSE)
    [value] = [each["value"] for each in page.context["choices"] if each["title"] == name]
    return client.post(CHOOSE, {"choice": value, **more})


@pytest.mark.parametrize("page", ["/", SETTINGS])
def test_who_has_several_is_asked_first(client: Client, page: str) -> None:
    answer = client.get(page, follow=True)
    text = answer.content.decode()
    assert "Who trains now?" in text
    assert "Ada Fern" in text
    assert "Otis Fern" in text


def test_after_the_choice_one_is_where_one_wanted_to_go(client: Client) -> None:
    asked = client.get(SETTINGS)["Location"]
    assert asked == f"{CHOOSE}?next=%2Fsettings%2F"
    assert b'value="/settings/"' in client.get(asked).content
    assert choose(client, "Ada Fern", next=SETTINGS)["Location"] == SETTINGS


def test_a_choice_leads_nowhere_else(client: Client) -> None:
    assert choose(client, "Ada Fern", next="https://evil.example/")["Location"] == "/"


def test_the_page_says_who_trains_and_offers_the_other(client: Client) -> None:
    choose(client, "Ada Fern")
    page = client.get(SETTINGS).content.decode()
    assert "For Ada" in page
    assert "Otis" not in page
    assert f'href="{CHOOSE}"' in page
    choose(client, "Otis Fern")
    assert "For Otis" in client.get(SETTINGS).content.decode()


def test_a_strangers_patient_is_no_choice(client: Client) -> None:
    other = PatientAccessFactory.create()
    wrong = f"patient.{other.clinic_id}.{other.patient_id}"
    answer = client.post(CHOOSE, {"choice": wrong})
    assert answer.status_code == 200
    assert client.get(SETTINGS).status_code == 302


def test_a_choice_that_was_taken_back_leaves_the_other(client: Client, parent: User) -> None:
    choose(client, "Ada Fern")
    with clinic_scope(user=parent.id):
        ada = PatientAccess.objects.filter(user=parent).earliest("since")
        PatientAccess.objects.filter(id=ada.id).update(until=NOW)
    page = client.get(SETTINGS)
    assert page.status_code == 200
    assert b'class="who' not in page.content


def test_who_trains_alone_is_never_asked() -> None:
    client, access = Client(), PatientAccessFactory.create()
    client.force_login(access.user)
    page = client.get(SETTINGS)
    assert page.status_code == 200
    assert b'class="who' not in page.content


def test_roles_are_asked_alike() -> None:
    membership = MembershipFactory.create(role="clinician")
    MembershipFactory.create(user=membership.user, clinic=membership.clinic, role="owner")
    client = Client()
    client.force_login(membership.user)
    assert "Which work is it?" in client.get("/desk/", follow=True).content.decode()


def test_who_may_act_as_nobody_is_refused() -> None:
    client = Client()
    client.force_login(UserFactory.create())
    assert client.get(SETTINGS).status_code == 403
