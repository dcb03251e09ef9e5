"""Stands in for the push services and the phones behind them: takes and reads notifications."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from accounts.scope import clinic_scope
from config.demo import cast, mailbox
from reminders.models import Device

DROP = 0  # in place of a status: the line is closed without an answer


def _invented(name: str) -> bytes:
    """The demo's own numbers, the same at every start, so that its phones stay turned on."""
    return sha256(f"{cast.NAMESPACE} {name}".encode()).digest()


def _text(number: bytes) -> str:
    return urlsafe_b64encode(number).rstrip(b"=").decode()


PHONE = ec.derive_private_key(int.from_bytes(_invented("phone")), ec.SECP256R1())
SECRET = _invented("secret")[:16]
SENDER = _text(_invented("sender"))  # the demo's PUSH_KEY
KEYS = {
    "p256dh": _text(PHONE.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
    "auth": _text(SECRET),
}


@dataclass(frozen=True)
class Notice:
    """A notification as it came, and as the phone reads it: title, body, url, tag."""

    path: str
    headers: Message
    told: Mapping[str, str]


class _Line(BaseHTTPRequestHandler):
    """One request of a sender: a sealed notification in, 201 out."""

    server: "PushService"

    def do_POST(self) -> None:
        sealed = self.rfile.read(int(self.headers["Content-Length"]))
        opened = http_ece.decrypt(sealed, private_key=PHONE, auth_secret=SECRET)
        status = self.server.answer(Notice(self.path, self.headers, json.loads(opened)))
        if status == DROP:
            return
        self.send_response(status)
        self.send_header("Location", f"{self.server.url}/taken/{time.time_ns()}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing: what goes to a phone is nobody else's business."""


class PushService(ThreadingHTTPServer):
    """Listens on this machine's own address; `stop()` ends it."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Line)
        self._thread = Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, notice: Notice) -> int:
        """Keep it for the inbox; the status that the sender gets."""
        mail = mailbox.Mail(
            key=str(time.time_ns()),
            at=time.time(),
            to=notice.path,
            subject=notice.told["title"],
            text=f"{notice.told['body']}\n\n{notice.told['url']}",
            headers=dict(notice.headers.items()),
        )
        mailbox.keep(mail)
        return 201

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


def find_again(service: PushService) -> None:
    """Lead the phones that the demo's people turned on at an earlier start to this one's port."""
    with clinic_scope(cast.CLINIC_ID):
        ours = Device.objects.filter(endpoint__startswith="http://127.0.0.1:")
        ours.update(endpoint=Concat(Value(f"{service.url}/"), Cast("id", CharField())))
