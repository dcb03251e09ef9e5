"""The post behind \"Not today\": one tap, and back to today's page with the answer."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import ActingRequest
from programs.calendar import local_day
from programs.logging.declining import Reason, say_not_today
from programs.logging.declining_words import latest_back
from programs.models import Program


class NotTodayForm(forms.Form):
    """A reason, and for time away the day on which one is back."""

    reason = forms.ChoiceField(choices=Reason.choices)
    back_on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


@require_POST
def not_today(request: ActingRequest) -> HttpResponse:
    """Keep why nothing is trained today."""
    rows = Program.objects.visible_to(request.actor).select_related("patient")
    program = rows.filter(status=Program.Status.ACTIVE).order_by("-assigned_at").first()
    form, now = NotTodayForm(request.POST), timezone.now()
    if program is None:
        return redirect("programs:today")
    day = local_day(now, program.patient.time_zone)
    back_on = form.cleaned_data.get("back_on") if form.is_valid() else None
    if not form.is_valid() or (back_on and not day < back_on <= latest_back(day)):
        messages.warning(request, _("Please choose one of the reasons."))
        return redirect("programs:today")
    reason = form.cleaned_data["reason"]
    say_not_today(program=program, reason=reason, back_on=back_on, by=request.actor, at=now)
    return redirect("programs:today")
