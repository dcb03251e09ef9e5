"""Every step of a ladder, on either side, with what it may be loaded with, is drawn whole."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from math import dist
from typing import Any

import pytest

from exercises import shipped
from exercises.figure import BANDS, POSES, Pose, draw, draw_both, draw_still, tile
from exercises.figure.drawing import Side
from exercises.figure.movement import moment
from exercises.figure.scene import Scene, layers
from tests.exercises.ink import reach

SIDES: tuple[Side, ...] = ("left", "right")
LADDER = (
    ("heel-dig",),
    ("heel-slide",),
    ("standing-curl-limited",),
    ("standing-curl",),
    ("prone-curl",),
    ("standing-curl-band", "seated-curl-band"),
    ("standing-curl-weight", "prone-curl-weight"),
    ("bridge", "bridge-one-leg"),
    ("machine-curl",),
    ("slider-curl", "ball-curl"),
    ("nordic-assisted", "nordic"),
)
PARTS = (0, 0.25, 0.5, 0.75, 1)
FLOOR = 6.0  # the dots of a sliding heel stand under the floor's line


@dataclass(frozen=True, eq=False)
class Variant:
    """A step of the ladder at one of the ranges that may be prescribed."""

    key: str
    slug: str
    pose: Pose
    range_deg: int
    band: str | None
    weight: Decimal | None
    text: dict[str, Any]
    tempo: tuple[int, int, int]

    @property
    def props(self) -> dict[str, Any]:
        return {"range_deg": self.range_deg, "band": self.band, "weight_kg": self.weight}

    @property
    def words(self) -> dict[str, str]:
        return {"title": self.text["name"], "description": self.text["movement"]}

    @property
    def ends(self) -> dict[str, str]:
        names = {"start_label": "start_caption", "end_label": "end_caption"}
        return {label: self.text[name] for label, name in names.items()}


def variants() -> Iterator[Variant]:
    for step in shipped.steps():
        entry, body = step["entry"], shipped.read(f"exercises/{step['exercise']}")
        pose = POSES[body["figure"]["pose"]]
        usual = entry["range_deg"] or body["figure"]["range_deg"] or pose.range_deg
        for degrees in sorted({usual, *step["bounds"].get("range_deg", ())}):
            yield Variant(
                key=f"{step['key']}-{degrees}",
                slug=step["exercise"],
                pose=pose,
                range_deg=degrees,
                band=(None, *BANDS)[entry["band_level"] or 0],
                weight=Decimal(str(entry["load_kg"])) if body["figure"]["weight"] else None,
                text=body["text"]["es"],
                tempo=(entry["up_s"], entry["hold_s"], entry["down_s"]),
            )


ALL = list(variants())
each = pytest.mark.parametrize("variant", ALL, ids=lambda variant: variant.key)


@cache
def moving(variant: Variant, side: Side) -> str:
    return draw(
        variant.pose, side=side, tempo=variant.tempo, uid="f1", **variant.props, **variant.words
    )


@cache
def at(variant: Variant, part: float) -> str:
    loaded = Scene(variant.pose, variant.range_deg, variant.band, bool(variant.weight), True, part)
    return f"<svg>{layers(loaded)}</svg>"


def test_the_ladder_has_its_eleven_variants_easier_to_harder() -> None:
    curls = [v for v in ALL if v.slug in {slug for rung in LADDER for slug in rung}]
    rungs = [next(i for i, rung in enumerate(LADDER) if v.slug in rung) for v in curls]
    assert rungs == sorted(rungs)
    assert set(rungs) == set(range(11))


@each
def test_a_variant_is_small_and_shows_what_it_is_loaded_with(variant: Variant) -> None:
    for side in SIDES:
        svg = moving(variant, side)
        assert len(gzip.compress(svg.encode(), 9)) < 3000
        assert [band for band in BANDS if f'"f-{band}"' in svg] == [variant.band] * bool(
            variant.band
        )
        assert ("f-seam" in svg) is bool(variant.weight)


@each
def test_a_variant_says_its_name_and_its_range(variant: Variant) -> None:
    for side in SIDES:
        svg = draw_both(
            variant.pose,
            side=side,
            tempo=variant.tempo,
            uid="f1",
            **variant.props,
            **variant.words,
            **variant.ends,
        )
        assert svg.count(f'<title id="f1t">{variant.text["name"]}</title>') == 1
        assert svg.count(variant.text["end_caption"]) == 1
        labelled = variant.pose.move in ("knee", "lean") or variant.pose.mark == "hip"
        assert svg.count(f">{variant.range_deg}°</text>") == 2 * labelled


@each
def test_nothing_is_cut_off_on_the_way(variant: Variant) -> None:
    left, top, right, bottom = zip(*(reach(at(variant, part)) for part in PARTS), strict=True)
    x, y, width, height = variant.pose.view
    assert x <= min(left) < max(right) <= x + width
    assert y <= min(top) < max(bottom) <= min(y + height, FLOOR + 2)


@each
def test_a_still_pair_stands_within_its_frame(variant: Variant) -> None:
    for side in SIDES:
        svg = draw_still(
            variant.pose, side=side, uid="s", **variant.props, **variant.words, **variant.ends
        )
        x, y, width, height = map(float, svg.split('viewBox="')[1].split('"')[0].split())
        left, top, right, bottom = reach(svg)
        assert x <= left < right <= x + width
        assert y <= top < bottom <= y + height


@each
def test_a_label_can_be_read_within_the_frame(variant: Variant) -> None:
    for side in SIDES:
        x, y, width, height = variant.pose.view
        for place, rest in re.findall(
            r'<text class="f-label" x="([-.\d]+)"([^>]*)>', moving(variant, side)
        ):
            reach_x = float(place) + (-25 if "end" in rest else 25)
            top = float(rest.split('y="')[1].split('"')[0]) - 9
            assert x <= min(float(place), reach_x) < max(float(place), reach_x) <= x + width
            assert y <= top < y + height


def check_ends(variant: Variant, now: Pose) -> None:
    """Where a range is drawn it is the prescribed one; at its usual range each angle is reached."""
    start = variant.pose
    if start.mark == "hip":
        assert abs(now.near_thigh - start.near_thigh) == pytest.approx(variant.range_deg, abs=0.1)
    if variant.range_deg == start.range_deg:
        told = {name: value for name, value in start.ends.items() if name[:3] != "hip"}
        assert {name: getattr(now, name) for name in told} == pytest.approx(told, abs=0.1)


@each
def test_the_joint_that_moves_ends_as_prescribed(variant: Variant) -> None:
    start, now = variant.pose, moment(variant.pose, variant.range_deg, 1)
    if start.move == "joints":
        check_ends(variant, now)
        return
    bends = {
        "knee": start.zero - now.near_shank,
        "lean": -now.near_thigh,
        "bridge": start.trunk - now.trunk,
        "slide": now.near_thigh - now.near_shank,
        "press": start.near_thigh - start.near_shank,  # nothing moves: as it lies
    }
    assert bends[start.move] == pytest.approx(variant.range_deg, abs=0.1)


@each
def test_the_limbs_are_joined_above_the_floor(variant: Variant) -> None:
    for pose in (moment(variant.pose, variant.range_deg, part) for part in PARTS):
        joints = (pose.near_hip, pose.knee, pose.ankle)
        assert [dist(a, b) for a, b in pairwise(joints)] == pytest.approx(
            [49.5 * pose.short, 49.0 * pose.short]
        )
        assert all(y < 0 for _, y in joints)


@each
def test_a_tile_shows_the_whole_body(variant: Variant) -> None:
    for side in SIDES:
        svg = tile(variant.pose, side=side, **variant.props)
        bare = re.sub(r'<path class="f-(floor|mat|chair|seat|dots)"[^>]*>', "", svg)
        left, top, right, bottom = reach(bare)
        x, y, width, height = variant.pose.tile
        assert x <= left < right <= x + width
        assert y <= top < bottom <= y + height
