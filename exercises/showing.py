"""A revision as its patient will see it: drawn by the app that has the patient's pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from exercises.models import LadderStep, Revision

type Screen = Callable[[HttpRequest, Revision, LadderStep | None], HttpResponse]

_screens: list[str] = []


def shown_by(screen: str) -> None:
    """Let the Screen of this dotted name draw it: programs says so at its start.

    Nothing here knows of it, and nothing of it is imported before somebody looks.
    """
    _screens[:] = [screen]


def patient_screen(request: HttpRequest, revision: Revision) -> HttpResponse:
    """The screen of a set of this revision, whose words must be whole; nothing of it is logged."""
    steps = LadderStep.objects.filter(exercise=revision.exercise_id, clinic=revision.clinic_id)
    screen: Screen = import_string(_screens[0])
    return screen(request, revision, steps.order_by("position").first())
