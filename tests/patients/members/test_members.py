"""The owner's page of people: invite, join, give a role, end one at once; the last owner stays."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Membership, StaffInvitation, User
from accounts.roles import Role
from accounts.scope import clinic_scope
from tests.factories import (
    PASSWORD,
    ClinicFactory,
    MembershipFactory,
    PatientAccessFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "/desk/people/"
TOLD = {"do": "invite", "name": "Nadia New", "email": "Nadia@Clinic.example", "role": "clinician"}


@pytest.fixture
def owner(client: Client) -> Membership:
    row: Membership = MembershipFactory.create(role=Role.OWNER, user__name="Olga Owner")
    client.force_login(row.user)
    return row


def text(answer: Any) -> str:
    return str(answer.content.decode())


def roles_of(email: str) -> list[str]:
    return list(
        Membership.objects.active().filter(user__email=email).values_list("role", flat=True)
    )


def invited(client: Client, mailoutbox: Any, **changed: str) -> str:
    """The path of the link that was mailed."""
    assert client.post(PAGE, TOLD | changed).status_code == 302
    found = re.search(r"https?://[^/]+(/join/\S+)", mailoutbox[-1].body)
    assert found
    return found[1]


def opens(link: str) -> int:
    """A stranger's visit; an answer above 400 takes back what is in the same transaction."""
    with transaction.atomic():
        return Client().get(link).status_code


def test_who_is_invited_joins_sets_a_password_and_works(
    client: Client, owner: Membership, mailoutbox: Any
) -> None:
    link, phone = invited(client, mailoutbox), Client()
    assert mailoutbox[-1].to == ["nadia@clinic.example"]
    assert "as Clinician" in text(phone.get(link))
    assert roles_of("nadia@clinic.example") == []
    onward = phone.post(link, follow=True)
    assert "Set a new password" in text(onward)
    home = phone.post(
        onward.wsgi_request.path, {"password1": PASSWORD, "password2": PASSWORD}, follow=True
    )
    assert home.wsgi_request.path == reverse("desk:caseload")
    assert roles_of("nadia@clinic.example") == ["clinician"]
    assert "has not signed in yet" not in text(client.get(PAGE)).split("Nadia New")[1]


def test_a_link_works_once(client: Client, owner: Membership, mailoutbox: Any) -> None:
    link = invited(client, mailoutbox)
    assert Client().post(link).status_code == 302
    assert opens(link) == 410
    with transaction.atomic():
        assert Client().post(link).status_code == 410
    assert Membership.objects.filter(user__email="nadia@clinic.example").count() == 1


def test_a_newer_link_a_withdrawal_and_a_week_end_one(
    client: Client, owner: Membership, mailoutbox: Any
) -> None:
    first = invited(client, mailoutbox)
    second = invited(client, mailoutbox)
    assert opens(first) == 410
    with clinic_scope(owner.clinic_id):
        row = StaffInvitation.objects.latest("at")
        client.post(PAGE, {"do": "withdraw", "row": str(row.id)})
        assert opens(second) == 410
        row.refresh_from_db()
        assert row.expires_at <= timezone.now()
    assert opens("/join/nothing/") == 410


def test_a_known_person_decides_for_themselves_and_keeps_their_name(
    client: Client, owner: Membership, mailoutbox: Any
) -> None:
    known = PatientAccessFactory.create(user__name="Maya", user__email="maya@home.example").user
    link = invited(client, mailoutbox, email="maya@home.example", name="Somebody")
    page = text(client.get(PAGE))
    assert "Somebody" in page
    assert "Maya" not in page
    assert User.objects.signing_in_by_code(email="maya@home.example") == known
    Client().post(link)
    known.refresh_from_db()
    assert (known.name, roles_of("maya@home.example")) == ("Maya", ["clinician"])


def test_who_has_a_password_signs_in_with_it(
    client: Client, owner: Membership, mailoutbox: Any
) -> None:
    known = UserFactory.create(email="ann@clinic.example")
    known.set_password(PASSWORD)
    known.save()
    link = invited(client, mailoutbox, email="ann@clinic.example")
    assert Client().post(link)["Location"] == "/sign-in/"


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"email": "nobody"}, "valid email"),
        ({"role": "library_admin"}, "valid choice"),
        ({"name": ""}, "required"),
    ],
)
def test_an_invitation_that_can_not_be_is_refused_beside_its_field(
    client: Client, owner: Membership, changed: dict[str, str], wrong: str
) -> None:
    answer = client.post(PAGE, TOLD | changed)
    assert answer.status_code == 422
    assert wrong in text(answer)
    assert not mail.outbox


def test_nobody_is_invited_to_a_role_they_have(client: Client, owner: Membership) -> None:
    member = MembershipFactory.create(clinic=owner.clinic)
    answer = client.post(PAGE, TOLD | {"email": member.user.email})
    assert answer.status_code == 422
    assert "has the role already" in text(answer)


def test_a_role_is_given_once_and_ended_at_once(client: Client, owner: Membership) -> None:
    member, theirs = MembershipFactory.create(clinic=owner.clinic), Client()
    for _ in range(2):
        client.post(PAGE, {"do": "give", "user": str(member.user_id), "role": "owner"})
    assert sorted(roles_of(member.user.email)) == ["clinician", "owner"]
    theirs.force_login(member.user)
    Membership.objects.filter(user=member.user, role="owner").delete()
    assert theirs.get("/desk/").status_code == 200
    for _ in range(2):
        client.post(PAGE, {"do": "end", "row": str(member.id)})
    assert theirs.get("/desk/").status_code == 403
    with clinic_scope(owner.clinic_id):
        assert AuditEvent.objects.filter(verbs=["end_role"], actor_id=owner.user_id).count() == 1
    assert "Roles that ended" in text(client.get(PAGE))


def test_the_last_owner_stays(client: Client, owner: Membership) -> None:
    answer = client.post(PAGE, {"do": "end", "row": str(owner.id)}, follow=True)
    assert "Somebody has to be the owner" in text(answer)
    other = MembershipFactory.create(clinic=owner.clinic, role=Role.OWNER)
    User.objects.filter(id=other.user_id).update(is_active=False)  # can't act: not another owner
    client.post(PAGE, {"do": "end", "row": str(owner.id)})
    assert roles_of(owner.user.email) == ["owner"]
    User.objects.filter(id=other.user_id).update(is_active=True)
    client.post(PAGE, {"do": "end", "row": str(owner.id)})
    assert roles_of(owner.user.email) == []


def test_another_clinics_people_are_out_of_reach(client: Client, owner: Membership) -> None:
    theirs = MembershipFactory.create(clinic=ClinicFactory.create(), user__name="Zoe Elsewhere")
    assert "Zoe" not in text(client.get(PAGE))
    client.post(PAGE, {"do": "end", "row": str(theirs.id)})
    client.post(PAGE, {"do": "give", "user": str(theirs.user_id), "role": "owner"})
    assert roles_of(theirs.user.email) == ["clinician"]


def test_invitations_stay_in_their_clinic(
    client: Client, owner: Membership, mailoutbox: Any
) -> None:
    invited(client, mailoutbox)
    with clinic_scope(ClinicFactory.create().id):
        assert not StaffInvitation.objects.exists()
    with clinic_scope(owner.clinic_id):
        row = StaffInvitation.objects.get()
    assert row.expires_at - row.at == timedelta(days=7)


def test_the_page_takes_no_other_method_and_no_clinician(client: Client, owner: Membership) -> None:
    assert client.put(PAGE).status_code == 405
    client.force_login(MembershipFactory.create(clinic=owner.clinic).user)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, TOLD).status_code == 403
    assert client.put("/join/x/").status_code == 405


def test_the_page_costs_the_same_for_any_number_of_people(
    client: Client, owner: Membership
) -> None:
    for _ in range(5):
        MembershipFactory.create(clinic=owner.clinic)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as seen:
        client.get(PAGE)
    assert len([each for each in seen if "set_config" not in each["sql"]]) <= 10
