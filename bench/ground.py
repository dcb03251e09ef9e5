"""A database and collected static files of the bench's own, made anew for each run."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from config import embedded, processes

NAME = "flexion_bench"
ROOT = Path(__file__).resolve().parent.parent
URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PLANNER_URL")


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Run the block on a fresh database, migrated, as the app's role and safe by default."""
    with contextlib.ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            running = stack.enter_context(embedded.servers(ROOT / "var"))
            os.environ.update(running.environ())
        stack.enter_context(processes.locked(ROOT / "var" / "benching"))
        _make_anew()
        _choose_settings()
        stack.enter_context(_set_up())
        yield


def _make_anew() -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):  # autovacuum is there
            owner.execute(f"drop database if exists {NAME} with (force)")
        owner.execute(f"drop database if exists {NAME}")  # which gives way to this one
        owner.execute(f"create database {NAME}")
        owner.execute(f"revoke all on database {NAME} from public")
        owner.execute(f"grant connect on database {NAME} to flexion_app, flexion_planner")
    for name in URLS:
        os.environ[name] = urlsplit(os.environ[name])._replace(path=f"/{NAME}").geturl()


def settle() -> None:
    """Count the rows for the query planner, as autovacuum does within a minute of their coming."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("analyze")


def _choose_settings() -> None:
    """As in production, but for the address and the log, which would bury the table."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "FLEXION_DEMO": "0",
        "DEBUG": "0",
        "SITE_URL": "http://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "LOG_LEVEL": "ERROR",
    }


@contextlib.contextmanager
def _set_up() -> Iterator[None]:
    import django
    from django.core.management import call_command
    from django.test import override_settings

    django.setup()
    from accounts.access import POLICY, SIGNED_IN

    POLICY["reference"] = SIGNED_IN
    with (
        tempfile.TemporaryDirectory(prefix="flexion-bench-") as folder,
        override_settings(STATIC_ROOT=folder, ROOT_URLCONF="bench.urls"),
    ):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        yield
