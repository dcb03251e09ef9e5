"""Empties the test database between transactional tests, as a superuser, row by row."""

import os

import psycopg
from django.db import connection

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
_seeded: dict[str, bool] = {}


def _superuser() -> psycopg.Connection[tuple[object, ...]]:
    name = str(connection.settings_dict["NAME"])
    if not name.startswith("test_"):
        raise AssertionError(f"{name} is no test database")
    return psycopg.connect(os.environ["FLEXION_TEST_SUPERUSER_URL"], dbname=name, autocommit=True)


def _tables(database: psycopg.Connection[tuple[object, ...]]) -> set[str]:
    rows = database.execute("select tablename from pg_tables where schemaname = 'public'")
    return {str(row[0]) for row in rows} - KEPT


def remember_seeds() -> None:
    """Note which tables the migrations filled: those rows stay."""
    with _superuser() as database:
        for table in _tables(database):
            row = database.execute(f'select exists (select from "{table}")').fetchone()
            _seeded[table] = bool(row and row[0])


def disconnect() -> None:
    """End what a test's threads and processes left connected, so that the database can go."""
    with _superuser() as database:
        database.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )


def settle() -> None:
    """Forget what earlier tests left in the tables, and count the rows for the query planner."""
    with _superuser() as database:
        database.execute("vacuum (full, analyze)")


def flush() -> None:
    with _superuser() as database:
        database.execute("set session_replication_role = replica")
        for table in sorted(_tables(database)):
            if not _seeded.get(table):
                database.execute(f'delete from "{table}"')
