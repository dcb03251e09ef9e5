"""What is taken where nothing is said, and the small questions that values answer."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from programs.progression import NextLoad, PlannedSet
from programs.progression.types import (
    Bounds,
    Decision,
    Dose,
    Epoch,
    Evidence,
    FiredRule,
    History,
    Limits,
    Message,
    Missing,
    Notice,
    Pain,
    SessionFact,
    SetFact,
    SideDecision,
    Snapshot,
    Span,
    State,
    Step,
    Suppressed,
    source_of,
)
from tests.programs.progression.story import NOON, START, state_of

OWN = state_of().sides[0]


def test_a_dose_by_itself() -> None:
    assert Dose(2, 8) == Dose(2, 8, 0, 2, 1, 3, 60, None, None, None, 3)
    assert (Dose(2, 8)[3:6], Dose(2, 8).load_kg) == ((2, 1, 3), None)
    assert Dose(2, 8, load_g=2500).load_kg == Decimal("2.5")


def test_bounds_and_steps_by_themselves() -> None:
    assert Span(1, 2) == Span(1, 2, 1, False)
    assert set(Bounds()) == {None}
    assert Step("a", Dose(2, 8), Bounds()) == Step("a", Dose(2, 8), Bounds(), "each", (), False)


def test_limits_and_a_state_by_themselves() -> None:
    assert Limits() == Limits(10, None, ("*",), False, None)
    assert State((), ()) == State(
        (), (), False, False, None, Limits(), (), None, None, None, None, "kg"
    )
    assert Epoch(NOON) == Epoch(NOON, None, 0)
    assert OWN[5:] == (None, None, (), (), (), ())


def test_what_is_logged_by_itself() -> None:
    assert SetFact("left", 1, 2, 8, None, "v")[6:] == (0, None, None, None, None, False)
    assert Pain() == Pain(None, None, None, None)
    assert Pain.one_tap(4) == Pain(None, None, 4, 4)
    assert Pain.one_tap(None, "left") == Pain("left")
    assert SessionFact("s", START, NOON, NOON)[4:] == (
        "live", (), (), None, None, None, None, None, (), (),
    )  # fmt: skip
    assert History() == History((), None, (), (), ())


def test_a_record_by_itself() -> None:
    assert (FiredRule("r", "hold").evidence, Suppressed("r", "x").numbers) == ((), ())
    assert (Missing("r", "pain").session, Notice("patient", "k", "r").urgent) == (None, False)
    assert SideDecision("left", OWN, OWN, "kept")[4:] == ("auto", None, (), (), (), (), None, None)
    assert Decision("r", "v", "decision", NOON, ())[5:] == (
        (), False, (), "rules", "", None, None, (),
    )  # fmt: skip
    assert Snapshot(state_of(), History(), NOON)[3:] == ("decision", ())
    assert (Message("m").numbers, Evidence(None, ()).values) == ((), ())
    assert (PlannedSet(1, 8, None)[3:], NextLoad(0, 1, 2).status) == ((False, None), "")


def test_a_side_is_found_by_its_name() -> None:
    state = state_of(sides=("left", "right"))
    assert [state.side(side).side for side in ("left", "right")] == ["left", "right"]
    with pytest.raises(KeyError):
        state.side("both")


@pytest.mark.parametrize(
    ("lock", "outcomes", "changed", "proposed"),
    [
        (False, ("kept", "kept"), False, False), (True, ("locked",), True, False),
        (False, ("kept", "changed"), True, False), (False, ("proposed", "kept"), False, True),
        (False, ("proposed", "changed"), True, True), (False, (), False, False),
    ],
)  # fmt: skip
def test_a_decision_changes_or_proposes_something(
    lock: bool, outcomes: tuple[str, ...], changed: bool, proposed: bool
) -> None:
    sides = tuple(SideDecision("left", OWN, OWN, each) for each in outcomes)
    made = Decision("r", "v", "decision", NOON, sides, lock=lock)
    assert (made.changed, made.proposed) == (changed, proposed)


@pytest.mark.parametrize(
    ("made", "received", "source"),
    [
        (0, 0, "live"), (0, 72 * 60, "live"), (0, 72 * 60 + 1, "backfilled"), (5, 0, "live"),
        (6, 0, "backfilled"), (0, 8 * 24 * 60, "backfilled"),
    ],
)  # fmt: skip
def test_what_the_player_sent_is_live_for_three_days(made: int, received: int, source: str) -> None:
    start = datetime(2026, 3, 10, tzinfo=UTC)
    made_at, received_at = (start + timedelta(minutes=each) for each in (made, received))
    assert source_of(made_at=made_at, received_at=received_at, entered="player") == source
    assert source_of(made_at=made_at, received_at=received_at, entered="form") == "backfilled"
    assert source_of(made_at=made_at, received_at=received_at, entered="staff") == "staff"
