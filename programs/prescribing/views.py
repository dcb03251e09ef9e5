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
from programs.decisions.acts import Act, act_page
from programs.models import DoseVersion, Phase, Prescription, Program
from programs.prescribing import services
from programs.prescribing.candidates import candidates
from programs.prescribing.drafting import drop_draft
from programs.prescribing.fault_words import all_words, placed_words
from programs.prescribing.forms import DoseForm, PauseForm, PrescribeForm
from programs.prescribing.opening import Opened, form_of, keep_typed, open_draft
from programs.prescribing.phases import NotNext, start_phase
from programs.prescribing.presenters import prescribe_page
from programs.prescribing.previewing import preview
from programs.prescribing.spread import spread
from programs.progression import RulesetError
from programs.wording import day_words, dose_words, side_words

KEPT = {"preview", "rule", "save"}  # buttons that keep what was typed and assign nothing
MOST_DIGITS = 3
FAN = "programs/prescribing/fan.html"
PAGE = "programs/prescribing/prescribe.html"
NO_TEMPLATE = "programs/prescribing/no_template.html"


@require_http_methods(["GET", "HEAD", "POST"])
def program_assign(request: ActingRequest, patient_id: str) -> HttpResponse:
    """Adjust a template for a patient, see what it would do, assign it."""
    opened = open_draft(request, patient_id)
    if opened is None:
        return render(request, NO_TEMPLATE, {"item": "patients"})
    form = _form(request, opened)
    if request.method != "POST":
        return _page(request, opened, form)
    if "start_over" in request.POST:
        drop_draft(patient=opened.patient, by=request.actor)
        return redirect(f"{request.path}?template={opened.template.key}")
    if KEPT & request.POST.keys():
        onward = _onward(request, opened.patient) if keep_typed(request, opened) else None
        return onward or _page(request, opened, form)
    if not form.is_valid():
        return _page(request, opened, form)
    return _assign(request, opened, form)


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
    opened = open_draft(request, patient_id)
    if opened is None:
        return render(request, NO_TEMPLATE, {"item": "patients"})
    form = _form(request, opened)
    context = {
        "spread": spread(opened.patient, form.source, form.chosen(), _shown(request)),
        "patient": opened.patient,
        "back_url": reverse("programs:program-assign", args=[opened.patient.id]),
        "template": form.source.template.key,
        "item": "patients",
    }
    return render(request, f"{FAN}#fan" if request.htmx else FAN, context)


def _shown(request: ActingRequest) -> int:
    """Which exercise is looked ahead at: the one that was picked, else the first."""
    place = str(request.POST.get("shown", "") or request.GET.get("shown", ""))
    return int(place) if place.isdecimal() and len(place) <= MOST_DIGITS else 0


def _form(request: ActingRequest, opened: Opened) -> PrescribeForm:
    posted = request.POST if request.method == "POST" else None
    return form_of(opened.patient, opened.template, opened.draft, posted)


def _page(request: ActingRequest, opened: Opened, form: PrescribeForm) -> HttpResponse:
    patient, looking = opened.patient, request.method != "POST" or "preview" in request.POST
    fine, changes = not form.is_bound or form.is_valid(), form.chosen()
    shown = preview(patient, form.source, changes, _shown(request))
    if not fine and form.exercises:
        shown = replace(shown, faults=(_("A field needs checking before this can be drawn."),))
    asked = request.POST if request.method == "POST" else request.GET
    words = str(asked.get("find", "")).strip()
    looks = not request.htmx and (words or "find" in request.GET)
    found = candidates(patient, words, changes.start_on) if looks else None
    page = prescribe_page(patient, opened.templates, form, shown, found)
    context = {"page": page, "form": form, "item": "patients", "at": request.GET.get("at", "")}
    context |= {"words": words, "swapped": request.htmx and "preview" in request.POST}
    status = 200 if looking or (fine and not form.errors) else 422
    return render(request, _part(request), context, status=status)


def _part(request: ActingRequest) -> str:
    """What htmx asked for: what comes of the fields, or after another list all of them anew."""
    if not request.htmx:
        return PAGE
    return f"{PAGE}#preview" if "preview" in request.POST else f"{PAGE}#sheet"


def _assign(request: ActingRequest, opened: Opened, form: PrescribeForm) -> HttpResponse:
    patient = opened.patient
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
        form.refuse(refusal.message, refusal.field, refusal.exercise)
        return _page(request, opened, form)
    except RulesetError as error:
        for exercise, words in placed_words(error.faults).items():
            for each in words:
                form.refuse(each, exercise=exercise)
        return _page(request, opened, form)
    drop_draft(patient=patient, by=request.actor)
    messages.success(request, _assigned(patient, form))
    if "invite" in request.POST:
        return redirect("patients:patient-invite", patient.id, preserve_request=True)
    return redirect("desk:patient-detail", patient.id)


def _assigned(patient: Patient, form: PrescribeForm) -> str:
    told = {"name": patient.first_name, "day": day_words(form.cleaned_data["start_on"])}
    if form.cleaned_data["start_on"] > form.today:
        return _("Assigned from %(day)s on. %(name)s sees when it starts.") % told
    return _("Assigned. %(name)s sees it now.") % told


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
        messages.warning(request, " ".join(all_words(error.faults)))
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
