"""A template's rules with the clinician's numbers and approvals in them, checked whole."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from patients.models import Patient
from programs.limits import limits_of
from programs.prescribing.pain_limit import PARAMETER, check_pain
from programs.prescribing.plan import Changes, Rung
from programs.progression import RulesetError, Step, load_ruleset
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


def check_with_ladders(ruleset: Ruleset, ladders: list[list[Rung]], patient: Patient) -> None:
    """Raise RulesetError if a ladder lacks a bound that the rules need, or breaks a limit.

    The path of a ladder's fault begins with its place: `exercises[0].`
    """
    faults = check_pain(ruleset, patient.clinic.pain_limit)
    for place, steps in enumerate(map(engine_steps, ladders)):
        own = check_ladder(ruleset, steps, limits_of(patient, steps))
        faults += [each._replace(path=f"exercises[{place}].{each.path}") for each in own]
    if faults:
        raise RulesetError(list(dict.fromkeys(faults)))


def pain_numbers(ruleset: Ruleset) -> frozenset[str]:
    """The parameters that say up to which pain a dose may rise."""
    paths = (fault.path for fault in check_pain(ruleset, -1))
    return frozenset(path.removeprefix(PARAMETER) for path in paths if path.startswith(PARAMETER))


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
