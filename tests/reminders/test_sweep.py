"""What dead workers held comes back; what the queue lost is woken."""

from datetime import timedelta
from uuid import uuid4

import pytest

from reminders.models import Occurrence
from tests.reminders.scenes import DUE, a_program, planned, sweep, the_message

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])


def hold(message, state, **values):
    Occurrence.objects.using("planner").filter(id=message.id).update(
        state=state, token=uuid4(), leased_until=DUE + timedelta(seconds=20), **values
    )


def after(seconds):
    return DUE + timedelta(seconds=seconds)


def test_a_lease_that_holds_is_left_alone():
    program = a_program()
    hold(planned(program), "leased")
    assert sweep(after(19)) == []
    assert the_message(program).state == "leased"


def test_a_lease_that_ran_out_goes_back_and_is_woken_at_once():
    program = a_program()
    message = planned(program)
    hold(message, "leased")
    assert sweep(after(20)) == [message.id]
    row = the_message(program)
    assert (row.state, row.token, row.repeats) == ("planned", None, 0)


def test_an_email_stuck_while_sending_goes_out_again():
    program = a_program()
    message = planned(program)
    hold(message, "sending")
    assert sweep(after(20)) == [message.id]
    assert (the_message(program).state, the_message(program).repeats) == ("planned", 1)


def test_an_email_stuck_for_the_third_time_is_unknown_for_good():
    program = a_program()
    hold(planned(program), "sending", repeats=2)
    assert sweep(after(20)) == []
    assert (the_message(program).state, the_message(program).reason) == ("unknown", "no_answer")


def test_an_email_stuck_past_its_use_is_unknown():
    program = a_program()
    message = planned(program)
    hold(message, "sending", not_after=after(10))
    assert sweep(after(20)) == []
    assert the_message(program).state == "unknown"


def test_what_the_queue_lost_is_woken_after_half_a_minute():
    message = planned(a_program())
    assert sweep(after(29)) == []
    assert sweep(after(30)) == [message.id]
    assert sweep(after(31)) == []


def test_what_waits_for_its_time_is_not_woken():
    message = planned(a_program())
    Occurrence.objects.using("planner").update(enqueued_at=None, not_before=after(60))
    assert sweep(after(59)) == []
    assert sweep(after(60)) == [message.id]
