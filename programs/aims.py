"""What each set of a session is to be, where the sets of a ruleset's plan differ.

The one place that asks the engine for it: the player, the API and a decision's facts read it here.
"""

import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple, cast

from patients.units import KG_IN_LB
from programs.codec import from_json
from programs.doses import dose_of, unit_of
from programs.limits import compiled, limits_of
from programs.models import DoseVersion, PrescriptionStep, Program
from programs.progression import NextLoad, PlannedSet, next_load, next_set, planned_sets
from programs.progression.rules import Ruleset
from programs.progression.session import Follow
from programs.progression.types import Bounds, Epoch, History, Side, SideState, Span, State, Step

REACH = 10  # steps of the equipment to either side of the planned load that a table covers
EFFORTS = re.compile(r'"(?:set\.effort|effort_last|set_effort\.\d+)"')


class Aim(NamedTuple):
    """One planned set. `load_kg` None: none, or not known before the set that it follows.

    `max_reps`: as many as possible, `reps` is the aim. `asks`: its effort is asked, 0 to 10.
    """

    number: int
    reps: int
    load_kg: Decimal | None = None
    max_reps: bool = False
    follows: int | None = None
    asks: bool = False


class Followed(NamedTuple):
    """What the set after this one is to weigh; not `covered`: the table has no row for it."""

    load_kg: Decimal
    covered: bool


class Table(NamedTuple):
    """The finite table of a set: by the load it was done with, what each of its rows leads to."""

    fact: str
    rows: tuple[tuple[int, int | None], ...]
    loads: dict[str, list[str]]  # kg, a next load a row


def plan_rules(program: Program) -> Ruleset | None:
    """The compiled rules where their plan makes sets differ, else None."""
    return compiled(program.ruleset) if program.ruleset.get("plan") else None


def plain_aim(dose: DoseVersion, number: int) -> Aim:
    """A set that is the dose as it is."""
    return Aim(number, dose.reps, dose.load_kg)


def aims_of(
    rules: Ruleset | None,
    program: Program,
    dose: DoseVersion,
    step: PrescriptionStep,
    day: date | None = None,
) -> tuple[Aim, ...]:
    """The sets of one side's session on this local day, under this dose."""
    if rules is None:
        return tuple(plain_aim(dose, number) for number in range(1, dose.sets + 1))
    state = _state(program, dose, step)
    sets = planned_sets(rules, state, cast(Side, dose.side), History(today=day))
    asked = _asked(rules, sets)
    return tuple(
        Aim(
            number=each.number,
            reps=each.reps,
            load_kg=None if each.load_g is None else _kg(each.load_g),
            max_reps=each.max_reps,
            follows=each.follows,
            asks=each.number in asked,
        )
        for each in sets
    )


def _state(program: Program, dose: DoseVersion, step: PrescriptionStep) -> State:
    """As much of a side's state as a plan and its table can ask for."""
    given = dose_of(dose, per_week=len(program.weekdays))
    rung = Step(str(step.id), given, from_json(Bounds, step.bounds))
    own = SideState(cast(Side, dose.side), 0, given, str(dose.id), Epoch(dose.at))
    return State((rung,), (own,), started_on=program.start_on)


def _asked(rules: Ruleset, sets: Iterable[PlannedSet]) -> set[int]:
    """The sets whose effort decides: those that another follows, and those that a rule reads."""
    if rules.follow is None or rules.follow.fact != "effort":
        return set()
    read = set(EFFORTS.findall(json.dumps([rules.raw["rules"], rules.raw.get("definitions")])))
    numbers = [each.number for each in sets]
    if '"set.effort"' in read:
        return set(numbers)
    found = {each.follows for each in sets if each.follows}
    found |= {n for n in numbers if f'"set_effort.{n}"' in read}
    return found | ({numbers[-1]} if '"effort_last"' in read else set())


def follower(aims: Iterable[Aim], number: int) -> int | None:
    """The first set whose load follows set `number`."""
    return next((each.number for each in aims if each.follows == number), None)


class Steered(NamedTuple):
    """A set that another follows: the rules and the state that say what comes of it."""

    rules: Ruleset
    follow: Follow
    state: State
    number: int

    def rows(self, load_g: int) -> tuple[NextLoad, ...]:
        return next_set(self.rules, self.state, self.state.sides[0].side, self.number, load_g)


def steered(
    program: Program, dose: DoseVersion, step: PrescriptionStep, aims: Iterable[Aim], number: int
) -> Steered | None:
    """What follows set `number` under this dose; None where nothing does."""
    after, rules = follower(aims, number), plan_rules(program)
    if after is None or rules is None or rules.follow is None:
        return None
    state = _state(program, dose, step)
    limits = limits_of(program.patient, state.ladder)
    state = state._replace(limits=limits, unit=unit_of(state.ladder))
    return Steered(rules, rules.follow, state, after)


def followed(
    steered: Steered, *, load_kg: Decimal, reps: int, effort: int | None
) -> Followed | None:
    """What comes of a set done so; an effort that nobody told leaves the load, and no doubt.

    None where the equipment has no bounds, so that nothing can follow.
    """
    load = _grams(load_kg)
    rows = steered.rows(load)
    if not rows:
        return None
    done = effort if steered.follow.fact == "effort" else reps
    grams, covered = next_load(rows, done, load)
    return Followed(_kg(grams), covered or done is None)


def table_of(steered: Steered, planned_kg: Decimal) -> Table | None:
    """The table of what follows, for every load that is near the planned one."""
    span = steered.state.ladder[0].bounds.load_g
    rows = steered.rows(_grams(planned_kg))
    if span is None or not rows:
        return None
    return Table(
        steered.follow.fact,
        tuple((row.low, row.high) for row in rows),
        {
            _text(load): [_text(row.load_g) for row in steered.rows(load)]
            for load in _near(span, _grams(planned_kg))
        },
    )


def _near(span: Span, planned: int) -> list[int]:
    """Loads in grams around the planned one, in steps of the equipment."""
    low, high, step = span.low, span.high, span.step
    if span.pounds:
        return [planned]
    around = range(planned - REACH * step, planned + REACH * step + 1, step)
    return [load for load in around if low <= load <= high]


def load_step(step: PrescriptionStep) -> Decimal | None:
    """The step of the equipment in kg, unrounded; None where its bounds say none."""
    span = from_json(Bounds, step.bounds).load_g if step.bounds else None
    if span is None:
        return None
    return Decimal(span.step) * KG_IN_LB / 10 if span.pounds else _kg(span.step)


def equipment(step: PrescriptionStep, near_kg: Decimal) -> list[Decimal]:
    """The loads of the equipment on either side of this one, where its bounds are in kg."""
    span = from_json(Bounds, step.bounds).load_g if step.bounds else None
    if span is None or span.pounds:
        return []
    below = span.low + (_grams(near_kg) - span.low) // span.step * span.step
    return [_kg(load) for load in (below, below + span.step) if span.low <= load <= span.high]


def _grams(load_kg: Decimal) -> int:
    return int(load_kg * 1000)


def _kg(grams: int) -> Decimal:
    """Kilograms to two places, as a set's row holds them."""
    return (Decimal(grams) / 1000).quantize(Decimal("0.01"))


def _text(grams: int) -> str:
    return f"{_kg(grams).normalize():f}"
