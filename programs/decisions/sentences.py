"""The engine's messages in words: for the patient short and plain, for the clinician exact.

Every id of programs.progression.explaining has its wording here; docs/progression.md lists them.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from programs.decisions.rule_parts import rule_sentence
from programs.decisions.rule_words import rule_words, written
from programs.progression import (
    Decision,
    Message,
    Ruleset,
    SideDecision,
    explain_side,
)
from programs.progression.types import Audience
from programs.wording import number

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
    "because.red_flag": gettext_lazy("You told us about a warning sign."),
    "because.stop": gettext_lazy("A stop rule of your program was met."),
    "because.pain": gettext_lazy("Your pain was %(pain)s out of 10."),
    "because.morning": gettext_lazy("The next morning was worse than usual."),
    "because.soreness": gettext_lazy("You were sore, and told us when."),
    "because.gap": gettext_lazy("It is %(days_since_session)s days since your last session."),
    "because.good": gettext_lazy("Your last %(sessions)s sessions went well."),
    "because.over_goal": gettext_lazy("You did more than the goal in %(sessions)s sessions."),
    "because.rule": gettext_lazy("A rule of your program says so."),
    "asks_clinician": gettext_lazy("Your clinician decides first."),
    "missing.pain": gettext_lazy("We don't know your pain yet."),
    "missing.effort": gettext_lazy("We don't know how hard it felt yet."),
    "missing.morning_rise": gettext_lazy("We don't know yet how the next morning was."),
    "missing": gettext_lazy("Something is not answered yet."),
}
CLINICIAN = {
    "because.red_flag": gettext_lazy("A red flag was reported."),
    "because.stop": gettext_lazy("A stop rule was met."),
    "because.pain": gettext_lazy("Highest pain %(pain)s in %(sessions)s session(s) judged."),
    "because.morning": gettext_lazy("Next morning above usual."),
    "because.soreness": gettext_lazy("Soreness: %(soreness)s."),
    "because.gap": gettext_lazy("%(days_since_session)s days without a session."),
    "because.good": gettext_lazy(
        "%(sessions)s sessions running: every set at target, effort at most %(effort)s, "
        "pain at most %(pain)s, morning not above usual."
    ),
    "because.over_goal": gettext_lazy(
        "%(sessions)s sessions running over the goal; last set %(reps_over_last)s over."
    ),
    "because.rule": gettext_lazy("The rule's condition was met."),
    "missing": gettext_lazy("Not known: %(fact)s."),
    "suppressed.lower_wins": gettext_lazy("Rule %(rule)s gave way to a lower dose."),
    "suppressed.unknown": gettext_lazy("Rule %(rule)s waits for what is not known."),
    "suppressed.too_soon": gettext_lazy(
        "Rule %(rule)s: at most one rise in %(every)s days, %(days)s to go."
    ),
    "suppressed.pain_limit": gettext_lazy("Rule %(rule)s: pain above the clinic's %(limit)s."),
    "suppressed.other_side": gettext_lazy("Rule %(rule)s: no rise while the other side goes down."),
    "suppressed.waits_for_side": gettext_lazy("Rule %(rule)s waits for the other side."),
    "suppressed.weaker_leads": gettext_lazy("Rule %(rule)s: the weaker side leads."),
    "suppressed.resisted_date": gettext_lazy("Rule %(rule)s: resisted steps open on a later date."),
    "suppressed.no_equipment": gettext_lazy(
        "Rule %(rule)s: equipment for the next step is missing."
    ),
    "suppressed.ladder_top": gettext_lazy("Rule %(rule)s: this is the last step of the ladder."),
    "suppressed.no_bound": gettext_lazy("Rule %(rule)s: this step has no bound for the change."),
    "suppressed.cool_down": gettext_lazy("Rule %(rule)s fired a short while ago."),
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
    "clamped.at_bound": gettext_lazy("Already at the bound."),
    "clamped.direction": gettext_lazy("The rule would have raised the dose; it is kept."),
}


def decision_sentences(decision: Decision, audience: Audience) -> list[str]:
    """The whole decision in the active language, one sentence each."""
    return [line for side in decision.sides for line in side_sentences(side, audience)]


def side_sentences(side: SideDecision, audience: Audience) -> list[str]:
    """One side's decision: what, then why. At most one "not known" for the patient."""
    said = [sentence(message, audience) for message in explain_side(side, audience)]
    return list(dict.fromkeys(said))


def sentence(message: Message, audience: Audience) -> str:
    """One message in words."""
    numbers = dict(message.numbers)
    if "step_before" in numbers:
        return str(_headline(message.id)) % _headline_values(numbers)
    table: Mapping[str, Any] = CLINICIAN if audience == "clinician" else PATIENT
    group, fact = message.id.partition(".")[::2]
    text = table.get(message.id) or table.get(group) or CLINICIAN["because.rule"]
    said = {name: written(value) for name, value in numbers.items()}
    return str(text) % _Known({**said, "fact": fact_name(fact)})


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


def fact_name(name: str) -> str:
    """A fact's name in words."""
    return rule_words.fact(name)


def rule_text(ruleset: Ruleset, rule: str) -> str:
    """A rule as one sentence for the clinician."""
    return rule_words.sentence(rule_sentence(ruleset, rule))


def ruleset_texts(ruleset: Ruleset) -> Iterable[tuple[str, str]]:
    """Each rule's id and its sentence, in the order in which they are asked."""
    return [(rule.id, rule_text(ruleset, rule.id)) for rule in ruleset.rules]
