"""Providers that sign what they tell, by their own published rule rather than by our code."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from django.test import Client

from reminders.models import Receipt

TOKEN = "secret"
SMS_URL = f"https://AC1:{TOKEN}@api.twilio.com"
MAIL_KEY = b"a secret that only two of us know"
MAIL_EVENTS_SECRET = "whsec_" + base64.b64encode(MAIL_KEY).decode()
MAIL = "/hooks/mail/"


def by_twilio(path: str, form: dict[str, str], token: str = TOKEN) -> str:
    """Twilio's signature: the address as it called it, then each field and value, by name."""
    told = "http://testserver" + path + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), told.encode(), hashlib.sha1)).decode()


def tell(client: Client, path: str, form: dict[str, str], *, signature: str = "") -> Any:
    """Post a form as Twilio does."""
    genuine = signature or by_twilio(path, form)
    return client.post(path, form, headers={"X-Twilio-Signature": genuine})


def letter(body: bytes, *, at: float | None = None, key: bytes = MAIL_KEY) -> dict[str, str]:
    """The headers of a Standard Webhook."""
    stamp = str(int(time.time() if at is None else at))
    mark = hmac.digest(key, f"msg_1.{stamp}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mark).decode()}",
    }


def post(client: Client, told: Any, **headers: str) -> Any:
    """Post a mail event, signed unless the headers say otherwise."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return client.post(MAIL, body, "application/json", headers=letter(body) | headers)


def receipts() -> list[tuple[str, str, str, str]]:
    told = Receipt.objects.order_by("id")
    return [(row.channel, str(row.occurrence), row.event, row.reason) for row in told]
