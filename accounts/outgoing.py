"""A message on its way out, and what may become of it: the words that every channel shares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready to leave; `id` is the occurrence's and the same at every try.

    `link`: the page that it leads to, for a channel that opens it by a tap.
    """

    id: str
    to: str
    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    link: str = ""


class Refused(Exception):
    """The other side will never take this message."""


class TryLater(Exception):
    """It was certainly not taken, and may be the next time."""


class NoAnswer(Exception):
    """It may have been taken: the answer never came."""


class ChannelClient(Protocol):
    """Kept open over a batch. `send` returns the message's id at the provider, or raises."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def send(self, message: Outgoing) -> str: ...
