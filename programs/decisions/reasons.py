"""Why a decision came out as it did, in words made of the facts that the deciding rule read."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programs.decisions.saying import facts as words
from programs.decisions.saying.amounts import Said, number, with_unit
from programs.decisions.saying.numbers import Numbers, of_family
from programs.progression.types import Audience, FactValue

Told = Mapping[str, FactValue]
PATIENT: dict[str, Any] = {
    "because.red_flag": gettext_lazy("You told us about a warning sign."),
    "because.stop": gettext_lazy("A stop rule of your program was met."),
    "because.morning": gettext_lazy("The next morning was worse than usual."),
    "because.rule": gettext_lazy("A rule of your program says so."),
}
CLINICIAN: dict[str, Any] = {
    "because.red_flag": gettext_lazy("A red flag was reported."),
    "because.morning": gettext_lazy("Next morning above usual."),
    "because.rule": gettext_lazy("The rule's condition was met."),
}
SORE: dict[FactValue, Any] = {
    "none": gettext_lazy("Nothing was sore."),
    "gone": gettext_lazy("It was sore, and that went away in the warm-up."),
    "persists": gettext_lazy("It was sore, and that stayed."),
    "returns": gettext_lazy("It was sore, that went away and came back."),
}
BESIDE = ("dose.", "most.", "least.", "step_of.", "entry_days.")
UNSAID = {"live", "source", "red_flag", "resisted", "sessions", "days_since_change", "unit"}


def because(cause: str, numbers: Told, audience: Audience) -> str:
    """The reason of a decision as one sentence."""
    told = {name: value for name, value in numbers.items() if value is not None}
    table = PATIENT if audience == "patient" else CLINICIAN
    if cause in ("because.red_flag", "because.morning"):
        return str(table[cause])
    if audience == "patient":
        return _to_patient(cause, told) or str(table.get(cause, table["because.rule"]))
    return _to_clinician(cause, told)


def _to_clinician(cause: str, told: Told) -> str:
    """The sessions judged, and each fact with its value."""
    said = list(_facts(told, pain_first=cause == "because.pain"))
    if not said:
        return str(CLINICIAN["because.rule"])
    count = int(told.get("sessions") or 0)
    row = ", ".join(said)
    if not count or cause == "because.gap":
        return _("%(facts)s.") % {"facts": row[:1].upper() + row[1:]}
    judged = ngettext("%(n)s session judged", "%(n)s sessions judged", count) % {"n": count}
    return _("%(sessions)s: %(facts)s.") % {"sessions": judged, "facts": row}


def _facts(told: Told, *, pain_first: bool) -> Iterator[str]:
    names = [name for name in told if name not in UNSAID and not name.startswith(BESIDE)]
    for name in sorted(names, key=lambda each: pain_first and not each.startswith("pain")):
        yield fact_value(name, told[name])


def fact_value(name: str, value: FactValue) -> str:
    """A fact and its value, for the clinician: "the effort 7", "there is no swelling"."""
    voice = Numbers({}, "clinician")
    family, _dot, rest = name.partition(".")
    if isinstance(value, bool):
        pair = words.FLAGS.get(name) or words.FLAGS.get(family)
        if pair:
            return str(pair[0 if value else 1]) % {"what": of_family(rest)}
        return (
            _("%(fact)s: yes") % {"fact": voice.fact(name)}
            if value
            else _("%(fact)s: no") % {"fact": voice.fact(name)}
        )
    if isinstance(value, str) and not _is_numeric(value):
        found = words.WORDS.get((name, value))
        return str(found or _("%(fact)s is “%(word)s”") % {"fact": voice.fact(name), "word": value})
    amount = Fraction(str(value or 0))
    said = with_unit(Said(number(amount), amount), voice.unit(name))
    return _("%(fact)s: %(value)s") % {"fact": voice.fact(name), "value": said}


def _is_numeric(value: str) -> bool:
    return value.removeprefix("-").replace(".", "", 1).isdecimal()


def _to_patient(cause: str, told: Told) -> str:
    """One plain sentence from the strongest thing that the rule read; empty if none is known."""
    if cause == "because.pain" and "pain" in told:
        return _("Your pain was %(pain)s out of 10.") % told
    if cause == "because.soreness":
        if told.get("soreness_later") is True and told["soreness"] != "persists":
            return _("It got sore later on.")
        return str(SORE.get(told["soreness"], ""))
    if cause == "because.gap":
        days = int(told["days_since_session"] or 0)
        said = ngettext(
            "It is %(n)s day since your last session.",
            "It is %(n)s days since your last session.",
            days,
        )
        return said % {"n": days}
    return _from_sets(told) or _from_sessions(cause, told)


def _from_sets(told: Told) -> str:
    """What the last sets, or a test, showed."""
    for name, value in told.items():
        amount = Fraction(str(value)) if _number(value) else None
        if amount is None:
            continue
        if name.startswith("set_reps."):
            reps = with_unit(Said(number(amount), amount), "reps")
            return _("You did %(reps)s in set %(set)s.") % {"reps": reps, "set": name[9:]}
        if name == "effort_last":
            said = _("Your last set felt like %(n)s out of 10.")
            return said % {"n": number(amount)}
        if name == "entry.ten_rm_kg":
            return _("Your test showed %(n)s kg.") % {"n": number(amount)}
    return ""


def _number(value: FactValue) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole or (isinstance(value, str) and _is_numeric(value))


def _from_sessions(cause: str, told: Told) -> str:
    count = max(1, int(told.get("sessions") or 1))
    if told.get("sets_met") is False:
        said = ngettext(
            "Your last session was less than planned.",
            "Your last %(n)s sessions were less than planned.",
            count,
        )
    elif cause == "because.over_goal":
        said = ngettext(
            "You did more than the goal in your last session.",
            "You did more than the goal in your last %(n)s sessions.",
            count,
        )
    elif cause == "because.good":
        said = ngettext(
            "Your last session went well.", "Your last %(n)s sessions went well.", count
        )
    else:
        return ""
    return said % {"n": count}
