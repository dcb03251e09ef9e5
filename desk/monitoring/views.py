"""Remote monitoring of a patient at the desk: what was counted, the timer, and what is typed."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.audit import Kind
from accounts.requests import ActingRequest
from desk.monitoring import services
from desk.monitoring.forms import ContactForm, EducationForm, EpisodeForm, TimeForm, TimerForm
from desk.monitoring.models import Contact, Episode, TimeEntry, Timer
from desk.monitoring.presenters import monitoring_page
from desk.monitoring.printing import as_pdf
from desk.monitoring.reading import newest_episode, read
from desk.monitoring.services import Refused
from desk.monitoring.telling import evidence
from desk.queries import program_of
from desk.reading import EVERYTHING, read_page
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


@page
def time(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """Add time by hand, or put an entry of one's own right: `?entry=`."""
    patient, now = find_patient(request.actor, patient_id), timezone.now()
    audit.saw(patient.id)
    zone, data = ZoneInfo(patient.clinic.time_zone), request.POST or None
    rows = TimeEntry.objects.holding().select_related("episode")
    entry = _own(rows, request, patient, "entry")
    found = entry.episode if entry else _running(patient)
    if found is None:
        return redirect("monitoring:episode", patient.id)
    initial = _initial(entry, zone, now)
    form = TimeForm(zone, now, data, corrects=entry is not None, initial=initial)
    if form.is_valid():
        who: dict[str, Any] = {"by": request.actor, "at": now}
        service, about = _which(entry, services.correct_time, services.add_time, "entry", found)
        if _done(form, service, **about, **form.told(), **who):
            return _back(patient)
    lead = _("By the clock of %(place)s. It is marked as typed.") % {"place": zone.key}
    title = _("Correct the time") if entry else _("Add time by hand")
    return _form_page(request, patient, (title, _("Save the time"), lead), form)


def _which(
    row: TimeEntry | Contact | None, correct: Any, add: Any, name: str, found: Episode
) -> tuple[Any, dict[str, Any]]:
    return (correct, {name: row}) if row else (add, {"episode": found})


def _own(rows: Any, request: ActingRequest, patient: Patient, name: str) -> Any:
    """The row of this patient and of one's own that the address names; None if it names none."""
    try:
        key = UUID(request.GET.get(name, ""))
    except ValueError:
        return None
    return rows.filter(id=key, episode__patient=patient, by_id=request.actor.user_id).first()


def _initial(entry: TimeEntry | None, zone: ZoneInfo, now: Any) -> dict[str, Any]:
    if entry is None:
        return {"day": now.astimezone(zone).date()}
    start, stop = entry.started_at.astimezone(zone), entry.stopped_at.astimezone(zone)
    return {
        "day": start.date(),
        "start": start.time(),
        "end": stop.time(),
        "activity": entry.activity,
    }


@page
def contact(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """Note a contact, or put one of one's own right: `?contact=`."""
    patient, now = find_patient(request.actor, patient_id), timezone.now()
    audit.saw(patient.id)
    zone, data = ZoneInfo(patient.clinic.time_zone), request.POST or None
    rows = Contact.objects.holding().select_related("episode")
    row = _own(rows, request, patient, "contact")
    found = row.episode if row else _running(patient)
    if found is None:
        return redirect("monitoring:episode", patient.id)
    held = (row.held_at if row else now).astimezone(zone)
    initial = {"day": held.date(), "time": held.time()}
    initial |= {"method": row.method, "outcome": row.outcome} if row else {}
    form = ContactForm(zone, now, data, corrects=row is not None, initial=initial)
    if form.is_valid():
        who: dict[str, Any] = {"by": request.actor, "at": now}
        service, about = _which(
            row, services.correct_contact, services.add_contact, "contact", found
        )
        if _done(form, service, **about, **form.told(), **who):
            return _back(patient)
    lead = _("By the clock of %(place)s.") % {"place": zone.key}
    title = _("Correct the contact") if row else _("Note a contact")
    return _form_page(request, patient, (title, _("Save the contact"), lead), form)


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
    program = program_of(request.actor, patient.id)
    made = read_page(program, EVERYTHING, clinician=False)[1].made if program else ()
    told = evidence(read(found, patient, now), patient, made, now)
    response = HttpResponse(as_pdf(told, now), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="flexion-monitoring.pdf"'
    return response
