"""What every test stands on: real PostgreSQL as the app's role, blocked sockets, plain statics."""

import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from django.test.utils import override_settings, setup_databases, teardown_databases
from pytest_socket import socket_allow_hosts

from accounts.database import as_owner
from tests import flush

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


LONGEST = (
    *("test_storm", "test_story", "test_bench_offline", "test_every_page", "test_properties"),
    "test_compose",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no worker sits over one of them while the others are done."""
    ranks = {stem: rank for rank, stem in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.stem, len(ranks)))


def pytest_collection_finish() -> None:
    """So much was imported that to look for garbage in it again and again takes long."""
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: Any, django_db_modify_db_settings: None, django_test_environment: None
) -> Iterator[None]:
    """Make the test database as its owner; the tests themselves are the app's role."""
    with django_db_blocker.unblock():
        with as_owner(connections["default"]):
            old = setup_databases(
                0, interactive=False, aliases={"default", "planner"}, serialized_aliases=set()
            )
        flush.remember_seeds()
        yield
        connections.close_all()
        flush.disconnect()
        with as_owner(connections["default"]):
            teardown_databases(old, verbosity=0)


@pytest.fixture(autouse=True, scope="session")
def _own_flush() -> Iterator[None]:
    """The stock flush needs TRUNCATE, which the app's role doesn't have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: flush.flush())
        yield


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> Iterator[None]:
    """A password's hash costs nothing; that Argon2 is what the product uses has its own test."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True, scope="session")
def _plain_statics() -> Iterator[None]:
    """Static files under their own names, straight from their folders: nothing was collected."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = settings.STORAGES | {"staticfiles": plain}
    with override_settings(STORAGES=storages, WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(autouse=True, scope="session")
def _own_media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests add to the storage goes with them."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files as a release has them: lean, whole, under hashed names."""
    folder = tmp_path_factory.mktemp("collected")
    hashed = {"BACKEND": "config.storage.HashedStorage"}
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": hashed}, STATIC_ROOT=folder
    ):
        call_command("collectstatic", verbosity=0, interactive=False)
    return folder


@pytest.fixture(autouse=True)
def _no_way_out() -> None:
    """No test reaches beyond this machine."""
    socket_allow_hosts(["127.0.0.1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _no_memory() -> None:
    """What one test asked for counts against no limit of the next."""
    cache.clear()


@pytest.fixture
def now() -> datetime:
    return NOW
