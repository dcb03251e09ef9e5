"""Statements a page may cost, with session, person, scope, row security and audit."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from programs.models import Decision
from tests.programs.people import DAY, Person
from tests.programs.trained import trained_for

pytestmark = pytest.mark.django_db
FREE = ("SAVEPOINT", "RELEASE", "ROLLBACK TO", "BEGIN", "COMMIT", "select set_config")


@pytest.fixture(scope="module")
def trained(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Person, datetime]]:
    """Someone at the top of the first step with five sessions behind them, due today."""
    with trained_for(django_db_blocker, 5) as made:
        yield made


@pytest.fixture
def maya(trained: tuple[Person, datetime], clock: Any) -> Person:
    clock.move_to(trained[1])
    return deepcopy(trained[0])


@pytest.fixture
def phone(client: Client, maya: Person) -> Client:
    client.force_login(User.objects.get(id=maya.actor.user_id))
    client.get("/today/")
    return client


def statements(ask: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        response = ask()
    assert response.status_code < 400
    told = [each["sql"] for each in caught.captured_queries]
    return [sql for sql in told if not sql.startswith(FREE)]


def form(person: Person, side: str = "left", number: int = 1) -> dict[str, Any]:
    dose = person.dose(side)
    told = {"prescription": person.prescription.id, "side": side, "number": number}
    return told | {"dose": dose.id, "reps": dose.reps}


def test_pages_cost_ten_statements_at_most(phone: Client, maya: Person) -> None:
    session = str(phone.post("/sessions/start/").headers["Location"])
    with maya.scope():
        why = Decision.objects.changes().first()
    paths = ["/today/", session, "/progress/", f"{session}hurts/"]
    paths += [f"/decisions/{why.id}/"] if why else []
    counted = {path: len(statements(lambda path=path: phone.get(path))) for path in paths}
    assert max(counted.values()) <= 10, counted


def test_logging_a_set_costs_ten_statements_at_most(phone: Client, maya: Person) -> None:
    url = str(phone.post("/sessions/start/").headers["Location"])
    told = form(maya)
    asked = statements(lambda: phone.post(f"{url}sets/", told, headers={"HX-Request": "true"}))
    assert len(asked) <= 10, "\n".join(asked)


def test_the_end_of_a_session_costs_sixteen_at_most(phone: Client, maya: Person) -> None:
    url = str(phone.post("/sessions/start/").headers["Location"])
    for number in (1, 2, 3):
        for side in ("left", "right"):
            phone.post(f"{url}sets/", form(maya, side, number))
    phone.post(f"{url}pain/", {"prescription": maya.prescription.id, "pain": 7})
    asked = statements(lambda: phone.post(f"{url}finish/", {"effort": 5}))
    assert len(asked) <= 16, "\n".join(each[:150] for each in asked)


def test_a_morning_costs_sixteen_at_most(phone: Client, maya: Person, clock: Any) -> None:
    url = str(phone.post("/sessions/start/").headers["Location"])
    maya.train(timezone.now())
    clock.shift(DAY)
    asked = statements(lambda: phone.post(f"{url}check-in/", {"feel": "same"}))
    assert len(asked) <= 16, "\n".join(each[:150] for each in asked)
