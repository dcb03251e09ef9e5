"""What a page of prescribing stands on: the patient, the templates, and one of them as drafted."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone

from accounts import audit
from accounts.requests import ActingRequest
from patients.models import Patient
from patients.visible import find_patient
from programs.calendar import local_day
from programs.models import Draft, Template
from programs.prescribing.choosing import FIRST, chosen, offered
from programs.prescribing.drafting import drafted, find_draft, keep_draft, typed, typed_before
from programs.prescribing.forms import PrescribeForm
from programs.prescribing.plan import load_source, there


@dataclass(frozen=True)
class Opened:
    """`template` has the draft's plan and rules in it; never to be saved."""

    patient: Patient
    draft: Draft | None
    templates: list[Template]
    template: Template


def open_draft(request: ActingRequest, patient_id: str) -> Opened | None:
    """The template that was asked for, else the draft's, else the first that is offered.

    None where this installation has no template. Refuses as find_patient does.
    """
    patient = find_patient(request.actor, patient_id)
    audit.saw(patient.id)
    draft = find_draft(patient=patient, by=request.actor)
    asked = request.POST.get("template") or request.GET.get("template")
    key = str(asked or (draft.template.key if draft else FIRST))
    templates = offered(request.actor.clinic_id, key)
    if not templates:
        return None
    return Opened(patient, draft, templates, drafted(chosen(key, templates), draft))


def keep_typed(request: ActingRequest, opened: Opened) -> bool:
    """Keep what was posted of the page in the draft; False as keep_draft has it."""
    return keep_draft(
        patient=opened.patient,
        template=opened.template,
        told=typed(request.POST),
        by=request.actor,
        at=timezone.now(),
    )


def form_of(
    patient: Patient, template: Template, draft: Draft | None, posted: QueryDict | None = None
) -> PrescribeForm:
    """What was posted, else what was typed before, else the template as it is."""
    today = local_day(timezone.now(), patient.time_zone)
    data = typed_before(draft, template, today=today) if posted is None else posted
    source, limit = there(load_source(template=template)), patient.clinic.pain_limit
    return PrescribeForm(source, data, today=today, pain_limit=limit)
