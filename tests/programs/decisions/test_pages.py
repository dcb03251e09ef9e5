"""Clinicians answer, the patient reads: over HTTP."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from accounts.roles import Actor, Role
from programs.decisions import services
from programs.models import Answer, Decision, Program
from tests.factories import CareLinkFactory, MembershipFactory, actor
from tests.programs.people import DAY, Person, make_person
from tests.programs.trained import trained_for

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def trained(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Person, datetime]]:
    """At the top of the first step after two calm sessions: a proposal a leg."""
    with trained_for(django_db_blocker, 2) as made:
        yield made


@pytest.fixture
def maya(trained: tuple[Person, datetime], clock: Any) -> Person:
    clock.move_to(trained[1])
    return deepcopy(trained[0])


def signed_in(who: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(id=who.user_id))
    return client


@pytest.fixture
def desk(maya: Person) -> Client:
    return signed_in(maya.clinician)


def proposal(person: Person, side: str = "left") -> Decision:
    with person.scope():
        return Decision.objects.get(side=side, approval="propose")


def ask(client: Client, row: Decision, verb: str, **told: Any) -> Any:
    return client.post(f"/decisions/{row.id}/{verb}/", told)


def said(response: Any) -> str:
    return " ".join(str(each) for each in get_messages(response.wsgi_request))


def test_accepting_gives_the_next_step(desk: Client, maya: Person) -> None:
    response = ask(desk, proposal(maya), "accept")
    assert response.headers["Location"] == f"/desk/patients/{maya.patient.id}/"
    assert maya.dose().step == 1
    assert "Accepted" in said(response)


def test_accepting_twice_is_told_and_changes_nothing(desk: Client, maya: Person) -> None:
    ask(desk, proposal(maya), "accept")
    response = ask(desk, proposal(maya), "accept")
    assert "was faster" in said(response)
    assert maya.dose().number == 2


def test_refusing_keeps_the_dose(desk: Client, maya: Person) -> None:
    ask(desk, proposal(maya), "refuse", reason="Not before the visit")
    assert maya.dose().step == 0
    assert [row.reason for row in maya.all(Answer)] == ["Not before the visit"]


def test_an_accepted_step_can_be_undone(desk: Client, maya: Person) -> None:
    ask(desk, proposal(maya), "accept")
    ask(desk, proposal(maya), "undo", reason="Too soon")
    assert (maya.dose().step, maya.dose().reps) == (0, 12)


def test_only_what_made_the_dose_can_be_undone(desk: Client, maya: Person) -> None:
    response = ask(desk, proposal(maya), "undo", reason="Too soon")
    assert "newer decision" in said(response)
    assert maya.dose().number == 1


def test_a_proposal_made_old_by_a_session_is_not_accepted(
    desk: Client, maya: Person, clock: Any
) -> None:
    row = proposal(maya)
    clock.shift(DAY)
    maya.train(row.at + 3 * DAY)
    assert "newer" in said(ask(desk, row, "accept"))
    assert maya.dose().step == 0


def test_an_assistant_accepts_nothing(maya: Person) -> None:
    membership = MembershipFactory.create(clinic=maya.clinic, role=Role.ASSISTANT)
    CareLinkFactory.create(patient=maya.patient, user=membership.user)
    assert ask(signed_in(actor(membership)), proposal(maya), "accept").status_code == 403
    assert maya.dose().step == 0


def test_a_clinician_off_the_team_is_refused(maya: Person) -> None:
    colleague = actor(MembershipFactory.create(clinic=maya.clinic))
    assert ask(signed_in(colleague), proposal(maya), "accept").status_code == 403


def test_another_clinics_clinician_finds_nothing(maya: Person, now: datetime) -> None:
    other = make_person(now)
    assert ask(signed_in(other.clinician), proposal(maya), "accept").status_code == 404
    assert maya.dose().step == 0


def test_a_clearance_needs_a_reason(desk: Client, maya: Person, now: datetime) -> None:
    with maya.scope():
        services.report_red_flag(program=maya.program, flag="calf", by=maya.actor, at=now)
    url = f"/programs/{maya.program.id}/clear/"
    refused = desk.post(url)
    assert refused.status_code == 422
    assert "Say why the program may go on." in refused.content.decode()
    assert maya.all(Program)[0].status == "locked"
    desk.post(url, {"reason": "Ruled out by ultrasound"})
    assert maya.all(Program)[0].status == "active"


def test_the_patient_reads_why(desk: Client, maya: Person) -> None:
    row = proposal(maya)
    ask(desk, row, "accept")
    page = signed_in(maya.actor).get(f"/decisions/{row.id}/").content.decode()
    assert "Why the next step?" in page
    assert "said yes" in page
    assert "sessions went well." in page
    assert "12, 12, 12 reps, pain" in page


def test_a_proposal_is_no_page_of_the_patient_yet(maya: Person) -> None:
    assert signed_in(maya.actor).get(f"/decisions/{proposal(maya).id}/").status_code == 404


def test_progress_draws_the_sessions(maya: Person) -> None:
    page = signed_in(maya.actor).get("/progress/").content.decode()
    assert page.count('class="d done"') == 2
    assert "12 · 12 · 12" in page


def test_progress_of_nobody_says_what_comes(now: datetime, clock: Any) -> None:
    page = signed_in(make_person(now).actor).get("/progress/").content.decode()
    assert "first session draws the first point" in page
