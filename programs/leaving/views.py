"""Leaving: ask once, then end it and sign out."""

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients.models import Patient
from programs.leaving import services


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: ActingRequest) -> HttpResponse:
    """What ends and what stays; the button ends it, and this browser is signed out."""
    rows = Patient.objects.select_related("clinic")
    patient = find_visible(rows, request.actor, id=request.actor.patient_id)
    audit.saw(patient.id)
    context = {"clinic": patient.clinic, "tab": "settings"}
    if request.method != "POST":
        return render(request, "programs/leaving/leave.html", context)
    services.leave(patient=patient, by=request.actor, at=timezone.now())
    language = request.user.language
    logout(request)
    with translation.override(language):
        response = render(request, "programs/leaving/left.html", context)
    response["Clear-Site-Data"] = '"cache"'
    response["Cache-Control"] = "no-store"
    return response
