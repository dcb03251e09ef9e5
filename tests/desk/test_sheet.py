"""A returned sheet: typed in by the care team, whole or not at all, and marked as theirs."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from desk.handout.forms import SheetForm
from desk.handout.returned import read_sheet
from programs.logging.entries import Refused
from programs.logging.past import log_sheet
from programs.models import CheckIn, Decision, PainReport, Prescription, Program, Session, SetLog
from programs.prescribing.dosing import DoseWanted, change_dose
from tests.conftest import NOW
from tests.desk.test_pages import FREE, look, post, sign_in
from tests.factories import PatientFactory, clinician_for
from tests.programs.people import DAY, Person, logs_of, make_person

pytestmark = pytest.mark.django_db
LATER = NOW + 5 * DAY  # Saturday 28
DAYS = ("20261123", "20261124", "20261125", "20261126", "20261127", "20261128")
SIX = {f"{day}-1-done": "on" for day in DAYS} | {f"{day}-1-pain": "1" for day in DAYS}


@pytest.fixture
def person() -> Person:
    """Five days into the program, nothing logged."""
    return make_person(NOW)


def page(person: Person, at: datetime = LATER, **asked: Any) -> str:
    answer = look(sign_in(person), "handout:enter", person.patient.id, at=at, **asked)
    return str(answer.content.decode())


def send(person: Person, told: dict[str, Any], at: datetime = LATER) -> Any:
    return post(sign_in(person), "handout:enter", person.patient.id, at=at, **told)


def said(person: Person, told: dict[str, Any]) -> str:
    """What the page says once it has been sent, and followed on."""
    client = sign_in(person)
    answer = post(client, "handout:enter", person.patient.id, at=LATER, **told)
    with time_machine.travel(LATER, tick=False):
        return str(client.get(answer.url).content.decode())


def test_the_patients_page_leads_there_while_the_program_is_active(person: Person) -> None:
    client, link = sign_in(person), reverse("handout:enter", args=[person.patient.id])
    assert link in look(client, "desk:patient-detail", person.patient.id).content.decode()
    with person.scope():
        Program.objects.update(status="locked")
    assert link not in look(client, "desk:patient-detail", person.patient.id).content.decode()
    assert look(client, "handout:enter", person.patient.id).url.endswith(f"{person.patient.id}/")


def test_each_due_day_up_to_today_has_a_line_oldest_first(person: Person) -> None:
    with person.scope():
        Program.objects.update(weekdays=[0, 2, 5])
    found = page(person)
    places = [found.index(f'name="{day}-1-done"') for day in ("20261123", "20261125", "20261128")]
    assert places == sorted(places)
    assert "20261124-1-done" not in found
    assert "2\u00a0×\u00a08" in found


def test_six_days_are_stored_as_entered_by_staff(person: Person) -> None:
    answer = send(person, SIX)
    assert answer.url == reverse("desk:patient-detail", args=[person.patient.id])
    found = {(row.source, row.local_date.day) for row in person.all(Session)}
    assert found == {("staff", day) for day in range(23, 29)}
    assert all(row.finished_at <= LATER for row in person.all(Session))
    assert [row.reps for row in logs_of(person)] == [8] * 24
    assert [row.pain for row in person.all(PainReport)] == [1] * 6
    event = AuditEvent.objects.filter(verbs__contains=["enter_sheet"]).latest("id")
    assert (event.actor_id, event.patient_ids) == (person.clinician.user_id, [person.patient.id])


def test_sent_twice_each_day_is_stored_once(person: Person) -> None:
    send(person, SIX)
    assert "6 days had a session already" in said(person, SIX | {"20261123-1-sets0": "1"})
    assert len(person.all(Session)) == 6
    assert {row.reps for row in logs_of(person)} == {8}


def test_a_day_that_has_a_session_is_shown_and_keeps_it(person: Person) -> None:
    session = person.train(NOW)
    found = page(person)
    assert "has a session, same day" in found
    assert "20261123-1-done" not in found
    assert "5 sessions saved" in said(person, SIX)
    with person.scope():
        assert Session.objects.get(local_date=session.local_date).source == "live"


def test_only_what_differs_is_typed(person: Person) -> None:
    told = {"20261123-1-done": "on", "20261123-1-sets0": "1", "20261123-1-reps1": "6"}
    send(person, told | {"20261124-1-sets1": "2"})
    with person.scope():
        rows = SetLog.objects.order_by("session__local_date", "side", "number")
        reps = list(rows.values_list("reps", flat=True))
    assert reps == [8, 0, 6, 6, 0, 0, 8, 8]


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"20261128-1-pain": "11"}, "20261128-1-pain"),
        ({"20261128-1-sets0": "3"}, "20261128-1-sets0"),
        ({"20261128-1-reps1": "x"}, "20261128-1-reps1"),
        ({"20261128-1-done": "", "20261128-1-pain": "4"}, "20261128-1-done"),
    ],
)
def test_a_fault_stands_beside_its_day_and_nothing_is_saved(
    person: Person, told: dict[str, str], place: str
) -> None:
    answer = send(person, SIX | told)
    found = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{place}_error"' in found
    assert f'href="#id_{place}"' in found
    assert f'name="{DAYS[0]}-1-done" id="id_{DAYS[0]}-1-done" checked' in found
    assert not person.all(Session)


def test_an_empty_sheet_asks_for_a_day(person: Person) -> None:
    answer = send(person, {})
    assert answer.status_code == 422
    assert "Tick a day that was trained." in answer.content.decode()


def test_pain_on_any_of_its_days_lowers_from_now_on(person: Person) -> None:
    with person.scope():
        row = Prescription.objects.select_related("program__patient").get()
        wanted = DoseWanted(step=0, sets=2, reps=10, reason="strong")
        for side in ("left", "right"):
            change_dose(prescription=row, side=side, wanted=wanted, by=person.clinician, at=NOW)
    send(person, SIX | {"20261124-1-pain": "7"})
    late = [row for row in person.all(Decision) if row.trigger == "correction"]
    ids = [str(row.id) for row in sorted(person.all(Session), key=lambda row: row.local_date)]
    assert {tuple(row.trace["caused_by"]) for row in late} == {tuple(ids)}
    assert (person.dose("left").reps, person.dose("right").reps) == (8, 8)


def test_calm_days_never_raise_the_dose(person: Person) -> None:
    send(person, SIX)
    for session in person.all(Session):
        person.wake(session, LATER + DAY)
    assert len(person.all(CheckIn)) == 6
    assert person.dose().reps == 8


def test_an_older_sheet_is_entered_under_the_dose_it_shows(person: Person) -> None:
    old = person.dose()
    with person.scope():
        row = Prescription.objects.select_related("program__patient").get()
        wanted = DoseWanted(step=0, sets=3, reps=10, reason="strong")
        at = LATER - timedelta(hours=2)
        change_dose(prescription=row, side="left", wanted=wanted, by=person.clinician, at=at)
    assert "20261127-1-done" not in page(person)
    assert "20261127-1-done" in page(person, version=1)
    send(person, SIX | {"version": 1})
    assert {row.dose_id for row in logs_of(person) if row.side == "left"} == {old.id}


def test_a_sheet_holds_eighteen_days_from_its_first_or_the_newest(person: Person) -> None:
    at = NOW + 40 * DAY
    with person.scope():
        program = Program.objects.select_related("patient").get()
        newest = read_sheet(program, None, None, at)
        older = read_sheet(program, 1, date(2026, 11, 25), at)
    assert (len(newest.rows), newest.rows[-1].slot.local_date) == (18, at.date())
    assert (len(older.rows), older.first) == (18, date(2026, 11, 25))
    assert "20261125-1-done" in page(person, at, version=1, first="2026-11-25")
    assert "20261222-1-done" in page(person, at, version="x", first="y")


def test_a_day_that_was_not_due_is_refused_by_the_service(person: Person) -> None:
    with person.scope(), time_machine.travel(LATER, tick=False):
        sheet = read_sheet(Program.objects.select_related("patient").get(), 1, None, LATER)
        form = SheetForm(sheet, SIX)
        assert form.is_valid()
        with pytest.raises(Refused):
            log_sheet(program=person.program, sessions=form.told(), by=person.clinician, at=NOW)
        with pytest.raises(PermissionDenied):
            log_sheet(program=person.program, sessions=form.told(), by=person.actor, at=LATER)
    assert not person.all(SetLog)


def test_the_record_and_the_desk_say_who_entered_it(person: Person) -> None:
    assert "by staff" in said(person, SIX)
    copied = look(sign_in(person), "desk:patient-text", person.patient.id, at=LATER)
    assert "effort –, by staff" in copied.content.decode()
    phone = sign_in(user_id=person.actor.user_id)
    (session, *_rest) = person.all(Session)
    record = look(phone, "programs:session-record", session.id, at=LATER).content.decode()
    assert "· entered by staff" in record
    progress = look(phone, "programs:progress", at=LATER).content.decode()
    assert "by staff</td>" in progress
    assert 'class="k-staff"' in progress


def asked(person: Person, told: dict[str, Any] | None) -> int:
    """How many statements the page, or the whole of its form, costs."""
    client = sign_in(person)
    with CaptureQueriesContext(connection) as seen:
        if told is None:
            look(client, "handout:enter", person.patient.id, at=LATER)
        else:
            post(client, "handout:enter", person.patient.id, at=LATER, **told)
    own = [q["sql"] for q in seen if not any(word in q["sql"] for word in FREE)]
    return len([sql for sql in own if "django_session" not in sql and "last_login" not in sql])


def test_its_statements_are_few_and_the_same_for_one_day_and_for_six(person: Person) -> None:
    other = make_person(NOW)
    one = {name: value for name, value in SIX.items() if name.startswith(DAYS[0])}
    assert asked(person, None) <= 10
    assert asked(person, one) == asked(other, SIX)


def test_a_stranger_enters_nothing(person: Person) -> None:
    stranger = clinician_for(PatientFactory.create())
    client = sign_in(user_id=stranger.user_id)
    answer = post(client, "handout:enter", person.patient.id, at=LATER, **SIX)
    assert answer.status_code == 404
    assert not person.all(Session)
