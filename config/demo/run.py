"""The demo's processes: web, worker, beat and the one that fills in history; started and ended."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings

from config.demo import history, notices
from config.processes import tied_to_us

LOGS = Path(settings.BASE_DIR) / "var" / "demo" / "logs"
GRACE_SECONDS = 15


class DemoFailed(Exception):
    """A part of the demo ended or didn't come up; the message says which, and where its log is."""


class Crew:
    """The running processes by name."""

    def __init__(self) -> None:
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *arguments: str) -> None:
        """Start one; what it prints goes to var/demo/logs."""
        LOGS.mkdir(parents=True, exist_ok=True)
        with (LOGS / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603  our own commands
                tied_to_us([sys.executable, *arguments], end_by="TERM"),
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def check(self) -> None:
        """Raise DemoFailed if a process ended by itself other than well."""
        for name, process in self.processes.items():
            if process.poll() not in (None, 0):
                raise DemoFailed(f"{name} ended: see var/demo/logs/{name}.log")

    def wait_for(self, what: str, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready`, or raise DemoFailed."""
        until = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > until:
                raise DemoFailed(f"{what} took more than {seconds:.0f} s: see var/demo/logs")
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask each to end, wait, and insist only then."""
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        for process in self.processes.values():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def crew(port: int) -> Iterator[Crew]:
    """Start web, worker and beat with the history filling in beside them; end them all."""
    team = Crew()
    with ExitStack() as stack:
        stack.callback(team.stop)
        web = f"--bind=127.0.0.1:{port} --workers=1 --threads=6 --worker-class=gthread"
        team.start("web", "-m", "gunicorn", "config.wsgi", *web.split())
        for part in range(history.PARTS):
            team.start(f"history-{part}", "manage.py", "demo", f"--fill={part}")
        celery = ("-m", "celery", "--app=config.celery")
        team.start("worker", *celery, "worker", "--pool=threads", "--concurrency=2")
        team.start("beat", *celery, "beat", f"--schedule={LOGS / 'beat'}")
        yield team


def answers(address: str) -> bool:
    """Whether a page answers with 200."""
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def environment(port: int, mail_port: int, sms_url: str, push_url: str) -> None:
    """Point this process and its children at the demo's address, mail, text and push servers."""
    os.environ |= {
        "FLEXION_DEMO": "1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "SMS_URL": sms_url,
        "SMS_CODES_FROM": "+12015550190",
        "SMS_REMINDERS_FROM": "+12015550191",
        "PUSH_KEY": notices.SENDER,
        "DEMO_PUSH_URL": push_url,
        "TICK_SECONDS": "5",
        "LOG_LEVEL": "WARNING",
    }
