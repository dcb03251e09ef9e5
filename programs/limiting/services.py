"""Set what no program of a clinic may pass."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Clinic
from accounts.roles import Actor

LIMITS = ("largest_step_percent", "pain_limit", "approval", "limits_set_at", "limits_set_by")


@transaction.atomic
def set_limits(
    *,
    clinic: Clinic,
    largest_step_percent: int,
    pain_limit: int,
    approval: Clinic.Approval,
    by: Actor,
    at: datetime,
) -> bool:
    """Set the clinic's limits, which every decision from now on reads anew.

    True if any is another one than before; the same ones again change nothing.
    """
    row = Clinic.objects.select_for_update().get(pk=clinic.pk)
    before = (row.largest_step_percent, row.pain_limit, row.approval)
    if before == (largest_step_percent, pain_limit, approval):
        return False
    row.largest_step_percent, row.pain_limit = largest_step_percent, pain_limit
    row.approval, row.limits_set_at, row.limits_set_by_id = approval, at, by.user_id
    row.save(update_fields=LIMITS)
    audit.record(by=by, verb="set_limits")
    return True
