"""Each rule that the database holds about remote monitoring, broken once."""

from datetime import timedelta

import pytest

from desk.models import Contact, Episode, TimeEntry, Timer
from tests.broken import DAY, Broken, once, twice
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
BROKEN = [
    twice("one_open_episode_per_patient", Episode),
    once("episode_ends_after_start", Episode, ended_on=DAY - timedelta(days=1)),
    once("consent_before_monitoring", Episode, consent_on=DAY + timedelta(days=1)),
    once("an_education_session_is_whole", Episode, taught_on=DAY),
    once("an_education_session_is_whole", Episode, taught_way="here"),
    twice("one_timer_per_person", Timer),
    once("timer_active_after_start", Timer, active_at=NOW - timedelta(seconds=1)),
    once("time_stops_after_start", TimeEntry, stopped_at=NOW),
    once("corrected_time_has_a_reason", TimeEntry, reason="", taken_back=True),
    once("corrected_time_has_a_reason", TimeEntry, reason="", replaces=TimeEntry),
    once("who_was_spoken_to_was_there", Contact, method="text"),
    once("corrected_contact_has_a_reason", Contact, reason="", taken_back=True),
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_database_refuses_it(broken: Broken) -> None:
    broken.try_it()
