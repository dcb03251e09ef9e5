"""Outcome scores: asked of the patient on one page, entered by staff for those without a phone."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients.models import Patient
from patients.scoring import TooMany, activities_in, rate_activity, rate_change, scores_of
from programs.calendar import local_day
from programs.decisions.acts import Act, act_page
from programs.logging.services import tell_usual_pain
from programs.logging.starting_views import newest_program
from programs.models import Program
from programs.outcomes.forms import ActivityForm, ChangeForm, PainForm, ScoresForm
from programs.outcomes.presenters import outcomes_context
from programs.outcomes.services import enter_scores
from programs.rounds import APART, round_of

WRONG = 422
page = require_http_methods(["GET", "HEAD", "POST"])


@page
def outcomes(request: ActingRequest) -> HttpResponse:
    """Ask how the patient is doing: one tap an answer, each sent by itself."""
    program = newest_program(request.actor)
    if program is None:
        return redirect("programs:today")
    form = _answer(request)
    if form and form.is_valid() and _stored(request, program.patient, form):
        return redirect(reverse("programs:outcomes"))
    return _asked(request, program, form)


def _answer(request: ActingRequest) -> forms.Form | None:
    """The form of the one answer that was sent."""
    if request.method != "POST":
        return None
    kinds: dict[str, type[forms.Form]] = {"pain": PainForm, "change": ChangeForm}
    kind = next((kinds[name] for name in kinds if name in request.POST), ActivityForm)
    return kind(request.POST)


def _stored(request: ActingRequest, patient: Patient, form: forms.Form) -> bool:
    told, now = form.cleaned_data, timezone.now()
    who: dict[str, Any] = {"patient": patient, "by": request.actor, "at": now}
    day = local_day(now, patient.time_zone)
    try:
        if "pain" in told:
            tell_usual_pain(pain=told["pain"], **who)
        elif "change" in told:
            rate_change(value=told["change"], on=day, **who)
        else:
            rate_activity(activity=told["activity"], value=told["ability"], on=day, **who)
    except TooMany:
        form.add_error(None, _("You have named three already."))
    return not form.errors


def _asked(request: ActingRequest, program: Program, form: forms.Form | None) -> HttpResponse:
    patient = program.patient
    audit.saw(patient.id)
    today = local_day(timezone.now(), patient.time_zone)
    shown = outcomes_context(program, scores_of(patient), _usual(program, today), today)
    errors = [str(each[0]) for each in form.errors.values()] if form else []
    context = {
        "tab": "today",
        "emergency_number": patient.clinic.emergency_number,
        "outcomes": shown,
        "errors": errors,
        "typed": request.POST.get("activity", "") if errors else "",
    }
    status = WRONG if errors else 200
    return render(request, "programs/outcomes/outcomes.html", context, status=status)


def _usual(program: Program, today: date) -> int | None:
    """The usual pain, if it was told since the round came, or shortly before."""
    row = program.patient.usual_pains.order_by("-at").first()
    if row is None:
        return None
    day = local_day(row.at, program.patient.time_zone)
    return row.pain if day >= round_of(program, today).day - APART else None


@page
def patient_outcomes(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """Enter what a patient says, for those who have no phone or are here."""
    patient = find_visible(Patient.objects, request.actor, id=patient_id)
    audit.saw(patient.id)
    named = activities_in(scores_of(patient))
    form = ScoresForm(named, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        url = reverse("programs:patient-outcomes", args=[patient.id])
        lead = _("Ask the patient and enter their own numbers. What was not asked stays empty.")
        return act_page(
            request, Act(patient.id, _("Enter scores"), url, _("Save the scores"), lead), form
        )
    now = timezone.now()
    enter_scores(
        patient=patient,
        pain=form.cleaned_data["pain"],
        rated=form.rated(),
        change=form.cleaned_data["change"],
        on=local_day(now, patient.time_zone),
        by=request.actor,
        at=now,
    )
    messages.success(request, _("The scores are saved."))
    return redirect("desk:patient-detail", patient.id)
