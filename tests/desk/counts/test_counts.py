"""The clinic's counts: right by hand, no patient to be told from them, safe in a spreadsheet."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Clinic, User
from accounts.roles import Role
from desk.counts import cells, telling
from desk.counts.cells import Counts, hidden, summed
from desk.counts.reading import counts_of
from programs.decisions.answering import accept_proposal
from programs.models import Decision
from tests.conftest import NOW
from tests.desk.test_pages import Browser, look, post, queries, sign_in, until_proposed
from tests.factories import MembershipFactory
from tests.programs.people import DAY, Person, make_person

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
LAST = date(2026, 12, 31)


def people(name: str, number: int) -> frozenset[str]:
    return frozenset(f"{name} {each}" for each in range(number))


def month(**patients: int) -> dict[cells.Who, Counts]:
    return {(name, ""): Counts(people(name, number)) for name, number in patients.items()}


@pytest.mark.parametrize(
    ("patients", "gone"),
    [
        ({"ana": 5, "bo": 9}, ""),
        ({"ana": 4, "bo": 9, "cy": 20}, "ana bo"),
        ({"ana": 1, "bo": 2, "cy": 20}, "ana bo cy"),
        ({"ana": 4, "bo": 4, "cy": 20}, "ana bo"),
        ({"ana": 4}, "ana"),
        ({}, ""),
    ],
)
def test_a_small_row_goes_with_what_would_give_it_away(patients: dict[str, int], gone: str) -> None:
    assert {name for name, _id in hidden(month(**patients))} == set(gone.split())


def test_a_row_left_out_says_only_that_there_are_few() -> None:
    rows = telling.as_table({NOVEMBER: month(ana=4, bo=9, cy=20)}).rows
    assert [row[:3] for row in rows] == [
        ("2026-11", "ana", "under 5"),
        ("2026-11", "bo", "under 5"),
        ("2026-11", "cy", 20),
        ("2026-11", "all", 33),
    ]
    assert rows[0][3:] == (None,) * 9


def test_a_month_of_few_patients_has_no_total_either() -> None:
    assert {row.counts for row in telling.rows_of({NOVEMBER: month(ana=2, bo=2)})} == {None}


def test_sums_and_medians_are_over_every_session() -> None:
    one = Counts(people("a", 2), due=4, done=3, pains=(1, 5), hours=(2.0,))
    both = summed(
        [one, Counts(people("b", 1), due=2, done=2, pains=(2,), hours=(4.0, 9.0), raised=1)]
    )
    assert (both.patients, both.adherence, both.pain, both.highest) == (3, 83, 2, 5)
    assert (both.answered_after, both.raised) == (4.0, 1)


def test_a_patient_of_two_clinicians_is_one_in_the_total() -> None:
    two = {("ana", ""): people("x", 4), ("bo", ""): people("x", 4)}
    rows = {NOVEMBER: {who: Counts(whom) for who, whom in two.items()}}
    assert summed(rows[NOVEMBER].values()).patients == 4
    assert {row.counts for row in telling.rows_of(rows)} == {None}


def test_rows_left_out_hold_as_many_different_patients_as_a_row_must() -> None:
    same, bigger = Counts(people("x", 4)), Counts(people("y", 9))
    gone = hidden({("ana", ""): same, ("bo", ""): same, ("cy", ""): bigger})
    assert {name for name, _id in gone} == {"ana", "bo", "cy"}


@pytest.fixture
def person() -> Person:
    return make_person(NOW)


def counted(person: Person, today: date) -> dict[date, Counts]:
    with person.scope():
        clinic = Clinic.objects.get(id=person.clinic.id)
        found = counts_of(clinic, NOVEMBER, LAST, today)
    return {month: summed(rows.values()) for month, rows in found.items()}


@pytest.mark.django_db
def test_sessions_due_and_done_and_their_pain_by_month(person: Person) -> None:
    person.train(NOW, pain=2)
    person.train(NOW + 2 * DAY, pain=5)
    person.train(NOW + 9 * DAY, pain=3)  # 2 December
    found = counted(person, date(2026, 12, 4))
    november, december = found[NOVEMBER], found[DECEMBER]
    assert (november.patients, november.due, november.done) == (1, 8, 2)
    assert (november.pain, november.highest) == (3.5, 5)
    assert (december.due, december.done, december.pains) == (3, 1, (3,))


@pytest.mark.django_db
def test_doses_that_rose_and_the_hours_until_a_proposal_was_answered(person: Person) -> None:
    at = until_proposed(person)
    with person.scope():
        proposal = Decision.objects.open_proposals().latest("at")
        raised = Decision.objects.changes().filter(kind="progress").count()
        later = proposal.at + timedelta(hours=5)
        accept_proposal(decision=proposal, by=person.clinician, at=later)
    found = summed(counted(person, at.date() + 30 * DAY).values())
    assert found.raised == raised + 1
    assert [round(hours, 2) for hours in found.hours] == [5]


def owner_of(person: Person) -> Browser:
    user: User = MembershipFactory.create(clinic=person.clinic, role=Role.OWNER).user
    return sign_in(user_id=user.id)


def crowd(person: Person, monkeypatch: pytest.MonkeyPatch, name: str = "Ines Larkspur") -> None:
    """A clinic small enough for a test, whose rows are shown all the same."""
    for module in (cells, telling):
        monkeypatch.setattr(module, "SMALL", 1)
    monkeypatch.setattr(telling, "hidden", lambda rows: set())
    User.objects.filter(id=person.clinician.user_id).update(name=name)


@pytest.mark.django_db
def test_the_page_shows_clinicians_and_no_patient(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(person, monkeypatch)
    person.train(NOW)
    page = look(owner_of(person), "counts:page", at=NOW + DAY).content.decode()
    assert "Ines Larkspur" in page
    assert "1 / 1" in page
    assert person.patient.name not in page


@pytest.mark.django_db
def test_the_file_is_on_record_and_runs_no_formula(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(person, monkeypatch, name="=cmd|' /C calc'!A0")
    answer = look(owner_of(person), "counts:file", at=NOW + DAY, first="2026-11", last="2026-11")
    head, row, total = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:4] == ["month", "clinician", "patients", "sessions_due"]
    assert row[:3] == ["2026-11", "'=cmd|' /C calc'!A0", "1"]
    assert total[1] == "all"
    event = AuditEvent.objects.get(kind="export")
    assert (event.verbs, event.patient_ids) == (["export_counts"], [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"first": "2026-11", "last": "2026-10"}, "Not before the first one"),
        ({"first": "2024-01", "last": "2026-10"}, "At most 24 months"),
        ({"first": "November", "last": "2026-10"}, "A year and a month"),
        ({"first": "9999-12", "last": "9999-12"}, "A year and a month"),
        ({"first": "0001-01", "last": "0001-01"}, "A year and a month"),
    ],
)
def test_a_period_that_can_not_be_is_refused_beside_its_field(
    person: Person, asked: dict[str, str], wrong: str
) -> None:
    answer = look(owner_of(person), "counts:page", **asked)
    assert answer.status_code == 422
    assert wrong in answer.content.decode()


@pytest.mark.django_db
def test_the_page_costs_the_same_for_any_number_of_patients(person: Person) -> None:
    owner = owner_of(person)
    few = queries(owner, "counts:page")
    for _ in range(2):
        make_person(NOW, beside=person).train(NOW)
    assert queries(owner, "counts:page", at=NOW + DAY) == few <= 10


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["counts:page", "counts:file"])
def test_only_this_clinics_owner_sees_them_and_nobody_posts(
    person: Person, page: str, client: Client
) -> None:
    assert look(sign_in(person), page).status_code == 403
    assert post(owner_of(person), page).status_code == 405
    stranger: Any = MembershipFactory.create(role=Role.OWNER, user__name="Olga").user
    client.force_login(stranger)
    assert "Ines" not in client.get(reverse(page)).content.decode()


@pytest.mark.django_db
def test_another_clinics_sessions_are_not_counted(person: Person) -> None:
    make_person(NOW).train(NOW)
    found = counted(person, date(2026, 12, 4))
    assert (found[NOVEMBER].patients, found[NOVEMBER].done) == (1, 0)
