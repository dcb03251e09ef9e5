"""The companions move as told: what stands stays, hands hold on, start and end look apart."""

from math import dist

import pytest

from exercises.figure import POSES, Pose
from exercises.figure.geometry import along
from exercises.figure.joints import BALL
from exercises.figure.movement import moment
from exercises.figure.pose import FOREARM, UPPER_ARM

COMPANIONS = {name: pose for name, pose in POSES.items() if pose.move == "joints"}
PARTS = (0.25, 0.5, 0.75, 1)


def way(pose: Pose) -> list[Pose]:
    return [moment(pose, pose.range_deg, part) for part in PARTS]


def wrist(pose: Pose) -> tuple[float, float]:
    elbow = along(pose.shoulder, pose.near_upper, UPPER_ARM)
    return along(elbow, pose.near_fore, FOREARM)


def test_there_are_twenty() -> None:
    assert len(COMPANIONS) == 20


@pytest.mark.parametrize(("root", "ankle"), [("near", "ankle"), ("far", "far_ankle")])
def test_a_foot_that_stands_stays_where_it_is(root: str, ankle: str) -> None:
    standing = [pose for pose in COMPANIONS.values() if pose.root == root]
    assert standing
    for pose in standing:
        kept = [dist(getattr(now, ankle), getattr(pose, ankle)) for now in way(pose)]
        assert kept == pytest.approx([0] * len(PARTS), abs=1e-6)


def test_two_feet_that_do_the_same_both_stay() -> None:
    for name in ("sit_to_stand", "mini_squat", "wall_sit", "hip_hinge"):
        pose = COMPANIONS[name]
        assert max(dist(now.far_ankle, pose.far_ankle) for now in way(pose)) < 1


def test_front_and_back_foot_stay_in_a_split_squat() -> None:
    pose = COMPANIONS["split_squat"]
    for ankle in ("ankle", "far_ankle"):
        assert max(dist(getattr(now, ankle), getattr(pose, ankle)) for now in way(pose)) < 0.5


def test_heels_rise_over_toes_that_stay() -> None:
    for name in ("calf_raise", "calf_raise_one_leg"):
        pose = COMPANIONS[name]
        balls = [along(p.ankle, p.near_foot, BALL[1], BALL[0]) for p in (pose, *way(pose))]
        assert max(dist(ball, balls[0]) for ball in balls) == pytest.approx(0, abs=1e-6)
        assert way(pose)[-1].ankle[1] < pose.ankle[1] - 6


def test_hands_hold_on() -> None:
    holding = [pose for pose in COMPANIONS.values() if pose.grip]
    assert len(holding) == 4
    for pose in holding:
        assert max(dist(wrist(now), wrist(pose)) for now in way(pose)) < 0.5


def test_the_back_slides_along_the_wall() -> None:
    pose = COMPANIONS["wall_sit"]
    assert max(abs(now.hip_x - pose.hip_x) for now in way(pose)) < 2.5
    assert way(pose)[-1].hip_y > pose.hip_y + 15


@pytest.mark.parametrize("name", sorted(COMPANIONS))
def test_start_and_end_look_apart(name: str) -> None:
    start, end = COMPANIONS[name], way(COMPANIONS[name])[-1]
    places = ("hip", "knee", "ankle", "far_ankle", "shoulder")
    gone = max(dist(getattr(start, place), getattr(end, place)) for place in places)
    assert gone > 6


@pytest.mark.parametrize("told", ["near_knee", "wing 9", "trunk x", 'trunk 1"/>'])
def test_an_end_that_cannot_be_read_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match="to"):
        Pose.from_json(COMPANIONS["clam"].to_json() | {"to": [told]})
