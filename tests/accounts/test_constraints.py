"""Each rule that the database holds about people and clinics, broken once."""

import pytest

from accounts.models import Clinic, Membership, StaffInvitation, User
from tests.broken import LATER, NOW, Broken, once, twice

pytestmark = pytest.mark.django_db
BROKEN = [
    once("user_email_in_lower_case", User, email="Someone@clinic.example"),
    once("user_can_be_reached", User, email=None),
    once("a_proven_phone_is_there", User, phone_proven_at=NOW),
    once("clinic_pain_limit_0_10", Clinic, pain_limit=11),
    once("clinic_step_1_100", Clinic, largest_step_percent=0),
    once("clinic_step_1_100", Clinic, largest_step_percent=101),
    once("clinic_approval_is_known", Clinic, approval="none"),
    once("clinic_limits_set_by_someone", Clinic, limits_set_at=NOW),
    once("clinic_country_two_letters", Clinic, country="us"),
    twice("one_active_membership_per_role", Membership),
    once("membership_is_a_staff_role", Membership, role="patient"),
    once("only_the_library_has_no_clinic", Membership, clinic=None),
    twice("one_active_membership_per_role", Membership, clinic=None, role="reviewer"),
    once("membership_ends_later", Membership, since=LATER, until=NOW),
    twice("one_staff_invitation_per_token", StaffInvitation),
    once("staff_are_invited_to_a_clinics_role", StaffInvitation, role="library_admin"),
    once("staff_invitation_expires_later", StaffInvitation, expires_at=NOW - (LATER - NOW)),
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_database_refuses_it(broken: Broken) -> None:
    broken.try_it()
