"""Races and kills: real connections, a real mail server, real processes that die by SIGKILL."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connections
from django.test import override_settings

from accounts.scope import clinic_scope
from reminders import services
from reminders.models import Occurrence
from tests.reminders.scenes import (
    BEFORE,
    DUE,
    MailServer,
    a_program,
    free_port,
    mail_server,
    mailers,
    plan,
    planned,
    send,
    sweep,
    the_message,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "planner"])
SETTINGS = "config.settings"
LEASE_OVER = DUE + timedelta(seconds=21)

SENDER = """
import os, signal, sys
from datetime import datetime
from uuid import UUID

import django

django.setup()
from reminders.channels import email
from reminders.services import sender


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(step):
    def both(*args, **kwargs):
        step(*args, **kwargs)
        die()
    return both


point, occurrence, now = sys.argv[1:]
if point == "after claim":
    sender.Work._mark = die
elif point == "after mark":
    email.EmailClient.send = die
elif point == "after the server took it":
    email.EmailClient.send = die_after(email.EmailClient.send)
elif point == "before the record":
    sender.Work._record = die
sender.deliver(
    channel="email", occurrences=[UUID(occurrence)], clock=lambda: datetime.fromisoformat(now)
)
"""


def at_once(work: Callable[[], Any], times: int) -> list[Any]:
    """Run `work` in several threads that start together, each on connections of its own."""
    start = Barrier(times)

    def one(_: int) -> Any:
        try:
            start.wait()
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def child_environ(mail: MailServer) -> dict[str, str]:
    """This process's surroundings, on the test database and this mail server."""
    name = "/" + str(connections["default"].settings_dict["NAME"])
    urls = {
        key: urlunsplit(urlsplit(os.environ[key])._replace(path=name))
        for key in ("DATABASE_URL", "DATABASE_PLANNER_URL")
    }
    mail_url = f"smtp://127.0.0.1:{mail.port}"
    return os.environ | urls | {"DJANGO_SETTINGS_MODULE": SETTINGS, "EMAIL_URL": mail_url}


def a_killed_sender(point: str, message: Occurrence, mail: MailServer) -> int:
    """Send from a process of its own that kills itself at this point; returns its exit code."""
    command = [sys.executable, "-c", SENDER, point, str(message.id), DUE.isoformat()]
    return subprocess.run(command, env=child_environ(mail), timeout=30, check=False).returncode


def test_two_senders_race_for_one_message_and_one_email_leaves(mail: MailServer) -> None:
    message = planned(a_program())
    sent = at_once(lambda: send(message, DUE), 2)
    assert (sorted(sent), len(mail.taken)) == ([0, 1], 1)


def test_four_senders_share_many_messages_and_each_leaves_once(mail: MailServer) -> None:
    for _ in range(12):
        a_program()
    plan(BEFORE)
    ids = plan(DUE)
    sent = at_once(lambda: services.deliver(channel="email", occurrences=ids, clock=lambda: DUE), 4)
    keys = [message["Idempotency-Key"] for message in mail.messages]
    assert (sum(sent), sorted(keys)) == (12, sorted(map(str, ids)))


def test_three_ticks_at_once_make_one_message_a_slot() -> None:
    programs = [a_program() for _ in range(6)]
    at_once(lambda: plan(BEFORE), 3)
    queued = at_once(lambda: plan(DUE), 3)
    rows = []
    for program in programs:
        with clinic_scope(program.clinic_id):
            rows.append(Occurrence.objects.filter(program=program).count())
    assert (rows, sum(map(len, queued))) == ([1] * 6, 6)


@pytest.mark.faults
def test_two_sweeps_at_once_count_a_stuck_email_once(mail: MailServer) -> None:
    program = a_program()
    message = planned(program)
    assert a_killed_sender("after mark", message, mail) == -signal.SIGKILL
    at_once(lambda: sweep(LEASE_OVER), 2)
    assert the_message(program).repeats == 1


@pytest.mark.faults
@pytest.mark.parametrize(
    ("point", "held", "copies"),
    [
        ("after claim", "leased", 1),
        ("after mark", "sending", 1),
        ("after the server took it", "sending", 2),
        ("before the record", "sending", 2),
    ],
)
def test_the_email_of_a_killed_sender_still_leaves(
    mail: MailServer, point: str, held: str, copies: int
) -> None:
    program = a_program()
    message = planned(program)
    assert a_killed_sender(point, message, mail) == -signal.SIGKILL
    assert the_message(program).state == held
    assert sweep(LEASE_OVER) == [message.id]
    send(message, LEASE_OVER)
    keys = {sent["Message-ID"] for sent in mail.messages}
    assert (the_message(program).state, len(mail.taken), len(keys)) == ("sent", copies, 1)


def test_a_message_whose_queue_was_flushed_still_leaves(mail: MailServer) -> None:
    message = planned(a_program())
    assert sweep(DUE + timedelta(seconds=30)) == [message.id]
    assert send(message, DUE + timedelta(seconds=30)) == 1
    assert mail.messages[0]["Idempotency-Key"] == str(message.id)


def test_a_mail_server_that_is_away_and_returns_gets_the_message() -> None:
    program = a_program()
    message = planned(program)
    with override_settings(MAILERS=mailers(free_port())):
        send(message, DUE)
    later = the_message(program).not_before
    with mail_server() as mail:
        send(message, later)
    assert (the_message(program).state, len(mail.taken)) == ("sent", 1)
