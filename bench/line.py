"""A line between a browser and a server that fails on purpose: asyncio, one connection a request.

Loopback only. Faults are ordered one by one and meet the next requests that log something.
"""

import asyncio
import contextlib
import re
import threading
from collections import deque
from dataclasses import dataclass
from typing import Literal

HOST = "127.0.0.1"
LOGS = re.compile(rb"^POST /sessions/[^/]+/(sets|pain|finish|hurts)/ ")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
KEPT = re.compile(rb"\r\nconnection:[^\r]*", re.IGNORECASE)
ERROR = b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\nConnection: close\r\n\r\nOops"
HELD_OPEN = 20  # seconds for the server to answer

type Kind = Literal["before", "after", "half", "error", "error after", "delay"]
KINDS: tuple[Kind, ...] = ("before", "after", "half", "error", "error after", "delay")
COMMITTED: tuple[Kind, ...] = ("after", "half", "error after")


@dataclass(frozen=True)
class Fault:
    """What befalls one request. `before`: it never arrives; `after`: its answer doesn't."""

    kind: Kind
    seconds: float = 0.0


class Line:
    """Use as a context; `address` is where the browser goes. `down` cuts every new connection."""

    def __init__(self, port: int) -> None:
        self.upstream = port
        self.port = 0
        self.down = False
        self.faults: deque[Fault] = deque()
        self.met: list[Kind] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> "Line":
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *failed: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, HOST, 0)

    async def _close(self) -> None:
        self._server.close()
        ours = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
        for each in ours:
            each.cancel()
        await asyncio.gather(*ours, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            if not self.down:
                await self._pass(reader, writer)
        writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _whole(reader)
        fault = self.faults.popleft() if LOGS.match(request) and self.faults else None
        if fault:
            self.met.append(fault.kind)
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind in ("before", "error"):
            writer.write(ERROR if fault.kind == "error" else b"")
            return await writer.drain()
        answer = await self._ask(request)
        if fault and fault.kind == "error after":
            answer = ERROR
        elif fault and fault.kind in ("after", "half"):
            answer = answer[: len(answer) // 2] if fault.kind == "half" else b""
        writer.write(answer if not self.down else b"")
        return await writer.drain()

    async def _ask(self, request: bytes) -> bytes:
        """The server's whole answer, over a connection of its own."""
        reader, writer = await asyncio.open_connection(HOST, self.upstream)
        try:
            writer.write(request)
            await writer.drain()
            return await asyncio.wait_for(reader.read(), HELD_OPEN)
        finally:
            writer.close()


async def _whole(reader: asyncio.StreamReader) -> bytes:
    """One request with its body, marked as the last of its connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    found = LENGTH.search(head)
    body = await reader.readexactly(int(found[1])) if found else b""
    return KEPT.sub(b"", head[:-2]) + b"Connection: close\r\n\r\n" + body
