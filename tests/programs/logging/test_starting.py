"""A session that a phone began without a network, and what the phone keeps so that it can."""

import json
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from exercises.models import Revision
from exercises.services import load_shipped_library
from programs.logging import services
from programs.logging.entries import session_key
from programs.models import Program, Session
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db
START = "/sessions/start/"


@pytest.fixture
def maya(now: datetime) -> Person:
    return make_person(now - 2 * DAY)


@pytest.fixture
def phone(maya: Person) -> Client:
    client = Client()
    client.force_login(User.objects.get(id=maya.actor.user_id))
    return client


def take_in(person: Person, day: datetime, at: datetime, slot: int = 1) -> Session:
    with person.scope():
        return services.take_in_session(
            program=person.program,
            day=day.date(),
            slot=slot,
            started_at=day,
            by=person.actor,
            at=at,
        )


def begun(person: Person, at: datetime, **changed: Any) -> dict[str, Any]:
    """What the phone posts of a session that it began."""
    session = session_key(person.program.id, at.date(), 1)
    told = {"session": session, "day": at.date(), "slot": 1, "done_at": at.isoformat()}
    return told | changed


def plan(page: Any) -> dict[str, Any]:
    found = re.search(r'data-plan="([^"]*)"', page.content.decode())
    return json.loads(unescape(found[1])) if found else {}


def test_the_phone_and_the_server_open_the_same_session(maya: Person, now: datetime) -> None:
    first, second = take_in(maya, now, now), maya.start(now)
    assert first.id == second.id == session_key(maya.program.id, now.date(), 1)
    assert take_in(maya, now, now + DAY).id == first.id
    assert len(maya.all(Session)) == 1


def test_a_session_that_arrives_a_day_late_is_of_its_own_day(maya: Person, now: datetime) -> None:
    session = take_in(maya, now - DAY, now)
    assert (session.local_date, session.started_at) == ((now - DAY).date(), now - DAY)
    assert (session.received_at, session.source) == (now, "live")


def test_after_72_hours_it_counts_as_logged_later(now: datetime) -> None:
    person = make_person(now - 6 * DAY)
    assert take_in(person, now - 4 * DAY, now).source == "backfilled"


def test_a_phone_clock_ahead_begins_no_session_in_the_future(maya: Person, now: datetime) -> None:
    with maya.scope():
        session = services.take_in_session(
            program=maya.program,
            day=now.date(),
            slot=1,
            started_at=now + timedelta(hours=2),
            by=maya.actor,
            at=now,
        )
    assert session.started_at == now


@pytest.mark.parametrize(("days", "slot"), [(1, 1), (-3, 1), (0, 2), (0, 0)])
def test_a_day_or_slot_that_no_phone_can_have_begun_is_refused(
    maya: Person, now: datetime, days: int, slot: int
) -> None:
    with pytest.raises(services.NotOpen, match="no_such_day"):
        take_in(maya, now + days * DAY, now, slot)


def test_after_a_week_it_is_refused(now: datetime) -> None:
    person = make_person(now - 20 * DAY)
    with pytest.raises(services.NotOpen):
        take_in(person, now - 8 * DAY, now)


def test_what_was_trained_before_the_program_was_held_is_taken_in(
    maya: Person, now: datetime
) -> None:
    with maya.scope():
        Program.objects.update(status=Program.Status.LOCKED)
    assert take_in(maya, now, now).local_date == now.date()


def test_the_phones_start_leads_to_its_session_and_is_safe_twice(
    phone: Client, maya: Person, now: datetime
) -> None:
    told = begun(maya, now)
    with time_machine.travel(now, tick=False):
        for _ in range(2):
            answer = phone.post(START, told)
            assert answer["Location"] == f"/sessions/{told['session']}/"
    assert len(maya.all(Session)) == 1


@pytest.mark.parametrize(
    "changed", [{"session": uuid4()}, {"day": "2026-99-99"}, {"slot": 0}, {"done_at": ""}]
)
def test_a_start_that_names_no_session_of_ones_own_is_wrong(
    phone: Client, maya: Person, now: datetime, changed: dict[str, Any]
) -> None:
    with time_machine.travel(now, tick=False):
        assert phone.post(START, begun(maya, now, **changed)).status_code == 422
    assert maya.all(Session) == []


def test_another_patients_session_is_not_begun(phone: Client, maya: Person, now: datetime) -> None:
    other = make_person(now)
    with time_machine.travel(now, tick=False):
        assert phone.post(START, begun(other, now)).status_code == 422
    assert other.all(Session) == []


def test_the_address_of_start_leads_to_today(phone: Client) -> None:
    assert phone.get(START)["Location"] == "/today/"
    assert phone.put(START).status_code == 405


def test_today_gives_the_phone_the_plan_that_start_would_open(
    phone: Client, maya: Person, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        told = plan(phone.get("/today/"))
    assert told["session"] == str(session_key(maya.program.id, now.date(), 1))
    assert (told["begun"], told["day"], told["slot"]) == (False, "2026-11-23", 1)
    assert maya.patient.first_name not in json.dumps(told)


def test_today_gives_what_is_done_of_a_session_that_runs(
    phone: Client, maya: Person, now: datetime
) -> None:
    maya.log(maya.start(now), now)
    with time_machine.travel(now, tick=False):
        told = plan(phone.get("/today/"))
    assert told["begun"]
    assert [each.get("done") for each in told["exercises"][0]["sets"]] == ["done", None, None, None]


def picture(**changed: Any) -> Any:
    revision = changed.pop("revision", None) or Revision.objects.get(exercise__slug="standing-curl")
    seen = {"side": "left", "tempo": "2.1.3", "range_deg": 60} | changed
    address = reverse("programs:picture", args=["en", revision.id])
    return Client().get(address, seen)


def test_a_picture_knows_no_person_and_may_be_kept(now: datetime) -> None:
    load_shipped_library(at=now)
    answer = picture()
    assert "fig-move" in answer.content.decode()
    assert answer["Cache-Control"].startswith("public")
    assert not answer.cookies


def test_the_picture_of_a_draft_is_nobodys(maya: Person) -> None:
    answer = picture()
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("changed", [{"side": "x"}, {"tempo": "1.2"}, {"range_deg": 999}])
def test_a_picture_of_nothing_is_not_found(maya: Person, changed: dict[str, Any]) -> None:
    assert picture(**changed).status_code == 404
