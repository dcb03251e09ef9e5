"""The page of remote monitoring and its report: what they count, what they say, who is refused."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import AuditEvent
from desk.models import Contact, Episode, TimeEntry, Timer
from desk.monitoring.forms import EpisodeForm, TimeForm
from desk.paper import as_pdf
from programs.models import Program
from tests.conftest import NOW
from tests.desk.monitoring.test_services import MINUTE, by_hand, monitored
from tests.desk.test_pages import look, post, queries, sign_in
from tests.factories import PatientFactory, clinician_for
from tests.programs import people
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db
PAGE, LATER = "monitoring:page", NOW + 3 * DAY
STARTS = {
    "consent_on": "2026-11-22",
    "consent_way": "spoken",
    "started_on": "2026-11-23",
    "taught_on": "",
    "taught_way": "",
}
CALL = {"day": "2026-11-23", "time": "09:10", "method": "phone", "outcome": "patient"}
WORK = {"day": "2026-11-23", "start": "08:00", "end": "08:12", "activity": "review"}


@pytest.fixture
def person() -> Person:
    return make_person(NOW)


def send(person: Person, page: str, at: Any = NOW, query: str = "", **data: Any) -> Any:
    return sign_in(person).ask("post", address(person, page) + query, at, data)


def address(person: Person, page: str) -> str:
    return reverse(f"monitoring:{page}", args=[person.patient.id])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def shown(person: Person, at: Any = NOW) -> str:
    return text(look(sign_in(person), PAGE, person.patient.id, at=at))


def test_a_patient_is_monitored_from_the_consent_on(person: Person) -> None:
    assert "not monitored" in shown(person)
    for _ in range(2):
        assert send(person, "episode", **STARTS).status_code == 302
    (row,) = person.all(Episode)
    assert (row.consent_way, row.taught_on, row.software) == ("spoken", None, "Flexion 0.1.0")
    assert "Note the education session" in shown(person)


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("consent_on", "2026-11-24", "still to come"),
        ("started_on", "2026-11-21", "Not before the consent"),
        ("taught_on", "2026-11-23", "Say how it was held"),
        ("consent_way", "", "required"),
    ],
)
def test_a_start_that_can_not_be_is_refused_beside_its_field(
    person: Person, name: str, value: str, wrong: str
) -> None:
    answer = send(person, "episode", **STARTS | {name: value})
    assert answer.status_code == 422
    assert wrong in text(answer)
    assert person.all(Episode) == []


@pytest.mark.parametrize(
    ("started_on", "wrong"), [("2024-11-22", {"started_on"}), ("2024-11-23", set())]
)
def test_monitoring_began_two_years_ago_at_most(started_on: str, wrong: set[str]) -> None:
    data = STARTS | {"started_on": started_on, "consent_on": "2024-11-01"}
    assert set(EpisodeForm(NOW.date(), data).errors) == wrong


def test_the_education_session_may_come_later_and_monitoring_ends(person: Person) -> None:
    monitored(person, taught_on=None, taught_way="")
    send(person, "episode", taught_on="2026-11-23", taught_way="video")
    send(person, "episode", at=LATER, do="end")
    (row,) = person.all(Episode)
    assert (row.taught_way, row.ended_on) == ("video", LATER.date())


def test_the_page_counts_days_minutes_and_what_is_missing(person: Person) -> None:
    episode = monitored(person)
    by_hand(episode, person.clinician, NOW - timedelta(hours=1), 12)
    after = person.train_for(NOW, 2)
    page = shown(person, after)
    assert "data on <b>4 days</b> of 30" in page
    assert "12 days are missing" in page
    assert "no contact in real time" in page
    assert page.count(">reached<") == 2  # 98975 and 98985
    with person.scope():
        assert AuditEvent.objects.filter(kind="read", route=PAGE).count() == 1


def test_the_page_asks_no_more_than_ten_statements(person: Person) -> None:
    by_hand(monitored(person), person.clinician, NOW - timedelta(hours=1), 12)
    send(person, "contact", **CALL | {"time": "08:59"})
    assert queries(sign_in(person), PAGE, person.patient.id, at=LATER) <= 10


def test_the_timer_runs_from_press_to_press(person: Person) -> None:
    monitored(person)
    for do, minutes in (("start", 0), ("active", 4), ("active", 8), ("stop", 11)):
        told = {"activity": "review"} if do == "start" else {}
        assert send(person, "timer", at=NOW + minutes * MINUTE, do=do, **told).status_code == 302
    (row,) = person.all(TimeEntry)
    assert (row.seconds, row.by_hand, person.all(Timer)) == (660, False, [])
    assert "11:00" in shown(person, LATER)


def test_a_script_hears_whether_the_timer_still_runs(person: Person) -> None:
    monitored(person)
    tell = {"do": "active", "script": "1"}
    assert send(person, "timer", **tell).status_code == 205
    send(person, "timer", do="start", activity="talk")
    assert send(person, "timer", **tell).status_code == 204


def test_a_forgotten_timer_says_what_was_left_out(person: Person) -> None:
    monitored(person)
    send(person, "timer", do="start", activity="talk")
    answer = send(person, "timer", at=NOW + DAY, do="stop")
    told = [str(each) for each in get_messages(answer.wsgi_request)]
    assert told == ["Nothing was counted: no activity was seen. Add it by hand."]
    assert person.all(TimeEntry) == []


def test_time_by_hand_is_typed_and_put_right(person: Person) -> None:
    monitored(person)
    assert send(person, "time", **WORK).status_code == 302
    (row,) = person.all(TimeEntry)
    query = f"?entry={row.id}"
    stands = text(sign_in(person).ask("get", address(person, "time") + query, NOW, {}))
    assert 'name="end" value="08:12"' in stands
    assert send(person, "time", query=query, **WORK).status_code == 422  # without a reason
    send(person, "time", query=query, **WORK | {"end": "08:20", "reason": "call was longer"})
    page = shown(person)
    assert "<b>20 min</b>" in page
    assert "corrected: call was longer" in page


def timed(person: Person, start: timedelta, minutes: float, idle_s: int = 0) -> TimeEntry:
    """Since monitoring began at NOW: an entry as a timer leaves it."""
    with person.scope():
        return TimeEntry.objects.create(
            clinic=person.clinic,
            episode=Episode.objects.get(),
            by_id=person.clinician.user_id,
            activity="review",
            started_at=NOW + start,
            stopped_at=NOW + start + minutes * MINUTE,
            idle_s=idle_s,
            by_hand=False,
            at=LATER,
        )


def typed(person: Person, row: TimeEntry, **changed: str) -> TimeEntry:
    """The row that a correction leaves, of which the browser sends back what stood there."""
    at, query = NOW + 20 * DAY, f"?entry={row.id}"
    stands = text(sign_in(person).ask("get", address(person, "time") + query, at, {}))
    told = {
        name: re.findall(rf'name="{name}" value="([^"]+)"', stands)[0]
        for name in ("day", "start", "end")
    }
    data = {**told, "activity": "talk", "reason": "x", **changed}
    assert send(person, "time", at, query, **data).status_code == 302
    with person.scope():
        return TimeEntry.objects.get(replaces=row)


def instants(row: TimeEntry) -> tuple[Any, Any, int]:
    return row.started_at, row.stopped_at, row.idle_s


@pytest.mark.parametrize(
    ("start", "minutes", "idle_s"),
    [
        (timedelta(seconds=40), 19.5, 0),  # not 20 whole ones
        (timedelta(seconds=40), 30, 960),
        (timedelta(seconds=5), 0.5, 0),  # within one minute
        (timedelta(hours=14, minutes=50), 20, 0),  # over midnight
        (timedelta(), 300, 0),
    ],
)
@pytest.mark.parametrize("taken_back", ["", "on"])
def test_a_correction_leaves_the_time_that_nobody_typed(
    person: Person, start: timedelta, minutes: float, idle_s: int, taken_back: str
) -> None:
    monitored(person)
    row = timed(person, start, minutes, idle_s)
    after = typed(person, row, taken_back=taken_back)
    assert instants(after) == instants(row)
    assert after.taken_back == bool(taken_back)
    assert after.activity == ("review" if taken_back else "talk")


def test_a_new_end_leaves_the_start_to_the_second(person: Person) -> None:
    monitored(person)
    timed(person, timedelta(), 0.5)
    row = timed(person, timedelta(seconds=30), 30, idle_s=600)
    after = typed(person, row, end="09:20")
    assert instants(after) == (row.started_at, NOW + 20 * MINUTE, 0)


@pytest.mark.parametrize(
    ("day", "end", "wrong"),
    [("2026-11-01", "03:50", {"end"}), ("2026-11-02", "03:50", set())],
)
def test_four_hours_are_hours_that_passed(day: str, end: str, wrong: set[str]) -> None:
    data = {"day": day, "start": "00:10", "end": end, "activity": "talk"}
    assert set(TimeForm("America/New_York", NOW, data).errors) == wrong


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"end": "07:59"}, "Later than its start"),
        ({"end": "12:01"}, "still to come"),
        ({"start": "03:00", "end": "08:00"}, "At most 4 hours"),
        ({"activity": "sleep"}, "Select a valid choice"),
        ({"day": "2026-11-22"}, "Monitoring began on 23 Nov 2026"),
    ],
)
def test_time_that_can_not_be_is_refused(
    person: Person, changed: dict[str, str], wrong: str
) -> None:
    monitored(person)
    answer = send(person, "time", **WORK | changed)
    assert answer.status_code == 422
    assert wrong in text(answer)


def test_a_contact_is_noted_and_nobody_is_spoken_to_in_writing(person: Person) -> None:
    monitored(person)
    assert send(person, "contact", at=LATER, **CALL | {"method": "text"}).status_code == 422
    for _ in range(2):
        assert send(person, "contact", at=LATER, **CALL).status_code == 302
    assert len(person.all(Contact)) == 1
    assert "in real time" in shown(person, LATER)


def printed(person: Person, at: Any) -> dict[str, Any]:
    with patch("desk.monitoring.views.as_pdf", wraps=as_pdf) as made:
        answer = look(sign_in(person), "monitoring:report", person.patient.id, at=at)
    assert answer.content.startswith(b"%PDF")
    assert b"pdfuaid" in answer.content
    told: dict[str, Any] = made.call_args.args[1]
    return told


def test_the_report_holds_all_that_is_on_record(person: Person) -> None:
    monitored(person)
    send(person, "time", **WORK)
    send(person, "contact", at=LATER, **CALL)
    told = printed(person, person.train_for(NOW, 4))
    facts = dict(map(tuple, told["facts"]))
    assert facts["Software"] == "Flexion 0.1.0"
    assert facts["Consent"] == "23 Nov 2026, in writing"
    assert facts["Education session"].startswith("23 Nov 2026, in person, ")
    tables = {table["title"]: table["rows"] for table in told["tables"]}
    assert tables["Days with data"][0][1:] == ["8 days", "23, 24, 25, 26, 27, 28, 29, 30 Nov"]
    assert tables["Time spent"][0][:3] == [
        "23 Nov, 08:00 – 08:12",
        "12:00",
        "reading what the patient sent",
    ]
    assert tables["Contacts"][0][1:3] == ["in real time", "phone: spoke with the patient"]
    assert [row[1] for row in tables["Thresholds reached"]] == ["98975", "98985", "98979"]
    assert "98977" in {row[1] for row in tables["Thresholds not reached"]}
    assert tables["Decisions"]
    assert "checked for 2026" in told["note"]


def test_the_report_has_the_decisions_of_every_program_since_the_start(person: Person) -> None:
    monitored(person)
    after = person.train_for(NOW, 4)
    before = printed(person, after)["tables"][-1]["rows"]
    with person.scope():
        Program.objects.update(status=Program.Status.ENDED, end_on=after.date())
        people._program(person.patient, person.clinician, after + DAY)
    assert before
    assert printed(person, after + DAY)["tables"][-1]["rows"] == before


def test_the_report_judges_nothing(person: Person) -> None:
    monitored(person)
    told = str(printed(person, LATER)).lower()
    assert "a person judges" in told
    assert not [word for word in ("billable", "compliant", "eligible") if word in told]


def test_beyond_the_checked_year_the_report_says_so(person: Person) -> None:
    monitored(person)
    told = printed(person, NOW + timedelta(days=60))
    assert "The rule of 2027 was not held against them yet" in told["note"]


def test_without_an_episode_there_is_nothing_to_print_or_to_add(person: Person) -> None:
    assert look(sign_in(person), "monitoring:report", person.patient.id).status_code == 302
    assert send(person, "time", **WORK).status_code == 302
    assert person.all(TimeEntry) == []


@pytest.mark.parametrize("page", ["page", "episode", "time", "contact", "report", "timer"])
def test_a_stranger_and_a_wrong_method_are_refused(person: Person, page: str) -> None:
    stranger = sign_in(user_id=clinician_for(PatientFactory.create()).user_id)
    ask = post if page == "timer" else look
    assert ask(stranger, f"monitoring:{page}", person.patient.id).status_code == 404
    wrong = {"page": post, "report": post, "timer": look}
    if page in wrong:
        answer = wrong[page](sign_in(person), f"monitoring:{page}", person.patient.id)
        assert answer.status_code == 405


def test_a_colleagues_time_is_not_ones_own_to_correct(person: Person) -> None:
    row = by_hand(monitored(person), clinician_for(person.patient), NOW, 10)
    send(person, "time", query=f"?entry={row.id}", **WORK | {"reason": "x"})
    assert [each.replaces_id for each in person.all(TimeEntry)] == [None, None]
