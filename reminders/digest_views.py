"""Whether a clinician wants the daily message about their queue."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import ActingRequest
from reminders import services


@require_POST
def digest(request: ActingRequest) -> HttpResponse:
    """Turn it on or off, and go back to the queue."""
    services.choose_digest(wanted="wanted" in request.POST, by=request.actor)
    messages.success(request, _("Saved."))
    return redirect("desk:caseload")
