"""The figure draws what was prescribed, in little, safe SVG."""

import gzip
import json
import re
from decimal import Decimal
from math import atan2, degrees
from typing import Any
from xml.etree import ElementTree

import pytest

from exercises.figure import BANDS, POSES, Pose, ankle_at, draw, draw_both, draw_still, tile

CURL = POSES["standing_curl"]
everywhere = pytest.mark.parametrize("key", sorted(POSES))


def drawn(key: str = "standing_curl", **changed: Any) -> str:
    values: dict[str, Any] = {
        "side": "right",
        "range_deg": POSES[key].range_deg,
        "tempo": (2, 1, 2),
        "title": "Curl",
        "description": "The heel rises.",
        "uid": "f1",
    }
    return draw(POSES[key], **values | changed)


def still(key: str = "standing_curl", **changed: Any) -> str:
    words = {"title": "Curl", "description": "d", "start_label": "Start", "end_label": "End"}
    values: dict[str, Any] = {"side": "right", "range_deg": 75, "uid": "s1", **words}
    return draw_still(POSES[key], **values | changed)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  our own drawing


def attributes(svg: str, name: str) -> list[str]:
    return [e.attrib[name] for e in parsed(svg).iter() if name in e.attrib]


@everywhere
def test_every_pose_is_well_formed(key: str) -> None:
    for side in ("left", "right"):
        loaded = {"side": side, "band": "red", "weight_kg": Decimal("1.5")}
        for svg in (drawn(key, **loaded), still(key, **loaded)):
            assert parsed(svg).tag == "svg"


@everywhere
def test_a_moving_figure_weighs_less_than_3_kb(key: str) -> None:
    for band in (None, *BANDS):
        svg = drawn(key, side="left", band=band, weight_kg=Decimal(2), uid="figure_12")
        assert len(gzip.compress(svg.encode(), 9)) < 3000


@everywhere
def test_nothing_in_it_needs_a_looser_content_policy(key: str) -> None:
    svg = drawn(key, band="red", weight_kg=Decimal(2)) + still(key) + tile_of(key)
    assert not re.search(r"<script|<style|style=|\son\w+=|href=|url\(", svg)


def tile_of(key: str) -> str:
    return tile(POSES[key], side="right", range_deg=POSES[key].range_deg)


@everywhere
def test_the_left_leg_is_the_right_one_in_a_mirror(key: str) -> None:
    mirror = re.compile(
        r'<g transform="translate\([-\d.]+\)scale\(-1 1\)">(.*)</g>(<text.*)?</svg>$'
    )
    inside = mirror.search(drawn(key, side="left"))
    assert inside is not None
    assert inside[1] in drawn(key, side="right")


def test_the_label_stands_outside_of_the_mirror() -> None:
    left, right = drawn(side="left", range_deg=90), drawn(range_deg=90)
    x = [float(attributes(svg, "x")[0]) for svg in (left, right)]
    assert left.endswith("</g>" + left[left.index("<text") :])
    assert x[0] + x[1] == pytest.approx(2 * CURL.view[0] + CURL.view[2])


@pytest.mark.parametrize("asked", [30, 45, 75, 90, 110])
@pytest.mark.parametrize("key", ["standing_curl", "prone_curl", "seated_band_curl"])
def test_the_knee_bends_to_the_prescribed_angle(key: str, asked: int) -> None:
    pose = POSES[key]
    x, y = ankle_at(pose, asked)
    direction = degrees(atan2(x - pose.knee[0], y - pose.knee[1]))
    assert (pose.zero - direction) % 360 == pytest.approx(asked, abs=0.1)


def test_the_drawn_turn_ends_at_the_prescribed_angle() -> None:
    turn = attributes(drawn(range_deg=75), "values")[-1]
    top = float(turn.split(";")[1].split()[0])
    assert top - CURL.near_shank == pytest.approx(75, abs=0.1)


@pytest.mark.parametrize("key", ["bridge", "bridge_one_leg"])
@pytest.mark.parametrize("part", [0.2, 0.5, 1.0])
def test_the_foot_stays_planted_in_a_bridge(key: str, part: float) -> None:
    assert ankle_at(POSES[key], 25, part) == pytest.approx(POSES[key].ankle, abs=0.2)


@pytest.mark.parametrize("key", ["heel_slide", "slider_curl"])
def test_the_heel_slides_level_toward_the_hip(key: str) -> None:
    start, end = POSES[key].ankle, ankle_at(POSES[key], 80)
    assert end[1] == pytest.approx(start[1], abs=0.1)
    assert end[0] < start[0] - 15


@pytest.mark.parametrize(
    ("tempo", "seconds", "times"),
    [
        ((2, 1, 2), "6s", "0;.333;.5;.833;1"),
        ((1, 0, 2), "4s", "0;.25;.25;.75;1"),
        ((3, 5, 3), "12s", "0;.25;.667;.917;1"),
    ],
)
def test_time_follows_the_tempo(tempo: tuple[int, int, int], seconds: str, times: str) -> None:
    svg = drawn(tempo=tempo)
    assert attributes(svg, "dur") == [seconds]
    assert attributes(svg, "keyTimes") == [times]


@everywhere
def test_as_many_times_as_values_in_order_and_back_at_the_start(key: str) -> None:
    svg = drawn(key, band="red", tempo=(3, 0, 4))
    for times, values in zip(attributes(svg, "keyTimes"), attributes(svg, "values"), strict=True):
        seconds, stops = [float(t) for t in times.split(";")], values.split(";")
        assert len(seconds) == len(stops)
        assert seconds == sorted(seconds)
        assert stops[0] == stops[-1]


def test_it_rests_until_tapped_and_plays_two_repetitions() -> None:
    svg = drawn(uid="curl7")
    assert attributes(svg, "begin") == ["curl7.click;curl7_play.click"]
    assert attributes(svg, "repeatCount") == ["2"]
    assert parsed(svg).attrib["id"] == "curl7"


def test_without_motion_nothing_is_animated() -> None:
    assert "<animate" in drawn(band="red")
    assert "<animate" not in drawn(band="red", motion=False)
    assert "<animate" not in still() + tile_of("bridge")


def test_bands_and_weights_are_drawn_only_if_prescribed() -> None:
    assert "f-blue" in drawn(band="blue")
    assert "f-weight" in drawn(weight_kg=Decimal("0.5"))
    assert not re.search("f-blue|f-weight", drawn(weight_kg=Decimal(0)))


def test_a_pose_that_takes_no_band_draws_none() -> None:
    assert drawn("bridge", band="red") == drawn("bridge")


def test_ids_are_unique_on_a_page() -> None:
    words: dict[str, Any] = {"title": "t", "description": "d", "tempo": (2, 1, 2), "range_deg": 75}
    page = "".join(draw_both(CURL, side="left", uid=uid, **words) for uid in ("a", "b"))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 12


def test_words_are_escaped() -> None:
    svg = drawn(title="<b>", description='a & "b"') + still(end_label="<i>")
    assert "&lt;b&gt;" in svg
    assert "a &amp; &quot;b&quot;" in svg
    assert "&lt;i&gt;" in svg


@pytest.mark.parametrize("uid", ["", "1a", "a-b", 'a"', "a.click;b"])
def test_a_name_that_would_break_the_clock_is_refused(uid: str) -> None:
    with pytest.raises(ValueError, match="name"):
        drawn(uid=uid)


def test_an_unknown_band_is_refused() -> None:
    with pytest.raises(ValueError, match="band"):
        drawn(band='red" onload="')


def test_title_and_description_name_the_picture() -> None:
    svg = parsed(drawn())
    named = [svg.find(f"*[@id='{i}']") for i in svg.attrib["aria-labelledby"].split()]
    assert [e.text for e in named if e is not None] == ["Curl", "The heel rises."]
    assert svg.attrib["role"] == "img"


def test_the_tile_is_silent_to_readers() -> None:
    assert parsed(tile_of("nordic")).attrib["aria-hidden"] == "true"


def test_the_still_pair_names_start_and_end() -> None:
    texts = [e.text for e in parsed(still()).iter("text")]
    assert texts == ["Start", "End", "75°"]


@everywhere
def test_a_pose_survives_json(key: str) -> None:
    assert Pose.from_json(json.loads(json.dumps(POSES[key].to_json()))) == POSES[key]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("trunk", "4"),
        ("trunk", float("nan")),
        ("move", "fly"),
        ("range_deg", 400),
        ("wing", 1),
        ("props", ['mat 0 9"/><script>']),
        ("props", ["mat 0"]),
        ("view", [0, 0, 9]),
    ],
)
def test_a_faulty_pose_names_the_field(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        Pose.from_json(CURL.to_json() | {field: value})


def test_a_pose_without_its_movement_is_refused() -> None:
    with pytest.raises(ValueError, match="move"):
        Pose.from_json({"range_deg": 90, "view": [0, 0, 9, 9], "tile": [0, 0, 9, 9]})
