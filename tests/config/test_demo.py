"""The demo is a demo: alone on this machine, on its own database, lived by the pages' services."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Clinic, User
from accounts.scope import clinic_scope
from config import urls
from config.demo import cast, hearing, history, views
from patients.models import Patient
from programs.models import Decision, DoseVersion, Program, Session, SetLog
from reminders.services.ways import ways_of
from tests.factories import ClinicFactory
from tests.notices import Sink, phones

WEEK = timedelta(days=7)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A life of one week: the same services, sooner done."""
    monkeypatch.setattr(cast, "WEEKS", 1)


@pytest.fixture
def mara(short: None) -> Patient:
    return lived(cast.PATIENTS[4])


def lived(person: cast.Person) -> Patient:
    now = timezone.now()
    history.Life(person, history.prepare(now)[person.clinician.email], now).live()
    with clinic_scope(cast.CLINIC_ID):
        return Patient.objects.get(email=person.email)


def test_settings_without_the_demo_have_none_of_its_pages() -> None:
    assert not project.DEMO
    assert not [row for row in urls.urlpatterns if "demo" in str(row.pattern)]


@pytest.mark.parametrize("view", [views.people, views.inbox, views.enter])
def test_a_demo_page_called_outside_the_demo_is_not_found(view: Any, rf: Any) -> None:
    with pytest.raises(views.Http404):
        view(rf.get("/"))


def test_a_demo_page_is_for_this_machine_alone(rf: Any, settings: Any) -> None:
    settings.DEMO = True
    with pytest.raises(views.Http404):
        views.inbox(rf.get("/", REMOTE_ADDR="10.0.0.8"))


@pytest.mark.django_db
def test_the_demo_refuses_a_database_with_a_real_clinic() -> None:
    ClinicFactory.create()
    with pytest.raises(CommandError, match="real clinic"):
        history.refuse_foreign_database()


def test_the_command_asks_for_the_demo_to_be_named() -> None:
    with pytest.raises(CommandError, match="FLEXION_DEMO"):
        call_command("demo")


def test_every_person_is_of_a_kind_and_plainly_invented() -> None:
    assert {person.kind for person in cast.PATIENTS} == set(cast.KINDS)
    assert len({person.email for person in cast.PATIENTS}) == len(cast.PATIENTS) == 40
    assert all(person.email.endswith(".example") for person in (*cast.PATIENTS, *cast.STAFF))


@pytest.mark.django_db
def test_a_life_goes_on_where_it_was_left(mara: Patient) -> None:
    with clinic_scope(cast.CLINIC_ID):
        before = SetLog.objects.count()
    assert before > 0
    lived(cast.PATIENTS[4])
    with clinic_scope(cast.CLINIC_ID):
        assert (SetLog.objects.count(), Clinic.objects.count()) == (before, 1)


def facts(program: Program) -> list[list[tuple[Any, ...]]]:
    """What a program came to, without the ids and the hours."""
    doses = DoseVersion.objects.filter(prescription__program=program)
    return [
        list(doses.order_by("side", "number").values_list("side", "number", "step", "reps")),
        list(
            Decision.objects.filter(program=program)
            .order_by("side", "number")
            .values_list("side", "number", "kind", "approval", "trigger")
        ),
        list(
            SetLog.objects.filter(session__program=program)
            .order_by("session__local_date", "side", "number")
            .values_list("session__local_date", "side", "number", "reps", "skipped")
        ),
        list(
            Session.objects.filter(program=program)
            .order_by("local_date")
            .values_list("local_date", "source", "pain_reports__pain", "reports__effort")
        ),
    ]


@pytest.mark.django_db
def test_a_patient_of_the_demo_is_what_the_same_taps_on_the_pages_give(short: None) -> None:
    model, double = cast.PATIENTS[4], cast.PATIENTS[9]
    theirs = lived(model)
    now = timezone.now()
    life = history.Life(double, history.prepare(now)[double.clinician.email], now)
    with clinic_scope(cast.CLINIC_ID):
        other = life._program()
        same = Program.objects.get(patient=theirs)
    tap_the_same(same, User.objects.get(email=double.email))
    with clinic_scope(cast.CLINIC_ID):
        assert facts(other) == facts(same)


def tap_the_same(program: Program, user: User) -> None:
    """Do on the pages what this program's patient did, at the same hours."""
    with clinic_scope(cast.CLINIC_ID):
        sessions = list(Session.objects.filter(program=program).order_by("started_at"))
        mornings = {row.id: row.check_ins.first() for row in sessions}
        pains = {row.id: row.pain_reports.get() for row in sessions}
        efforts = {row.id: row.reports.get() for row in sessions}
        reps = {
            (s.session_id, s.side, s.number): s.reps
            for s in SetLog.objects.filter(session__program=program)
        }
    for session in sessions:
        with time_machine.travel(session.started_at, tick=False):
            train(user, session, pains[session.id].pain, efforts[session.id].effort, reps)
        if morning := mornings[session.id]:
            with time_machine.travel(morning.at, tick=False):
                wake(user, morning.feel)


def train(user: User, model: Session, pain: int, effort: int, reps: dict[Any, int]) -> None:
    client = signed_in(user)
    url = client.post(reverse("programs:session-start")).headers["Location"]
    while card := client.get(url).context.get("card"):
        hidden = dict(card["hidden"])
        done = reps[model.id, hidden["side"], int(hidden["number"])]
        client.post(card["post_url"], hidden | {"reps": done, "outcome": "done"})
    page = client.get(url).context["pain"]
    client.post(page["post_url"], dict(page["hidden"]) | {"pain": pain})
    finish = client.get(url).context["finish"]
    client.post(finish["post_url"], dict(finish["hidden"]) | {"effort": effort})


def wake(user: User, feel: str) -> None:
    client = signed_in(user)
    check = client.get(reverse("programs:today")).context["today"]["check_in"]
    client.post(check["post_url"], {"feel": feel})


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_notes_of_the_demo_stay_in_its_own_folder() -> None:
    assert Path(project.BASE_DIR) / "var" in cast.PATIENTS[0].note.parents


@pytest.mark.django_db
def test_the_demos_reviewer_is_marked_as_invented(client: Client) -> None:
    for _ in range(2):
        history.prepare(timezone.now())
    page = client.get("/exercises/standing-curl/").content.decode()
    assert cast.REVIEWER.name in page
    assert "invented for the demo" in page


@pytest.mark.parametrize("number", sorted(hearing.WAYS))
@pytest.mark.django_db
def test_some_hear_by_text_or_notification_from_the_next_minute_on(
    short: None, phones: Sink, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setenv("DEMO_PUSH_URL", phones.url)
    patient, now = lived(cast.PATIENTS[number]), timezone.now()
    for _ in range(2):
        hearing.choose_way(cast.PATIENTS[number], now)
    with clinic_scope(cast.CLINIC_ID):
        patient.refresh_from_db()
        assert ways_of([patient], now)[patient.id].after() == hearing.WAYS[number]
    assert patient.reminder_at == hearing.next_minute(now)


__all__ = ["phones"]
