"""Whose library is whose: the shipped one, each clinic's own, and those who review."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import Clinic
from accounts.roles import Actor, Role
from accounts.scope import clinic_scope
from exercises import services
from exercises.models import Exercise, Reference, Revision
from exercises.searching import find_exercises
from tests.actors import of
from tests.exercises.reviews import a_review, reviewed
from tests.factories import ClinicFactory, MembershipFactory, actor

pytestmark = pytest.mark.django_db


def keeper(clinic: Clinic | None, role: Role = Role.LIBRARY_ADMIN) -> Actor:
    return actor(MembershipFactory.create(clinic=clinic, role=role))


@pytest.fixture
def public_here(own: Revision, ours: Actor, now: datetime) -> Revision:
    """The same, reviewed by a reviewer of the clinic, and published."""
    with clinic_scope(ours.clinic_id):
        services.submit_revision(revision=own, by=ours, at=now)
        colleague = keeper(Clinic.objects.get(id=ours.clinic_id), Role.REVIEWER)
        services.review_revision(revision=own, review=a_review(), by=colleague, at=now)
        return services.publish_revision(revision=own, by=ours, at=now)


def change(client: Client, revision: Revision) -> Any:
    return client.get(reverse("admin:exercises_revision_change", args=[revision.pk]))


def look(client: Client, revision: Revision) -> int:
    address = reverse("admin:exercises_revision_look", args=[revision.pk])
    return int(client.get(address).status_code)


def test_a_clinics_people_see_their_own_library_alone(
    ours: Actor, own: Revision, published: Revision
) -> None:
    client = of(ours)
    listed = client.get("/library/exercises/exercise/").content.decode()
    assert ("our-curl" in listed, "standing-curl" in listed) == (True, False)
    assert (look(client, own), look(client, published)) == (200, 404)
    assert change(client, published).status_code == 302  # back to the start: it isn't there


@pytest.mark.parametrize("clinic", [None, ClinicFactory])
def test_nobody_elsewhere_sees_it(own: Revision, clinic: Any) -> None:
    client = of(keeper(clinic and clinic.create()))
    for model in ("exercise", "ladder", "revision"):
        assert b"our" not in client.get(f"/library/exercises/{model}/").content
    assert look(client, own) == 404
    address = reverse("admin:exercises_revision_step", args=[own.pk])
    assert client.post(address, {"step": "submit"}).status_code == 404


def test_row_security_hides_it_without_any_filter(public_here: Revision) -> None:
    with clinic_scope(ClinicFactory.create().id):
        assert not Exercise.objects.filter(slug="our-curl").exists()
        assert not Revision.objects.filter(pk=public_here.pk).exists()
        assert not Revision.objects.filter(pk=public_here.pk).update(level="expert")


def test_what_a_clinic_publishes_is_found_there_and_nowhere_else(
    client: Client, public_here: Revision, ours: Actor
) -> None:
    with clinic_scope(ours.clinic_id):
        assert [each.exercise for each in find_exercises("curl") if each.exercise] == ["our-curl"]
    with clinic_scope(ClinicFactory.create().id):
        assert find_exercises("curl") == []
    assert b"our-curl" not in client.get("/exercises/").content
    assert client.get("/exercises/our-curl/").status_code == 404


@pytest.mark.parametrize("write", [services.start_draft, services.retire_revision])
def test_the_services_refuse_another_library(
    ours: Actor, published: Revision, now: datetime, write: Any
) -> None:
    with clinic_scope(ours.clinic_id), pytest.raises(PermissionDenied):
        write(revision=published, by=ours, at=now)


@pytest.mark.parametrize("write", [services.submit_revision, services.publish_revision])
def test_the_services_refuse_a_draft_of_another_library(
    ours: Actor, draft: Revision, reviewer: Actor, now: datetime, write: Any
) -> None:
    if write is services.publish_revision:
        reviewed(draft, reviewer)
    with clinic_scope(ours.clinic_id), pytest.raises(PermissionDenied):
        write(revision=draft, by=ours, at=now)


def test_a_reviewer_reviews_and_writes_nothing(
    draft: Revision, admin: Actor, now: datetime
) -> None:
    by = keeper(None, Role.REVIEWER)
    with pytest.raises(PermissionDenied):
        services.submit_revision(revision=draft, by=by, at=now)
    services.submit_revision(revision=draft, by=admin, at=now)
    services.review_revision(revision=draft, review=a_review(), by=by, at=now)
    with pytest.raises(PermissionDenied):
        services.publish_revision(revision=draft, by=by, at=now)
    content = services.content_of(draft)
    with pytest.raises(PermissionDenied):
        services.draft_revision(exercise=draft.exercise, content=content, by=by, at=now)


def test_a_reviewers_page_has_the_review_and_no_way_to_write(
    draft: Revision, admin: Actor, now: datetime
) -> None:
    services.submit_revision(revision=draft, by=admin, at=now)
    client = of(keeper(None, Role.REVIEWER))
    text = change(client, draft).content.decode()
    assert ('value="review"' in text, 'value="publish"' in text) == (True, False)
    assert 'name="_save"' not in text
    for model in ("exercise", "revision", "ladder", "reference", "libraryimport"):
        assert client.get(f"/library/exercises/{model}/add/").status_code == 403
    address = reverse("admin:exercises_revision_step", args=[draft.pk])
    assert client.post(address, {"step": "publish"}).status_code == 403


def test_a_reviewer_reads_a_draft_and_takes_no_step_from_the_list(draft: Revision) -> None:
    client = of(keeper(None, Role.REVIEWER))
    text = change(client, draft).content.decode()
    assert (draft.body["es"]["title"] in text, 'name="body_es"' in text) == (True, False)
    assert b'name="action"' not in client.get("/library/exercises/revision/").content
    client.post("/library/exercises/revision/", {"action": "submit", "_selected_action": draft.pk})
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_clinics_admin_keeps_no_reference(ours: Actor) -> None:
    row = Reference(key="a", citation="A", doi="10.1000/a", note={})
    with pytest.raises(PermissionDenied):
        services.keep_row(row=row, by=ours)


def test_a_clinics_reviewer_gives_no_review_of_the_shipped_library(
    ours: Actor, draft: Revision, admin: Actor, now: datetime
) -> None:
    services.submit_revision(revision=draft, by=admin, at=now)
    by = keeper(Clinic.objects.get(id=ours.clinic_id), Role.REVIEWER)
    with clinic_scope(by.clinic_id), pytest.raises(PermissionDenied):
        services.review_revision(revision=draft, review=a_review(), by=by, at=now)


def test_what_a_clinics_admin_adds_is_the_clinics(ours: Actor, published: Revision) -> None:
    client = of(ours)
    client.post("/library/exercises/exercise/add/", {"slug": "standing-curl"})
    with clinic_scope(ours.clinic_id):
        found = Exercise.objects.filter(slug="standing-curl", clinic_id=ours.clinic_id)
        assert found.exists()


@pytest.mark.parametrize("page", ["reference/add/", "libraryimport/add/", "exercise/export/"])
def test_what_there_is_once_is_the_platforms(ours: Actor, admin: Actor, page: str) -> None:
    assert of(ours).get(f"/library/exercises/{page}").status_code in (403, 404)
    assert of(admin).get(f"/library/exercises/{page}").status_code == 200
