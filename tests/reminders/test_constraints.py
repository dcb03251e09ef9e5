"""Each rule that the database holds about reminders, broken once."""

from uuid import UUID

import pytest

from accounts.models import User
from reminders.models import Heartbeat, Occurrence, Schedule
from tests.broken import DAY, NOW, Broken, once, twice

pytestmark = pytest.mark.django_db
URGENT = {"kind": "urgent", "recipient": User, "subject": UUID(int=1)}
BROKEN = [
    twice("one_schedule_per_slot", Schedule),
    once("idle_schedule_is_not_due", Schedule, active=False, next_on=DAY, next_due_at=NOW),
    once("schedule_day_with_instant", Schedule, next_on=DAY),
    once("schedule_day_with_instant", Schedule, next_due_at=NOW),
    twice("one_message_per_slot", Occurrence),
    twice("one_message_per_recipient", Occurrence, **URGENT),
    once("recipient_has_a_subject", Occurrence, kind="urgent", recipient=User),
    once("message_of_use_after_due", Occurrence, not_after=NOW),
    once("held_message_has_a_token", Occurrence, state="leased"),
    once("held_message_has_a_token", Occurrence, token=UUID(int=1), leased_until=NOW),
    twice("one_heartbeat_per_name", Heartbeat),
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_database_refuses_it(broken: Broken) -> None:
    broken.try_it()
