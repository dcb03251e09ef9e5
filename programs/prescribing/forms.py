"""The prescribing page as forms: one for the program, one for each exercise sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises.pinned import PinnedStep
from patients.forms import DayField
from programs.models import Prescription, PrescriptionStep
from programs.prescribing.dosing import DoseWanted
from programs.prescribing.drafting import listed
from programs.prescribing.fault_words import pain_limit_words
from programs.prescribing.plan import (
    Changes,
    ExerciseChange,
    SourceExercise,
    TemplateSource,
    load_span,
    unchanged,
)
from programs.prescribing.rules import pain_numbers
from programs.prescribing.sentences import number_words, rule_title
from programs.wording import language, number, short_weekdays, variant_name

KNOWN = _("I know that parts of this are not published as such.")
OTHERS = _("The exercises were changed elsewhere meanwhile. Look at them, then assign.")
LATEST_START = timedelta(days=90)
APPROVAL_WORDS = [("auto", _("automatic")), ("propose", _("asks me")), ("clinician", _("only me"))]
RANGES = {
    "sets": (1, 6),
    "reps_from": (1, 30),
    "reps_to": (1, 50),
    "up_s": (1, 10),
    "top_s": (0, 60),
    "down_s": (1, 10),
    "rest_s": (0, 300),
    "range_deg": (5, 150),
}


def _number(name: str, label: Any, *, required: bool = True) -> forms.IntegerField:
    low, high = RANGES[name]
    return forms.IntegerField(label=label, min_value=low, max_value=high, required=required)


class Sentence(forms.Form):
    """A form whose fields stand in a sentence: each field is named for those who can't see it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.name_fields()

    def name_fields(self) -> None:
        """Name each field for those who can't see the sentence around it; a group has a legend."""
        for field in self.fields.values():
            if not field.widget.use_fieldset:
                field.widget.attrs["aria-label"] = field.label

    def mark_changed(self, offered: Mapping[str, Any]) -> int:
        """Draw what differs from the template; return how many fields do."""
        names = [name for name in self.fields if self._differs(name, offered.get(name))]
        for name in names:
            self.fields[name].widget.attrs["class"] = "changed"
        return len(names)

    def _differs(self, name: str, offered: Any) -> bool:
        now = self[name].value()
        if isinstance(offered, list | tuple):
            return [str(each) for each in offered] != [str(each) for each in now or []]
        return str("" if offered is None else offered) != str("" if now is None else now)


class ExerciseForm(Sentence):
    """One exercise as a sentence. Bounds of each number are checked here."""

    start = forms.ChoiceField(label=_("First step"))
    sets = _number("sets", _("Sets"))
    reps_from = _number("reps_from", _("Reps at the start"))
    reps_to = _number("reps_to", _("Most reps"))
    sides = forms.ChoiceField(label=_("Side"), choices=Prescription.Sides)
    up_s = _number("up_s", _("Seconds up"))
    top_s = _number("top_s", _("Seconds of hold"))
    down_s = _number("down_s", _("Seconds down"))
    range_deg = _number("range_deg", _("Range in degrees"), required=False)
    load_kg = forms.DecimalField(
        label=_("Load, kg"), min_value=0, max_value=200, decimal_places=2, required=False
    )
    rest_s = _number("rest_s", _("Seconds of rest"))
    steps = forms.MultipleChoiceField(
        label=_("Steps of the ladder"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, exercise: SourceExercise, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exercise = exercise
        named = [
            (step.key, variant_name(step.revision.variant, step.entry.get("band_level")))
            for step in exercise.steps
        ]
        for name in ("start", "steps"):
            cast(forms.ChoiceField, self.fields[name]).choices = named
        if not any(step.entry.get("load_kg") for step in exercise.steps if self._on(step)):
            del self.fields["load_kg"]

    def _on(self, step: PinnedStep) -> bool:
        """True for the step that the program starts at."""
        return bool(step.key == self["start"].value())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reps_from", 0) > data.get("reps_to", 99):
            self.add_error("reps_to", gettext("Must not be fewer than at the start."))
        if data.get("steps") and data.get("start") not in data["steps"]:
            self.add_error("start", gettext("The first step must be one of the ticked steps."))
        self._check_load(data)
        return data

    def _check_load(self, data: dict[str, Any]) -> None:
        """The load fits the equipment of the first step."""
        step = next((each for each in self.exercise.steps if each.key == data.get("start")), None)
        load = data.get("load_kg")
        if step is None or load is None or not (span := load_span(step)):
            return
        low, high, size = (Decimal(each) / 1000 for each in (span.low, span.high, span.step))
        if not low <= load <= high or (load - low) % size:
            told = {"low": number(low), "high": number(high), "step": number(size)}
            said = gettext("Load: from %(low)s to %(high)s kg, in steps of %(step)s kg.") % told
            self.add_error("load_kg", said)

    def change(self) -> ExerciseChange:
        """The sentence as it was left; only after is_valid."""
        data = {"load_kg": None, **self.cleaned_data}
        return ExerciseChange(**data | {"steps": tuple(data["steps"])})


class PrescribeForm(Sentence):
    """When the program runs, and who decides each rule; holds the exercise forms.

    What was typed for other exercises than the template's is not taken for theirs.
    """

    start_on = DayField(label=_("First day"))
    weeks = forms.IntegerField(label=_("Weeks"), min_value=1, max_value=52)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: list(enumerate(short_weekdays())),
    )

    def __init__(
        self,
        source: TemplateSource,
        data: Mapping[str, Any] | None = None,
        *,
        today: date,
        pain_limit: int,
    ) -> None:
        self.source, self.today, self.pain_limit = source, today, pain_limit
        self.listed = listed(source.body)
        self.fits = data is None or data.get("listed", self.listed) == self.listed
        rules = source.rules
        self.pains = pain_numbers(rules)
        self.offered = replace(unchanged(source, start_on=today), parameters=self._cut())
        super().__init__(data, initial=asdict(self.offered))
        self._add_rules(source.template.ruleset)
        if rules.unpublished:
            self.fields["acknowledged"] = forms.BooleanField(label=KNOWN, required=False)
        self.name_fields()
        self.exercises = [
            _exercise_form(exercise, data if self.fits else {}, asdict(offered))
            for exercise, offered in zip(source.exercises, self.offered.exercises, strict=True)
        ]
        self.changed = self._mark() if data is not None else 0

    def _cut(self) -> dict[str, int]:
        """The template's numbers for pain that are above the clinic's limit: the limit instead."""
        told = self.source.template.ruleset.get("parameters", {})
        above = (name for name in self.pains if told[name]["value"] > self.pain_limit)
        return dict.fromkeys(above, self.pain_limit)

    def _add_rules(self, ruleset: Mapping[str, Any]) -> None:
        """A pick-list for each rule that raises the dose, a field for each number of the rules."""
        for rule in ruleset["rules"]:
            if rule["tier"] == "progress":
                self.fields[f"approval_{rule['id']}"] = forms.ChoiceField(
                    label=gettext("Who decides: %(rule)s")
                    % {"rule": rule_title(ruleset, rule["id"])},
                    choices=APPROVAL_WORDS,
                    initial=rule.get("approval", "auto"),
                )
        for name, parameter in ruleset.get("parameters", {}).items():
            limit = self.pain_limit if name in self.pains else None
            self.fields[f"number_{name}"] = _parameter_field(name, parameter, limit)

    def _mark(self) -> int:
        count = self.mark_changed(asdict(self.offered) | self.fields_offered())
        pairs = zip(self.exercises, self.offered.exercises, strict=True)
        return count + sum(form.mark_changed(asdict(offered)) for form, offered in pairs)

    def fields_offered(self) -> dict[str, Any]:
        """What the rules' own fields were given by the template."""
        return {
            name: field.initial
            for name, field in self.fields.items()
            if name.startswith(("approval_", "number_"))
        }

    def clean(self) -> dict[str, Any]:
        """With the exercises' own forms; they must be the ones that the page showed."""
        data = super().clean() or {}
        if not self.fits:
            self.add_error(None, OTHERS)
        for form in self.exercises:
            if not form.is_valid():
                told = gettext("%(exercise)s: check what is marked.")
                self.add_error(None, told % {"exercise": form.exercise.title})
        return data

    def clean_start_on(self) -> date:
        start: date = self.cleaned_data["start_on"]
        if not self.today <= start <= self.today + LATEST_START:
            raise forms.ValidationError(gettext("From today to 90 days from now."))
        return start

    def refuse(self, message: str, field: str | None = None, exercise: int | None = None) -> None:
        """Show why it can't be assigned: above all, and beside what it is about."""
        if exercise is None:
            self.add_error(field if field in self.fields else None, message)
            return
        own = self.exercises[exercise]
        own.add_error(field, message)
        self.add_error(None, f"{own.exercise.title}: {message}")

    def chosen(self) -> Changes:
        """Everything that was chosen; as it is offered where nothing was, or a field is wrong."""
        return self.changes() if self.is_bound and self.is_valid() else self.offered

    def changes(self) -> Changes:
        """Everything that was chosen; only after is_valid."""
        data, offered = self.cleaned_data, self.fields_offered()
        differ = {name: data[name] for name in offered if data[name] != offered[name]}
        return Changes(
            start_on=data["start_on"],
            weeks=data["weeks"],
            weekdays=tuple(data["weekdays"]),
            exercises=tuple(form.change() for form in self.exercises),
            parameters={**self.offered.parameters, **_named("number_", differ)},
            approvals=_named("approval_", differ),
            acknowledged=data.get("acknowledged", False),
        )


def _exercise_form(
    exercise: SourceExercise, data: Mapping[str, Any] | None, offered: dict[str, Any]
) -> ExerciseForm:
    """Named by its place; of one that was just added nothing was typed, and it is as offered."""
    prefix = f"x{exercise.place}"
    if data is not None and not any(name.startswith(f"{prefix}-") for name in data):
        data = {f"{prefix}-{name}": value for name, value in offered.items()}
    return ExerciseForm(exercise, data, prefix=prefix, initial=offered)


def _named(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): value
        for name, value in values.items()
        if name.startswith(prefix)
    }


def _parameter_field(name: str, parameter: Mapping[str, Any], limit: int | None) -> forms.Field:
    """A number of the rules within its own bounds, and the clinic's limit where one holds."""
    whole = all(isinstance(parameter[key], int) for key in ("value", "min", "max"))
    kind = forms.IntegerField if whole else forms.FloatField
    value, most, errors = parameter["value"], parameter["max"], {}
    if limit is not None and limit < most:
        value, most = min(value, limit), limit
        errors = {"max_value": pain_limit_words(limit)}
    return kind(
        label=number_words(name),
        min_value=min(parameter["min"], most),
        max_value=most,
        initial=value,
        error_messages=errors,
    )


class PauseForm(forms.Form):
    """Why a program pauses; kept with its days."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        error_messages={"required": _("Say why the program pauses.")},
    )


class DoseForm(forms.Form):
    """A dose by hand, for one side."""

    step = forms.IntegerField(label=_("Step"), min_value=0, max_value=60)
    sets = forms.IntegerField(label=_("Sets"), min_value=1, max_value=10)
    reps = forms.IntegerField(label=_("Reps"), min_value=1, max_value=50)
    load_kg = forms.DecimalField(
        label=_("Load, kg"), min_value=0, max_value=200, decimal_places=2, required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        error_messages={"required": _("Say why the dose changes.")},
    )

    def offer(self, steps: Sequence[PrescriptionStep]) -> None:
        """Name the steps of the ladder; ask for a load only where one of them takes any."""
        named = [(each.position, _step_name(each)) for each in steps]
        self.fields["step"].widget = forms.Select(choices=named)
        if not self.is_bound and not any(each.bounds.get("load_g") for each in steps):
            del self.fields["load_kg"]

    def wanted(self) -> DoseWanted:
        """The dose that was chosen; only after is_valid."""
        return DoseWanted(**self.cleaned_data)


def _step_name(step: PrescriptionStep) -> str:
    words = step.revision.body[language()]
    return variant_name(words.get("variant") or words["name"], step.entry.get("band"))
