"""Presets with other numbers, machines in kg and lb, and a session that goes well for each."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from programs.progression import Ruleset, decide, load_preset, load_ruleset
from programs.progression.types import (
    Bounds,
    Decision,
    Dose,
    History,
    Limits,
    SessionFact,
    SetFact,
    Span,
    State,
    Step,
)
from tests.programs.progression.story import NOON, START, log, rows, state_of, timedelta

POUND_G = 453.59237
Reps = Sequence[int | None]


@cache
def preset(name: str, **values: float) -> Ruleset:
    """A shipped ruleset whose parameters have these values."""
    raw = load_preset(name).raw
    changed = {key: {**raw["parameters"][key], "value": value} for key, value in values.items()}
    return load_ruleset({**raw, "parameters": {**raw["parameters"], **changed}})


def grams(amount: float, unit: str = "kg") -> int:
    return round(amount * (1000 if unit == "kg" else POUND_G))


def machine(
    amount: float, unit: Any = "kg", *, sets: int = 4, reps: int = 6, step: int = 500, **more: Any
) -> State:
    """Three steps of a machine that moves by 0.5 kg or 5 lb; the person is on the middle one."""
    load = Span(0, 9000, 50, True) if unit == "lb" else Span(0, 400_000, step)
    bounds = Bounds(sets=Span(1, 6), reps=Span(1, 30), load_g=load)
    dose = Dose(sets=sets, reps=reps, load_g=grams(amount, unit))
    steps = tuple(Step(key, dose, bounds, equipment=("machine",)) for key in "abc")
    given = {"limits": Limits(largest_step_percent=100), "equipment": ("machine",), **more}
    return state_of(dose, steps=steps, unit=unit, **given)


def floor_work(sets: int, reps: int, *, band: int | None = None, most: int = 20) -> State:
    """Three steps without a load; with a band, of levels 1 to 4."""
    bounds = Bounds(sets=Span(1, 5), reps=Span(4, most), band=None if band is None else Span(1, 4))
    entry = Dose(sets=2, reps=8, band=None if band is None else 1)
    steps = tuple(Step(key, entry, bounds) for key in "abc")
    return state_of(Dose(sets=sets, reps=reps, band=band), steps=steps)


def did(state: State, reps: Reps, loads: Sequence[int] = (), efforts: Reps = ()) -> dict[str, Any]:
    """The sets of a session: repetitions, loads (the dose's) and efforts (none) of each."""
    own = state.side("left")
    return {
        "sets": tuple(
            SetFact(
                "left", n + 1, own.dose.sets, own.dose.reps, reps[n], own.dose_version,
                load_g=loads[n] if loads else own.dose.load_g,
                effort=efforts[n] if efforts else None,
            )
            for n in range(len(reps))
        )
    }  # fmt: skip


def hear(
    ruleset: Ruleset,
    state: State,
    *sessions: SessionFact,
    day: float | None = None,
    trigger: Any = "decision",
    extra: Any = (),
) -> Decision:
    """Decide the morning after the last session, or at noon of a day."""
    now = sessions[-1].recorded_at if day is None else NOON + timedelta(days=day)
    history = History(sessions, now.date(), extra=tuple(extra))
    return decide(ruleset, state, history, now, trigger=trigger)


def load_after(decision: Decision) -> int | None:
    return decision.side("left").after.dose.load_g


def dose_after(decision: Decision) -> tuple[int, int, int]:
    """(ladder step, sets, reps) after the decision, or as it proposes."""
    after = decision.side("left").after
    return after.step, after.dose.sets, after.dose.reps


def ten_rm(kg: object, day: int) -> tuple[tuple[str, Any], ...]:
    """A ten-repetition maximum that the clinician entered on a day from the start."""
    on = (START + timedelta(days=day)).isoformat()
    return (("entry.ten_rm_kg", kg), ("entry_on.ten_rm_kg", on))


def _curl(name: str, *days: int, over: int = 0, **changes: Any) -> Decision:
    state = floor_work(2, 10)
    facts = {"sets": tuple(rows(state.side("left"), over=over)), **changes}
    return hear(preset(name), state, *(log(state, day, **facts) for day in days))


def _machine(name: str, *days: int, over: int = 0, **changes: Any) -> Decision:
    state = machine(40, sets=3, reps=8)
    facts = {"sets": tuple(rows(state.side("left"), over=over)), **changes}
    return hear(preset(name), state, *(log(state, day, **facts) for day in days))


def _adjusted(name: str, **changes: Any) -> Decision:
    state = machine(40)
    return hear(preset(name), state, log(state, 0, **did(state, (10, 6, 6, 15)), **changes))


def _tested(name: str, **changes: Any) -> Decision:
    state = machine(40, sets=3, reps=10)
    return hear(preset(name), state, log(state, 0, **changes), extra=ten_rm(45, 0))


def _effort(name: str, **changes: Any) -> Decision:
    state = machine(40, sets=3, reps=8)
    sets = did(state, (8, 8, 8), (40_000, 42_500, 42_500), (7, 8, 8))
    return hear(preset(name), state, log(state, 0, **sets, **changes))


def _sore(name: str, **changes: Any) -> Decision:
    state, answers = floor_work(2, 8), (("soreness", "none"), ("soreness_later", False))
    return hear(preset(name), state, log(state, 0, answers=answers, **changes))


def _nordic(name: str, **changes: Any) -> Decision:
    state = floor_work(2, 5)
    return hear(preset(name), state, log(state, 0, **changes), day=7)


WELL: dict[str, Callable[..., Decision]] = {
    "standing_curl_default": lambda **k: _curl("standing_curl_default", 0, 2, **k),
    "two_for_two": lambda **k: _machine("two_for_two", 0, 2, over=2, **k),
    "acsm_2009": lambda **k: _machine("acsm_2009", 0, over=2, **k),
    "double_progression": lambda **k: _machine("double_progression", 0, **k),
    "dapre": lambda **k: _adjusted("dapre", **k),
    "apre6": lambda **k: _adjusted("apre6", **k),
    "delorme": lambda **k: _tested("delorme", **k),
    "oxford": lambda **k: _tested("oxford", **k),
    "effort_regulated": lambda **k: _effort("effort_regulated", **k),
    "pain_monitoring": lambda **k: _curl("pain_monitoring", 0, 2, **k),
    "soreness_rules": lambda **k: _sore("soreness_rules", **k),
    "home_band": lambda **k: _curl("home_band", 0, 2, 4, over=2, **k),
    "nordic_10_weeks": lambda **k: _nordic("nordic_10_weeks", **k),
}
