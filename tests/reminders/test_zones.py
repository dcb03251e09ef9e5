"""Every zone, every day from 2020 to 2035: each chosen local day is due once, at its time."""

from bisect import bisect
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.changes import changed
from accounts.scope import clinic_scope
from patients.models import Patient
from programs.schedule import Plan
from reminders.models import Occurrence
from reminders.planning import NIGHT, Quiet, Timing, due, is_quiet, next_due, to_utc
from tests.reminders.scenes import MONDAY, a_program, plan

FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)
DAYS = [date.fromordinal(day) for day in range(FIRST.toordinal(), LAST.toordinal() + 1)]
DAY, HOUR, INSTANT = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
MINUTES = st.integers(0, 24 * 60 - 1)


def clock(minute):
    return time(minute // 60, minute % 60)


def offset(at, zone):
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()


@cache
def changes(zone):
    """When, in UTC without its name, the offset changes, with the offsets before and after."""
    marks = [datetime.combine(day, time(0)) for day in (*DAYS[::4], LAST)]
    seen = [(mark, offset(mark, zone)) for mark in marks]
    return tuple(_change(zone, a[0], b[0]) for a, b in pairwise(seen) if a[1] != b[1])


def _change(zone, before, after):
    old, new = offset(before, zone), offset(after, zone)
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        before, after = (middle, after) if offset(middle, zone) == old else (before, middle)
    return after.replace(second=0, microsecond=0), old, new


@cache
def rules():
    """One zone of each kind: those whose clocks show the same all the time are one."""
    start = datetime.combine(FIRST, time(0))
    kinds = {(offset(start, zone), changes(zone)): zone for zone in sorted(available_timezones())}
    return sorted(kinds.values())


def expected(day, moment, zone):
    """A second way to the instant: by the list of changes, without any local datetime."""
    wanted = datetime.combine(day, moment)
    found = changes(zone)
    place = bisect(found, wanted - 2 * DAY, key=lambda change: change[0])
    if place == len(found) or found[place][0] > wanted + 2 * DAY:
        return wanted - offset(wanted, zone)
    at, old, new = found[place]
    if wanted - old < at:  # by the clock before the change, which a repeated time goes by, too
        return wanted - old
    return wanted - new if wanted - new >= at else wanted - old


def to_plain(at):
    return at.astimezone(UTC).replace(tzinfo=None)


def days_near(zone):
    """The days next to the zone's changes."""
    near = {at.date() + n * DAY for at, _old, _new in changes(zone) for n in (-1, 0, 1)}
    return sorted(near & {*DAYS})


def zones():
    return st.integers(0, 999).map(lambda number: rules()[number % len(rules())])


@st.composite
def change_days(draw):
    """A zone and a day next to one of its changes, or any day where it has none."""
    zone = draw(zones())
    return zone, draw(st.sampled_from(days_near(zone) or DAYS[:7]))


def sequence(days, timing):
    """The days as one asks for the next again and again."""
    slots = [(day, 1) for day in days]
    since, found = to_utc(days[0] - 2 * DAY, time(0), timing.zone), []
    while one := next_due(since=since, timing=timing, slots=slots):
        found.append(one)
        since = one.at + INSTANT
    return found


@settings(max_examples=300, deadline=None)
@given(change_days(), MINUTES)
def test_a_local_time_is_the_instant_that_the_list_of_changes_says(found, minute):
    zone, day = found
    assert to_plain(to_utc(day, clock(minute), zone)) == expected(day, clock(minute), zone)


@settings(max_examples=200, deadline=None)
@given(change_days(), MINUTES, st.integers(0, 2))
def test_a_message_some_days_after_its_slot_keeps_the_slots_day(found, minute, days_after):
    zone, day = found
    one = due(day, 3, Timing(clock(minute), zone, days_after=days_after))
    assert (one.local_date, one.number) == (day, 3)
    assert to_plain(one.at) == expected(day + days_after * DAY, clock(minute), zone)


@settings(max_examples=200, deadline=None)
@given(change_days(), MINUTES, st.lists(st.none() | MINUTES.map(clock), min_size=7, max_size=7))
def test_days_with_times_of_their_own_are_due_once_and_in_order(found, minute, own):
    zone, middle = found
    days = [middle + n * DAY for n in range(-8, 9)]
    told = sequence(days, Timing(clock(minute), zone, day_times=own))
    assert [one.local_date for one in told] == days
    assert all(a.at < b.at for a, b in pairwise(told))


@settings(max_examples=200, deadline=None)
@given(change_days(), MINUTES, st.integers(0, 20))
def test_a_program_that_starts_or_ends_on_a_change_day_has_all_its_days(found, minute, length):
    zone, edge = found
    for start, end in ((edge, edge + length * DAY), (edge - length * DAY, edge)):
        days = list(Plan(start, end, frozenset(range(7))).days(start - 9 * DAY, end + 9 * DAY))
        told = sequence(days, Timing(clock(minute), zone))
        assert (told[0].local_date, told[-1].local_date, len(told)) == (start, end, length + 1)


@settings(max_examples=200, deadline=None)
@given(change_days(), MINUTES, MINUTES, MINUTES)
def test_a_message_is_of_use_after_it_is_due_and_ends_with_its_day(found, minute, start, end):
    zone, day = found
    one = due(day, 1, Timing(clock(minute), zone, Quiet(clock(start), clock(end))))
    assert one.at < one.not_after <= one.at + 3 * HOUR
    shown = [each.astimezone(ZoneInfo(zone)).date() for each in (one.at, one.not_after - INSTANT)]
    assert shown[0] == shown[1]


@settings(max_examples=200, deadline=None)
@given(change_days(), MINUTES)
def test_no_message_is_due_in_the_night(found, minute):
    zone, day = found
    one = due(day, 1, Timing(clock(minute), zone, NIGHT))
    assert not is_quiet(one.at, NIGHT, zone)


@settings(max_examples=200, deadline=None)
@given(change_days(), zones(), MINUTES, st.integers(-72, 72))
def test_on_a_journey_no_local_day_is_told_twice_and_none_of_the_new_place_is_left_out(
    found, there, minute, hours
):
    """The key (patient, kind, local day, slot) stands in for what was told before."""
    here, middle = found
    days = [middle + n * DAY for n in range(-8, 9)]
    moved_at = to_utc(middle, time(12), here) + hours * HOUR
    before = [one for one in sequence(days, Timing(clock(minute), here)) if one.at <= moved_at]
    done = {(one.local_date, 1) for one in before}
    timing, slots = Timing(clock(minute), there), [(day, 1) for day in days]
    since, after = moved_at, []
    while one := next_due(since=since, timing=timing, slots=slots, done=done):
        after.append(one)
        since = one.at + INSTANT
    told = [one.local_date for one in (*before, *after)]
    today = moved_at.astimezone(ZoneInfo(there)).date()
    assert told == sorted({*told})
    assert {day for day in days if day > today} <= {*told}


@pytest.mark.django_db(transaction=True, databases=["default", "planner"])
@pytest.mark.parametrize(
    "journey", [("Pacific/Auckland", "Pacific/Honolulu"), ("Pacific/Honolulu", "Pacific/Auckland")]
)
def test_who_flies_over_the_date_line_is_told_once_of_each_day(journey):
    here, there = journey
    program = a_program(time_zone=here)
    told_at = to_utc(MONDAY, time(18), here)
    for now in hours(told_at - DAY, told_at):
        plan(now)
    with clinic_scope(program.clinic_id):
        Patient.objects.update(time_zone=there)
        changed(kind="patient", subject=program.patient_id, clinic=program.clinic_id)
    for now in hours(told_at, told_at + 6 * DAY):
        plan(now)
    with clinic_scope(program.clinic_id):
        rows = Occurrence.objects.filter(program=program, kind="session_due")
        days = [*rows.order_by("due_at").values_list("local_date", flat=True)]
    assert days == [MONDAY, MONDAY + 3 * DAY]


def hours(first, last) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += 4 * HOUR


@pytest.mark.parametrize(
    ("zone", "missing"),
    [("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))],
)
def test_a_day_that_a_zone_leaves_out_is_told_of_with_the_day_after(zone, missing):
    timing = Timing(time(18), zone)
    left_out, after = due(missing, 1, timing), due(missing + DAY, 1, timing)
    assert (left_out.at, left_out.local_date) == (after.at, missing)


@pytest.mark.slow
def test_no_zone_leaves_out_a_day_or_changes_twice_in_four_days():
    for zone in rules():
        assert all(abs(new - old) < DAY for _at, old, new in changes(zone)), zone
        assert all(b[0] - a[0] > 4 * DAY for a, b in pairwise(changes(zone))), zone


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(4))
def test_in_every_zone_every_day_of_sixteen_years_is_due_once_at_its_time(part):
    """Every day at three times; the days next to a change at every quarter of an hour, too."""
    for zone in rules()[part::4]:
        for moment in (time(0), time(2, 30), time(18)):
            ats = [to_utc(day, moment, zone) for day in DAYS]
            assert all(a < b for a, b in pairwise(ats)), (zone, moment)
            assert [to_plain(at) for at in ats] == [expected(day, moment, zone) for day in DAYS]
        timing = Timing(time(2, 30), zone)
        for near in days_near(zone):
            days = [near + n * DAY for n in range(-1, 3)]
            assert [one.local_date for one in sequence(days, timing)] == days
        for minute in range(0, 24 * 60, 15):
            for day in days_near(zone):
                _is_right(day, clock(minute), zone)


def _is_right(day, moment, zone):
    """The instant shows the wanted time, the first time it does; in a gap, as much later."""
    at = to_utc(day, moment, zone)
    shown = at.astimezone(ZoneInfo(zone))
    late = shown.replace(tzinfo=None) - datetime.combine(day, moment)
    gaps = [new - old for change, old, new in changes(zone) if abs(to_plain(at) - change) < DAY]
    assert not late or (late > timedelta(0) and late in gaps), (zone, day, moment)
    assert shown.fold == 0, (zone, day, moment)
