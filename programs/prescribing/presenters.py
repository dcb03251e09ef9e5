"""What the prescribing page shows, ready to print."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.forms import BoundField
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, gettext_noop, ngettext

from accounts.models import Clinic
from patients.models import Equipment, Patient
from programs.models import Template
from programs.prescribing.forms import ExerciseForm, PrescribeForm
from programs.prescribing.plan import SourceExercise
from programs.prescribing.previewing import Preview
from programs.prescribing.scheme import Scheme
from programs.prescribing.sentences import DOTS, Piece, all_pieces, rule_title
from programs.wording import number, spoken

CURRENT = mark_safe(' aria-current="true"')
KNEES = {
    "left": gettext_noop("left knee"),
    "right": gettext_noop("right knee"),
    "both": gettext_noop("both knees"),
}
LIMITS = {
    Clinic.Approval.EVERY: gettext_lazy(
        "At most %(percent)s %% more load a step, pain limit never above %(pain)s, and every step "
        "of the ladder is confirmed by a person."
    ),
    Clinic.Approval.RESISTED: gettext_lazy(
        "At most %(percent)s %% more load a step, pain limit never above %(pain)s, and a step to "
        "an exercise against resistance is confirmed by a person."
    ),
    Clinic.Approval.RULES: gettext_lazy(
        "At most %(percent)s %% more load a step, and pain limit never above %(pain)s."
    ),
}


@dataclass(frozen=True, slots=True)
class ExerciseSentence:
    name: str
    note: str
    figure: SafeString
    form: ExerciseForm


@dataclass(frozen=True, slots=True)
class RuleSentence:
    """A rule in words, with fields where its numbers can be typed; what is wrong with them."""

    tier: str
    label: str
    sentence: SafeString
    errors: tuple[str, ...]
    mode: BoundField | None
    mode_words: str


@dataclass(frozen=True, slots=True)
class PrescribePage:
    patient_name: str
    first_name: str
    reachable: bool
    detail: str
    patient_url: str
    templates: SafeString
    template_key: str
    template_name: str
    changed: str
    assign_url: str
    fan_url: str
    fan_link: str
    exercises: tuple[ExerciseSentence, ...]
    rules: tuple[RuleSentence, ...]
    limits: str
    scheme: Scheme
    numbers: tuple[BoundField, ...]
    later: tuple[str, ...]
    known: BoundField | None
    preview: Preview
    faults: tuple[str, ...]


def prescribe_page(
    patient: Patient, templates: list[Template], form: PrescribeForm, preview: Preview
) -> PrescribePage:
    """The whole page for one patient and template."""
    template = form.source.template
    fan_url = reverse("programs:program-fan", args=[patient.id])
    return PrescribePage(
        patient_name=patient.name,
        first_name=patient.first_name,
        reachable=bool(patient.email or patient.phone),
        detail=knee_words(patient.affected_side),
        patient_url=reverse("desk:patient-detail", args=[patient.id]),
        templates=_choices(patient, templates, template),
        template_key=template.key,
        template_name=template_name(template),
        changed=_changed(form.changed),
        assign_url=reverse("programs:program-assign", args=[patient.id]),
        fan_url=fan_url,
        fan_link=f"{fan_url}?template={template.key}",
        exercises=tuple(
            _exercise(exercise, one, preview)
            for exercise, one in zip(form.source.exercises, form.exercises, strict=True)
        ),
        rules=tuple(_rules(form)),
        limits=_limits(patient),
        scheme=preview.scheme,
        numbers=tuple(form[f"number_{name}"] for name in preview.scheme.numbers),
        later=tuple(map(later_words, form.source.later)),
        known=form["acknowledged"] if "acknowledged" in form.fields else None,
        preview=preview,
        faults=preview.faults,
    )


def template_name(template: Template) -> str:
    return spoken(template.name, template.key)


def later_words(phase: Mapping[str, Any]) -> str:
    """A later phase: its name and its weeks."""
    weeks = ngettext("%(n)s week", "%(n)s weeks", phase["weeks"]) % {"n": phase["weeks"]}
    return f"{spoken(phase['name'])}, {weeks}"


def knee_words(side: str) -> str:
    """Which knee is treated."""
    return gettext(KNEES[side])


def missing_equipment(patient: Patient, needed: set[str]) -> list[str]:
    """The names of what a program needs and this patient has not got."""
    names = dict(Equipment.choices)
    return [str(names.get(key, key)) for key in sorted(needed - set(patient.equipment))]


def _choices(patient: Patient, templates: list[Template], current: Template) -> SafeString:
    """A link for each template that may be chosen."""
    url = reverse("programs:program-assign", args=[patient.id])
    links = (
        (url, each.key, CURRENT if each.id == current.id else "", template_name(each))
        for each in templates
    )
    return format_html_join("", '<li><a href="{}?template={}"{}>{}</a></li>', links)


def _changed(number: int) -> str:
    if not number:
        return gettext("as in the template")
    return ngettext(
        "%(number)s field differs from the template",
        "%(number)s fields differ from the template",
        number,
    ) % {"number": number}


def _exercise(exercise: SourceExercise, form: ExerciseForm, preview: Preview) -> ExerciseSentence:
    ticked = len(form["steps"].value() or [])
    note = ngettext("ladder of %(n)s step", "ladder of %(n)s steps", ticked) % {"n": ticked}
    return ExerciseSentence(exercise.title, note, preview.phone.figure, form)


def _rules(form: PrescribeForm) -> list[RuleSentence]:
    ruleset = form.source.template.ruleset
    shown: set[str] = set()
    return [
        _rule(form, rule, rule_title(ruleset, name), [_part(form, each, shown) for each in pieces])
        for rule, (name, pieces) in zip(ruleset["rules"], all_pieces(ruleset).items(), strict=True)
    ]


def _rule(
    form: PrescribeForm, rule: dict[str, Any], title: str, parts: list[str | BoundField]
) -> RuleSentence:
    mode = f"approval_{rule['id']}"
    fields = [part for part in parts if isinstance(part, BoundField)]
    return RuleSentence(
        tier=DOTS[rule["tier"]],
        label=title,
        sentence=mark_safe("".join(conditional_escape(str(p)) for p in parts)),  # noqa: S308 (escaped)
        errors=tuple(f"{each.label}: {error}" for each in fields for error in each.errors),
        mode=form[mode] if mode in form.fields else None,
        mode_words=gettext("automatic, always told"),
    )


def _part(form: PrescribeForm, piece: Piece, shown: set[str]) -> str | BoundField:
    """A number can be typed where it stands first; after that it is repeated as words."""
    if not piece.number:
        return piece.text
    name = f"number_{piece.number}"
    if name not in form.fields:
        return format_html("<em>{}</em>", piece.text)
    if piece.number in shown:
        return format_html("<em>{}</em>", _written(form[name].value()))
    shown.add(piece.number)
    return form[name]


def _written(value: Any) -> str:
    """A number as the language writes it; what was typed and is none, as it is."""
    try:
        return number(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _limits(patient: Patient) -> str:
    clinic = patient.clinic
    told = {"percent": clinic.largest_step_percent, "pain": clinic.pain_limit}
    return str(LIMITS[Clinic.Approval(clinic.approval)]) % told
