"""The clinic scope: one transaction in which PostgreSQL shows the rows of the named clinics only.

Row-level security reads two settings, `app.clinics` (a list of ids) and `app.user`. They are set
for the transaction alone, so that nothing leaks through a pooled connection.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction


def _announce(user: str, clinics: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('app.user', %s, true), set_config('app.clinics', %s, true)",
            [user, clinics],
        )


def _stack() -> list[tuple[str, str]]:
    stack: list[tuple[str, str]] = connection.__dict__.setdefault("flexion_scopes", [])
    return stack


@contextmanager
def clinic_scope(*clinics: UUID, user: UUID | None = None) -> Iterator[None]:
    """Run the block in one transaction that sees these clinics' rows; nested scopes restore.

    `SET LOCAL` outlives a savepoint, so leaving a nested scope puts the outer values back.
    """
    stack = _stack()
    with transaction.atomic():
        stack.append(("" if user is None else str(user), _array(clinics)))
        _announce(*stack[-1])
        try:
            yield
        finally:
            stack.pop()
            if connection.savepoint_ids and not connection.needs_rollback:
                _announce(*(stack[-1] if stack else ("", "{}")))


def widen(*clinics: UUID) -> None:
    """Name the clinics of the open scope, once it is known which they are."""
    stack = _stack()
    stack[-1] = (stack[-1][0], _array(clinics))
    _announce(*stack[-1])


def _array(clinics: Iterable[UUID]) -> str:
    return "{" + ",".join(str(clinic) for clinic in clinics) + "}"
