"""A pose as layers of SVG, back to front."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from . import body, front, gear, marks
from .geometry import Point, num
from .movement import EASED, FINE, Clock, changes, frames, moment
from .pose import Pose

# What turns with the trunk; the rest stays in the room.
TURNING: dict[str, frozenset[str]] = {
    "joints": frozenset(("far_arm", "neck", "head", "pelvis", "shirt", "arm")),
    "lean": frozenset(("far_arm", "far_leg", "neck", "head", "pelvis", "leg", "shirt", "arm")),
    "bridge": frozenset(("far_leg", "pelvis", "leg", "shirt")),
}

STAYING = frozenset(("far_strand", "strand", "front", "arrow"))  # in the room, not with the hip


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
    drawn = background(scene)
    for walks, names in groupby(_PARTS, key=lambda name: name not in STAYING):
        group = _turning(scene, names)
        drawn += _walking(scene, group) if walks else group
    return drawn


def _turning(scene: Scene, names: Iterable[str]) -> str:
    """These parts, those that turn with the trunk in groups that do."""
    turning = TURNING.get(scene.pose.move, frozenset())
    drawn = ""
    for turns, held in groupby(names, key=turning.__contains__):
        group = "".join(_PARTS[name](scene) for name in held)
        drawn += scene.turn(group, _pivot(scene), _trunk(scene)) if turns and group else group
    return drawn


def _walking(scene: Scene, group: str) -> str:
    """The body, which goes where its hip goes."""
    pose = scene.pose
    if scene.clock is None or pose.move != "joints" or pose.root == "hip" or not group:
        return group
    parts = EASED if pose.root == "both" else FINE
    hips = [moment(pose, scene.range_deg, part).hip for part in parts]
    ways = [f"{num(x - pose.hip_x)} {num(y - pose.hip_y)}" for x, y in hips]
    return f"<g>{group}{scene.clock.shift(ways)}</g>"


def background(scene: Scene) -> str:
    pose = scene.pose
    fan = marks.sector(pose, scene.range_deg) if scene.marked else ""
    if "ball" in pose.props:
        return gear.shadow(pose) + gear.floor(pose) + gear.ball(pose, scene.steps, scene.clock)
    if pose.move == "slide" and scene.marked:
        fan = marks.track(pose, moment(pose, scene.range_deg, 1.0))
    under = gear.slider(pose, scene.steps, scene.clock) if "slider" in pose.props else ""
    return fan + gear.shadow(pose) + gear.floor(pose) + under


def _pivot(scene: Scene) -> Point:
    pivots = {"bridge": scene.now.shoulder, "joints": scene.now.hip}
    return pivots.get(scene.pose.move, scene.now.knee)


def _trunk(scene: Scene) -> list[float]:
    return changes([pose.trunk for pose in scene.steps])


def _body(scene: Scene) -> Any:
    """The module that draws a body as it is seen: from its side, or from front or back."""
    return front if scene.pose.across else body


def _far_arm(scene: Scene) -> str:
    pose = scene.now
    angles = (pose.far_upper, pose.far_fore, pose.far_hand)
    if not scene.pose.grip:
        seen = body.whole_arm(pose.far_shoulder, angles) if pose.across else ""
        drawn = seen or body.arm("f-far", pose.far_shoulder, *angles)
        return scene.turn(drawn, pose.far_shoulder, _arm_turns(scene, "far"))
    return _bent(scene, "far", body.far_arm_parts(pose))


def _near_arm(scene: Scene) -> str:
    pose = scene.now
    if scene.pose.grip:
        return _bent(scene, "near", body.near_arm_parts(pose))
    angles = (pose.near_upper, pose.near_fore, pose.near_hand)
    drawn = body.whole_arm(pose.shoulder, angles)
    return scene.turn(drawn, pose.shoulder, _arm_turns(scene, "near"))


def _bent(scene: Scene, side: str, parts: body.ArmParts) -> str:
    """An arm that bends at its elbow so that its hand stays."""
    bends = [getattr(s, f"{side}_upper") - getattr(s, f"{side}_fore") for s in scene.steps]
    fore = scene.turn(parts.fore, parts.elbow, changes(bends))
    return scene.turn(fore + parts.upper, parts.shoulder, _arm_turns(scene, side))


def _arm_turns(scene: Scene, side: str) -> list[float]:
    if scene.pose.move not in ("lean", "joints"):
        return [0.0]
    return changes([-getattr(pose, f"{side}_upper") - pose.trunk for pose in scene.steps])


def _nodding(scene: Scene, drawn: str) -> str:
    """Head and neck, which a deep lean lifts from the floor."""
    if scene.pose.move != "lean":
        return drawn
    return scene.turn(drawn, scene.now.shoulder, changes([pose.neck for pose in scene.steps]))


def _far_leg(scene: Scene) -> str:
    if not scene.pose.far_leg:
        return ""
    pose = scene.now
    if scene.pose.move == "joints":
        return _far_leg_bending(scene)
    drawn = body.far_leg(pose)
    if scene.banded and pose.band == "ankles":
        drawn += gear.cuff(f"f-{scene.band}", pose.far_knee, pose.far_shank)
    turns = changes([-s.far_thigh - s.trunk for s in scene.steps])
    return scene.turn(drawn, pose.far_hip, turns)


def _far_leg_bending(scene: Scene) -> str:
    """The leg behind where its knee and foot move too."""
    pose, steps = scene.now, scene.steps
    shapes = _body(scene)
    foot = changes([s.far_shank - s.far_foot for s in steps])
    shoe = scene.turn(shapes.shoe("f-farshoe", pose.far_ankle, pose.far_foot), pose.far_ankle, foot)
    shank = shapes.shank("f-far", pose.far_knee, pose.far_shank, pose.far_short) + shoe
    if scene.banded and pose.band == "ankles":
        shank += gear.cuff(f"f-{scene.band}", pose.far_knee, pose.far_shank)
    drawn: str = scene.turn(
        shank, pose.far_knee, changes([s.far_thigh - s.far_shank for s in steps])
    )
    drawn += shapes.thigh("f-far", pose.far_hip, pose.far_thigh, pose.far_short)
    drawn += shapes.short("f-farshort", pose.far_hip, pose.far_thigh)
    return scene.turn(drawn, pose.far_hip, changes([-s.far_thigh for s in steps]))


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
    shapes = _body(scene)
    foot = changes([-s.near_foot + s.near_shank for s in steps])
    drawn: str = gear.lever(pose) if "lever" in pose.props else ""
    drawn += shapes.shank("f-leg", pose.knee, pose.near_shank, pose.short)
    if pose.muscle == "calf":
        drawn += body.limb("f-ham", body.CALF, pose.knee, pose.near_shank)
    drawn += scene.turn(shapes.shoe("f-shoe", pose.ankle, pose.near_foot), pose.ankle, foot)
    if scene.banded:
        drawn += gear.cuff(f"f-{scene.band}", pose.knee, pose.near_shank)
    return drawn + (gear.weight(pose) if scene.weighted and pose.weight else "")


def _still_shank(scene: Scene) -> str:
    return _shank(scene) if scene.pose.move == "lean" else ""


def _leg(scene: Scene) -> str:
    """The working thigh, with the shank turning in it unless that stays on the floor."""
    pose, steps = scene.now, scene.steps
    shapes = _body(scene)
    drawn = ""
    if pose.short != 1:
        return _leg_at_you(scene)
    if pose.move != "lean":
        bend = changes([s.near_thigh - s.near_shank for s in steps])
        drawn = scene.turn(_shank(scene), pose.knee, bend)
    drawn += shapes.thigh("f-leg", pose.near_hip, pose.near_thigh, pose.short)
    lit, over = shapes.lit(pose)
    light = body.limb("f-ham", lit, pose.near_hip, pose.near_thigh) if lit else ""
    short = shapes.short("f-short", pose.near_hip, pose.near_thigh)
    drawn += short + light if over else light + short
    turns = [-s.near_thigh - (0 if pose.move == "joints" else s.trunk) for s in steps]
    return scene.turn(drawn, pose.near_hip, changes(turns))


def _leg_at_you(scene: Scene) -> str:
    """A working leg that points at whoever looks, and is longer on the page as it turns away."""
    pose, hip = scene.now, scene.now.near_hip
    ways = [moment(scene.pose, scene.range_deg, p) for p in EASED[::2]] if scene.clock else [pose]
    leg, shoe = body.path("f-leg", front.leg(pose)), front.shoe("f-shoe", pose.ankle, 0)
    if scene.clock:
        leg = leg.replace("/>", f">{scene.clock.change('d', [front.leg(p) for p in ways])}</path>")
        shifts = [f"{num(p.ankle[0] - hip[0])} {num(p.ankle[1] - hip[1])}" for p in ways]
        shoe = f"<g>{front.shoe('f-shoe', hip, pose.near_foot)}{scene.clock.shift(shifts)}</g>"
    light = body.limb("f-ham", front.lit(pose)[0], hip, pose.near_thigh)
    short = front.short("f-short", hip, pose.near_thigh) + light
    return shoe + leg + scene.turn(short, hip, changes([-s.near_thigh for s in scene.steps]))


def _arrow(scene: Scene) -> str:
    if scene.marked and (scene.pose.move == "press" or scene.pose.mark == "push"):
        return marks.press(scene.pose, scene.clock)
    return ""


_PARTS: dict[str, Callable[[Scene], str]] = {
    "far_arm": _far_arm,
    "far_strand": _strand("-far", 3.2),
    "far_leg": _far_leg,
    "neck": lambda scene: _nodding(scene, _body(scene).neck(scene.now)),
    "head": lambda scene: _nodding(scene, _body(scene).head(scene.now)),
    "pelvis": lambda scene: _body(scene).pelvis(scene.now),
    "shank": _still_shank,
    "leg": _leg,
    "strand": _strand("", 0),
    "shirt": lambda scene: _body(scene).shirt(scene.now),
    "arm": _near_arm,
    "front": lambda scene: gear.front(scene.pose),
    "arrow": _arrow,
}
