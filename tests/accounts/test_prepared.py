"""Statements that are planned once see what the scope of each run lets them see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.prepared import prepared
from accounts.scope import clinic_scope
from tests.factories import PatientFactory

pytestmark = pytest.mark.django_db
OFTEN = 8  # PostgreSQL settles on one plan after the fifth run


def test_a_kept_plan_shows_the_rows_of_the_scope_that_it_runs_in() -> None:
    patients = [PatientFactory.create() for _ in range(2)]
    for _ in range(OFTEN):
        for mine in patients:
            with clinic_scope(mine.clinic_id), prepared() as cursor:
                cursor.execute("select id from patients_patient where name <> %s", ["nobody"])
                assert cursor.fetchall() == [(mine.id,)]


def test_a_prepared_statement_is_counted_as_any_other() -> None:
    with CaptureQueriesContext(connection) as seen, prepared() as cursor:
        cursor.execute("select %s::int", [1])
    assert len(seen) == 1
