"""A program of several exercises: assigned, trained from the phone's page to the next morning."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from exercises.searching import find_exercise
from patients.models import Equipment
from programs.logging import services as logging
from programs.models import Decision, DoseVersion, Prescription, Session, SetLog
from programs.prescribing.exercises import library_plan
from programs.prescribing.plan import load_source, unchanged
from tests.factories import patient_actor
from tests.programs.people import DAY, Person
from tests.programs.prescribing.given import desk

pytestmark = pytest.mark.django_db
SLUGS = ("heel-slide", "bridge", "standing-curl-band")


@pytest.fixture
def maya(now: datetime, clock: Any) -> Person:
    """On the bridge, the heel slide and the band, every day from today on."""
    given = desk("from-nothing", equipment=Equipment.values)
    with given.scope():
        template = given.source.template
        plans = [library_plan(found) for each in SLUGS if (found := _found(each))]
        template.body |= {"prescriptions": plans}
        given.source = load_source(template=template)
        plan = unchanged(given.source, start_on=now.date())
        program = given.assign(replace(plan, weekdays=tuple(range(7))))
        first = program.prescriptions.get(position=0)
    actor = patient_actor(given.patient)
    return Person(given.patient.clinic, given.patient, actor, given.by, program, first)


def _found(slug: str) -> Any:
    return find_exercise("hamstring-curl", slug)


def train(person: Person, at: datetime, pains: dict[int, int]) -> None:
    """A session with its morning; the pain by the exercise's place, else 1."""
    session = person.start(at)
    with person.scope():
        session = Session.objects.select_related("program").get(id=session.id)
        rows = list(person.program.prescriptions.order_by("position"))
    for row in rows:
        while person.log(session, at):
            pass
        with person.scope():
            pain = pains.get(row.position, 1)
            told: dict[str, Any] = {"pain": pain, "place": "knee_front" if pain > 3 else ""}
            told |= {"prescription": row.id, "by": person.actor, "at": at}
            logging.report_pain(session=session, **told)
    with person.scope():
        logging.finish_session(session=session, effort=5, by=person.actor, at=at)
    person.wake(session, at + DAY)


def reps(person: Person) -> list[int]:
    with person.scope():
        rows = DoseVersion.objects.filter(side="left").current()
        ordered = Prescription.objects.in_bulk()
        known = {ordered[row.prescription_id].position: row.reps for row in rows}
    return [known[place] for place in range(len(SLUGS))]


def test_today_shows_each_exercise_in_its_order(client: Client, maya: Person) -> None:
    client.force_login(User.objects.get(id=maya.actor.user_id))
    page = client.get("/today/").content.decode()
    names = ("Heel slide", "Bridge on two legs", "Standing curl with a band")
    places = [page.index(name) for name in names]
    assert places == sorted(places)


def test_a_session_goes_through_every_exercise(maya: Person, now: datetime) -> None:
    train(maya, now, {})
    with maya.scope():
        places = SetLog.objects.values_list("prescription__position", flat=True)
        assert Counter(places) == {0: 4, 1: 2, 2: 4}


def test_each_exercise_is_decided_for_itself(maya: Person, now: datetime) -> None:
    train(maya, now, {0: 5})
    train(maya, now + 2 * DAY, {0: 5})
    assert reps(maya) == [8, 10, 10]
    decided = {row.prescription_id for row in maya.all(Decision)}
    assert len(decided) == len(SLUGS)
