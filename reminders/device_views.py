"""Notifications on the phone in hand: on and off."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients.models import Patient
from reminders.channels import push
from reminders.device_forms import DeviceForm
from reminders.services.devices import NotADevice, add_device, end_device


@require_POST
def device(request: ActingRequest) -> HttpResponse:
    """Turn them on here, or off here or everywhere; a plain form is led back to its page."""
    patient = find_visible(Patient.objects, request.actor, id=request.actor.patient_id)
    form = DeviceForm(request.POST)
    done = form.is_valid() and _change(patient, request, form.cleaned_data)
    if request.htmx:
        return HttpResponse(status=204 if done else 422)
    if done:
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Notifications can’t be turned on here."))
    return redirect("reminders:preferences")


def _change(patient: Patient, request: ActingRequest, told: dict[str, Any]) -> bool:
    """False if it can't be."""
    by, now, do = request.actor, timezone.now(), told.pop("do")
    if do == "remove":
        end_device(patient=patient, endpoint=told["endpoint"], by=by, at=now)
        return True
    if not push.are_on():
        return False
    try:
        add_device(patient=patient, **told, by=by, at=now)
    except NotADevice:
        return False
    return True
