"""The library is found by a few letters of a name, in the language of the page."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from accounts.scope import clinic_scope
from exercises import shipped
from exercises.models import Revision
from exercises.searching import find_exercise, find_exercises
from exercises.services import retire_revision
from tests.conftest import NOW
from tests.factories import ClinicFactory
from tests.programs.prescribing.given import load_library, make_searchable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _library() -> Iterator[None]:
    load_library()
    make_searchable()
    with clinic_scope(ClinicFactory.create().id):
        yield


def names(words: str) -> list[str]:
    return [each.name for each in find_exercises(words)]


def test_an_exercise_is_found_by_parts_of_its_words_in_any_order() -> None:
    assert names("BAND stand")[0] == "Standing curl with a band"
    assert names("zumba") == []


def test_a_name_is_found_without_its_accents_and_told_in_the_language_of_the_page() -> None:
    with translation.override("es"):
        assert names("talon desl")[0] == "Deslizamiento de talón"
        assert names("heel slide")[0] == "Deslizamiento de talón"
    assert names("talon desl")[0] == "Heel slide"


def test_an_exercise_has_its_own_steps_of_the_ladder_and_the_ladder_all() -> None:
    band = find_exercise("hamstring-curl", "standing-curl-band")
    whole = find_exercise("hamstring-curl", "")
    assert band
    assert whole
    assert [step.key.rpartition("-")[2] for step in band.steps] == [
        "yellow",
        "red",
        "green",
        "blue",
    ]
    assert len(whole.steps) == 22


def test_what_is_retired_is_not_found() -> None:
    heel = Revision.objects.get(exercise__slug="heel-slide")
    retire_revision(revision=heel, by=None, at=NOW)
    assert find_exercise("hamstring-curl", "heel-slide") is None
    assert "Heel slide" not in names("heel slide")


def test_without_words_everything_is_found_exercises_first() -> None:
    found = find_exercises()
    kinds = [bool(each.exercise) for each in found]
    assert kinds == [True] * len(shipped.exercises()) + [False] * len(shipped.ladders())
