from datetime import datetime

import pytest
from django.test import Client

from accounts.roles import Actor, Role
from exercises import services, shipped
from exercises.models import Exercise, Revision
from tests.actors import of
from tests.factories import MembershipFactory, actor


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
