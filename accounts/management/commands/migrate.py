"""`migrate`, run as the tables' owner: the role that serves may not create anything."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from accounts.database import as_owner


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner(connections[options["database"]]):
            super().handle(*args, **options)
