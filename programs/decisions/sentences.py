"""The engine's messages in words: for the patient short and plain, for the clinician exact.

Every id of programs.progression.explaining has its wording here; docs/progression.md lists them.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from programs.decisions.reasons import because
from programs.decisions.saying import fact_name
from programs.decisions.saying.amounts import FIELD_UNITS, FIELDS, Said, with_unit
from programs.decisions.saying.titles import title_of
from programs.progression import explain_side
from programs.progression.types import Audience, Decision, Message, Notice, SideDecision
from programs.wording import day_words, number

SIDES = {
    "left": pgettext_lazy("leg", "Left"),
    "right": pgettext_lazy("leg", "Right"),
    "both": pgettext_lazy("legs", "Both legs"),
}
HEADLINES = {
    "kept": gettext_lazy("%(side)s: stays at %(after)s."),
    "locked": gettext_lazy("%(side)s: stopped at %(after)s until a clinician opens it."),
    "paused": gettext_lazy("%(side)s: paused at %(after)s."),
    "changed.step_up": gettext_lazy("%(side)s: next step, %(after)s."),
    "changed.step_down": gettext_lazy("%(side)s: one step back, %(after)s."),
    "changed.up": gettext_lazy("%(side)s: more, from %(before)s to %(after)s."),
    "changed.down": gettext_lazy("%(side)s: less, from %(before)s to %(after)s."),
    "proposed.step_up": gettext_lazy("%(side)s: ready for the next step, %(after)s."),
    "proposed.up": gettext_lazy("%(side)s: ready to go from %(before)s to %(after)s."),
}
PATIENT = {
    "asks_clinician": gettext_lazy("Your clinician decides first."),
    "missing.pain": gettext_lazy("We don't know your pain yet."),
    "missing.effort": gettext_lazy("We don't know how hard it felt yet."),
    "missing.morning_rise": gettext_lazy("We don't know yet how the next morning was."),
    "missing.soreness": gettext_lazy("We don't know yet if you were sore."),
    "missing.soreness_kind": gettext_lazy("We don't know yet where you were sore."),
    "missing.soreness_later": gettext_lazy("We don't know yet if you were sore later on."),
    "missing.entry.ten_rm_kg": gettext_lazy("We don't have the result of your test yet."),
    "missing.table": gettext_lazy("Nothing was published for this, so it stays as it is."),
    "missing": gettext_lazy("Something is not answered yet."),
}
CLINICIAN = {
    "missing.table": gettext_lazy("Nothing was published for this: no row of the table fits."),
    "missing": gettext_lazy("Not known: %(fact)s."),
    "suppressed.lower_wins": gettext_lazy("Rule “%(rule)s” gave way to a lower dose."),
    "suppressed.unknown": gettext_lazy("Rule “%(rule)s” waits for what is not known."),
    "suppressed.too_soon": gettext_lazy(
        "Rule “%(rule)s”: at most one rise in %(every)s, %(days)s to go."
    ),
    "suppressed.pain_limit": gettext_lazy(
        "Rule “%(rule)s”: pain is above the clinic's limit of %(limit)s, or not known."
    ),
    "suppressed.other_side": gettext_lazy(
        "Rule “%(rule)s”: no rise while the other side goes down."
    ),
    "suppressed.waits_for_side": gettext_lazy("Rule “%(rule)s” waits for the other side."),
    "suppressed.weaker_leads": gettext_lazy("Rule “%(rule)s”: the weaker side leads."),
    "suppressed.resisted_date": gettext_lazy(
        "Rule “%(rule)s”: resisted steps open on a later date."
    ),
    "suppressed.no_equipment": gettext_lazy(
        "Rule “%(rule)s”: equipment for the next step is missing."
    ),
    "suppressed.ladder_top": gettext_lazy("Rule “%(rule)s”: this is the last step of the ladder."),
    "suppressed.no_bound": gettext_lazy("Rule “%(rule)s”: this step has no bound for the change."),
    "suppressed.no_field": gettext_lazy("Rule “%(rule)s”: the dose has no such number to change."),
    "suppressed.cool_down": gettext_lazy("Rule “%(rule)s” fired a short while ago."),
    "clamped.bound": gettext_lazy("%(field)s: %(asked)s asked, %(given)s is within the bounds."),
    "clamped.step": gettext_lazy("%(field)s: %(asked)s asked, %(given)s after rounding down."),
    "clamped.largest_step": gettext_lazy(
        "%(field)s: %(asked)s asked, %(given)s by the clinic's largest step."
    ),
    "clamped.equipment_step": gettext_lazy(
        "The smallest step of the equipment is more than was asked; reps rise first."
    ),
    "clamped.equipment": gettext_lazy("A step is passed over: its equipment is missing."),
    "clamped.ladder_bottom": gettext_lazy("There is no lower step."),
    "clamped.no_bound": gettext_lazy("The step has no bound for this change."),
    "clamped.no_field": gettext_lazy("The dose has no such number to change."),
    "clamped.at_bound": gettext_lazy("Already at the bound."),
    "clamped.direction": gettext_lazy("The rule would have raised the dose; it is kept."),
}
NOTICES = {  # to the clinician, by the kind that the rule gave
    "red_flag": gettext_lazy("A red flag: the clinician is told at once."),
    "lowered": gettext_lazy("The clinician is told that the dose went down."),
    "gap": gettext_lazy("The clinician is told about the gap."),
    "pain_rising": gettext_lazy("The clinician is told that pain is rising."),
    "too_easy": gettext_lazy("The clinician is told that it is too easy."),
    "unpublished": gettext_lazy("The clinician is told that nothing was published for this."),
}
PATIENT_NOTICES = {
    "too_easy": gettext_lazy("This looks too easy for you. Tell us if it is."),
}
STOPPED = {
    ("exercise", "patient"): gettext_lazy("Stop this exercise for today."),
    ("session", "patient"): gettext_lazy("Stop for today."),
    ("exercise", "clinician"): gettext_lazy("The exercise was stopped for the day."),
    ("session", "clinician"): gettext_lazy("The session was stopped."),
}


def decision_sentences(decision: Decision, audience: Audience) -> list[str]:
    """The whole decision in the active language, one sentence each."""
    sides = [line for side in decision.sides for line in side_sentences(side, audience)]
    return list(dict.fromkeys([*sides, *decision_notes(decision, audience)]))


def decision_notes(decision: Decision, audience: Audience) -> Iterator[str]:
    """What is beside the dose: stops, days of rest or lock, and who is told or asked."""
    yield from (str(STOPPED[what, audience]) for what in decision.stops)
    if decision.rest_until:
        yield _("Rest until %(day)s.") % {"day": day_words(decision.rest_until)}
    if decision.lock_until:
        yield _("Locked until %(day)s.") % {"day": day_words(decision.lock_until)}
    for notice in decision.notices:
        if audience == "clinician" or notice.to == "patient":
            yield notice_sentence(notice, audience)


def notice_sentence(notice: Notice, audience: Audience) -> str:
    """Somebody is told, or asked for a fact."""
    kind, _colon, fact = notice.kind.partition(":")
    if kind == "ask":
        return _asked(notice.to, fact, audience)
    if notice.to == "patient" and audience == "patient":
        told = PATIENT_NOTICES.get(kind)
        return str(told or _("Your program has a note for you: %(kind)s.") % {"kind": kind})
    if notice.to == "patient":
        return _("The patient is told (rule “%(rule)s”).") % {"rule": title_of(notice.rule)}
    told = NOTICES.get(kind)
    return str(told or _("The clinician is told: “%(kind)s”.") % {"kind": kind.replace("_", " ")})


def _asked(who: str, fact: str, audience: Audience) -> str:
    what = {"what": fact_name(fact, audience)}
    if who == "clinician":
        return _("To be entered by the clinician: %(what)s.") % what
    if audience == "patient":
        return _("Next time we ask you about %(what)s.") % what
    return _("The patient is asked about %(what)s next time.") % what


def side_sentences(side: SideDecision, audience: Audience) -> list[str]:
    """One side's decision: what, then why. At most one "not known" for the patient."""
    said = [sentence(message, audience) for message in explain_side(side, audience)]
    return list(dict.fromkeys(said))


def sentence(message: Message, audience: Audience) -> str:
    """One message in words."""
    numbers = dict(message.numbers)
    if "step_before" in numbers:
        return str(_headline(message.id)) % _headline_values(numbers)
    group, fact = message.id.partition(".")[::2]
    if group == "because":
        return because(message.id, numbers, audience)
    table: Mapping[str, Any] = CLINICIAN if audience == "clinician" else PATIENT
    text = table.get(message.id) or table.get(group) or PATIENT["missing"]
    return str(text) % _Known({**_worded(numbers), "fact": fact_name(fact, audience)})


def _worded(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """A rule by its name, days and doses with their units."""
    said = dict(numbers)
    if "rule" in said:
        said["rule"] = title_of(str(said["rule"]))
    for key in {"days", "every"} & said.keys():
        count = int(said[key])
        said[key] = ngettext("%(n)s day", "%(n)s days", count) % {"n": count}
    field = {"load_g": "load_kg"}.get(said.get("field", ""), said.get("field"))
    if field in FIELDS:
        for key in ("asked", "given"):
            said[key] = _amount(field, said[key])
        said["field"] = str(FIELDS[field]).capitalize()
    return said


def _amount(field: str, value: Any) -> str:
    """A value of the dose with its unit; loads are told in grams and shown in kg."""
    if not isinstance(value, int):
        return "–" if value is None else str(value)
    amount = Fraction(value, 1000 if field == "load_kg" else 1)
    decimal = Decimal(amount.numerator) / amount.denominator
    return with_unit(Said(number(decimal), amount), FIELD_UNITS[field])


class _Known(dict[str, Any]):
    """Numbers by name; one that a rule did not read is shown as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def _headline(message_id: str) -> Any:
    outcome, _dot, dimension = message_id.partition(".")
    way = "up" if dimension.endswith("up") else "down"
    return HEADLINES.get(message_id) or HEADLINES.get(f"{outcome}.{way}") or HEADLINES["kept"]


def _headline_values(numbers: Mapping[str, Any]) -> dict[str, str]:
    return {
        "side": str(SIDES[numbers["side"]]),
        "before": dose_words(numbers, "before"),
        "after": dose_words(numbers, "after"),
    }


def dose_words(numbers: Mapping[str, Any], end: str) -> str:
    """ "3 x 8, 2.5 kg": the dose `before` or `after` of a headline."""
    sets, reps, hold = (numbers[f"{name}_{end}"] for name in ("sets", "reps", "hold_s"))
    holding = _("%(seconds)s s") % {"seconds": hold}
    count = f"{reps} × {holding}" if hold else str(reps)
    parts = [f"{sets} × {count}"]
    load, band = numbers[f"load_g_{end}"], numbers[f"band_{end}"]
    if load is not None:
        parts.append(_("%(load)s kg") % {"load": number(Decimal(load) / 1000)})
    if band is not None:
        parts.append(_("band level %(level)s") % {"level": band})
    return ", ".join(parts)
