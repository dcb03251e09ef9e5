"""Doses: which is higher, what a bound allows, and the steps of the ladder."""

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from operator import ge
from typing import NamedTuple

from programs.progression.facts import KG_IN_LB, Context
from programs.progression.types import Clamp, Dose, SideState, Span, Step

REPS_OVER = 2  # above the range, before an equipment step that is too large is proposed
GRAMS_IN_TENTH_LB = KG_IN_LB * 100
Rank = tuple[tuple[int, ...], ...]


class Change(NamedTuple):
    """Where one rule would put a side; `propose` where a person must agree whatever the rule."""

    step: int
    dose: Dose
    clamps: tuple[Clamp, ...] = ()
    propose: bool = False
    declare: tuple[str, int] | None = None


class Blocked(NamedTuple):
    """Why an action can't be done at all (at_bound, ladder_top, resisted_date ...)."""

    reason: str


def rank(step: int, dose: Dose) -> Rank:
    """The dose order as a sort key: the first difference decides. Shorter rest is last."""
    sets, reps, hold, up, top, down, rest, load, band, turn, per_week = dose
    return (
        (step,),
        (-1 if load is None else load, -1 if band is None else band),
        (sets,),
        (reps, hold),
        (-1 if turn is None else turn,),
        (up, top, down),
        (per_week,),
        (-rest,),
    )


def compare(step: int, dose: Dose, other_step: int, other: Dose) -> int:
    """1 if the first is higher, 0 if equal, else -1: also where one rank differs both ways."""
    if step == other_step and dose is other:
        return 0
    for mine, theirs in zip(rank(step, dose), rank(other_step, other), strict=True):
        if mine != theirs:
            return 1 if all(map(ge, mine, theirs)) else -1
    return 0


def bounded(span: Span, wanted: int) -> int:
    """`wanted` within the span, rounded down to the equipment's step; a load in grams."""
    low, high, step, pounds = span
    if not pounds:
        inside = max(low, min(high, wanted))
        return low + (inside - low) // step * step
    tenths = round(wanted / GRAMS_IN_TENTH_LB)
    return round(bounded(span._replace(pounds=False), tenths) * GRAMS_IN_TENTH_LB)


def next_up(span: Span, now: int) -> int:
    """One equipment step above `now`, if the span allows it."""
    return bounded(span, now + round(span.step * (GRAMS_IN_TENTH_LB if span.pounds else 1)))


def fit(context: Context, wanted: Mapping[str, int]) -> Change | Blocked:
    """The dose with `wanted` fields, cut to bounds, equipment step and the largest step."""
    clamps: list[Clamp] = []
    given: dict[str, int] = {}
    for name, asked in wanted.items():
        span: Span | None = getattr(context.step.bounds, name)
        if span is None:
            return Blocked("no_bound")
        given[name] = limited(context, name, asked, span, clamps)
    return Change(context.own.step, context.dose._replace(**given), tuple(clamps))


def limited(context: Context, name: str, asked: int, span: Span, clamps: list[Clamp]) -> int:
    """What of `asked` bound, equipment step and the largest step leave; `clamps` says which cut."""
    now, given = getattr(context.dose, name), bounded(span, asked)
    if given != asked:
        limit = "step" if given < asked < next_up(span, given) else "bound"
        clamps.append(Clamp(limit, name, asked, given))
    most = largest(context, now) if name == "load_g" and now is not None else given
    if now is not None and now < most < given:
        clamps.append(Clamp("largest_step", name, given, bounded(span, most)))
        given = bounded(span, most)
    return given


def largest(context: Context, load_g: int) -> int:
    """The highest load that the clinic's largest step allows from `load_g`."""
    return load_g + load_g * context.state.limits.largest_step_percent // 100


def raise_load(
    context: Context, target: Fraction, bottom: int, top: int, by: int
) -> Change | Blocked:
    """More load, reps back to the bottom.

    If the equipment's smallest step is more than asked or allowed, reps rise first, to the top
    plus 2; from there one equipment step is proposed.
    """
    span, dose, wanted = context.step.bounds.load_g, context.dose, floor(target)
    if span is None or dose.load_g is None:
        return Blocked("no_bound")
    given = bounded(span, min(wanted, largest(context, dose.load_g)))
    if given > dose.load_g:
        clamps = () if given == wanted else (Clamp("largest_step", "load_g", wanted, given),)
        new = dose._replace(load_g=given, reps=min(dose.reps, bottom))
        return Change(context.own.step, new, clamps)
    up, rising = next_up(span, dose.load_g), context.step.bounds.reps
    if up <= dose.load_g:
        return Blocked("at_bound")
    limit = min(top + REPS_OVER, rising.high) if rising else dose.reps
    if dose.reps < limit:
        more = dose._replace(reps=min(dose.reps + by, limit))
        kept = Clamp("equipment_step", "load_g", wanted, dose.load_g)
        return Change(context.own.step, more, (kept,))
    new = dose._replace(load_g=up, reps=min(dose.reps, bottom))
    clamp = Clamp("equipment_step", "load_g", wanted, up)
    return Change(context.own.step, new, (clamp,), propose=True)


def closed(context: Context, step: Step) -> bool:
    """True if the step is resisted and its not-before date is ahead, or required and absent."""
    limits = context.state.limits
    opens = limits.resisted_not_before
    ahead = limits.resisted_date_required if opens is None else context.today < opens
    return step.resisted and ahead


def owned(context: Context, step: Step) -> bool:
    return all(each in context.state.equipment for each in step.equipment)


def step_up(context: Context) -> Change | Blocked:
    """The next step's entry dose. A step without its equipment is passed over by proposal only."""
    clamps: tuple[Clamp, ...] = ()
    for index in range(context.own.step + 1, len(context.state.ladder)):
        step = context.state.ladder[index]
        if closed(context, step):
            return Blocked("resisted_date")
        if owned(context, step):
            return Change(index, step.entry, clamps, propose=bool(clamps))
        clamps += (Clamp("equipment", "step", step.key, None),)
    return Blocked("no_equipment" if clamps else "ladder_top")


def step_down(context: Context, *, each_only: bool = False) -> Change | Blocked:
    """The last good dose of the next lower step, or its entry dose."""
    for index in range(context.own.step - 1, -1, -1):
        step = context.state.ladder[index]
        fits = not closed(context, step) and owned(context, step)
        if fits and not (each_only and step.laterality == "both"):
            return Change(index, good_dose(context.own, index, step))
    return Blocked("ladder_bottom")


def good_dose(side: SideState, index: int, step: Step) -> Dose:
    """The last dose on a step that had no pain reason; the entry dose if there is none."""
    return next((each.dose for each in side.good if each.step == index), step.entry)
