"""The morning after a session: one tap, a second and third only where they matter."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import ActingRequest
from programs.calendar import local_day
from programs.logging import asking, ending, services
from programs.logging.answers import WRONG, htmx_away
from programs.logging.entries import Refused
from programs.logging.forms import CheckInForm, faults
from programs.models import CheckIn, Session
from programs.own import own_session


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: ActingRequest, session_id: UUID) -> HttpResponse:
    """The morning after a session: one tap, and after "worse" two more; `?change` asks again."""
    session = own_session(request.actor, session_id)
    if request.method != "POST":
        return check_page(request, session, _morning(session), again="change" in request.GET)
    form = CheckInForm(request.POST)
    if not form.is_valid():
        return check_page(request, session, _morning(session), wrong=faults(form))
    try:
        told = services.check_in(
            session=session, by=request.actor, at=timezone.now(), **form.told()
        )
    except Refused as error:
        return check_page(request, session, _morning(session), wrong=error.faults)
    return _after_check(request, session, told)


def _morning(session: Session) -> CheckIn | None:
    """The newest answer about the morning after this session."""
    return session.check_ins.order_by("-revision").first()


def _after_check(request: ActingRequest, session: Session, told: CheckIn | None) -> HttpResponse:
    onward = _open_session(request, session)
    if ending.check_step(told) != "thanks":
        return check_page(request, session, told, onward=onward)
    if asking.next_question(session, local_day(timezone.now(), session.zone)):
        url = reverse("programs:session-question", args=[session.id])
        return htmx_away(url) if request.htmx else redirect(url)
    if onward:
        url = reverse("programs:session-detail", args=[onward])
        return htmx_away(url) if request.htmx else redirect(url)
    if request.htmx:
        return check_page(request, session, told)
    more = told and told.pain is None
    return redirect("programs:check-in", session.id) if more else redirect("programs:today")


def _open_session(request: ActingRequest, session: Session) -> UUID | None:
    """The session that waits behind the question, if the form came from there."""
    if not request.POST.get("next"):
        return None
    rows = session.program.sessions.filter(finished_at=None).order_by("-local_date")
    return rows.values_list("id", flat=True).first()


def check_page(
    request: ActingRequest,
    session: Session,
    told: CheckIn | None,
    *,
    wrong: Mapping[str, str] | None = None,
    onward: UUID | None = None,
    again: bool = False,
) -> HttpResponse:
    day = local_day(timezone.now(), session.zone)
    check = ending.check_context(
        session,
        today=day,
        told=told,
        faults=wrong,
        onward="session" if onward else "",
        again=again,
    )
    number = session.program.patient.clinic.emergency_number
    context = {"check": check, "tab": "today", "emergency_number": number}
    template = "programs/logging/check_in.html"
    part = f"{template}#form" if request.htmx else template
    return render(request, part, context, status=WRONG if wrong else 200)
