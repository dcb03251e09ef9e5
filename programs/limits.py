"""A program's own rules, compiled, with the numbers its pages show; and the clinic's limits."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from accounts.models import Clinic
from patients.models import Patient
from programs.models import Program
from programs.progression import load_ruleset
from programs.progression.doses import next_up
from programs.progression.rules import Ruleset
from programs.progression.types import Limits, Span, Step

RULESETS = 256  # compiled rules kept a process
GREEN = 3  # where a program's rules say nothing


def compiled(raw: Mapping[str, Any]) -> Ruleset:
    """These rules, compiled once a process. Raises RulesetError with every fault."""
    return _compiled(json.dumps(raw))


@lru_cache(maxsize=RULESETS)
def _compiled(text: str) -> Ruleset:
    """Compiling takes longer than a decision; the same words make the same rules."""
    return load_ruleset(json.loads(text))


def parameter(program: Program, name: str, default: int) -> int:
    """A number of the program's own rules."""
    return int(program.ruleset.get("parameters", {}).get(name, {}).get("value", default))


def green_limit(program: Program) -> int:
    """Pain above this asks which side and where (0 to 10)."""
    return parameter(program, "pain_ok", parameter(program, "pain_safe", GREEN))


def limits_of(patient: Patient, ladder: Iterable[Step]) -> Limits:
    """What no program of this patient may pass: the clinic's limits, and the operation's date.

    The one place that makes them, for every decision, simulation, set and dose by hand.
    """
    clinic = patient.clinic
    return Limits(
        largest_step_percent=clinic.largest_step_percent,
        pain_limit=clinic.pain_limit,
        approval_steps=_approved(Clinic.Approval(clinic.approval), ladder),
        resisted_date_required=patient.needs_resisted_date,
        resisted_not_before=patient.resisted_not_before,
    )


def _approved(approval: Clinic.Approval, ladder: Iterable[Step]) -> tuple[str, ...]:
    """The steps up that a person has to approve, by key; "*" is every one."""
    if approval == Clinic.Approval.EVERY:
        return ("*",)
    resisted = approval == Clinic.Approval.RESISTED
    return tuple(step.key for step in ladder if resisted and step.resisted)


def most_load(limits: Limits, span: Span, load_g: int) -> int:
    """The highest load after this one: by the largest step, or by one step of the equipment."""
    return max(load_g + load_g * limits.largest_step_percent // 100, next_up(span, load_g))
