"""The clinician's queue: kept by the database, worked through by key or click."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import AuditEvent
from desk.waiting import Wanted, queue_of, waiting_for
from patients.models import CareLink
from programs.decisions import services
from programs.models import Decision, QueueCount, QueueRow, Signal
from programs.prescribing.dosing import DoseWanted, change_dose
from tests.conftest import NOW
from tests.desk.test_pages import Browser, flag, look, post, sign_in, until_proposed, waits
from tests.factories import CareLinkFactory, clinician_for
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db
LOST = """
    select count(*) from queue_wanted((select array_agg(id) from patients_patient)) w
    full join programs_queuerow r on r.signal_id = w.signal_id and r.user_id = w.user_id
    where (w.facts, w.told, w.name, w.since, w.rank) is distinct from
        (r.facts, r.told, r.name, r.since, r.rank)"""


@pytest.fixture
def person() -> Person:
    return make_person(NOW)


def queue(person: Person, **wanted: Any) -> list[str]:
    with person.scope():
        return [row.kind for row in queue_of(person.clinician, Wanted(**wanted)).rows]


def count(person: Person, user: Any = None) -> int:
    with person.scope():
        return waiting_for(user or person.clinician)


def test_a_row_stands_in_the_queue_of_all_who_treat_and_of_nobody_else(person: Person) -> None:
    mate, stranger = clinician_for(person.patient), clinician_for(clinic=person.clinic)
    waits(person, "stuck")
    assert (count(person), count(person, mate), count(person, stranger)) == (1, 1, 0)


def test_who_joins_or_leaves_the_care_team_gets_or_loses_the_rows(person: Person) -> None:
    waits(person, "stuck", "unread")
    mate = clinician_for(person.patient)
    assert count(person, mate) == 2
    with person.scope():
        CareLink.objects.filter(user=mate.user_id).update(until=NOW - 9000 * DAY)
    assert count(person, mate) == 0


def test_a_cover_that_is_over_shows_nothing_and_is_tidied(person: Person) -> None:
    waits(person, "stuck")
    mate = clinician_for(clinic=person.clinic)
    CareLinkFactory.create(
        patient=person.patient,
        user_id=mate.user_id,
        kind="covering",
        reason="visit",
        until=NOW + 9000 * DAY,
    )
    with person.scope():
        QueueRow.objects.filter(user=mate.user_id).update(until=NOW - 9000 * DAY)
        assert queue_of(mate, Wanted()).rows == []
    services.tidy_queues()
    assert count(person, mate) == 0


def test_a_line_is_as_new_as_the_last_session(person: Person) -> None:
    person.train(NOW, pain=6)
    person.train(NOW + DAY, pain=7)
    page = look(sign_in(person), "desk:caseload", at=NOW + DAY).context["page"]
    assert "7</b>" in page.groups[0].rows[0].numbers
    with person.scope(), connection.cursor() as cursor:
        cursor.execute(LOST)
        assert cursor.fetchone() == (0,)


def test_another_name_is_the_name_in_the_queue(person: Person) -> None:
    waits(person, "stuck")
    with person.scope():
        person.patient.name = "Another Name"
        person.patient.save(update_fields=["name"])
        assert QueueRow.objects.get().name == "Another Name"


def test_what_is_counted_is_what_waits_and_adds_up_to_one_row(person: Person) -> None:
    waits(person, "stuck", "silent", "flare")
    with person.scope():
        Signal.objects.filter(kind="silent").delete()
        assert QueueCount.objects.count() > 1
    services.tidy_queues()
    with person.scope():
        assert QueueCount.objects.count() == 1
    assert count(person) == len(queue(person)) == 2


def test_the_filters_are_in_the_address(person: Person) -> None:
    waits(person, "silent", "flare")
    with person.scope():
        Signal.objects.filter(kind="silent").update(since=NOW - DAY)
    assert queue(person) == ["flare", "silent"]
    assert queue(person, order="oldest") == ["silent", "flare"]
    page = look(sign_in(person), "desk:caseload", kind="silent", order="oldest").context["page"]
    assert [group.kind for group in page.groups] == ["silent"]
    assert "kind=silent" in page.choices[0].url


def test_a_skip_puts_the_row_away_for_this_clinician_until_its_facts_change(
    person: Person,
) -> None:
    person.train(NOW, pain=6)
    mate, client = clinician_for(person.patient), sign_in(person)
    signal = person.all(Signal)[0]
    post(client, "programs:signal-skip", signal.id)
    assert (count(person), count(person, mate)) == (0, 1)
    assert queue(person, skipped=True) == ["flare"]
    assert AuditEvent.objects.filter(verbs__contains=["skip_signal"]).exists()
    person.train(NOW + DAY, pain=7)
    assert queue(person) == ["flare"]


def test_a_skip_can_be_taken_back_and_twice_is_once(person: Person) -> None:
    waits(person, "stuck")
    client, signal = sign_in(person), person.all(Signal)[0]
    for _ in range(2):
        post(client, "programs:signal-skip", signal.id)
    assert count(person) == 0
    post(client, "programs:signal-skip", signal.id, back="1")
    assert count(person) == 1


def test_a_stranger_skips_nothing(person: Person) -> None:
    waits(person, "stuck")
    other = sign_in(user_id=clinician_for(clinic=person.clinic).user_id)
    answer = post(other, "programs:signal-skip", person.all(Signal)[0].id)
    assert answer.status_code == 403


def test_several_are_accepted_and_one_with_a_newer_fact_is_left_out_by_name(
    person: Person,
) -> None:
    at = until_proposed(person)
    mine, client = proposed(person), sign_in(person)
    raised_by_hand(person, at)
    said = told(
        client, post(client, "programs:decisions-accept", at=at, decision=[*mine, "no"]), at
    )
    assert "Accepted 1. The patients see why." in said
    assert f"{person.patient.name} was left out. Something newer" in said


def test_two_clinicians_accept_one_proposal_and_the_second_is_told(person: Person) -> None:
    at = until_proposed(person)
    mate = sign_in(user_id=clinician_for(person.patient).user_id)
    mine, client = proposed(person), sign_in(person)
    first = post(client, "programs:decisions-accept", at=at, decision=mine)
    assert "Accepted" in told(client, first, at)
    second = post(mate, "programs:decisions-accept", at=at, decision=mine)
    said = told(mate, second, at)
    assert f"was left out. {person.clinician.name} was faster: accepted." in said


def test_an_accepted_proposal_can_be_undone_from_the_queue(person: Person) -> None:
    at = until_proposed(person)
    client, mine = sign_in(person), proposed(person)[0]
    home = reverse("desk:caseload")
    answer = post(client, "programs:decision-accept", mine, at=at, next=home)
    assert answer["Location"] == home
    assert reverse("programs:decision-undo", args=[mine]) in told(client, answer, at)
    post(client, "programs:decision-undo", mine, at=at + timedelta(minutes=1), reason="By mistake")
    assert [row.kind for row in person.all(Decision) if row.undoes_id] != []


def test_nothing_chosen_accepts_nothing(person: Person) -> None:
    client = sign_in(person)
    page = post(client, "programs:decisions-accept")
    assert "Choose at least one proposal." in told(client, page, NOW)


def test_a_locked_program_leads_to_the_patient(person: Person) -> None:
    flag(person)
    page = look(sign_in(person), "desk:caseload").content.decode()
    assert f'data-do="a" href="{reverse("desk:patient-detail", args=[person.patient.id])}"' in page


def proposed(person: Person) -> list[Any]:
    with person.scope():
        return [str(row.id) for row in Decision.objects.open_proposals()]


def raised_by_hand(person: Person, at: Any) -> None:
    """The left side's dose changes, so that its proposal is overtaken."""
    wanted = DoseWanted(step=0, sets=2, reps=9, reason="Felt easy")
    with person.scope():
        change_dose(
            prescription=person.prescription, side="left", wanted=wanted, by=person.clinician, at=at
        )


def told(client: Browser, answer: Any, at: Any) -> str:
    """What the page that follows says."""
    assert answer.status_code == 302
    return str(client.ask("get", answer["Location"], at, {}).content.decode())
