"""The report of a patient, printed at the desk."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import find_visible
from accounts.audit import Kind
from accounts.requests import ActingRequest
from desk.paper import as_pdf, shown
from desk.queries import program_of
from desk.reading import EVERYTHING, read_page
from desk.report.telling import TEMPLATE, report
from patients.models import Patient


@require_safe
def report_print(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """Adherence, pain and progress of the program that runs, or ran last, as PDF."""
    found = program_of(request.actor, patient_id)
    if found is None:
        patient = find_visible(Patient.objects, request.actor, id=patient_id)
        messages.info(request, _("There is nothing to report: no program was started."))
        return redirect("desk:patient-detail", patient.id)
    audit.record(by=request.actor, verb="print_report", patients=[patient_id], kind=Kind.EXPORT)
    told, page, _shown = read_page(found, EVERYTHING, clinician=False)
    return shown(as_pdf(TEMPLATE, report(told, page), timezone.now()), "report")
