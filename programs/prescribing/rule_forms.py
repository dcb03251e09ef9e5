"""A rule as a form of pick-lists that reads and writes exactly the same JSON."""

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any, Self, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from programs.prescribing.fault_words import fault_words
from programs.prescribing.pain_limit import check_pain
from programs.prescribing.rule_shapes import FactField, Flat, Names, NumberField, shape_of
from programs.progression import RulesetError, load_ruleset
from programs.progression.rules import Ruleset
from programs.progression.schema import shape as schema
from programs.shapes import Fault

ROOT, WHOLE = "rule", "ruleset"
RULE = {"$ref": "#/$defs/rule"}
MOST_FIELDS, MOST_OF_ALL = 1000, 5000
DEEPEST = 12  # rounds of filling what was just asked for
SIMPLE = ("number", "fact", "hold", "reps", "true")  # picked first, where they are offered
ENDS = ("", "-pick", "-n", "-has")
STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")


class RuleForm(forms.Form):
    """One rule of a ruleset. `rule` fills it; `data` is what was posted.

    `pain_limit`: the clinic's, which the rule's own numbers for pain may not pass.

    After is_valid, `made` is the rule and the whole ruleset with it has no fault. A fault of the
    rule stands beside the field where it belongs, one of the ruleset above them all.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        ruleset: Mapping[str, Any],
        place: int | None = None,
        rule: Mapping[str, Any] | None = None,
        pain_limit: int | None = None,
    ) -> None:
        self.pain_limit = pain_limit
        rules = ruleset.get("rules", [])
        self.ruleset, self.place = ruleset, len(rules) if place is None else place
        if rule is None and self.place < len(rules):
            rule = rules[self.place]
        self.shape = shape_of(RULE)
        flat = values(rule) if rule is not None else {}
        super().__init__(data, initial=flat)
        self._add_fields(flat if data is None else posted(data))

    def _add_fields(self, told: Flat) -> None:
        names = Names(
            tuple(self.ruleset.get("parameters", {})), tuple(self.ruleset.get("definitions", {}))
        )
        for name, field in self.shape.fields(ROOT, told.get, names):
            self.fields[name] = field
            if len(self.fields) > MOST_FIELDS:
                self.too_large = True
                return

    too_large = False
    made: Any = None

    @classmethod
    def redrawn(cls, data: Mapping[str, Any], *, ruleset: Mapping[str, Any], place: int) -> Self:
        """The fields for what was picked, each filled with what was posted or with a first value.

        Nothing is checked: what is not picked yet is no fault.
        """
        form = cls(data, ruleset=ruleset, place=place)
        told = posted(data)
        for _round in range(DEEPEST):
            missing = {
                name: first_value(each)
                for name, each in form.fields.items()
                if told.get(name) is None
            }
            if not missing:
                break
            told |= missing
            form = cls(_sent(told), ruleset=ruleset, place=place)
        form.is_bound, form.initial = False, told
        return form

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.too_large:
            self.add_error(None, _("This rule is too large."))
        if self.errors:
            return data
        self.made = self.shape.build(ROOT, self.cleaned_data)
        try:
            faults = self._above_limit(load_ruleset(self.whole()))
        except RulesetError as error:
            faults = error.faults
        for fault in faults:
            self.add_error(self.field_of(fault), fault_words(fault))
        return data

    def _above_limit(self, made: Ruleset) -> list[Fault]:
        """The rule's own numbers for pain that are above the clinic's limit."""
        if self.pain_limit is None:
            return []
        return [fault for fault in check_pain(made, self.pain_limit) if self.field_of(fault)]

    def whole(self) -> dict[str, Any]:
        """The whole ruleset with the rule in it; only after the fields were read."""
        rules = list(self.ruleset.get("rules", []))
        rules[self.place : self.place + 1] = [self.made]
        return {**self.ruleset, "rules": rules}

    def field_of(self, fault: Fault) -> str | None:
        """The field where a fault belongs; None if it isn't of this rule."""
        own = f"$.rules[{self.place}]"
        if not fault.path.startswith(own):
            return None
        steps = [a or b for a, b in STEP.findall(fault.path.removeprefix(own))]
        for end in range(len(steps), -1, -1):
            name = "-".join([ROOT, *steps[:end]])
            for suffix in ENDS:
                if f"{name}{suffix}" in self.fields:
                    return f"{name}{suffix}"
        return None


class RulesetForm(forms.Form):
    """A whole ruleset: its parameters, definitions, plan, table, schedule, limits and rules.

    After is_valid, `made` is the ruleset, without a fault.
    """

    made: Any = None

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        ruleset: Mapping[str, Any] | None = None,
    ) -> None:
        self.shape = shape_of(schema())
        flat = self.shape.flat(ruleset, WHOLE) if ruleset is not None else {}
        super().__init__(data, initial=flat)
        told = flat if data is None else posted(data)
        names = Names(_keys(told, "parameters"), _keys(told, "definitions"))
        fields = self.shape.fields(WHOLE, told.get, names)
        self.fields.update(islice(fields, MOST_OF_ALL))
        self.too_large = next(fields, None) is not None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.too_large:
            self.add_error(None, _("These rules are too large."))
        if not self.errors:
            self.made = self.shape.build(WHOLE, self.cleaned_data)
            try:
                load_ruleset(self.made)
            except RulesetError as error:
                for fault in error.faults:
                    self.add_error(None, fault_words(fault))
        return data


def _keys(told: Flat, part: str) -> tuple[str, ...]:
    """The names that a part of the ruleset gives."""
    place = re.compile(rf"{WHOLE}-{part}-\d+-key")
    return tuple(str(value) for name, value in told.items() if place.fullmatch(name))


def first_value(field: forms.Field) -> Any:
    """What a field starts with that was just asked for."""
    if isinstance(field, forms.ChoiceField):
        offered = [value for value, _label in list(cast(Any, field.choices))]
        if isinstance(field, forms.MultipleChoiceField):
            return ["ge"] if "ge" in offered else []
        return next((each for each in SIMPLE if each in offered), offered[0] if offered else "")
    if isinstance(field, FactField):
        return "pain"
    if isinstance(field, forms.IntegerField):
        return str(max(1, cast(int, field.min_value or 0)))
    return "1" if isinstance(field, NumberField) else ""


def _sent(told: Flat) -> QueryDict:
    """Values as a browser sends them."""
    data = QueryDict(mutable=True)
    for name, value in told.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def values(rule: Mapping[str, Any]) -> Flat:
    """The fields' values for a rule."""
    return shape_of(RULE).flat(rule, ROOT)


def posted(data: Mapping[str, Any]) -> Flat:
    """Posted values, of which those that may be several are lists."""
    if not isinstance(data, QueryDict):
        return dict(data)
    return {name: data.getlist(name) if name.endswith("-has") else data.get(name) for name in data}
