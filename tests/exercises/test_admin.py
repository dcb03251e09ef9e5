"""The editor: library models only, library people only, and every write through a service."""

import json
from typing import Any

import pytest
from django.contrib import admin as stock
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.roles import Actor, Role
from exercises.admin_site import LibraryAdminSite
from exercises.models import Exercise, Revision
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
REVISIONS = "/library/exercises/revision/"


@pytest.fixture
def editor(client: Client, admin: Actor) -> Client:
    client.force_login(MembershipFactory._meta.model.objects.get(user_id=admin.user_id).user)
    return client


def form_of(revision: Revision, **changes: Any) -> dict[str, Any]:
    """What the browser would post for this draft."""
    plain = {
        "exercise": str(revision.exercise_id),
        "body_en": json.dumps(revision.body["en"]),
        "body_es": json.dumps(revision.body["es"]),
        "pose": revision.figure["pose"],
        "range_deg": revision.figure["range_deg"] or "",
        "band": revision.figure["band"] or "",
        "equipment": revision.equipment,
        "muscles": revision.muscles,
        "beside": ",".join(revision.beside),
        "reviewer_bio": "{}",
    }
    return plain | changes


def act(client: Client, action: str, revision: Revision) -> Any:
    chosen = {"action": action, "_selected_action": [str(revision.pk)]}
    return client.post(REVISIONS, chosen, follow=True)


def test_the_editor_holds_the_models_of_the_library_alone() -> None:
    assert isinstance(stock.site, LibraryAdminSite)
    names = {model._meta.label for model in stock.site._registry}
    assert names == {
        "exercises.Exercise",
        "exercises.Ladder",
        "exercises.LibraryImport",
        "exercises.Reference",
        "exercises.Revision",
    }


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.ASSISTANT, Role.OWNER])
def test_other_roles_are_refused(client: Client, role: Role) -> None:
    client.force_login(MembershipFactory.create(role=role).user)
    assert client.get(REVISIONS).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get(REVISIONS)
    assert (answer.status_code, answer["location"][:9]) == (302, "/sign-in/")


def test_a_library_admin_sees_each_list(editor: Client, published: Revision) -> None:
    for model in ("exercise", "ladder", "reference", "revision"):
        assert editor.get(f"/library/exercises/{model}/").status_code == 200


def test_saving_a_draft_writes_it_in_place(editor: Client, draft: Revision, admin: Actor) -> None:
    words = draft.body["en"] | {"summary": "Shorter."}
    address = reverse("admin:exercises_revision_change", args=[draft.pk])
    answer = editor.post(address, form_of(draft, body_en=json.dumps(words)))
    assert answer.status_code == 302, answer.context["errors"]
    draft.refresh_from_db()
    assert (draft.body["en"]["summary"], Revision.objects.count()) == ("Shorter.", 1)
    assert "library.draft" in AuditEvent.objects.filter(actor_id=admin.user_id).last().verbs


def test_a_fault_is_shown_and_nothing_is_saved(editor: Client, draft: Revision) -> None:
    words = draft.body["es"] | {"title": ""}
    address = reverse("admin:exercises_revision_change", args=[draft.pk])
    answer = editor.post(address, form_of(draft, body_es=json.dumps(words)))
    assert b"es.title: empty" in answer.content
    draft.refresh_from_db()
    assert draft.body["es"]["title"]


def test_a_review_is_entered_on_the_draft(editor: Client, draft: Revision) -> None:
    review = {
        "reviewer_name": "Ana Test",
        "reviewer_credentials": "PT",
        "reviewed_on": "2026-11-20",
        "review_due_on": "2028-11-20",
    }
    address = reverse("admin:exercises_revision_change", args=[draft.pk])
    assert editor.post(address, form_of(draft, **review)).status_code == 302
    draft.refresh_from_db()
    assert (draft.reviewer_name, draft.review_due_on.year) == ("Ana Test", 2028)


def test_a_new_draft_can_be_written_from_nothing(editor: Client, draft: Revision) -> None:
    other = Exercise.objects.create(slug="other")
    new = form_of(draft, exercise=str(other.pk))
    answer = editor.post(reverse("admin:exercises_revision_add"), new)
    assert answer.status_code == 302
    assert other.revisions.get().state == "draft"


def test_the_publish_action_publishes(editor: Client, draft: Revision, admin: Actor) -> None:
    act(editor, "publish", draft)
    draft.refresh_from_db()
    assert (draft.state, draft.published_by_id) == ("published", admin.user_id)


def test_publishing_twice_tells_why_not(editor: Client, published: Revision) -> None:
    answer = act(editor, "publish", published)
    assert b"published, not draft" in answer.content


def test_the_next_draft_starts_from_what_stands(editor: Client, published: Revision) -> None:
    act(editor, "start_draft", published)
    draft = Revision.objects.get(state="draft")
    assert (draft.number, draft.body) == (2, published.body)


def test_the_retire_action_retires(editor: Client, published: Revision) -> None:
    act(editor, "retire", published)
    published.refresh_from_db()
    assert published.state == "retired"


def test_a_published_revision_opens_for_reading_only(editor: Client, published: Revision) -> None:
    address = reverse("admin:exercises_revision_change", args=[published.pk])
    assert b'name="_save"' not in editor.get(address).content
    assert editor.post(address, form_of(published)).status_code == 403


@pytest.mark.parametrize("model", ["exercise", "revision", "ladder", "reference"])
def test_nothing_can_be_deleted(editor: Client, published: Revision, model: str) -> None:
    pk = published.pk if model == "revision" else published.exercise_id
    address = reverse(f"admin:exercises_{model}_delete", args=[pk])
    assert editor.post(address, {"post": "yes"}).status_code in (302, 403)
    assert Revision.objects.filter(pk=published.pk).exists()


def test_a_new_exercise_leaves_an_audit_row(editor: Client, admin: Actor) -> None:
    editor.post(reverse("admin:exercises_exercise_add"), {"slug": "calf-raise"})
    assert Exercise.objects.filter(slug="calf-raise", clinic=None).exists()
    assert "library.exercise" in AuditEvent.objects.filter(actor_id=admin.user_id).last().verbs
