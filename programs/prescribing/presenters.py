"""What the prescribing page shows, ready to print."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.forms import BoundField
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, gettext_noop, ngettext

from accounts.models import Clinic
from exercises.pinned import PinnedStep
from patients.models import Patient
from programs.models import Template
from programs.prescribing.candidates import Candidates
from programs.prescribing.cautions import rule_cautions
from programs.prescribing.choosing import NOTHING
from programs.prescribing.forms import ExerciseForm, PrescribeForm
from programs.prescribing.plan import SourceExercise
from programs.prescribing.previewing import Preview, drawn
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
    """An exercise in its place: `up` and `down` say where it would go, and are empty at an end.

    `moved`: said of one that has just been moved here.
    """

    place: int
    name: str
    note: str
    figure: SafeString
    form: ExerciseForm
    cautions: tuple[str, ...]
    up: str
    down: str
    moved: str

    @property
    def key(self) -> str:
        return f"x{self.place}"

    @property
    def cautions_id(self) -> str:
        return f"x{self.place}-cautions"


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
    templates: SafeString
    template_key: str
    template_name: str
    from_nothing: bool
    listed: str
    changed: str
    assign_url: str
    fan_url: str
    fan_link: str
    exercises_url: str
    exercises: tuple[ExerciseSentence, ...]
    candidates: Candidates | None
    rules: tuple[RuleSentence, ...]
    rule_cautions: tuple[str, ...]
    limits: str
    scheme: Scheme
    numbers: tuple[BoundField, ...]
    later: tuple[str, ...]
    known: BoundField | None
    preview: Preview


def prescribe_page(
    patient: Patient,
    templates: list[Template],
    form: PrescribeForm,
    preview: Preview,
    candidates: Candidates | None = None,
) -> PrescribePage:
    """The whole page for one patient and template; with what was found in the library, if asked."""
    template, own = form.source.template, [patient.id]
    fan_url = reverse("programs:program-fan", args=own)
    return PrescribePage(
        patient_name=patient.name,
        first_name=patient.first_name,
        reachable=bool(patient.email or patient.phone),
        detail=knee_words(patient.affected_side),
        templates=_choices(patient, templates, template),
        template_key=template.key,
        template_name=template_name(template),
        from_nothing=template.key == NOTHING,
        listed=form.listed,
        changed=_changed(form),
        assign_url=reverse("programs:program-assign", args=own),
        fan_url=fan_url,
        fan_link=f"{fan_url}?template={template.key}&shown={preview.shown}",
        exercises_url=reverse("programs:program-exercises", args=own),
        exercises=tuple(_exercises(form, preview)),
        candidates=candidates,
        rules=tuple(_rules(form)),
        rule_cautions=rule_cautions(form.source.rules),
        limits=_limits(patient),
        scheme=preview.scheme,
        numbers=tuple(form[f"number_{name}"] for name in preview.scheme.numbers),
        later=tuple(map(later_words, form.source.later)),
        known=form["acknowledged"] if "acknowledged" in form.fields else None,
        preview=preview,
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


def _choices(patient: Patient, templates: list[Template], current: Template) -> SafeString:
    """A link for each template that may be chosen."""
    url = reverse("programs:program-assign", args=[patient.id])
    links = (
        (url, each.key, CURRENT if each.id == current.id else "", template_name(each))
        for each in templates
        if each.key != NOTHING
    )
    return format_html_join("", '<li><a href="{}?template={}"{}>{}</a></li>', links)


def _changed(form: PrescribeForm) -> str:
    """How far this is from its template; of what began with nothing, how much there is."""
    if form.source.template.key == NOTHING:
        count = len(form.exercises)
        return ngettext("%(n)s exercise", "%(n)s exercises", count) % {"n": count}
    if not form.changed:
        return gettext("as in the template")
    return ngettext(
        "%(number)s field differs from the template",
        "%(number)s fields differ from the template",
        form.changed,
    ) % {"number": form.changed}


def _exercises(form: PrescribeForm, preview: Preview) -> Iterator[ExerciseSentence]:
    places = [each.place for each in form.source.exercises]
    for at, (exercise, own) in enumerate(zip(form.source.exercises, form.exercises, strict=True)):
        ticked = len(own["steps"].value() or [])
        yield ExerciseSentence(
            place=exercise.place,
            name=exercise.title,
            note=ngettext("ladder of %(n)s step", "ladder of %(n)s steps", ticked) % {"n": ticked},
            figure=_figure(exercise, own),
            form=own,
            cautions=preview.cautions[at],
            up=f"{exercise.place}-{places[at - 1]}" if at else "",
            down="".join(f"{exercise.place}-{each}" for each in places[at + 1 : at + 2]),
            moved=gettext("%(name)s is now %(at)s of %(count)s.")
            % {"name": exercise.title, "at": at + 1, "count": len(places)},
        )


def _figure(exercise: SourceExercise, form: ExerciseForm) -> SafeString:
    """The first step as it was chosen, or as it was offered where the choice is none."""
    chosen = str(form["start"].value())
    known = {step.key: step for step in exercise.steps}
    step = known.get(chosen) or known[exercise.start]
    sides = "right" if form["sides"].value() == "right" else "left"
    return drawn(step.revision.figure_spec, sides, step.entry.get("range_deg"), _band(step))


def _band(step: PinnedStep) -> int | None:
    level: int | None = step.entry.get("band_level")
    return level


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
