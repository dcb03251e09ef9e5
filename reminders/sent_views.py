"""The clinician's page of what a patient was told, and what became of it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients.models import Patient
from reminders.sent import sent_page


@require_safe
def patient_sent(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """What comes next, over which ways, and what was sent lately."""
    patient = find_visible(Patient.objects, request.actor, id=patient_id)
    audit.saw(patient.id)
    context = {"page": sent_page(patient, timezone.now()), "item": "patients"}
    return render(request, "reminders/sent.html", context)
