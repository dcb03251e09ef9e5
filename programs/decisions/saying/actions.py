"""Actions of the rule language in words: "2 more reps, up to 12; if that can't be done, ..."."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext, pgettext_lazy

from programs.decisions.saying import amounts
from programs.decisions.saying.amounts import FIELD_UNITS, FIELDS, Said, with_unit
from programs.decisions.saying.conditions import Conditions, joined
from programs.decisions.saying.numbers import MARK, Node, is_number
from programs.wording import day_words

CHANGES = {"add", "set", "scale", "deload", "ladder", "first", "propose"}
PLAIN: dict[str, Any] = {
    "hold": gettext_lazy("the dose stays"),
    "repeat": gettext_lazy("the session is repeated at the same dose"),
    "lock": gettext_lazy("the program is locked until a clinician opens it"),
}
PATIENT_PLAIN: dict[str, Any] = {
    "hold": gettext_lazy("your plan stays the same"),
    "repeat": gettext_lazy("you do the same session again"),
    "lock": gettext_lazy("you wait until your clinician opens your program"),
}
STOPS: dict[str, Any] = {
    "exercise": gettext_lazy("the exercise stops for the day"),
    "session": gettext_lazy("the session stops"),
    "program": gettext_lazy("the program is locked until a clinician opens it"),
}
PATIENT_STOPS: dict[str, Any] = {
    "exercise": gettext_lazy("you stop this exercise for the day"),
    "session": gettext_lazy("you stop for the day"),
    "program": gettext_lazy("you wait until your clinician opens your program"),
}
LADDER: dict[str, Any] = {
    "up": gettext_lazy("the next step of the ladder, at its entry dose"),
    "down": gettext_lazy("one step down the ladder"),
}
PATIENT_LADDER: dict[str, Any] = {
    "up": gettext_lazy("the next step"),
    "down": gettext_lazy("one step back"),
}
TELLS: dict[str, Any] = {
    "clinician": gettext_lazy("the clinician is told"),
    "urgent": gettext_lazy("the clinician is told at once"),
    "patient": gettext_lazy("the patient is told"),
}
PATIENT_TELLS: dict[str, Any] = {
    "clinician": gettext_lazy("we tell your clinician"),
    "urgent": gettext_lazy("we tell your clinician at once"),
    "patient": gettext_lazy("we tell you"),
}
KINDS: dict[str, Any] = {  # why somebody is told, where the rest of the sentence doesn't say it
    "pain_rising": pgettext_lazy("told", "pain is rising"),
    "too_easy": pgettext_lazy("told", "it is too easy"),
    "unpublished": pgettext_lazy("told", "nothing was published for this"),
    "too_hard": pgettext_lazy("told", "it is too hard"),
}
COUNTED = {"sets", "reps", "per_week"}
UNSAID = {"lowered", "red_flag", "gap", "flag", "notify", None}
ASKS: dict[str, Any] = {
    "patient": gettext_lazy("the patient is asked about %(what)s"),
    "clinician": gettext_lazy("the clinician is asked for %(what)s"),
}
PATIENT_ASKS: dict[str, Any] = {
    "patient": gettext_lazy("we ask you about %(what)s"),
    "clinician": gettext_lazy("we ask your clinician for %(what)s"),
}
DAYS: dict[str, Any] = {
    "rest": ngettext_lazy("%(n)s day of rest", "%(n)s days of rest", "count"),
    "lock": ngettext_lazy(
        "the program is locked for %(n)s day", "the program is locked for %(n)s days", "count"
    ),
}
PATIENT_DAYS: dict[str, Any] = {
    "rest": ngettext_lazy("you rest for %(n)s day", "you rest for %(n)s days", "count"),
    "lock": ngettext_lazy("you pause for %(n)s day", "you pause for %(n)s days", "count"),
}


class Actions(Conditions):
    """Says what a rule does."""

    def change(self, node: Node) -> str:
        """An action that changes the dose."""
        match node["do"]:
            case "first":
                return self._first(node["of"])
            case "propose":
                said = _("%(what)s, if the clinician agrees")
                own = _("%(what)s, if your clinician agrees")
                return (own if self.to_patient else said) % {"what": self.action(node["of"])}
            case "ladder":
                return str(self.mine(PATIENT_LADDER, LADDER, node["go"]))
            case "add":
                return self._add(node)
            case "set":
                return self._set(node)
            case _:
                return self._scale(node)

    def _first(self, nodes: list[Node]) -> str:
        said = [self.action(each) for each in nodes]
        if self.to_patient:
            return pgettext("what changes", "; or else ").join(said)
        return _("; if that can't be done, ").join(said)

    def _add(self, node: Node) -> str:
        field, (by, down) = node["field"], self._signed(node["by"])
        if down and is_number(node["by"]) and (end := self._back_to(node, by)):
            said = _("down to %(n)s") % {"n": end}
            return said + self._resets(node)
        if by.value is None:
            way = _("%(field)s changes by %(n)s")
            said = way % {"field": FIELDS[field], "n": by.text}
        else:
            said = by.counted((amounts.FEWER if down else amounts.MORE)[field])
        return said + self._as_far_as(node, down=down) + self._resets(node)

    def _back_to(self, node: Node, by: Said) -> str:
        """The end of a reduction that is so large that it always gets there; else nothing."""
        end = self.number(node["to"]) if "to" in node else None
        if end is None or end.value is None or by.value is None or by.value < end.value:
            return ""
        return with_unit(end, FIELD_UNITS[node["field"]])

    def _signed(self, node: Node) -> tuple[Said, bool]:
        """How much, and whether it is less."""
        match node:
            case {"minus": [0, other]}:
                return self.number(other), True
        if is_number(node) and node < 0:
            return self.number(-node), True
        return self.number(node), False

    def _as_far_as(self, node: Node, *, down: bool) -> str:
        if "to" not in node:
            return ""
        end = node["to"]
        if isinstance(end, Mapping) and str(end.get("fact", "")).startswith(("most.", "least.")):
            if self.to_patient:
                return ""
            limit = _(", down to the least that the step allows")
            return limit if down else _(", up to the most that the step allows")
        said = _(", down to %(n)s") if down else _(", up to %(n)s")
        return said % {"n": self.number(end).text}

    def _resets(self, node: Node) -> str:
        """What belongs to a change: ", at 2 sets and 8 reps"."""
        pairs = node.get("reset", {}).items()
        if not pairs:
            return ""
        said = [with_unit(self.number(value), FIELD_UNITS[field]) for field, value in pairs]
        return _(", at %(what)s") % {"what": joined("all", said)}

    def _set(self, node: Node) -> str:
        field, to = node["field"], node["to"]
        if self.to_patient and field == "load_kg" and isinstance(to, Mapping) and "use" in to:
            return _("your new weight comes from those sets")
        number = self.number(to)
        told = {"field": FIELDS[field], "n": with_unit(number, FIELD_UNITS[field])}
        if field in COUNTED and number.value is not None:
            return _("%(n)s from now on") % told + self._resets(node)
        if self.to_patient and field == "load_kg":
            return _("your weight becomes %(n)s") % told + self._resets(node)
        return _("%(field)s becomes %(n)s") % told + self._resets(node)

    def _scale(self, node: Node) -> str:
        field, (by, down) = node["field"], self._signed(node["percent"])
        down = down or node["do"] == "deload"
        if field == "load_kg" and self._opened(node["percent"]).get("times"):
            own = _("the next weight of your equipment")
            said = own if self.to_patient else _("one step of the equipment more load")
        elif by.value is None:
            told = {"field": FIELDS[field], "n": by.text}
            less, more = _("%(field)s less by %(n)s percent"), _("%(field)s more by %(n)s percent")
            said = (less if down else more) % told
        else:
            pair = self.mine(amounts.PATIENT_PERCENT, amounts.PERCENT, field)
            words = (pair or amounts.ANY_PERCENT)[1 if down else 0]
            said = str(words) % {"n": by.text, "what": FIELDS[field]}
        return said + self._reps_first(node)

    def _opened(self, node: Node) -> Mapping[str, Any]:
        inner = self.definitions.get(str(node.get("use"))) if isinstance(node, Mapping) else None
        return inner if isinstance(inner, Mapping) else {}

    def _reps_first(self, node: Node) -> str:
        """A load whose smallest step is too large waits until the reps have risen."""
        if "reps" not in node:
            return ""
        low, high = (self.number(each).text for each in node["reps"])
        if self.to_patient:
            return _(", from %(low)s reps again") % {"low": low}
        said = _(
            ", with the reps back to %(low)s (where the equipment's step is too large, the reps "
            "rise to 2 above %(high)s first, and one step is then proposed)"
        )
        return said % {"low": low, "high": high}

    def action(self, node: Node) -> str:
        """Any action of the language."""
        do = node["do"]
        if do in CHANGES:
            return self.change(node)
        if do in ("rest", "lock") and "days" in node:
            return self.number(node["days"]).counted(self.mine(PATIENT_DAYS, DAYS, do))
        if do == "lock" and "until" in node:
            own, said = _("you pause until %(day)s"), _("the program is locked until %(day)s")
            day = day_words(date.fromisoformat(node["until"]), "DATE_FORMAT")
            return (own if self.to_patient else said) % {"day": day}
        if do == "stop":
            return str(self.mine(PATIENT_STOPS, STOPS, node["what"]))
        if do == "declare":
            told = {"name": node["name"], "n": self.number(node["to"]).text}
            return _("%(n)s is remembered as “%(name)s”") % told
        if do in ("notify", "flag"):
            return self._tell(node)
        return self._ask([node]) if do == "ask" else str(self.mine(PATIENT_PLAIN, PLAIN, do))

    def _tell(self, node: Node) -> str:
        to, kind = node.get("to", "clinician"), node.get("kind")
        key = "urgent" if node.get("urgent") and to == "clinician" else to
        said = str(self.mine(PATIENT_TELLS, TELLS, key))
        if kind in UNSAID:
            return said
        if kind in KINDS:
            return _("%(told)s that %(kind)s") % {"told": said, "kind": KINDS[kind]}
        return _("%(told)s: “%(kind)s”") % {"told": said, "kind": kind.replace("_", " ")}

    def _ask(self, nodes: list[Node]) -> str:
        """What one person is asked, in one breath."""
        what = joined("all", [self.fact(each["fact"]) for each in nodes])
        return str(self.mine(PATIENT_ASKS, ASKS, nodes[0].get("to", "patient"))) % {"what": what}

    def actions(self, nodes: list[Node]) -> Iterator[str]:
        """Each action once; questions to the same person together."""
        asked: dict[str, list[Node]] = {}
        for node in nodes:
            if node["do"] == "ask":
                asked.setdefault(node.get("to", "patient"), []).append(node)
        said = [self.action(node) for node in nodes if node["do"] != "ask"]
        said += [self._ask(group) for group in asked.values()]
        yield from dict.fromkeys(said)


__all__ = ["CHANGES", "MARK", "Actions"]
