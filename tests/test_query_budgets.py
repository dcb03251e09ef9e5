"""What each page asks the database: within its budget, whatever the history and the caseload."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine

from accounts.access import POLICY, SIGNED_IN
from bench.budgets import BUDGETS
from bench.pages import Bench, Effort

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.urls("bench.urls")]
SHORT = Effort(weeks=3, patients=2, repeats=1, sessions=2, assignments=1)
PAGE = 10
LONG = Effort(weeks=6, patients=4, repeats=1, sessions=2, assignments=1)


@pytest.fixture(autouse=True)
def _reference(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Iterator[None]:
    monkeypatch.setitem(POLICY, "reference", SIGNED_IN)
    with time_machine.travel(now, tick=False):
        yield


def listed(asked: dict[str, list[str]]) -> str:
    """The statements by page, without their columns: for whoever has to find the one too many."""
    return "\n".join(
        f"{name}: {number} {re.sub(r'(?s)SELECT .*? FROM', 'SELECT FROM', statement)[:200]}"
        for name, statements in asked.items()
        for number, statement in enumerate(statements, start=1)
    )


def test_every_page_stays_within_its_queries() -> None:
    asked, most = Bench(LONG).statements(), {each.name: each.queries for each in BUDGETS}
    assert asked.keys() == most.keys()
    beyond = {name: found for name, found in asked.items() if len(found) > most[name]}
    assert not beyond, listed(beyond)


def test_no_page_asks_more_of_a_longer_history_or_caseload() -> None:
    """Those that decide write what they decide, which may be nothing: they are left out."""
    short, long = Bench(SHORT).statements(), Bench(LONG).statements()
    same = {each.name for each in BUDGETS if each.queries == PAGE}
    grown = {name: long[name] for name in same if len(long[name]) > len(short[name])}
    assert not grown, f"{listed({name: short[name] for name in grown})}\n\n{listed(grown)}"
