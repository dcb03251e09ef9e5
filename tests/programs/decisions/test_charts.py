from datetime import date, timedelta
from typing import Any

import pytest

from programs.decisions.charts import (
    CLOSE,
    LEFT,
    RIGHT,
    SHELVED_LEFT,
    Line,
    Panel,
    Picture,
    Rule,
    Words,
    layout,
)

FIRST = date(2026, 11, 2)
WORDS = Words("t", "d", "Pain", "stop")


def panel(*points: tuple[int, float], sides: int = 1, **more: Any) -> Panel:
    line = tuple((FIRST + timedelta(days=day), at) for day, at in points)
    lines = tuple(Line(side, side, line, "10") for side in ("left", "right")[:sides])
    return Panel("Reps", lines, (Rule(0, "8"), Rule(1, "10")), **more)


def drawn(*panels: Panel, days: int = 28) -> dict[str, Any]:
    data = Picture(
        first=FIRST,
        last=FIRST + timedelta(days=days),
        panels=panels,
        pains=((FIRST, 0), (FIRST, 10)),
        days=((FIRST, "done"),),
        marks=((FIRST + timedelta(days=days), 1),),
    )
    return layout(data, WORDS, str)


def picture(*panels: Panel, **more: Any) -> dict[str, Any]:
    last = FIRST + timedelta(days=28)
    return layout(Picture(FIRST, last, panels, ((FIRST, 0), (FIRST, 10)), **more), WORDS, str)


def test_the_days_reach_from_edge_to_edge() -> None:
    chart = drawn(panel((0, 0)))
    assert chart["days"][0]["x"] == LEFT + 6
    assert chart["marks"][0]["x"] == RIGHT - 6


def test_a_rise_is_drawn_level_first() -> None:
    path = drawn(panel((0, 0), (14, 1)))["panels"][0]["lines"][0]["path"]
    assert path == "M34.0 122H173.0V58H312.0"


def test_two_equal_lines_stand_apart_and_end_in_one_number() -> None:
    left, right = drawn(panel((0, 0), (14, 1), sides=2))["panels"][0]["lines"]
    assert left["path"] != right["path"]
    assert (left["note"], right["note"]) == ("10", "")


def test_two_numbers_at_the_end_never_lie_on_each_other() -> None:
    lines = (Line("left", "", ((FIRST, 0.5),), "10"), Line("right", "", ((FIRST, 0.55),), "11"))
    left, right = picture(Panel("Reps", lines, ()))["panels"][0]["lines"]
    assert right["end"] - left["end"] == CLOSE


def test_more_pain_stands_higher() -> None:
    none, worst = drawn(panel((0, 0)))["pain"]["dots"]
    assert none["y"] > worst["y"]


def test_a_panel_more_makes_the_picture_taller_and_stands_below() -> None:
    one, two = drawn(panel((0, 0))), drawn(panel((0, 0)), panel((0, 0), height=40))
    first, second = two["panels"]
    assert two["height"] > one["height"]
    assert second["title_y"] > max(rule["y"] for rule in first["rules"])


def test_shelves_get_room_for_their_words_in_two_lines() -> None:
    shelf = Rule(0.5, "standing, full lift", line=False)
    chart = picture(Panel("Dose", (), (shelf,), shelved=True))
    (rule,) = chart["panels"][0]["rules"]
    assert chart["left"] == SHELVED_LEFT
    assert (rule["label"], rule["second"]) == ("standing,", "full lift")


def test_the_rules_own_limit_is_a_line() -> None:
    chart = picture(panel((0, 0)), calm=3)
    assert chart["pain"]["limit"] is None
    assert (
        chart["pain"]["dots"][1]["y"] < chart["pain"]["calm"]["y"] < chart["pain"]["dots"][0]["y"]
    )


@pytest.mark.parametrize("days", [1, 28, 84, 365])
def test_at_most_five_days_are_named(days: int) -> None:
    assert len(drawn(panel((0, 0)), days=days)["ticks"]) <= 5
