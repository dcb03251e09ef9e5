"""What a ruleset must have beyond being well formed, alone and with the ladder it is for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from programs.progression.doses import bounded
from programs.progression.numbers import Fault
from programs.progression.types import Limits, Span, Step

if TYPE_CHECKING:
    from programs.progression.rules import Rule, Ruleset

PAIN_FACTS = {"pain", "pain_during", "pain_after", "morning_pain", "morning_rise"}


def check_meaning(ruleset: Ruleset) -> list[Fault]:
    """Faults of the rules together: ids, a stop rule, a pain rule, directions, bounds."""
    faults = _needed(ruleset)
    counted = Counter(rule.id for rule in ruleset.rules)
    for rule in ruleset.rules:
        if counted[rule.id] > 1:
            faults.append(Fault("duplicate_id", f"{rule.path}.id", f"{rule.id} is given twice"))
        faults += _direction(rule)
    return faults


def _needed(ruleset: Ruleset) -> list[Fault]:
    faults = []
    if not any(rule.tier == "stop" and rule.lock for rule in ruleset.rules):
        hint = 'a rule of tier "stop" that locks, at least on a red flag'
        faults.append(Fault("missing_stop_rule", "$.rules", hint))
    if not any(rule.safety and _reads_pain(rule) for rule in ruleset.rules):
        hint = "a rule that lowers, holds or stops on pain"
        faults.append(Fault("missing_pain_rule", "$.rules", hint))
    return faults


def _reads_pain(rule: Rule) -> bool:
    return any(fact.name in PAIN_FACTS for fact in rule.session_facts)


def _direction(rule: Rule) -> list[Fault]:
    if rule.safety and rule.raises == 1:
        hint = f"a {rule.tier} rule never raises the dose"
        return [Fault("wrong_direction", f"{rule.path}.then", hint)]
    if rule.tier == "progress" and rule.raises in (-1, 0):
        hint = "a progress rule raises the dose"
        return [Fault("wrong_direction", f"{rule.path}.then", hint)]
    if rule.tier == "info" and rule.change is not None and rule.raises != 0:
        hint = "an info rule tells or declares, and never changes the dose"
        return [Fault("wrong_direction", f"{rule.path}.then", hint)]
    return []


def check_ladder(ruleset: Ruleset, ladder: tuple[Step, ...], limits: Limits) -> list[Fault]:
    """Faults of assigning `ruleset` to `ladder`: bounds that are missing, entries outside them."""
    faults: list[Fault] = []
    raised = {name for rule in ruleset.rules if rule.tier == "progress" for name in rule.fields} - {
        "step"
    }
    for index, step in enumerate(ladder):
        path = f"ladder[{index}]"
        if sum(each.key == step.key for each in ladder) > 1:
            faults.append(Fault("duplicate_id", f"{path}.key", f"{step.key} is given twice"))
        if step.resisted and limits.resisted_date_required and limits.resisted_not_before is None:
            faults.append(Fault("resisted_date", path, "needs the not-before date first"))
        faults += _spans(step, raised, path)
    return faults


def _spans(step: Step, raised: set[str], path: str) -> list[Fault]:
    faults: list[Fault] = []
    for name in step.bounds.__slots__:
        span: Span | None = getattr(step.bounds, name)
        entry = getattr(step.entry, name)
        if span is None:
            if name in raised and entry is not None:
                faults.append(Fault("missing_bound", f"{path}.bounds.{name}", "a rule raises it"))
        elif span.low > span.high or span.step < 1:
            faults.append(Fault("out_of_range", f"{path}.bounds.{name}", "low, high and step"))
        elif entry is not None and bounded(span, entry) != entry:
            faults.append(Fault("out_of_range", f"{path}.entry.{name}", "outside its bounds"))
    return faults
