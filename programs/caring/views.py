"""The care team of a patient: see it, add and take off, hand one's own place over."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients.models import Patient
from patients.team import (
    LastOne,
    NotOfTheClinic,
    NotOnTheTeam,
    colleagues_of,
    team_of,
)
from programs.caring import services
from programs.caring.forms import ColleagueForm, HandOverForm
from programs.caring.presenters import Team, team_page

WRONG = 422
PAGE = "programs/caring/team.html"


@require_http_methods(["GET", "HEAD", "POST"])
def patient_team(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """Who treats this patient; a button each to change it."""
    rows = Patient.objects.select_related("clinic")
    patient = find_visible(rows, request.actor, id=patient_id)
    audit.saw(patient.id)
    page = _team(request, patient)
    if request.method != "POST":
        services.read_handover(patient=patient, by=request.actor)
        return _shown(request, page)
    if not page.may_change:
        return _only_read(request, page)
    acts: dict[str, Callable[[ActingRequest, Team], HttpResponse]] = {
        "add": _add,
        "remove": _remove,
        "hand": _hand,
    }
    act = next((acts[name] for name in acts if name in request.POST), None)
    return act(request, page) if act else _shown(request, page, WRONG)


def _team(request: ActingRequest, patient: Patient) -> Team:
    links = list(team_of(patient))
    colleagues = list(colleagues_of(patient.clinic_id))
    return team_page(patient, links, colleagues, request.actor)


def _shown(request: ActingRequest, page: Team, status: int = 200) -> HttpResponse:
    return render(request, PAGE, {"page": page, "item": "patients"}, status=status)


def _only_read(request: ActingRequest, page: Team) -> HttpResponse:
    """Who covers, stands in or assists sees the team, and changes nothing."""
    messages.warning(request, _("Only a clinician of the care team can change it."))
    return redirect("programs:patient-team", page.patient.id)


def _add(request: ActingRequest, page: Team) -> HttpResponse:
    form = page.add_form = ColleagueForm(page.others, request.POST, auto_id="id_add_%s")
    if not form.is_valid():
        return _shown(request, page, WRONG)
    user, now = form.cleaned_data["user"], timezone.now()
    try:
        new = services.join_team(patient=page.patient, user=user, by=request.actor, at=now)
    except (NotOfTheClinic, NotOnTheTeam):
        messages.warning(request, _("Nothing changed: the team is another by now."))
    else:
        said = _("Added. The patient is in their list and queue now.")
        messages.success(request, said if new else _("They are on the team already."))
    return redirect("programs:patient-team", page.patient.id)


def _remove(request: ActingRequest, page: Team) -> HttpResponse:
    user = next(
        (each.user_id for each in page.links if str(each.id) == request.POST["remove"]), None
    )
    again = redirect("programs:patient-team", page.patient.id)
    if user is None:
        messages.warning(request, _("They are not on the team any more."))
        return again
    try:
        services.leave_team(patient=page.patient, user=user, by=request.actor, at=timezone.now())
    except LastOne:
        messages.warning(request, _("Nothing changed: one clinician always stays. Hand over."))
        return again
    except NotOnTheTeam:
        return _only_read(request, page)
    messages.success(request, _("Removed. The patient is out of their list and queue."))
    return redirect("desk:patient-list") if user == request.actor.user_id else again


def _hand(request: ActingRequest, page: Team) -> HttpResponse:
    form = page.hand_form = HandOverForm(page.clinicians, request.POST, auto_id="id_hand_%s")
    if not form.is_valid():
        return _shown(request, page, WRONG)
    to, note = form.cleaned_data["user"], form.cleaned_data["note"]
    try:
        colleague = services.hand_over(
            patient=page.patient, to=to, note=note, by=request.actor, at=timezone.now()
        )
    except (NotOfTheClinic, NotOnTheTeam):
        messages.warning(request, _("Nothing changed: the team is another by now."))
        return redirect("programs:patient-team", page.patient.id)
    told = {"patient": page.patient.name, "colleague": colleague.name}
    messages.success(
        request, _("%(patient)s is with %(colleague)s now, who sees it in their queue.") % told
    )
    return redirect("desk:patient-list")
