"""The clinician prescribes: choose, adjust, look ahead, assign; later pause, resume, end."""

from dataclasses import replace
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
from programs.models import DoseVersion, Draft, Phase, Prescription, Program, Template
from programs.prescribing import services
from programs.prescribing.choosing import offered
from programs.prescribing.drafting import (
    drafted,
    drop_draft,
    find_draft,
    keep_draft,
    typed,
    typed_before,
)
from programs.prescribing.fault_words import fault_words
from programs.prescribing.forms import DoseForm, PauseForm, PrescribeForm
from programs.prescribing.phases import NotNext, start_phase
from programs.prescribing.plan import load_source
from programs.prescribing.presenters import prescribe_page
from programs.prescribing.previewing import preview
from programs.prescribing.spread import spread
from programs.progression import RulesetError
from programs.wording import dose_words, side_words

FIRST = "standing-curl"
KEPT = {"preview", "rule", "save"}  # buttons that keep what was typed and assign nothing
MOST_DIGITS = 3
FAN = "programs/prescribing/fan.html"
PAGE = "programs/prescribing/prescribe.html"


@require_http_methods(["GET", "HEAD", "POST"])
def program_assign(request: ActingRequest, patient_id: str) -> HttpResponse:
    """Adjust a template for a patient, see what it would do, assign it."""
    patient = find_patient(request.actor, patient_id)
    audit.saw(patient.id)
    draft = find_draft(patient=patient, by=request.actor)
    key = _key(request, draft)
    templates = offered(request.actor.clinic_id, key)
    if not templates:
        return render(request, "programs/prescribing/no_template.html", {"item": "patients"})
    template = drafted(_chosen(key, templates), draft)
    form = _form(request, patient, template, draft)
    if request.method != "POST":
        return _page(request, patient, templates, form)
    if "start_over" in request.POST:
        drop_draft(patient=patient, by=request.actor)
        return redirect(f"{request.path}?template={template.key}")
    if KEPT & request.POST.keys():
        _keep(request, patient, template)
        return _onward(request, patient) or _page(request, patient, templates, form)
    if not form.is_valid():
        return _page(request, patient, templates, form)
    return _assign(request, patient, templates, form)


def _keep(request: ActingRequest, patient: Patient, template: Template) -> None:
    keep_draft(
        patient=patient,
        template=template,
        told=typed(request.POST),
        by=request.actor,
        at=timezone.now(),
    )


def _onward(request: ActingRequest, patient: Patient) -> HttpResponse | None:
    """Another page of the draft, if its button was pressed."""
    if "save" in request.POST:
        return redirect("programs:template-save", patient.id)
    return _to_rule(patient, request.POST["rule"]) if "rule" in request.POST else None


def _to_rule(patient: Patient, place: str) -> HttpResponse:
    """The page of one rule of the draft; the count of the rules is the place of one more."""
    if not place.isdecimal() or len(place) > MOST_DIGITS:
        return redirect("programs:program-assign", patient.id)
    return redirect("programs:program-rule", patient.id, int(place))


@require_http_methods(["GET", "HEAD", "POST"])
def program_fan(request: ActingRequest, patient_id: str) -> HttpResponse:
    """How two hundred virtual patients fare; nothing is written, whatever was posted."""
    patient = find_patient(request.actor, patient_id)
    audit.saw(patient.id)
    draft = find_draft(patient=patient, by=request.actor)
    key = _key(request, draft)
    templates = offered(request.actor.clinic_id, key)
    if not templates:
        return render(request, "programs/prescribing/no_template.html", {"item": "patients"})
    form = _form(request, patient, drafted(_chosen(key, templates), draft), draft)
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


def _chosen(key: str, templates: list[Template]) -> Template:
    """The template of this key, else the first, which then is read whole."""
    found = next((each for each in templates if each.key == key), None)
    return found or Template.objects.get(pk=templates[0].pk)


def _key(request: ActingRequest, draft: Draft | None) -> str:
    """The template that was asked for, else the draft's, else the first that is offered."""
    asked = request.POST.get("template") or request.GET.get("template")
    return str(asked or (draft.template.key if draft else FIRST))


def _form(
    request: ActingRequest, patient: Patient, template: Template, draft: Draft | None
) -> PrescribeForm:
    """What was posted, else what was typed before, else the template as it is."""
    today = local_day(timezone.now(), patient.time_zone)
    typed_now = request.POST if request.method == "POST" else None
    data = typed_now if typed_now is not None else typed_before(draft, template, today=today)
    source, limit = load_source(template=template), patient.clinic.pain_limit
    return PrescribeForm(source, data, today=today, pain_limit=limit)


def _page(
    request: ActingRequest, patient: Patient, templates: list[Template], form: PrescribeForm
) -> HttpResponse:
    fine = not form.is_bound or form.is_valid()
    changes = form.changes() if form.is_bound and fine else form.offered
    shown = preview(patient, form.source, changes)
    if not fine:
        shown = replace(shown, faults=(_("A field needs checking before this can be drawn."),))
    page = prescribe_page(patient, templates, form, shown)
    looking = request.method != "POST" or "preview" in request.POST
    partial = request.htmx and "preview" in request.POST
    status = 200 if looking or (fine and not form.errors) else 422
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
    drop_draft(patient=patient, by=request.actor)
    messages.success(request, _("Assigned. %(name)s sees it now.") % {"name": patient.first_name})
    if "invite" in request.POST:
        return redirect("patients:patient-invite", patient.id, preserve_request=True)
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


@require_POST
def phase_start(request: ActingRequest, phase_id: str) -> HttpResponse:
    """Start the next phase of a program; the clinician does, no rule."""
    phase = find_visible(Phase.objects.select_related("program"), request.actor, id=phase_id)
    try:
        new = start_phase(phase=phase, by=request.actor, at=timezone.now())
    except NotNext:
        messages.info(request, _("Nothing changed: this phase can’t start now."))
    except services.NotAssignable as refusal:
        messages.warning(request, refusal.message)
    except RulesetError as error:
        messages.warning(request, " ".join(dict.fromkeys(map(fault_words, error.faults))))
    else:
        said = _("The phase has started. The patient sees its exercises.")
        messages.success(request, said if new else _("Nothing changed: it has started already."))
    return redirect("desk:patient-detail", phase.program.patient_id)


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
