"""The page of a question that a program's rules ask. Plain forms: one tap, the next page."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import find_visible
from accounts.requests import ActingRequest
from programs.calendar import local_day
from programs.logging import asking
from programs.logging.answers import WRONG
from programs.logging.entries import Refused
from programs.models import Session


@require_http_methods(["GET", "HEAD", "POST"])
def session_question(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """Ask what the rules still want to know of this session, one question at a time."""
    rows = Session.objects.select_related("program__patient__clinic")
    session = find_visible(rows, request.actor, id=session_id)
    if request.method != "POST":
        return _next(request, session)
    name, value = request.POST.get("name", ""), request.POST.get("value", "")
    try:
        asking.answer_question(
            session=session, name=name, value=value, by=request.actor, at=timezone.now()
        )
    except Refused as error:
        return _next(request, session, error.faults)
    if session.stopped == Session.Stop.RULE:
        messages.info(request, _("Stop here for today. Your program says to rest."))
    return _next(request, session)


def _next(
    request: ActingRequest, session: Session, faults: Mapping[str, str] | None = None
) -> HttpResponse:
    """The question that waits, or the way on."""
    today = local_day(timezone.now(), session.zone)
    asked = asking.next_question(session, today) if _is_open(session, today) else None
    if asked is None:
        return redirect(_onward(session, today))
    context = {
        "question": asking.question_context(asked, today, faults),
        "tab": "today",
        "emergency_number": session.program.patient.clinic.emergency_number,
    }
    status = WRONG if faults else 200
    return render(request, "programs/logging/question.html", context, status=status)


def _is_open(session: Session, today: date) -> bool:
    """A session that runs, or one of the days before."""
    lately = today - asking.ASKED_WITHIN <= session.local_date < today
    return session.finished_at is None or lately


def _onward(session: Session, today: date) -> str:
    """To the session of the day if one was begun, else to the first page."""
    rows = session.program.sessions.filter(local_date=today).order_by("-slot")
    begun = rows.values_list("id", flat=True).first()
    return reverse("programs:session-detail", args=[begun]) if begun else reverse("programs:today")
