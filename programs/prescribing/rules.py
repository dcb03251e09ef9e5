"""A template's rules with the clinician's numbers and approvals in them, checked whole."""

import json

from patients.models import Patient
from programs.limits import compiled, limits_of
from programs.prescribing.pain_limit import PARAMETER, check_pain
from programs.prescribing.plan import Changes, Rung, TemplateSource
from programs.progression import RulesetError
from programs.progression.checks import check_ladder
from programs.progression.rules import Ruleset
from programs.progression.types import Step

APPROVALS = ("auto", "propose", "clinician")


def adjusted(source: TemplateSource, changes: Changes) -> Ruleset:
    """The compiled rules as they will be assigned. Raises RulesetError with every fault."""
    if not (changes.parameters or changes.approvals):
        return source.rules
    made = json.loads(json.dumps(source.template.ruleset))
    for name, value in changes.parameters.items():
        made["parameters"][name]["value"] = value
    for rule in made["rules"]:
        if approval := changes.approvals.get(rule["id"]):
            rule["approval"] = approval
    return compiled(made)


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
