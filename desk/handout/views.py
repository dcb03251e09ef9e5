"""The handout: printed at the desk, known again when its code is scanned."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import find_visible
from accounts.audit import Kind
from accounts.requests import ActingRequest
from accounts.roles import Role
from desk.handout.home import home_pdf
from desk.handout.printing import as_pdf
from desk.handout.sheet import Sheet
from desk.handout.versions import moments_of
from desk.paper import shown
from patients import units
from patients.models import Patient
from programs.calendar import local_day
from programs.logging.plan import load_plan, on_day
from programs.models import Program
from programs.wording import day_words


@require_safe
def sheet_print(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """The running program as one page of PDF, in the patient's own language and unit."""
    patient = find_visible(Patient.objects, request.actor, id=patient_id)
    rows = Program.objects.filter(patient=patient, status=Program.Status.ACTIVE)
    program = rows.select_related("patient__clinic", "lead").first()
    if program is None:
        messages.info(request, _("There is nothing to print: no program is active."))
        return redirect("desk:patient-detail", patient.id)
    audit.record(by=request.actor, verb="print_handout", patients=[patient.id], kind=Kind.EXPORT)
    version, now = len(moments_of(program)), timezone.now()
    link = request.build_absolute_uri(reverse("handout:open", args=[program.id, version]))
    with translation.override(patient.language), units.spoken_in(patient.unit):
        plan = on_day(load_plan(program), program, local_day(now, patient.time_zone))
        made = as_pdf(Sheet(program, plan, version, link, now))
    return shown(made, str(version))


@require_safe
def home_print(request: ActingRequest, program_id: UUID) -> HttpResponse:
    """The home plan that a program ended with as one page of PDF, in the patient's language."""
    rows = Program.objects.select_related("patient__clinic")
    program = find_visible(rows, request.actor, id=program_id)
    home, patient = program.discharges.select_related("by").first(), program.patient
    if home is None:
        return redirect("programs:program-discharge", program.id)
    audit.record(by=request.actor, verb="print_home_plan", patients=[patient.id], kind=Kind.EXPORT)
    with translation.override(patient.language):
        return shown(home_pdf(home), "home")


@require_safe
def sheet_open(request: ActingRequest, program_id: UUID, version: int) -> HttpResponse:
    """Lead from a printed code to what holds now, and say so where the paper is old."""
    rows = Program.objects.select_related("patient")
    program = find_visible(rows, request.actor, id=program_id)
    moments = moments_of(program)
    if not 0 < version <= len(moments):
        raise Http404
    ended = program.status == Program.Status.ENDED
    if ended or version < len(moments):
        day = day_words(local_day(moments[version - 1], program.patient.time_zone))
        told = {"n": version, "day": day}
        messages.warning(
            request,
            _("This sheet is old: version %(n)s, of %(day)s. Here is what holds now.") % told,
        )
    else:
        messages.success(request, _("This sheet is up to date."))
    if request.actor.role == Role.PATIENT:
        return redirect("programs:today")
    return redirect("desk:patient-detail", program.patient_id)
