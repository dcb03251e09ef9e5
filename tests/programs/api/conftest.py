from datetime import datetime

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from tests.programs.api.calls import signed_in
from tests.programs.people import Person, make_person


@pytest.fixture(autouse=True)
def _today(time_machine: TimeMachineFixture, now: datetime) -> None:
    time_machine.move_to(now, tick=False)


@pytest.fixture
def maya(now: datetime) -> Person:
    return make_person(now)


@pytest.fixture
def phone(maya: Person) -> Client:
    return signed_in(maya.actor)
