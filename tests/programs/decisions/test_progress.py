"""The patient's progress and the page of a change: what is drawn, what is linked."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from programs.decisions.changes import Change
from programs.decisions.presenters import why_context
from programs.models import (
    Decision,
    DoseVersion,
    Phase,
    Prescription,
    Program,
    Session,
)
from tests.programs.people import Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(now: datetime, clock: Any) -> Person:
    """Two calm sessions, after which the dose rose."""
    person = make_person(now)
    clock.move_to(person.train_for(now, 2))
    return person


@pytest.fixture
def phone(client: Client, maya: Person) -> Client:
    client.force_login(User.objects.get(id=maya.actor.user_id))
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


def rise(person: Person) -> Decision:
    with person.scope():
        return Decision.objects.exclude(after=None).filter(side="left").latest("number")


def test_each_day_of_the_table_leads_to_its_record(phone: Client, maya: Person) -> None:
    page = text(phone.get("/progress/"))
    assert [f"/sessions/{row.id}/record/" in page for row in maya.all(Session)] == [True, True]


def test_a_session_logged_later_is_hatched(phone: Client, maya: Person) -> None:
    assert "d later" not in text(phone.get("/progress/"))
    with maya.scope():
        Session.objects.update(source="backfilled")
    page = text(phone.get("/progress/"))
    assert page.count('class="d later"') == 2
    assert "logged later" in page


def test_done_stands_beside_what_was_due(phone: Client) -> None:
    page = text(phone.get("/progress/"))
    assert '<b>2</b> <span class="muted">of 4</span>' in page
    assert "a set, from 8" in page


def test_a_second_exercise_has_a_panel_of_its_own(phone: Client, maya: Person) -> None:
    with maya.scope():
        clinic = maya.clinic
        phase = Phase.objects.first()
        more = Prescription.objects.create(
            clinic=clinic, program=maya.program, phase=phase, sides="both", position=1
        )
        old = DoseVersion.objects.earliest("at")
        old.pk, old.id, old.prescription, old.side = None, more.id, more, "both"
        old.save(force_insert=True)
    page = text(phone.get("/progress/"))
    assert "Standing curl, small lift: reps a set" in page
    assert "Exercise: reps a set" in page


def test_a_change_is_drawn_on_the_days_of_its_logs(phone: Client, maya: Person) -> None:
    page = text(phone.get(f"/decisions/{rise(maya).id}/"))
    assert 'id="why-t"' in page
    assert page.count('class="p"') == 2
    assert "limit 3" in page


def test_a_change_leads_to_a_message_about_it(phone: Client, maya: Person) -> None:
    row = rise(maya)
    url = f"/messages/?about={row.id}"
    assert f'href="{url}#write"' in text(phone.get(f"/decisions/{row.id}/"))
    assert "About the change of" in text(phone.get(url))


@pytest.mark.parametrize("about", ["", "nothing", "01a207a2-3280-734b-8d00-cd7c8a443d44"])
def test_a_message_about_nothing_known_starts_empty(phone: Client, about: str) -> None:
    assert "About the change of" not in text(phone.get("/messages/", {"about": about}))


def test_nobody_elses_change_is_told(maya: Person, now: datetime) -> None:
    stranger = Client()
    stranger.force_login(User.objects.get(id=make_person(now).actor.user_id))
    page = text(stranger.get(f"/messages/?about={rise(maya).id}"))
    assert "About the change of" not in page


def test_what_was_not_known_is_said_apart(maya: Person) -> None:
    row = rise(maya)
    row.trace["side"]["missing"] = [{"rule": "more", "fact": "soreness", "session": None}]
    with maya.scope():
        change = Change(row, "left", row.before, row.after, row.at, None)
        program = Program.objects.select_related("patient", "lead").get()
        why = why_context(change, program, "Curl", [], row.at.date())
    words = "We don't know yet if you were sore."
    assert why["missing"] == words
    assert words not in "".join(part["text"] for part in why["rule"])
