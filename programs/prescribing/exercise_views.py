"""The exercises of the draft: find one in the library, add it, move it, remove it."""

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.requests import ActingRequest
from exercises.searching import find_exercise
from programs.calendar import local_day
from programs.prescribing.candidates import candidates
from programs.prescribing.drafting import typed
from programs.prescribing.exercises import (
    add_exercise,
    move_exercise,
    remove_exercise,
)
from programs.prescribing.opening import Opened, keep_typed, open_draft

FOUND = "programs/prescribing/_found.html"
SEARCH = "find"  # where the keyboard goes on after a list was changed
MOVE = re.compile(r"(\d{1,3})-(\d{1,3})")
PLACE = re.compile(r"\d{1,3}")


@require_POST
def program_exercises(request: ActingRequest, patient_id: str) -> HttpResponse:
    """Change the list, or look for what could be added; what was typed beside it is kept."""
    opened = open_draft(request, patient_id)
    if opened is None:
        return redirect("programs:program-assign", patient_id)
    if "look" in request.POST:
        return _look(request, opened)
    return _back(opened, at=_changed(request, opened))


def _changed(request: ActingRequest, opened: Opened) -> str:
    """Do what was pressed; return where the keyboard goes on."""
    page: dict[str, Any] = {
        "patient": opened.patient,
        "template": opened.template,
        "told": typed(request.POST),
        "by": request.actor,
        "at": timezone.now(),
    }
    ladder, _colon, exercise = request.POST.get("add", "").partition(":")
    if ladder and (found := find_exercise(ladder, exercise)):
        add_exercise(found=found, **page)
    if move := MOVE.fullmatch(request.POST.get("move", "")):
        move_exercise(place=int(move[1]), to=int(move[2]), **page)
        return f"x{int(move[2])}"
    if PLACE.fullmatch(place := request.POST.get("remove", "")):
        remove_exercise(place=int(place), **page)
    return SEARCH


def _look(request: ActingRequest, opened: Opened) -> HttpResponse:
    """What the library has by this name: the list for htmx, else the page with the list in it."""
    words = request.POST.get("find", "").strip()
    if request.htmx:
        today = local_day(timezone.now(), opened.patient.time_zone)
        context = {
            "found": candidates(opened.patient, words, today),
            "url": reverse("programs:program-exercises", args=[opened.patient.id]),
        }
        return render(request, FOUND, context)
    keep_typed(request, opened)
    return _back(opened, at=SEARCH, find=words)


def _back(opened: Opened, **asked: str) -> HttpResponse:
    """The page of the draft, at the place that was asked for."""
    url = reverse("programs:program-assign", args=[opened.patient.id])
    query = urlencode({"template": opened.template.key} | asked)
    return redirect(f"{url}?{query}#{asked['at']}")
