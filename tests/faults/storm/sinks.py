"""Mail server, text provider and push service of the storm, in one process, with one ledger.

They note what they took, refused or let hang, by the message's own id, and do what is armed:
drop (takes it and cuts the line), late (takes it, answers too late), hang (neither), 4xx, 5xx.
"""

import asyncio
import email
import email.policy
import os
import random
import re
import socket
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from threading import Thread
from typing import Any

import django

django.setup()

from aiosmtpd.controller import Controller  # noqa: E402 (django is set up first)
from twilio.request_validator import RequestValidator  # noqa: E402 (django is set up first)

from config.demo.notices import DROP, Notice, PushService  # noqa: E402 (django is set up first)
from config.demo.texts import Form, Provider  # noqa: E402 (django is set up first)
from tests.faults.storm.control import note, take  # noqa: E402 (django is set up first)

LATE_SECONDS = 14  # more than any client waits
CODES = {"4xx": 429, "5xx": 400}
WEB = os.environ["SITE_URL"]


def judge(channel: str, id: str, to: str) -> str:
    """What happens to this message, noted before it does."""
    action = take(channel)
    what = {"": "taken", "drop": "taken", "late": "taken", "hang": "silent"}.get(action, "refused")
    note("ledger", channel=channel, id=id, to=to, what=what, how=action)
    if action in ("late", "hang"):
        time.sleep(LATE_SECONDS)
    return action


class Mail:
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        told = (letter["Idempotency-Key"], envelope.rcpt_tos[0])
        action = await asyncio.to_thread(judge, "email", *told)
        if action == "drop":
            server.transport.abort()
        return {"4xx": "451 not now", "5xx": "550 nobody here"}.get(action, "250 taken")


class Texts(Provider):
    def answer(self, form: Form) -> tuple[int, dict[str, object]]:
        (id,) = re.findall(r"/go/([0-9a-f-]{36})/", form["Body"])
        action = judge("sms", id, form["To"])
        if action == "drop":
            raise ConnectionAbortedError
        if action in CODES:
            status = CODES[action]
            return status, {"status": status, "code": 21211 if status == 400 else status}
        if not action:
            Thread(target=tell_back, args=(id,), daemon=True).start()
        return 201, {"sid": f"SM{id}"}


def tell_back(id: str) -> None:
    """What became of a text: in any order, twice, and once by somebody else."""
    said = ["sent", "delivered", "delivered"]
    random.shuffle(said)
    for status in said:
        _post(id, status, RequestValidator("token"))
    _post(id, "failed", RequestValidator("forged"))


def _post(id: str, status: str, signer: RequestValidator) -> None:
    url, form = f"{WEB}/hooks/texts/{id}/", {"MessageStatus": status, "MessageSid": f"SM{id}"}
    signature = signer.compute_signature(url, form)
    data = urllib.parse.urlencode(form).encode()
    asked = urllib.request.Request(url, data, {"X-Twilio-Signature": signature})  # noqa: S310 (our own address)
    try:
        urllib.request.urlopen(asked, timeout=10).close()  # noqa: S310 (our own address)
    except (urllib.error.URLError, OSError) as error:
        note("hooks", id=id, status=status, error=str(error))


class Phones(PushService):
    def answer(self, notice: Notice) -> int:
        action = judge("push", notice.told["tag"], notice.path)
        return {"drop": DROP, "4xx": 429, "5xx": 410}.get(action, 201)


def main() -> None:
    mail, texts, push = map(int, sys.argv[1:])
    socket.setdefaulttimeout(30)
    Controller(Mail(), hostname="127.0.0.1", port=mail).start()
    Texts(texts)
    Phones(push)
    while True:
        time.sleep(1)


if __name__ == "__main__":
    main()
