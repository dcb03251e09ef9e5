"""Logs as JSON lines: a request id, ids of people and routes; never names, values or messages."""

from typing import Any

import structlog
from django.conf import settings

PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


class JsonFormatter(structlog.stdlib.ProcessorFormatter):
    """One JSON object a line; a traceback is one field of it, without local variables."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=PROCESSORS,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )


def configure() -> None:
    """Route structlog through logging; called once at start-up."""
    structlog.configure(
        processors=[*PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=not settings.DEBUG,
    )
