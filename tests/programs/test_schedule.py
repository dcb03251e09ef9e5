"""The words of the schedule, at every boundary."""

from datetime import date, timedelta

import pytest

from programs.schedule import (
    DateRange,
    Plan,
    Slot,
    Weeks,
    adherence,
    due_slots,
    flare,
    is_done,
    missed_in_a_row,
    next_due,
    silent,
    stuck,
)

MONDAY = date(2026, 3, 2)
MON_WED_FRI = frozenset({0, 2, 4})


def day(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


def slots(*offsets: int) -> list[Slot]:
    return [Slot(day(offset)) for offset in offsets]


def plan(**changes: object) -> Plan:
    fields: dict[str, object] = {"start_on": MONDAY, "end_on": None, "weekdays": MON_WED_FRI}
    return Plan(**(fields | changes))


def due_days(of: Plan, first: int = 0, last: int = 6) -> list[int]:
    return [(slot.local_date - MONDAY).days for slot in due_slots(of, day(first), day(last))]


def test_only_the_chosen_weekdays_are_due():
    assert due_days(plan()) == [0, 2, 4]


def test_both_ends_of_the_asked_days_are_included():
    assert due_days(plan(), 2, 4) == [2, 4]
    assert due_days(plan(), 4, 2) == []


def test_nothing_is_due_before_the_start():
    assert due_days(plan(start_on=day(2)), -7, 6) == [2, 4]


def test_the_last_day_is_due_and_the_day_after_is_not():
    assert due_days(plan(end_on=day(4)), 0, 14) == [0, 2, 4]
    assert due_days(plan(end_on=day(3)), 0, 14) == [0, 2]


def test_twice_a_day_makes_two_numbered_slots():
    assert due_slots(plan(times_a_day=2), MONDAY, MONDAY) == (Slot(MONDAY, 1), Slot(MONDAY, 2))


@pytest.mark.parametrize("kind", ["pauses", "rests", "locks"])
def test_both_ends_of_a_pause_rest_or_lock_are_not_due(kind):
    assert due_days(plan(**{kind: (DateRange(day(2), day(4)),)}), 0, 7) == [0, 7]


@pytest.mark.parametrize("kind", ["pauses", "rests", "locks"])
def test_an_open_pause_rest_or_lock_lasts_until_it_is_closed(kind):
    assert due_days(plan(**{kind: (DateRange(day(2)),)}), 0, 700) == [0]


@pytest.mark.parametrize("wrong", [{"weekdays": frozenset({7})}, {"times_a_day": 0}])
def test_an_impossible_plan_is_refused(wrong):
    with pytest.raises(ValueError, match=r"weekdays|times_a_day"):
        plan(**wrong)


def test_the_next_due_slot_is_after_the_given_day():
    assert next_due(plan(), day(0)) == Slot(day(2))
    assert next_due(plan(), day(1)) == Slot(day(2))


def test_the_next_due_slot_of_a_later_program_is_its_first_day():
    assert next_due(plan(start_on=day(40)), day(0)) == Slot(day(42))


def test_a_weekly_program_finds_its_next_week():
    assert next_due(plan(weekdays=frozenset({0})), day(0)) == Slot(day(7))


def test_the_next_due_slot_looks_past_a_long_pause():
    assert next_due(plan(pauses=(DateRange(day(1), day(300)),)), day(0)) == Slot(day(301))


def test_nothing_is_due_next_after_the_end_or_in_an_open_lock():
    assert next_due(plan(end_on=day(3)), day(2)) is None
    assert next_due(plan(locks=(DateRange(day(1)),)), day(0)) is None


def test_nothing_is_due_next_without_a_weekday():
    assert next_due(plan(weekdays=frozenset()), day(0)) is None


@pytest.mark.parametrize(
    ("logged", "planned", "done"),
    [(0, 0, False), (0, 4, False), (1, 4, False), (2, 4, True), (2, 5, False), (3, 5, True)],
)
def test_a_session_is_done_at_half_of_its_sets(logged, planned, done):
    assert is_done(logged, planned) is done


def test_adherence_is_unknown_under_three_due_slots():
    assert adherence(slots(0, 2), slots(0, 2), day(5)) is None
    assert adherence(slots(0, 2, 4), slots(0, 2), day(5)) == pytest.approx(2 / 3)


def test_adherence_looks_back_fourteen_days_with_today_as_the_last():
    due = slots(0, 2, 4, 7, 9, 11)
    assert adherence(due, slots(0), day(13)) == pytest.approx(1 / 6)
    assert adherence(due, slots(0), day(14)) == 0


def test_an_open_session_of_today_is_not_held_against_anyone():
    assert adherence(slots(0, 2, 4, 7), slots(0, 2, 4), day(7)) == 1
    assert adherence(slots(0, 2, 4, 7), slots(0, 2), day(8)) == 0.5


def test_a_session_done_today_counts_at_once():
    assert adherence(slots(0, 2, 4), slots(4), day(4)) == pytest.approx(1 / 3)


def test_adherence_never_passes_one():
    assert adherence(slots(0, 2, 4), slots(0, 1, 2, 3, 4), day(5)) == 1


def test_a_session_on_another_day_ends_the_row_of_missed_ones():
    assert missed_in_a_row(slots(0, 2, 4), [], day(5)) == 3
    assert missed_in_a_row(slots(0, 2, 4), slots(3), day(5)) == 1


def test_today_is_not_missed_until_it_is_over():
    assert missed_in_a_row(slots(0, 2), [], day(2)) == 1


def test_silent_needs_two_missed_slots_in_a_row():
    assert not silent(slots(0, 7), slots(0), day(12))
    assert silent(slots(0, 7, 9), slots(0), day(12))


def test_silent_needs_five_days_since_the_last_session():
    assert not silent(slots(0, 2, 4), slots(1), day(5))
    assert not silent(slots(0, 1, 2), slots(0), day(4))
    assert silent(slots(0, 1, 2), slots(0), day(5))


def test_someone_who_never_started_is_silent_five_days_after_the_first_due_day():
    assert not silent(slots(0, 2, 4), [], day(4))
    assert silent(slots(0, 2, 4), [], day(5))


def test_a_program_with_nothing_due_is_never_silent():
    assert not silent([], [], day(90))


def test_stuck_begins_after_twenty_one_days():
    assert not stuck(last_rise_on=MONDAY, adherence=1.0, today=day(20))
    assert stuck(last_rise_on=MONDAY, adherence=1.0, today=day(21))


@pytest.mark.parametrize(("share", "expected"), [(None, False), (0.69, False), (0.7, True)])
def test_stuck_needs_an_adherence_of_seventy_percent(share, expected):
    assert stuck(last_rise_on=MONDAY, adherence=share, today=day(30)) is expected


@pytest.mark.parametrize(("pain", "expected"), [(None, False), (5, False), (6, True)])
def test_pain_above_the_limit_is_a_flare(pain, expected):
    assert flare(pain=pain, limit=5, mornings_worse=[], today=MONDAY) is expected


def test_two_worse_mornings_within_seven_days_are_a_flare():
    worse = [day(0), day(6)]
    assert flare(pain=None, limit=5, mornings_worse=worse, today=day(6))
    assert not flare(pain=None, limit=5, mornings_worse=worse, today=day(7))
    assert not flare(pain=None, limit=5, mornings_worse=[day(6), day(6)], today=day(6))


def test_every_other_day_counts_from_the_first_day():
    every = plan(weekdays=frozenset(range(7)), every_days=2, start_on=day(1))
    assert due_days(every, 0, 8) == [1, 3, 5, 7]


def test_every_so_many_days_a_next_one_is_found_however_far():
    seldom = plan(weekdays=frozenset(range(7)), every_days=28)
    assert next_due(seldom, day(0)) == Slot(day(28))


def test_so_many_days_a_week_are_spread_over_the_chosen_ones():
    assert due_days(plan(weeks=(Weeks(1, None, 1),)), 0, 13) == [0, 7]
    every_day = plan(weekdays=frozenset(range(7)), weeks=(Weeks(1, None, 3),))
    assert due_days(every_day) == [0, 2, 4]


def test_the_weeks_of_a_program_count_from_its_first_day():
    rising = plan(start_on=day(2), weeks=(Weeks(1, 1, 1), Weeks(2, None, 3)))
    assert due_days(rising, 0, 15) == [2, 9, 11, 14]


def test_more_days_a_week_than_chosen_are_those_chosen():
    assert due_days(plan(weeks=(Weeks(1, None, 7),))) == [0, 2, 4]


def test_in_a_week_without_a_row_nothing_is_due():
    later = plan(weeks=(Weeks(3, 3, 2),))
    assert due_days(later, 0, 40) == [14, 16]
    assert next_due(later, day(0)) == Slot(day(14))


def test_nothing_is_due_in_the_first_days_that_the_rules_leave_out():
    held = plan(not_before=7)
    assert due_days(held, 0, 11) == [7, 9, 11]
    assert next_due(held, day(0)) == Slot(day(7))


def test_days_are_counted_by_one_at_least():
    with pytest.raises(ValueError, match="every_days"):
        plan(every_days=0)
