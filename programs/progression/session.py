"""Rules within a session: the sets that differ, and the load of a set that follows another.

What follows is a finite table, worked out beforehand, so that a phone can look it up offline.
"""

from __future__ import annotations

from datetime import date
from math import floor
from typing import TYPE_CHECKING, NamedTuple

from programs.progression.doses import bounded, largest
from programs.progression.facts import NOTHING, Context, is_unsure
from programs.progression.language import Compiler
from programs.progression.numbers import Node, Table, Value
from programs.progression.types import History, Side, State

if TYPE_CHECKING:
    from programs.progression.rules import Ruleset

NO_HISTORY = History()


class PlanRow(NamedTuple):
    """One set of the plan, where it differs from the dose. `follows`: the number of a set."""

    reps: Value | None = None
    percent: Value | None = None
    max_reps: bool = False
    follows: int | None = None


class Follow(NamedTuple):
    """What a set was ("reps" or "effort") to the change of the next one's load in kg."""

    fact: str
    table: Table


class PlannedSet(NamedTuple):
    """A set to be done; `load_g` None: bodyweight, or not known before the set it follows."""

    number: int
    reps: int
    load_g: int | None
    max_reps: bool = False
    follows: int | None = None


class NextLoad(NamedTuple):
    """From `low` to `high` (None: no end) of what was done, the next load is `load_g`."""

    low: int
    high: int | None
    load_g: int
    status: str = ""


def compile_plan(compiler: Compiler, nodes: list[Node]) -> tuple[PlanRow, ...]:
    """The plan's rows; a fault where a set follows itself or a later one."""
    rows = []
    for index, node in enumerate(nodes):
        path, follows = f"$.plan[{index}]", node.get("follows")
        if follows is not None and follows > index:
            compiler.fault("out_of_range", f"{path}.follows", "an earlier set")
        reps, percent = (
            compiler.number(node[key], f"{path}.{key}", "side") if key in node else None
            for key in ("reps", "percent")
        )
        rows.append(PlanRow(reps, percent, node.get("max", False), follows))
    return tuple(rows)


def planned_sets(
    ruleset: Ruleset, state: State, side: Side, history: History = NO_HISTORY
) -> tuple[PlannedSet, ...]:
    """The sets of one side's next session, as the dose and the ruleset's plan say."""
    context = _context(state, side, history)
    rows = (*ruleset.plan, *[PlanRow()] * context.dose.sets)
    return tuple(_planned(context, rows[n], n + 1) for n in range(context.dose.sets))


def _planned(context: Context, row: PlanRow, number: int) -> PlannedSet:
    dose, span = context.dose, context.step.bounds.load_g
    reps, percent = (
        value.read(context, NOTHING) if value else None for value in (row.reps, row.percent)
    )
    load = None if row.follows else dose.load_g
    if load is not None and span is not None and percent is not None:
        load = bounded(span, floor(load * percent / 100))
    aim = dose.reps if reps is None or is_unsure(reps) else floor(reps)
    return PlannedSet(number, aim, load, row.max_reps, row.follows)


def next_set(
    ruleset: Ruleset, state: State, side: Side, number: int, load_g: int
) -> tuple[NextLoad, ...]:
    """The load of set `number` by what was done in the set it follows, done with `load_g` grams.

    Empty where the set follows none. What no row covers was never published: see `next_load`.
    """
    row = ruleset.plan[number - 1] if number <= len(ruleset.plan) else PlanRow()
    context, follow = _context(state, side, NO_HISTORY), ruleset.follow
    span = context.step.bounds.load_g
    if row.follows is None or follow is None or span is None:
        return ()
    made = []
    for each, change in follow.table.changes(context):
        wanted = min(load_g + round(change * 1000), largest(context, load_g))
        made.append(NextLoad(each.low, each.high, bounded(span, wanted), each.status))
    return tuple(made)


def next_load(rows: tuple[NextLoad, ...], done: int | None, load_g: int) -> tuple[int, bool]:
    """The load that `done` (reps or effort) leads to, and whether a row covers it; else kept."""
    for row in rows:
        if done is not None and row.low <= done and (row.high is None or done <= row.high):
            return row.load_g, True
    return load_g, False


def _context(state: State, side: Side, history: History) -> Context:
    return Context(state, state.side(side), history, history.today or state.started_on or date.min)
