"""Local days and times to instants, at the hours where clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.planning import (
    NEVER_QUIET,
    Quiet,
    Timing,
    due,
    is_quiet,
    morning,
    next_due,
    once_more,
    quiet_ends,
    to_utc,
    wait,
    working_time,
)

NEW_YORK = "America/New_York"
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)
NIGHT = Quiet(time(21), time(7))
ZONES = sorted(zone for zone in available_timezones() if "/" in zone)
FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_a_skipped_time_runs_after_the_gap():
    assert to_utc(SPRING, time(2, 30), NEW_YORK) == utc(2026, 3, 8, 7, 30)
    assert to_utc(SPRING, time(3, 0), NEW_YORK) == utc(2026, 3, 8, 7, 0)


def test_a_repeated_time_runs_on_its_first_pass():
    assert to_utc(AUTUMN, time(1, 30), NEW_YORK) == utc(2026, 11, 1, 5, 30)


def test_the_hour_before_the_gap_and_after_the_repeat_are_plain():
    assert to_utc(SPRING, time(1, 59), NEW_YORK) == utc(2026, 3, 8, 6, 59)
    assert to_utc(AUTUMN, time(2, 0), NEW_YORK) == utc(2026, 11, 1, 7, 0)


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (time(20, 59), False),
        (time(21), True),
        (time(0), True),
        (time(6, 59), True),
        (time(7), False),
    ],
)
def test_quiet_hours_hold_over_midnight(moment, quiet):
    assert NIGHT.covers(moment) is quiet


def test_quiet_hours_within_a_day_hold():
    noon = Quiet(time(12), time(14))
    assert noon.covers(time(12))
    assert not noon.covers(time(14))
    assert noon.leave(time(13)) == time(14)


def test_equal_ends_are_no_quiet_hours():
    assert not NEVER_QUIET.covers(time(0))
    assert not Quiet(time(9), time(9)).covers(time(9))


@pytest.mark.parametrize(
    ("wanted", "moved"),
    [(time(18), time(18)), (time(22), time(20, 45)), (time(5), time(7)), (time(21), time(20, 45))],
)
def test_a_time_in_quiet_hours_moves_to_the_nearest_allowed_time_of_its_day(wanted, moved):
    assert NIGHT.leave(wanted) == moved


def test_an_evening_without_room_moves_to_the_morning():
    assert Quiet(time(7, 10), time(7)).leave(time(22)) == time(7)


def test_a_message_is_of_use_until_its_grace_is_over():
    one = due(date(2026, 3, 2), 1, Timing(time(12), "UTC", NIGHT, timedelta(hours=3)))
    assert one.not_after == utc(2026, 3, 2, 15)


def test_a_message_is_of_no_use_once_quiet_hours_begin():
    one = due(date(2026, 3, 2), 1, Timing(time(20), "UTC", NIGHT, timedelta(hours=3)))
    assert one.not_after == utc(2026, 3, 2, 21)


def test_a_message_is_of_no_use_on_the_next_day():
    one = due(date(2026, 3, 2), 1, Timing(time(23), "UTC", NEVER_QUIET, timedelta(hours=3)))
    assert one.not_after == utc(2026, 3, 3)


def test_quiet_hours_are_judged_on_the_persons_own_clock():
    assert is_quiet(utc(2026, 3, 2, 3), NIGHT, NEW_YORK)
    assert not is_quiet(utc(2026, 3, 2, 13), NIGHT, NEW_YORK)


def test_quiet_hours_end_the_same_or_the_next_morning():
    assert quiet_ends(utc(2026, 3, 2, 3), NIGHT, "UTC") == utc(2026, 3, 2, 7)
    assert quiet_ends(utc(2026, 3, 2, 22), NIGHT, "UTC") == utc(2026, 3, 3, 7)


def test_the_next_due_slot_may_be_this_very_instant():
    slots = [(date(2026, 3, 2), 1), (date(2026, 3, 4), 1)]
    timing = Timing(time(18), "UTC")
    first = next_due(since=utc(2026, 3, 2, 18), timing=timing, slots=slots)
    later = next_due(since=utc(2026, 3, 2, 18, 0, 1), timing=timing, slots=slots)
    assert (first.local_date, later.local_date) == (date(2026, 3, 2), date(2026, 3, 4))


def test_a_session_already_done_is_passed_over():
    slots = [(date(2026, 3, 2), 1), (date(2026, 3, 4), 1)]
    one = next_due(
        since=utc(2026, 3, 2), timing=Timing(time(18), "UTC"), slots=slots, done=slots[:1]
    )
    assert one.local_date == date(2026, 3, 4)


def test_nothing_is_due_when_no_slot_is_left():
    assert next_due(since=utc(2026, 3, 2), timing=Timing(time(18), "UTC"), slots=[]) is None


def test_waits_grow_and_stay_within_ten_minutes():
    assert wait(1, 1.0) == timedelta(seconds=20)
    assert wait(30, 1.0) == timedelta(minutes=10)
    assert wait(5, 0.0) == timedelta(0)


def test_an_evening_that_begins_just_after_midnight_moves_to_its_end():
    assert Quiet(time(0, 10), time(0, 5)).leave(time(18)) == time(0, 5)


def test_a_message_on_the_day_after_keeps_the_day_of_its_slot():
    one = due(SPRING - timedelta(days=1), 2, Timing(time(2, 30), NEW_YORK, days_after=1))
    assert (one.local_date, one.number) == (SPRING - timedelta(days=1), 2)
    assert one.at == utc(2026, 3, 8, 7, 30)


def test_a_message_on_the_day_after_goes_by_that_weekdays_own_time():
    timing = Timing(time(18), "UTC", day_times=[time(8), *[None] * 6], days_after=1)
    assert due(date(2026, 3, 1), 1, timing).at == utc(2026, 3, 2, 8)


@pytest.mark.parametrize(
    ("wanted", "again"),
    [
        (time(18), time(20, 30)),
        (time(19), time(20, 45)),
        (time(19, 45), time(20, 45)),
        (time(19, 46), None),
        (time(20, 45), None),
    ],
)
def test_it_is_said_once_more_before_the_night_or_not_at_all(wanted, again):
    assert once_more(wanted, NIGHT) == again


@pytest.mark.parametrize(
    ("wanted", "again"), [(time(21, 29), time(23, 59)), (time(21, 30), None), (time(23, 50), None)]
)
def test_it_is_said_once_more_on_the_same_day_only(wanted, again):
    assert once_more(wanted, NEVER_QUIET) == again


def test_once_more_waits_for_the_end_of_a_rest_at_noon():
    assert once_more(time(10), Quiet(time(12), time(14))) == time(14)


@pytest.mark.parametrize(
    ("quiet", "at"),
    [
        (NIGHT, time(8)),
        (NEVER_QUIET, time(8)),
        (Quiet(time(22), time(9)), time(10)),
        (Quiet(time(12), time(14)), time(8)),
        (Quiet(time(7), time(9, 30)), time(9, 30)),
        (Quiet(time(7, 30), time(15)), time(15)),
    ],
)
def test_the_morning_is_an_hour_after_the_night_and_not_before_eight(quiet, at):
    assert morning(quiet) == at


@settings(max_examples=200, deadline=None)
@given(st.times(), st.times(min_value=time(0, 15)), st.times())
def test_what_is_said_once_more_is_later_and_not_in_quiet_hours(wanted, start, end):
    quiet = Quiet(start, end)
    again = once_more(wanted, quiet)
    assert again is None or (again > wanted and not quiet.covers(again))
    assert not quiet.covers(morning(quiet))


@pytest.mark.parametrize("monday", [SPRING, AUTUMN, date(2026, 6, 7)])
def test_a_weekend_is_no_working_time_even_where_clocks_change_in_it(monday):
    friday, monday = monday - timedelta(days=2), monday + timedelta(days=1)
    since, until = to_utc(friday, time(17), NEW_YORK), to_utc(monday, time(9, 30), NEW_YORK)
    assert working_time(since, until, NEW_YORK) == timedelta(hours=2, minutes=30)


def test_working_time_goes_by_the_clinics_own_day():
    saturday_in_auckland = utc(2026, 3, 6, 21)
    hour_later = saturday_in_auckland + timedelta(hours=1)
    assert working_time(saturday_in_auckland, hour_later, "Pacific/Auckland") == timedelta(0)
    assert working_time(saturday_in_auckland, hour_later, NEW_YORK) == timedelta(hours=1)


def test_a_span_that_runs_backwards_holds_no_working_time():
    assert working_time(utc(2026, 3, 2, 12), utc(2026, 3, 2, 9), "UTC") == timedelta(0)


MOMENTS = st.datetimes(datetime(2026, 2, 20), datetime(2026, 4, 20), timezones=st.just(UTC))  # noqa: DTZ001 (the strategy adds the zone)


@settings(max_examples=200, deadline=None)
@given(st.lists(MOMENTS, min_size=3, max_size=3).map(sorted), st.sampled_from(ZONES))
def test_working_time_adds_up_and_is_no_longer_than_the_time_that_passed(moments, zone):
    first, middle, last = moments
    parts = working_time(first, middle, zone) + working_time(middle, last, zone)
    assert parts == working_time(first, last, zone) <= last - first


@cache
def change_days(zone):
    """Local days 2020-2035 within a week after which the zone's offset has changed."""
    clock = ZoneInfo(zone)
    days = [FIRST + timedelta(days=n) for n in range(0, (LAST - FIRST).days, 7)]
    at_noon = [datetime.combine(day, time(12), clock).utcoffset() for day in days]
    return [days[n] for n in range(1, len(days)) if at_noon[n] != at_noon[n - 1]] or [FIRST]


@st.composite
def weeks(draw):
    """A zone, a time, quiet hours and some days around one of the zone's changes."""
    zone = draw(st.sampled_from(ZONES))
    middle = draw(st.sampled_from(change_days(zone)))
    offsets = draw(st.lists(st.integers(-10, 3), unique=True, min_size=1).map(sorted))
    minute = draw(st.integers(0, 24 * 60 - 1))
    quiet = draw(st.sampled_from([NEVER_QUIET, NIGHT, Quiet(time(12), time(14))]))
    timing = Timing(time(minute // 60, minute % 60), zone, quiet)
    return timing, [middle + timedelta(days=offset) for offset in offsets]


@settings(max_examples=300, deadline=None)
@given(weeks())
def test_each_chosen_local_day_is_due_exactly_once_in_every_zone(week):
    timing, days = week
    slots = [(day, 1) for day in days]
    since, found = to_utc(days[0] - timedelta(days=2), time(0), timing.zone), []
    while one := next_due(since=since, timing=timing, slots=slots):
        found.append(one)
        since = one.at + timedelta(microseconds=1)
    assert [one.local_date for one in found] == days
    assert all(_on_its_day(one, timing) for one in found)
    assert all(one.at < one.not_after for one in found)
    assert not any(is_quiet(one.at, timing.quiet, timing.zone) for one in found)


def _on_its_day(one, timing):
    """The local clock shows the chosen time, or, in a gap, the time as much later."""
    wanted = timing.quiet.leave(timing.local_time)
    shown = one.at.astimezone(ZoneInfo(timing.zone)).replace(tzinfo=None)
    lateness = shown - datetime.combine(one.local_date, wanted)
    return timedelta(0) <= lateness <= timedelta(hours=2)
