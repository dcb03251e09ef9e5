"""After a restore nothing is sent a second time, and what comes later is."""

from datetime import timedelta

import pytest

from reminders.services.restoring import pass_over
from tests.reminders.scenes import BEFORE, DUE, a_program, plan, planned, send, the_message

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])


def test_what_was_due_since_the_backup_is_passed_over_and_says_so(mail):
    program = a_program()
    plan(BEFORE)
    assert pass_over(now=DUE + timedelta(minutes=5)) == 1
    send(the_message(program), DUE + timedelta(minutes=5))
    row = the_message(program)
    assert (row.state, row.reason, mail.taken) == ("unknown", "restored", [])


def test_what_was_planned_already_is_passed_over(mail):
    program = a_program()
    planned(program)
    assert pass_over(now=DUE) == 1
    assert the_message(program).state == "unknown"


def test_what_comes_later_is_sent(mail):
    program = a_program()
    plan(BEFORE)
    pass_over(now=BEFORE)
    plan(DUE)
    assert send(the_message(program)) == 1
