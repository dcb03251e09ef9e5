"""Print a new PUSH_KEY, which signs notifications as this installation's."""

from typing import Any

from django.core.management.base import BaseCommand

from reminders.channels.push import new_key


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(new_key())
