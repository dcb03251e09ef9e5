"""A pose as layers of SVG, back to front."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from . import body, gear
from .geometry import Point
from .movement import Clock, changes, frames, moment
from .pose import Pose

RADII: dict[str, tuple[float, float]] = {"knee": (57.0, 65.0), "lean": (88.0, 96.0)}

# What turns with the trunk; the rest stays in the room.
TURNING: dict[str, frozenset[str]] = {
    "lean": frozenset(("far_arm", "far_leg", "neck", "head", "pelvis", "leg", "shirt", "arm")),
    "bridge": frozenset(("far_leg", "pelvis", "leg", "shirt")),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """One figure at one moment (`part` 0 to 1), moving from there if it has a clock."""

    pose: Pose
    range_deg: int
    band: str | None = None
    weighted: bool = False
    marked: bool = True
    part: float = 0.0
    clock: Clock | None = None

    @property
    def now(self) -> Pose:
        return moment(self.pose, self.range_deg, self.part) if self.part else self.pose

    @property
    def steps(self) -> tuple[Pose, ...]:
        return frames(self.pose, self.range_deg) if self.clock else (self.now,)

    @property
    def banded(self) -> bool:
        return bool(self.band and self.pose.band)

    def turn(self, content: str, pivot: Point, angles: list[float]) -> str:
        return self.clock.turn(content, pivot, angles) if self.clock else content


def layers(scene: Scene) -> str:
    """The whole picture in its own frame, facing right."""
    turning = TURNING.get(scene.pose.move, frozenset())
    drawn = background(scene)
    for turns, names in groupby(_PARTS, key=turning.__contains__):
        group = "".join(_PARTS[name](scene) for name in names)
        drawn += scene.turn(group, _pivot(scene), _trunk(scene)) if turns and group else group
    return drawn


def background(scene: Scene) -> str:
    pose = scene.pose
    radii = RADII.get(pose.move) if scene.marked else None
    marks = gear.sector(pose, scene.range_deg, radii) if radii else ""
    if "ball" in pose.props:
        return gear.shadow(pose) + gear.floor(pose) + gear.ball(pose, scene.steps, scene.clock)
    if pose.move == "slide" and scene.marked:
        marks = gear.track(pose, moment(pose, scene.range_deg, 1.0))
    under = gear.slider(pose, scene.steps, scene.clock) if "slider" in pose.props else ""
    return marks + gear.shadow(pose) + gear.floor(pose) + under


def _pivot(scene: Scene) -> Point:
    return scene.now.shoulder if scene.pose.move == "bridge" else scene.now.knee


def _trunk(scene: Scene) -> list[float]:
    return changes([pose.trunk for pose in scene.steps])


def _far_arm(scene: Scene) -> str:
    pose = scene.now
    shoulder = (pose.shoulder[0] + pose.far_arm_x, pose.shoulder[1])
    drawn = body.arm("f-far", shoulder, pose.far_upper, pose.far_fore, pose.far_hand)
    return scene.turn(drawn, shoulder, _arm_turns(scene))


def _near_arm(scene: Scene) -> str:
    pose = scene.now
    drawn = body.arm("f-skin", pose.shoulder, pose.near_upper, pose.near_fore, pose.near_hand)
    drawn += body.limb("f-sleeve", body.SLEEVE, pose.shoulder, pose.near_upper)
    return scene.turn(drawn, pose.shoulder, _arm_turns(scene))


def _arm_turns(scene: Scene) -> list[float]:
    if scene.pose.move != "lean":
        return [0.0]
    return changes([-pose.near_upper - pose.trunk for pose in scene.steps])


def _nodding(scene: Scene, drawn: str) -> str:
    """Head and neck, which a deep lean lifts from the floor."""
    if scene.pose.move != "lean":
        return drawn
    return scene.turn(drawn, scene.now.shoulder, changes([pose.neck for pose in scene.steps]))


def _far_leg(scene: Scene) -> str:
    if not scene.pose.far_leg:
        return ""
    pose = scene.now
    drawn = body.far_leg(pose)
    if scene.banded and pose.band == "ankles":
        drawn += gear.cuff(f"f-{scene.band}", pose.far_knee, pose.far_shank)
    turns = changes([-s.far_thigh - s.trunk for s in scene.steps])
    return scene.turn(drawn, pose.far_hip, turns)


def _strand(shade: str, lift: float) -> Callable[[Scene], str]:
    def drawn(scene: Scene) -> str:
        if not scene.banded:
            return ""
        css = f"f-{scene.band}{shade}"
        return gear.moving_strand(css, scene.now, scene.range_deg, lift, scene.clock)

    return drawn


def _shank(scene: Scene) -> str:
    """The working shank with its shoe and what is strapped to it."""
    pose, steps = scene.now, scene.steps
    foot = changes([-s.near_foot + s.near_shank for s in steps])
    drawn = gear.lever(pose) if "lever" in pose.props else ""
    drawn += body.limb("f-leg", body.SHANK_SHAPE, pose.knee, pose.near_shank)
    drawn += scene.turn(body.shoe("f-shoe", pose.ankle, pose.near_foot), pose.ankle, foot)
    if scene.banded:
        drawn += gear.cuff(f"f-{scene.band}", pose.knee, pose.near_shank)
    return drawn + (gear.weight(pose) if scene.weighted and pose.weight else "")


def _still_shank(scene: Scene) -> str:
    return _shank(scene) if scene.pose.move == "lean" else ""


def _leg(scene: Scene) -> str:
    """The working thigh, with the shank turning in it unless that stays on the floor."""
    pose, steps = scene.now, scene.steps
    drawn = ""
    if pose.move != "lean":
        bend = changes([s.near_thigh - s.near_shank for s in steps])
        drawn = scene.turn(_shank(scene), pose.knee, bend)
    drawn += body.limb("f-leg", body.THIGH_SHAPE, pose.hip, pose.near_thigh)
    drawn += body.limb("f-ham", body.HAMSTRING, pose.hip, pose.near_thigh)
    drawn += body.limb("f-short", body.SHORT, pose.hip, pose.near_thigh)
    return scene.turn(drawn, pose.hip, changes([-s.near_thigh - s.trunk for s in steps]))


def _arrow(scene: Scene) -> str:
    if scene.pose.move != "press" or not scene.marked:
        return ""
    return gear.press(scene.pose, scene.clock)


_PARTS: dict[str, Callable[[Scene], str]] = {
    "far_arm": _far_arm,
    "far_strand": _strand("-far", 3.2),
    "far_leg": _far_leg,
    "neck": lambda scene: _nodding(scene, body.neck(scene.now)),
    "head": lambda scene: _nodding(scene, body.head(scene.now)),
    "pelvis": lambda scene: body.torso("f-short", body.PELVIS, scene.now),
    "shank": _still_shank,
    "leg": _leg,
    "strand": _strand("", 0),
    "shirt": lambda scene: body.torso("f-shirt", body.SHIRT, scene.now),
    "arm": _near_arm,
    "front": lambda scene: gear.front(scene.pose),
    "arrow": _arrow,
}
