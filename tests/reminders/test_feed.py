"""The calendar feed: its file, its address, and the page on which a patient makes it."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from accounts.links import Links
from accounts.models import AuditEvent, User
from accounts.scope import clinic_scope
from patients.models import Patient
from reminders import services
from reminders.feed.services import end_feed, open_feed
from reminders.models import CalendarFeed
from tests.factories import patient_actor
from tests.reminders.scenes import BEFORE, CANARY, MONDAY, a_program, change

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/settings/reminders/calendar/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def program():
    return settled(a_program())


@pytest.fixture
def person(program):
    return patient_actor(program.patient)


@pytest.fixture
def phone(person):
    client = Client()
    client.force_login(User.objects.get(id=person.user_id))
    return client


def settled(program, **patient):
    """The schedules follow from what the patient and the program say."""
    with clinic_scope(program.clinic_id):
        Patient.objects.filter(id=program.patient_id).update(**patient or {"unit": "kg"})
    change(program)
    services.consume_changes(now=datetime.now(UTC))
    return program


def made(program, person):
    with clinic_scope(program.clinic_id):
        return open_feed(patient=program.patient, by=person, at=BEFORE)


def asked(token, **headers):
    """As a calendar asks: without a cookie."""
    return Client().get(reverse("feed:file", args=[token]), headers=headers)


def events(token):
    return Calendar.from_ical(asked(token).content).events


def starts(token):
    return [event.start for event in events(token)]


def test_each_session_of_the_coming_days_is_an_event_at_the_patients_time(program, person):
    found = starts(made(program, person))
    assert found[0] == datetime(2026, 11, 23, 18, tzinfo=UTC)
    assert {at.weekday() for at in found} == {0, 3}
    assert found[-1].date() == MONDAY + 59 * DAY
    assert len({event["UID"] for event in events(made(program, person))}) == len(found) == 18


def test_no_event_is_more_than_ninety_days_ahead(program, person):
    change(program, end_on=MONDAY + 300 * DAY)
    settled(program)
    assert starts(made(program, person))[-1].date() <= MONDAY + 90 * DAY


def test_an_event_lasts_a_quarter_of_an_hour_and_leads_to_today(program, person):
    event = events(made(program, person))[0]
    assert event.end - event.start == timedelta(minutes=15)
    assert event["URL"].endswith(reverse("programs:today"))


def test_a_days_own_time_and_the_quiet_hours_hold(program, person):
    settled(program, day_times=[None] * 3 + [time(6), *[None] * 3])
    assert [at.hour for at in starts(made(program, person))[:2]] == [18, 7]


def test_over_a_change_of_clocks_the_local_time_stays(program, person):
    change(program, end_on=MONDAY + 300 * DAY)
    settled(program, time_zone="Europe/Berlin")
    with time_machine.travel(datetime(2027, 3, 22, tzinfo=UTC)):
        assert [at.hour for at in starts(made(program, person))[:3]] == [17, 17, 16]


def test_a_second_session_of_a_day_is_an_event_of_its_own(program, person):
    change(program, schedule={"times_a_day": 2})
    settled(program, reminder_at=time(8))
    assert [at.hour for at in starts(made(program, person))[:2]] == [8, 8]
    assert sorted({at.hour for at in starts(made(program, person))}) == [8, 12]


def test_a_paused_program_has_no_events(program, person):
    change(program, status="paused")
    settled(program)
    assert starts(made(program, person)) == []


def test_the_file_tells_nothing_of_the_person_or_the_clinic(program, person):
    text = asked(made(program, person)).content.decode()
    said = {line.partition(":")[0].partition(";")[0] for line in text.splitlines()}
    names = [CANARY.split()[0], program.patient.clinic.name, str(program.patient_id)]
    assert not [name for name in names if name in text]
    assert not said & {"DESCRIPTION", "LOCATION", "ORGANIZER", "ATTENDEE", "CATEGORIES"}
    assert "SUMMARY:Planned session\r\n" in text


def test_calendars_are_told_to_ask_again_after_some_hours(program, person):
    text = asked(made(program, person)).content.decode()
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\nX-PUBLISHED-TTL:PT6H\r\n" in text


def test_an_event_keeps_its_name_when_its_time_changes(program, person):
    token = made(program, person)
    before = [event["UID"] for event in events(token)]
    settled(program, reminder_at=time(9))
    assert [event["UID"] for event in events(token)] == before


def test_what_has_not_changed_is_not_sent_again(program, person):
    token = made(program, person)
    tag = asked(token)["ETag"]
    assert asked(token, if_none_match=tag).status_code == 304
    settled(program, reminder_at=time(9))
    assert asked(token, if_none_match=tag).status_code == 200


def test_the_file_is_kept_by_the_calendar_alone_and_sets_no_cookie(program, person):
    answer = asked(made(program, person))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert {*answer["Cache-Control"].split(", ")} == {"private", "max-age=3600"}
    assert not answer.cookies


def test_a_new_address_ends_the_old_one(program, person):
    old, new = made(program, person), made(program, person)
    assert [asked(token).status_code for token in (old, new)] == [404, 200]


def test_an_ended_address_opens_nothing(program, person):
    token = made(program, person)
    with clinic_scope(program.clinic_id):
        assert end_feed(patient=program.patient, by=person, at=BEFORE)
        assert not end_feed(patient=program.patient, by=person, at=BEFORE)
    assert asked(token).status_code == 404


def test_a_forged_address_and_one_of_another_kind_open_nothing(program, person):
    token = made(program, person)
    for wrong in (token[:-1] + "~", "x", Links("invitation").new(program.clinic_id)[0]):
        assert asked(wrong).status_code == 404


def test_only_the_hash_of_an_address_is_kept(program, person):
    token = made(program, person)
    with clinic_scope(program.clinic_id):
        row = CalendarFeed.objects.values().get()
    assert token not in str(row)
    assert re.fullmatch("[0-9a-f]{64}", row["token_hash"])


def test_making_and_ending_are_on_record(program, phone):
    for do in ("open", "stop", "stop"):
        phone.post(PAGE, {"do": do})
    found = AuditEvent.objects.filter(route="feed:settings").order_by("id")
    assert [event.verbs for event in found] == [["open_feed"], ["end_feed"]]
    assert [event.patient_ids for event in found] == [[program.patient_id]] * 2


def test_the_address_is_shown_once(phone):
    page = phone.post(PAGE, {"do": "open"}).content.decode()
    link = re.search(r'<p class="code">([^<]+)</p>', page)[1]
    assert f'href="webcal://{link.partition("//")[2]}"' in page
    assert asked(link.rpartition("/")[2].removesuffix(".ics")).status_code == 200
    later = phone.get(PAGE).content.decode()
    assert "Your address works since 23 November 2026." in later
    assert link not in later


def test_the_page_stops_the_address(phone):
    phone.post(PAGE, {"do": "open"})
    assert phone.post(PAGE, {"do": "stop"})["Location"] == PAGE
    page = phone.get(PAGE).content.decode()
    assert "Make a private address" in page
    assert "Stop this address" not in page


def test_a_post_that_asks_for_nothing_changes_nothing(program, phone):
    assert phone.post(PAGE).status_code == 200
    with clinic_scope(program.clinic_id):
        assert not CalendarFeed.objects.exists()


def test_the_settings_lead_to_the_page(phone):
    assert f'href="{PAGE}"' in phone.get("/settings/").content.decode()
