"""A revision as its patient will see it: drawn by the app that has the patient's pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from exercises.models import LadderStep, Revision

type Screen = Callable[[HttpRequest, Revision, LadderStep | None], HttpResponse]

_screens: list[Screen] = []


def shown_by(screen: Screen) -> None:
    """Let this draw it; programs does so when it starts, since nothing here knows of it."""
    _screens[:] = [screen]


def patient_screen(request: HttpRequest, revision: Revision) -> HttpResponse:
    """The screen of a set of this revision, whose words must be whole; nothing of it is logged."""
    steps = LadderStep.objects.filter(exercise=revision.exercise_id, clinic=revision.clinic_id)
    return _screens[0](request, revision, steps.order_by("position").first())
