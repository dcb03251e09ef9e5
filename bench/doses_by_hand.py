"""The standing-curl default's steps as plain ifs: reps, then sets, then the ladder."""

from datetime import date

from programs.progression.types import Dose, SideState, Span, State, Step

REPS_BOTTOM, REPS_TOP, REPS_STEP, SETS_BOTTOM, SETS_TOP = 8, 12, 2, 2, 3
Place = tuple[int, Dose]


def order(place: Place) -> tuple[int, ...]:
    """The dose order, for sorting; the fields that no rule of this ruleset changes come last."""
    step, dose = place
    load = -1 if dose.load_g is None else dose.load_g
    return step, load, dose.band or -1, dose.sets, dose.reps, dose.hold_s


def _cut(span: Span, wanted: int) -> int:
    inside = max(span.low, min(span.high, wanted))
    return span.low + (inside - span.low) // span.step * span.step


def with_reps(state: State, own: SideState, reps: int) -> Dose | None:
    """The dose with these reps, cut to the bounds; None if that is no change."""
    span = state.ladder[own.step].bounds.reps
    if span is None or (given := _cut(span, reps)) == own.dose.reps:
        return None
    return own.dose._replace(reps=given)


def _with_sets(state: State, own: SideState, sets: int) -> Dose | None:
    span = state.ladder[own.step].bounds.sets
    if span is None or (given := _cut(span, sets)) == own.dose.sets:
        return None
    return own.dose._replace(sets=given)


def less(state: State, own: SideState, today: date) -> Place:
    """Two reps fewer down to 8, else a set fewer down to 2, else one ladder step down."""
    reps, sets = own.dose.reps, own.dose.sets
    dose = with_reps(state, own, min(reps, max(reps - REPS_STEP, REPS_BOTTOM)))
    if dose is None:
        dose = _with_sets(state, own, min(sets, max(sets - 1, SETS_BOTTOM)))
    return (own.step, dose) if dose else step_down(state, own, today)


def more(state: State, own: SideState) -> Place | None:
    """Two reps more up to 12, else a set more up to 3 with the reps back at 8."""
    reps, sets = own.dose.reps, own.dose.sets
    dose = with_reps(state, own, max(reps, min(reps + REPS_STEP, REPS_TOP)))
    if dose is None and (dose := _with_sets(state, own, max(sets, min(sets + 1, SETS_TOP)))):
        span = state.ladder[own.step].bounds.reps
        if span is None:
            return None
        dose = dose._replace(reps=_cut(span, REPS_BOTTOM))
    return (own.step, dose) if dose else None


def is_at_top(state: State, own: SideState) -> bool:
    bounds, dose = state.ladder[own.step].bounds, own.dose
    if bounds.reps is None or bounds.sets is None:
        return False
    reps, sets = min(REPS_TOP, bounds.reps.high), min(SETS_TOP, bounds.sets.high)
    return dose.reps >= reps and dose.sets >= sets


def is_closed(state: State, step: Step, today: date) -> bool:
    from_day = state.limits.resisted_not_before
    if not step.resisted:
        return False
    return state.limits.resisted_date_required if from_day is None else today < from_day


def _is_owned(state: State, step: Step) -> bool:
    return all(each in state.equipment for each in step.equipment)


def step_up(state: State, own: SideState, today: date) -> Place | None:
    for index in range(own.step + 1, len(state.ladder)):
        step = state.ladder[index]
        if is_closed(state, step, today):
            return None
        if _is_owned(state, step):
            return index, step.entry
    return None


def step_down(state: State, own: SideState, today: date, *, each_only: bool = False) -> Place:
    for index in range(own.step - 1, -1, -1):
        step = state.ladder[index]
        if is_closed(state, step, today) or not _is_owned(state, step):
            continue
        if not (each_only and step.laterality == "both"):
            return index, good_dose(own, index, step)
    return own.step, own.dose


def good_dose(own: SideState, index: int, step: Step) -> Dose:
    for each in own.good:
        if each.step == index:
            return each.dose
    return step.entry
