"""History is added to and read: neither the app's role nor the tables' owner changes it."""

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.db.models import Model

from accounts.database import as_owner
from accounts.models import AuditEvent
from desk import models as desk
from patients.models import Message, OutcomeScore
from programs import models as programs
from tests.broken import Rows

HISTORY: list[type[Model]] = [
    AuditEvent,
    Message,
    OutcomeScore,
    programs.DoseVersion,
    programs.SetLog,
    programs.PainReport,
    programs.SessionReport,
    programs.SessionNote,
    programs.CheckIn,
    programs.UsualPain,
    programs.NotToday,
    programs.RedFlag,
    programs.Clearance,
    programs.Decision,
    programs.Answer,
    programs.Finding,
    programs.FurtherAnswer,
    programs.Discharge,
    desk.TimeEntry,
    desk.Contact,
]
TABLES = [model._meta.db_table for model in HISTORY]
UPDATE, DELETE = "update {} set id = id", "delete from {}"
TRIGGERS = "select tgrelid::regclass::text from pg_trigger where tgname = 'append_only'"


def run(sql: str) -> list[tuple[str]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.django_db
def test_these_tables_and_no_others_are_history() -> None:
    assert sorted(table for (table,) in run(TRIGGERS)) == sorted(TABLES)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", [UPDATE, DELETE, "truncate {} cascade"])
@pytest.mark.parametrize("table", TABLES)
def test_the_app_may_not_change_history(table: str, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for table"):
        run(statement.format(table))


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_changes_history() -> None:
    rows = Rows()
    with as_owner(connection), rows.scope():
        for model, table in zip(HISTORY, TABLES, strict=True):
            assert rows.one(model)
            for statement in (UPDATE, DELETE):
                with pytest.raises(DatabaseError, match=f"^{table} is append-only"):
                    run(statement.format(table))
        transaction.set_rollback(True)
