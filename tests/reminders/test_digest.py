"""A clinician turns the daily message about their queue on and off, at the foot of the queue."""

import pytest
from django.db.models import F
from django.test import Client

from accounts.models import AuditEvent, Change, Membership, User
from accounts.roles import Role
from reminders import services
from tests.actors import of
from tests.factories import MembershipFactory, actor, clinician_for

pytestmark = pytest.mark.django_db
URL, QUEUE = "/desk/digest/", "/desk/"


@pytest.fixture
def by():
    return clinician_for()


def wanted(by) -> bool:
    return Membership.objects.get(user=by.user_id, clinic=by.clinic_id).digest


def test_the_queue_says_how_it_stands_and_a_button_changes_it(by):
    desk = of(by)
    assert "Turn the email off" in desk.get(QUEUE).content.decode()
    assert desk.post(URL)["Location"] == QUEUE
    assert not wanted(by)
    assert "Turn the email on" in desk.get(QUEUE).content.decode()
    desk.post(URL, {"wanted": "1"})
    assert wanted(by)


def test_a_choice_is_on_record_and_replans_the_digest(by):
    of(by).post(URL)
    (event,) = AuditEvent.objects.filter(verbs=["choose_digest"])
    assert (event.actor_id, event.clinic_id) == (by.user_id, by.clinic_id)
    change = Change.objects.get(kind="member", subject=by.user_id)
    assert change.clinic_id == by.clinic_id


def test_said_twice_it_is_chosen_once(by):
    for _ in range(2):
        services.choose_digest(wanted=False, by=by)
    assert AuditEvent.objects.filter(verbs=["choose_digest"]).count() == 1


def test_only_this_clinic_and_this_person_are_meant(by):
    elsewhere = MembershipFactory.create(user=User.objects.get(id=by.user_id))
    colleague = clinician_for()
    services.choose_digest(wanted=False, by=by)
    assert not services.wants_digest(by)
    assert services.wants_digest(actor(elsewhere))
    assert services.wants_digest(colleague)


def test_a_membership_that_ended_chooses_nothing(by):
    Membership.objects.update(until=F("since"))
    services.choose_digest(wanted=False, by=by)
    assert wanted(by)


def test_an_address_that_only_takes_posts(by):
    assert of(by).get(URL).status_code == 405


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.OWNER])
def test_others_than_clinicians_have_no_digest_to_choose(role):
    member = actor(MembershipFactory.create(role=role))
    assert of(member).post(URL).status_code == 403
    assert "Turn the email" not in of(member).get(QUEUE).content.decode()


def test_nobody_chooses_without_a_sign_in(client: Client):
    assert client.post(URL)["Location"].startswith("/sign-in/")
