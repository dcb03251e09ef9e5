from datetime import datetime

import pytest
from django.test import Client

from accounts.roles import Actor, Role
from accounts.scope import clinic_scope
from exercises import services, shipped
from exercises.models import Exercise, Ladder, Revision
from tests.actors import of
from tests.broken import DOSE, SPANS
from tests.factories import ClinicFactory, MembershipFactory, actor


@pytest.fixture
def admin(db: None) -> Actor:
    """Who keeps the shipped library."""
    return actor(MembershipFactory.create(role=Role.LIBRARY_ADMIN, clinic=None))


@pytest.fixture
def editor(admin: Actor) -> Client:
    """The library admin's browser."""
    return of(admin)


@pytest.fixture
def reviewer(db: None) -> Actor:
    """Somebody else, who reviews it."""
    held = MembershipFactory.create(role=Role.LIBRARY_ADMIN, clinic=None, user__name="Ana Test")
    return actor(held)


@pytest.fixture
def ours(db: None) -> Actor:
    """The library admin of a clinic."""
    return actor(MembershipFactory.create(role=Role.LIBRARY_ADMIN, clinic=ClinicFactory.create()))


@pytest.fixture
def own(ours: Actor, now: datetime) -> Revision:
    """A draft of the clinic's own, on the clinic's own ladder."""
    with clinic_scope(ours.clinic_id):
        exercise = Exercise.objects.create(slug="our-curl", clinic_id=ours.clinic_id)
        ladder = Ladder.objects.create(slug="ours", title={}, clinic_id=ours.clinic_id)
        step = {"key": "a", "position": 0, "laterality": "each", "entry": DOSE, "bounds": SPANS}
        ladder.steps.create(exercise=exercise, clinic_id=ours.clinic_id, **step)
        content = shipped.exercises()["standing-curl"]
        return services.draft_revision(exercise=exercise, content=content, by=ours, at=now)


@pytest.fixture
def draft(db: None, now: datetime) -> Revision:
    exercise = Exercise.objects.create(slug="standing-curl")
    content = shipped.exercises()["standing-curl"]
    return services.draft_revision(exercise=exercise, content=content, by=None, at=now)


@pytest.fixture
def published(draft: Revision, now: datetime) -> Revision:
    return services.publish_revision(revision=draft, by=None, at=now)


@pytest.fixture
def beside(db: None, now: datetime) -> None:
    """The standing curl and those shown beside it: what its guide needs, and fast to make."""
    contents = shipped.exercises()
    for slug in contents["standing-curl"].beside:
        exercise, _ = Exercise.objects.get_or_create(slug=slug)
        draft = services.draft_revision(exercise=exercise, content=contents[slug], by=None, at=now)
        services.publish_revision(revision=draft, by=None, at=now)


@pytest.fixture
def library(db: None, now: datetime) -> services.Loaded:
    return services.load_shipped_library(at=now)
