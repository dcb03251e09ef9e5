"""The clinician's pages: who needs a decision, the caseload, the story of a patient."""

from uuid import UUID

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.access import find_visible
from accounts.audit import Kind
from accounts.requests import ActingRequest
from accounts.roles import Role
from desk import queries
from desk.chart_text import chart_text
from desk.findings import tests_of
from desk.lines import Sent
from desk.outcomes import outcomes
from desk.patient import bare_page
from desk.people import people
from desk.presenters import Caseload
from desk.queries import SaidRow
from desk.queue import Found, choices, groups, next_url, queue_url, tabs, waited
from desk.reading import EVERYTHING, RECENT, read_page
from desk.rows import ListedRow, StoryRow
from desk.waiting import Wanted, queue_of, waiting_for
from patients.models import Patient
from programs.decisions.forms import ClearanceForm
from programs.models import Program
from programs.prescribing.forms import PauseForm

PAIN_LIMIT = 5  # what the list draws in red; each program's own limit is on its page


@require_safe
def caseload(request: ActingRequest) -> HttpResponse:
    """Who needs a decision."""
    now, wanted = timezone.now(), Wanted.read(request.GET)
    queue = queue_of(request.actor, wanted)
    audit.saw(*(each.patient.id for each in queue.rows))
    sent = Sent(get_token(request), queue_url(wanted, after=wanted.after), wanted.skipped)
    shown = groups(Found(queue, now, PAIN_LIMIT), sent)
    page = Caseload(
        today=timezone.localdate(now),
        waiting=sum(queue.counts.values()),
        oldest=waited(queue.oldest, now),
        tabs=tabs(queue.counts, wanted),
        choices=choices(wanted),
        groups=shown,
        next_url=next_url(queue, wanted),
        accepts=any(row.accept_url for group in shown for row in group.rows),
        nobody=not queue.rows and not queries.has_patients(request.actor),
    )
    context = {"page": page, "sent": sent, "item": "decisions", "waiting": page.waiting}
    return render(request, "desk/caseload.html", context)


def _running(patients: list[ListedRow]) -> set[UUID]:
    return {each.program.id for each in patients if each.program}


@require_http_methods(["GET", "HEAD", "POST"])
def patient_list(request: ActingRequest) -> HttpResponse:
    """The caseload by name, a page at a time; a search is posted, so that no name is in a URL."""
    now = timezone.now()
    name = request.POST.get("name", "").strip()[:60]
    after = _id(request.POST.get("after") or request.GET.get("after"))
    patients = queries.people_of(request.actor, name=name, after=after)
    if after and not patients:  # those who came next are here no more: from the start
        patients = queries.people_of(request.actor, name=name)
    audit.saw(*(each.patient.id for each in patients))
    told, names = queries.told_of(_running(patients), timezone.localdate(now))
    listed = people(patients, told, names, now=now, pain_limit=PAIN_LIMIT, searched=name)
    context = {"people": listed, "item": "patients", "waiting": waiting_for(request.actor)}
    return render(request, "desk/patients.html", context)


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@require_safe
def patient_detail(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """The story of a patient: dose, pain and sessions on one axis, and why each change was made."""
    found = queries.program_of(request.actor, patient_id)
    most = EVERYTHING if "all" in request.GET else RECENT
    clinician = request.actor.role == Role.CLINICIAN
    said = queries.said_by(request.actor, patient_id)
    context = _story(found, most, clinician, said) if found else _no_program(request, patient_id)
    audit.saw(patient_id)
    context |= {"item": "patients", "clinician": clinician, "said": said}
    return render(request, "desk/patient.html", context)


def _no_program(request: ActingRequest, patient_id: UUID) -> dict[str, object]:
    patient = find_visible(Patient.objects, request.actor, id=patient_id)
    joined = patient.accesses.filter(until=None, consented_at__isnull=False).exists()
    waiting = waiting_for(request.actor)
    return {"page": bare_page(patient, joined=joined), "waiting": waiting}


def _story(found: StoryRow, most: int, clinician: bool, said: SaidRow) -> dict[str, object]:
    told, page, shown = read_page(found, most, clinician=clinician)
    return {
        "page": page,
        "waiting": found.waiting,
        "older": shown >= most,
        "outcomes": outcomes(found.program, said, told.today),
        **_form_of(found.program),
    } | tests_of(found.program, told.today)


@require_safe
def patient_text(request: ActingRequest, patient_id: UUID) -> HttpResponse:
    """The last four weeks as plain text, for a chart kept elsewhere."""
    found = queries.program_of(request.actor, patient_id)
    if found is None:
        patient = find_visible(Patient.objects, request.actor, id=patient_id)
        return redirect("desk:patient-detail", patient.id)
    verb = "copy_for_chart"
    audit.record(by=request.actor, verb=verb, patients=[patient_id], kind=Kind.EXPORT)
    told, page, _shown = read_page(found, EVERYTHING, clinician=False)
    return HttpResponse(chart_text(told, page), content_type="text/plain; charset=utf-8")


def _form_of(program: Program) -> dict[str, object]:
    """The form that leads out of the program's state, where there is one."""
    if program.status == Program.Status.ACTIVE:
        return {"pause_form": PauseForm(auto_id="id_pause_%s", label_suffix="")}
    if program.status == Program.Status.LOCKED:
        return {"clearance_form": ClearanceForm(auto_id="id_clear_%s", label_suffix="")}
    return {}
