"""The sender. Several may run at once, and each may die at any line.

1. Lease: planned rows of one channel become leased for 20 seconds under a token of this sender's
   own, by an update that only touches rows still planned.
2. Look again (check) at those of one clinic, together; what should not leave is dropped.
3. For each message: mark it `sending`, if the lease still holds; commit.
4. Call the provider, outside any transaction.
5. Record what became of it, where the token is still this sender's; commit.

A death before 3 costs the lease (20 s) and a sweep (10 s). A death after it is the channel's
guarantee: see sweep. A look is good for two seconds: what waits longer is looked at again.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import connections
from django.db.models import FETCH_PEERS, QuerySet

from accounts.scope import clinic_scope
from programs.decisions import services as decisions
from reminders.channels import ChannelClient, NoAnswer, Outgoing, Refused, TryLater
from reminders.channels.clients import client_of
from reminders.models import Occurrence
from reminders.services.check import Verdict, look
from reminders.services.clock import Clock
from reminders.services.health import PLANNER, fault
from reminders.services.outcome import FREE, failed, record, try_again
from reminders.services.pace import take
from reminders.services.planner import PUSH_ON
from reminders.services.silence import say_that_we_stop
from reminders.services.sweeper import lay_down
from reminders.services.words import compose

# What nearly every message is judged and worded by, of its row, its patient, program, and reader.
JUDGED_BY = """
    clinic patient program recipient subject kind channel tried local_date slot due_at not_before
    not_after patient__clinic patient__channels patient__email patient__phone patient__language
    patient__time_zone patient__quiet_from patient__quiet_until program__patient program__status
    program__start_on program__end_on program__weekdays program__schedule recipient__email
    recipient__language"""
LEASE = timedelta(seconds=20)
FRESH = timedelta(seconds=2)
CLAIM = """
    with held as (
        update reminders_occurrence set state = 'leased', token = %s, leased_until = %s
        where id = any(%s) and channel = %s and state = 'planned' and not_before <= %s
        returning clinic_id, id, not_before)
    select clinic_id, id from held order by clinic_id, not_before"""
MARK = """
    update reminders_occurrence
    set state = 'sending', attempts = attempts + 1, leased_until = %s
    where id = %s and token = %s and state = 'leased' and leased_until > %s"""
SENT = """
    update reminders_occurrence
    set state = 'sent', reason = '', message_id = %s, sent_at = %s,
        token = null, leased_until = null
    where id = %s and token = %s"""

State = Occurrence.State
Client = Callable[[], ChannelClient]

log = logging.getLogger(__name__)


def deliver(
    *, channel: str, occurrences: Sequence[UUID], clock: Clock, client: Client | None = None
) -> int:
    """Send what of these is due, goes this way and still makes sense; returns how many left.

    What is beyond the channel's pace is left to a later sweep.
    """
    token = uuid4()
    now_many = take(channel, len(occurrences))
    lay_down(occurrences[now_many:])
    held = lease(channel=channel, occurrences=occurrences[:now_many], token=token, now=clock())
    if not held:
        return 0
    with (client or client_of(channel))() as line:
        work = Work(token, clock, line)
        by_clinic = groupby(held, key=itemgetter(0))
        return sum(work.deliver(clinic, [id for _, id in mine]) for clinic, mine in by_clinic)


def lease(
    *, channel: str, occurrences: Sequence[UUID], token: UUID, now: datetime
) -> list[tuple[UUID, UUID]]:
    """Take planned rows that may leave now; returns (clinic, occurrence), clinic by clinic."""
    with connections[PLANNER].cursor() as cursor:
        cursor.execute(CLAIM, [token, now + LEASE, list(occurrences), channel, now])
        return list(cursor.fetchall())


class Work:
    """One sender's hold on some messages: its token, its clock, its open line."""

    def __init__(self, token: UUID, clock: Clock, line: ChannelClient) -> None:
        self.token, self.clock, self.line = token, clock, line

    def deliver(self, clinic: UUID, held: Sequence[UUID]) -> int:
        """Steps 2 to 5 for one clinic's messages, looked at anew as often as it takes."""
        left, programs = list(held), set()
        sent = 0
        while left:
            looked_at = self.clock()
            ready = self._look(clinic, left, looked_at)
            left = []
            for number, (message, program) in enumerate(ready):
                if self.clock() - looked_at > FRESH and number:
                    left = [UUID(message.id) for message, _ in ready[number:]]
                    break
                if self._send(message, clinic):
                    sent += 1
                    programs.add(program)
        self._tell_team(clinic, programs - {None})
        return sent

    def _look(
        self, clinic: UUID, ids: Sequence[UUID], now: datetime
    ) -> list[tuple[Outgoing, UUID | None]]:
        """What should leave, ready, each with its program; the rest is dropped with its reason."""
        with clinic_scope(clinic):
            rows = _to_look_at().filter(id__in=ids, token=self.token, state=State.LEASED)
            mine = list(rows.order_by("not_before"))
            found = look(mine, now)
            for one in mine:
                if verdict := found.objections.get(one.id):
                    self._drop(one, verdict, now)
            return [
                (compose(one, found.ways, now), one.program_id)
                for one in mine
                if one.id not in found.objections
            ]

    def _drop(self, occurrence: Occurrence, verdict: Verdict, now: datetime) -> None:
        values = {
            "state": verdict.state,
            "reason": verdict.reason,
            "not_before": verdict.not_before or occurrence.not_before,
            "channel": verdict.channel or occurrence.channel,
            "enqueued_at": None,
        }
        Occurrence.objects.filter(id=occurrence.id, token=self.token).update(**FREE | values)
        if verdict.is_last:
            say_that_we_stop(occurrence, now)

    def _send(self, message: Outgoing, clinic: UUID) -> bool:
        """Steps 3 to 5 for one message; one that raises is pushed on an hour, and holds up none."""
        id = UUID(message.id)
        try:
            return self._mark(id) and self._hand_over(message, clinic)
        except Exception as error:
            log.error("message %s not sent: %s", id, fault(error))
            later = {"state": State.PLANNED, "not_before": self.clock() + PUSH_ON}
            record(id, clinic, self.token, later)
            return False

    def _mark(self, id: UUID) -> bool:
        now = self.clock()
        return _changed(MARK, [now + LEASE, id, self.token, now])

    def _hand_over(self, message: Outgoing, clinic: UUID) -> bool:
        id = UUID(message.id)
        try:
            theirs = self.line.send(message)
        except Refused as error:
            failed(id, clinic, self.token, str(error)[:24], self.clock())
        except (TryLater, NoAnswer) as error:
            unsure = isinstance(error, NoAnswer)
            try_again(id, clinic, self.token, self.clock(), unsure=unsure)
        else:
            return self._record(id, theirs)
        return False

    def _record(self, id: UUID, theirs: str) -> bool:
        return _changed(SENT, [theirs, self.clock(), id, self.token])

    def _tell_team(self, clinic: UUID, programs: Iterable[Any]) -> None:
        """What arrives ends the word in the queue about what did not."""
        if programs:
            with clinic_scope(clinic):
                decisions.note_delivered(programs=programs)


def _to_look_at() -> QuerySet[Occurrence]:
    """Messages with what nearly every one is judged by; the rest is read once for all if asked."""
    rows = Occurrence.objects.select_related("patient", "program", "recipient")
    rows = rows.prefetch_related("program__interruptions").only(*JUDGED_BY.split())
    return rows.fetch_mode(FETCH_PEERS)


def _changed(statement: str, values: Sequence[UUID | datetime | str]) -> bool:
    """Run it as the planner, in a transaction of its own; whether the row was still ours.

    Prepared, for it is the same for every message.
    """
    planner = connections[PLANNER]
    planner.ensure_connection()
    with psycopg.Cursor(planner.connection) as cursor:
        cursor.execute(statement, values, prepare=True)
        return bool(cursor.rowcount)
