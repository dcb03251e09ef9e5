"""What a person does to a dose: accept, override, undo, clear; each in full."""

from datetime import timedelta
from typing import Any

import pytest

from programs.progression import accept, apply, clear, override, stale, undo
from programs.progression.types import (
    Decision,
    Dose,
    Epoch,
    Firing,
    History,
    Side,
    SideDecision,
    State,
)
from tests.programs.progression.hearing import hear
from tests.programs.progression.small import HURTS, MORE, rule, small
from tests.programs.progression.story import NOON, START, log, state_of

BOTH = state_of(Dose(2, 8), sides=("left", "right"))
NEW: dict[Side, str] = {"left": "new-l", "right": "new-r"}
LATER = NOON + timedelta(days=9)
RISES = small(MORE)
ASKS = small(rule(MORE, approval="propose"))


def heard(ruleset: Any = RISES, state: State = BOTH) -> Decision:
    return hear(ruleset, log(state, 0), state=state)


def test_what_changed_is_applied_under_its_new_version() -> None:
    made = heard()
    state = apply(BOTH, made, NEW)
    assert [(own.dose.reps, own.dose_version) for own in state.sides] == [
        (10, "new-l"),
        (10, "new-r"),
    ]
    assert state.side("left").epoch == made.side("left").after.epoch
    assert (state.locked, state.locked_until) == (False, None)


def test_what_was_kept_keeps_its_version_and_its_bookkeeping() -> None:
    hold = rule(
        HURTS,
        tier="hold",
        id="hold",
        test={"fact": "sets_met"},
        then=[{"do": "hold"}],
        cool_down_days=3,
    )
    state = apply(BOTH, heard(small(hold)), NEW)
    assert [own.dose_version for own in state.sides] == ["left-0", "right-0"]
    assert [each.rule for each in state.side("left").firings] == ["hold"]


def test_a_proposal_changes_nothing_until_it_is_accepted() -> None:
    made = heard(ASKS)
    assert apply(BOTH, made, NEW) == BOTH
    state = accept(BOTH, made, LATER, NEW)
    assert [(own.dose.reps, own.dose_version) for own in state.sides] == [
        (10, "new-l"),
        (10, "new-r"),
    ]
    assert state.side("left").epoch == Epoch(LATER, "s0", 1)


def test_one_side_of_a_proposal_may_be_accepted() -> None:
    state = accept(BOTH, heard(ASKS), LATER, NEW, ("right",))
    assert [own.dose.reps for own in state.sides] == [8, 10]
    assert accept(BOTH, heard(), LATER, NEW) == BOTH


@pytest.mark.parametrize(("locked", "days"), [(True, None), (True, 3), (False, 3)])
def test_a_lock_is_applied_with_its_end(locked: bool, days: int | None) -> None:
    until = None if days is None else START + timedelta(days=days)
    made = heard()._replace(lock=locked, lock_until=until)
    state = apply(BOTH._replace(locked_until=START), made, NEW)
    assert (state.locked, state.locked_until) == (locked, until if locked else START)
    assert apply(BOTH._replace(locked=True), heard(), NEW).locked


def test_a_clearance_opens_and_is_remembered() -> None:
    state = clear(BOTH._replace(locked=True, locked_until=START), now=LATER)
    assert (state.locked, state.locked_until, state.cleared_at) == (False, None, LATER)


# stale


def test_a_proposal_is_stale_only_for_a_newer_log_of_its_side() -> None:
    made, session = heard(ASKS), log(BOTH, 0)
    assert stale(BOTH, made, History((session,)), "left") is None
    same = log(BOTH, -3)._replace(recorded_at=session.recorded_at)
    assert stale(BOTH, made, History((same, session)), "left") is None
    other = log(BOTH, 2, sets=log(BOTH, 2).sets[2:], pains=())
    assert stale(BOTH, made, History((session, other)), "left") is None
    assert stale(BOTH, made, History((session, other)), "right") == "new_fact"


def test_a_proposal_from_before_any_log_is_stale_with_the_first() -> None:
    anyway = small(rule(MORE, approval="propose", test={"fact": "step", "eq": 1}))
    made = hear(anyway, state=BOTH)
    assert stale(BOTH, made, History(), "left") is None
    assert stale(BOTH, made, History((log(BOTH, 0),)), "left") == "new_fact"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"locked": True}, "locked"),
        ({"paused": True}, "paused"),
        ({"locked": True, "paused": True}, "locked"),
    ],
)
def test_nothing_is_accepted_while_locked_or_paused(changes: Any, why: str) -> None:
    assert stale(BOTH._replace(**changes), heard(ASKS), History(), "left") == why


def test_a_proposal_for_another_dose_is_stale() -> None:
    moved = BOTH._replace(sides=(BOTH.sides[0]._replace(dose_version="x"), BOTH.sides[1]))
    assert stale(moved, heard(ASKS), History(), "left") == "dose_changed"
    assert stale(moved, heard(ASKS), History(), "right") is None


# by hand


def by_hand(step: int = 2) -> Decision:
    dose = Dose(1, 5)
    return override(BOTH, "left", step=step, dose=dose, now=LATER, reason="visit")


def test_an_override_in_full() -> None:
    made, own = by_hand(), BOTH.side("left")
    after = own._replace(step=2, dose=Dose(1, 5), epoch=Epoch(LATER, None, 1))
    assert made == Decision(
        "", "", "clinician.entry", LATER,
        (SideDecision("left", own, after, "changed", "clinician"),
         SideDecision("right", BOTH.side("right"), BOTH.side("right"), "kept")),
        by="override", reason="visit",
    )  # fmt: skip
    assert apply(BOTH, made, NEW).side("left").dose_version == "new-l"


@pytest.mark.parametrize("step", [-1, 3])
def test_an_override_stays_on_the_ladder(step: int) -> None:
    with pytest.raises(ValueError, match=str(step)):
        by_hand(step=step)
    assert by_hand(step=0).side("left").after.step == 0


def test_undo_restores_all_but_the_epoch_and_what_fired() -> None:
    first = by_hand()
    state = apply(BOTH, first, NEW)
    fired = (Firing("x", START, NOON),)
    one, two = state.sides
    state = state._replace(sides=(one._replace(firings=fired), two))
    back = undo(state, first, "left", now=LATER, reason="wrong side")
    assert back.side("left").after == BOTH.side("left")._replace(
        epoch=Epoch(LATER, None, 2), firings=fired
    )
    assert (back.by, back.reason, back.trigger, back.at) == (
        "undo",
        "wrong side",
        "clinician.entry",
        LATER,
    )
    assert (back.side("left").outcome, back.side("right").outcome) == ("changed", "kept")
    assert back.side("left").before == state.side("left")


def test_only_the_latest_change_of_a_side_is_undone() -> None:
    made = heard()
    state = apply(BOTH, made, NEW)
    assert undo(state, made, "left", now=LATER, reason="").side("left").after.dose.reps == 8
    kept = heard(small())
    with pytest.raises(ValueError, match="latest"):
        undo(BOTH, kept, "left", now=LATER, reason="")
    with pytest.raises(ValueError, match="latest"):
        undo(BOTH, made, "left", now=LATER, reason="")
