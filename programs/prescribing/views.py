"""The clinician prescribes: choose, adjust, look ahead, assign; later pause, resume, end."""

from typing import Any

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients.models import Patient
from patients.visible import find_patient
from programs.calendar import local_day
from programs.decisions.acts import Act, act_page
from programs.models import DoseVersion, Prescription, Program, Template
from programs.prescribing import services
from programs.prescribing.choosing import offered
from programs.prescribing.fault_words import fault_words
from programs.prescribing.forms import DoseForm, PauseForm, PrescribeForm
from programs.prescribing.plan import load_source
from programs.prescribing.presenters import prescribe_page
from programs.prescribing.previewing import preview
from programs.prescribing.spread import spread
from programs.progression import RulesetError
from programs.wording import dose_words, side_words

FIRST = "standing-curl"
FAN = "programs/prescribing/fan.html"
PAGE = "programs/prescribing/prescribe.html"


@require_http_methods(["GET", "HEAD", "POST"])
def program_assign(request: ActingRequest, patient_id: str) -> HttpResponse:
    """Adjust a template for a patient, see what it would do, assign it."""
    patient = find_patient(request.actor, patient_id)
    audit.saw(patient.id)
    templates = offered(request.actor.clinic_id, _key(request))
    if not templates:
        return render(request, "programs/prescribing/no_template.html", {"item": "patients"})
    form = _form(request, patient, _chosen(request, templates))
    if request.method != "POST":
        return _page(request, patient, templates, form)
    if not form.is_valid() or "preview" in request.POST:
        return _page(request, patient, templates, form)
    return _assign(request, patient, templates, form)


@require_http_methods(["GET", "HEAD", "POST"])
def program_fan(request: ActingRequest, patient_id: str) -> HttpResponse:
    """How two hundred virtual patients fare; nothing is written, whatever was posted."""
    patient = find_patient(request.actor, patient_id)
    audit.saw(patient.id)
    templates = offered(request.actor.clinic_id, _key(request))
    if not templates:
        return render(request, "programs/prescribing/no_template.html", {"item": "patients"})
    form = _form(request, patient, _chosen(request, templates))
    fine = not form.is_bound or form.is_valid()
    changes = form.changes() if form.is_bound and fine else form.offered
    context = {
        "spread": spread(patient, form.source, changes),
        "patient": patient,
        "back_url": reverse("programs:program-assign", args=[patient.id]),
        "template": form.source.template.key,
        "item": "patients",
    }
    return render(request, f"{FAN}#fan" if request.htmx else FAN, context)


def _chosen(request: ActingRequest, templates: list[Template]) -> Template:
    """The template that was asked for, else the first, which then is read whole."""
    asked = _key(request)
    found = next((each for each in templates if each.key == asked), None)
    return found or Template.objects.get(pk=templates[0].pk)


def _key(request: ActingRequest) -> str:
    return str(request.POST.get("template") or request.GET.get("template") or FIRST)


def _form(request: ActingRequest, patient: Patient, template: Template) -> PrescribeForm:
    today = local_day(timezone.now(), patient.time_zone)
    data = request.POST if request.method == "POST" else None
    return PrescribeForm(load_source(template=template), data, today=today)


def _page(
    request: ActingRequest, patient: Patient, templates: list[Template], form: PrescribeForm
) -> HttpResponse:
    fine = not form.is_bound or form.is_valid()
    changes = form.changes() if form.is_bound and fine else form.offered
    page = prescribe_page(patient, templates, form, preview(patient, form.source, changes))
    partial = request.htmx and "preview" in request.POST and fine
    status = 200 if fine and not form.errors else 422
    name = f"{PAGE}#preview" if partial else PAGE
    return render(request, name, {"page": page, "form": form, "item": "patients"}, status=status)


def _assign(
    request: ActingRequest, patient: Patient, templates: list[Template], form: PrescribeForm
) -> HttpResponse:
    try:
        services.assign_program(
            patient=patient,
            source=form.source,
            changes=form.changes(),
            by=request.actor,
            at=timezone.now(),
        )
    except services.AlreadyRuns as refusal:
        messages.warning(request, refusal.message)
        return redirect("desk:patient-detail", patient.id)
    except services.NotAssignable as refusal:
        form.refuse(refusal.message, refusal.field)
        return _page(request, patient, templates, form)
    except RulesetError as error:
        form.add_error(None, list(dict.fromkeys(map(fault_words, error.faults))))
        return _page(request, patient, templates, form)
    messages.success(request, _("Assigned. %(name)s sees it now.") % {"name": patient.first_name})
    return redirect("desk:patient-detail", patient.id)


@require_POST
def program_pause(request: ActingRequest, program_id: str) -> HttpResponse:
    """Pause from today on; nothing is due and nobody is reminded."""
    program = find_visible(Program.objects, request.actor, id=program_id)
    form = PauseForm(request.POST)
    if not form.is_valid():
        url = reverse("programs:program-pause", args=[program.id])
        act = Act(program.patient_id, _("Pause"), url, _("Pause, no reminders until resumed"))
        return act_page(request, act, form)
    return _carried_out(
        request,
        program,
        lambda: services.pause_program(
            program=program,
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=timezone.now(),
        ),
        _("Paused. Nothing is due until you resume."),
    )


@require_POST
def program_resume(request: ActingRequest, program_id: str) -> HttpResponse:
    """Let sessions be due again."""
    program = find_visible(Program.objects, request.actor, id=program_id)
    return _carried_out(
        request,
        program,
        lambda: services.resume_program(program=program, by=request.actor, at=timezone.now()),
        _("Resumed."),
    )


@require_POST
def program_end(request: ActingRequest, program_id: str) -> HttpResponse:
    """End the program; what was logged stays."""
    program = find_visible(Program.objects, request.actor, id=program_id)
    return _carried_out(
        request,
        program,
        lambda: services.end_program(program=program, by=request.actor, at=timezone.now()),
        _("Ended."),
    )


def _carried_out(request: ActingRequest, program: Program, act: Any, said: str) -> HttpResponse:
    """Do it and say so; where it was done before, say how it stands."""
    try:
        act()
    except services.NotNow as state:
        status = Program.Status(str(state)).label
        messages.info(
            request, _("Nothing changed: the program is %(status)s.") % {"status": status}
        )
    else:
        messages.success(request, said)
    return redirect("desk:patient-detail", program.patient_id)


@require_http_methods(["GET", "HEAD", "POST"])
def dose_change(request: ActingRequest, prescription_id: str, side: str) -> HttpResponse:
    """Change one side's dose by hand, as a decision of its own."""
    prescription = find_visible(
        Prescription.objects.select_related("program__patient"), request.actor, id=prescription_id
    )
    audit.saw(prescription.program.patient_id)
    now = get_object_or_404(prescription.doses.current(), side=side)
    form = DoseForm(request.POST or None, initial=model_to_dict(now), label_suffix="")
    if not form.is_valid():
        return _dose_page(request, prescription, now, form)
    try:
        services.change_dose(
            prescription=prescription,
            side=side,
            wanted=form.wanted(),
            by=request.actor,
            at=timezone.now(),
        )
    except services.DoseRefused as refusal:
        form.add_error(refusal.field, refusal.message)
        return _dose_page(request, prescription, now, form)
    messages.success(request, _("Changed. The patient sees why."))
    return redirect("desk:patient-detail", prescription.program.patient_id)


def _dose_page(
    request: ActingRequest, prescription: Prescription, now: DoseVersion, form: DoseForm
) -> HttpResponse:
    """The form by itself, each error beside its field."""
    form.offer(list(prescription.steps.select_related("revision")))
    url = reverse("programs:dose-change", args=[prescription.id, now.side])
    side = side_words(now.side)
    title = _("Change the dose: %(side)s") % {"side": side}
    lead = _("%(side)s, now %(dose)s") % {"side": side.capitalize(), "dose": dose_words(now)}
    act = Act(prescription.program.patient_id, title, url, _("Save the dose"), lead)
    return act_page(request, act, form)
