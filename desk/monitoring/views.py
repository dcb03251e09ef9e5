"""Remote monitoring of a patient at the desk: what was counted, the timer, and what is typed."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.audit import Kind
from accounts.requests import ActingRequest
from desk.monitoring import services
from desk.monitoring.forms import ContactForm, EducationForm, EpisodeForm, TimeForm, TimerForm
from desk.monitoring.models import Contact, Episode, TimeEntry, Timer
from desk.monitoring.presenters import monitoring_page
from desk.monitoring.reading import decided_since, newest_episode, read
from desk.monitoring.services import Refused
from desk.monitoring.telling import TEMPLATE, evidence
from desk.paper import as_pdf, shown
from patients.models import Patient
from patients.visible import find_patient
from programs.calendar import local_day
from programs.decisions.acts import Act, act_page

page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = "monitoring:page"


@require_safe
def monitoring(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """Both clocks as they stand, the timer, time and contacts."""
    patient, now = find_patient(request.actor, patient_id), timezone.now()
    audit.saw(patient.id)
    context: dict[str, Any] = {"patient": patient, "item": "patients"}
    if found := newest_episode(patient):
        context |= {
            "page": monitoring_page(read(found, patient, now), patient, request.actor, now),
            "timer": Timer.objects.filter(by_id=request.actor.user_id).first(),
            "timer_form": TimerForm(),
            "episode": found,
        }
    return render(request, "desk/monitoring.html", context)


def _running(patient: Patient) -> Episode | None:
    return Episode.objects.filter(patient=patient, ended_on=None).first()


def _back(patient: Patient) -> HttpResponse:
    return redirect(PAGE, patient.id)


def _form_page(
    request: ActingRequest, patient: Patient, words: tuple[str, str, str], form: forms.Form
) -> HttpResponse:
    """A form by itself, of which the way back leads to the monitoring."""
    title, button, lead = words
    back = reverse(PAGE, args=[patient.id])
    act = Act(patient.id, title, request.get_full_path(), button, lead, back)
    return act_page(request, act, form)


@page
def episode(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """Begin to monitor; note the education session of what runs; end it."""
    patient, now = find_patient(request.actor, patient_id), timezone.now()
    audit.saw(patient.id)
    today, data = local_day(now, patient.time_zone), request.POST or None
    found = _running(patient)
    if found is None:
        form: EducationForm = EpisodeForm(today, data, initial={"started_on": today})
        if form.is_valid() and _started(request, patient, form):
            messages.success(request, _("Monitoring has begun."))
            return _back(patient)
        lead = _("Days with data and minutes count from the first day on.")
        words = (_("Start remote monitoring"), _("Start monitoring"), lead)
        return _form_page(request, patient, words, form)
    if "consent_on" in request.POST:  # sent twice
        return _back(patient)
    if request.POST.get("do") == "end":
        services.end_monitoring(episode=found, on=today, by=request.actor)
        messages.success(request, _("Monitoring has ended."))
        return _back(patient)
    return _education(request, patient, found, EducationForm(today, data))


def _started(request: ActingRequest, patient: Patient, form: forms.Form) -> bool:
    told, who = form.cleaned_data, {"by": request.actor, "at": timezone.now()}
    return _done(form, services.start_monitoring, patient=patient, **told, **who)


def _done(form: forms.Form, service: Any, **told: Any) -> bool:
    """Call a service; what it refuses stands beside its field."""
    try:
        service(**told)
    except Refused as refused:
        form.add_error(refused.field or None, str(refused))
    return not form.errors


def _education(
    request: ActingRequest, patient: Patient, found: Episode, form: EducationForm
) -> HttpResponse:
    if form.is_valid():
        told = form.cleaned_data
        services.record_education(
            episode=found, on=told["taught_on"], way=told["taught_way"], by=request.actor
        )
        return _back(patient)
    lead = _("The patient was shown how to log, and what is sent.")
    words = (_("Education session"), _("Save the session"), lead)
    return _form_page(request, patient, words, form)


@require_POST
def timer(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """Start, go on, stop: each by the person's own press; a script tells of activity."""
    patient = find_patient(request.actor, patient_id)
    found, do = _running(patient), request.POST.get("do")
    if do == "active":
        who: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
        runs = found is not None and services.be_active(episode=found, **who)
        if "script" in request.POST:
            return HttpResponse(status=204 if runs else 205)
    elif found and do == "start":
        _start(request, found)
    elif found and do == "stop":
        _stop(request, found)
    return _back(patient)


def _start(request: ActingRequest, found: Episode) -> None:
    form = TimerForm(request.POST)
    who: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
    if not form.is_valid():
        messages.error(request, _("Choose what the time goes into."))
    elif not _done(form, services.start_timer, episode=found, **form.cleaned_data, **who):
        messages.error(request, str(form.non_field_errors()[0]))


def _stop(request: ActingRequest, found: Episode) -> None:
    stopped = services.stop_timer(episode=found, by=request.actor, at=timezone.now())
    if stopped.entry is None and stopped.cut:
        messages.warning(request, _("Nothing was counted: no activity was seen. Add it by hand."))
    elif stopped.cut:
        said = _("Stopped. Time without activity is left out. If you worked, add it by hand.")
        messages.warning(request, said)


class Typed(NamedTuple):
    """What is typed by hand, and how; `name`: the row, as its address and its service call it."""

    name: str
    rows: type[TimeEntry] | type[Contact]
    form: type[TimeForm] | type[ContactForm]
    add: Callable[..., Any]
    correct: Callable[..., Any]
    title: Promise
    correction: Promise
    button: Promise
    lead: Promise


TIME = Typed(
    name="entry",
    rows=TimeEntry,
    form=TimeForm,
    add=services.add_time,
    correct=services.correct_time,
    title=gettext_lazy("Add time by hand"),
    correction=gettext_lazy("Correct the time"),
    button=gettext_lazy("Save the time"),
    lead=gettext_lazy("By the clock of %(place)s. It is marked as typed."),
)
CONTACT = Typed(
    name="contact",
    rows=Contact,
    form=ContactForm,
    add=services.add_contact,
    correct=services.correct_contact,
    title=gettext_lazy("Note a contact"),
    correction=gettext_lazy("Correct the contact"),
    button=gettext_lazy("Save the contact"),
    lead=gettext_lazy("By the clock of %(place)s."),
)


@page
def time(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """Add time by hand, or put an entry of one's own right: `?entry=`."""
    return _typed(request, patient_id, TIME)


@page
def contact(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """Note a contact, or put one of one's own right: `?contact=`."""
    return _typed(request, patient_id, CONTACT)


def _typed(request: ActingRequest, patient_id: UUID, kind: Typed) -> HttpResponse:
    patient, now = find_patient(request.actor, patient_id), timezone.now()
    audit.saw(patient.id)
    zone, row = patient.clinic.time_zone, _own(kind, request, patient)
    found = row.episode if row else _running(patient)
    if found is None:
        return redirect("monitoring:episode", patient.id)
    form = kind.form(zone, now, request.POST or None, row)
    if form.is_valid():
        service, about = (kind.correct, {kind.name: row}) if row else (kind.add, {"episode": found})
        who: dict[str, Any] = {"by": request.actor, "at": now}
        if _done(form, service, **about, **form.told(), **who):
            return _back(patient)
    title = str(kind.correction if row else kind.title)
    words = (title, str(kind.button), str(kind.lead) % {"place": zone})
    return _form_page(request, patient, words, form)


def _own(kind: Typed, request: ActingRequest, patient: Patient) -> Any:
    """The row of this patient and of one's own that the address names; None if it names none."""
    try:
        key = UUID(request.GET.get(kind.name, ""))
    except ValueError:
        return None
    mine = {"episode__patient": patient, "by_id": request.actor.user_id}
    return kind.rows.objects.holding().select_related("episode").filter(id=key, **mine).first()


@require_safe
def report(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """Everything on record about the newest episode, as PDF."""
    patient, now = find_patient(request.actor, patient_id), timezone.now()
    found = newest_episode(patient)
    if found is None:
        messages.info(request, _("There is nothing to report: nobody monitors this patient."))
        return _back(patient)
    verb = "print_monitoring"
    audit.record(by=request.actor, verb=verb, patients=[patient.id], kind=Kind.EXPORT)
    made = decided_since(patient, found.started_on)
    told = evidence(read(found, patient, now), patient, made, now)
    return shown(as_pdf(TEMPLATE, told, now), "monitoring")
