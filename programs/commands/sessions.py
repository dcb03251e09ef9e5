"""A session as a person writes it, to the engine's facts: what is left out went as planned."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from programs.commands.histories import grams
from programs.commands.shapes import FileError
from programs.progression import PlannedSet, Ruleset, next_load, next_set, planned_sets
from programs.progression.types import History, Pain, SessionFact, SetFact, Side, SideState, State
from programs.shapes import Fault

ANSWERS = ("soreness", "soreness_later", "soreness_kind", "swelling", "pain_place")
LATER = ("soreness_later", "swelling")  # told with the next morning
PLAIN = ("effort", "morning", "morning_pain", "usual_pain", "source", "stop_reason")
WELL: dict[str, Any] = {"pain": 0, "effort": 5, "usual_pain": 0}


def session_of(
    ruleset: Ruleset, state: State, history: History, told: Mapping[str, Any], path: str
) -> SessionFact:
    """The session as it is known when it ends; its place in time is the caller's to set."""
    at, today = state.sides[0].epoch.at, state.sides[0].epoch.at.date()
    blank = SessionFact("", today, at, at)
    now = {key: value for key, value in {**WELL, **told}.items() if not key.startswith("morning")}
    now = {key: value for key, value in now.items() if key not in LATER}
    if not {"sets", "reps"} & told.keys():
        now["sets"] = {own.side: [] for own in state.sides}
    return changed(ruleset, state, blank, now, history, path)


def changed(
    ruleset: Ruleset,
    state: State,
    fact: SessionFact,
    told: Mapping[str, Any],
    history: History | None = None,
    path: str = "",
) -> SessionFact:
    """The session with what is told now in place of what was."""
    news: dict[str, Any] = {name: told[name] for name in PLAIN if name in told}
    answers = {name: told[name] for name in ANSWERS if name in told}
    news["answers"] = tuple({**dict(fact.answers), **answers}.items())
    if "red_flags" in told:
        news["red_flags"] = tuple(told["red_flags"])
    if "pain" in told:
        news["pains"] = tuple(_pains(told["pain"], path))
    written = told.get("sets", told.get("reps"))
    if written is not None and fact.sets:
        news["sets"] = _corrected(fact.sets, _by_side(written, state, f"{path}.sets"))
    elif written is not None:
        sides = _by_side(written, state, f"{path}.sets")
        news["sets"] = tuple(
            each
            for own in state.sides
            if own.side in sides
            for each in _sets(ruleset, state, own, history or History(), sides[own.side])
        )
    return fact._replace(**news)


def _by_side(written: Any, state: State, path: str) -> dict[str, list[Any]]:
    """The sets of each side; a plain list is that of every side."""
    trained = [own.side for own in state.sides]
    if isinstance(written, list):
        return dict.fromkeys(trained, written)
    for side in written:
        if side not in trained:
            raise FileError([Fault("unknown_word", f"{path}.{side}", "that side isn't trained")])
    return dict(written)


def _sets(
    ruleset: Ruleset, state: State, own: SideState, history: History, written: list[Any]
) -> Iterator[SetFact]:
    """Every planned set and any beyond. What isn't written wasn't done; if nothing is, all were."""
    plan = planned_sets(ruleset, state, own.side, history)
    done: list[SetFact] = []
    for index in range(max(len(plan), len(written))):
        planned = plan[index] if index < len(plan) else plan[-1]._replace(number=index + 1)
        load = _load(ruleset, state, own, planned, done)
        row = _row(own, planned, len(plan), load)
        if written:
            row = _done(row, written[index] if index < len(written) else None)
        done.append(row)
    yield from done


def _load(
    ruleset: Ruleset, state: State, own: SideState, planned: PlannedSet, done: list[SetFact]
) -> int | None:
    """The planned load; of a set that follows another, the one that its table gives."""
    if planned.follows is None or ruleset.follow is None:
        return planned.load_g
    before = done[planned.follows - 1]
    if before.load_g is None:
        return planned.load_g
    table = next_set(ruleset, state, own.side, planned.number, before.load_g)
    what = before.effort if ruleset.follow.fact == "effort" else before.reps
    return next_load(table, what, before.load_g)[0]


def _row(own: SideState, planned: PlannedSet, of: int, load: int | None) -> SetFact:
    """The set as planned."""
    dose = own.dose
    return SetFact(
        own.side,
        planned.number,
        of,
        planned.reps,
        planned.reps,
        own.dose_version,
        dose.hold_s,
        dose.hold_s or None,
        load,
        dose.band,
        max_reps=planned.max_reps,
    )


def _done(row: SetFact, written: Any) -> SetFact:
    """The set as it was done: null is not done, a number its repetitions."""
    if not isinstance(written, dict):
        return row._replace(reps=written, hold_s=None if written is None else row.hold_s)
    names = ("reps", "hold_s", "band", "effort")
    told = {name: written[name] for name in names if name in written}
    load = grams(written)
    return row._replace(**told, load_g=row.load_g if load is None else load)


def _corrected(sets: tuple[SetFact, ...], sides: dict[str, list[Any]]) -> tuple[SetFact, ...]:
    """The sets of a session with other numbers, under the dose that they were done under."""

    def written(row: SetFact) -> SetFact:
        mine = sides.get(row.side)
        if mine is None:
            return row
        return _done(row, mine[row.number - 1] if row.number <= len(mine) else None)

    return tuple(map(written, sets))


def _pains(told: Any, path: str) -> Iterator[Pain]:
    """One tap, or its parts, for both sides together or for each."""
    sides = {key: told[key] for key in ("left", "right") if isinstance(told, dict) and key in told}
    if sides and len(sides) < len(told):
        hint = "either left and right, or before, during and after"
        raise FileError([Fault("unknown_key", f"{path}.pain", hint)])
    for side, value in sides.items():
        yield _pain(value, cast(Side, side))
    if not sides and told is not None:
        yield _pain(told, None)


def _pain(told: Any, side: Side | None) -> Pain:
    return Pain(side, **told) if isinstance(told, dict) else Pain.one_tap(told, side)
