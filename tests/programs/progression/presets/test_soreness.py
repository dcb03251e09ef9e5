"""The soreness rules: every row, the derived one, and the cell that was never published."""

from typing import Any

import pytest

from programs.progression import load_preset
from programs.progression.types import Decision
from tests.programs.progression.presets.given import dose_after, floor_work, hear, preset
from tests.programs.progression.story import log


def after(
    soreness: Any, later: Any = None, kind: Any = "joint", trigger: str = "decision", **values: Any
) -> Decision:
    """The decision after a session with this soreness; None is not answered."""
    told = {"soreness": soreness, "soreness_later": later, "soreness_kind": kind}
    answers = tuple((key, value) for key, value in told.items() if value is not None)
    state = floor_work(2, 8)
    ruleset = preset("soreness_rules", **values)
    return hear(ruleset, state, log(state, 0, answers=answers), trigger=trigger)


def rest(decision: Decision) -> int:
    """For how many days nothing is due."""
    return 0 if decision.rest_until is None else (decision.rest_until - decision.at.date()).days


def test_none_and_none_later_proposes_the_next_step() -> None:
    decision = after("none", False, None)
    assert (decision.side("left").outcome, dose_after(decision)) == ("proposed", (2, 2, 8))


def test_gone_in_the_warm_up_repeats_the_session() -> None:
    decision = after("gone", False)
    assert (decision.side("left").rule, dose_after(decision)) == ("gone", (1, 2, 8))
    assert rest(decision) == 0


@pytest.mark.parametrize("later", [False, True, None])
def test_persisting_stops_rests_two_days_and_goes_one_step_down(later: bool | None) -> None:
    decision = after("persists", later)
    assert dose_after(decision) == (0, 2, 8)
    assert (rest(decision), decision.stops) == (2, ("session",))


def test_persisting_stops_the_session_while_it_runs() -> None:
    decision = after("persists", trigger="set.end")
    assert (decision.stops, decision.side("left").outcome) == (("session",), "changed")


@pytest.mark.parametrize("soreness", ["none", "gone"])
def test_sore_later_rests_a_day_and_repeats(soreness: str) -> None:
    decision = after(soreness, True)
    assert (rest(decision), dose_after(decision)) == (1, (1, 2, 8))
    assert decision.side("left").outcome == "kept"


@pytest.mark.parametrize(("key", "end"), [("rest_after_persisting", 7), ("rest_after_later", 7)])
def test_the_rest_may_be_longer_and_never_shorter(key: str, end: int) -> None:
    soreness = "persists" if key == "rest_after_persisting" else "none"
    assert rest(after(soreness, True, **{key: end})) == end
    assert load_preset("soreness_rules").raw["parameters"][key]["min"] == {"persists": 2}.get(
        soreness, 1
    )


def test_the_row_that_joins_both_is_marked_as_derived() -> None:
    rules = {rule["id"]: rule for rule in load_preset("soreness_rules").raw["rules"]}
    assert [name for name, rule in rules.items() if "status" in rule] == ["persists_and_later"]
    assert load_preset("soreness_rules").unpublished


def test_soreness_that_returns_was_not_published_so_it_holds_and_is_flagged() -> None:
    decision = after("returns", False)
    assert (decision.side("left").outcome, dose_after(decision)) == ("kept", (1, 2, 8))
    assert "unpublished" in {notice.kind for notice in decision.notices}


@pytest.mark.parametrize("soreness", ["none", "gone", "persists"])
@pytest.mark.parametrize("later", [True, False])
def test_a_sore_muscle_never_lowers_and_rests(soreness: str, later: bool) -> None:
    decision = after(soreness, later, "muscle")
    assert rest(decision) == 0
    assert dose_after(decision)[0] >= 1


@pytest.mark.parametrize(
    ("soreness", "later", "kind", "missing"),
    [
        (None, False, "joint", "soreness"),
        ("none", None, None, "soreness_later"),
        ("persists", False, None, "soreness_kind"),
        ("none", True, None, "soreness_kind"),
    ],
)
def test_what_is_not_answered_holds_and_is_named(
    soreness: Any, later: Any, kind: Any, missing: str
) -> None:
    side = after(soreness, later, kind).side("left")
    assert side.outcome == "kept"
    assert missing in {miss.fact for miss in side.missing}


def test_soreness_is_asked_of_the_patient() -> None:
    told = {(notice.to, notice.kind) for notice in after("none", False, None).notices}
    assert {("patient", "ask:soreness"), ("patient", "ask:soreness_later")} <= told
