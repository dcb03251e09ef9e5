"""A movement told by its end: every angle goes evenly from the start to its number there."""

from dataclasses import replace
from math import atan2, degrees

from .geometry import Point, along, solve
from .pose import FOREARM, SHANK, THIGH, UPPER_ARM, Pose, elbow_and_wrist, with_hip

BALL = (17.0, 8.0)  # where a foot turns when its heel rises, from the ankle
LEG = ("thigh", "shank", "foot")


def joints(pose: Pose, range_deg: float, part: float) -> Pose:
    """The pose at a part of the way, as far as the prescribed range goes; its root stays."""
    far = range_deg / pose.range_deg
    moved = _rooted(pose, _turned(pose, _ends(pose, far), part))
    return _gripping(pose, moved) if pose.grip else moved


def _ends(pose: Pose, far: float) -> dict[str, float]:
    """The angles at the end of the prescribed range."""
    ends = {name: (at := getattr(pose, name)) + far * (v - at) for name, v in pose.ends.items()}
    if "hip_x" in ends or "hip_y" in ends:
        hip = ends.pop("hip_x", pose.hip_x), ends.pop("hip_y", pose.hip_y)
        ends["near_thigh"], ends["near_shank"] = solve(hip, pose.ankle, THIGH, SHANK)
    if "trunk" in ends:
        ends.setdefault("head", pose.head + ends["trunk"] - pose.trunk)
    if pose.root in ("near", "toes") and pose.far_leg:
        ends |= {name: value for name, value in _along_with(pose, ends) if name not in ends}
    return ends


def _along_with(pose: Pose, ends: dict[str, float]) -> list[tuple[str, float]]:
    """The far leg's angles if it does what the near one does."""
    parts = [part for part in LEG if f"near_{part}" in ends]
    turns = {part: ends[f"near_{part}"] - getattr(pose, f"near_{part}") for part in parts}
    return [(f"far_{part}", getattr(pose, f"far_{part}") + turn) for part, turn in turns.items()]


def _turned(pose: Pose, ends: dict[str, float], part: float) -> Pose:
    angles = {name: (at := getattr(pose, name)) + part * (v - at) for name, v in ends.items()}
    return with_hip(pose, pose.hip, **angles)


def _rooted(pose: Pose, moved: Pose) -> Pose:
    """The body moved so that its root is where it was."""
    kept, now = _root(pose), _root(moved)
    hip = moved.hip_x + kept[0] - now[0], moved.hip_y + kept[1] - now[1]
    rooted = with_hip(moved, hip)
    if pose.root != "both":
        return rooted
    thigh, shank = solve(rooted.far_hip, pose.far_ankle, THIGH, SHANK)
    return replace(rooted, far_thigh=thigh, far_shank=shank)


def _root(pose: Pose) -> Point:
    match pose.root:
        case "near" | "both":
            return pose.ankle
        case "far":
            return pose.far_ankle
        case "toes":
            return along(pose.ankle, pose.near_foot, BALL[1], BALL[0])
        case _:
            return pose.hip


def _gripping(pose: Pose, moved: Pose) -> Pose:
    """The arms bent so that the hands hold on where they did."""
    _, near_wrist = elbow_and_wrist(pose.shoulder, pose.near_arm)
    _, far_wrist = elbow_and_wrist(pose.far_shoulder, pose.far_arm)
    near, far = _arm(near_wrist, moved.shoulder), _arm(far_wrist, moved.far_shoulder)
    return replace(
        moved,
        near_upper=near[0],
        near_fore=near[1],
        far_upper=far[0],
        far_fore=far[1],
    )


def _arm(wrist: Point, shoulder: Point) -> tuple[float, float]:
    """Upper arm and forearm from the shoulder to the wrist, the elbow to the back."""
    dx, dy = wrist[0] - shoulder[0], wrist[1] - shoulder[1]
    straight = degrees(atan2(dx, dy))
    front = solve(shoulder, wrist, UPPER_ARM, FOREARM)
    return 2 * straight - front[0], 2 * straight - front[1]
