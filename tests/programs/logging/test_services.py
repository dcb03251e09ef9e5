from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from programs.logging import services
from programs.logging.cards import next_card
from programs.logging.entries import Refused
from programs.models import Session, SetLog
from tests.programs.people import DAY, Person, make_person, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya(now: datetime) -> Person:
    return make_person(now)


def test_starting_twice_opens_one_session(maya: Person, now: datetime) -> None:
    first, second = maya.start(now), maya.start(now + timedelta(minutes=5))
    assert first.id == second.id
    assert first.planned_sets == 4
