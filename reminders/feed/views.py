"""The calendar file for whoever holds its address, and the patient's page of that address."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from accounts import audit
from accounts.access import find_visible
from accounts.links import Unreadable
from accounts.requests import ActingRequest
from patients.models import Patient
from programs.calendar import local_day
from reminders.feed import services
from reminders.models import CalendarFeed

HOUR = 3600


@require_safe
@conditional_page
@cache_control(private=True, max_age=HOUR)
def file(request: HttpRequest, token: str) -> HttpResponse:
    """The sessions of the coming days. The address is the permission: calendars don't sign in."""
    try:
        found = services.read_feed(token=token, now=timezone.now())
    except Unreadable as error:
        raise Http404 from error
    return HttpResponse(found, content_type="text/calendar; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
def feed_settings(request: ActingRequest) -> HttpResponse:
    """Make the address, which is shown this once; end it."""
    patient = find_visible(Patient.objects, request.actor, id=request.actor.patient_id)
    audit.saw(patient.id)
    do, now, link = request.POST.get("do"), timezone.now(), ""
    if do == "stop":
        services.end_feed(patient=patient, by=request.actor, at=now)
        messages.success(request, _("Stopped. The old address opens nothing now."))
        return redirect("feed:settings")
    if do == "open":
        token = services.open_feed(patient=patient, by=request.actor, at=now)
        link = settings.SITE_URL + reverse("feed:file", args=[token])
    feed = CalendarFeed.objects.filter(patient=patient, ended_at=None).first()
    context = {
        "tab": "settings",
        "link": link,
        "subscribe": link and "webcal:" + link.partition(":")[2],
        "since": feed and local_day(feed.at, patient.time_zone),
    }
    return render(request, "reminders/calendar.html", context)
