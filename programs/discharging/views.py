"""Discharge: the last scores, a home plan, the end; afterwards what was written."""

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients.scoring import scores_of
from programs.discharging.drafting import drafted
from programs.discharging.forms import DischargeForm
from programs.discharging.services import discharge
from programs.models import Program

WRONG = 422
PAGE = "programs/discharging/discharge.html"


@require_http_methods(["GET", "HEAD", "POST"])
def program_discharge(request: ActingRequest, program_id: UUID) -> HttpResponse:
    """End a program with a home plan; of one that has it, the plan."""
    rows = Program.objects.select_related("patient__clinic", "lead")
    program = find_visible(rows, request.actor, id=program_id)
    audit.saw(program.patient_id)
    kept = program.discharges.select_related("by").first()
    if kept:
        if request.method == "POST":
            messages.info(request, _("Nothing changed: they are discharged already."))
            return redirect("programs:program-discharge", program.id)
        return render(request, PAGE, {"program": program, "kept": kept, "item": "patients"})
    return _write(request, program)


def _write(request: ActingRequest, program: Program) -> HttpResponse:
    now, scores = timezone.now(), scores_of(program.patient)
    if request.method == "POST":
        form = DischargeForm(scores, request.POST)
    else:
        form = DischargeForm(scores, **asdict(drafted(program, now)))
    if form.is_valid():
        words, final = form.words(), form.final()
        if discharge(program=program, words=words, scores=final, by=request.actor, at=now):
            messages.success(request, _("Discharged. The patient sees the home plan now."))
        return redirect("desk:patient-detail", program.patient_id)
    context = {
        "program": program,
        "form": form,
        "ended": program.status == Program.Status.ENDED,
        "item": "patients",
    }
    return render(request, PAGE, context, status=WRONG if form.errors else 200)
