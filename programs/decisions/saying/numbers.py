"""Numbers of the rule language in words: "3 sets", "the load of set 4", "12 (or the step's most)".

A parameter is written as a mark, so that the sentence can be cut where it stands.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from patients.models import Equipment
from programs.decisions.saying.amounts import FIELDS, Said, number, with_unit
from programs.decisions.saying.facts import BARE, ENTRIES, FAMILIES, NAMES, PATIENT_NAMES
from programs.progression.facts import fact_named
from programs.progression.types import Audience

Node = Any
MARK, END = "\x02", "\x03"
ARITHMETIC: dict[str, Any] = {
    "plus": gettext_lazy("%(a)s plus %(b)s"),
    "minus": gettext_lazy("%(a)s minus %(b)s"),
    "times": gettext_lazy("%(a)s times %(b)s"),
    "divided": gettext_lazy("%(a)s divided by %(b)s"),
    "least": gettext_lazy("the lower of %(a)s and %(b)s"),
    "greatest": gettext_lazy("the higher of %(a)s and %(b)s"),
}
AGGREGATES: dict[str, Any] = {
    "max": gettext_lazy("the highest value of %(fact)s in %(window)s"),
    "min": gettext_lazy("the lowest value of %(fact)s in %(window)s"),
    "sum": gettext_lazy("the sum of %(fact)s in %(window)s"),
    "mean": gettext_lazy("the mean of %(fact)s in %(window)s"),
    "last": gettext_lazy("the last value of %(fact)s in %(window)s"),
}
WINDOWS = ("sessions", "days", "weeks")


def exact(node: int | float) -> Fraction:
    return Fraction(str(node))


def is_number(node: Node) -> bool:
    return isinstance(node, int | float) and not isinstance(node, bool)


class Numbers:
    """Says the numbers of one rule to one kind of reader, in the active language."""

    def __init__(self, ruleset: Mapping[str, Any], audience: Audience) -> None:
        self.parameters: Mapping[str, Any] = ruleset.get("parameters", {})
        self.definitions: Mapping[str, Any] = ruleset.get("definitions", {})
        self.to_patient = audience == "patient"
        self.told: set[str] = set()

    def mine(self, patients: Mapping[str, Any], clinicians: Mapping[str, Any], key: str) -> Any:
        """The words of a key for this reader; None if there are none."""
        own = patients.get(key) if self.to_patient else None
        return clinicians.get(key) if own is None else own

    def fact(self, name: str) -> str:
        """What a fact is called; one of no known name is shown as it is."""
        found = self.mine(PATIENT_NAMES, {**NAMES, **ENTRIES}, name)
        if found is not None:
            return str(found)
        family, _dot, rest = name.partition(".")
        return str(FAMILIES[family]) % {"what": of_family(rest)} if family in FAMILIES else name

    def unit(self, fact: str) -> str:
        """The unit of a fact's numbers; empty where a bare number is said."""
        if fact in BARE:
            return ""
        if fact == "dose.per_week":
            return "days a week"
        found = fact_named(fact)
        return found.unit if found else ""

    def number(self, node: Node) -> Said:
        """Any number of the language, without its unit where it is known beforehand."""
        if is_number(node):
            return Said(number(exact(node)), exact(node))
        if "param" in node:
            return self._parameter(node["param"])
        if "fact" in node:
            return Said(self.fact(node["fact"]), None, self.unit(node["fact"]))
        if "use" in node:
            return self._defined(node["use"])
        if "adherence" in node:
            return Said(_adherence(node["adherence"]), None, "percent")
        if "table" in node:
            return Said(_("what the table gives for %(of)s") % {"of": self.number(node["of"]).text})
        return self._aggregate(node) if "over" in node else self._arithmetic(node)

    def _parameter(self, name: str) -> Said:
        given = self.parameters.get(name, {})
        return Said(f"{MARK}{name}{END}", exact(given.get("value", 0)), given.get("unit", ""))

    def _defined(self, name: str) -> Said:
        """A definition, said whole the first time."""
        if name in self.told:
            return Said(_("that value"))
        said = self.number(self.definitions[name])
        if said.value is None:
            self.told.add(name)
        return said

    def _aggregate(self, node: Node) -> Said:
        key = next(each for each in AGGREGATES if each in node)
        words = {"fact": self.fact(node[key]), "window": self.window(node["over"])}
        return Said(str(AGGREGATES[key]) % words, None, self.unit(node[key]))

    def window(self, node: Node) -> str:
        """ "the last 7 days", and how far back they end."""
        unit = next(each for each in WINDOWS if each in node)
        length, skip = self.number(node[unit]), node.get("skip")
        said = _period(LAST, unit, length)
        if skip is None:
            return said
        back = self.number(skip)
        if back.value is not None and back.value == length.value:
            return _period(BEFORE, unit, length)
        return _("%(window)s, up to %(back)s ago") % {"window": said, "back": with_unit(back, unit)}

    def _arithmetic(self, node: Node) -> Said:
        key = next(each for each in ARITHMETIC if each in node)
        one, other = node[key]
        special = self._one_step(node) or self._by_table(key, one, other)
        if special:
            return Said(special, None, self.number(one).unit)
        a, b = self.number(one), self.number(other)
        unit = a.unit or b.unit
        words = {"a": with_unit(a, unit), "b": with_unit(b, unit)}
        return Said(str(ARITHMETIC[key]) % words, None, unit)

    def _by_table(self, key: str, one: Node, other: Node) -> str:
        """A number that a table changes, or at most lowers."""
        lowered = isinstance(other, Mapping) and other.get("least", [None])[0] == 0
        table = other["least"][1] if lowered else other
        if key != "plus" or not isinstance(table, Mapping) or "table" not in table:
            return ""
        of = self.number(table["of"]).text
        words = {"n": self.number(one).text, "of": of}
        if lowered:
            return _("%(n)s, lowered by the table for %(of)s,") % words
        return _("%(n)s, changed by the table for %(of)s,") % words

    def _one_step(self, node: Node) -> str:
        """100 times a step of the equipment, divided by the dose: one step, in percent."""
        match node:
            case {"times": [100, {"divided": [{"fact": str(step)}, {"fact": str(dose)}]}]}:
                field = step.removeprefix("step_of.")
                if step.startswith("step_of.") and dose == f"dose.{field}":
                    return self.fact(step)
        return ""


def of_family(rest: str) -> str:
    """What stands after the dot of a fact's name, in words where it has some."""
    return str(FIELDS.get(rest) or dict(Equipment.choices).get(rest) or rest)


def is_most(node: Node) -> bool:
    """The most that a step allows of a field."""
    return isinstance(node, Mapping) and str(node.get("fact", "")).startswith("most.")


def _adherence(days: int) -> str:
    words = ngettext(
        "the adherence of the last %(n)s day", "the adherence of the last %(n)s days", days
    )
    return words % {"n": days}


LAST: dict[str, tuple[Any, Any]] = {  # one of it, several
    "sessions": (
        gettext_lazy("the last session"),
        pgettext_lazy("sessions", "the last %(length)s"),
    ),
    "days": (gettext_lazy("the last day"), pgettext_lazy("days", "the last %(length)s")),
    "weeks": (gettext_lazy("the last week"), pgettext_lazy("weeks", "the last %(length)s")),
}
BEFORE: dict[str, tuple[Any, Any]] = {
    "sessions": (
        gettext_lazy("the session before"),
        pgettext_lazy("sessions", "the %(length)s before"),
    ),
    "days": (gettext_lazy("the day before"), pgettext_lazy("days", "the %(length)s before")),
    "weeks": (gettext_lazy("the week before"), pgettext_lazy("weeks", "the %(length)s before")),
}


def _period(words: Mapping[str, tuple[Any, Any]], unit: str, length: Said) -> str:
    """The window's own words; a parameter is always shown, even where it is one."""
    one, several = words[unit]
    if length.value == 1 and MARK not in length.text:
        return str(one)
    return str(several) % {"length": with_unit(length, unit)}
