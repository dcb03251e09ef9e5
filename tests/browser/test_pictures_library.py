"""Writes every page of the exercise editor, both sizes and both themes, to docs/pictures."""

import pytest
from django.utils import timezone

from accounts.models import User
from config.demo import cast, history
from exercises.models import Exercise, Ladder, Revision
from tests.browser.conftest import DESK
from tests.browser.test_pictures import FOLDER, Open, enter, keep, take

pytestmark = [
    pytest.mark.pictures,
    pytest.mark.django_db(transaction=True, databases=["default", "planner"]),
]
LIBRARY = "/library/exercises/"


def test_every_page_of_the_editor(screens: Open) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    history.prepare(timezone.now())
    desk = screens(DESK)
    enter(desk, User.objects.get(email=cast.LIBRARIAN.email))
    exercise = Exercise.objects.get(slug="standing-curl")
    standing = Revision.objects.get(exercise=exercise, state="published")
    desk.open(f"{LIBRARY}revision/{standing.pk}/change/")
    keep(desk, "editor-published")
    desk.page.get_by_role("button", name="Draft the next revision").click()
    desk.page.get_by_label("Summary, English").fill("A curl on two feet.")
    keep(desk, "editor-draft")
    desk.page.get_by_role("button", name="Save and continue editing").click()
    desk.page.get_by_text("was changed successfully").wait_for()
    keep(desk, "editor-stale")
    draft = Revision.objects.get(exercise=exercise, state="draft")
    take(
        desk,
        {
            "editor": "/library/",
            "editor-exercises": f"{LIBRARY}exercise/",
            "editor-revisions": f"{LIBRARY}revision/",
            "editor-difference": f"{LIBRARY}revision/{draft.pk}/difference/",
            "editor-history": f"{LIBRARY}revision/{draft.pk}/history/",
            "editor-patient": f"{LIBRARY}revision/{draft.pk}/look/?as=patient",
            "editor-ladder": f"{LIBRARY}ladder/{Ladder.objects.earliest('slug').pk}/change/",
            "editor-import": f"{LIBRARY}libraryimport/add/",
        },
    )
