from datetime import date, timedelta

from desk.numbers import Trained, numbers
from programs.schedule import Plan

TODAY = date(2026, 11, 24)
PLAN = Plan(start_on=date(2026, 10, 5), end_on=None, weekdays=frozenset({0, 2, 4}))


def trained(*days_ago: int, pain: int | None = 1, done: int = 4) -> list[Trained]:
    days = sorted(days_ago, reverse=True)
    return [Trained(TODAY - timedelta(days=ago), 1, 4, done, pain) for ago in days]


def test_adherence_is_done_by_due_of_fourteen_days() -> None:
    assert numbers(PLAN, trained(1, 4, 6), TODAY).adherence == 3 / 6


def test_less_than_half_of_the_sets_is_not_done() -> None:
    assert numbers(PLAN, trained(1, 4, done=1), TODAY).adherence == 0


def test_the_highest_pain_of_three_sessions_stands_beside_the_three_before() -> None:
    told = numbers(PLAN, [*trained(20, 18, 15, pain=6), *trained(8, 4, 1, pain=2)], TODAY)
    assert (told.pain, told.pain_before) == (2, 6)


def test_days_since_the_last_session() -> None:
    assert numbers(PLAN, trained(9, 4), TODAY).days_since == 4


def test_nothing_is_known_before_the_first_session() -> None:
    told = numbers(PLAN, [], TODAY)
    assert (told.pain, told.pain_before, told.days_since) == (None, None, None)
