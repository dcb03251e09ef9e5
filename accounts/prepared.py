"""Statements that PostgreSQL plans once a connection, not once a request.

Django binds values on our side, so every statement is new to the server. The long ones of the
busiest pages go through here: they are planned as often as not for longer than they run. Who may
see what is asked at each run: row security is part of the plan, its settings are not.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import JSONField, Model
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


def fetch(sql: str, given: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with prepared() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


@dataclass(frozen=True)
class Part[M: Model]:
    """The columns that a statement reads of one table, and the model that they make."""

    alias: str
    model: type[M]
    only: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        return self.only or tuple(each.attname for each in self.model._meta.concrete_fields)

    @cached_property
    def columns(self) -> str:
        fields = {each.attname: each for each in self.model._meta.concrete_fields}
        return ", ".join(f"{self.alias}.{name}{_as_json(fields[name])}" for name in self.names)

    def make(self, row: Sequence[Any]) -> M:
        return self.model.from_db("default", self.names, row)


def _as_json(field: Any) -> str:
    return "::json" if isinstance(field, JSONField) else ""


def made(row: Sequence[Any], *parts: Part[Any]) -> Iterator[Any]:
    """The models of a row, one after the other, then the rest of its values."""
    for part in parts:
        yield part.make(row[: len(part.names)])
        row = row[len(part.names) :]
    yield row
