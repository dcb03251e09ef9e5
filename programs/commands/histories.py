"""A history as a person writes it, to the engine's state and the events that follow.

docs/progression.md explains the format; docs/examples/history.schema.json is its schema.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple, cast

from programs.commands.shapes import (
    DAY,
    FLAG,
    NULL,
    TEXT,
    YES,
    FileError,
    Shape,
    as_schema,
    either,
    fields,
    named,
    number,
    read_json,
    rows,
    whole,
    words,
)
from programs.progression import Ruleset, check_ladder
from programs.progression.types import (
    Bounds,
    Dose,
    Epoch,
    Limits,
    Side,
    SideState,
    Span,
    State,
    Step,
    Unit,
)
from programs.shapes import Fault

GRAMS = {"load_kg": Fraction(1000), "load_lb": Fraction("453.59237")}
TENTHS = 10  # of a pound, in a span
DAY_BEFORE = timedelta(days=1)  # the dose was given then, so that all of the first day is later
SIDES = ("left", "right")
USUAL: dict[str, list[Any]] = {
    "sets": [1, 10],
    "reps": [1, 50],
    "load_kg": [0, 500, 0.5],
    "load_lb": [0, 1000, 5],
    "band": [1, 6],
}
LOADS = {"load_kg": number(0, 1000), "load_lb": number(0, 2000)}
POINTS = either(whole(0, 10), NULL)
DOSE = {
    "sets": whole(1, 10),
    "reps": whole(1, 100),
    **{name: whole(0, 600) for name in ("hold_s", "up_s", "top_s", "down_s", "rest_s")},
    **LOADS,
    "band": whole(1, 12),
    "range_deg": whole(1, 180),
    "per_week": whole(1, 21),
}
SET = either(
    whole(0, 200),
    NULL,
    fields(
        {
            "reps": either(whole(0, 200), NULL),
            "hold_s": whole(0, 600),
            **LOADS,
            "band": whole(1, 12),
            "effort": POINTS,
        }
    ),
)
SETS = either(rows(SET, 1, 20), fields({side: rows(SET, 1, 20) for side in SIDES}))
PARTS = dict.fromkeys(("before", "during", "after"), POINTS)
PAIN = either(
    POINTS,
    fields({**PARTS, **{side: either(POINTS, fields(PARTS)) for side in SIDES}}),
)
FEEL = either(words("better", "same", "worse"), NULL)
TOLD = {
    "sets": SETS,
    "reps": SETS,
    "pain": PAIN,
    "effort": POINTS,
    "morning": FEEL,
    "morning_pain": POINTS,
    "usual_pain": POINTS,
    "source": words("live", "backfilled", "staff"),
    "stop_reason": TEXT,
    "soreness": words("none", "gone", "persists", "returns"),
    "soreness_later": FLAG,
    "soreness_kind": words("joint", "muscle"),
    "swelling": FLAG,
    "pain_place": TEXT,
    "red_flags": rows(TEXT),
}
FULL_DOSE = fields(DOSE, ("sets", "reps"))
SPAN = rows(number(0, 2000), 2, 3)
RUNG = fields(
    {
        "key": TEXT,
        "dose": FULL_DOSE,
        "bounds": fields(dict.fromkeys(DOSE, SPAN)),
        "both": FLAG,
        "equipment": rows(TEXT),
        "resisted": FLAG,
    },
    ("key",),
)
START = fields(
    {
        "on": DAY,
        "sides": rows(words(*SIDES), 1, 2),
        "dose": FULL_DOSE,
        "unit": words("kg", "lb"),
        "ladder": rows(RUNG, 1, 50),
        "step": TEXT,
        "limits": fields(
            {
                "largest_step_percent": whole(1, 100),
                "pain_limit": POINTS,
                "approval_steps": rows(TEXT),
                "resisted_date_required": FLAG,
                "resisted_not_before": DAY,
            }
        ),
        "equipment": rows(TEXT),
        "weekdays": rows(whole(0, 6), 1, 7),
        "surgery_on": DAY,
        "phase_on": DAY,
    }
)
EVENTS: dict[str, Shape] = {
    "session": either(words("as planned"), fields(TOLD)),
    "morning": either(FEEL, fields({"feel": FEEL, "pain": POINTS})),
    "correct": fields({"session": TEXT, **TOLD}, ("session",)),
    "entry": named(either(number(-10_000, 10_000), FLAG, TEXT)),
    "accept": YES,
    "dose": fields({**DOSE, "side": words(*SIDES), "step": TEXT}),
    "undo": words(*SIDES),
    "red_flag": TEXT,
    "clear": YES,
    "pause": YES,
    "resume": YES,
    "day": YES,
}
HISTORY = fields(
    {
        "$schema": TEXT,
        "note": TEXT,
        "start": START,
        "events": rows(fields({"on": DAY, "note": TEXT, **EVENTS}, ("on",), one=tuple(EVENTS)), 1),
    },
    ("start", "events"),
)


def history_schema() -> dict[str, Any]:
    """The JSON Schema of a history, as docs/examples/history.schema.json has it."""
    return as_schema(
        HISTORY,
        "Flexion history, for manage.py progression run: see docs/progression.md",
        points=POINTS,
        sets=SETS,
        set=SET,
        pain=PAIN,
        parts=fields(PARTS),
        dose=FULL_DOSE,
        kg=LOADS["load_kg"],
        lb=LOADS["load_lb"],
        seconds=whole(0, 600),
        span=SPAN,
        session=fields(TOLD),
        word=TEXT,
        day=DAY,
        yes=YES,
    )


class Event(NamedTuple):
    """One thing that happened: its kind (a key of EVENTS), its day, what was told, its path."""

    kind: str
    on: date
    told: Any
    path: str


class Told(NamedTuple):
    """A whole history, checked: where it starts, which days are due, and what then happened."""

    state: State
    weekdays: frozenset[int]
    events: tuple[Event, ...]


def read_history(text: str, ruleset: Ruleset) -> Told:
    """The history of a JSON text, for these rules. Raises FileError with every fault."""
    raw = read_json(text)
    faults = list(HISTORY.check(raw, "$")) or list(_meaning(raw))
    if faults:
        raise FileError(faults)
    events = tuple(_event(each, f"$.events[{n}]") for n, each in enumerate(raw["events"]))
    start = raw["start"]
    state = _state(start, ruleset, events[0].on)
    if faults := list(_ladder_faults(start, ruleset, state)):
        raise FileError(faults)
    return Told(state, frozenset(start.get("weekdays", ())), events)


def _event(node: Mapping[str, Any], path: str) -> Event:
    kind = next(each for each in EVENTS if each in node)
    return Event(kind, date.fromisoformat(node["on"]), node[kind], f"{path}.{kind}")


def _meaning(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """What a shape can't say: days in order, steps that exist, one unit a load."""
    start, events = raw["start"], raw["events"]
    days = [start.get("on", "")] + [each["on"] for each in events]
    for index, (earlier, later) in enumerate(pairwise(days)):
        if later < earlier:
            yield Fault("out_of_order", f"$.events[{index}].on", f"{later} is before {earlier}")
    ladder = start.get("ladder", [])
    if not ladder and "dose" not in start:
        yield Fault("missing_key", "$.start.dose", "a dose, or a ladder whose steps have one")
    for index, rung in enumerate(ladder):
        if "dose" not in rung and "dose" not in start:
            yield Fault("missing_key", f"$.start.ladder[{index}].dose", "missing")
    keys = [rung["key"] for rung in ladder] or ["step"]
    steps = [("$.start.step", start.get("step", keys[0]))]
    steps += [
        (f"$.events[{n}].dose.step", each["dose"].get("step", keys[0]))
        for n, each in enumerate(events)
        if "dose" in each
    ]
    for path, step in steps:
        if step not in keys:
            yield Fault("unknown_word", path, f"one of the ladder: {', '.join(keys)}")
    yield from _two_units(raw, "$")


def _two_units(node: Any, path: str) -> Iterator[Fault]:
    children: list[tuple[str, Any]] = list(node.items()) if isinstance(node, dict) else []
    if isinstance(node, list):
        children = [(f"[{index}]", each) for index, each in enumerate(node)]
    elif isinstance(node, dict) and GRAMS.keys() <= node.keys():
        yield Fault("unit_mismatch", path, "load_kg or load_lb, not both")
    for key, each in children:
        yield from _two_units(each, path + (key if key.startswith("[") else f".{key}"))


def _ladder_faults(start: Mapping[str, Any], ruleset: Ruleset, state: State) -> Iterator[Fault]:
    shown = "$.start.ladder" if "ladder" in start else "$.start"
    for fault in check_ladder(ruleset, state.ladder, state.limits):
        path = fault.path.replace("ladder", shown, 1) if "ladder" in start else shown
        yield fault._replace(path=path)
    own = state.sides[0]
    here = state.ladder[own.step]._replace(entry=own.dose)
    if own.dose != state.ladder[own.step].entry:
        for fault in check_ladder(ruleset, (here,), state.limits):
            if ".entry." in fault.path:
                yield fault._replace(path=fault.path.replace("ladder[0].entry", "$.start.dose"))


def _state(start: Mapping[str, Any], ruleset: Ruleset, first: date) -> State:
    needed = tuple(ruleset.raw.get("requires", {}).get("equipment", ())[:1])
    nodes = start.get("ladder", [{"key": "step"}])
    ladder = tuple(_step({"dose": start.get("dose"), **node}, needed) for node in nodes)
    begun = date.fromisoformat(start["on"]) if "on" in start else first
    step = [each.key for each in ladder].index(start.get("step", ladder[0].key))
    dose = dose_of(start["dose"]) if "dose" in start else ladder[step].entry
    epoch = Epoch(datetime.combine(begun, time(), UTC) - DAY_BEFORE)
    sides = start.get("sides", ["left"])
    owned = {each for rung in ladder for each in rung.equipment}
    return State(
        ladder,
        tuple(
            SideState(cast(Side, side), step, dose, f"{side}-1", epoch)
            for side in SIDES
            if side in sides
        ),
        limits=_limits(start.get("limits", {})),
        equipment=tuple(start.get("equipment", sorted(owned))),
        started_on=begun,
        surgery_on=_day(start, "surgery_on"),
        phase_on=_day(start, "phase_on"),
        unit=cast(Unit, start.get("unit", "kg")),
    )


def _day(node: Mapping[str, Any], key: str) -> date | None:
    return date.fromisoformat(node[key]) if key in node else None


def _limits(node: Mapping[str, Any]) -> Limits:
    told = {**node, "resisted_not_before": _day(node, "resisted_not_before")}
    if "approval_steps" in node:
        told["approval_steps"] = tuple(node["approval_steps"])
    return Limits(**told)


def _step(node: Mapping[str, Any], needed: tuple[str, ...]) -> Step:
    entry = dose_of(node["dose"])
    return Step(
        node["key"],
        entry,
        _bounds({**_usual_bounds(node["dose"]), **node.get("bounds", {})}),
        "both" if node.get("both") else "each",
        tuple(node.get("equipment", needed)),
        node.get("resisted", False),
    )


def _usual_bounds(dose: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Where nothing is said: 1-10 sets, 1-50 reps; a load by 0.5 kg or 5 lb; bands 1-6."""
    used = {"sets", "reps", *dose}
    return {name: span for name, span in USUAL.items() if name in used}


def _bounds(node: Mapping[str, list[Any]]) -> Bounds:
    spans: dict[str, Span] = {}
    for name, given in node.items():
        unit = {"load_kg": 1000, "load_lb": TENTHS}.get(name, 1)
        low, high, step = (int(Fraction(str(each)) * unit) for each in (*given, 1)[:3])
        name, pounds = "load_g" if name in GRAMS else name, name == "load_lb"
        spans[name] = Span(low, high, max(1, step), pounds)
    return Bounds(**spans)


def dose_of(node: Mapping[str, Any], base: Dose | None = None) -> Dose:
    """The engine's dose of a written one; what it leaves out is as in `base`."""
    told = {key: value for key, value in node.items() if key in Dose._fields}
    if (load := grams(node)) is not None:
        told["load_g"] = load
    return base._replace(**told) if base else Dose(**told)


def grams(node: Mapping[str, Any]) -> int | None:
    """The load that a dose or a set tells, in whole grams."""
    key = next((each for each in GRAMS if each in node), None)
    return None if key is None else round(Fraction(str(node[key])) * GRAMS[key])
