"""The clinician's pages on real rows: what they show, who is refused, what they cost."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from programs.decisions.services import report_red_flag
from programs.models import Decision, Signal
from tests.conftest import NOW
from tests.factories import CareLinkFactory, PatientFactory, clinician_for
from tests.lasting import lasting
from tests.programs.people import Person, make_person

pytestmark = pytest.mark.django_db
FREE = ("set_config", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


class Browser(Client):
    """A client whose session is as fresh as the moment it looks."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.user = user

    def ask(self, method: str, address: str, at: datetime, data: dict[str, Any]) -> Any:
        with time_machine.travel(at, tick=False):
            self.force_login(
                self.user, backend="allauth.account.auth_backends.AuthenticationBackend"
            )
            return getattr(self, method)(address, data)


def sign_in(person: Person | None = None, user_id: Any = None) -> Browser:
    return Browser(User.objects.get(id=user_id or (person and person.clinician.user_id)))


@pytest.fixture
def person() -> Person:
    return make_person(NOW)


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Person, datetime]]:
    """Six calm sessions: the reps have risen, and nothing is open."""

    def make() -> tuple[Person, datetime]:
        person = make_person(NOW)
        return person, person.train_for(NOW, 6)

    with lasting(django_db_blocker, make) as made:
        yield made


@pytest.fixture
def trained(lived: tuple[Person, datetime]) -> tuple[Person, datetime]:
    return deepcopy(lived)


def look(client: Browser, page: str, *args: Any, at: datetime = NOW, **data: Any) -> Any:
    return client.ask("get", reverse(page, args=args), at, data)


def post(client: Browser, page: str, *args: Any, at: datetime = NOW, **data: Any) -> Any:
    return client.ask("post", reverse(page, args=args), at, data)


def queries(client: Browser, page: str, *args: Any, at: datetime = NOW) -> int:
    look(client, page, *args, at=at)
    with time_machine.travel(at, tick=False), CaptureQueriesContext(connection) as seen:
        client.get(reverse(page, args=args))
    return len([one for one in seen if not any(word in one["sql"] for word in FREE)])


def test_an_empty_caseload_says_what_to_do_next() -> None:
    client = sign_in(user_id=clinician_for().user_id)
    page = look(client, "desk:caseload").content.decode()
    assert "No patients yet" in page
    assert reverse("patients:patient-create") in page


def test_the_list_shows_each_patient_with_their_dose(trained: Any) -> None:
    person, at = trained
    page = look(sign_in(person), "desk:patient-list", at=at).content.decode()
    assert person.patient.name in page
    assert "each leg" in page


def test_a_proposal_can_be_accepted_from_its_row(person: Person) -> None:
    at = until_proposed(person)
    page = look(sign_in(person), "desk:caseload", at=at).content.decode()
    decision = person.all(Decision)[-1]
    assert reverse("programs:decision-accept", args=[decision.id]) in page
    assert "Rule “Next step”" in page


def test_a_locked_program_stands_first(person: Person) -> None:
    flag(person)
    page = look(sign_in(person), "desk:caseload")
    groups = page.context["page"].groups
    assert [group.kind for group in groups] == ["locked"]
    assert "calf" in groups[0].rows[0].change.before


def test_a_kind_can_be_chosen(person: Person) -> None:
    flag(person)
    page = look(sign_in(person), "desk:caseload", kind="silent")
    assert page.context["page"].groups == ()


def test_a_colleagues_patient_is_not_on_my_caseload(person: Person) -> None:
    other = clinician_for(clinic=person.clinic)
    assert (
        person.patient.name
        not in look(sign_in(user_id=other.user_id), "desk:caseload").content.decode()
    )


def test_looking_is_on_record(person: Person) -> None:
    look(sign_in(person), "desk:patient-detail", person.patient.id)
    seen = AuditEvent.objects.filter(kind="read", route="desk:patient-detail").get()
    assert seen.patient_ids == [person.patient.id]


def test_the_story_shows_dose_pain_and_why(trained: Any) -> None:
    person, at = trained
    response = look(sign_in(person), "desk:patient-detail", person.patient.id, at=at)
    page = response.context["page"]
    assert 'class="chart"' in page.chart
    assert [made.kind for made in page.made if made.kind == "up"]
    assert any("2 sessions running, all logged" in made.reason for made in page.made)
    assert page.numbers.count("<tr") == 1 + 12


def test_only_the_decision_that_made_the_dose_can_be_undone(trained: Any) -> None:
    person, at = trained
    page = look(sign_in(person), "desk:patient-detail", person.patient.id, at=at).context["page"]
    assert [made for made in page.made if made.undo_url] == [page.made[0]]


def test_legs_that_did_the_same_are_told_as_one(trained: Any) -> None:
    person, at = trained
    page = look(sign_in(person), "desk:patient-detail", person.patient.id, at=at).context["page"]
    assert {made.title for made in page.made} == {"More, both legs"}


def test_the_queue_costs_the_same_for_more_rows(person: Person) -> None:
    flag(person)
    client = sign_in(person)
    before = queries(client, "desk:caseload")
    for _ in range(3):
        other = make_person(NOW)
        flag(other)
        CareLinkFactory.create(patient=other.patient, user_id=person.clinician.user_id)
    assert queries(client, "desk:caseload") == before


def test_a_locked_patient_can_be_cleared_from_their_page(person: Person) -> None:
    flag(person)
    page = look(sign_in(person), "desk:patient-detail", person.patient.id).content.decode()
    assert reverse("programs:program-clear", args=[person.program.id]) in page
    assert "Locked after a red flag" in page


def test_a_patient_without_a_program_can_be_prescribed_for() -> None:
    patient = PatientFactory.create()
    client = sign_in(user_id=clinician_for(patient).user_id)
    page = look(client, "desk:patient-detail", patient.id).content.decode()
    assert reverse("programs:program-assign", args=[patient.id]) in page


def test_a_paused_program_can_be_resumed_and_ended(person: Person) -> None:
    client = sign_in(person)
    post(client, "programs:program-pause", person.program.id, reason="away")
    page = look(client, "desk:patient-detail", person.patient.id).content.decode()
    assert reverse("programs:program-resume", args=[person.program.id]) in page
    post(client, "programs:program-end", person.program.id)
    page = look(client, "desk:patient-detail", person.patient.id).content.decode()
    assert reverse("programs:program-assign", args=[person.patient.id]) in page


def test_ending_asks_for_nothing_and_pausing_for_a_reason(person: Person) -> None:
    page = look(sign_in(person), "desk:patient-detail", person.patient.id).content.decode()
    end = reverse("programs:program-end", args=[person.program.id])
    form = page.split(f'action="{end}"')[1].split("</form>")[0]
    assert "<label" not in form
    assert "End the program" in form
    assert '<label for="id_pause_reason">' in page


def test_a_pause_without_a_reason_comes_back_with_the_error_at_its_field(person: Person) -> None:
    answer = post(sign_in(person), "programs:program-pause", person.program.id)
    assert answer.status_code == 422
    assert '<p class="error" id="id_reason_error">Say why the program pauses.' in (
        answer.content.decode()
    )


def test_a_stranger_of_the_clinic_is_refused(person: Person) -> None:
    other = sign_in(user_id=clinician_for(clinic=person.clinic).user_id)
    assert look(other, "desk:patient-detail", person.patient.id).status_code == 403


def test_a_stranger_of_another_clinic_finds_nothing(person: Person) -> None:
    other = sign_in(user_id=clinician_for().user_id)
    assert look(other, "desk:patient-detail", person.patient.id).status_code == 404


@pytest.mark.parametrize("name", ["desk:caseload", "desk:patient-list"])
def test_patients_never_see_the_desk(person: Person, name: str) -> None:
    assert look(sign_in(user_id=person.actor.user_id), name).status_code == 403


def test_a_search_is_posted_so_that_no_name_is_in_an_address(person: Person) -> None:
    client = sign_in(person)
    found = post(client, "desk:patient-list", name=person.patient.name[:5])
    assert [row.name for row in found.context["people"].rows] == [person.patient.name]
    none = post(client, "desk:patient-list", name="zzz")
    assert none.context["people"].rows == ()


def test_the_next_page_goes_on_by_name(person: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr("desk.queries.PAGE", 2)
    for name in ("Aa", "Bb", "Cc", "Dd"):
        row = PatientFactory.create(clinic=person.clinic, name=name)
        CareLinkFactory.create(patient=row, user_id=person.clinician.user_id)
    client = sign_in(person)
    first = look(client, "desk:patient-list").context["people"]
    after = first.next_url.partition("after=")[2]
    second = look(client, "desk:patient-list", after=after).context["people"]
    assert [row.name for row in (*first.rows, *second.rows)] == ["Aa", "Bb", "Cc", "Dd"]


def test_the_queue_goes_on_where_its_page_ended(person: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr("desk.waiting.PAGE", 2)
    waits(person, "silent", "flare", "stuck")
    client = sign_in(person)
    first = look(client, "desk:caseload").context["page"]
    after = parse_qs(first.next_url.partition("?")[2])["after"][0]
    second = look(client, "desk:caseload", after=after).context["page"]
    assert [group.kind for group in first.groups] == ["flare", "stuck"]
    assert [group.kind for group in second.groups] == ["silent"]
    assert [tab.count for tab in second.tabs] == [3, 1, 1, 1]
    assert second.next_url == ""


def test_a_place_that_is_none_shows_the_queue_from_its_start(person: Person) -> None:
    flag(person)
    page = look(sign_in(person), "desk:caseload", after="2_then_there").context["page"]
    assert [row.name for group in page.groups for row in group.rows] == [person.patient.name]


def test_pages_cost_ten_queries_however_long_the_history(trained: Any) -> None:
    person, at = trained
    client = sign_in(person)
    assert queries(client, "desk:caseload", at=at) <= 10
    assert queries(client, "desk:patient-list", at=at) <= 10
    assert queries(client, "desk:patient-detail", person.patient.id, at=at) <= 10


def test_the_caseload_costs_the_same_for_more_patients(person: Person) -> None:
    client = sign_in(person)
    before = queries(client, "desk:caseload")
    for _ in range(5):
        row = PatientFactory.create(clinic=person.clinic)
        CareLinkFactory.create(patient=row, user_id=person.clinician.user_id)
    assert queries(client, "desk:caseload") == before


def flag(person: Person) -> None:
    with person.scope():
        report_red_flag(program=person.program, flag="calf", by=person.actor, at=NOW)


def waits(person: Person, *kinds: str) -> None:
    program, patient = person.program, person.patient
    with person.scope():
        for kind in kinds:
            Signal.objects.create(
                clinic=person.clinic, patient=patient, program=program, kind=kind, since=NOW
            )


def until_proposed(person: Person) -> datetime:
    at = NOW
    for _ in range(20):
        at = person.train_for(at, 2)
        with person.scope():
            if Signal.objects.filter(kind="ready").exists():
                return at
    raise AssertionError("nothing was proposed")
