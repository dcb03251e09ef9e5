"""\"Not today\": a reason by one tap, kept, and one useful answer to it.

Time away and an illness close days, so that nothing is due and nothing counts as missed. Every
other reason leaves the session due: a session on another day makes up for it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.changes import changed
from accounts.roles import Actor
from programs.calendar import local_day
from programs.models import Interruption, NotToday, Program
from programs.schedule import Plan

Reason = NotToday.Reason
ILL_DAYS = 2
CLOSING = {Reason.ILL, Reason.AWAY}
MOVABLE = {Reason.TIME, Reason.TIRED, Reason.EQUIPMENT, Reason.OTHER}
REST = "not_today"


@dataclass(frozen=True)
class Declined:
    """The newest word of the last two days."""

    day: date
    reason: str
    back_on: date | None


def newest(rows: list[dict[str, str | None]]) -> Declined | None:
    """From rows as the page reads them, the newest first."""
    for row in rows[:1]:
        day, back = date.fromisoformat(str(row["day"])), row["back_on"]
        return Declined(day, str(row["reason"]), date.fromisoformat(back) if back else None)
    return None


def may_move(plan: Plan, day: date) -> bool:
    """The day after may take this day's session: it is free, and so is the one after it."""
    tomorrow = day + timedelta(days=1)
    open_then = plan.end_on is None or tomorrow <= plan.end_on
    if not open_then or any(each.covers(tomorrow) for each in plan.closed):
        return False
    return not plan.is_due(tomorrow) and not plan.is_due(tomorrow + timedelta(days=1))


@transaction.atomic
def say_not_today(
    *, program: Program, reason: str, back_on: date | None = None, by: Actor, at: datetime
) -> NotToday:
    """Keep the reason; rest while ill or away. The same word twice on a day is one.

    `back_on` is for time away, a later day. Reminders of the day stop with the row.
    """
    locked = Program.objects.select_for_update(of=("self",)).select_related("patient")
    program = locked.get(id=program.id)
    day = local_day(at, program.patient.time_zone)
    until = day + timedelta(days=ILL_DAYS) if reason == Reason.ILL else back_on
    row, new = NotToday.objects.get_or_create(
        clinic_id=program.clinic_id,
        program=program,
        local_date=day,
        reason=reason,
        back_on=until if reason in CLOSING else None,
        defaults={"at": at},
    )
    if row.back_on:
        _rest(program, day, row.back_on)
    if new:
        changed(kind="program", subject=program.id, clinic=program.clinic_id)
        audit.record(by=by, verb="say_not_today", patients=[program.patient_id])
    return row


def _rest(program: Program, day: date, back_on: date) -> None:
    """No session is due until then; a second thought on the same day replaces the first."""
    Interruption.objects.update_or_create(
        clinic_id=program.clinic_id,
        program=program,
        kind=Interruption.Kind.REST,
        first_day=day,
        reason=REST,
        defaults={"last_day": back_on - timedelta(days=1)},
    )
