"""The patient's page of reminders: whether, when and how."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients.models import Consent, Patient
from patients.preferences import choose_hearing
from programs.models import Program
from reminders.forms import HearingForm


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: ActingRequest) -> HttpResponse:
    """What holds, and since when; a post changes it for the next reminder on."""
    patient = find_visible(Patient.objects, request.actor, id=request.actor.patient_id)
    audit.saw(patient.id)
    consent = patient.consents.filter(kind=Consent.Kind.REMINDERS_EMAIL).order_by("-given_at")
    newest = consent.first()
    form = HearingForm(patient, _weekdays(request), request.POST or None)
    form.initial["reminders"] = newest is not None and newest.withdrawn_at is None
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        choose_hearing(patient=patient, hearing=form.hearing(), by=request.actor, at=now)
        messages.success(request, _("Saved."))
        return redirect("patients:settings")
    status = 422 if form.errors else 200
    context = {"form": form, "consent": newest, "email": patient.email, "tab": "settings"}
    return render(request, "reminders/preferences.html", context, status=status)


def _weekdays(request: ActingRequest) -> list[int]:
    """The days of the program that runs, where it has days."""
    running = Program.objects.visible_to(request.actor).exclude(status=Program.Status.ENDED)
    return running.order_by("-assigned_at").values_list("weekdays", flat=True).first() or []
