"""A patient's own data: complete, theirs alone, safe to open, and on record."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, User
from desk.mine.files import as_csv
from desk.mine.tables import Table, tables_of
from desk.models import Contact, Episode, TimeEntry
from patients.models import Consent, Message, Patient, PatientAccess
from programs.models import (
    CheckIn,
    Decision,
    DoseVersion,
    PainReport,
    Program,
    Session,
    SessionReport,
    SetLog,
)
from reminders.models import Kind, Occurrence
from tests.desk.monitoring.given import watched
from tests.factories import PatientAccessFactory
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db
FILES = ("tables.zip", "data.json", "read/")
ROWS = {
    "accesses": PatientAccess,
    "consents": Consent,
    "programs": Program,
    "doses": DoseVersion,
    "sessions": Session,
    "sets": SetLog,
    "pain": PainReport,
    "effort": SessionReport,
    "check_ins": CheckIn,
    "decisions": Decision,
    "messages": Message,
    "reminders": Occurrence,
    "monitoring": Episode,
    "monitoring_time": TimeEntry,
    "contacts": Contact,
}


@pytest.fixture
def maya() -> Person:
    """Ten days of training, a message, a reminder, a consent; beside a stranger with as much."""
    start = timezone.now() - 10 * DAY
    lived(make_person(start), "stranger")
    return lived(make_person(start), "=1+1 hello")


def lived(person: Person, words: str) -> Person:
    at = person.program.assigned_at + DAY
    person.train_for(at, 3)
    own: dict[str, Any] = {"clinic": person.clinic, "patient": person.patient}
    with person.scope():
        Consent.objects.create(**own, kind="care", wording="test", language="en", given_at=at)
        Message.objects.create(
            **own, author_id=person.actor.user_id, from_patient=True, body=words, key=uuid4(), at=at
        )
        Occurrence.objects.create(
            **own,
            program=person.program,
            kind=Kind.SESSION_DUE,
            local_date=at.date(),
            due_at=at,
            not_before=at,
            not_after=at + timedelta(hours=3),
        )
        watched(person.patient, person.clinician, at)
    return person


@pytest.fixture
def phone(client: Client, maya: Person) -> Client:
    client.force_login(User.objects.get(id=maya.actor.user_id))
    return client


def told(phone: Client) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(phone.get("/settings/data/data.json").content)
    return answer


def own_rows(person: Person, model: Any) -> int:
    """How many rows of this model are of this person's clinic, where nobody else is."""
    return len(person.all(model))


def test_every_row_is_in_it(phone: Client, maya: Person) -> None:
    found = told(phone)
    assert {name: len(found[name]) for name in ROWS} == {
        name: own_rows(maya, model) for name, model in ROWS.items()
    }
    assert all(found[name] for name in ROWS)


def test_a_set_says_what_its_row_says(phone: Client, maya: Person) -> None:
    row = maya.all(SetLog)[0]
    found = [each for each in told(phone)["sets"] if each["session_id"] == str(row.session_id)]
    mine = next(each for each in found if (each["side"], each["number"]) == (row.side, row.number))
    assert (mine["reps"], mine["effort"], mine["revision"]) == (row.reps, row.effort, 0)
    assert mine["exercise"] == "Standing curl, small lift"


def test_decisions_come_with_their_reasons(phone: Client) -> None:
    changes = [each for each in told(phone)["decisions"] if each["kind"] == "progress"]
    assert changes
    assert all("more" in each["said"] or "instead" in each["said"] for each in changes)


def test_nothing_of_another_patient_is_in_it(maya: Person) -> None:
    other = PatientAccessFactory.create(patient__clinic=maya.clinic, patient__name="Zyx Canary")
    with maya.scope():
        Message.objects.create(
            clinic=maya.clinic,
            patient=other.patient,
            author_id=other.user_id,
            from_patient=True,
            body="Zyx said this",
            key=uuid4(),
            at=timezone.now(),
        )
        everything = [row for table in tables_of(maya.patient) for row in table.rows]
    assert "Zyx" not in str(everything)
    assert "stranger" not in str(everything)


def test_the_archive_holds_the_same_tables(phone: Client) -> None:
    packed = phone.get("/settings/data/tables.zip").content
    found = told(phone)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for name in ROWS:
            text = archive.read(f"{name}.csv").decode("utf-8-sig")
            rows = list(csv.DictReader(io.StringIO(text)))
            assert [list(row) for row in rows] == [list(row) for row in found[name]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    table = Table("t", "t", ("body",), [(f"{start}HYPERLINK(1)",)], {})
    row = list(csv.reader(io.StringIO(as_csv(table).removeprefix("\ufeff"), newline="")))[1]
    assert row == [f"'{start}HYPERLINK(1)"]


def test_a_number_stays_a_number() -> None:
    table = Table("t", "t", ("a", "b", "c"), [(-1, None, True)], {})
    assert as_csv(table).splitlines()[1] == "-1,,true"


@pytest.mark.parametrize("file", FILES)
def test_each_way_is_an_export_on_record_and_kept_nowhere(
    phone: Client, maya: Person, file: str
) -> None:
    answer = phone.get(f"/settings/data/{file}")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    event = AuditEvent.objects.get(kind="export")
    assert (event.actor_id, event.patient_ids) == (maya.actor.user_id, [maya.patient.id])


@pytest.mark.parametrize("file", ["", *FILES])
def test_only_a_signed_in_patient_and_only_by_looking(
    client: Client, maya: Person, file: str
) -> None:
    assert client.get(f"/settings/data/{file}")["Location"].startswith("/sign-in/")
    client.force_login(User.objects.get(id=maya.clinician.user_id))
    assert client.get(f"/settings/data/{file}").status_code == 403
    client.force_login(User.objects.get(id=maya.actor.user_id))
    assert client.post(f"/settings/data/{file}").status_code == 405


def test_the_page_reads_in_the_patients_words(phone: Client, maya: Person) -> None:
    with maya.scope():
        Patient.objects.filter(id=maya.patient.id).update(equipment=["ball"])
    page = phone.get("/settings/data/read/").content.decode()
    for said in ("exercise ball", "=1+1 hello", "left", "keeping my training records"):
        assert said in page
    assert str(maya.program.id) not in page


def test_the_page_has_a_name_for_every_column(maya: Person) -> None:
    from desk.mine.reading import section

    with maya.scope():
        sections = [section(table, "UTC") for table in tables_of(maya.patient)]
    assert all(len(row) == len(each.heads) for each in sections for row in each.rows)
