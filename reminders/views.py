"""The links of a message: to the next set, to a later time, and to no more messages."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import find_visible
from accounts.requests import ActingRequest
from accounts.roles import Role
from accounts.scope import clinic_scope
from patients import acting
from patients.models import Consent
from programs.logging.ending import local_time
from reminders import services
from reminders.models import Kind, Occurrence

WORDING = "stop-2026-11"
READERS = (Role.CLINICIAN, Role.OWNER)
PAGES = {
    Kind.MESSAGE: "programs:messages",
    Kind.OUTCOME_DUE: "programs:outcomes",
    Kind.ENDING: "programs:progress",
    Kind.DIGEST: "desk:caseload",
}


@require_safe
def occurrence_open(request: ActingRequest, occurrence_id: UUID) -> HttpResponse:
    """Lead from a message to where its reader goes on; starts and logs nothing by itself.

    One address may open several patients: the message says which, so the session acts for that
    one from here on.
    """
    choices = acting.choices(request.user)
    with clinic_scope(*{choice.clinic_id for choice in choices}, user=request.user.pk):
        occurrence = Occurrence.objects.filter(id=occurrence_id).first()
        for choice in choices:
            if occurrence and _meant(choice, occurrence, request.user.pk):
                acting.act_as(request.session, choice, of=len(choices))
                return _onward(request, occurrence)
    if request.actor is None:
        raise Http404
    return _onward(request, find_visible(Occurrence.objects, request.actor, id=occurrence_id))


def _meant(choice: acting.Choice, occurrence: Occurrence, user: UUID) -> bool:
    """Whether this message speaks to the person in this role."""
    if occurrence.clinic_id != choice.clinic_id:
        return False
    if occurrence.recipient_id:
        return occurrence.recipient_id == user and choice.role in READERS
    return choice.patient_id == occurrence.patient_id


def _onward(request: ActingRequest, occurrence: Occurrence) -> HttpResponse:
    """Where the message leads. That it was opened is kept: then reminders go on."""
    services.note_opened(occurrence=occurrence, at=timezone.now())
    if occurrence.kind == Kind.URGENT:
        return redirect("desk:patient-detail", occurrence.patient_id)
    if "not-today" in request.GET:
        return redirect(reverse("programs:today") + "?not-today")
    if occurrence.kind == Kind.CHECK_IN:
        session = services.trained_session(occurrence)
        return redirect("programs:check-in", session) if session else redirect("programs:today")
    if page := PAGES.get(Kind(occurrence.kind)):
        return redirect(page)
    session = services.open_session(occurrence)
    return redirect("programs:session-detail", session) if session else redirect("programs:today")


def signed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The signed link is the permission, so there is no sign-in and no form token.

    The page names nobody, and speaks the language of the message. A GET changes nothing.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, token: str) -> HttpResponse:
        try:
            with services.opened(token) as message, translation.override(message.reader.language):
                return view(request, message)
        except (signing.BadSignature, Occurrence.DoesNotExist) as error:
            raise Http404 from error

    return page


@signed
def stop(request: HttpRequest, occurrence: Occurrence) -> HttpResponse:
    """End these messages by a button, or by a mail program's one click (RFC 8058)."""
    if request.method == "POST":
        services.opt_out(occurrence=occurrence, wording=WORDING, at=timezone.now())
    context = {
        "stopped": services.has_stopped(occurrence),
        "what": Consent.Kind.to_reminders(occurrence.channel).label,
        "digest": occurrence.kind == Kind.DIGEST,
    }
    return render(request, "reminders/stop.html", context)


@signed
def later(request: HttpRequest, occurrence: Occurrence) -> HttpResponse:
    """Put today's session off to an hour of one's own, say "not today", or end the messages."""
    now = timezone.now()
    offered = services.choices(occurrence, now)
    chosen = request.POST.get("hours", "")
    wanted = next((each for each in offered if hours(each) == chosen), None)
    put_off = wanted and services.snooze(occurrence=occurrence, later=wanted, at=now)
    patient = occurrence.patient
    context = {
        "offered": [hours(each) for each in offered],
        "back_at": wanted and patient and local_time(now + wanted, patient.time_zone),
        "put_off": put_off,
        "refused": request.method == "POST" and not put_off,
        "open_url": reverse("reminders:occurrence-open", args=[occurrence.id]),
        "stop_url": reverse("reminders:stop", args=[services.stop_token(occurrence)]),
    }
    return render(request, "reminders/later.html", context)


def hours(later: timedelta) -> str:
    """As the form says it."""
    return str(later // timedelta(hours=1))
