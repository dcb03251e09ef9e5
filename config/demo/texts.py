"""Stands in for the provider of text messages: takes what Twilio's client sends."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from config.demo import mailbox

type Form = dict[str, str]


class _Line(BaseHTTPRequestHandler):
    """One request of the client: the form of a message in, a JSON answer out."""

    server: "Provider"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        form = dict(parse_qsl(self.rfile.read(length).decode()))
        status, told = self.server.answer(form)
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing: a number is nobody else's business."""


class Provider(ThreadingHTTPServer):
    """Listens on this machine's own address; `stop()` ends it."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Line)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """What SMS_URL says to reach it."""
        return f"http://account:token@127.0.0.1:{self.server_address[1]}"

    def answer(self, form: Form) -> tuple[int, dict[str, object]]:
        """Take the message, as Twilio says it: 201 and the message's id."""
        key = str(time.time_ns())
        mailbox.keep(
            mailbox.Mail(
                key=key,
                at=time.time(),
                to=form["To"],
                subject="",
                text=form["Body"],
                headers={"From": form["From"]},
            )
        )
        return 201, {"sid": f"SM{key}"}

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
