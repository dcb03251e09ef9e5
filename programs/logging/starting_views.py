"""Start: the session of today, or one that a phone began by itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import ActingRequest
from accounts.roles import Actor
from programs.logging.entries import session_key
from programs.logging.forms import BegunForm
from programs.logging.starting import NotOpen, start_session, take_in_session
from programs.models import Program

WRONG = 422


def newest_program(actor: Actor) -> Program | None:
    rows = Program.objects.visible_to(actor).select_related("patient__clinic", "lead")
    return rows.order_by("-assigned_at").first()


@require_http_methods(["GET", "HEAD", "POST"])
def session_start(request: ActingRequest) -> HttpResponse:
    """Open today's session, or go on with it; the address itself leads to what today holds."""
    if "day" in request.POST:
        return _take_in(request)
    program = newest_program(request.actor)
    if program is None or request.method != "POST":
        return redirect("programs:today")
    try:
        session = start_session(program=program, by=request.actor, at=timezone.now())
    except NotOpen as error:
        if error.status == Program.Status.LOCKED:
            return redirect("programs:stop")
        messages.info(request, _("There is no session to start today."))
        return redirect("programs:today")
    onward = "session-hurts" if "hurts" in request.POST else "session-detail"
    return redirect(f"programs:{onward}", session.id)


def _take_in(request: ActingRequest) -> HttpResponse:
    """A session that the phone began without a network: its name tells of which program."""
    form = BegunForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=WRONG)
    told = form.cleaned_data
    day, slot = told["day"], told["slot"]
    own = Program.objects.visible_to(request.actor)
    named = (each for each in own if session_key(each.id, day, slot) == told["session"])
    program = next(named, None)
    if program is None:
        return HttpResponse(status=WRONG)
    try:
        session = take_in_session(
            program=program,
            day=day,
            slot=slot,
            started_at=told["done_at"],
            by=request.actor,
            at=timezone.now(),
        )
    except NotOpen:
        return HttpResponse(status=WRONG)
    return redirect("programs:session-detail", session.id)
