"""How many patients a change of the library would reach: a number, of all clinics."""

from typing import Any

import pytest

from accounts.scope import clinic_scope
from exercises.models import Exercise
from exercises.usage import patients_using
from tests.desk.test_pages import NOW
from tests.factories import ClinicFactory
from tests.programs.people import make_person

pytestmark = pytest.mark.django_db


def the_exercise() -> Exercise:
    return Exercise.objects.get(slug="standing-curl-limited")


def test_patients_of_every_clinic_count_once_each(django_assert_num_queries: Any) -> None:
    for _ in range(2):
        make_person(NOW)
    exercise = the_exercise()
    with clinic_scope(ClinicFactory.create().id), django_assert_num_queries(6):
        # the clinics' ids, the count, and the scope: opened, set, set back, closed
        assert patients_using(exercise) == 2


def test_a_program_that_is_over_does_not_count() -> None:
    maya = make_person(NOW)
    with maya.scope():
        maya.program.status = "ended"
        maya.program.save()
    assert patients_using(the_exercise()) == 0


def test_counting_opens_no_row_to_whoever_asked() -> None:
    maya = make_person(NOW)
    with clinic_scope(ClinicFactory.create().id):
        patients_using(the_exercise())
        assert not type(maya.program).objects.filter(pk=maya.program.pk).exists()
