"""Each rule that the database holds, broken once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from accounts.scope import clinic_scope
from exercises.models import Exercise, Ladder, LadderStep, Reference, Revision
from tests.factories import ClinicFactory

pytestmark = pytest.mark.django_db
BODY: dict[str, Any] = {"en": {}, "es": {}}
DOSE = {"sets": 2, "reps": 8}
SPANS = {"sets": [2, 3], "reps": [8, 12]}
DAY = date(2026, 11, 23)


def made(model: Any, **fields: Any) -> None:
    with transaction.atomic():
        model.objects.create(**fields)
        connection.check_constraints()


def refused(constraint: str, model: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        made(model, **fields)


def an_exercise(slug: str = "curl", **fields: Any) -> Exercise:
    return Exercise.objects.create(slug=slug, **fields)


def a_revision(**fields: Any) -> dict[str, Any]:
    """Fields of a draft that the database would take."""
    return {"exercise": fields.pop("exercise", None) or an_exercise(), "number": 1} | {
        "body": BODY,
        "figure": {},
        **fields,
    }


def a_step(**fields: Any) -> dict[str, Any]:
    """Fields of a ladder step that the database would take."""
    ladder = fields.pop("ladder", None) or Ladder.objects.create(slug="l", title={})
    exercise = fields.pop("exercise", None) or an_exercise()
    plain = {"key": "k", "position": 0, "laterality": "each", "entry": DOSE, "bounds": SPANS}
    return {"ladder": ladder, "exercise": exercise} | plain | fields


def test_one_exercise_per_slug() -> None:
    an_exercise()
    refused("one_exercise_per_slug", Exercise, slug="curl")


def test_exercise_slug_is_plain() -> None:
    refused("exercise_slug_is_plain", Exercise, slug="Two words")


def test_one_revision_per_number() -> None:
    at = timezone.now()
    first = a_revision(state="retired", published_at=at, retired_at=at)
    Revision.objects.create(**first)
    refused("one_revision_per_number", Revision, **a_revision(exercise=first["exercise"]))


def test_one_published_revision_per_exercise() -> None:
    first = a_revision(state="published", published_at=timezone.now())
    Revision.objects.create(**first)
    refused("one_published_revision_per_exercise", Revision, **first | {"number": 2})


def test_one_draft_per_exercise() -> None:
    first = a_revision()
    Revision.objects.create(**first)
    refused("one_draft_per_exercise", Revision, **first | {"number": 2})


def test_revision_numbers_from_1() -> None:
    refused("revision_numbers_from_1", Revision, **a_revision(number=0))


@pytest.mark.parametrize("state", ["published", "retired", "lost"])
def test_revision_state_has_its_dates(state: str) -> None:
    refused("revision_state_has_its_dates", Revision, **a_revision(state=state))


def test_revision_in_both_languages() -> None:
    refused("revision_in_both_languages", Revision, **a_revision(body={"en": {}}))


def test_review_names_its_reviewer() -> None:
    named = a_revision(reviewed_on=DAY, reviewer_name="Ana Test")
    refused("review_names_its_reviewer", Revision, **named)


def test_review_is_due_after_review() -> None:
    who = {"reviewer_name": "Ana Test", "reviewer_credentials": "PT", "reviewed_on": DAY}
    early = a_revision(**who, review_due_on=DAY - timedelta(days=1))
    refused("review_is_due_after_review", Revision, **early)


def test_one_ladder_per_slug() -> None:
    Ladder.objects.create(slug="l", title={})
    refused("one_ladder_per_slug", Ladder, slug="l", title={})


def test_one_ladder_step_per_key() -> None:
    first = a_step()
    LadderStep.objects.create(**first)
    refused("one_ladder_step_per_key", LadderStep, **first | {"position": 1})


def test_one_ladder_step_per_position() -> None:
    first = a_step()
    LadderStep.objects.create(**first)
    refused("one_ladder_step_per_position", LadderStep, **first | {"key": "other"})


def test_ladder_step_sides_known() -> None:
    refused("ladder_step_sides_known", LadderStep, **a_step(laterality="left"))


def test_ladder_step_has_a_dose() -> None:
    refused("ladder_step_has_a_dose", LadderStep, **a_step(entry={"sets": 2}))


def test_one_reference_per_doi() -> None:
    same = {"citation": "c", "doi": "10.1000/x", "note": {}}
    Reference.objects.create(key="a", **same)
    refused("one_reference_per_doi", Reference, key="b", **same)


def test_reference_doi_is_one() -> None:
    refused("reference_doi_is_one", Reference, key="a", citation="c", doi="n/a", note={})


def test_a_clinic_cannot_hang_a_revision_on_a_shipped_exercise() -> None:
    shipped, clinic = an_exercise(), ClinicFactory.create()
    with clinic_scope(clinic.id), pytest.raises(DatabaseError, match="clinic of its parent"):
        Revision.objects.create(**a_revision(exercise=shipped, clinic=clinic))


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
