"""The page on which a clinician compares an exercise's newer text, and takes it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from accounts.roles import Role
from exercises.models import Revision
from patients.visible import find_patient
from programs.models import Program
from programs.revising.presenters import compared
from programs.revising.services import NotAcceptable, accept_revision


@require_safe
def revision_compare(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """What differs in each exercise of the running program that has a newer text."""
    patient = find_patient(request.actor, patient_id)
    audit.saw(patient.id)
    program = patient.programs.running().first()
    context = {
        "patient": patient,
        "program": program,
        "exercises": compared(program) if program else [],
        "accepts": request.actor.role == Role.CLINICIAN,
        "item": "decisions",
    }
    return render(request, "programs/revising/revision.html", context)


@require_POST
def revision_accept(request: ActingRequest, program_id: UUID, revision_id: UUID) -> HttpResponse:
    """Take the newer text of one exercise into the program."""
    program = find_visible(Program.objects, request.actor, id=program_id)
    revision = get_object_or_404(Revision, id=revision_id)
    try:
        new = accept_revision(
            program=program, revision=revision, by=request.actor, at=timezone.now()
        )
    except NotAcceptable as refusal:
        messages.warning(request, refusal.message)
    else:
        said = _("Taken. The patient reads the new text from now on.")
        messages.success(request, said if new else _("The program has that text already."))
    return redirect("programs:revision-compare", program.patient_id)
