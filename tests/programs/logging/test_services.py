from datetime import datetime, timedelta

import pytest

from tests.programs.people import Person, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(now: datetime) -> Person:
    return make_person(now)


def test_starting_twice_opens_one_session(maya: Person, now: datetime) -> None:
    first, second = maya.start(now), maya.start(now + timedelta(minutes=5))
    assert first.id == second.id
    assert first.planned_sets == 4
