import itertools
import xml.etree.ElementTree as ET
from dataclasses import replace

from desk import charts
from programs.charts import Line, Shelf, simulated

WORDS = charts.Words(
    title="Dose & pain",
    description="left: 3 < 4",
    week="Week",
    dose="Dose",
    shelf_range="each shelf",
    pain="Pain",
    pain_limit="above 5",
    pain_key=("during", "", "morning"),
    effort="Effort",
    effort_now="6 of 10",
    sessions="Sessions",
    sessions_note="2 of 3",
    dates=((0, "21 Sep"),),
    today="today",
)
STORY = charts.Story(
    words=WORDS,
    weeks=12,
    today=30.5,
    shelves=(Shelf("small lift"), Shelf("standing curl with a band, yellow", "yellow")),
    lines=(Line("left", "Left", "3 × 8", ((0, 0.1), (9, 0.6))),),
    pains=(charts.PainMark(4.5, 7, None, 1),),
    pain_limit=5,
    efforts=((4.5, 6),),
    effort_band=(5, 7),
    sessions=(charts.SessionMark(4.5, "short", "cut short"), charts.SessionMark(40.5, "due")),
    marks=(charts.Mark(9, "up", "day-1", "Up & on"),),
)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 (our own drawing)


def test_a_chart_says_what_it_shows_and_is_well_formed() -> None:
    root = parsed(charts.story(STORY))
    assert root.findtext("title") == "Dose & pain"
    assert root.findtext("desc") == "left: 3 < 4"


def test_pain_above_the_limit_is_drawn_hot() -> None:
    assert 'c-during c-hot"' in charts.story(STORY)
    calm = replace(STORY, pains=(charts.PainMark(4.5, 5, None, 1),))
    assert 'c-hot"' not in charts.story(calm)


def test_a_mark_opens_its_reason_without_any_style() -> None:
    marks = charts.story_marks(STORY)
    assert 'popovertarget="day-1"' in marks
    assert "Up &amp; on" in marks
    assert "style" not in marks


def test_a_mark_stands_in_the_box_of_its_day() -> None:
    boxes = charts.story_marks(STORY).split("<i>")[1:]
    assert len(boxes) == 84
    assert [number for number, box in enumerate(boxes) if "button" in box] == [9]


def test_a_long_name_of_a_shelf_takes_two_lines() -> None:
    assert ">standing curl with<" in charts.story(STORY)


def test_a_spark_keeps_to_its_box() -> None:
    svg = charts.spark(charts.Spark(((0, 0), (1, 1)), ((0.5, 10),), (1.0,)), "dose")
    assert 'viewBox="0 0 100 34"' in svg
    assert "M3 16H97V2H97" in svg


def test_names_of_simulated_people_stay_fifteen_apart() -> None:
    lines = tuple(Line(kind, kind, "", ((0, 0), (6, 1.0))) for kind in ("steady", "fast", "flare"))
    svg = simulated((Shelf("a"), Shelf("b")), lines, 12, title="t", description="d", week="week")
    names = [each for each in parsed(svg) if "c-simname" in each.get("class", "")]
    heights = sorted(float(each.get("y", 0)) for each in names)
    assert all(low + 15 <= high for low, high in itertools.pairwise(heights))
