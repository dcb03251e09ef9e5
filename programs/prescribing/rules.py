"""A template's rules with the clinician's numbers and approvals in them, checked whole."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from patients.models import Patient
from programs.prescribing.plan import Changes, Rung
from programs.progression import Limits, RulesetError, Step, load_ruleset
from programs.progression.checks import check_ladder
from programs.progression.rules import Ruleset

APPROVALS = ("auto", "propose", "clinician")
KEPT = 256  # compiled rules kept a process


def adjusted(raw: Mapping[str, Any], changes: Changes) -> Ruleset:
    """The compiled rules as they will be assigned. Raises RulesetError with every fault."""
    if not (changes.parameters or changes.approvals):
        return compiled(raw)
    made = json.loads(json.dumps(raw))
    for name, value in changes.parameters.items():
        made["parameters"][name]["value"] = value
    for rule in made["rules"]:
        if approval := changes.approvals.get(rule["id"]):
            rule["approval"] = approval
    return _compiled(json.dumps(made))


def compiled(raw: Mapping[str, Any]) -> Ruleset:
    """The compiled rules as the template has them."""
    return _compiled(json.dumps(raw))


@lru_cache(maxsize=KEPT)
def _compiled(text: str) -> Ruleset:
    """Compiling takes longer than all else of a preview; the same words make the same rules."""
    return load_ruleset(json.loads(text))


def check_with_ladders(ruleset: Ruleset, ladders: list[list[Rung]], limits: Limits) -> None:
    """Raise RulesetError if a ladder lacks a bound that the rules need, or breaks a limit."""
    faults = [
        fault for ladder in ladders for fault in check_ladder(ruleset, engine_steps(ladder), limits)
    ]
    if faults:
        raise RulesetError(faults)


def engine_steps(ladder: list[Rung]) -> tuple[Step, ...]:
    """The engine's ladder of these rungs."""
    return tuple(
        Step(
            key=rung.pinned.key,
            entry=rung.entry,
            bounds=rung.bounds,
            laterality="both" if rung.pinned.laterality == "both" else "each",
            equipment=tuple(rung.pinned.equipment),
            resisted=rung.pinned.resisted,
        )
        for rung in ladder
    )


def limits_of(patient: Patient) -> Limits:
    """The clinic's hard limits, and what this patient's operation asks for."""
    clinic = patient.clinic
    return Limits(
        largest_step_percent=clinic.largest_step_percent,
        pain_limit=clinic.pain_limit,
        resisted_date_required=patient.needs_resisted_date,
        resisted_not_before=patient.resisted_not_before,
    )
