"""What is slow to make is made once a module, in a transaction round those of its tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def lasting[Made](blocker: Any, make: Callable[[], Made]) -> Iterator[Made]:
    """Make rows that stay until this is left; each test takes back only its own.

    For fixtures of a module without `transaction=True`. Give each test a copy of what it may
    change in memory.
    """
    around = transaction.atomic()
    with blocker.unblock():
        around.__enter__()
        made = make()
    try:
        yield made
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
