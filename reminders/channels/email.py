"""Email over SMTP by Django's mailers: one kept connection a batch, at least once."""

import contextlib
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, mailers

from reminders.channels import NoAnswer, Outgoing, Refused, TryLater


class Letter(EmailMessage):
    """Plain words to one person, written straight out: an object a header costs more than to send.

    Each header stands on one line: a folded List-Unsubscribe is unreadable to mail programs.
    """

    def message(self, *, policy: Any = SMTP) -> Any:
        headers = self._headers()
        if all(value.isascii() and value.isprintable() for value in headers.values()):
            return Written(headers, str(self.body))
        return super().message(policy=policy.clone(max_line_length=998))

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Type": 'text/plain; charset="utf-8"',
            "Content-Transfer-Encoding": "7bit" if self.body.isascii() else "8bit",
            "MIME-Version": "1.0",
            "Subject": _in_ascii(str(self.subject)),
            "From": _named(self.from_email),
            "To": ", ".join(self.to),
            "Date": format_datetime(datetime.now(UTC)),
            **self.extra_headers,
        }


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it goes over the line."""

    headers: Mapping[str, str]
    body: str

    def as_bytes(self) -> bytes:
        head = [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*head, "", *self.body.splitlines(), ""]).encode()


@lru_cache
def _in_ascii(text: str) -> str:
    """As a header says it."""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=998).encode()


@lru_cache
def _named(sender: str) -> str:
    return formataddr(parseaddr(sender))


class EmailClient:
    """Sends through the default mailer; after any error the next message gets a new connection."""

    def __init__(self) -> None:
        self._mailer: Any = mailers["default"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def send(self, message: Outgoing) -> str:
        """Hand over one message; returns its Message-ID. Raises Refused, TryLater or NoAnswer."""
        email = letter(message)
        try:
            self._open()
            self._hand_over(email)
        except Exception:
            self._close()
            raise
        return str(email.extra_headers["Message-ID"])

    def _open(self) -> None:
        try:
            self._mailer.open()
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(type(error).__name__) from error

    def _hand_over(self, email: EmailMessage) -> None:
        try:
            self._mailer.send_messages([email])
        except ValueError as error:  # an address that no mail server would take
            raise Refused("address") from error
        except (OSError, smtplib.SMTPException) as error:
            raise _meaning(error) from error

    def _close(self) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._mailer.close()


def message_id(id: str) -> str:
    """The same for every try, so that mail programs fold doubles."""
    return f"<{id}@{urlsplit(settings.SITE_URL).hostname}>"


def letter(message: Outgoing) -> Letter:
    fixed = {
        "Message-ID": message_id(message.id),
        "Idempotency-Key": message.id,
        "Auto-Submitted": "auto-generated",
    }
    return Letter(
        subject=message.subject,
        body=message.body,
        to=[message.to],
        headers={**fixed, **message.headers},
    )


def _meaning(error: Exception) -> Exception:
    """What an error during the hand-over says: a code from the server, or silence."""
    code = _code(error)
    if code is None:
        return NoAnswer(type(error).__name__)
    return Refused(str(code)) if 500 <= code < 600 else TryLater(str(code))


def _code(error: Exception) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code
    return None
