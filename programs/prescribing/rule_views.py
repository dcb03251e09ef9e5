"""One rule of the draft as a sentence of pick-lists: change it, add it, remove it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.requests import ActingRequest
from patients.models import Patient
from patients.visible import find_patient
from programs.models import Template
from programs.prescribing.choosing import offered
from programs.prescribing.drafting import drafted, find_draft, keep_rules
from programs.prescribing.fault_words import all_words
from programs.prescribing.rule_forms import RuleForm
from programs.prescribing.rule_lines import rule_lines
from programs.prescribing.sentences import rule_title, rule_words
from programs.progression import RulesetError

PAGE = "programs/prescribing/rule.html"
NEW: dict[str, Any] = {
    "tier": "hold",
    "if": {"fact": "pain", "ge": 5},
    "then": [{"do": "hold"}],
    "when": ["session.end", "check-in", "decision"],
}


@require_http_methods(["GET", "HEAD", "POST"])
def program_rule(request: ActingRequest, patient_id: str, place: int) -> HttpResponse:
    """Show a rule of the draft, or one more; redraw, keep or remove it."""
    patient = find_patient(request.actor, patient_id)
    audit.saw(patient.id)
    template = _drafted(request, patient)
    if template is None:
        return redirect("programs:program-assign", patient.id)
    rules = template.ruleset["rules"]
    if place > len(rules):
        raise Http404
    if request.method != "POST":
        rule = rules[place] if place < len(rules) else NEW | {"id": f"own_{place}"}
        return _page(request, patient, RuleForm(ruleset=template.ruleset, place=place, rule=rule))
    if "remove" in request.POST:
        return _remove(request, patient, template, place)
    if "save" not in request.POST:
        form = RuleForm.redrawn(request.POST, ruleset=template.ruleset, place=place)
        return _page(request, patient, form)
    limit = patient.clinic.pain_limit
    form = RuleForm(request.POST, ruleset=template.ruleset, place=place, pain_limit=limit)
    if not form.is_valid():
        return _page(request, patient, form, status=422)
    return _keep(request, patient, template, form.whole())


def _drafted(request: ActingRequest, patient: Patient) -> Template | None:
    """The template of the draft with the draft's own rules; without a draft, the one asked for.

    None where neither is there: the draft was assigned meanwhile, or dropped.
    """
    draft = find_draft(patient=patient, by=request.actor)
    key = str(request.GET.get("template", "")) or (draft.template.key if draft else "")
    if not key:
        return None
    found = [each for each in offered(request.actor.clinic_id, key) if each.key == key]
    if not found:
        raise Http404
    return drafted(found[0], draft)


def _keep(
    request: ActingRequest, patient: Patient, template: Template, ruleset: dict[str, Any]
) -> HttpResponse:
    keep_rules(
        patient=patient, template=template, ruleset=ruleset, by=request.actor, at=timezone.now()
    )
    messages.success(request, _("Kept in your draft. Assign it when it is right."))
    return redirect("programs:program-assign", patient.id)


def _remove(
    request: ActingRequest, patient: Patient, template: Template, place: int
) -> HttpResponse:
    """Leave the rule out, unless the others can't be without it."""
    rules = template.ruleset["rules"]
    left = {**template.ruleset, "rules": [*rules[:place], *rules[place + 1 :]]}
    try:
        return _keep(request, patient, template, left)
    except RulesetError as error:
        form = RuleForm(ruleset=template.ruleset, place=place)
        return _page(request, patient, form, status=422, faults=all_words(error.faults))


def _page(
    request: ActingRequest,
    patient: Patient,
    form: RuleForm,
    *,
    status: int = 200,
    faults: tuple[str, ...] = (),
) -> HttpResponse:
    old = form.place < len(form.ruleset["rules"])
    name = form.ruleset["rules"][form.place]["id"] if old else ""
    context = {
        "patient": patient,
        "form": form,
        "faults": faults,
        "lines": rule_lines(form),
        "title": rule_title(form.ruleset, name) if old else _("One more rule"),
        "reads": rule_words(form.ruleset, name) if old else "",
        "told": rule_words(form.ruleset, name, "patient") if old else "",
        "old": old,
        "item": "patients",
    }
    part = request.htmx and "save" not in request.POST
    return render(request, f"{PAGE}#rule" if part else PAGE, context, status=status)
