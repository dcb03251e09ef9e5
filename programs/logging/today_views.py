"""Today's page, what is posted from it, and what a phone needs to install the app."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.emergencies import place_of
from accounts.requests import ActingRequest
from patients import units
from patients.models import Patient
from programs.calendar import local_day
from programs.logging.declining import Reason, say_not_today
from programs.logging.declining_words import latest_back
from programs.logging.today import Today, read_today, today_context
from programs.logging.waiting import asks_scores, told_program
from programs.models import Program

DISMISSED, YEAR = "no_install", 365 * 24 * 3600
HOUR = 3600


@require_safe
def today(request: ActingRequest) -> HttpResponse:
    """What today holds, and the one question that waits."""
    program, now = told_program(request.actor), timezone.now()
    rows = Patient.objects.visible_to(request.actor).select_related("clinic")
    found = read_today(program, now) if program else Today(rows.get(), now)
    units.speak(found.patient.unit)
    shown = today_context(found)
    page = {
        "tab": "today",
        "today": shown,
        "outcomes": bool(program and not shown["usual"] and asks_scores(program, found.day)),
        "unread": len(found.words),
        "emergency_number": found.patient.clinic.emergency_number,
        "country": place_of(found.patient.clinic.country),
        "install": _install(request, found),
    }
    return render(request, "programs/logging/today.html", page)


def _install(request: HttpRequest, found: Today) -> str:
    """Which words offer the app: after a finished session, until it was put away on this phone."""
    if found.state != "done" or DISMISSED in request.COOKIES:
        return ""
    agent = request.headers.get("User-Agent", "")
    return "ios" if "iPhone" in agent or "iPad" in agent else "other"


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


@require_POST
def install_dismiss(request: ActingRequest) -> HttpResponse:
    """Put the hint away on this phone."""
    response = redirect("programs:today")
    response.set_cookie(DISMISSED, "1", max_age=YEAR, samesite="Lax", httponly=True)
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What the phone shows and opens when the app stands on its home screen."""
    told = {
        "id": "/",
        "name": "Flexion",
        "short_name": "Flexion",
        "description": _("Your exercises, day by day."),
        "lang": get_language(),
        "start_url": reverse("programs:today"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf8f4",
        "theme_color": "#faf8f4",
        "icons": [
            _icon("icon-192.png", "192x192", "any"),
            _icon("icon-512.png", "512x512", "any"),
            _icon("icon-maskable.png", "512x512", "maskable"),
        ],
    }
    response = JsonResponse(told, content_type="application/manifest+json")
    response["Cache-Control"] = f"public, max-age={HOUR}"
    return response


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    return {
        "src": static(f"img/{name}"),
        "sizes": sizes,
        "type": "image/png",
        "purpose": purpose,
    }
