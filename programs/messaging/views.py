"""The thread's pages: the patient's, and the plain one of the desk."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients.models import Patient
from programs.calendar import local_day
from programs.messaging.forms import MessageForm
from programs.messaging.presenters import answer_words, thread_context
from programs.messaging.services import read_thread, send_message
from programs.models import Decision, Program
from programs.wording import day_words, side_words

WRONG = 422
page = require_http_methods(["GET", "HEAD", "POST"])


@page
def messages(request: ActingRequest) -> HttpResponse:
    """The patient's words with their care team."""
    rows = Patient.objects.select_related("clinic")
    patient = find_visible(rows, request.actor, id=request.actor.patient_id)
    form = _bound(request, _about(request))
    if _sent(request, patient, form):
        return redirect("programs:messages")
    clinic = patient.clinic
    shown = {
        "tab": "messages",
        "unread": 0,
        "emergency_number": clinic.emergency_number,
        "clinic_phone": clinic.phone,
        "answers": answer_words(patient),
        "team": Program.objects.filter(patient=patient).exists(),
    }
    return _thread(request, patient, form, "messages", shown)


@page
def patient_messages(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """The same thread on the clinician's side."""
    patient = find_visible(Patient.objects, request.actor, id=patient_id)
    audit.saw(patient.id)
    form = _bound(request)
    if _sent(request, patient, form):
        return redirect("programs:patient-messages", patient.id)
    return _thread(request, patient, form, "desk_messages", {"patient": patient})


def _bound(request: ActingRequest, body: str = "") -> MessageForm:
    data = request.POST if request.method == "POST" else None
    return MessageForm(data, initial={"body": body}, label_suffix="")


def _about(request: ActingRequest) -> str:
    """The first words of a message about a change, where the patient came from its page."""
    try:
        wanted = UUID(request.GET.get("about", ""))
    except ValueError:
        return ""
    rows = Decision.objects.visible_to(request.actor).select_related("program__patient")
    for row in rows.defer("snapshot", "trace").filter(id=wanted):
        zone = row.program.patient.time_zone
        told = {"day": day_words(local_day(row.at, zone)), "side": side_words(row.side)}
        return _("About the change of %(day)s, %(side)s: ") % told
    return ""


def _sent(request: ActingRequest, patient: Patient, form: MessageForm) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    send_message(patient=patient, by=request.actor, at=timezone.now(), **form.cleaned_data)
    return True


def _thread(
    request: ActingRequest, patient: Patient, form: MessageForm, name: str, shown: dict[str, Any]
) -> HttpResponse:
    """What was said, the newest marked as new once; then it counts as read."""
    new = 0 if request.method == "HEAD" else read_thread(patient=patient, by=request.actor)
    today = local_day(timezone.now(), patient.time_zone)
    everything = "all" in request.GET
    thread = thread_context(patient, request.actor, today, new=new, everything=everything)
    context = shown | {"thread": thread, "form": form, "item": "patients"}
    status = WRONG if form.errors else 200
    return render(request, f"programs/messaging/{name}.html", context, status=status)
