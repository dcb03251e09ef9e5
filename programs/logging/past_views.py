"""A session of a past day: which day, then what was done. Plain forms; what was typed stays."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import ActingRequest
from patients import units
from programs.logging import services
from programs.logging.answers import WRONG, Context
from programs.logging.entries import Refused
from programs.logging.past import PastDay, log_past, past_days, past_plan
from programs.logging.past_forms import PastForm
from programs.models import Program
from programs.schedule import Slot
from programs.wording import day_words


def _program(request: ActingRequest) -> Program | None:
    rows = Program.objects.visible_to(request.actor).select_related("patient__clinic")
    running = rows.filter(status=Program.Status.ACTIVE)
    found = running.prefetch_related("interruptions").order_by("-assigned_at").first()
    if found:
        units.speak(found.patient.unit)
    return found


@require_safe
def past_list(request: ActingRequest) -> HttpResponse:
    """The days of the last week, those that were due first."""
    program = _program(request)
    days = past_days(program, timezone.now()) if program else []
    context = {
        "tab": "today",
        "due": [_day(each, days) for each in days if each.due],
        "other": [_day(each, days) for each in days if not each.due],
    }
    return render(request, "programs/logging/past.html", context)


def _day(each: PastDay, days: list[PastDay]) -> Context:
    """One slot as a link: to its form, or to what was logged of it."""
    slot, logged = each.slot, each.session is not None
    several = sum(other.slot.local_date == slot.local_date for other in days) > 1
    label = day_words(slot.local_date, "LONG_DAY")
    if several:
        label = _("%(day)s, session %(n)s") % {"day": label, "n": slot.number}
    url = (
        reverse("programs:session-record", args=[each.session])
        if logged
        else reverse("programs:past-log", args=[slot.local_date.isoformat(), slot.number])
    )
    return {"label": label, "logged": logged, "url": url}


@require_http_methods(["GET", "HEAD", "POST"])
def past_log(request: ActingRequest, day: str, slot: int) -> HttpResponse:
    """What was done on that day; prefilled as planned."""
    program, now, wanted = _program(request), timezone.now(), Slot(_date(day), slot)
    known = {each.slot: each for each in past_days(program, now)} if program else {}
    if program is None or wanted not in known:
        messages.info(request, _("Choose one of the last seven days."))
        return redirect("programs:past-list")
    if standing := known[wanted].session:
        messages.info(request, _("This session is logged already. You can change it here."))
        return redirect("programs:session-record", standing)
    plan = past_plan(program, wanted)
    form = PastForm(request.POST if request.method == "POST" else None, plan, program)
    if not form.is_valid():
        return _page(request, form, wanted)
    try:
        session, first = log_past(
            program=program, slot=wanted, plan=plan, told=form.told(), by=request.actor, at=now
        )
    except services.NotOpen:
        return redirect("programs:today")
    except Refused as error:
        for words in error.faults.values():
            form.add_error(None, words)
        return _page(request, form, wanted)
    if first:
        messages.success(request, _("Saved as logged later. Thank you."))
    return redirect("programs:session-record", session.id)


def _date(text: str) -> date:
    """The day of an address; no day of any program where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def _page(request: ActingRequest, form: PastForm, slot: Slot) -> HttpResponse:
    context = {
        "tab": "today",
        "form": form,
        "day": day_words(slot.local_date, "LONG_DAY"),
        "emergency_number": form.program.patient.clinic.emergency_number,
    }
    status = WRONG if form.errors else 200
    return render(request, "programs/logging/past_log.html", context, status=status)
