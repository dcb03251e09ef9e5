"""Each rule that the database holds about the library, broken once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from accounts.models import User
from accounts.scope import clinic_scope
from exercises.models import (
    Exercise,
    Ladder,
    LadderStep,
    LibraryImport,
    Picture,
    Reference,
    Revision,
)
from tests.broken import DAY, NOW, PLAIN, Broken, Rows, once, refused, twice
from tests.factories import ClinicFactory, UserFactory

pytestmark = pytest.mark.django_db
RETIRED = {"state": "retired", "published_at": NOW, "retired_at": NOW}
PUBLISHED = {"state": "published", "published_at": NOW}
REVIEWER = {"reviewer_name": "Ana Test", "reviewer_credentials": "PT"}
REVIEW = REVIEWER | {"reviewed_on": DAY}
EARLY = {"reviewed_on": DAY, "review_due_on": DAY - timedelta(days=1)}


class Alone(Broken):
    """A review by whoever wrote: the row names one person twice."""

    def try_it(self) -> None:
        author = UserFactory.create()
        both = {"authors": [author.pk], "reviewed_by": author}
        with Rows().scope():
            refused(Rows().new(Revision, **REVIEW, **both, state="review"), self.constraint)


BROKEN = [
    twice("one_exercise_per_slug", Exercise),
    once("exercise_slug_is_plain", Exercise, slug="Two words"),
    twice("one_revision_per_number", Revision, **RETIRED),
    twice("one_published_revision_per_exercise", Revision, {"number": 2}, **PUBLISHED),
    twice("one_draft_per_exercise", Revision, {"number": 2}),
    twice("one_draft_per_exercise", Revision, {"number": 2, "state": "review"}),
    once("revision_numbers_from_1", Revision, number=0),
    once("revision_state_has_its_dates", Revision, state="published"),
    once("revision_state_has_its_dates", Revision, state="retired"),
    once("revision_state_has_its_dates", Revision, state="lost"),
    once("revision_in_both_languages", Revision, body={"en": {}}, **PUBLISHED),
    once("revision_has_words", Revision, body={}),
    once("revision_shown_has_a_figure", Revision, figure={}, **PUBLISHED),
    once(
        "review_names_its_reviewer",
        Revision,
        state="review",
        reviewed_on=DAY,
        reviewer_name="Ana Test",
    ),
    once("review_is_due_after_review", Revision, state="review", **REVIEWER, **EARLY),
    once("a_draft_has_no_review", Revision, **REVIEW),
    Alone("no_author_reviews_alone", Revision, {}),
    once("what_a_person_publishes_is_reviewed", Revision, published_by=User, **PUBLISHED),
    once("what_a_person_publishes_is_reviewed", Revision, published_by=User, **REVIEW, **PUBLISHED),
    twice("one_ladder_per_slug", Ladder),
    twice("one_ladder_step_per_key", LadderStep, {"position": 1}),
    twice("one_ladder_step_per_position", LadderStep, {"key": "other"}),
    once("ladder_step_sides_known", LadderStep, laterality="left"),
    once("ladder_step_has_a_dose", LadderStep, entry={"sets": 2}),
    once("import_begins_before_it_writes", LibraryImport, created=1),
    once("picture_is_of_a_clinic", Picture, clinic=None),
    twice("one_reference_per_doi", Reference, {"key": "other"}),
    once("reference_doi_is_one", Reference, doi="n/a"),
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_the_database_refuses_it(broken: Broken) -> None:
    broken.try_it()


def an_exercise(slug: str = "curl", **fields: Any) -> Exercise:
    return Exercise.objects.create(slug=slug, **fields)


def a_step(**fields: Any) -> dict[str, Any]:
    """Fields of a ladder step that the database would take."""
    ladder = fields.pop("ladder", None) or Ladder.objects.create(slug="l", title={})
    return PLAIN[LadderStep] | {"ladder": ladder} | fields


def test_a_clinic_cannot_hang_a_revision_on_a_shipped_exercise() -> None:
    shipped, clinic = an_exercise(), ClinicFactory.create()
    with clinic_scope(clinic.id), pytest.raises(DatabaseError, match="clinic of its parent"):
        Revision.objects.create(**PLAIN[Revision], exercise=shipped, clinic=clinic)


def test_a_shipped_ladder_cannot_lead_to_a_clinics_exercise() -> None:
    clinic = ClinicFactory.create()
    with clinic_scope(clinic.id), pytest.raises(DatabaseError, match="clinic of its parent"):
        LadderStep.objects.create(**a_step(exercise=an_exercise(clinic=clinic)))


def test_a_clinics_ladder_may_lead_to_a_shipped_exercise() -> None:
    shipped, clinic = an_exercise(), ClinicFactory.create()
    with clinic_scope(clinic.id):
        ladder = Ladder.objects.create(slug="own", title={}, clinic=clinic)
        LadderStep.objects.create(**a_step(ladder=ladder, exercise=shipped, clinic=clinic))
        connection.check_constraints()
        assert ladder.steps.count() == 1


def test_a_clinics_exercise_is_hidden_from_other_clinics() -> None:
    mine, other = ClinicFactory.create(), ClinicFactory.create()
    with clinic_scope(mine.id):
        an_exercise("own", clinic=mine)
        assert Exercise.objects.filter(slug="own").exists()
    with clinic_scope(other.id):
        assert not Exercise.objects.filter(slug="own").exists()
