"""Pages of decisions: find the object through the person, call one service, answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients import units
from programs.calendar import local_day
from programs.decisions import services
from programs.decisions.acts import Act, act_page
from programs.decisions.changes import Change, change_with_sides, sessions_read
from programs.decisions.forms import ClearanceForm, ReasonForm, UndoForm
from programs.decisions.panels import Names, step_names
from programs.decisions.presenters import why_context
from programs.decisions.progress import progress_context, read_journey, told_program
from programs.decisions.reading import Told, load_told
from programs.decisions.saying.refusals import why_nothing
from programs.decisions.why_chart import why_chart
from programs.models import Decision, DoseVersion, Program
from programs.wording import dose_words, side_words


@require_safe
def progress(request: ActingRequest) -> HttpResponse:
    """The patient's dose, pain and sessions over time."""
    program = told_program(request.actor)
    context: dict[str, Any] = {"tab": "progress", "progress": progress_context_of(program, request)}
    return render(request, "programs/decisions/progress.html", context)


def progress_context_of(program: Program | None, request: ActingRequest) -> dict[str, Any]:
    """The page's numbers; the empty page where there is no program."""
    if program is None:
        return {"chart": None, "start_url": ""}
    units.speak(program.patient.unit)
    today = local_day(timezone.now(), program.patient.time_zone)
    journey = read_journey(program, today, everything="all" in request.GET)
    return progress_context(journey)


@require_safe
def decision_detail(request: ActingRequest, decision_id: UUID) -> HttpResponse:
    """Why a dose changed, in the patient's words."""
    told = Decision.objects.select_related("program__patient", "program__lead")
    rows = told.defer("snapshot", "trace")
    decision = find_visible(rows, request.actor, id=decision_id)
    change = change_with_sides(decision)
    if change.after.id == change.before.id:
        raise Http404
    program = decision.program
    units.speak(program.patient.unit)
    names = step_names(program)
    exercise = names[decision.prescription_id, change.after.step].name
    today = local_day(timezone.now(), program.patient.time_zone)
    read = sessions_read(change)
    logs = load_told(program.id, only=read) if read else []
    chart = _why_chart(change, program, logs, names)
    why = why_context(change, program, exercise, logs, today, chart)
    return render(request, "programs/decisions/why.html", {"tab": "progress", "why": why})


def _why_chart(
    change: Change, program: Program, logs: list[Told], names: Names
) -> dict[str, Any] | None:
    """One query, where any log led to the change."""
    if not logs:
        return None
    rows = DoseVersion.objects.filter(prescription=change.decision.prescription_id)
    doses = list(rows.order_by("side", "number"))
    return why_chart(change, program, logs, doses, names)


def _find(request: ActingRequest, decision_id: UUID) -> Decision:
    rows = Decision.objects.select_related("program", "before").defer("snapshot")
    return find_visible(rows, request.actor, id=decision_id)


@require_POST
def decision_accept(request: ActingRequest, decision_id: UUID) -> HttpResponse:
    """Say yes to a proposal."""
    decision = _find(request, decision_id)
    try:
        services.accept_proposal(decision=decision, by=request.actor, at=timezone.now())
        undo = reverse("programs:decision-undo", args=[decision.id])
        messages.success(request, _("Accepted. The patient sees why."), extra_tags=undo)
    except (services.Stale, services.Answered) as error:
        _tell(request, error)
    return _back(request, decision.program.patient_id)


@require_POST
def decision_refuse(request: ActingRequest, decision_id: UUID) -> HttpResponse:
    """Say no to a proposal; the dose stays."""
    decision, form = _find(request, decision_id), ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        services.refuse_proposal(
            decision=decision, reason=reason, by=request.actor, at=timezone.now()
        )
        messages.success(request, _("Refused. The dose stays as it is."))
    except (services.Stale, services.Answered) as error:
        _tell(request, error)
    return _back(request, decision.program.patient_id)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_undo(request: ActingRequest, decision_id: UUID) -> HttpResponse:
    """Ask why, then take back the latest change of a side."""
    decision = _find(request, decision_id)
    form = UndoForm(request.POST if request.method == "POST" else None, label_suffix="")
    if not form.is_valid():
        audit.saw(decision.program.patient_id)
        return act_page(request, _undo_act(decision), form)
    try:
        services.undo_decision(
            decision=decision,
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=timezone.now(),
        )
        messages.success(request, _("Taken back. The dose is as before."))
    except services.Stale as error:
        _tell(request, error)
    return _back(request, decision.program.patient_id)


def _undo_act(decision: Decision) -> Act:
    told = {"side": side_words(decision.side), "dose": dose_words(decision.before)}
    return Act(
        decision.program.patient_id,
        _("Take back the last change"),
        reverse("programs:decision-undo", args=[decision.id]),
        _("Take it back"),
        _("The dose will be as before: %(side)s, %(dose)s.") % told,
    )


@require_POST
def program_clear(request: ActingRequest, program_id: UUID) -> HttpResponse:
    """Open a program again after a warning sign."""
    rows = Program.objects.select_related("patient")
    program = find_visible(rows, request.actor, id=program_id)
    form = ClearanceForm(request.POST, label_suffix="")
    if not form.is_valid():
        url = reverse("programs:program-clear", args=[program.id])
        button = _("Clear, training may go on")
        return act_page(request, Act(program.patient_id, _("Clear the lock"), url, button), form)
    services.clear_lock(
        program=program, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
    )
    messages.success(request, _("Cleared. The program goes on."))
    return _back(request, program.patient_id)


def _tell(request: ActingRequest, error: services.Stale | services.Answered) -> None:
    """Say what is new, in place of what was asked."""
    messages.warning(request, why_nothing(error))


def _back(request: ActingRequest, patient: UUID) -> HttpResponse:
    """To the page that asked, if it is one of ours; else to the patient's page."""
    onward = request.POST.get("next", "")
    if onward and url_has_allowed_host_and_scheme(onward, {request.get_host()}):
        return redirect(onward)
    return redirect("desk:patient-detail", patient)
