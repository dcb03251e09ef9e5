"""What the database holds, it was seen to hold: no constraint without a row that it refuses."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Model, UniqueConstraint

from tests.accounts import test_constraints as accounts
from tests.broken import Rows, own_models, refused, ties, written
from tests.desk.monitoring import test_constraints as desk
from tests.exercises import test_constraints as exercises
from tests.patients import test_constraints as patients
from tests.programs import test_constraints as programs
from tests.reminders import test_constraints as reminders

TABLES = (accounts, desk, exercises, patients, programs, reminders)
COMPOSITE = """
    select conrelid::regclass::text, confrelid::regclass::text from pg_constraint
    where contype = 'f' and cardinality(conkey) = 2"""


def is_of_the_key(model: type[Model], constraint: object) -> bool:
    """Whether it is unique by its id alone: what composite foreign keys need, never broken."""
    key = model._meta.pk.name
    return isinstance(constraint, UniqueConstraint) and key in constraint.fields


def test_each_constraint_has_a_row_that_it_refuses() -> None:
    named = {
        each.name
        for model in own_models()
        for each in model._meta.constraints
        if not is_of_the_key(model, each)
    }
    assert named == {str(broken) for table in TABLES for broken in table.BROKEN}


@pytest.mark.django_db
@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_the_plain_row_that_they_change_is_taken(model: type[Model]) -> None:
    rows = Rows()
    with rows.scope():
        written(rows.new(model))


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "key"), ties(), ids=lambda each: getattr(each, "name", None))
def test_a_row_cannot_hang_on_a_row_of_another_clinic(model: type[Model], key: Any) -> None:
    ours, theirs = Rows(1), Rows(2)
    with ours.scope(theirs):
        row = ours.new(model, **{key.name: theirs.one(key.related_model)})
        refused(row, f"{model._meta.db_table}_{key.column}_same_clinic")


@pytest.mark.django_db
def test_each_id_with_its_clinic_is_what_a_foreign_key_leads_to() -> None:
    with connection.cursor() as cursor:
        cursor.execute(COMPOSITE)
        led_to = {parent for _child, parent in cursor.fetchall()}
    with_clinic = {
        model._meta.db_table
        for model in own_models()
        if any(is_of_the_key(model, each) for each in model._meta.constraints)
    }
    assert with_clinic == led_to
