"""Child processes that outlive us or die with us, private folders, and file locks.

Standard library only: config.embedded builds the development servers from these.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_children: dict[int, subprocess.Popen[bytes]] = {}


class ServerError(RuntimeError):
    """An embedded server could not be found, started or reached."""


@dataclass(frozen=True)
class Account:
    """The system account that runs a server; `switch` says whether we must change to it."""

    uid: int
    gid: int
    switch: bool

    def options(self) -> dict[str, Any]:
        """Keyword arguments that make `subprocess` run a child as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}


def account_for(data: Path) -> Account:
    """Who runs the servers of `data`: ourselves, or as root the data's owner, else `nobody`.

    PostgreSQL refuses to run as root.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, switch=True)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise ServerError("Run this as a plain user: there is no account `nobody`.") from None
    return Account(nobody.pw_uid, nobody.pw_gid, switch=True)


def open_to_all(path: Path) -> bool:
    """Whether any account may enter `path` (a folder) or reach it (a file)."""
    path = path.resolve()
    folders = [path, *path.parents] if path.is_dir() else list(path.parents)
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


def short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def own_folder(path: Path, account: Account, mode: int = 0o700) -> Path:
    """Make `path` a real folder of `account`; refuse one that somebody else put there."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=mode)
        if account.switch:
            os.chown(path, account.uid, account.gid)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise ServerError(f"{path} belongs to somebody else; remove it and try again.")
    if stat.S_IMODE(found.st_mode) != mode:
        path.chmod(mode)
    return path


def write_private(path: Path, text: str) -> None:
    """Write a file that only we may read, whole or not at all."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
    draft.replace(path)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold `path` for this process alone; wait for it if need be."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def hold(path: Path) -> Callable[[], bool]:
    """Count ourselves among the users of `path`.

    The answer is called once, under the lock that guards joining: it leaves, and tells whether
    nobody else is left. A killed process leaves by itself.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)

    def leave() -> bool:
        os.close(descriptor)
        with path.open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    return leave


def tied_to_us(command: Sequence[object], end_by: str = "QUIT") -> list[str]:
    """The command, to be stopped by the kernel once its parent is gone (Linux's setpriv)."""
    helper = shutil.which("setpriv") if sys.platform == "linux" else None
    return [*([helper, "--pdeathsig", end_by] if helper else []), *map(str, command)]


def run(
    command: Sequence[object],
    cwd: Path,
    environment: dict[str, str],
    account: Account | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a tool to its end, or to ours."""
    return subprocess.run(  # noqa: S603  a tool of ours, no shell
        tied_to_us(command),
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        **(account.options() if account else {}),
    )


def spawn(
    command: Sequence[object],
    *,
    cwd: Path,
    log: Path,
    account: Account,
    environment: dict[str, str] | None = None,
    end_by: str = "",
) -> int:
    """Start a server in a session of its own and give its pid.

    It goes on after this process, unless there is a signal to `end_by` it with us.
    """
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603  a program of ours, no shell
            tied_to_us(command, end_by) if end_by else [str(part) for part in command],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
            **account.options(),
        )
    _children[child.pid] = child
    return child.pid


def release() -> None:
    """Forget our children without a warning: the servers among them go on."""
    for child in _children.values():
        if child.poll() is None:
            child.returncode = 0
    _children.clear()


def command_line(pid: int) -> str:
    """The command line of a living process; '' for none and for a zombie."""
    if child := _children.get(pid):
        child.poll()
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return "" if Path("/proc/self").exists() else _ask_ps(pid)
    return raw.replace(b"\0", b" ").decode(errors="replace").strip()


def _ask_ps(pid: int) -> str:
    ps = shutil.which("ps") or "/bin/ps"
    answer = subprocess.run(  # noqa: S603  a program of ours, no shell
        [ps, "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


def is_ours(pid: int, marks: Sequence[str | Path]) -> bool:
    """Whether `pid` lives and its command line holds every mark: pids are used again."""
    line = command_line(pid)
    return bool(line) and all(str(mark) in line for mark in marks)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll until `condition` holds; False if it doesn't within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def end(pid: int, marks: Sequence[str | Path], signals: Sequence[signal.Signals]) -> None:
    """Send each signal in turn until `pid` is gone, 10 s apart."""
    for number in signals:
        if not is_ours(pid, marks):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        if wait_until(lambda: not is_ours(pid, marks), 10):
            return
    raise ServerError(f"Process {pid} does not end.")
