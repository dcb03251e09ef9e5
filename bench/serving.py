"""A real gunicorn of the bench's own, that may be killed and comes back at the same port."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

from django.conf import settings

from bench.line import HOST

READY_WITHIN = 60


class Server:
    """Use as a context. Its processes are a group of their own, so that a kill reaches them all."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *failed: object) -> None:
        self.kill()

    def start(self) -> None:
        options = "--workers=1 --threads=8 --worker-class=gthread --log-level=critical"
        command = [sys.executable, "-m", "gunicorn", "bench.wsgi", f"--bind={HOST}:{self.port}"]
        given = os.environ | {"BENCH_STATIC_ROOT": str(settings.STATIC_ROOT)}
        self._process = subprocess.Popen(  # noqa: S603  as written above
            [*command, *options.split()], env=given, start_new_session=True
        )
        self._wait()

    def kill(self) -> None:
        """At once, in the middle of whatever it does."""
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
            self._process = None

    def _wait(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection((HOST, self.port), 1) as it:
                it.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                if b" 200 " in it.recv(100):
                    return
            time.sleep(0.05)
        raise TimeoutError("the server does not answer")
