"""Counts what a request asks the database."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

_FRAME = re.compile(r"\s*(BEGIN|COMMIT|SAVEPOINT|RELEASE)\b", re.IGNORECASE)
_SETTING = re.compile(r"\s*SELECT\s+set_config\(", re.IGNORECASE)


@dataclass
class Tally:
    """The statements of a block: those that count, and how many only set the scope."""

    statements: list[str] = field(default_factory=list)
    settings: int = 0

    def __len__(self) -> int:
        return len(self.statements)

    def add(self, statement: str) -> None:
        if _SETTING.match(statement):
            self.settings += 1
        elif not _FRAME.match(statement):
            self.statements.append(statement)

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.add(str(sql))
        return execute(sql, params, many, context)


@contextmanager
def counted() -> Iterator[Tally]:
    """Count every statement of the block, on every connection."""
    tally = Tally()
    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(tally))
        yield tally
