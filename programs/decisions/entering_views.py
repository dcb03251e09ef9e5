"""A clinician enters a test, or the day from which resisted steps may be trained."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients.models import Patient
from programs.calendar import local_day
from programs.decisions import services
from programs.decisions.acts import Act, act_page
from programs.decisions.forms import FindingForm, ResistedDateForm
from programs.decisions.needs import needs_of
from programs.models import Program


@require_POST
def finding_enter(request: ActingRequest, program_id: UUID) -> HttpResponse:
    """Store one test or clearance that the program's rules read."""
    rows = Program.objects.select_related("patient")
    program = find_visible(rows, request.actor, id=program_id)
    form = _finding_form(request, program)
    if form is None:
        messages.error(request, _("The rules of this program read no such test."))
        return redirect("desk:patient-detail", program.patient_id)
    if not form.is_valid():
        url = reverse("programs:finding-enter", args=[program.id])
        act = Act(program.patient_id, _("Enter a test"), url, _("Save the test"))
        return act_page(request, act, form)
    services.enter_finding(
        program=program,
        name=form.entry.name,
        value=form.cleaned_data["value"],
        on=form.cleaned_data["on"],
        by=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("Saved. The rules have looked at it."))
    return redirect("desk:patient-detail", program.patient_id)


def _finding_form(request: ActingRequest, program: Program) -> FindingForm | None:
    name = request.POST.get("name", "")
    entry = next((each for each in needs_of(program).entries if each.name == name), None)
    if entry is None:
        return None
    today = local_day(timezone.now(), program.patient.time_zone)
    return FindingForm(entry, program.patient, today, request.POST)


@require_http_methods(["GET", "HEAD", "POST"])
def resisted_date(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """Ask for the day and the reason, then hold resisted steps back until it."""
    patient = find_visible(Patient.objects, request.actor, id=patient_id)
    audit.saw(patient.id)
    form = ResistedDateForm(patient, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        url = reverse("programs:resisted-date", args=[patient.id])
        lead = _("After a hamstring graft or a meniscus repair, resisted steps wait for this day.")
        act = Act(patient.id, _("No resisted curls before"), url, _("Save the day"), lead)
        return act_page(request, act, form)
    services.set_resisted_date(
        patient=patient,
        on=form.cleaned_data["on"],
        reason=form.cleaned_data["reason"],
        by=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("Saved. Resisted steps wait until that day."))
    return redirect("desk:patient-detail", patient.id)
