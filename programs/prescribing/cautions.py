"""What a clinician should know before assigning, and may still do: said, never refused."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from patients.models import Equipment, Patient
from programs.prescribing.plan import Changes, Rung, first_of
from programs.progression import Ruleset
from programs.progression.checks import PAIN_FACTS
from programs.wording import day_words

MANY = 4
LOWERING = ("stop", "regress", "deload")


@dataclass(frozen=True, slots=True)
class Needs:
    """A step as far as a caution goes."""

    name: str
    equipment: Collection[str]
    resisted: bool


def exercise_cautions(
    patient: Patient, steps: Sequence[Needs], first: int, start_on: date
) -> tuple[str, ...]:
    """Steps that this patient may not do yet, and equipment that is not noted as theirs."""
    return (*_locked(patient, steps, start_on), *_missing(patient, steps, first))


def program_cautions(ladders: Sequence[Sequence[Rung]], changes: Changes) -> tuple[str, ...]:
    """More exercises than most people keep up with, in minutes."""
    if len(ladders) <= MANY:
        return ()
    told = {"count": len(ladders), "minutes": minutes(ladders, changes)}
    return (
        gettext(
            "%(count)s exercises, about %(minutes)s minutes a day: a lot to keep up at home. "
            "Leave out what matters least, or keep them all."
        )
        % told,
    )


def rule_cautions(ruleset: Ruleset) -> tuple[str, ...]:
    """That nothing lowers the dose on pain: a rule that only holds it is all that rules need."""
    eases = any(
        rule.tier in LOWERING and PAIN_FACTS & {fact.name for fact in rule.facts}
        for rule in ruleset.rules
    )
    if eases:
        return ()
    return (gettext("No rule lowers the dose when it hurts. Add one, or ask about pain yourself."),)


def minutes(ladders: Iterable[Sequence[Rung]], changes: Changes) -> int:
    """How long a day of the program takes at its first doses, rests included."""
    total = 0
    for ladder, change in zip(ladders, changes.exercises, strict=True):
        dose = ladder[first_of(ladder, change)].entry
        sides = 2 if change.sides == "each" else 1
        rep = dose.up_s + dose.top_s + dose.down_s
        total += sides * dose.sets * (dose.reps * rep + dose.rest_s)
    return max(1, round(total / 60))


def short_cautions(patient: Patient, step: Needs, start_on: date) -> tuple[str, ...]:
    """The same of one step that nobody has chosen yet, in a word or two."""
    opens, things = patient.resisted_not_before, missing_equipment(patient, set(step.equipment))
    said = []
    if step.resisted and patient.resisted_closed(start_on):
        said.append(
            gettext("locked until %(day)s") % {"day": day_words(opens, "DATE_FORMAT")}
            if opens
            else gettext("locked: no date for resisted steps")
        )
    if things:
        said.append(gettext("not noted as owned: %(things)s") % {"things": ", ".join(things)})
    return tuple(said)


def _locked(patient: Patient, steps: Iterable[Needs], start_on: date) -> Iterator[str]:
    """Which resisted steps wait for their day, or for somebody to enter one."""
    opens, closed = patient.resisted_not_before, patient.resisted_closed(start_on)
    names = [step.name for step in steps if step.resisted and closed]
    if names and opens:
        told = {"day": day_words(opens, "DATE_FORMAT"), "steps": "; ".join(names)}
        yield gettext("Locked until %(day)s: %(steps)s.") % told
    elif names:
        told = {"steps": "; ".join(names)}
        yield gettext("Locked until the patient has a date for resisted steps: %(steps)s.") % told


def _missing(patient: Patient, steps: Sequence[Needs], first: int) -> Iterator[str]:
    """What the first step needs and is not noted as owned, and what a later one will."""
    now = set(steps[first].equipment)
    later = {key for step in steps for key in step.equipment} - now
    said = (
        (now, gettext("Needed from day one, not noted as owned: %(things)s.")),
        (later, gettext("Needed for later steps, not noted as owned: %(things)s.")),
    )
    for keys, words in said:
        if names := missing_equipment(patient, keys):
            yield words % {"things": ", ".join(names)}


def missing_equipment(patient: Patient, needed: set[str]) -> list[str]:
    """The names of what a program needs and this patient has not got."""
    names = dict(Equipment.choices)
    return [str(names.get(key, key)) for key in sorted(needed - set(patient.equipment))]
