"""A clinician's own page of the days on which they are away."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import find_visible
from accounts.models import Clinic
from accounts.requests import ActingRequest
from patients.away import Unfit, absences_of, be_away, end_absence, last_day
from patients.forms import AwayForm
from patients.models import Absence
from patients.team import clinicians_of

WRONG = 422
WHY = {
    "past": gettext_lazy("This day is over. Choose today or a later day."),
    "before": gettext_lazy("The last day can’t be before the first."),
    "long": gettext_lazy("This is more than a year. Choose an earlier day."),
    "nobody": gettext_lazy("This is no colleague whom you can choose. Choose another."),
    "twice": gettext_lazy("You are away then already. End that absence first."),
    "away": gettext_lazy("They are away then, too. Choose another colleague."),
    "needed": gettext_lazy("You stand in for a colleague then. They choose another first."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def away(request: ActingRequest) -> HttpResponse:
    """Enter an absence with a stand-in; end one."""
    if "end" in request.POST:
        return _end(request)
    clinic, now = Clinic.objects.get(id=request.actor.clinic_id), timezone.now()
    people = list(clinicians_of(clinic.id).exclude(user=request.actor.user_id))
    today = now.astimezone(ZoneInfo(clinic.time_zone)).date()
    form = AwayForm(people, request.POST or None, initial={"first": today})
    if form.is_valid() and _entered(request, form, now):
        return redirect("patients:away")
    context = {
        "form": form,
        "absences": list(_lines(request, clinic, now)),
        "alone": not people,
        "item": "away",
    }
    return render(request, "patients/desk_away.html", context, status=WRONG if form.errors else 200)


def _entered(request: ActingRequest, form: AwayForm, now: datetime) -> bool:
    try:
        absence = be_away(by=request.actor, at=now, **form.cleaned_data)
    except Unfit as error:
        form.add_error(error.field, WHY[error.why])
        return False
    said = _("Saved. Your colleague has your patients now.")
    later = _("Saved. Your colleague gets your patients as the first day begins.")
    messages.success(request, said if absence.since <= now else later)
    return True


def _end(request: ActingRequest) -> HttpResponse:
    try:
        key = UUID(request.POST["end"])
    except ValueError:
        return redirect("patients:away")
    absence = find_visible(Absence.objects, request.actor, id=key)
    if end_absence(absence=absence, by=request.actor, at=timezone.now()):
        messages.success(request, _("Ended. Your patients are with you alone again."))
    else:
        messages.info(request, _("It was over already."))
    return redirect("patients:away")


def _lines(request: ActingRequest, clinic: Clinic, now: datetime) -> Iterator[dict[str, Any]]:
    """Each absence that lasts or comes, with the button of one's own."""
    for absence in absences_of(request.actor, now):
        mine = absence.user_id == request.actor.user_id
        first = absence.since.astimezone(ZoneInfo(clinic.time_zone)).date()
        last = last_day(absence, clinic.time_zone)
        days = {"first": date_format(first, "LONG_DAY"), "last": date_format(last, "LONG_DAY")}
        name = {"name": absence.stand_in.name if mine else absence.user.name}
        yield {
            "key": str(absence.id) if mine else "",
            "days": _("%(first)s to %(last)s") % days if first < last else days["first"],
            "who": (_("%(name)s stands in for you") if mine else _("You stand in for %(name)s"))
            % name,
            "begun": absence.since <= now,
        }
