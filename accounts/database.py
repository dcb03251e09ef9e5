"""The database's own walls: three roles, and migration operations for row security.

`flexion_owner` migrates, `flexion_app` serves, `flexion_planner` touches reminders' tables only.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper

APP, PLANNER = "flexion_app", "flexion_planner"
IN_SCOPE = (
    "clinic_id = any((select nullif(current_setting('app.clinics', true), '')::uuid[])::uuid[])"
)
OWN_USER = "user_id = (select nullif(current_setting('app.user', true), '')::uuid)"


@contextmanager
def as_owner(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Reconnect as the tables' owner for the block: for migrations and the test set-up."""
    login = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    connection.close()
    connection.close_pool() if hasattr(connection, "close_pool") else None
    connection.settings_dict.update(settings.DATABASE_OWNER)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(login)


def grants() -> migrations.RunSQL:
    """Let the app read and write what the owner creates from here on, and nothing else."""
    return migrations.RunSQL(
        f"""
        grant usage on schema public to {APP}, {PLANNER};
        alter default privileges in schema public
            grant select, insert, update, delete on tables to {APP};
        alter default privileges in schema public grant usage, select on sequences to {APP};
        grant select, insert, update, delete on all tables in schema public to {APP};
        grant usage, select on all sequences in schema public to {APP};
        revoke insert, update, delete on django_migrations from {APP};
        """,
        migrations.RunSQL.noop,
    )


def _policy(table: str, condition: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy clinic on {table} using ({condition}) with check ({condition});
        """,
        f"drop policy clinic on {table}; alter table {table} disable row level security;",
    )


def ClinicPolicy(table: str) -> migrations.RunSQL:
    """Show and take rows of the clinics in scope only."""
    return _policy(table, IN_SCOPE)


def OwnRowPolicy(table: str) -> migrations.RunSQL:
    """As ClinicPolicy, and a person always sees the rows that carry their own user id."""
    return _policy(table, f"({IN_SCOPE}) or ({OWN_USER})")


def LibraryPolicy(table: str) -> migrations.RunSQL:
    """Rows of no clinic belong to everyone; the others to their clinic."""
    return _policy(table, f"clinic_id is null or {IN_SCOPE}")


def SameClinic(table: str, column: str, parent: str) -> migrations.RunSQL:
    """Tie child and parent to one clinic: foreign keys alone look past row security."""
    name = f"{table}_{column}_same_clinic"
    return migrations.RunSQL(
        f"""alter table {table} add constraint {name} foreign key (clinic_id, {column})
            references {parent} (clinic_id, id) deferrable initially deferred""",
        f"alter table {table} drop constraint {name}",
    )


def AppendOnly(table: str) -> migrations.RunSQL:
    """Rows are added and read, never changed or removed: by grant, and by trigger for the owner."""
    return migrations.RunSQL(
        f"""
        revoke update, delete, truncate on {table} from {APP};
        create function {table}_is_append_only() returns trigger language plpgsql as
            $$ begin raise exception '{table} is append-only'; end $$;
        create trigger append_only before update or delete on {table}
            for each row execute function {table}_is_append_only();
        """,
        f"drop trigger append_only on {table}; drop function {table}_is_append_only();",
    )
