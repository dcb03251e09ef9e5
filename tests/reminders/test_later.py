"""\"Later\": what is offered when, what a choice does, and that opening the page does nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.scope import clinic_scope
from reminders.models import Occurrence
from reminders.services.words import stop_token
from tests.programs.people import make_person
from tests.reminders.scenes import CANARY, DUE, a_program, plan, planned, send

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
FIVE = DUE - timedelta(hours=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def message() -> Occurrence:
    return planned(a_program())


@pytest.fixture
def five(message: Occurrence) -> Iterator[time_machine.Traveller]:
    """The clock stands at five; quiet hours begin at nine."""
    with time_machine.travel(FIVE, tick=False) as traveller:
        yield traveller


def page_of(message: Occurrence) -> str:
    with clinic_scope(message.clinic_id):
        return reverse("reminders:later", args=[stop_token(message)])


def offered(client: Client, message: Occurrence) -> list[str]:
    page = client.get(page_of(message)).content.decode()
    return [hours for hours in ("1", "3") if f'name="hours" value="{hours}"' in page]


def choose(client: Client, message: Occurrence, hours: str) -> str:
    return client.post(page_of(message), {"hours": hours}).content.decode()


def nudges(message: Occurrence) -> list[Occurrence]:
    with clinic_scope(message.clinic_id):
        return list(Occurrence.objects.filter(patient=message.patient_id, kind="nudge"))


def events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(verbs=["snooze"]))


@pytest.mark.parametrize(
    ("at", "quiet_from", "hours"),
    [
        (time(17), time(21), ["1", "3"]),
        (time(18), time(21), ["1"]),
        (time(20, 30), time(21), []),
        (time(17), time(17, 30), []),
        (time(22, 30), time(7), ["1"]),
    ],
    ids=["in time", "before the night", "too late", "their own quiet hours", "before midnight"],
)
def test_hours_are_offered_that_lie_today_and_outside_the_quiet_hours(
    client: Client, at: time, quiet_from: time, hours: list[str]
) -> None:
    message = planned(a_program(quiet_from=quiet_from))
    with time_machine.travel(datetime.combine(DUE, at, UTC), tick=False):
        assert offered(client, message) == hours


def test_the_day_is_the_patients_own(client: Client) -> None:
    message = planned(a_program(time_zone="America/New_York", reminder_at=time(13)))
    for day, hours in ((0, ["1", "3"]), (1, [])):
        with time_machine.travel(DUE + timedelta(days=day), tick=False):
            assert offered(client, message) == hours


@pytest.mark.usefixtures("five")
def test_a_choice_plans_the_one_further_message_for_then(
    client: Client, message: Occurrence
) -> None:
    assert "You will hear from us at 18:00" in choose(client, message, "1")
    (nudge,) = nudges(message)
    assert (nudge.not_before, nudge.due_at, nudge.state) == (FIVE + HOUR, FIVE + HOUR, "planned")


@pytest.mark.usefixtures("five")
def test_chosen_twice_it_is_one_message(client: Client, message: Occurrence) -> None:
    for _ in range(2):
        choose(client, message, "1")
    assert [nudge.not_before for nudge in nudges(message)] == [FIVE + HOUR]


@pytest.mark.usefixtures("five")
def test_a_second_choice_moves_it(client: Client, message: Occurrence) -> None:
    for hours in ("1", "3"):
        choose(client, message, hours)
    assert [nudge.not_before for nudge in nudges(message)] == [FIVE + 3 * HOUR]


@pytest.mark.usefixtures("five")
def test_the_days_own_nudge_is_no_second_one(client: Client, message: Occurrence) -> None:
    choose(client, message, "1")
    plan(DUE + timedelta(minutes=150))
    assert [nudge.not_before for nudge in nudges(message)] == [FIVE + HOUR]


@pytest.mark.usefixtures("five")
def test_it_leaves_at_the_hour_that_was_chosen(client: Client, message: Occurrence, mail) -> None:
    choose(client, message, "1")
    (nudge,) = nudges(message)
    assert send(nudge, FIVE) == 0
    assert send(nudge, FIVE + HOUR) == 1
    assert "There is still time" in mail.messages[0].get_content()


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("state", ["sent", "delivered", "unknown", "cancelled"])
def test_once_that_message_was_dealt_with_it_cannot_be_put_off(
    client: Client, message: Occurrence, state: str
) -> None:
    choose(client, message, "1")
    with clinic_scope(message.clinic_id):
        Occurrence.objects.filter(kind="nudge").update(state=state)
    assert offered(client, message) == []
    assert "That is not possible any more today." in choose(client, message, "3")
    assert [nudge.not_before for nudge in nudges(message)] == [FIVE + HOUR]


@pytest.mark.usefixtures("five")
def test_one_that_is_leaving_now_is_not_moved_and_says_so(
    client: Client, message: Occurrence
) -> None:
    choose(client, message, "1")
    held = {"state": "leased", "token": message.id, "leased_until": FIVE + HOUR}
    with clinic_scope(message.clinic_id):
        Occurrence.objects.filter(kind="nudge").update(**held)
    assert "not possible any more" in choose(client, message, "3")
    assert ([nudge.not_before for nudge in nudges(message)], len(events())) == ([FIVE + HOUR], 1)


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("hours", ["", "2", "24", "-1", "one"])
def test_hours_that_were_not_offered_are_refused(
    client: Client, message: Occurrence, hours: str
) -> None:
    assert "That is not possible" in choose(client, message, hours)
    assert (nudges(message), events()) == ([], [])


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_page_changes_nothing(client: Client, message: Occurrence, method: str) -> None:
    getattr(client, method)(page_of(message), {"hours": "1"})
    assert (nudges(message), events()) == ([], [])


@pytest.mark.usefixtures("five")
def test_putting_off_is_on_record_without_a_name(client: Client, message: Occurrence) -> None:
    choose(client, message, "1")
    (event,) = events()
    assert (event.route, event.clinic_id) == ("reminders:later", message.clinic_id)
    assert (event.patient_ids, event.actor_id) == ([message.patient_id], None)


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_link_is_not_found(client: Client, message: Occurrence, method: str) -> None:
    told = stop_token(message).split(".")[0]
    forged = signing.Signer(salt="other", sep=".").sign(told)
    address = reverse("reminders:later", args=[forged])
    assert getattr(client, method)(address, {"hours": "1"}).status_code == 404
    assert nudges(message) == []


@pytest.mark.usefixtures("five")
def test_the_page_speaks_the_language_of_the_message_and_names_nobody(client: Client) -> None:
    message = planned(a_program(language="es"))
    page = client.get(page_of(message)).content.decode()
    assert '<html lang="es">' in page
    told = [word for word in (CANARY, message.patient.email, "Remind me") if word in page]
    assert told == []


def test_not_today_leads_to_today_with_its_box_open(client: Client) -> None:
    now = timezone.now()
    person = make_person(now)
    with person.scope():
        message = Occurrence.objects.create(
            clinic=person.clinic,
            patient=person.patient,
            program=person.program,
            kind="session_due",
            local_date=now.date(),
            due_at=now,
            not_before=now,
            not_after=now + HOUR,
        )
    client.force_login(User.objects.get(id=person.actor.user_id))
    link = reverse("reminders:occurrence-open", args=[message.id]) + "?not-today"
    assert link in client.get(page_of(message)).content.decode()
    page = client.get(link, follow=True)
    assert page.redirect_chain == [(reverse("programs:today") + "?not-today", 302)]
    assert '<details class="not-today" open>' in page.content.decode()
