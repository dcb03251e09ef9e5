"""Enter a returned sheet: the same grid as printed, a line a session, saved whole or not at all."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from desk.handout.forms import SheetForm, picked
from desk.handout.returned import Returned, read_sheet
from desk.handout.sheet import doses
from patients.models import Patient
from programs.logging.entries import Refused
from programs.logging.past import log_sheet
from programs.logging.presenters import name_of
from programs.logging.services import NotOpen
from programs.models import Program
from programs.wording import day_words

WRONG = 422


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_enter(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """The grid of one version of the sheet, to be ticked as it was on paper."""
    patient = find_visible(Patient.objects, request.actor, id=patient_id)
    audit.saw(patient.id)
    rows = Program.objects.filter(patient=patient, status=Program.Status.ACTIVE)
    rows = rows.select_related("patient__clinic").prefetch_related("interruptions")
    program = rows.first()
    if program is None:
        return _none(request, patient.id)
    data, now = request.POST if request.method == "POST" else None, timezone.now()
    wanted = picked(data or request.GET)
    form = SheetForm(read_sheet(program, wanted["version"], wanted["first"], now), data)
    if data is None or not form.is_valid():
        return _page(request, form)
    try:
        made = log_sheet(program=program, sessions=form.told(), by=request.actor, at=now)
    except NotOpen:
        return _none(request, patient.id)
    except Refused as error:
        form.refused = list(error.faults.values())
        return _page(request, form)
    _say(request, len(made), len(form.told()) - len(made) + form.standing)
    return redirect("desk:patient-detail", patient.id)


def _none(request: ActingRequest, patient: UUID) -> HttpResponse:
    messages.info(request, _("There is no sheet to enter: no program is active."))
    return redirect("desk:patient-detail", patient)


def _say(request: ActingRequest, made: int, standing: int) -> None:
    """What was stored, and of how many days a session stood already."""
    said = ngettext(
        "%(n)s session saved, as entered by staff.",
        "%(n)s sessions saved, as entered by staff.",
        made,
    )
    if made:
        messages.success(request, said % {"n": made})
    if standing:
        kept = ngettext(
            "%(n)s day had a session already. It stays as it was.",
            "%(n)s days had a session already. They stay as they were.",
            standing,
        )
        messages.info(request, kept % {"n": standing})


def _page(request: ActingRequest, form: SheetForm) -> HttpResponse:
    returned = form.returned
    context = {
        "patient": returned.program.patient,
        "sheet": returned,
        "sheet_words": _words(returned, returned.version),
        "versions": [
            (number, _words(returned, number)) for number in range(len(returned.versions), 0, -1)
        ],
        "exercises": [
            {"name": name_of(each.sides[0]), "doses": doses(each.sides)}
            for each in returned.plan.exercises
        ],
        "errors": form.errors(),
        "rows": list(form.rows()),
        "open": bool(form.lines),
        "item": "patients",
    }
    status = WRONG if context["errors"] else 200
    return render(request, "desk/sheet.html", context, status=status)


def _words(returned: Returned, version: int) -> str:
    day = day_words(returned.versions[version - 1])
    return _("Version %(n)s, from %(day)s") % {"n": version, "day": day}
