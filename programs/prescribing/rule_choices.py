"""The words of the pick-lists: what each choice of a rule is called."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programs.decisions.saying import fact_name
from programs.decisions.saying.amounts import FIELDS
from programs.decisions.saying.tables import STATUS
from programs.decisions.saying.titles import number_words
from programs.progression.facts import FACTS

CHOICES: dict[str, Any] = {
    # conditions
    "all": _("all of these"),
    "any": _("at least one of these"),
    "not": _("not"),
    "known": _("is known"),
    "use": _("a definition"),
    "every": _("in every set"),
    "some": _("in at least one set"),
    "streak": _("in sessions running"),
    "count": _("in so many sessions of a time"),
    "fact": _("a fact"),
    "value": _("a calculated number"),
    # relations
    "lt": _("is below"),
    "le": _("is at most"),
    "eq": _("is exactly"),
    "ne": _("is other than"),
    "ge": _("is at least"),
    "gt": _("is above"),
    "is": pgettext_lazy("relation", "is"),
    "in": _("is one of"),
    "between": _("is between"),
    # numbers
    "number": _("a number"),
    "param": _("a number of these rules"),
    "adherence": _("the adherence"),
    "plus": _("plus"),
    "minus": _("minus"),
    "times": _("times"),
    "divided": _("divided by"),
    "least": _("the lower of two"),
    "greatest": _("the higher of two"),
    "max": _("the highest"),
    "min": _("the lowest"),
    "sum": _("the sum"),
    "mean": _("the mean"),
    "last": _("the last"),
    "table": _("by a table"),
    "sessions": _("sessions"),
    "days": _("days"),
    "weeks": _("weeks"),
    "boolean": _("yes or no"),
    "string": _("a word"),
    "array": _("two numbers"),
    "null": _("without end"),
    "true": pgettext_lazy("answer", "yes"),
    "false": pgettext_lazy("answer", "no"),
    # actions
    "add": _("change by so many"),
    "set": _("set to"),
    "scale": _("change by percent"),
    "deload": _("less by percent"),
    "ladder": _("a step of the ladder"),
    "hold": _("keep the dose"),
    "repeat": _("repeat the session"),
    "first": _("the first of these that can be done"),
    "propose": _("propose"),
    "declare": _("remember a number"),
    "lock": _("lock the program"),
    "stop": _("stop"),
    "rest": _("days of rest"),
    "notify": _("tell somebody"),
    "flag": _("mark it for the clinician"),
    "ask": _("ask for a fact"),
    "up": pgettext_lazy("ladder", "up"),
    "down": pgettext_lazy("ladder", "down"),
    "exercise": _("the exercise"),
    "session": _("the session"),
    "program": _("the program"),
    "patient": _("the patient"),
    "clinician": _("the clinician"),
    "kind": _("which kind"),
    "urgent": _("at once"),
    # of a rule
    "approval": _("who decides"),
    "priority": _("priority"),
    "cool_down_days": _("days until it may fire again"),
    "once": _("once until the next session"),
    "when": _("when it is asked"),
    "title": _("title"),
    "status": _("how well it was checked"),
    "to": _("as far as"),
    "until": _("until a day (year-month-day)"),
    "reset": _("what belongs to it"),
    "reps_by": _("reps at a time"),
    "skip": _("further back"),
    "lb": _("the same in pounds"),
    "more": _("which raise"),
    "less": _("which reduction"),
    "gap": _("unknown in a gap"),
    "if": pgettext_lazy("rule", "if"),
    "then": pgettext_lazy("rule", "then"),
    "of": pgettext_lazy("rule", "of"),
    "has": _("which parts it has"),
    "field": _("which number of the dose"),
    "over": _("in a time"),
    "tier": _("kind of rule"),
    "id": _("name"),
    # approvals, tiers, moments
    "auto": _("automatic"),
    "regress": _("lower"),
    "info": _("only tell"),
    "progress": _("raise"),
    "session.start": _("at the start of a session"),
    "set.end": _("after a set"),
    "session.end": _("at the end of a session"),
    "check-in": _("the next morning"),
    "day.tick": _("every day"),
    "clinician.entry": _("when the clinician enters something"),
    "decision": _("when all answers are in"),
}


def choice_words(value: str) -> str:
    """What a choice is called; a name that is nobody's word stays as it is."""
    found = CHOICES.get(value) or FIELDS.get(value) or STATUS.get(value)
    return str(found or value.replace("_", " "))


def fact_choices(present: str = "") -> list[tuple[str, str]]:
    """Every fact of the language by its name, and the one that is chosen."""
    names = [*FACTS, *([present] if present and present not in FACTS else [])]
    return sorted(((name, fact_name(name)) for name in names), key=lambda each: each[1])


def number_choices(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """The parameters of a ruleset by their names."""
    return [(name, number_words(name)) for name in names]
