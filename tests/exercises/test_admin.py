"""The editor: library models only, library people only, and every write through a service."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.contrib import admin as stock
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.roles import Actor, Role
from exercises import services
from exercises.admin_site import LibraryAdminSite
from exercises.models import Exercise, Revision
from tests.actors import of
from tests.exercises.drafts import posted
from tests.exercises.reviews import reviewed
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
REVISIONS = "/library/exercises/revision/"


def act(client: Client, action: str, revision: Revision) -> Any:
    chosen = {"action": action, "_selected_action": [str(revision.pk)]}
    return client.post(REVISIONS, chosen, follow=True)


def step(client: Client, revision: Revision, name: str, **given: str) -> Any:
    """Press one of the buttons of the review panel; follow to the page that comes."""
    address = reverse("admin:exercises_revision_step", args=[revision.pk])
    return client.post(address, {"step": name, **given}, follow=True)


def page(client: Client, name: str, revision: Revision, query: str = "") -> str:
    address = reverse(f"admin:exercises_revision_{name}", args=[revision.pk])
    text: str = client.get(address + query).content.decode()
    return text


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
    address = reverse("admin:exercises_revision_change", args=[draft.pk])
    answer = editor.post(address, posted(draft, summary_en="Shorter.", cited=[]))
    assert answer.status_code == 302, answer.context["errors"]
    draft.refresh_from_db()
    assert (draft.body["en"]["summary"], Revision.objects.count()) == ("Shorter.", 1)
    assert "library.draft" in AuditEvent.objects.filter(actor_id=admin.user_id).last().verbs


def test_a_fault_is_shown_and_nothing_is_saved(editor: Client, draft: Revision) -> None:
    address = reverse("admin:exercises_revision_change", args=[draft.pk])
    changed = {"form-0-text_es": "", "title_es": "Otro"}
    answer = editor.post(address, posted(draft, cited=[], **changed))
    assert b"each is named beside its step" in answer.content
    before = draft.body
    draft.refresh_from_db()
    assert draft.body == before


def test_a_new_draft_can_be_written_from_nothing(editor: Client, draft: Revision) -> None:
    other = Exercise.objects.create(slug="other")
    new = posted(draft, exercise=str(other.pk), cited=[])
    answer = editor.post(reverse("admin:exercises_revision_add"), new)
    assert answer.status_code == 302
    assert other.revisions.get().state == "draft"


def test_the_publish_action_publishes_what_is_reviewed(
    editor: Client, draft: Revision, admin: Actor, reviewer: Actor
) -> None:
    assert b"that can&#x27;t be done now" in act(editor, "publish", draft).content
    reviewed(draft, reviewer)
    act(editor, "publish", draft)
    draft.refresh_from_db()
    assert (draft.state, draft.published_by_id) == ("published", admin.user_id)


def test_publishing_twice_tells_why_not(editor: Client, published: Revision) -> None:
    answer = act(editor, "publish", published)
    assert b"It is published" in answer.content


def test_the_next_draft_starts_from_what_stands(editor: Client, published: Revision) -> None:
    act(editor, "draft", published)
    draft = Revision.objects.get(state="draft")
    assert (draft.number, draft.body) == (2, published.body)


def test_the_retire_action_retires(editor: Client, published: Revision) -> None:
    act(editor, "retire", published)
    published.refresh_from_db()
    assert published.state == "retired"


def test_a_published_revision_opens_for_reading_only(editor: Client, published: Revision) -> None:
    address = reverse("admin:exercises_revision_change", args=[published.pk])
    assert b'name="_save"' not in editor.get(address).content
    assert editor.post(address, posted(published)).status_code == 403


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


REVIEW = {"credentials": "PT, DPT", "bio_en": "Knees.", "due_on": "2028-11-20"}


def test_the_buttons_lead_from_the_draft_to_the_public(
    editor: Client, draft: Revision, reviewer: Actor
) -> None:
    step(editor, draft, "submit")
    colleague = of(reviewer)
    assert "Your review" in page(colleague, "change", draft)
    step(colleague, draft, "review", **REVIEW)
    assert 'value="publish"' in page(editor, "change", draft)
    step(editor, draft, "publish")
    draft.refresh_from_db()
    assert (draft.state, draft.reviewer_credentials) == ("published", "PT, DPT")
    assert draft.reviewer_bio == {"en": "Knees."}


def test_who_wrote_it_is_offered_no_review_and_given_none(
    editor: Client, published: Revision
) -> None:
    step(editor, published, "draft")
    draft = Revision.objects.get(state="draft")
    answer = step(editor, draft, "submit")
    assert b"somebody else reviews it" in answer.content
    assert b"can&#x27;t review it" in step(editor, draft, "review", **REVIEW).content


def test_a_review_that_lacks_something_is_not_taken(
    editor: Client, draft: Revision, reviewer: Actor
) -> None:
    step(editor, draft, "submit")
    answer = step(of(reviewer), draft, "review", **REVIEW | {"credentials": ""})
    assert b"Your credentials" in answer.content
    draft.refresh_from_db()
    assert not draft.reviewed


def test_it_is_sent_back_with_a_remark(editor: Client, draft: Revision, reviewer: Actor) -> None:
    step(editor, draft, "submit")
    step(of(reviewer), draft, "return", remark="Name the chair.\r\n" + "x" * 984)
    text = page(editor, "change", draft)
    assert "Name the chair.<br>" in text
    assert "x" * 984 in text


def test_the_next_review_offers_what_the_person_wrote_at_the_last(
    editor: Client, draft: Revision, reviewer: Actor
) -> None:
    reviewed(draft, reviewer)
    step(editor, draft, "publish")
    step(editor, draft, "draft")
    following = Revision.objects.get(state="draft")
    step(editor, following, "submit")
    assert 'value="PT"' in page(of(reviewer), "change", following)


def test_the_difference_stands_side_by_side_in_words(
    editor: Client, published: Revision, admin: Actor, now: datetime
) -> None:
    content = services.content_of(published)
    body = content.body | {"en": content.body["en"] | {"summary": "Heel up, slowly."}}
    draft = services.draft_revision(
        exercise=published.exercise,
        content=replace(content, body=body, level="expert"),
        by=admin,
        at=now,
    )
    text = page(editor, "difference", draft)
    assert "<ins>Heel up, slowly.</ins>" in text
    assert "<del>" in text
    assert "<ins>expert</ins>" in text
    assert "Spanish</caption>" not in text


def test_beside_a_number_that_is_none_the_difference_is_to_what_stands(
    editor: Client, published: Revision, admin: Actor, now: datetime
) -> None:
    draft = services.start_draft(revision=published, by=admin, at=now)
    same = "Words, figure and facts are the same."
    assert same in page(editor, "difference", draft, "?with=9")
    assert same in page(editor, "difference", draft, "?with=x")


def test_the_preview_is_the_public_page(editor: Client, draft: Revision) -> None:
    text = page(editor, "look", draft, "?lang=es")
    assert '<html lang="es">' in text
    assert draft.body["es"]["title"] in text


def test_a_draft_that_is_not_whole_says_what_it_lacks(editor: Client, draft: Revision) -> None:
    Revision.objects.filter(pk=draft.pk).update(figure={})
    assert "figure.pose" in page(editor, "look", draft)


def test_the_history_names_every_revision(
    editor: Client, published: Revision, admin: Actor, reviewer: Actor, now: datetime
) -> None:
    draft = services.start_draft(revision=published, by=admin, at=now)
    reviewed(draft, reviewer)
    services.publish_revision(revision=draft, by=admin, at=now)
    text = page(editor, "history", published)
    assert all(each in text for each in ("1, retired", "2, published", "Ana Test, PT"))
    assert admin.name in text


def test_what_is_due_for_review_is_a_list(editor: Client, published: Revision) -> None:
    never, now = (editor.get(REVISIONS, {"due": due}).content for due in ("never", "now"))
    assert (b"1 revision" in never, b"0 revisions" in now) == (True, True)


def test_an_unknown_step_is_not_found_and_none_is_taken_unpressed(
    editor: Client, draft: Revision
) -> None:
    assert step(editor, draft, "delete").status_code == 404
    address = reverse("admin:exercises_revision_step", args=[draft.pk])
    assert editor.get(address, {"step": "submit"}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_published_revision_opens_no_way_to_change_it(
    editor: Client, published: Revision
) -> None:
    before = Revision.objects.values().get()
    for name in ("submit", "review", "return", "publish"):
        step(editor, published, name, **REVIEW)
    assert Revision.objects.values().get() == before


@pytest.mark.parametrize("model", ["exercise", "revision"])
def test_a_list_is_searched_by_words_in_either_language_with_slips(
    editor: Client, draft: Revision, model: str
) -> None:
    address = f"/library/exercises/{model}/"
    assert b"standing-curl" in editor.get(address, {"q": "curl de pié"}).content
    assert b"standing-curl" in editor.get(address, {"q": "standng curl"}).content
    assert b"standing-curl" not in editor.get(address, {"q": "zumba"}).content


def test_revisions_are_narrowed_by_what_they_work_and_need(editor: Client, draft: Revision) -> None:
    assert b"standing-curl" in editor.get(REVISIONS, {"muscles": "hamstrings"}).content
    assert b"standing-curl" not in editor.get(REVISIONS, {"muscles": "chest"}).content
    assert b"standing-curl" in editor.get(REVISIONS, {"posture": "standing"}).content
    assert b"standing-curl" not in editor.get(REVISIONS, {"equipment": "barbell"}).content
