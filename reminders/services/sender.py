"""The sender. Several may run at once, and each may die at any line.

1. Lease: planned rows become leased for 20 seconds under a token of this sender's own, by an
   update that only touches rows still planned.
2. In the row's clinic, one transaction: look again (objection); mark it `sending`; commit.
3. Call the provider, outside any transaction.
4. Record what became of it, where the token is still this sender's.

A death before 2 costs the lease (20 s) and a sweep (10 s). A death after it is the channel's
guarantee: see sweep.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F, Model

from accounts.scope import clinic_scope
from programs.decisions import services as decisions
from reminders.channels import ChannelClient, NoAnswer, Outgoing, Refused, TryLater
from reminders.channels.email import EmailClient
from reminders.models import Kind, Occurrence
from reminders.planning import wait
from reminders.services.check import Verdict, objection
from reminders.services.clock import Clock
from reminders.services.health import PLANNER, fault
from reminders.services.planner import PUSH_ON
from reminders.services.sweeper import REPEATS
from reminders.services.words import compose

LEASE = timedelta(seconds=20)
ATTEMPTS = 5
FREE: dict[str, Any] = {"token": None, "leased_until": None}

State = Occurrence.State
Client = Callable[[], ChannelClient]

log = logging.getLogger(__name__)


def send(*, occurrence: UUID, clock: Clock, client: Client = EmailClient) -> int:
    """Send one message if it is due and still makes sense; 1 if it left."""
    return deliver(occurrences=[occurrence], clock=clock, client=client)


def deliver(*, occurrences: Sequence[UUID], clock: Clock, client: Client = EmailClient) -> int:
    """Send what of these is due and still makes sense; returns how many left."""
    token = uuid4()
    held = lease(occurrences=occurrences, token=token, now=clock())
    if not held:
        return 0
    with client() as channel:
        return sum(_send(id, clinic, token, clock, channel) for id, clinic in held)


def lease(*, occurrences: Sequence[UUID], token: UUID, now: datetime) -> list[tuple[UUID, UUID]]:
    """Take planned rows that may leave now; returns (occurrence, clinic) of those taken."""
    rows = Occurrence.objects.using(PLANNER)
    rows.filter(id__in=occurrences, state=State.PLANNED, not_before__lte=now).update(
        state=State.LEASED, token=token, leased_until=now + LEASE
    )
    return list(rows.filter(token=token).values_list("id", "clinic_id"))


def _send(id: UUID, clinic: UUID, token: UUID, clock: Clock, channel: ChannelClient) -> bool:
    """Steps 2 to 4 for one row; one that raises is pushed on an hour and holds up no other."""
    try:
        message = _mark(id, clinic, token, clock())
        return message is not None and _hand_over(message, clinic, token, clock, channel)
    except Exception as error:
        log.error("message %s not sent: %s", id, fault(error))
        _record(id, clinic, token, state=State.PLANNED, not_before=clock() + PUSH_ON)
        return False


def _mark(id: UUID, clinic: UUID, token: UUID, now: datetime) -> Outgoing | None:
    """Commit `sending`, unless the second look objects or the lease is lost."""
    with clinic_scope(clinic):
        rows = Occurrence.objects.select_for_update(of=("self",))
        rows = rows.select_related("patient", "program", "recipient")
        mine = rows.filter(id=id, token=token, state=State.LEASED, leased_until__gt=now)
        occurrence = mine.first()
        if occurrence is None:
            return None
        if verdict := objection(occurrence, now):
            _drop(occurrence, verdict)
            return None
        return _marked(occurrence, now)


def _drop(occurrence: Occurrence, verdict: Verdict) -> None:
    _update(
        occurrence,
        state=verdict.state,
        reason=verdict.reason,
        not_before=verdict.not_before or occurrence.not_before,
        **FREE,
    )


def _marked(occurrence: Occurrence, now: datetime) -> Outgoing:
    message = compose(occurrence)
    attempts = occurrence.attempts + 1
    _update(occurrence, state=State.SENDING, leased_until=now + LEASE, attempts=attempts)
    return message


def _hand_over(
    message: Outgoing, clinic: UUID, token: UUID, clock: Clock, channel: ChannelClient
) -> bool:
    id = UUID(message.id)
    try:
        theirs = channel.send(message)
    except Refused as error:
        outcome: dict[str, Any] = {"state": State.FAILED, "reason": f"refused {error}"[:24]}
    except (TryLater, NoAnswer) as error:
        outcome = _again(id, clinic, clock(), unsure=isinstance(error, NoAnswer))
    else:
        outcome = {"state": State.SENT, "reason": "", "message_id": theirs, "sent_at": clock()}
    return _record(id, clinic, token, **outcome) and outcome["state"] == State.SENT


def _again(id: UUID, clinic: UUID, now: datetime, *, unsure: bool) -> dict[str, Any]:
    """When to try again, if it may: never past its use, and rarely where it may have left."""
    with clinic_scope(clinic):
        row = Occurrence.objects.get(id=id)
    not_before = now + wait(row.attempts, SystemRandom().random())
    if unsure and row.repeats >= REPEATS:
        return {"state": State.UNKNOWN, "reason": "no_answer"}
    if row.attempts >= ATTEMPTS:
        return {"state": State.FAILED, "reason": "attempts"}
    if not_before >= row.not_after:
        return {"state": State.UNKNOWN if unsure else State.MISSED, "reason": "late"}
    return {
        "state": State.PLANNED,
        "not_before": not_before,
        "enqueued_at": None,
        "repeats": F("repeats") + int(unsure),
    }


def _record(id: UUID, clinic: UUID, token: UUID, **outcome: Any) -> bool:
    """Write the outcome if the row is still this sender's; False if another took it over."""
    with clinic_scope(clinic):
        mine = Occurrence.objects.filter(id=id, token=token)
        if not mine.update(**FREE | outcome):
            return False
        _tell_team(id, outcome)
        return True


def _tell_team(id: UUID, outcome: dict[str, Any]) -> None:
    """What a patient didn't get is in their care team's queue until something arrives."""
    if outcome["state"] not in (State.SENT, State.FAILED):
        return
    rows = Occurrence.objects.select_related("program").exclude(kind=Kind.URGENT)
    for told in rows.filter(id=id):
        if outcome["state"] == State.SENT:
            decisions.note_delivered(program=told.program_id)
        else:
            decisions.note_undelivered(program=told.program, on=told.local_date, at=told.not_before)


def _update(row: Model, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=[*values])
