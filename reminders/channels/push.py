"""Notifications on phones by Web Push: encrypted for one device (RFC 8291), signed as ours (8292).

At least once: each try of a message has the same Topic and the same tag, so that a double takes
the place of the one before.
"""

import json
import re
import time
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256
from typing import Self
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode
from requests import ConnectTimeout, RequestException, Session
from requests.exceptions import ProxyError
from urllib3.exceptions import NewConnectionError

from reminders.channels import NoAnswer, Outgoing, Refused, TryLater

TIMEOUT_SECONDS = 10
SIGNED_SECONDS = 12 * 3600  # a push service takes no signature for more than a day
KEPT_SECONDS = 3 * 3600  # for a phone that is off
GONE = (404, 410)
LONGEST_ID = 120  # of what Occurrence.message_id holds
# Stricter than any URL parser, so that no two of them can read another host out of it.
PATH = r"/[\w.~:/?@!$&'()*+,;=%-]*"
SERVICE = re.compile(rf"https://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::443)?{PATH}", re.ASCII)
THIS_MACHINE = re.compile(rf"http://127\.0\.0\.1:\d{{1,5}}{PATH}", re.ASCII)


def are_on() -> bool:
    """Whether this installation can send notifications at all."""
    return bool(settings.PUSH_KEY)


def public_key() -> str:
    """What a browser subscribes with; empty where there are no notifications."""
    return _public(settings.PUSH_KEY) if are_on() else ""


def new_key() -> str:
    """A key that no other installation has, as PUSH_KEY takes it."""
    key = Vapid02()
    key.generate_keys()
    number = key.private_key.private_numbers().private_value
    return str(b64urlencode(number.to_bytes(32)))


def may_send(endpoint: str) -> bool:
    """Whether a phone may be reached there: at a known push service, by HTTPS.

    A browser names the address, so it could be any of the inner network; asked when a device is
    registered and again before each message.
    """
    if settings.PUSH_TO_THIS_MACHINE and THIS_MACHINE.fullmatch(endpoint):
        return True
    found = SERVICE.fullmatch(endpoint)
    return found is not None and any(
        f".{found[1]}".endswith(f".{host}") for host in settings.PUSH_HOSTS
    )


class PushClient:
    """Sends to one device a message: `to` is {"endpoint", "keys": {"p256dh", "auth"}} as JSON.

    Of a message's headers only TTL (seconds) and Urgency are a push service's business.
    """

    def __init__(self) -> None:
        self._key = Vapid02.from_string(settings.PUSH_KEY)
        self._line = Session()
        self._signed: dict[str, dict[str, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._line.close()

    def send(self, message: Outgoing) -> str:
        """Hand over one notification; returns its id at the push service, or its own.

        Raises Refused ("gone": the device takes no more), TryLater or NoAnswer.
        """
        endpoint, sealed = _sealed(message)
        try:
            answer = self._line.post(
                endpoint,
                data=sealed,
                headers=_headers(message) | self._signature(endpoint),
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except RequestException as error:
            raise _meaning(error) from error
        _judge(answer.status_code)
        theirs = str(answer.headers.get("Location", ""))
        return theirs if 0 < len(theirs) <= LONGEST_ID else message.id

    def _signature(self, endpoint: str) -> dict[str, str]:
        """Made once for a push service and a batch: it says for whom and until when, not what."""
        where = urlsplit(endpoint)
        service = f"{where.scheme}://{where.netloc}"
        if service not in self._signed:
            until = int(time.time()) + SIGNED_SECONDS
            claims = {"aud": service, "exp": until, "sub": settings.PUSH_CONTACT}
            self._signed[service] = self._key.sign(claims)
        return self._signed[service]


@cache
def _public(private: str) -> str:
    key = Vapid02.from_string(private).public_key
    return str(b64urlencode(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)))


def _sealed(message: Outgoing) -> tuple[str, bytes]:
    """Where it goes, and what only the device there can read; Refused if that is no device."""
    from pywebpush import WebPusher, WebPushException  # slow to import, and only senders seal

    try:
        device = json.loads(message.to)
        if not may_send(device["endpoint"]):
            raise Refused("address")
        sealed = WebPusher(device).encode(_payload(message))["body"]
    except (LookupError, TypeError, ValueError, WebPushException) as error:
        raise Refused("address") from error
    return device["endpoint"], sealed


def _payload(message: Outgoing) -> bytes:
    told = {
        "title": message.subject,
        "body": message.body,
        "url": message.link,
        "tag": message.id,
    }
    return json.dumps(told).encode()


def _headers(message: Outgoing) -> dict[str, str]:
    digest = sha256(message.id.encode()).digest()
    return {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "Topic": urlsafe_b64encode(digest[:24]).decode(),  # 32 characters are the most
        "TTL": message.headers.get("TTL", str(KEPT_SECONDS)),
        "Urgency": message.headers.get("Urgency", "normal"),
    }


def _judge(status: int) -> None:
    """What an answer says of the message; nothing, if it was taken."""
    if 200 <= status < 300:
        return
    if status in GONE:
        raise Refused("gone")
    if 400 <= status < 500 and status != 429:
        raise Refused(str(status))
    raise TryLater(str(status))


def _meaning(error: RequestException) -> Exception:
    """Whether it never left, or may have arrived."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    never_left = isinstance(error, ConnectTimeout | ProxyError)
    if never_left or isinstance(reason, NewConnectionError):
        return TryLater("no connection")
    return NoAnswer(type(error).__name__)
