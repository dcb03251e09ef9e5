"""`healthcheck web|worker|beat`: exit 0 if that service is at work, 1 with the reason if not."""

import os
from http.client import HTTPConnection
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.health import OLDEST_BEAT_SECONDS
from reminders.models import Heartbeat


class Command(BaseCommand):
    help = "Say by the exit code whether a service of this machine is at work."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("service", choices=["web", "worker", "beat"])

    def handle(self, *args: Any, **options: Any) -> None:
        service = options["service"]
        if service == "web":
            _ask_web(int(os.environ.get("PORT", "8000")))
        elif service not in Heartbeat.objects.fresh(seconds=OLDEST_BEAT_SECONDS):
            raise CommandError(f"No heartbeat of {service} within {OLDEST_BEAT_SECONDS} s.")


def _ask_web(port: int) -> None:
    """GET /healthz of this machine under a name that the service answers to."""
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/healthz", headers={"Host": _host()})
        status = line.getresponse().status
    except OSError as error:
        raise CommandError(f"Nothing answers on port {port}: {error}.") from error
    finally:
        line.close()
    if status != 200:
        raise CommandError(f"/healthz answers {status}.")


def _host() -> str:
    first: str = (settings.ALLOWED_HOSTS or ["localhost"])[0]
    return "localhost" if first == "*" else first.lstrip(".")
