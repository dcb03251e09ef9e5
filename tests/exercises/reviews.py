"""The way of a draft to the public, as people go it."""

from datetime import timedelta
from typing import Any

from accounts.roles import Actor
from exercises import services
from exercises.models import Revision
from tests.conftest import NOW

BIO = {"en": "Treats knees.", "es": "Trata rodillas."}
YEAR = timedelta(days=365)


def a_review(**changes: Any) -> services.Review:
    given = {"credentials": "PT", "bio": BIO, "due_on": (NOW + YEAR).date()}
    return services.Review(**given | changes)


def reviewed(draft: Revision, by: Actor, **changes: Any) -> Revision:
    """Ask for a review of the draft, and give it."""
    services.submit_revision(revision=draft, by=by, at=NOW)
    return services.review_revision(revision=draft, review=a_review(**changes), by=by, at=NOW)
