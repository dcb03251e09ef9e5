"""Reminders: plan, claim, mark and send against empty tasks; an idle tick; 300,000 at once; SMTP.

The workers run production's tasks with `bench.null_sink` for the channels' clients. Every message
has a commit before it leaves and one after, and PostgreSQL waits for its disk as it does by itself.
"""

import contextlib
import json
import os
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import batched
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connections
from django.test import override_settings

from accounts.scope import clinic_scope
from bench import ground, people, reminded
from config.celery import app
from reminders import services
from reminders.channels import Outgoing
from reminders.channels.email import EmailClient, letter
from reminders.models import Occurrence
from reminders.services.ways import ways_of
from reminders.tasks import ONE_TASK, tick

MESSAGES, MAILS, ROUNDS = 4_000, 2_000, 3
FEW, MANY, AT_ONCE = 1_000, 1_000_000, 300_000
PROBES, MOST_SECONDS, SMTP_LEAST, TICKS = 4, 60, 0.5, 100
MOST_SLOWER = 1.5  # of a thousand times the schedules: noise, not growth
QUEUES = ("celery", "email", "sms", "push", "empty")
UNPACED = {f"{name}_PER_SECOND": "0" for name in ("EMAILS", "TEXTS", "PUSHES")}
QUIET = ("--without-gossip", "--without-mingle", "--loglevel=ERROR")
PLANNED = "select not exists (select from reminders_schedule where next_due_at <= now())"
LEFT = """
    select not exists (select from reminders_schedule where next_due_at <= now())
        and not exists (select from reminders_occurrence where state = 'planned')
        and not exists (select from reminders_occurrence where state in ('leased', 'sending'))"""
SENT = """
    select count(*) from reminders_occurrence
    where state = 'sent' and sent_at > now() - interval '1 hour'"""
COUNTED = """
    select sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)),
        sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))
    from pg_stat_user_tables
    where relname in ('reminders_schedule', 'reminders_occurrence', 'accounts_change')"""


@dataclass
class Idle:
    """A tick with nothing due: milliseconds (median), and how often it looked into a table.

    `probes` are scans of a table or an index as PostgreSQL's statistics count them, `rows` what
    they found; the two heartbeats that a tick writes are in neither.
    """

    schedules: int
    milliseconds: float
    probes: float
    rows: float


def run(*, quick: bool = False) -> int:
    """Print a table and a line of JSON; 1 where a target is missed. `quick`: a twentieth of all."""
    part = 20 if quick else 1
    settings.MESSAGES_PER_SECOND = dict.fromkeys(settings.MESSAGES_PER_SECOND, 0)
    practice = people.open_practice(datetime.now(UTC))
    model = people.weeks_behind(practice, weeks=1)
    at_once = AT_ONCE // part
    reminded.fill(practice, model, at_once)
    reminded.schedule(practice, 1, FEW, at_once)
    idle = [_idle(FEW)]
    reminded.schedule(practice, FEW + 1, MANY // part, at_once)
    with _workers("bench.null_sink"):
        ratio = _against_empty_tasks(MESSAGES // part)
        seconds = _at_once(at_once)
    idle.append(_idle(MANY // part))
    smtp = _against_smtplib(MAILS // part, practice.clinic.id)
    return _report(ratio, idle, seconds, smtp)


def _against_empty_tasks(number: int) -> float:
    """Messages planned, claimed, marked and "sent" a second, by empty tasks a second."""
    ratios = []
    for _ in range(ROUNDS):
        reminded.due_now(number)
        ours = number / _seconds(_send_all)
        _all_left(number)
        empty = number / _seconds(lambda: _empty_all(number))
        print(f"{ours:8.0f} messages a second, {empty:8.0f} empty tasks a second")
        ratios.append(ours / empty)
    return statistics.median(ratios)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _send_all() -> None:
    """One tick plans, the workers send; done when nothing is due, planned or held any more."""
    tick.apply_async(queue="celery")
    _until(lambda: _numbers(LEFT)[0] == 1)


def _all_left(number: int) -> None:
    """That they were sent, and not dropped."""
    if (sent := _numbers(SENT)[0]) != number:
        raise AssertionError(f"{sent:.0f} left of {number}")


def _empty_all(number: int) -> None:
    for _ in range(number):
        app.send_task("bench.null_sink.empty", (str(UUID(int=0)),), queue="empty")
    _until(lambda: _waiting() == 0)


def _waiting() -> int:
    """Tasks in the queues or not yet acknowledged."""
    return int(sum(_broker().llen(name) for name in QUEUES) + _broker().hlen("unacked"))


@cache
def _broker() -> Any:
    line: Any = app.connection_for_read()
    return line.default_channel.client


@contextmanager
def _workers(name: str, **environ: str) -> Iterator[None]:
    """The two worker processes of this application, ready; what waits for them at the end goes."""
    command = [sys.executable, "-m", "celery", f"--app={name}", "worker", "--concurrency=2"]
    process = subprocess.Popen(  # noqa: S603 (our own command)
        [*command, *QUIET, f"--queues={','.join(QUEUES)}"],
        cwd=ground.ROOT,
        env=os.environ | UNPACED | environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        tick.apply_async(queue="celery")
        _until(lambda: _waiting() == 0)
        yield
    finally:
        process.terminate()
        process.wait(60)
        _broker().delete(*QUEUES)


def _at_once(number: int) -> float:
    """Seconds until everybody's reminder of one minute in one zone is planned, on two workers."""
    reminded.due_now(number)
    tick.apply_async(queue="celery")
    seconds = _seconds(lambda: _until(lambda: _numbers(PLANNED)[0] == 1, 0.2))
    print(f"{number:8,} planned in {seconds:.1f} s")
    return seconds


def _idle(number: int) -> Idle:
    """Ticks while nothing is due: so many schedules come tomorrow."""
    reminded.settle()
    _count()
    before = _numbers(COUNTED)
    times = [_seconds(tick) for _ in range(TICKS)]
    _count()
    probes, rows = ((a - b) / TICKS for a, b in zip(_numbers(COUNTED), before, strict=True))
    return Idle(number, 1000 * statistics.median(times), probes, rows)


def _count() -> None:
    """Let PostgreSQL add up what this process's connections did, as it does now and then."""
    for line in (_planner(), *(connections[name] for name in ("default", "planner"))):
        with line.cursor() as cursor:
            cursor.execute("select pg_stat_force_next_flush()")


def _against_smtplib(number: int, clinic: UUID) -> float:
    """Emails a second of production's two workers by those of a bare loop: same sink, same bytes.

    One sender alone is printed too: it waits for its two commits between the letters.
    """
    with _sink() as port:
        url = f"smtp://127.0.0.1:{port}"
        default: Any = settings.MAILERS["default"]
        here = default | {"OPTIONS": default["OPTIONS"] | {"host": "127.0.0.1", "port": port}}
        with (
            override_settings(MAILERS={"default": here}),
            _workers("config.celery", EMAIL_URL=url),
        ):
            ratios = [_smtp_round(number, clinic, port) for _ in range(ROUNDS)]
    return statistics.median(ratios)


def _smtp_round(number: int, clinic: UUID, port: int) -> float:
    """Everybody is due again, twice; the workers send, one sender does, and then the bare loop."""
    reminded.due_now(number)
    workers = number / _seconds(_send_all)
    _all_left(number)
    reminded.due_now(number)
    planned: list[UUID] = []
    now = services.database_clock()()
    services.plan_due(now=now, enqueue=lambda _channel, ids: planned.extend(ids))
    alone = number / _seconds(lambda: _deliver(planned))
    letters = _letters(clinic, planned)
    bare = number / _seconds(lambda: _bare_loop(letters, port))
    print(f"{workers:8.0f} emails a second, {alone:8.0f} by one sender, {bare:8.0f} by a bare loop")
    return workers / bare


def _deliver(planned: Sequence[UUID]) -> None:
    """What a worker does, task by task: every message marked, sent, recorded."""
    clock = services.database_clock()
    for some in batched(planned, ONE_TASK, strict=False):
        services.deliver(channel="email", occurrences=some, clock=clock, client=EmailClient)
    _all_left(len(planned))


def _letters(clinic: UUID, ids: Sequence[UUID]) -> list[tuple[str, bytes]]:
    """The same messages once more, as bytes, each with its address."""
    now = datetime.now(UTC)
    with clinic_scope(clinic):
        rows = list(Occurrence.objects.select_related("patient").filter(id__in=ids))
        ways = ways_of([row.patient for row in rows if row.patient], now)
        return [_raw(services.compose(row, ways, now)) for row in rows]


def _raw(message: Outgoing) -> tuple[str, bytes]:
    return message.to, letter(message).message().as_bytes()


def _bare_loop(letters: Sequence[tuple[str, bytes]], port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as line:
        for to, raw in letters:
            line.sendmail("flexion@localhost", to, raw)


@contextmanager
def _sink() -> Iterator[int]:
    """A mail server of its own process that takes everything and keeps nothing."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = int(asked.getsockname()[1])
    handler = "aiosmtpd.handlers.Sink"
    where = ["--nosetuid", "--listen", f"127.0.0.1:{port}", "--class", handler]
    process = subprocess.Popen([sys.executable, "-m", "aiosmtpd", *where])  # noqa: S603 (our own command)
    try:
        _until(lambda: _answers(port))
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), smtplib.SMTP("127.0.0.1", port, timeout=2):
        return True
    return False


def _until(done: Callable[[], bool], pause: float = 0.02) -> None:
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > 300:
            raise TimeoutError
        time.sleep(pause)


@cache
def _planner() -> psycopg.Connection[Any]:
    """Sees the reminders of all clinics."""
    return psycopg.connect(os.environ["DATABASE_PLANNER_URL"], autocommit=True)


def _numbers(statement: str) -> list[float]:
    return [float(number) for number in _planner().execute(statement).fetchone() or ()]


def _report(ratio: float, idle: Sequence[Idle], seconds: float, smtp: float) -> int:
    for each in idle:
        print(
            f"{each.schedules:9,} schedules, nothing due: {each.milliseconds:.1f} ms, "
            f"{each.probes:.1f} probes and {each.rows:.1f} rows a tick"
        )
    told = {
        "ratio_to_empty_tasks": round(ratio, 2),
        "idle_tick_ms": round(idle[-1].milliseconds, 2),
        "plan_300k_seconds": round(seconds, 1),
        "smtp_ratio": round(smtp, 2),
    }
    print(f"\n{json.dumps(told)}")
    slower = idle[-1].milliseconds / idle[0].milliseconds
    looks = max(each.probes for each in idle) > PROBES or max(each.rows for each in idle) > 0
    missed = [ratio <= 1, looks, slower > MOST_SLOWER, seconds >= MOST_SECONDS, smtp <= SMTP_LEAST]
    return int(any(missed))
