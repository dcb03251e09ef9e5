"""The two clocks on exact numbers: days with data by windows of 30, minutes by calendar month."""

from datetime import date, timedelta

import pytest

from desk.monitoring.clocks import (
    Month,
    Why,
    Window,
    months,
    of_episode,
    of_month,
    of_window,
    windows,
)
from desk.monitoring.thresholds import CHECKED_FOR, TABLES, Clock, Table, Threshold, table_on

START = date(2026, 3, 5)
MARCH = date(2026, 3, 1)
DAY = timedelta(days=1)


def window(days: int) -> Window:
    return Window(1, START, tuple(START + n * DAY for n in range(days)))


@pytest.mark.parametrize(
    ("days", "met"),
    [
        (0, []),
        (1, []),
        (2, ["98975", "98985"]),
        (15, ["98975", "98985"]),
        (16, ["98975", "98977"]),
        (30, ["98975", "98977"]),
    ],
)
def test_days_with_data_meet_one_code_a_window_and_one_an_episode(
    days: int, met: list[str]
) -> None:
    found = of_episode([window(days)], education=True) + of_window(window(days))
    assert [each.needs.code for each in found if each.met] == met
    assert [each.have for each in found] == [days] * 3


@pytest.mark.parametrize(
    ("minutes", "met"),
    [
        (9, {}),
        (10, {"98979": 1}),
        (19, {"98979": 1}),
        (20, {"98980": 1}),
        (39, {"98980": 1}),
        (40, {"98980": 1, "98981": 1}),
        (59, {"98980": 1, "98981": 1}),
        (60, {"98980": 1, "98981": 2}),
    ],
)
def test_minutes_meet_their_codes_only_with_a_contact_in_real_time(
    minutes: int, met: dict[str, int]
) -> None:
    for spare in (0, 59):
        with_one = of_month(Month(MARCH, 60 * minutes + spare, contacts=1))
        assert {each.needs.code: each.times for each in with_one if each.met} == met
        without = of_month(Month(MARCH, 60 * minutes + spare, contacts=0))
        assert not any(each.met for each in without)
        assert all(Why.NO_CONTACT in each.why for each in without)


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (1, {"98985": (Why.FEW_DAYS,), "98977": (Why.FEW_DAYS,)}),
        (15, {"98985": (), "98977": (Why.FEW_DAYS,)}),
        (16, {"98985": (Why.MANY_DAYS,), "98977": ()}),
    ],
)
def test_what_is_not_met_says_why(days: int, why: dict[str, tuple[Why, ...]]) -> None:
    assert {each.needs.code: each.why for each in of_window(window(days))} == why


def test_the_first_code_also_needs_an_education_session() -> None:
    (found,) = of_episode([window(5)], education=False)
    assert (found.met, found.why) == (False, (Why.NO_EDUCATION,))


def test_the_days_of_two_windows_are_never_added_up() -> None:
    found = windows(START, START + 59 * DAY, [START + 29 * DAY, START + 30 * DAY])
    assert [len(each.days) for each in found] == [1, 1]
    (once,) = of_episode(found, education=True)
    assert not once.met


def test_windows_run_from_the_start_and_ten_logs_of_a_day_are_one_day() -> None:
    found = windows(START, START + 30 * DAY, [START - DAY, *[START] * 10, START + 29 * DAY])
    assert [(each.number, each.first, each.last) for each in found] == [
        (1, START, START + 29 * DAY),
        (2, START + 30 * DAY, START + 59 * DAY),
    ]
    assert found[0].days == (START, START + 29 * DAY)


def test_data_after_the_end_of_monitoring_is_in_no_window() -> None:
    (found,) = windows(START, START + 4 * DAY, [START + 4 * DAY, START + 5 * DAY])
    assert found.days == (START + 4 * DAY,)


def test_a_month_counts_what_began_in_it_and_half_minutes_add_up() -> None:
    worked = [(date(2026, 3, 31), 570), (date(2026, 4, 1), 600), (date(2026, 3, 6), 30)]
    march, april = months(START, date(2026, 4, 2), worked, [date(2026, 4, 1)])
    assert (march.minutes, march.contacts) == (10, 0)
    assert (april.minutes, april.contacts) == (10, 1)


def test_months_run_from_the_first_to_the_last_across_a_year() -> None:
    found = months(date(2026, 12, 31), date(2027, 2, 1), [], [])
    assert [each.first for each in found] == [
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2027, 2, 1),
    ]


def test_a_new_year_is_a_new_table_and_nothing_else() -> None:
    later = Table(date(2027, 1, 1), "a rule", (Threshold("98977", Clock.WINDOW, 12, 30),))
    crossing = Window(1, date(2026, 12, 20), window(12).days)
    assert [each.met for each in of_window(crossing, [*TABLES, later])] == [True]
    assert [each.met for each in of_window(window(12), [*TABLES, later])] == [True, False]


def test_before_the_first_table_nothing_is_said() -> None:
    assert table_on(date(2025, 12, 31)) is None
    assert of_month(Month(date(2025, 12, 1), 6000, 1)) == []


def test_the_year_that_was_checked_has_a_table() -> None:
    found = table_on(date(CHECKED_FOR, 12, 31))
    assert found is not None
    assert found.since.year == CHECKED_FOR
