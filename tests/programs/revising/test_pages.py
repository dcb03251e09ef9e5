"""An exercise's newer text: compared, taken into a running program, or left."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from exercises.models import Revision
from programs.decisions import services as decisions
from programs.models import PrescriptionStep, Signal
from programs.revising.services import NotAcceptable, accept_revision
from tests.desk.test_pages import NOW, Browser, look, post, queries, sign_in
from tests.factories import clinician_for
from tests.programs.people import Person, make_person

pytestmark = pytest.mark.django_db
COMPARE, ACCEPT = "programs:revision-compare", "programs:revision-accept"


@pytest.fixture
def maya() -> Person:
    return make_person(NOW)


def publish(maya: Person, *, resisted: bool = False) -> Revision:
    """A revision of the first exercise with another summary and another figure; the queue knows."""
    with maya.scope():
        old = maya.prescription.steps.all()[0].revision
    body = {code: words | {"summary": "Heel up, slowly."} for code, words in old.body.items()}
    made = Revision.objects.create(
        exercise=old.exercise,
        number=old.number + 1,
        body=body,
        figure=old.figure | {"range_deg": 40},
        resisted=resisted,
        state="published",
        published_at=NOW,
    )
    decisions.tick_programs(now=NOW)
    return made


@pytest.fixture
def newer(maya: Person) -> Revision:
    return publish(maya)


@pytest.fixture
def desk(maya: Person) -> Browser:
    return sign_in(maya)


def pinned(maya: Person, revision: Revision) -> int:
    with maya.scope():
        return PrescriptionStep.objects.filter(revision=revision).count()


def test_the_queue_leads_to_what_differs(maya: Person, newer: Revision, desk: Browser) -> None:
    compare = reverse(COMPARE, args=[maya.patient.id])
    assert compare in look(desk, "desk:caseload").content.decode()
    (told,) = look(desk, COMPARE, maya.patient.id).context["exercises"]
    assert [each.label for each in told.differences] == ["Summary"]
    assert "<ins>Heel up, slowly.</ins>" in told.differences[0].words
    assert len(set(told.pictures)) == 2


def test_taking_it_pins_it_and_empties_the_queue(
    maya: Person, newer: Revision, desk: Browser
) -> None:
    for expected in ("The patient reads the new text", "has that text already"):
        post(desk, ACCEPT, maya.program.id, newer.id)
        page = look(desk, COMPARE, maya.patient.id).content.decode()
        assert expected in page
        assert "Every exercise has its newest text." in page
        assert pinned(maya, newer) == 1
    assert not maya.all(Signal)
    verbs = AuditEvent.objects.filter(verbs__contains=["accept_revision"])
    assert verbs.count() == 1


def test_a_text_that_stands_no_more_is_refused(
    maya: Person, newer: Revision, desk: Browser
) -> None:
    Revision.objects.filter(pk=newer.pk).update(state="retired", retired_at=NOW)
    answer = post(desk, ACCEPT, maya.program.id, newer.id)
    assert answer.status_code == 302
    assert pinned(maya, newer) == 0


def test_resistance_waits_for_its_day(maya: Person) -> None:
    newer = publish(maya, resisted=True)
    with maya.scope():
        maya.patient.graft, maya.patient.resisted_not_before = "hamstring", NOW.date()
        maya.patient.save()
        given: dict[str, Any] = {"program": maya.program, "revision": newer, "by": maya.clinician}
        with pytest.raises(NotAcceptable, match="still to come"):
            accept_revision(**given, at=NOW - timedelta(days=2))
        assert accept_revision(**given, at=NOW)
        assert PrescriptionStep.objects.get(revision=newer).resisted


def test_a_program_that_is_over_keeps_its_text(maya: Person, newer: Revision) -> None:
    with maya.scope():
        maya.program.status = "ended"
        maya.program.save()
        with pytest.raises(NotAcceptable, match="over"):
            accept_revision(program=maya.program, revision=newer, by=maya.clinician, at=NOW)
    assert pinned(maya, newer) == 0


def test_comparing_reads_little(maya: Person, newer: Revision, desk: Browser) -> None:
    assert queries(desk, COMPARE, maya.patient.id) <= 10


def test_a_colleague_off_the_team_is_refused(maya: Person, newer: Revision) -> None:
    stranger = sign_in(user_id=clinician_for(clinic=maya.clinic).user_id)
    assert look(stranger, COMPARE, maya.patient.id).status_code == 403
    assert post(stranger, ACCEPT, maya.program.id, newer.id).status_code == 403
    assert look(stranger, ACCEPT, maya.program.id, newer.id).status_code == 405
