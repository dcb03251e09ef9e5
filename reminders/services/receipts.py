"""What providers say of messages: kept as said, and applied by the next sweep.

In any order, as often as it comes, always the same.

A message that arrived has arrived, whatever is said later; one that was refused after all gives
its channel up as if it had been refused at once.
"""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.scope import clinic_scope
from patients.models import Channel
from reminders.models import Kind, Occurrence, Receipt
from reminders.services.consent import stop_channel
from reminders.services.health import PLANNER
from reminders.services.outcome import FREE, give_up

AT_ONCE = 1000
PLAIN = re.compile(r"[^\w.:-]+", re.ASCII)
WORDING = "complaint-2026-11"

State, Event = Occurrence.State, Receipt.Event
OUT = (State.SENDING, State.SENT, State.UNKNOWN)


def receive(*, channel: Channel, occurrence: UUID, event: Receipt.Event, reason: str = "") -> None:
    """Keep it once, in whatever order it comes; the same said again changes nothing."""
    short = PLAIN.sub("_", reason)[: Receipt._meta.get_field("reason").max_length]
    told = Receipt(channel=channel, occurrence=occurrence, event=event, reason=short)
    Receipt.objects.bulk_create([told], ignore_conflicts=True)


def apply_receipts(*, now: datetime) -> int:
    """Apply what waits, the oldest first; returns how many receipts."""
    with transaction.atomic(using=PLANNER):
        waiting = Receipt.objects.using(PLANNER).select_for_update(skip_locked=True)
        receipts = list(waiting.order_by("at", "id")[:AT_ONCE])
        clinics = _clinics([receipt.occurrence for receipt in receipts])
        for receipt in receipts:
            if clinic := clinics.get(receipt.occurrence):
                with clinic_scope(clinic):
                    _apply(receipt, now)
        Receipt.objects.using(PLANNER).filter(id__in=[one.id for one in receipts]).delete()
    return len(receipts)


def _clinics(messages: list[UUID]) -> dict[UUID, UUID]:
    rows = Occurrence.objects.using(PLANNER).filter(id__in=messages)
    return dict(rows.values_list("id", "clinic_id"))


def _apply(receipt: Receipt, now: datetime) -> None:
    rows = Occurrence.objects.select_for_update(of=("self",)).select_related("patient", "program")
    for row in rows.filter(id=receipt.occurrence):
        if receipt.event == Event.DELIVERED:
            _arrived(row, receipt)
        elif row.channel == receipt.channel and row.state in OUT:
            give_up(row, receipt.reason or str(receipt.event), now)
        if receipt.event == Event.COMPLAINED:
            _no_more(row, now)


def _arrived(row: Occurrence, receipt: Receipt) -> None:
    """It is there: also where its sender never learned so, and where another way was begun."""
    mine: dict[str, Any] = {"id": row.id}
    here = Q(channel=receipt.channel, state__in=OUT)
    given_up = Q(tried__contains=[receipt.channel], state=State.PLANNED)
    rows = Occurrence.objects.filter(here | given_up, **mine)
    rows.update(**FREE, state=State.DELIVERED, reason="", channel=receipt.channel)


def _no_more(row: Occurrence, now: datetime) -> None:
    """Who calls a message unwanted has stopped them."""
    if row.patient_id and row.kind != Kind.URGENT and row.channel == Channel.EMAIL:
        stop_channel(
            clinic=row.clinic_id,
            patient=row.patient_id,
            channel=row.channel,
            wording=WORDING,
            at=now,
        )
