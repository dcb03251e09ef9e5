"""What a ruleset must have beyond its shape, alone and with the ladder it is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from programs.progression.doses import bounded
from programs.progression.types import Limits, Span, Step
from programs.shapes import Fault

if TYPE_CHECKING:
    from programs.progression.rules import Rule, Ruleset

PAIN_FACTS = {"pain", "pain_during", "pain_after", "morning_pain", "morning_rise", "soreness"}
WRONG_WAYS = {  # of the dose, by tier
    "progress": ((-1, 0), "a progress rule raises the dose"),
    "info": ((-1, 1, None), "an info rule tells or declares, and never changes the dose"),
}


def check_meaning(rules: list[Rule], *, whole: bool) -> list[Fault]:
    """Faults of the rules together: ids, directions; of a `whole` ruleset also what it lacks."""
    faults = []
    counted = Counter(rule.id for rule in rules)
    for rule in rules:
        if counted[rule.id] > 1:
            faults.append(Fault("duplicate_id", f"{rule.path}.id", f"{rule.id} is given twice"))
        ways, hint = WRONG_WAYS.get(rule.tier, ((1,), f"a {rule.tier} rule never raises the dose"))
        raises = rule.change.raises if rule.change else 0
        if raises in ways and (rule.change or rule.tier == "progress"):
            faults.append(Fault("wrong_direction", f"{rule.path}.then", hint))
    if whole and not any(rule.tier == "stop" and rule.lock for rule in rules):
        hint = 'a rule of tier "stop" that locks, at least on a red flag'
        faults.append(Fault("missing_stop_rule", "$.rules", hint))
    safe = {fact.name for rule in rules if rule.safety for fact in rule.facts}
    if whole and not safe & PAIN_FACTS:
        hint = "a rule that lowers, holds or stops on pain"
        faults.append(Fault("missing_pain_rule", "$.rules", hint))
    return faults


def check_ladder(ruleset: Ruleset, ladder: tuple[Step, ...], limits: Limits) -> list[Fault]:
    """Faults of assigning `ruleset` to `ladder`: bounds that are missing, entries outside them."""
    faults: list[Fault] = []
    raised = {
        name
        for rule in ruleset.rules
        if rule.tier == "progress" and rule.change
        for name in rule.change.fields
    }
    needed = set(ruleset.raw.get("requires", {}).get("equipment", ()))
    for index, step in enumerate(ladder):
        path = f"ladder[{index}]"
        if sum(each.key == step.key for each in ladder) > 1:
            faults.append(Fault("duplicate_id", f"{path}.key", f"{step.key} is given twice"))
        if step.resisted and limits.resisted_date_required and limits.resisted_not_before is None:
            faults.append(Fault("resisted_date", path, "needs the not-before date first"))
        if needed and not needed & set(step.equipment):
            hint = f"these rules are for {' or '.join(sorted(needed))} only"
            faults.append(Fault("wrong_equipment", path, hint))
        faults += _spans(step, raised - {"step"}, path)
    return faults


def _spans(step: Step, raised: set[str], path: str) -> Iterator[Fault]:
    for name, entry in step.entry._asdict().items():
        span: Span | None = getattr(step.bounds, name)
        if span is None:
            if name in raised and entry is not None:
                yield Fault("missing_bound", f"{path}.bounds.{name}", "a rule raises it")
        elif span.low > span.high or span.step < 1:
            yield Fault("out_of_range", f"{path}.bounds.{name}", "low, high and step")
        elif entry is not None and bounded(span, entry) != entry:
            yield Fault("out_of_range", f"{path}.entry.{name}", "outside its bounds")
