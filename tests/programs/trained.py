"""Somebody who has trained for a while, made once a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import time_machine

from tests.conftest import NOW
from tests.lasting import lasting
from tests.programs.people import Person, make_person


@contextmanager
def trained_for(blocker: Any, sessions: int) -> Iterator[tuple[Person, datetime]]:
    """At the top of the first step after so many calm sessions, and the next free day."""

    def make() -> tuple[Person, datetime]:
        person = make_person(NOW, sets=3, reps=12)
        return person, person.train_for(NOW, sessions)

    with time_machine.travel(NOW, tick=False), lasting(blocker, make) as made:
        yield made
