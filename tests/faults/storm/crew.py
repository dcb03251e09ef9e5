"""The storm's servers and processes: started, killed, started again, and ended with it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from config import embedded, postgres, valkey
from config.processes import tied_to_us
from config.wheels import Servers
from tests.faults.storm.control import FOLDER

ROOT = Path(__file__).resolve().parents[3]
CELERY = ("-m", "celery", "--app=tests.faults.storm.app")
WORKER = (*CELERY, "worker", "--concurrency=2", "--without-gossip", "--without-mingle")
WORKERS, BEATS = ("worker-1", "worker-2"), ("beat-1", "beat-2", "beat-3")


class Crew:
    """Everything that runs, by name."""

    def __init__(self, servers: Servers, control: str) -> None:
        from config.demo.notices import SENDER  # Django is set up by now

        self.servers = servers
        self.ports = _free_ports(4)
        web, mail, texts, push = self.ports
        self.push_url = f"http://127.0.0.1:{push}"
        self.environ = (
            os.environ
            | servers.environ()
            | {
                "STORM_FOLDER": str(FOLDER),
                "STORM_CONTROL": control,
                "SITE_URL": f"http://127.0.0.1:{web}",
                "EMAIL_URL": f"smtp://127.0.0.1:{mail}",
                "SMS_URL": f"http://account:token@127.0.0.1:{texts}",
                "SMS_REMINDERS_FROM": "+12015550191",
                "PUSH_KEY": SENDER,
                "FLEXION_DEMO": "1",  # its phones are on this machine
                "TICK_SECONDS": "10",
                "LOG_LEVEL": "CRITICAL",
            }
            | dict.fromkeys(("EMAILS_PER_SECOND", "TEXTS_PER_SECOND", "PUSHES_PER_SECOND"), "0")
        )
        self.environ["DATABASE_POOL"] = "0"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        with (FOLDER / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                tied_to_us([sys.executable, *self._command(name)], end_by="KILL"),
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _command(self, name: str) -> list[str]:
        web, *sinks = map(str, self.ports)
        if name == "web":
            return ["-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{web}", "--threads=4"]
        if name == "sinks":
            return ["-m", "tests.faults.storm.sinks", *sinks]
        if name in WORKERS:
            return [*WORKER, f"--hostname={name}@storm"]
        return [*CELERY, "beat", f"--schedule={FOLDER / name}", "--pidfile="]

    def start_all(self) -> None:
        for name in ("sinks", "web", *WORKERS, *BEATS):
            self.start(name)

    def keep_up(self) -> None:
        """What ended by itself or was killed begins anew, as a supervisor of processes does."""
        for name, process in list(self.processes.items()):
            if process.poll() is not None:
                self.start(name)

    def kill(self, name: str) -> None:
        """The whole group at once: no farewell."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.processes[name].pid, signal.SIGKILL)

    def kill_postgres(self) -> None:
        if pid := postgres._pid(self.servers):
            os.kill(pid, signal.SIGKILL)

    def kill_valkey(self) -> None:
        if pid := valkey._pid(self.servers):
            os.kill(pid, signal.SIGKILL)

    def mend_servers(self) -> None:
        embedded.start(self.servers.folder)

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection[Any]]:
        url = self.servers.database_url("superuser")
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection

    def stop(self) -> None:
        for name, process in self.processes.items():
            self.kill(name)
            process.wait(10)


@contextmanager
def crew(control: str) -> Iterator[Crew]:
    """Servers with durable data in the storm's own folder, migrated."""
    servers = embedded.start(FOLDER / "servers")
    try:
        os.environ.update(servers.environ())
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        team = Crew(servers, control)
        try:
            yield team
        finally:
            team.stop()
    finally:
        embedded.stop(servers)
        shutil.rmtree(servers.data, ignore_errors=True)


def _free_ports(number: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        asked = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in asked:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in asked]
