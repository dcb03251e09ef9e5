"""From a draft to the public: two people, and a review of the words it saw."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.roles import Actor
from exercises import services
from exercises.models import Revision
from exercises.schema import BodyFault
from tests.exercises.reviews import a_review, reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(published: Revision, admin: Actor, now: datetime) -> Revision:
    """A draft that the library admin wrote."""
    return services.start_draft(revision=published, by=admin, at=now)


def change(draft: Revision, by: Actor, now: datetime) -> Revision:
    content = replace(services.content_of(draft), level="beginner")
    return services.draft_revision(exercise=draft.exercise, content=content, by=by, at=now)


def test_the_way_is_draft_review_published(
    mine: Revision, admin: Actor, reviewer: Actor, now: datetime
) -> None:
    states = [services.submit_revision(revision=mine, by=admin, at=now).state]
    services.review_revision(revision=mine, review=a_review(), by=reviewer, at=now)
    done = services.publish_revision(revision=mine, by=admin, at=now)
    assert [*states, done.state] == ["review", "published"]
    assert (done.reviewer_name, done.reviewer_credentials) == ("Ana Test", "PT")
    assert (done.reviewed_by_id, done.authors) == (reviewer.user_id, [admin.user_id])


def test_who_wrote_in_it_cannot_review_it(
    mine: Revision, admin: Actor, reviewer: Actor, now: datetime
) -> None:
    change(mine, reviewer, now)
    services.submit_revision(revision=mine, by=admin, at=now)
    for author in (admin, reviewer):
        with pytest.raises(services.NotPossible, match="can't review it"):
            services.review_revision(revision=mine, review=a_review(), by=author, at=now)


@pytest.mark.parametrize("asked", [False, True])
def test_nothing_is_published_by_a_person_before_its_review(
    mine: Revision, admin: Actor, now: datetime, asked: bool
) -> None:
    if asked:
        services.submit_revision(revision=mine, by=admin, at=now)
    with pytest.raises(services.NotPossible):
        services.publish_revision(revision=mine, by=admin, at=now)


def test_a_review_falls_away_when_the_draft_changes(
    mine: Revision, admin: Actor, reviewer: Actor, now: datetime
) -> None:
    reviewed(mine, reviewer)
    again = change(mine, admin, now)
    assert (again.state, again.reviewed_on, again.reviewer_name) == ("draft", None, "")
    with pytest.raises(services.NotPossible):
        services.publish_revision(revision=again, by=admin, at=now)


def test_the_database_lets_no_review_outlive_the_words_it_saw(
    mine: Revision, reviewer: Actor
) -> None:
    reviewed(mine, reviewer)
    with pytest.raises(DatabaseError, match="of the words it saw"), transaction.atomic():
        Revision.objects.filter(pk=mine.pk).update(level="expert")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"credentials": " "}, "what entitles"),
        ({"due_on": date(2026, 11, 23)}, "after this one"),
    ],
)
def test_a_review_names_credentials_and_the_next_one(
    mine: Revision, reviewer: Actor, changes: dict[str, object], told: str
) -> None:
    with pytest.raises(services.NotPossible, match=told):
        reviewed(mine, reviewer, **changes)


def test_what_is_not_whole_cannot_be_reviewed(draft: Revision, admin: Actor, now: datetime) -> None:
    content = replace(services.content_of(draft), figure={})
    services.draft_revision(exercise=draft.exercise, content=content, by=admin, at=now)
    with pytest.raises(BodyFault, match=r"figure\.pose"):
        services.submit_revision(revision=draft, by=admin, at=now)


def test_a_reviewer_sends_it_back_with_what_is_to_change(
    mine: Revision, admin: Actor, reviewer: Actor, now: datetime
) -> None:
    reviewed(mine, reviewer)
    back = services.return_revision(revision=mine, remark=" Shorter. ", by=reviewer, at=now)
    assert (back.state, back.remark, back.reviewed) == ("draft", "Shorter.", False)
    assert services.submit_revision(revision=mine, by=admin, at=now).remark == ""


def test_an_older_revision_comes_back_as_a_new_draft(
    published: Revision, mine: Revision, admin: Actor, reviewer: Actor, now: datetime
) -> None:
    change(mine, admin, now)
    reviewed(mine, reviewer)
    services.publish_revision(revision=mine, by=admin, at=now)
    back = services.start_draft(revision=published, by=admin, at=now)
    assert (back.number, back.state, back.reviewed) == (3, "draft", False)
    assert services.content_of(back) == services.content_of(published)


def test_a_draft_that_somebody_writes_is_not_overwritten(
    published: Revision, mine: Revision, reviewer: Actor, now: datetime
) -> None:
    with pytest.raises(services.NotPossible, match="a draft already"):
        services.start_draft(revision=published, by=reviewer, at=now)


def test_what_stands_is_due_by_its_day_or_if_nobody_ever_reviewed_it(
    mine: Revision, admin: Actor, reviewer: Actor, now: datetime
) -> None:
    assert [row.number for row in Revision.objects.never_reviewed()] == [1]
    reviewed(mine, reviewer)
    services.publish_revision(revision=mine, by=admin, at=now)
    assert not Revision.objects.never_reviewed()
    assert not Revision.objects.due_by(now.date())
    assert [row.number for row in Revision.objects.due_by(a_review().due_on)] == [2]
    assert not Revision.objects.due_by(a_review().due_on - timedelta(days=1))
