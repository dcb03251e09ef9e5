"""`after_restore`: let nothing be sent again that was due before this moment."""

from typing import Any

from django.core.management.base import BaseCommand

from reminders.services import database_clock
from reminders.services.restoring import pass_over


class Command(BaseCommand):
    help = "After a restore, before workers run: pass over every message that was due by now."

    def handle(self, *args: Any, **options: Any) -> None:
        number = pass_over(now=database_clock()())
        self.stdout.write(f"{number} messages that were due are not sent; patients' pages say so.")
