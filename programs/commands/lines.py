"""A decision as lines for people and programs: one plain object a side, loads in kg."""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any

from programs.progression.types import (
    Decision,
    Dose,
    FactValue,
    FiredRule,
    Named,
    SideDecision,
    SideState,
    State,
)

Line = dict[str, Any]
GRAMS_IN_LB = Fraction("453.59237")


def decision_lines(made: Decision, state: State) -> Iterator[Line]:
    """A line for each side; `state`: the one it was decided on, for the names of its steps."""
    for side in made.sides:
        yield _head(made, side, made.at) | {
            "before": place(side.before, state),
            "after": place(side.after, state),
            "rule": side.rule,
            "why": [_why(each) for each in side.fired],
            "suppressed": [
                {"rule": each.rule, "reason": each.reason, **_named(each.numbers)}
                for each in side.suppressed
            ],
            "clamped": [each._asdict() for each in side.clamped],
            "missing": [
                {"rule": each.rule, "fact": each.fact, "log": each.session} for each in side.missing
            ],
            "approval": side.approval,
            "notices": [each._asdict() for each in made.notices],
            **_closed(made),
        }


def accepted_lines(made: Decision, state: State, at: datetime) -> Iterator[Line]:
    """A line for each side that a person has just accepted."""
    for side in made.sides:
        if side.outcome == "proposed":
            yield _head(made, side, at) | {
                "outcome": "accepted",
                "before": place(side.before, state),
                "after": place(state.side(side.side), state),
                "rule": side.rule,
            }


def is_news(line: Line) -> bool:
    """False where a decision left all as it was and had nothing to say about it."""
    told = ("why", "suppressed", "clamped", "missing")
    return line["outcome"] != "kept" or any(line.get(key) for key in told)


def place(own: SideState, state: State) -> Line:
    """Where a side is: its step, and its dose without what it doesn't use."""
    dose = own.dose
    told = {
        name: value
        for name, value in dose._asdict().items()
        if name in ("sets", "reps") or value != Dose._field_defaults[name]
    }
    grams = told.pop("load_g", None)
    if grams is not None:
        told["load_kg"] = grams / 1000
        if state.unit == "lb":
            told["load_lb"] = float(round(grams / GRAMS_IN_LB, 1))
    return {"step": state.ladder[own.step].key, **told}


def _head(made: Decision, side: SideDecision, at: datetime) -> Line:
    return {
        "at": at.isoformat().replace("+00:00", "Z"),
        "trigger": made.trigger if made.by == "rules" else made.by,
        "side": side.side,
        "outcome": side.outcome,
    }


def _why(fired: FiredRule) -> Line:
    logs = [{"log": each.session, **_named(each.values)} for each in fired.evidence]
    return {"rule": fired.rule, "tier": fired.tier, "facts": logs}


def _named(pairs: Named) -> Line:
    """Values by name; a number with decimals, which the engine keeps as text, as a number."""
    return {name: _number(value) for name, value in pairs}


def _number(value: FactValue) -> FactValue | float:
    decimal = isinstance(value, str) and value.lstrip("-").replace(".", "", 1).isdecimal()
    return float(value) if decimal and value is not None else value


def _closed(made: Decision) -> Line:
    """What is not to be trained, where anything is."""
    told: Line = {"lock": True} if made.lock else {}
    days = {"lock_until": made.lock_until, "rest_until": made.rest_until}
    told |= {name: day.isoformat() for name, day in days.items() if day}
    return told | ({"stops": list(made.stops)} if made.stops else {})
