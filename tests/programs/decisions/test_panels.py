"""A dose over time: what is the height, what is a shelf, and which sides are one line."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from programs.decisions.charts import Panel
from programs.decisions.panels import Names, StepName, panels
from programs.models import DoseVersion

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
FIRST = START.date()
CURL, BRIDGE = uuid4(), uuid4()
NAMES: Names = {
    (CURL, 0): StepName("Standing curl, small lift", "small lift"),
    (CURL, 1): StepName("Standing curl, full lift", "full lift"),
    (BRIDGE, 0): StepName("Bridge", "two legs"),
}


def dose(day: int, reps: int = 8, side: str = "left", owner: Any = CURL, **more: Any) -> Any:
    told = {"sets": 2, "step": 0, "hold_s": 0} | more
    at = START + timedelta(days=day)
    return DoseVersion(prescription_id=owner, side=side, reps=reps, at=at, **told)


def drawn(*doses: DoseVersion, first: date = FIRST) -> list[Panel]:
    return panels(doses, NAMES, first, "UTC")


def heights(panel: Panel, line: int = 0) -> list[float]:
    return [round(at, 2) for _day, at in panel.lines[line].points]


def words(panel: Panel) -> list[str]:
    return [rule.label for rule in panel.rules if rule.label]


def test_reps_alone_are_the_height() -> None:
    (panel,) = drawn(dose(0), dose(3, 10), dose(6, 12))
    assert (panel.title, words(panel)) == ("Reps a set", ["8", "10", "12"])
    assert heights(panel) == [0, 0.5, 1]
    assert panel.lines[0].note == "12"


def test_a_set_more_with_fewer_reps_is_a_rise() -> None:
    (panel,) = drawn(dose(0, 12), dose(3, 8, sets=3))
    assert (panel.title, words(panel)) == ("Sets × reps", ["2×12", "3×8"])
    assert heights(panel) == [0, 1]


def test_a_hold_is_counted_in_seconds() -> None:
    (panel,) = drawn(dose(0, 1, hold_s=20), dose(3, 1, hold_s=30))
    assert (panel.title, words(panel)) == ("Seconds a hold", ["20", "30"])


def test_a_load_is_a_shelf_and_reps_climb_within_it() -> None:
    loads = [dose(day, reps, load_kg=Decimal(kg)) for day, reps, kg in ((0, 8, 2), (3, 12, 2))]
    (panel,) = drawn(*loads, dose(6, 8, load_kg=Decimal(3)))
    assert (panel.title, words(panel)) == ("Dose", ["2\u00a0kg", "3\u00a0kg"])
    low, high, more = heights(panel)
    assert low < high < 0.5 < more
    assert panel.shelved


def test_a_band_is_a_shelf_by_its_colour() -> None:
    (panel,) = drawn(dose(0, band_level=1), dose(3, band_level=2))
    assert words(panel) == ["yellow", "red"]


def test_a_step_is_a_shelf_by_what_tells_it_apart() -> None:
    (panel,) = drawn(dose(0, 12), dose(3, 8, step=1))
    assert words(panel) == ["small lift", "full lift"]
    assert heights(panel)[0] < heights(panel)[1]


def test_two_legs_that_went_alike_are_one_line() -> None:
    (panel,) = drawn(dose(0), dose(3, 10), dose(0, side="right"), dose(3, 10, side="right"))
    assert [(line.side, line.label) for line in panel.lines] == [("both", "")]


def test_two_legs_that_went_apart_are_named() -> None:
    (panel,) = drawn(dose(0), dose(3, 10), dose(0, side="right"))
    assert [(line.side, line.label) for line in panel.lines] == [
        ("left", "Left"),
        ("right", "Right"),
    ]


def test_every_exercise_has_a_panel_with_its_name() -> None:
    curl, bridge = drawn(dose(0), dose(0, owner=BRIDGE, side="both"))
    assert curl.title == "Standing curl, small lift: reps a set"
    assert bridge.title == "Bridge: reps a set"


def test_what_was_before_the_time_shown_is_left_out_but_for_its_last() -> None:
    shown = FIRST + timedelta(days=5)
    (panel,) = drawn(dose(0, load_kg=Decimal(1)), dose(3, 10), dose(7, 12), first=shown)
    assert [day for day, _at in panel.lines[0].points] == [shown, FIRST + timedelta(days=7)]
    assert not panel.shelved
