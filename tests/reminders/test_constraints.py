"""Each rule that the database holds about reminders, broken once."""

from uuid import UUID

import pytest

from accounts.models import User
from reminders.models import (
    CalendarFeed,
    DeadAddress,
    Device,
    Heartbeat,
    Occurrence,
    Receipt,
    Schedule,
)
from tests.broken import DAY, NOW, Broken, once, twice

pytestmark = pytest.mark.django_db
URGENT = {"kind": "urgent", "recipient": User, "subject": UUID(int=1)}
DIGEST = {"kind": "digest", "recipient": User, "patient": None, "program": None}
BROKEN = [
    twice("one_schedule_per_slot", Schedule),
    twice("one_schedule_per_recipient", Schedule, **DIGEST),
    once("schedule_of_patient_or_recipient", Schedule, recipient=User),
    once("schedule_of_patient_or_recipient", Schedule, program=None),
    once("idle_schedule_is_not_due", Schedule, active=False, next_on=DAY, next_due_at=NOW),
    once("schedule_day_with_instant", Schedule, next_on=DAY),
    once("schedule_day_with_instant", Schedule, next_due_at=NOW),
    twice("one_message_per_slot", Occurrence),
    twice("one_message_per_recipient", Occurrence, **URGENT),
    once("message_to_patient_or_recipient", Occurrence, kind="urgent", recipient=User),
    once("message_to_patient_or_recipient", Occurrence, patient=None),
    once("message_of_use_after_due", Occurrence, not_after=NOW),
    once("held_message_has_a_token", Occurrence, state="leased"),
    once("held_message_has_a_token", Occurrence, token=UUID(int=1), leased_until=NOW),
    twice("an_address_dies_once", DeadAddress),
    twice("one_device_per_endpoint", Device),
    twice("one_calendar_per_patient", CalendarFeed, then={"token_hash": "1"}),
    twice("one_calendar_per_token", CalendarFeed, then={"ended_at": NOW}),
    twice("one_receipt_per_event", Receipt),
    twice("one_heartbeat_per_name", Heartbeat),
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_database_refuses_it(broken: Broken) -> None:
    broken.try_it()
