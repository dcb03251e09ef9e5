"""The two links of a message: the one that opens the next set, and the one that ends messages."""

from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import find_visible
from accounts.requests import ActingRequest
from accounts.roles import Role
from accounts.scope import clinic_scope
from patients import acting
from reminders import services
from reminders.models import Kind, Occurrence

WORDING = "stop-2026-11"


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
                return _onward(occurrence)
    if request.actor is None:
        raise Http404
    return _onward(find_visible(Occurrence.objects, request.actor, id=occurrence_id))


def _meant(choice: acting.Choice, occurrence: Occurrence, user: UUID) -> bool:
    """Whether this message speaks to the person in this role."""
    if occurrence.clinic_id != choice.clinic_id:
        return False
    if occurrence.kind == Kind.URGENT:
        return occurrence.recipient_id == user and choice.role == Role.CLINICIAN
    return choice.patient_id == occurrence.patient_id


def _onward(occurrence: Occurrence) -> HttpResponse:
    if occurrence.kind == Kind.URGENT:
        return redirect("desk:patient-detail", occurrence.patient_id)
    session = services.open_session(occurrence)
    return redirect("programs:session-detail", session) if session else redirect("programs:today")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End reminder emails by a button, or by a mail program's one click (RFC 8058).

    The signed link is the permission, so there is no sign-in and no form token; a GET changes
    nothing. The page names nobody, and speaks the language of the message.
    """
    try:
        with services.opened(token) as occurrence:
            if request.method == "POST":
                services.opt_out(occurrence=occurrence, wording=WORDING, at=timezone.now())
            stopped = services.unwanted(patient=occurrence.patient_id, channel=occurrence.channel)
            language = occurrence.patient.language
    except (signing.BadSignature, Occurrence.DoesNotExist) as error:
        raise Http404 from error
    with translation.override(language):
        return render(request, "reminders/stop.html", {"stopped": bool(stopped)})
