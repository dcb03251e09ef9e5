"""The patient's page of reminders: whether, when and how."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients.models import Consent, Patient
from patients.preferences import choose_hearing
from programs.models import Program
from reminders import services
from reminders.channels import push
from reminders.forms import HearingForm
from reminders.services.devices import standing


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: ActingRequest) -> HttpResponse:
    """What holds, and since when; a post changes it for the next reminder on."""
    patient = find_visible(Patient.objects, request.actor, id=request.actor.patient_id)
    audit.saw(patient.id)
    consent = _newest_consent(patient)
    form = _form(request, patient, consent)
    if request.method == "POST" and _changed(request, patient, form):
        messages.success(request, _("Saved."))
        return redirect("patients:settings")
    context = {
        "form": form,
        "consent": consent,
        "resting": services.has_fallen_silent(patient.id),
        "reached": {"email": patient.email, "sms": patient.phone},
        "tab": "settings",
        "push_key": push.public_key(),
        "devices": standing(patient=patient, by=request.actor),
    }
    status = 422 if form.errors else 200
    return render(request, "reminders/preferences.html", context, status=status)


def _newest_consent(patient: Patient) -> Consent | None:
    """The one that stands, else the one that ended last."""
    agreed = patient.consents.filter(kind__startswith="reminders_")
    return agreed.order_by(F("withdrawn_at").desc(nulls_first=True), "-given_at").first()


def _form(request: ActingRequest, patient: Patient, consent: Consent | None) -> HearingForm:
    form = HearingForm(patient, _weekdays(request), request.POST or None)
    daily = patient.consents.filter(kind=Consent.Kind.TEXTS_DAILY, withdrawn_at=None)
    form.initial["reminders"] = consent is not None and consent.withdrawn_at is None
    form.initial["daily_texts"] = daily.exists()
    return form


def _changed(request: ActingRequest, patient: Patient, form: HearingForm) -> bool:
    """Do what was asked for; False where the form can't be taken as it is."""
    by, at = request.actor, timezone.now()
    if "again" in request.POST:
        services.remind_again(patient=patient, by=by, at=at)
        return True
    if valid := form.is_valid():
        choose_hearing(patient=patient, hearing=form.hearing(), by=by, at=at)
    return valid


def _weekdays(request: ActingRequest) -> list[int]:
    """The days of the program that runs, where it has days."""
    running = Program.objects.visible_to(request.actor).exclude(status=Program.Status.ENDED)
    return running.order_by("-assigned_at").values_list("weekdays", flat=True).first() or []
