"""The patient's settings: a list of what holds, and one short page for each part of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.access import find_visible
from accounts.models import Language
from accounts.requests import ActingRequest
from patients import preferences
from patients.forms import EquipmentForm, PlaceForm, UnitForm
from patients.models import Channel, Consent, Equipment, Patient

page = require_http_methods(["GET", "HEAD", "POST"])


def own_patient(request: ActingRequest) -> Patient:
    """The patient for whom this person acts."""
    patient: Patient = find_visible(Patient.objects, request.actor, id=request.actor.patient_id)
    audit.saw(patient.id)
    return patient


@require_safe
def settings(request: ActingRequest) -> HttpResponse:
    """Everything that is settled, each with the way to change it."""
    patient = own_patient(request)
    kinds = [Consent.Kind.to_reminders(channel) for channel in patient.channels]
    wanted = patient.consents.filter(kind__in=kinds, withdrawn_at=None).exists()
    context = {
        "tab": "settings",
        "reached": request.user.email or request.user.phone,
        "hears": _hears(patient) if wanted else _("Off"),
        "quiet": _quiet(patient),
        "unit": Patient.Unit(patient.unit).label,
        "equipment": _few(patient.equipment),
        "language": Language(patient.language).label,
        "zone": patient.time_zone.replace("_", " "),
    }
    return render(request, "patients/settings.html", context)


def _hears(patient: Patient) -> str:
    """When and how reminders come."""
    told = {
        "at": time_format(patient.reminder_at, "H:i"),
        "channel": Channel(patient.channels[0]).label,
    }
    if any(patient.day_times):
        return _("%(at)s, some days differ") % told
    return _("%(at)s, %(channel)s") % told


def _quiet(patient: Patient) -> str:
    """From when until when nothing comes."""
    if patient.quiet_from == patient.quiet_until:
        return _("None")
    ends = (time_format(each, "H:i") for each in (patient.quiet_from, patient.quiet_until))
    return _("%(a)s to %(b)s") % dict(zip("ab", ends, strict=True))


def _few(equipment: list[str]) -> str:
    """The first two by name, and how many more."""
    names = [str(Equipment(each).label) for each in equipment]
    if len(names) <= 2:
        return ", ".join(names) or _("nothing")
    more = ngettext("%(n)s more", "%(n)s more", len(names) - 2) % {"n": len(names) - 2}
    return ", ".join([*names[:2], more])


@page
def settings_unit(request: ActingRequest) -> HttpResponse:
    """Kilograms or pounds."""
    patient = own_patient(request)
    form = UnitForm(request.POST or None, initial={"unit": patient.unit}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        unit = Patient.Unit(form.cleaned_data["unit"])
        preferences.choose_unit(patient=patient, unit=unit, by=request.actor)
        return _saved(request)
    lead = _("Every weight on your pages is shown this way. Your program stays the same.")
    return _part(request, form, _("Weights"), lead)


@page
def settings_equipment(request: ActingRequest) -> HttpResponse:
    """What a patient has at home."""
    patient = own_patient(request)
    posted = request.POST if request.method == "POST" else None
    form = EquipmentForm(posted, initial={"equipment": patient.equipment}, label_suffix="")
    if form.is_valid():
        equipment = form.cleaned_data["equipment"]
        preferences.own_equipment(patient=patient, equipment=equipment, by=request.actor)
        return _saved(request)
    lead = _("Your program looks at this before it goes on to a harder exercise.")
    return _part(request, form, _("Equipment"), lead)


@page
def settings_place(request: ActingRequest) -> HttpResponse:
    """The language, and the zone that days and reminders go by."""
    patient = own_patient(request)
    initial = {"language": patient.language, "time_zone": patient.time_zone}
    form = PlaceForm(request.POST or None, initial=initial, label_suffix="")
    if request.method == "POST" and form.is_valid():
        preferences.choose_place(patient=patient, by=request.actor, **form.cleaned_data)
        translation.activate(patient.language)
        return _saved(request)
    return _part(request, form, _("Language and time zone"), "")


def _saved(request: ActingRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("patients:settings")


def _part(request: ActingRequest, form: forms.Form, title: str, lead: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title, "lead": lead, "tab": "settings"}
    status = 422 if form.errors else 200
    return render(request, "patients/settings_part.html", context, status=status)
