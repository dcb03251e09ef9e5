"""The owner's page of limits."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Clinic
from accounts.requests import ActingRequest
from programs.limiting.forms import LimitsForm
from programs.limiting.services import set_limits
from programs.models import Program

WRONG = 422


@require_http_methods(["GET", "HEAD", "POST"])
def clinic_limits(request: ActingRequest) -> HttpResponse:
    """What no program of the clinic may pass: see it, change it."""
    clinic = Clinic.objects.select_related("limits_set_by").get(id=request.actor.clinic_id)
    form = LimitsForm.of(clinic, request.POST if request.method == "POST" else None)
    if form.is_valid():
        new = set_limits(clinic=clinic, by=request.actor, at=timezone.now(), **form.cleaned_data)
        said = _("Saved. It holds from the next decision on.") if new else _("Nothing changed.")
        messages.success(request, said)
        return redirect("programs:clinic-limits")
    context = {
        "form": form,
        "clinic": clinic,
        "running": Program.objects.running().filter(clinic=clinic).count(),
        "item": "limits",
    }
    status = WRONG if form.errors else 200
    return render(request, "programs/limiting/limits.html", context, status=status)
