"""What goes wrong, by name: each is done once when its turn comes, and noted with its time."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Thread

import psycopg

from tests.faults.storm.control import FOLDER, SHIFT, arm, note, read
from tests.faults.storm.crew import BEATS, WORKERS, Crew

POINTS = "before claim,after claim,after look,after mark,in mid data,after accept"
KILLED_AT = (*POINTS.split(","), "before commit", "after commit")
AT_SINKS = ("drop", "late", "hang", "4xx", "5xx")
FROZEN_SECONDS = 34  # past a lease of 20 and the sweep after it
EXHAUSTED_SECONDS, LINES = 6, 95
SHIFTS = (3600, -3600, 86_400, -86_400)


@dataclass
class Storm:
    """The faults of one run; those that last end in threads of their own."""

    crew: Crew
    random: Random
    threads: list[Thread] = field(default_factory=list)

    def names(self) -> list[str]:
        """Every kind, as often as its weight."""
        points = [f"kill {point}" for point in KILLED_AT] * 3
        sinks = [f"{channel} {how}" for channel in ("email", "sms", "push") for how in AT_SINKS]
        servers = ["postgres", "backends", "pool", "valkey", "flush"]
        return [*points, *sinks, *servers, "freeze", "freeze", "worker", "worker", "beat", "clock"]

    def draw(self, number: int, kinds: Sequence[str]) -> list[str]:
        """So many faults: every kind before any comes again, in an order of the seed's."""
        drawn: list[str] = []
        while len(drawn) < number:
            names = [name for name in self.names() if not kinds or name.split(" ")[0] in kinds]
            self.random.shuffle(names)
            drawn += names
        return drawn[:number]

    def do(self, name: str) -> None:
        kind, _, rest = name.partition(" ")
        note("storm", name=name)
        if kind == "kill":
            arm(rest, "kill")
        elif kind in ("email", "sms", "push"):
            arm(kind, rest)
        else:
            OTHERS[kind](self)

    def later(self, work: Callable[[], None]) -> None:
        thread = Thread(target=work, daemon=True)
        self.threads.append(thread)
        thread.start()

    def settle(self) -> None:
        """Wait for what still lasts."""
        for thread in self.threads:
            thread.join(60)


def _postgres(storm: Storm) -> None:
    def outage() -> None:
        storm.crew.kill_postgres()
        time.sleep(storm.random.uniform(1, 4))
        storm.crew.mend_servers()

    storm.later(outage)


def _backends(storm: Storm) -> None:
    with storm.crew.superuser() as superuser:
        superuser.execute(
            """select pg_terminate_backend(pid) from pg_stat_activity
               where pid <> pg_backend_pid() and usename like 'flexion%'"""
        )


def _pool(storm: Storm) -> None:
    def exhaust() -> None:
        with contextlib.ExitStack() as stack, contextlib.suppress(psycopg.OperationalError):
            for _ in range(LINES):
                line = psycopg.connect(storm.crew.servers.database_url())
                stack.callback(line.close)
            time.sleep(EXHAUSTED_SECONDS)

    storm.later(exhaust)


def _valkey(storm: Storm) -> None:
    def outage() -> None:
        storm.crew.kill_valkey()
        time.sleep(storm.random.uniform(1, 4))
        storm.crew.mend_servers()

    storm.later(outage)


def _flush(storm: Storm) -> None:
    from config.celery import app

    with app.connection_for_write() as line:
        line.default_channel.client.flushall()


def _freeze(storm: Storm) -> None:
    """A sender stops between its look and its mark, sleeps past its lease, and goes on."""

    def freeze() -> None:
        known = len(frozen())
        arm("after look", "stop")
        until = time.monotonic() + 60
        while len(frozen()) == known and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(FROZEN_SECONDS)
        for pid in frozen()[known:]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    storm.later(freeze)


def frozen() -> Sequence[int]:
    return [fault["pid"] for fault in read("faults") if fault["how"] == "stop"]


def _worker(storm: Storm) -> None:
    storm.crew.kill(storm.random.choice(WORKERS))


def _beat(storm: Storm) -> None:
    storm.crew.kill(storm.random.choice(BEATS))


def _clock(storm: Storm) -> None:
    def jump() -> None:
        (FOLDER / SHIFT).write_text(str(storm.random.choice(SHIFTS)))
        time.sleep(12)
        (FOLDER / SHIFT).unlink(missing_ok=True)

    storm.later(jump)


OTHERS: dict[str, Callable[[Storm], None]] = {
    "postgres": _postgres,
    "backends": _backends,
    "pool": _pool,
    "valkey": _valkey,
    "flush": _flush,
    "freeze": _freeze,
    "worker": _worker,
    "beat": _beat,
    "clock": _clock,
}
