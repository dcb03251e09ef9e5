"""Locks, pauses and rest; whom a rise waits for; the doses to which a step down returns."""

from datetime import date, timedelta
from typing import Any

import pytest

from programs.progression import decide, replay
from programs.progression.engine import red_flagged
from programs.progression.types import (
    Decision,
    Dose,
    GoodDose,
    History,
    Limits,
    Notice,
    RedFlag,
    Snapshot,
)
from tests.programs.progression.hearing import DOWN, HOLD, ONE, TELL, UP, day, hear, left, own
from tests.programs.progression.small import HURTS, MORE, rule, small
from tests.programs.progression.story import NOON, START, log, state_of

# locks, pauses, what is closed


@pytest.mark.parametrize(
    ("until", "outcome"), [(None, "locked"), (1, "changed"), (0, "changed"), (2, "locked")]
)
def test_a_lock_for_some_days_opens_on_its_day(until: int | None, outcome: str) -> None:
    day_of = None if until is None else START + timedelta(days=until)
    made = hear(small(MORE), day(0), state=ONE._replace(locked=True, locked_until=day_of))
    assert (left(made).outcome, made.lock) == (outcome, False)


def test_a_paused_program_only_stops() -> None:
    stop = rule(HURTS, id="end", tier="stop", test={"fact": "pain", "ge": 9}, then=[{"do": "lock"}])
    paused = ONE._replace(paused=True)
    made = hear(small(stop, MORE), day(0, 7), state=paused)
    assert (left(made).outcome, left(made).after, made.lock) == ("paused", paused.sides[0], False)
    made = hear(small(stop, MORE), day(0, 9), state=paused)
    assert (left(made).outcome, made.lock) == ("locked", True)


def close(*actions: Any, tier: str = "hold") -> Decision:
    rules = [
        rule(HOLD, id=f"r{n}", tier=tier, test={"fact": "sets_met"}, then=[each])
        for n, each in enumerate(actions)
    ]
    return hear(small(*rules), day(0))


@pytest.mark.parametrize(
    ("days", "until"),
    [((3,), 3), ((3, 5), 5), ((5, 3), 5), ((None,), None), ((3, None), None), ((None, 3), None)],
)
def test_the_longest_lock_holds_and_one_without_an_end_has_none(days: Any, until: Any) -> None:
    actions = ({"do": "lock", **({} if each is None else {"days": each})} for each in days)
    made = close(*actions)
    assert made.lock
    assert made.lock_until == (None if until is None else START + timedelta(days=1 + until))
    assert left(made).outcome == "locked"


@pytest.mark.parametrize(
    ("actions", "until"),
    [
        ([{"until": "2026-03-09"}], date(2026, 3, 9)),
        ([{"until": "2026-03-09"}, {"days": 2}], date(2026, 3, 9)),
        ([{"until": "2026-03-09"}, {"days": 9}], date(2026, 3, 12)),
        ([{"until": "2026-03-09"}, {}], None),
        ([{"until": "2026-03-03"}, {"days": 2}], date(2026, 3, 5)),
    ],
)
def test_a_lock_may_last_until_a_day(actions: Any, until: date | None) -> None:
    made = close(*({"do": "lock", **each} for each in actions))
    assert (made.lock, made.lock_until) == (True, until)


def test_a_lock_until_a_day_that_has_come_locks_no_more() -> None:
    made = close({"do": "lock", "until": "2026-03-03"})
    assert (made.lock, made.lock_until, left(made).outcome) == (False, None, "kept")


def test_rest_stops_and_notices_are_gathered() -> None:
    made = close(
        {"do": "rest", "days": 1}, {"do": "rest", "days": 2}, {"do": "stop", "what": "session"},
        {"do": "stop", "what": "session"}, {"do": "stop", "what": "exercise"}, {"do": "flag",
         "kind": "b"}, {"do": "flag", "kind": "a"},
    )  # fmt: skip
    assert (made.rest_until, made.stops) == (START + timedelta(days=3), ("exercise", "session"))
    assert made.notices == (Notice("clinician", "a", "r6"), Notice("clinician", "b", "r5"))
    assert (made.lock, made.lock_until) == (False, None)


def test_what_both_sides_tell_is_told_once() -> None:
    state = state_of(Dose(2, 8), sides=("left", "right"))
    made = hear(small(TELL), log(state, 0), state=state)
    assert made.notices == (Notice("clinician", "flag", "tell"),)


@pytest.mark.parametrize(("cleared", "flagged"), [(None, True), (-1, True), (0, False), (1, False)])
def test_a_red_flag_counts_until_it_is_cleared(cleared: int | None, flagged: bool) -> None:
    at = None if cleared is None else NOON + timedelta(hours=cleared)
    state = ONE._replace(cleared_at=at)
    session = day(0, red_flags=("calf",))._replace(recorded_at=NOON)
    older = day(-9, red_flags=("calf",))
    told = History((), START, (RedFlag("calf", NOON), RedFlag("old", NOON - timedelta(days=9))))
    assert red_flagged(state, History((older, session))) is flagged
    assert red_flagged(state, told) is flagged
    assert red_flagged(state, History((day(0),))) is False


def test_a_session_told_before_a_clearance_lowers_but_locks_no_more() -> None:
    locks = rule(
        HURTS, id="end", tier="stop", test={"fact": "pain", "ge": 9}, then=[{"do": "lock"}]
    )
    session = day(0, 9)._replace(recorded_at=NOON)
    for hours, fired in ((None, ["end", "hurts"]), (-1, ["end", "hurts"]), (0, ["hurts"])):
        at = None if hours is None else NOON + timedelta(hours=hours)
        made = hear(small(locks), session, state=ONE._replace(cleared_at=at))
        assert [each.rule for each in left(made).fired] == fired
        assert made.lock is ("end" in fired)


def test_a_snapshot_replays_with_what_caused_it() -> None:
    sessions = (day(0, 7), day(2))
    history, now = History(sessions, START), NOON + timedelta(days=3)
    snapshot = Snapshot(ONE, history, now, "correction", ("s0",))
    made = replay(small(), snapshot)
    assert made == decide(small(), ONE, history, now, trigger="correction", caused_by=("s0",))
    assert (left(made).rule, made.trigger, made.caused_by) == ("hurts", "correction", ("s0",))


# approval


@pytest.mark.parametrize(
    ("steps", "approval", "outcome"),
    [
        (("*",), "propose", "proposed"), (("c",), "propose", "proposed"),
        (("b",), "auto", "changed"),
        ((), "auto", "changed"),
    ],
)  # fmt: skip
def test_a_step_up_waits_for_a_person_where_the_clinic_wants_it(
    steps: Any, approval: str, outcome: str
) -> None:
    state = ONE._replace(limits=Limits(approval_steps=steps))
    made = left(hear(small(rule(MORE, then=[UP])), day(0), state=state))
    assert (made.approval, made.outcome, made.after.step) == (approval, outcome, 2)


@pytest.mark.parametrize(
    ("approval", "action", "asked"),
    [
        ("auto", MORE["then"][0], "auto"), ("propose", MORE["then"][0], "propose"),
        ("clinician", MORE["then"][0], "clinician"), ("clinician", UP, "clinician"),
        ("auto", {"do": "propose", "of": MORE["then"][0]}, "propose"),
        ("clinician", {"do": "propose", "of": MORE["then"][0]}, "clinician"),
    ],
)  # fmt: skip
def test_the_strictest_approval_counts(approval: str, action: Any, asked: str) -> None:
    made = hear(small(rule(MORE, approval=approval, then=[action])), day(0))
    assert left(made).approval == asked
    assert (made.changed, made.proposed) == (asked == "auto", asked != "auto")


# the doses to which a step down returns


def test_a_dose_left_for_pain_is_forgotten_and_lower_ones_of_its_step_are_kept() -> None:
    good = (
        GoodDose(0, Dose(9, 9)),
        GoodDose(1, Dose(2, 6)),
        GoodDose(1, Dose(2, 8)),
        GoodDose(1, Dose(3, 4)),
    )
    made = left(hear(small(), day(0, 7), state=own(good=good)))
    assert made.after.good == (GoodDose(0, Dose(9, 9)), GoodDose(1, Dose(2, 6)))


@pytest.mark.parametrize(
    ("tier", "kept"), [("regress", False), ("stop", False), ("deload", True), ("hold", True)]
)
def test_only_what_is_left_for_pain_is_forgotten(tier: str, kept: bool) -> None:
    less = rule(HURTS, id="less", tier=tier, test={"fact": "effort", "ge": 1}, then=[DOWN])
    made = left(hear(small(less), day(0), state=own(good=(GoodDose(1, Dose(9, 9)),))))
    assert (made.after.good == (GoodDose(1, Dose(2, 8)),)) is kept
    assert (made.after.step, made.after.lowered_on) == (0, date(2026, 3, 3))
