"""What became of a message that did not simply leave: again, another way, or not at all."""

from datetime import datetime
from random import SystemRandom
from typing import Any
from uuid import UUID

from django.db.models import F

from accounts.scope import clinic_scope
from patients.models import Channel
from programs.decisions import services as decisions
from reminders.models import DeadAddress, Kind, Occurrence
from reminders.planning import wait
from reminders.services.sweeper import REPEATS
from reminders.services.ways import Ways, ways_of

ATTEMPTS = 5
# What says that an address takes nothing more: of SMTP, of Twilio, of push services, and ours.
DEAD = {"550", "551", "553", "21211", "21214", "21217", "21610", "21614", "30005", "30006", "gone"}
DEAD |= {"address"}
NO_SUCH_MAILBOX = "5.1."  # the enhanced status codes of RFC 3463 that speak of the address
FREE: dict[str, Any] = {"token": None, "leased_until": None}

State = Occurrence.State


def record(id: UUID, clinic: UUID, token: UUID, outcome: dict[str, Any]) -> bool:
    """Write the outcome if the row is still this sender's; False if another took it over."""
    with clinic_scope(clinic):
        mine = Occurrence.objects.filter(id=id, token=token)
        return bool(mine.update(**FREE | {"enqueued_at": None} | outcome))


def failed(id: UUID, clinic: UUID, token: UUID, reason: str, now: datetime) -> None:
    """Refused for good: the patient's next channel has its turn."""
    with clinic_scope(clinic):
        for row in _of(id).filter(token=token):
            give_up(row, reason, now)


def try_again(id: UUID, clinic: UUID, token: UUID, now: datetime, *, unsure: bool) -> None:
    """Later, if it may: never past its use, and rarely or never where it may have left."""
    with clinic_scope(clinic):
        for row in _of(id).filter(token=token):
            outcome = _again(row, now, unsure=unsure)
            if outcome["state"] == State.FAILED:
                give_up(row, outcome["reason"], now)
            else:
                Occurrence.objects.filter(id=id).update(**FREE | outcome)


def give_up(row: Occurrence, reason: str, now: datetime) -> None:
    """End this channel for the message: the next open one has its turn, else it has failed.

    `reason`: the provider's number or a word of ours. Needs the clinic's scope.
    """
    tried = [*row.tried, row.channel]
    outcome: dict[str, Any] = {"state": State.FAILED, "reason": reason, "tried": tried}
    if row.patient and not row.recipient_id:
        ways = ways_of([row.patient], now)[row.patient.id]
        if reason in DEAD or reason.startswith(NO_SUCH_MAILBOX):
            _bury(row, ways, reason, now)
        channel = ways.after(tried)
        if channel and now < row.not_after:
            outcome = {
                "state": State.PLANNED,
                "reason": "",
                "channel": channel,
                "tried": tried,
                "attempts": 0,
                "repeats": 0,
                "not_before": now,
                "enqueued_at": None,
            }
    Occurrence.objects.filter(id=row.id).update(**FREE | outcome)
    if outcome["state"] == State.FAILED:
        _tell_team(row)


def _again(row: Occurrence, now: datetime, *, unsure: bool) -> dict[str, Any]:
    not_before = now + wait(row.attempts, SystemRandom().random())
    if unsure and (row.channel == Channel.SMS or row.repeats >= REPEATS):
        return {"state": State.UNKNOWN, "reason": "no_answer"}
    if row.attempts >= ATTEMPTS:
        return {"state": State.UNKNOWN if unsure else State.FAILED, "reason": "attempts"}
    if not_before >= row.not_after:
        return {"state": State.UNKNOWN if unsure else State.MISSED, "reason": "late"}
    return {
        "state": State.PLANNED,
        "not_before": not_before,
        "enqueued_at": None,
        "repeats": F("repeats") + int(unsure),
    }


def _of(id: UUID) -> Any:
    rows = Occurrence.objects.select_for_update(of=("self",))
    return rows.select_related("patient", "program").filter(id=id)


def _bury(row: Occurrence, ways: Ways, reason: str, now: datetime) -> None:
    """Note that this address takes nothing more, so that nothing is sent there again."""
    if name := ways.name[Channel(row.channel)]:
        dead = DeadAddress(
            clinic_id=row.clinic_id,
            patient=row.patient,
            channel=row.channel,
            address=name,
            reason=reason,
            at=now,
        )
        DeadAddress.objects.bulk_create([dead], ignore_conflicts=True)


def _tell_team(row: Occurrence) -> None:
    """What a patient didn't get is in their care team's queue until something arrives."""
    if row.program and row.kind != Kind.URGENT:
        decisions.note_undelivered(program=row.program, on=row.local_date, at=row.not_before)
