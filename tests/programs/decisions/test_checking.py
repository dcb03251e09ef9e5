"""The nightly check of the queues finds what was lost, names it and puts it right."""

from datetime import datetime
from uuid import uuid4

import pytest

from programs.decisions import services
from programs.models import QueueCount, QueueRow, Signal
from tests.factories import clinician_for
from tests.programs.people import DAY, Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(now: datetime) -> Person:
    """In the queue with a flare."""
    maya = make_person(now)
    maya.train(now, pain=6)
    return maya


def test_where_all_is_as_it_should_be_nothing_is_found(maya: Person, now: datetime) -> None:
    assert services.check_queues(now=now) == 0


def test_a_signal_that_was_lost_is_named_and_written_again(
    maya: Person, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with maya.scope():
        Signal.objects.all().delete()
    assert services.check_queues(now=now) == 1
    assert f"program {maya.program.id} has [], should have ['flare']" in caplog.text
    assert [row.kind for row in maya.all(Signal)] == ["flare"]
    assert services.check_queues(now=now) == 0


def test_a_line_that_differs_is_named_and_put_right(
    maya: Person, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with maya.scope():
        QueueRow.objects.update(name="Nobody")
    assert services.check_queues(now=now) == 1
    assert str(maya.patient.id) in caplog.text
    assert [row.name for row in maya.all(QueueRow)] == [maya.patient.name]


def test_a_line_that_is_missing_comes_back(maya: Person, now: datetime) -> None:
    with maya.scope():
        QueueRow.objects.all().delete()
    assert services.check_queues(now=now) == 1
    assert len(maya.all(QueueRow)) == 1


def test_a_line_of_a_cover_that_is_over_is_no_difference(maya: Person, now: datetime) -> None:
    with maya.scope():
        line = QueueRow.objects.get()
        line.id, line.user_id = uuid4(), clinician_for(clinic=maya.clinic).user_id
        line.until = now - 9000 * DAY
        line.save(force_insert=True)
    assert services.check_queues(now=now) == 0


def test_a_wrong_count_is_put_right(maya: Person, now: datetime) -> None:
    with maya.scope():
        QueueCount.objects.update(flare=7)
    assert services.check_queues(now=now) == 1
    assert sum(row.flare for row in maya.all(QueueCount)) == 1
    assert services.check_queues(now=now) == 0
