"""Questions that only some rules ask, on the way into a session and the morning after."""

from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from programs.logging import asking
from programs.logging.entries import Refused
from programs.models import Decision, FurtherAnswer, Interruption, Program, Session
from programs.progression import load_preset
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(now: datetime) -> Person:
    made = make_person(now)
    ruleset = load_preset("soreness_rules")
    with made.scope():
        Program.objects.update(ruleset=ruleset.raw, ruleset_hash=ruleset.version)
    return made


def of(maya: Person, session: Session) -> Session:
    return Session.objects.select_related("program__patient").get(id=session.id)


def tell(maya: Person, session: Session, at: datetime, **answers: str) -> None:
    with maya.scope():
        for name, value in answers.items():
            row = of(maya, session)
            asking.answer_question(session=row, name=name, value=value, by=maya.actor, at=at)


def asked(maya: Person, session: Session, at: datetime) -> str | None:
    with maya.scope():
        found = asking.next_question(of(maya, session), at.date())
    return found and str(found.name)


def test_soreness_is_asked_first_and_its_kind_only_where_there_is_some(
    maya: Person, now: datetime
) -> None:
    session = maya.start(now)
    assert asked(maya, session, now) == "soreness"
    tell(maya, session, now, soreness="gone")
    assert asked(maya, session, now) == "soreness_kind"
    tell(maya, session, now, soreness_kind="joint")
    assert asked(maya, session, now) is None


def test_without_soreness_no_kind_is_asked(maya: Person, now: datetime) -> None:
    session = maya.start(now)
    tell(maya, session, now, soreness="none")
    assert asked(maya, session, now) is None


def test_later_soreness_is_asked_the_next_morning(maya: Person, now: datetime) -> None:
    session = maya.start(now)
    tell(maya, session, now, soreness="none")
    assert asked(maya, session, now + DAY) == "soreness_later"
    tell(maya, session, now + DAY, soreness_later="yes")
    assert asked(maya, session, now + DAY) == "soreness_kind"


def test_other_rules_ask_none_of_it(now: datetime) -> None:
    other = make_person(now)
    session = other.start(now)
    assert asked(other, session, now) is None
    with other.scope():
        row = of(other, session)
        with pytest.raises(Refused):
            asking.answer_question(
                session=row, name="soreness", value="none", by=other.actor, at=now
            )


def test_soreness_of_the_joint_that_stays_ends_the_session_and_rests(
    maya: Person, now: datetime
) -> None:
    session = maya.start(now)
    tell(maya, session, now, soreness="persists", soreness_kind="joint")
    with maya.scope():
        assert of(maya, session).stopped == "rule"
    assert [(row.kind, row.last_day) for row in maya.all(Interruption)] == [
        ("rest", (now + DAY).date())
    ]


def test_no_soreness_then_and_later_proposes_the_next_step(maya: Person, now: datetime) -> None:
    session = maya.start(now)
    tell(maya, session, now, soreness="none")
    maya.train(now)
    maya.wake(session, now + DAY)
    tell(maya, session, now + DAY, soreness_later="no")
    with maya.scope():
        assert [row.side for row in Decision.objects.open_proposals().order_by("side")] == [
            "left",
            "right",
        ]


def test_an_answer_two_days_later_is_recalled_and_a_second_one_changes_nothing(
    maya: Person, now: datetime
) -> None:
    session = maya.train(now)
    tell(maya, session, now + 2 * DAY, soreness_later="no")
    tell(maya, session, now + 2 * DAY, soreness_later="yes")
    told = maya.all(FurtherAnswer)
    assert [(row.value, row.recalled) for row in told] == [("no", True)]


@pytest.fixture
def phone(client: Client, maya: Person) -> Client:
    client.force_login(User.objects.get(id=maya.actor.user_id))
    client.get("/today/")
    return client


def post(phone: Client, session: Session, **data: str) -> Any:
    return phone.post(reverse("programs:session-question", args=[session.id]), data)


def test_one_tap_each_leads_into_the_session(maya: Person, phone: Client, now: datetime) -> None:
    session = maya.start(now)
    with time_machine.travel(now, tick=False):
        first = phone.get(reverse("programs:session-detail", args=[session.id]), follow=True)
        assert b"Are you sore after the warm-up?" in first.content
        answer = post(phone, session, name="soreness", value="none")
    assert answer["Location"] == reverse("programs:session-detail", args=[session.id])


def test_a_tap_that_is_no_answer_is_asked_again(maya: Person, phone: Client, now: datetime) -> None:
    session = maya.start(now)
    with time_machine.travel(now, tick=False):
        answer = post(phone, session, name="soreness", value="sometimes")
    assert answer.status_code == 422
    assert b"Tap one of the answers." in answer.content


def test_an_ended_session_is_told_to_the_patient(
    maya: Person, phone: Client, now: datetime
) -> None:
    session = maya.start(now)
    with time_machine.travel(now, tick=False):
        post(phone, session, name="soreness", value="persists")
        post(phone, session, name="soreness_kind", value="joint")
        page = phone.get(reverse("programs:session-detail", args=[session.id]))
    assert b"Enough for today" in page.content


def test_after_the_morning_check_the_rules_own_question_follows(
    maya: Person, phone: Client, now: datetime
) -> None:
    session = maya.train(now)
    with time_machine.travel(now + DAY, tick=False):
        answer = phone.post(reverse("programs:check-in", args=[session.id]), {"feel": "same"})
    assert answer["Location"] == reverse("programs:session-question", args=[session.id])


def test_a_morning_told_of_in_the_next_session_comes_before_its_own_question(
    maya: Person, now: datetime
) -> None:
    first = maya.train(now)
    maya.wake(first, now + 2 * DAY)
    second = maya.start(now + 2 * DAY)
    with maya.scope():
        found = asking.first_question(of(maya, second), begun=False)
    assert found is not None
    assert (found.session.id, found.name) == (first.id, "soreness_later")
