"""Two real connections at once: what must be one row is one row."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from programs.decisions import services as decisions
from programs.logging import services
from programs.logging.cards import next_card
from programs.logging.entries import as_planned
from programs.models import Answer, Decision, DoseVersion, Session, SetLog
from tests.programs.people import Person, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(person: Person, *acts: Callable[[], Any]) -> list[Any]:
    """Run each act on a connection of its own, all starting together; errors are results."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            with person.scope():
                gate.wait(timeout=10)
                return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_connections_log_one_set(now: datetime) -> None:
    maya = make_person(now)
    session = maya.start(now)
    with maya.scope():
        session = Session.objects.select_related("program").get(id=session.id)
        entry = as_planned(next_card(services.load_progress(session)))

    def log(reps: int) -> Any:
        told = replace(entry, reps=reps)
        return services.log_set(session=session, entry=told, by=maya.actor, at=now)

    results = at_once(maya, lambda: log(8), lambda: log(6))
    rows = maya.all(SetLog)
    assert len(rows) == 1
    assert {each.row.id for each in results} == {rows[0].id}
    assert sorted(each.first for each in results) == [False, True]


def test_two_tabs_start_one_session(now: datetime) -> None:
    maya = make_person(now)

    def start() -> Session:
        return services.start_session(program=maya.program, by=maya.actor, at=now)

    first, second = at_once(maya, start, start)
    assert first.id == second.id
    assert len(maya.all(Session)) == 1


def test_two_clinicians_accept_once(now: datetime) -> None:
    maya = make_person(now, sets=3, reps=12)
    later = maya.train_for(now, 2)
    with maya.scope():
        row = Decision.objects.get(side="left", approval="propose")

    def accept() -> Answer:
        return decisions.accept_proposal(decision=row, by=maya.clinician, at=later)

    results = at_once(maya, accept, accept)
    assert sorted(type(each).__name__ for each in results) == ["Answer", "Answered"]
    assert len([each for each in maya.all(DoseVersion) if each.side == "left"]) == 2


def test_a_finish_in_two_tabs_decides_once(now: datetime) -> None:
    maya = make_person(now)
    session = maya.start(now)
    while maya.log(session, now):
        pass
    with maya.scope():
        session = Session.objects.select_related("program").get(id=session.id)
        services.report_pain(
            session=session, prescription=maya.prescription.id, pain=7, by=maya.actor, at=now
        )

    def finish() -> None:
        own = Session.objects.select_related("program").get(id=session.id)
        services.finish_session(session=own, effort=5, by=maya.actor, at=now)

    assert at_once(maya, finish, finish) == [None, None]
    assert [row.trigger for row in maya.all(Decision)] == ["session.end"] * 2
