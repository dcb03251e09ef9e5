"""Faults are armed as files: whoever reaches the point first takes one, and it happens there."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

FOLDER = Path(os.environ.get("STORM_FOLDER", "."))
SHIFT = "shift"  # seconds by which the workers' own clock is off


def arm(point: str, action: str) -> None:
    """Let the next process at this point do this: kill, stop, or what a sink understands."""
    draft = FOLDER / f"draft.{uuid4()}"
    draft.write_text(action)
    draft.rename(FOLDER / f"armed.{point}.{uuid4()}")


def armed() -> list[str]:
    """The points at which something still waits."""
    return [path.name.split(".")[1] for path in FOLDER.glob("armed.*")]


def disarm() -> None:
    """Nothing more is to happen."""
    for path in FOLDER.glob("armed.*"):
        path.unlink(missing_ok=True)


def take(point: str) -> str:
    """What is to happen here, once; empty if nothing."""
    for path in FOLDER.glob(f"armed.{point}.*"):
        try:
            path.rename(mine := FOLDER / f"taken.{uuid4()}")
        except FileNotFoundError:
            continue
        note("faults", what=point, how=(action := mine.read_text()), pid=os.getpid())
        return action
    return ""


def reach(point: str) -> None:
    """Die or freeze here, if that is what waits."""
    action = take(point)
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)


def around[**P, R](step: Callable[P, R], before: str = "", after: str = "") -> Callable[P, R]:
    """The step with a point before it and one after."""

    def both(*args: P.args, **kwargs: P.kwargs) -> R:
        if before:
            reach(before)
        result = step(*args, **kwargs)
        if after and result:
            reach(after)
        return result

    return both


def note(ledger: str, **told: Any) -> None:
    """Add a line to a ledger that only grows; whole, and on disk before it returns."""
    line = json.dumps({"at": time.time()} | told) + "\n"
    file = os.open(FOLDER / f"{ledger}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, line.encode())
    finally:
        os.close(file)


def read(ledger: str) -> list[dict[str, Any]]:
    """The lines of a ledger, oldest first."""
    path = FOLDER / f"{ledger}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
