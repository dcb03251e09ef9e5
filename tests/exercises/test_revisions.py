"""Drafts change, published revisions never do."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from accounts.models import AuditEvent
from accounts.roles import Actor
from config.api import urlpatterns
from exercises import services
from exercises.models import Revision
from exercises.schema import BodyFault
from tests.exercises.reviews import reviewed

pytestmark = pytest.mark.django_db


def test_a_draft_is_written_in_place(draft: Revision, admin: Actor, now: datetime) -> None:
    content = replace(services.content_of(draft), resisted=True)
    again = services.draft_revision(exercise=draft.exercise, content=content, by=admin, at=now)
    assert (again.pk, again.resisted, again.number) == (draft.pk, True, 1)


def test_after_publishing_the_next_draft_has_the_next_number(
    published: Revision, admin: Actor, now: datetime
) -> None:
    content = services.content_of(published)
    second = services.draft_revision(exercise=published.exercise, content=content, by=admin, at=now)
    assert (second.number, second.state) == (2, "draft")


def test_publishing_retires_the_revision_before(published: Revision, now: datetime) -> None:
    content = services.content_of(published)
    second = services.draft_revision(exercise=published.exercise, content=content, by=None, at=now)
    services.publish_revision(revision=second, by=None, at=now)
    published.refresh_from_db()
    assert (published.state, published.retired_at) == ("retired", now)


def test_a_fault_in_one_language_keeps_the_draft_unwritten(draft: Revision, now: datetime) -> None:
    content = services.content_of(draft)
    body = content.body | {"es": content.body["es"] | {"summary": " "}}
    with pytest.raises(BodyFault, match=r"es\.summary: empty"):
        services.draft_revision(
            exercise=draft.exercise, content=replace(content, body=body), by=None, at=now
        )


def test_only_a_draft_is_published(published: Revision, admin: Actor, now: datetime) -> None:
    with pytest.raises(services.NotPossible):
        services.publish_revision(revision=published, by=admin, at=now)


def test_retiring_takes_it_off_the_public_pages(
    published: Revision, admin: Actor, now: datetime
) -> None:
    services.retire_revision(revision=published, by=admin, at=now)
    assert not Revision.objects.public().exists()


def test_each_write_leaves_an_audit_row(
    draft: Revision, admin: Actor, reviewer: Actor, now: datetime
) -> None:
    reviewed(draft, reviewer)
    services.publish_revision(revision=draft, by=admin, at=now)
    events = AuditEvent.objects.order_by("id").values_list("route", "actor_id", "clinic_id")
    assert list(events) == [
        ("library.draft", None, None),
        ("library.submit", reviewer.user_id, None),
        ("library.review", reviewer.user_id, None),
        ("library.publish", admin.user_id, None),
    ]


def test_a_published_revision_refuses_the_orm(published: Revision) -> None:
    published.resisted = True
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        published.save()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        published.delete()


def test_a_published_revision_refuses_a_bulk_update(published: Revision) -> None:
    with pytest.raises(DatabaseError, match="never changes"):
        Revision.objects.filter(pk=published.pk).update(figure={"pose": "nordic"})


@pytest.mark.parametrize(
    "statement",
    [
        "update exercises_revision set body = body || '{\"x\": 1}'",
        "update exercises_revision set state = 'draft', published_at = null",
        "update exercises_revision set state = 'retired', retired_at = now(), number = 9",
        "delete from exercises_revision",
        "insert into exercises_revision select * from exercises_revision on conflict (id)"
        ' do update set body = \'{"en": 1, "es": 1}\'',
        "merge into exercises_revision r using exercises_exercise e on r.exercise_id = e.id"
        " when matched then update set resisted = true",
    ],
)
def test_a_published_revision_refuses_raw_sql_as_the_app(
    published: Revision, statement: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("flexion_app",)
        with pytest.raises(DatabaseError, match="never changes"):
            cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "truncate exercises_revision cascade",
        "alter table exercises_revision disable trigger all",
        "drop trigger revision_is_final on exercises_revision",
        "set local session_replication_role = replica",
        "create or replace function exercises_revision_is_final() returns trigger"
        " language plpgsql as 'begin return new; end'",
    ],
)
def test_the_app_cannot_take_the_guard_away(published: Revision, statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match=r"permission|owner"):
        cursor.execute(statement)


def test_a_published_revision_refuses_many_at_once(published: Revision) -> None:
    published.body = published.body | {"fr": {}}
    with pytest.raises(DatabaseError, match="never changes"):
        Revision.objects.bulk_update([published], ["body"])


def test_the_api_has_no_way_to_the_library() -> None:
    paths = " ".join(str(each.pattern) for each in urlpatterns)
    assert "programs/" in paths
    assert not re.search("exercise|revision|librar", paths)


def test_a_retired_revision_refuses_too(published: Revision, admin: Actor, now: datetime) -> None:
    services.retire_revision(revision=published, by=admin, at=now)
    with pytest.raises(DatabaseError, match="never changes"):
        Revision.objects.update(state="published", retired_at=None)


def test_the_words_of_the_page_follow_its_language(published: Revision) -> None:
    with translation.override("es"):
        assert published.text.name == "Curl de pie"
    with translation.override("fr"):
        assert published.text.name == "Standing curl"
