"""The clinic's templates: what there is, its versions, and saving one from a patient's program."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.access import find_visible
from accounts.requests import ActingRequest
from patients.visible import find_patient
from programs.models import Template
from programs.prescribing.choosing import NOTHING, offered
from programs.prescribing.drafting import drafted, find_draft
from programs.prescribing.fault_words import all_words
from programs.prescribing.forms import PrescribeForm
from programs.prescribing.opening import form_of
from programs.prescribing.presenters import template_name
from programs.progression import RulesetError
from programs.templating import services
from programs.templating.forms import NameForm, PhaseForm, SaveForm
from programs.templating.keeping import kept
from programs.templating.presenters import (
    Contents,
    contents,
    listed,
    rules_of,
    version_lines,
    version_words,
    whole,
)

WRONG = 422
CHECK_FIRST = gettext_lazy("A field of the program needs checking first. Go back and look.")


@require_safe
def template_list(request: ActingRequest) -> HttpResponse:
    """The clinic's own templates and what ships, each in its newest version."""
    rows = list(Template.objects.visible_to(request.actor).newest().select_related("by"))
    own = [each for each in rows if each.clinic_id]
    context = {
        "own": listed([each for each in own if not each.retired_at]),
        "retired": listed([each for each in own if each.retired_at]),
        "shipped": listed([e for e in rows if not e.clinic_id and e.key != NOTHING]),
        "item": "templates",
    }
    return render(request, "programs/templating/templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def template_detail(request: ActingRequest, template_id: str) -> HttpResponse:
    """One template with its versions; rename it, retire it, bring it back, add a phase to it."""
    found = find_visible(Template.objects, request.actor, id=template_id)
    same = Template.objects.filter(clinic=found.clinic_id, key=found.key)
    versions = list(same.select_related("by").order_by("-version"))
    newest, told = versions[0], request.POST
    form = NameForm(told if "rename" in told else None, names=newest.name)
    others = _others(newest) if newest.clinic_id else []
    phase = PhaseForm(others, told if "add_phase" in told else None)
    if request.method == "POST" and (now := _changed(request, found, newest, form, phase)):
        return redirect("programs:template-detail", now.id)
    context = {
        "template": newest,
        "name": template_name(newest),
        "version": version_words(newest),
        "contents": whole(newest),
        "rules": rules_of(newest),
        "versions": version_lines(versions),
        "form": form,
        "phase_form": phase,
        "item": "templates",
    }
    status = WRONG if form.errors or phase.errors else 200
    return render(request, "programs/templating/template.html", context, status=status)


def _others(template: Template) -> list[Template]:
    """The clinic's other templates that are offered."""
    rows = Template.objects.filter(clinic=template.clinic_id).exclude(key=template.key).newest()
    return [each for each in rows if not each.retired_at]


def _changed(
    request: ActingRequest, shown: Template, newest: Template, form: NameForm, phase: PhaseForm
) -> Template | None:
    """Do what was asked for; None: a field has to be looked at. What ships stays as it is."""
    if newest.clinic_id is None:
        messages.info(request, _("What ships with Flexion stays as it is."))
        return newest
    if "rename" in request.POST:
        return _renamed(request, newest, form)
    if {"add_phase", "drop_phase"} & request.POST.keys():
        return _gone_on(request, shown, phase)
    _offer(request, newest)
    return newest


def _offer(request: ActingRequest, template: Template) -> None:
    if "retire" in request.POST:
        services.retire_template(template=template, by=request.actor, at=timezone.now())
        messages.success(request, _("Retired. It is offered no more; programs made from it go on."))
    elif "bring_back" in request.POST:
        services.bring_back_template(template=template, by=request.actor)
        messages.success(request, _("Brought back. It is offered again."))


def _gone_on(request: ActingRequest, template: Template, form: PhaseForm) -> Template | None:
    """One phase more or less, of the version that was shown."""
    if "add_phase" in request.POST and not form.is_valid():
        return None
    told: dict[str, Any] = {"template": template, "by": request.actor, "at": timezone.now()}
    try:
        if "add_phase" in request.POST:
            made = services.add_phase(other=form.chosen(), **told)
        else:
            made = services.drop_phase(**told)
    except services.NotKept as refusal:
        messages.warning(request, refusal.message)
    except RulesetError as error:
        messages.warning(request, " ".join(all_words(error.faults)))
    else:
        messages.success(request, _("Saved: %(version)s.") % {"version": version_words(made)})
        return made
    return template


def _renamed(request: ActingRequest, template: Template, form: NameForm) -> Template | None:
    if not form.is_valid():
        return None
    try:
        made = services.rename_template(
            template=template, name=form.names(), by=request.actor, at=timezone.now()
        )
    except services.NotKept as refusal:
        form.refuse(refusal.message, refusal.field)
        return None
    messages.success(request, _("Renamed."))
    return made


@require_http_methods(["GET", "HEAD", "POST"])
def template_save(request: ActingRequest, patient_id: str) -> HttpResponse:
    """Keep what was typed for a patient as a template of the clinic."""
    patient = find_patient(request.actor, patient_id)
    audit.saw(patient.id)
    draft = find_draft(patient=patient, by=request.actor)
    rows = offered(request.actor.clinic_id, draft.template.key) if draft else []
    chosen = next((each for each in rows if draft and each.key == draft.template.key), None)
    if chosen is None:
        return redirect("programs:program-assign", patient.id)
    typed = form_of(patient, drafted(chosen, draft), draft)
    own = [each for each in rows if each.clinic_id]
    form = SaveForm(own, request.POST if request.method == "POST" else None, key=chosen.key)
    if request.method == "POST" and form.is_valid() and _saved(request, typed, form):
        return redirect("programs:program-assign", patient.id)
    context = {"patient": patient, "form": form, "contents": _contents(typed), "item": "patients"}
    status = WRONG if form.errors else 200
    return render(request, "programs/templating/save.html", context, status=status)


def _contents(typed: PrescribeForm) -> Contents | None:
    """What would be saved; None where a field needs checking first."""
    if typed.is_bound and not typed.is_valid():
        return None
    changes = typed.chosen()
    try:
        return contents(typed.source, changes, kept(typed.source, changes).ruleset)
    except RulesetError:
        return None


def _saved(request: ActingRequest, typed: PrescribeForm, form: SaveForm) -> bool:
    """Save it and say so; or say beside the field why it can't be."""
    if typed.is_bound and not typed.is_valid():
        form.add_error(None, CHECK_FIRST)
        return False
    try:
        made = services.save_template(
            name=form.names(),
            kept=kept(typed.source, typed.chosen()),
            follows=form.key(),
            by=request.actor,
            at=timezone.now(),
        )
    except services.NotKept as refusal:
        form.refuse(refusal.message, refusal.field)
        return False
    except RulesetError as error:
        form.add_error(None, list(all_words(error.faults)))
        return False
    told = {"name": template_name(made), "version": version_words(made)}
    messages.success(request, _("Saved as a template: %(name)s, %(version)s.") % told)
    return True
