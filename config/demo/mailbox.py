"""The demo's mail server: takes what leaves over SMTP and keeps it in a folder to look at."""

import email
import email.policy
import json
import logging
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "var" / "demo" / "mail"


@dataclass(frozen=True)
class Mail:
    """A message as it arrived; `at` is seconds since 1970. A text message has no subject."""

    key: str
    at: float
    to: str
    subject: str
    text: str
    headers: dict[str, str]


class Sink:
    """Keeps every message as a file of its own, whole or not at all."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = parsed.get_body(("plain", "html"))
        keep(
            Mail(
                key=str(time.time_ns()),
                at=time.time(),
                to=", ".join(envelope.rcpt_tos),
                subject=str(parsed["subject"]),
                text=body.get_content() if body else "",
                headers={name: str(value) for name, value in parsed.items()},
            )
        )
        return "250 kept"


def keep(mail: Mail) -> None:
    """Write it down for the inbox, whole or not at all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    draft = FOLDER / f".{mail.key}"
    draft.write_text(json.dumps(asdict(mail)))
    os.replace(draft, FOLDER / f"{mail.key}.json")


def mails() -> list[Mail]:
    """Return what arrived, newest first."""
    files = sorted(FOLDER.glob("*.json"), reverse=True)[:200]
    return [Mail(**json.loads(file.read_text())) for file in files]


def serve(port: int) -> Controller:
    """Start the mail server on this machine's own address; `stop()` ends it."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    return controller
