"""Each rule that the database holds about patients, broken once."""

from datetime import timedelta

import pytest

from accounts.models import User
from patients.models import (
    Absence,
    CareLink,
    CaseloadRow,
    Consent,
    Invitation,
    Message,
    OutcomeScore,
    Patient,
    PatientAccess,
    ThreadRead,
)
from tests.broken import DAY, LATER, NOW, Broken, once, twice

pytestmark = pytest.mark.django_db
BROKEN = [
    once("a_time_for_each_weekday", Patient, day_times=[None] * 6),
    once("a_way_for_reminders", Patient, channels=[]),
    once("surgery_after_birth", Patient, birth_date=DAY, surgery_date=DAY - timedelta(days=1)),
    twice("one_active_access_per_patient", PatientAccess),
    once("cover_has_reason_and_end", CareLink, kind="covering", until=LATER),
    once("cover_has_reason_and_end", CareLink, kind="covering", reason="call"),
    twice("one_team_link_per_clinician", CareLink),
    once("a_stand_in_is_for_an_absence", CareLink, kind="stand_in", reason="absence", until=LATER),
    twice("one_row_per_word_and_clinician", CaseloadRow),
    twice("one_stand_in_per_absence", CareLink, absence=Absence, until=LATER),
    once("absence_ends_after_it_begins", Absence, since=LATER, until=NOW),
    once("nobody_stands_in_for_themselves", Absence, stand_in=User),
    twice("one_absence_at_a_time", Absence, {"since": NOW + timedelta(minutes=59)}),
    twice("one_standing_consent_per_kind", Consent),
    once("consent_withdrawn_later", Consent, given_at=LATER, withdrawn_at=NOW),
    twice("one_invitation_per_token", Invitation),
    once("invitation_expires_later", Invitation, expires_at=NOW),
    twice("one_message_per_key", Message),
    once("a_message_says_something", Message, body=""),
    twice("one_place_per_reader", ThreadRead),
    twice("one_score_per_day_and_revision", OutcomeScore),
    once("a_score_fits_its_kind", OutcomeScore, value=6),
    once("a_score_fits_its_kind", OutcomeScore, kind="activity", number=4, activity="Stairs"),
    once("a_score_fits_its_kind", OutcomeScore, kind="activity", number=1),
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_database_refuses_it(broken: Broken) -> None:
    broken.try_it()
