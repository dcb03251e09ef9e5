"""The list of patients by name, and the search: an index of each clinician's own."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import connection

from accounts.prepared import prepared
from accounts.scope import clinic_scope
from bench import scale
from desk import statements
from patients.caseload_database import DIFFERING
from patients.models import CareLink, CaseloadRow, Patient
from programs.decisions import services
from tests.conftest import NOW
from tests.desk.test_pages import Browser, look, post, sign_in
from tests.factories import CareLinkFactory, PatientFactory, clinician_for
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person(NOW)


def treat(person: Person, *names: str) -> list[Patient]:
    """Patients of these names, all of the person's clinician."""
    found = [PatientFactory.create(clinic=person.clinic, name=name) for name in names]
    for each in found:
        CareLinkFactory.create(patient=each, user_id=person.clinician.user_id)
    return found


def found(client: Browser, name: str) -> list[str]:
    return [row.name for row in post(client, "desk:patient-list", name=name).context["people"].rows]


def walks(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Where a plan reads the rows of the page."""
    if node.get("Alias") == "r":
        yield node | {"Plans": ()}
    for each in node.get("Plans", ()):
        yield from walks(each)


def differing(person: Person) -> list[object]:
    """Patients whose rows are not as the database would write them now."""
    with clinic_scope(person.clinic.id), connection.cursor() as cursor:
        ids = list(Patient.objects.values_list("id", flat=True))
        cursor.execute(DIFFERING, {"patients": ids})
        return list(cursor.fetchall())


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("jose", "José Peña"),
        ("PEÑA", "José Peña"),
        ("pena", "José Peña"),
        ("  marie   o", "Anne-Marie O'Neill"),
        ("anne-m", "Anne-Marie O'Neill"),
        ("oneill", "Anne-Marie O'Neill"),
        ("o’n", "Anne-Marie O'Neill"),
        ("oneill anne", "Anne-Marie O'Neill"),
        ("Peña, José", "José Peña"),
    ],
)
def test_a_name_is_found_by_the_beginning_of_its_words(
    person: Person, words: str, name: str
) -> None:
    treat(person, "José Peña", "Anne-Marie O'Neill")
    assert found(sign_in(person), words) == [name]


@pytest.mark.parametrize("words", ["ose", "pena ose", "jose x", "%", "jose_"])
def test_what_no_word_begins_with_finds_nothing(person: Person, words: str) -> None:
    treat(person, "José Peña")
    assert found(sign_in(person), words) == []


def test_who_is_found_by_two_words_stands_there_once(person: Person) -> None:
    treat(person, "Zoe Zander", "Abe Zorn")
    assert found(sign_in(person), "z") == ["Zoe Zander", "Abe Zorn"]


def test_a_search_goes_on_where_its_page_ended(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.queries.PAGE", 2)
    treat(person, "Zoe Aa", "Bea Zz", "Zoe Zander", "Zoe Cc", "Nobody Else")
    client, names, after = sign_in(person), list[str](), ""
    for _page in range(2):
        page = post(client, "desk:patient-list", name="z", after=after).context["people"]
        names, after = names + [row.name for row in page.rows], page.last
    assert names == ["Zoe Aa", "Zoe Cc", "Zoe Zander", "Bea Zz"]
    assert after == ""


@pytest.mark.parametrize("name", ["", "zoe"])
def test_behind_the_last_one_the_list_begins_anew(person: Person, name: str) -> None:
    (last,) = treat(person, "Zoe Zander")
    page = post(sign_in(person), "desk:patient-list", name=name, after=str(last.id))
    assert page.context["people"].rows[-1].name == "Zoe Zander"


def test_the_list_is_in_the_order_of_names_without_marks(person: Person) -> None:
    treat(person, "zoe", "Émile", "Adam", "Zed")
    rows = look(sign_in(person), "desk:patient-list").context["people"].rows
    assert [row.name for row in rows if row.name != person.patient.name] == [
        "Adam",
        "Émile",
        "Zed",
        "zoe",
    ]


def test_a_colleague_finds_nobody_whom_they_do_not_treat(person: Person) -> None:
    other = sign_in(user_id=clinician_for(clinic=person.clinic).user_id)
    assert found(other, person.patient.name[:3]) == []


def test_another_name_and_another_team_are_followed(person: Person) -> None:
    (patient,) = treat(person, "Old Name")
    with clinic_scope(person.clinic.id):
        Patient.objects.filter(id=patient.id).update(name="New Words Here")
        assert CaseloadRow.objects.filter(patient=patient).count() == 3
        CareLink.objects.filter(patient=patient).update(until=NOW - DAY)
        assert not CaseloadRow.objects.filter(patient=patient).exists()
        CareLink.objects.filter(patient=patient).update(until=None)
        assert CaseloadRow.objects.filter(patient=patient).count() == 3
        CareLink.objects.filter(patient=patient).delete()
        assert not CaseloadRow.objects.filter(patient=patient).exists()
    assert not differing(person)


def test_a_cover_that_is_over_is_not_shown_and_is_tidied(person: Person) -> None:
    treat(person, "Zoe Zander")
    with clinic_scope(person.clinic.id):
        CaseloadRow.objects.filter(name="zoe zander").update(until=NOW - 9000 * DAY)
    assert found(sign_in(person), "zoe") == []
    services.tidy_queues()
    with clinic_scope(person.clinic.id):
        assert not CaseloadRow.objects.filter(name="zoe zander").exists()


def test_a_cover_that_is_over_is_no_difference(person: Person) -> None:
    services.check_queues(now=NOW)
    with clinic_scope(person.clinic.id):
        mate = clinician_for(clinic=person.clinic).user_id
        over = {"user_id": mate, "name": "p", "until": NOW - 9000 * DAY}
        CaseloadRow.objects.create(clinic=person.clinic, patient=person.patient, key="p", **over)
    assert services.check_queues(now=NOW) == 0


def test_the_nightly_check_puts_a_wrong_row_right(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    treat(person, "Zoe Zander")
    services.check_queues(now=NOW)
    with clinic_scope(person.clinic.id):
        CaseloadRow.objects.filter(key="zander").delete()
    assert services.check_queues(now=NOW) == 1
    assert "caseload rows" in caplog.text
    assert found(sign_in(person), "zander") == ["Zoe Zander"]


@pytest.mark.parametrize("page", [statements.BY_NAME, statements.BY_WORD])
def test_a_page_is_read_from_its_place_on_and_no_further(person: Person, page: str) -> None:
    """Sorting is off, as a planner that knows of a hundred rows only would rather sort them."""
    patients = treat(person, *(f"Zoe Zander {number:03}" for number in range(100)))
    given = {"clinic": person.clinic.id, "user": person.clinician.user_id, "sought": "zander"}
    given |= {"others": ["zoe"], "after": patients[70].id, "most": 5}
    with person.scope(), prepared() as cursor:
        cursor.execute("set local enable_sort = off")
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(f"explain (analyze, format json) {page}", given)
        ((plan,),) = cursor.fetchall()
    assert [scale.rows_of(each) for each in walks(plan[0]["Plan"])] == [5]
