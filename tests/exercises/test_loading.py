"""Loading the shipped library, once, again, and after people have worked on it."""

from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from accounts.roles import Actor
from exercises import services, shipped
from exercises.models import Exercise, Ladder, LadderStep, Reference, Revision
from exercises.pinned import pinned_ladders
from tests.exercises.reviews import reviewed

pytestmark = pytest.mark.django_db


def counts() -> list[int]:
    return [model.objects.count() for model in (Exercise, Revision, Ladder, LadderStep, Reference)]


def test_everything_shipped_is_published(library: services.Loaded) -> None:
    assert set(library.published) == set(shipped.exercises())
    assert Revision.objects.public().count() == len(library.published)


def test_loading_again_changes_nothing(library: services.Loaded, now: datetime) -> None:
    before = counts()
    again = services.load_shipped_library(at=now)
    assert (again.published, counts()) == ([], before)


def test_shipped_content_claims_no_reviewer(library: services.Loaded) -> None:
    assert not Revision.objects.exclude(reviewer_name="", reviewed_on=None).exists()


def test_new_shipped_content_follows_what_was_shipped(
    library: services.Loaded, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = shipped.exercises()["nordic"]
    changed.figure["range_deg"] = 55
    monkeypatch.setattr(shipped, "exercises", lambda: {"nordic": changed})
    assert services.load_shipped_library(at=now).published == ["nordic"]
    newest = Revision.objects.public().get(exercise__slug="nordic")
    assert (newest.number, newest.figure["range_deg"]) == (2, 55)


def test_what_a_person_published_is_not_replaced(
    library: services.Loaded,
    admin: Actor,
    reviewer: Actor,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = Revision.objects.public().get(exercise__slug="nordic")
    draft = services.start_draft(revision=own, by=admin, at=now)
    reviewed(draft, reviewer)
    services.publish_revision(revision=draft, by=admin, at=now)
    changed = shipped.exercises()["nordic"]
    changed.figure["range_deg"] = 55
    monkeypatch.setattr(shipped, "exercises", lambda: {"nordic": changed})
    assert services.load_shipped_library(at=now).left == ["nordic"]
    assert Revision.objects.public().get(exercise__slug="nordic").pk == draft.pk


def test_the_command_tells_what_it_did(db: None) -> None:
    out = StringIO()
    call_command("load_library", stdout=out)
    assert out.getvalue().startswith(f"published: {len(shipped.exercises())} ")


def test_pinned_steps_carry_the_revision_that_stands(
    library: services.Loaded, django_assert_num_queries: Any
) -> None:
    ladder = Ladder.objects.get(slug="hamstring-curl")
    with django_assert_num_queries(1):
        steps = pinned_ladders(slugs=[ladder.slug])[ladder.slug].steps
    rows = shipped.read("ladders/hamstring-curl")["steps"]
    assert [step.key for step in steps] == [row["key"] for row in rows]
    standing = set(Revision.objects.published().values_list("id", flat=True))
    assert {step.revision.id for step in steps} <= standing


def test_a_step_without_a_published_revision_is_left_out(
    library: services.Loaded, admin: Actor, now: datetime
) -> None:
    standing = Revision.objects.public().get(exercise__slug="nordic")
    services.retire_revision(revision=standing, by=admin, at=now)
    steps = pinned_ladders(slugs=["hamstring-curl"])["hamstring-curl"].steps
    assert "nordic" not in [step.key for step in steps]
