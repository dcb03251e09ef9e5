"""A whole clinic on this machine: people, history, web, worker, beat and an inbox."""

import signal
import socket
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.demo import cast


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="0 takes any free one")
        parser.add_argument("--check", action="store_true", help="wait for all, say how long, end")
        parser.add_argument("--fill", type=int, metavar="PART", help="only make a part's history")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if not settings.DEMO:
            raise CommandError("Set FLEXION_DEMO=1, or start it as: manage.py demo")
        from config.demo import history, run

        if options["fill"] is not None:
            history.fill(options["fill"], self.stdout.write)
            return
        try:
            self._run(options["port"] or _free_port(), options["check"])
        except run.DemoFailed as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\nStopped. `manage.py demo` goes on where it was.")

    def _run(self, port: int, check: bool) -> None:
        from config.demo import checks, history, mailbox, notices, run, texts

        history.prepare(timezone.now())
        began = time.monotonic()
        sink = mailbox.serve(_free_port())
        provider = texts.Provider()
        phones = notices.PushService()
        notices.find_again(phones)
        run.environment(port, sink.port, provider.url, phones.url)
        try:
            with run.crew(port) as team:
                figures = {"ready_seconds": checks.wait_until_ready(team, port, began)}
                self._welcome(port, figures["ready_seconds"])
                if not check:
                    checks.watch(team, self.stdout.write)
                figures |= checks.wait_for_all(team, began)
                for name, seconds in figures.items():
                    self.stdout.write(f"{name} {seconds:.1f}")
        finally:
            sink.stop()
            provider.stop()
            phones.stop()

    def _welcome(self, port: int, seconds: float) -> None:
        home = f"http://127.0.0.1:{port}"
        lines = [
            "",
            f"{cast.CLINIC_NAME}, ready after {seconds:.0f} s. Everyone in it is invented.",
            f"  Everyone, one button each   {home}/demo/",
            f"  Every message that left     {home}/demo/inbox/",
            f"  The public guide            {home}/exercises/",
            f"  Sign in                     {home}/sign-in/",
            *(f"    {one.role.label:<14}{one.email}" for one in cast.STAFF),
            f"    password      {cast.PASSWORD}",
            *(f"    patient       {one.email} ({one.kind})" for one in cast.EVERY_KIND),
            "    a patient's code arrives in the inbox",
            "Ctrl-C stops it.",
            "",
        ]
        self.stdout.write("\n".join(lines))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
