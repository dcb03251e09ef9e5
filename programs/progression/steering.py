"""What a person does to a dose: apply, accept, override, undo, clear. Each is pure.

A person's change is a decision of its own and opens a new epoch; nothing is rewritten.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from programs.progression import types as t
from programs.progression.facts import view_of


def apply(state: t.State, decision: t.Decision, versions: Mapping[t.Side, str]) -> t.State:
    """The state after `decision`: changed sides under the dose version ids given by `versions`.

    A locking decision locks. Of a proposal only what rules declared is kept; see `accept`.
    """
    sides = tuple([_applied(each, versions) for each in decision.sides])
    until = decision.lock_until if decision.lock else state.locked_until
    return state._replace(sides=sides, locked=state.locked or decision.lock, locked_until=until)


def _applied(side: t.SideDecision, versions: Mapping[t.Side, str]) -> t.SideState:
    if side.outcome == "proposed":
        return side.before
    return side.after._replace(dose_version=versions[side.side]) if moved(side) else side.after


def moved(side: t.SideDecision) -> bool:
    """True if the dose or the ladder step differs, so that a new dose version is due."""
    before, after = side.before, side.after
    return before.step != after.step or before.dose != after.dose


def stale(state: t.State, decision: t.Decision, history: t.History, side: t.Side) -> str | None:
    """Why the proposal for `side` can no longer be accepted, or None.

    "locked", "paused", "dose_changed" or "new_fact" (a log of that side came or changed since).
    """
    if state.locked or state.paused:
        return "locked" if state.locked else "paused"
    proposal = decision.side(side)
    if state.side(side).dose_version != proposal.before.dose_version:
        return "dose_changed"
    seen = proposal.last_fact_at
    newer = (each for each in history.sessions if seen is None or each.recorded_at > seen)
    return "new_fact" if any(view_of(each, side) for each in newer) else None


def accept(
    state: t.State,
    decision: t.Decision,
    now: datetime,
    versions: Mapping[t.Side, str],
    sides: tuple[t.Side, ...] = (),
) -> t.State:
    """The state after a person accepted what `decision` proposed for `sides` (all if empty).

    Ask `stale` first, in the same transaction. Sides tied to an accepted one move with it.
    """
    taken = {
        each.side: each.after._replace(
            dose_version=versions[each.side], epoch=each.after.epoch._replace(at=now)
        )
        for each in decision.sides
        if each.outcome == "proposed" and (not sides or each.side in sides)
    }
    return state._replace(sides=tuple([taken.get(each.side, each) for each in state.sides]))


def override(
    state: t.State, side: t.Side, *, step: int, dose: t.Dose, now: datetime, reason: str
) -> t.Decision:
    """A clinician's own dose for `side`, as a decision. Raises ValueError outside the ladder."""
    if not 0 <= step < len(state.ladder):
        raise ValueError(f"the ladder has no step {step}")
    before = state.side(side)
    after = before._replace(step=step, dose=dose, epoch=_next(before, now))
    return _by_hand("override", state, after, now, reason)


def undo(
    state: t.State, decision: t.Decision, side: t.Side, *, now: datetime, reason: str
) -> t.Decision:
    """The decision that takes back `decision` on `side`. Raises ValueError if it isn't the latest.

    The dose before is restored and a new epoch starts, so that no streak fires it again.
    """
    done, current = decision.side(side), state.side(side)
    if done.outcome != "changed" or current.epoch.number != done.after.epoch.number:
        raise ValueError("only the latest decision of a side can be undone")
    after = done.before._replace(epoch=_next(current, now), firings=current.firings)
    return _by_hand("undo", state, after, now, reason)


def clear(state: t.State, *, now: datetime) -> t.State:
    """The state after a clinician's clearance: open, red flags received until `now` are settled."""
    return state._replace(locked=False, locked_until=None, cleared_at=now)


def _next(side: t.SideState, now: datetime) -> t.Epoch:
    return t.Epoch(at=now, session=None, number=side.epoch.number + 1)


def _by_hand(
    by: Literal["override", "undo"], state: t.State, after: t.SideState, now: datetime, reason: str
) -> t.Decision:
    sides = tuple(
        t.SideDecision(each.side, each, after, "changed", "clinician")
        if each.side == after.side
        else t.SideDecision(each.side, each, each, "kept")
        for each in state.sides
    )
    return t.Decision("", "", "clinician.entry", now, sides, by=by, reason=reason)
