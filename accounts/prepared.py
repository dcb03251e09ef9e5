"""Statements that PostgreSQL plans once a connection, not once a request.

Django binds values on our side, so every statement is new to the server. The long ones of the
busiest pages go through here: they are planned as often as not for longer than they run. Who may
see what is asked at each run: row security is part of the plan, its settings are not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor of the default connection, counted and logged as any other of Django's."""
    with connection.wrap_database_errors:
        connection.ensure_connection()
    own: Any = Cursor(connection.connection)
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(own) as cursor:
        yield cursor
