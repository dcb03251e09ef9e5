"""The owner's page of limits, and that no program passes what it says."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, Clinic, User
from accounts.roles import Role
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
PAGE = "/desk/limits/"
TOLD = {"largest_step_percent": "10", "pain_limit": "4", "approval": "resisted"}


@pytest.fixture
def owner(client: Client) -> User:
    user: User = MembershipFactory.create(role=Role.OWNER, user__name="Olga Owner").user
    client.force_login(user)
    return user


def clinic_of(user: User) -> Clinic:
    return Clinic.objects.get(memberships__user=user)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_owner_starts_at_the_limits_as_they_stand(client: Client, owner: User) -> None:
    answer = client.get("/", follow=True)
    assert answer.redirect_chain[-1][0] == PAGE
    assert 'name="largest_step_percent" value="15"' in text(answer)
    assert 'value="every" required id="id_approval_0" checked' in text(answer)
    assert "nobody has changed them yet" in text(answer)


def test_what_is_saved_is_kept_shown_with_whom_and_on_record_once(
    client: Client, owner: User
) -> None:
    for _ in range(2):
        assert client.post(PAGE, TOLD).status_code == 302
    clinic = clinic_of(owner)
    assert (clinic.largest_step_percent, clinic.pain_limit, clinic.approval) == (10, 4, "resisted")
    assert "Last changed by Olga Owner" in text(client.get(PAGE))
    assert AuditEvent.objects.get(verbs=["set_limits"]).actor_id == owner.id


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("largest_step_percent", "0"),
        ("largest_step_percent", "101"),
        ("pain_limit", "11"),
        ("pain_limit", ""),
        ("approval", "none"),
    ],
)
def test_a_limit_out_of_range_is_refused_beside_its_field(
    client: Client, owner: User, name: str, value: str
) -> None:
    answer = client.post(PAGE, TOLD | {name: value})
    assert answer.status_code == 422
    assert f'id="id_{name}_error"' in text(answer)
    assert clinic_of(owner).limits_set_at is None


def test_the_page_takes_no_other_method(client: Client, owner: User) -> None:
    assert client.put(PAGE).status_code == 405


def test_a_clinician_and_another_clinics_owner_change_nothing_here(
    client: Client, owner: User
) -> None:
    other = MembershipFactory.create(role=Role.OWNER)
    clinician = MembershipFactory.create(clinic=clinic_of(owner))
    client.force_login(clinician.user)
    assert client.post(PAGE, TOLD).status_code == 403
    client.force_login(other.user)
    client.post(PAGE, TOLD)
    assert clinic_of(owner).pain_limit == 5
