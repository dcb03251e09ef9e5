from datetime import date, timedelta

import pytest

from programs.decisions.charts import LEFT, RIGHT, Line, Progress, Words, layout

FIRST = date(2026, 11, 2)
WORDS = Words("t", "d", "Reps", "Pain", "stop")


def drawn(*points: tuple[int, int], days: int = 28, sides: int = 1) -> dict[str, object]:
    line = tuple((FIRST + timedelta(days=day), reps) for day, reps in points)
    data = Progress(
        first=FIRST,
        last=FIRST + timedelta(days=days),
        lines=tuple(Line(side, side, line) for side in ("left", "right")[:sides]),
        pains=((FIRST, 0), (FIRST, 10)),
        days=((FIRST, "done"),),
        marks=((FIRST + timedelta(days=days), 1),),
        limit=5,
    )
    return layout(data, WORDS, str)


def test_the_days_reach_from_edge_to_edge() -> None:
    chart = drawn((0, 8))
    assert chart["days"][0]["x"] == LEFT + 6
    assert chart["marks"][0]["x"] == RIGHT - 6


def test_a_rise_is_drawn_level_first() -> None:
    path = drawn((0, 8), (14, 10))["lines"][0]["path"]
    assert path == "M34.0 140.0H175.0V76.0H316.0"


def test_two_equal_lines_stand_apart() -> None:
    left, right = drawn((0, 8), (14, 10), sides=2)["lines"]
    assert left["path"] != right["path"]


def test_more_pain_stands_higher() -> None:
    none, worst = drawn((0, 8))["pains"]
    assert none["y"] > worst["y"]


@pytest.mark.parametrize("days", [1, 28, 84, 365])
def test_at_most_five_days_are_named(days: int) -> None:
    assert len(drawn((0, 8), days=days)["ticks"]) <= 5
