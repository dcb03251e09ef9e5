"""Rules as sentences: the parts that the engine gives, joined in the active language."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from programs.progression import Message
from programs.wording import number

FRACTION = re.compile(r"-?\d+\.\d+")
FACTS = {
    "pain": gettext_lazy("pain during or after"),
    "pain_before": gettext_lazy("pain before"),
    "pain_during": pgettext_lazy("fact", "pain during"),
    "pain_after": gettext_lazy("pain after"),
    "morning": gettext_lazy("the next morning"),
    "morning_pain": gettext_lazy("pain the next morning"),
    "morning_rise": gettext_lazy("the next morning is above usual"),
    "usual_pain": pgettext_lazy("fact", "usual pain"),
    "effort": pgettext_lazy("fact", "effort"),
    "sets_met": gettext_lazy("every planned set is at target or more"),
    "sets_done": gettext_lazy("sets done"),
    "reps_last": gettext_lazy("reps of the last set"),
    "reps_over_last": gettext_lazy("reps over the goal in the last set"),
    "red_flag": gettext_lazy("a red flag is reported"),
    "days_since_session": gettext_lazy("days without a session"),
    "days_since_raise": gettext_lazy("days since the last rise"),
    "dose.reps": gettext_lazy("prescribed reps"),
    "dose.sets": gettext_lazy("prescribed sets"),
    "dose.load_kg": gettext_lazy("prescribed load"),
    "swelling": pgettext_lazy("fact", "swelling"),
    "adherence": gettext_lazy("adherence"),
}
FIELDS = {
    "sets": gettext_lazy("sets"),
    "reps": gettext_lazy("reps"),
    "hold_s": gettext_lazy("hold in seconds"),
    "load_kg": gettext_lazy("load"),
    "band": gettext_lazy("band level"),
    "range_deg": gettext_lazy("range"),
    "rest_s": gettext_lazy("rest in seconds"),
    "per_week": gettext_lazy("days a week"),
    "up_s": gettext_lazy("seconds up"),
    "top_s": gettext_lazy("seconds at the top"),
    "down_s": gettext_lazy("seconds down"),
}
ONE = {"sets": pgettext_lazy("one", "set"), "reps": pgettext_lazy("one", "rep")}
SINGULAR = {
    "do.rest": pgettext_lazy("rule", "rest one day"),
    "if.streak": pgettext_lazy("rule", "in one session"),
}
PARTS = {
    "if": pgettext_lazy("rule", "If"),
    "then": pgettext_lazy("rule", ", then"),
    "and": pgettext_lazy("rule", "and"),
    "or": pgettext_lazy("rule", "or"),
    "not": pgettext_lazy("rule", "not"),
    "else": pgettext_lazy("rule", "; else"),
    "also": pgettext_lazy("rule", "; also"),
    "open": "(",
    "close": ")",
    "if.true": pgettext_lazy("rule", "%(fact)s"),
    "if.false": pgettext_lazy("rule", "not: %(fact)s"),
    "if.is": pgettext_lazy("rule", "%(fact)s is %(value)s"),
    "if.in": pgettext_lazy("rule", "%(fact)s is one of %(value)s, %(value1)s"),
    "if.eq": pgettext_lazy("rule", "%(fact)s is %(value)s"),
    "if.ne": pgettext_lazy("rule", "%(fact)s is not %(value)s"),
    "if.ge": pgettext_lazy("rule", "%(fact)s is %(value)s or more"),
    "if.gt": pgettext_lazy("rule", "%(fact)s is above %(value)s"),
    "if.le": pgettext_lazy("rule", "%(fact)s is at most %(value)s"),
    "if.lt": pgettext_lazy("rule", "%(fact)s is below %(value)s"),
    "if.between": pgettext_lazy("rule", "%(fact)s is from %(value)s to %(value1)s"),
    "if.known": pgettext_lazy("rule", "%(fact)s is known"),
    "if.streak": pgettext_lazy("rule", "in %(sessions)s sessions running"),
    "if.every_set": pgettext_lazy("rule", "in every set"),
    "if.some_set": pgettext_lazy("rule", "in some set"),
    "do.add_up": pgettext_lazy("rule", "%(by)s more %(field)s, up to %(to)s"),
    "do.add_down": pgettext_lazy("rule", "%(by)s fewer %(field)s, down to %(to)s"),
    "do.set": pgettext_lazy("rule", "%(field)s back to %(to)s"),
    "do.scale_up": pgettext_lazy("rule", "%(field)s up by %(percent)s percent"),
    "do.scale_down": pgettext_lazy("rule", "%(field)s down by %(percent)s percent"),
    "do.deload": pgettext_lazy("rule", "%(field)s down by %(percent)s percent"),
    "do.ladder_up": pgettext_lazy("rule", "the next ladder step at its entry dose"),
    "do.ladder_down": pgettext_lazy("rule", "one ladder step down"),
    "do.hold": pgettext_lazy("rule", "keep the dose"),
    "do.repeat": pgettext_lazy("rule", "repeat the session"),
    "do.lock": pgettext_lazy("rule", "lock the program"),
    "do.notify": pgettext_lazy("rule", "tell the clinician"),
    "do.flag": pgettext_lazy("rule", "mark it for the clinician"),
    "do.ask": pgettext_lazy("rule", "ask the patient"),
    "do.stop": pgettext_lazy("rule", "stop"),
    "do.rest": pgettext_lazy("rule", "rest %(days)s days"),
    "do.declare": pgettext_lazy("rule", "remember a number"),
    "approval.auto": pgettext_lazy("rule", "(automatic)"),
    "approval.propose": pgettext_lazy("rule", "(the clinician agrees first)"),
    "approval.clinician": pgettext_lazy("rule", "(only the clinician)"),
}


def worded(part: str, numbers: dict[str, Any]) -> Any:
    """The words of a part, in the singular where it counts to one."""
    once = 1 in (numbers.get("days"), numbers.get("sessions"))
    return SINGULAR[part] if once and part in SINGULAR else PARTS[part]


def written(value: Any) -> Any:
    """A fraction as the page's language writes it; whatever is none as it is."""
    return number(Decimal(value)) if FRACTION.fullmatch(str(value)) else value


class RuleWords:
    """Joins the parts of a rule; the tables above are all the words that it knows."""

    def fact(self, name: Any) -> str:
        """A fact's name in words; a name without words is shown as it is."""
        return str(FACTS.get(name, name))

    def sentence(self, parts: Iterable[Message]) -> str:
        """One sentence, ending in a full stop."""
        text = " ".join(self.part(each) for each in parts)
        for apart, joined in ((" ,", ","), (" ;", ";"), ("( ", "("), (" )", ")")):
            text = text.replace(apart, joined)
        return f"{text}."

    def part(self, message: Message) -> str:
        """One part with its numbers."""
        numbers: dict[str, Any] = {"value1": "", "to": "–", **dict(message.numbers)}
        for key in ("fact", "value"):
            if isinstance(numbers.get(key), str):
                numbers[key] = written(self.fact(numbers[key]))
        field = numbers.get("field", "")
        one = str(numbers.get("by", "")).removeprefix("-") == "1"
        numbers["field"] = str(ONE[field] if one and field in ONE else FIELDS.get(field, ""))
        for key in ("by", "percent"):
            numbers[key] = written(str(numbers.get(key, "")).removeprefix("-"))
        return str(worded(message.id, numbers)) % numbers


rule_words = RuleWords()
