"""The workers' application with nobody behind the channels, and an empty task beside the real ones.

Only the clients are replaced: everything else is what production runs.
"""

from typing import Self

import django
from celery import shared_task

from config.celery import app as app

django.setup()

from reminders.channels import Outgoing, clients  # noqa: E402 (django is set up first)


class Null:
    """Takes every message and keeps none."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def send(self, message: Outgoing) -> str:
        return message.id


clients.CLIENTS = dict.fromkeys(clients.CLIENTS, Null)


@shared_task
def empty(id: str) -> None:
    """What one message would cost if there were nothing to do."""
