"""A real Celery worker on the real broker, killed in the middle of handing over an email."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.scope import clinic_scope
from patients.models import Patient
from reminders import services, tasks
from reminders.models import Occurrence
from tests.faults.test_reminders import child_environ
from tests.reminders.scenes import MailServer, a_program, planned, the_message

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True, databases=["default", "planner"]),
]
PATIENCE = 30


@contextmanager
def a_worker(queue: str, mail: MailServer) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process in a group of its own; killed with its children at the end."""
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-c", "1"]
    process = subprocess.Popen(
        [*command, "-Q", queue, "-l", "ERROR"], env=child_environ(mail), start_new_session=True
    )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(true: Callable[[], Any], what: str, patience: float = PATIENCE) -> None:
    give_up = time.monotonic() + patience
    while not true():
        assert time.monotonic() < give_up, what
        time.sleep(0.05)


def due_now(message: Occurrence) -> None:
    """Move the message to this very minute, and quiet hours away."""
    now = timezone.now()
    with clinic_scope(message.clinic_id):
        Patient.objects.update(quiet_from="00:00", quiet_until="00:00")
        Occurrence.objects.update(
            due_at=now, not_before=now, not_after=now + timedelta(hours=1), enqueued_at=None
        )


def hang_once(mail: MailServer) -> Event:
    """Let the mail server take the first message's bytes and never answer."""
    reached, take = Event(), mail.handle_DATA

    async def handle(*args: Any) -> str:
        if not reached.is_set():
            reached.set()
            await asyncio.sleep(3600)
        return await take(*args)

    mail.handle_DATA = handle
    return reached


def test_a_worker_killed_while_sending_is_made_good_by_the_next(mail: MailServer) -> None:
    program, queue = a_program(), f"faults-{uuid4()}"
    message = planned(program)
    due_now(message)
    reached = hang_once(mail)
    with a_worker(queue, mail) as first:
        tasks.deliver.apply_async(["email", [str(message.id)]], queue=queue)
        until(reached.is_set, "the first worker never sent")
        kill(first)
    assert the_message(program).state == "sending"
    lease_over = services.database_clock()() + timedelta(seconds=21)
    with a_worker(queue, mail):
        services.sweep(
            now=lease_over,
            enqueue=lambda channel, ids: tasks.deliver.apply_async(
                [channel, [str(id) for id in ids]], queue=queue
            ),
        )
        until(lambda: the_message(program).state == "sent", "the second worker never sent")
    assert [sent["Idempotency-Key"] for sent in mail.messages] == [str(message.id)]
