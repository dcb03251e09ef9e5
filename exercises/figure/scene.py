"""A pose as layers of SVG, back to front."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from . import body, gear, marks
from .front import FROM_BEHIND, FROM_FRONT
from .geometry import Point, num
from .movement import EASED, FINE, Clock, changes, frames, moment
from .pose import Arm, Pose, elbow_and_wrist

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
    def body(self) -> body.Body:
        """As it is seen: from its side, or from front or back."""
        if not self.pose.across:
            return body.FROM_SIDE
        return FROM_BEHIND if self.pose.across > 0 else FROM_FRONT

    @property
    def banded(self) -> bool:
        return bool(self.band and self.pose.band)

    def turn(self, content: str, pivot: Point, angles: list[float]) -> str:
        return self.clock.turn(content, pivot, angles) if self.clock else content

    def through(self, parts: Sequence[float]) -> list[Pose]:
        """The poses that a movement passes through; the one of now, where nothing moves."""
        if self.clock is None:
            return [self.now]
        return [moment(self.pose, self.range_deg, part) for part in parts]

    def changing(self, css: str, ways: Sequence[str]) -> str:
        """A path that takes these outlines, one after the other."""
        drawn = body.path(css, ways[0])
        if self.clock is None:
            return drawn
        return drawn.replace("/>", f">{self.clock.change('d', ways)}</path>")


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
    passed = scene.through(EASED if pose.root == "both" else FINE)
    ways = [f"{num(p.hip_x - pose.hip_x)} {num(p.hip_y - pose.hip_y)}" for p in passed]
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


def _far_arm(scene: Scene) -> str:
    """Behind the body and in its shade; from behind or the front as clear as the other."""
    css = "f-skin" if scene.pose.across else "f-far"
    arms = [pose.far_arm for pose in scene.steps]
    return _arm(scene, css, scene.now.far_shoulder, arms)


def _near_arm(scene: Scene) -> str:
    return _arm(scene, "f-skin", scene.now.shoulder, [pose.near_arm for pose in scene.steps])


def _arm(scene: Scene, css: str, shoulder: Point, arms: list[Arm]) -> str:
    """An arm turning about its shoulder, bent at the elbow if its hand holds on."""
    sleeve = body.sleeve(shoulder, arms[0]) if css == "f-skin" else ""
    if scene.pose.grip:
        elbow, _ = elbow_and_wrist(shoulder, arms[0])
        bends = changes([upper - fore for upper, fore, _ in arms])
        fore = scene.turn(body.forearm(css, shoulder, arms[0]), elbow, bends)
        drawn = fore + body.upper_arm(css, shoulder, arms[0])
    else:
        drawn = body.arm(css, shoulder, arms[0])
    return scene.turn(drawn + sleeve, shoulder, _arm_turns(scene, arms))


def _arm_turns(scene: Scene, arms: list[Arm]) -> list[float]:
    if scene.pose.move not in ("lean", "joints"):
        return [0.0]
    pairs = zip(arms, scene.steps, strict=True)
    return changes([-arm[0] - pose.trunk for arm, pose in pairs])


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
    drawn = body.far_leg(scene.body, pose)
    if scene.banded and pose.band == "ankles":
        drawn += gear.cuff(f"f-{scene.band}", pose.far_knee, pose.far_shank)
    turns = changes([-s.far_thigh - s.trunk for s in scene.steps])
    return scene.turn(drawn, pose.far_hip, turns)


def _far_leg_bending(scene: Scene) -> str:
    """The leg behind where its knee and foot move too."""
    pose, steps, seen = scene.now, scene.steps, scene.body
    foot = changes([s.far_shank - s.far_foot for s in steps])
    shoe = body.shoe("f-farshoe", seen.shoe, pose.far_ankle, pose.far_foot)
    shank = body.limb("f-far", seen.shank, pose.far_knee, pose.far_shank, pose.far_short)
    shank += scene.turn(shoe, pose.far_ankle, foot)
    if scene.banded and pose.band == "ankles":
        shank += gear.cuff(f"f-{scene.band}", pose.far_knee, pose.far_shank)
    drawn = scene.turn(shank, pose.far_knee, changes([s.far_thigh - s.far_shank for s in steps]))
    drawn += body.limb("f-far", seen.thigh, pose.far_hip, pose.far_thigh, pose.far_short)
    drawn += body.limb("f-farshort", seen.short, pose.far_hip, pose.far_thigh)
    return scene.turn(drawn, pose.far_hip, changes([-s.far_thigh for s in steps]))


def _strand(shade: str, lift: float) -> Callable[[Scene], str]:
    def drawn(scene: Scene) -> str:
        if not scene.banded:
            return ""
        ways = [gear.strand(pose, lift) for pose in scene.through(EASED)]
        return scene.changing(f"f-{scene.band}{shade}", ways)

    return drawn


def _shank(scene: Scene) -> str:
    """The working shank with its shoe and what is strapped to it."""
    pose, seen = scene.now, scene.body
    foot = changes([-s.near_foot + s.near_shank for s in scene.steps])
    drawn = gear.lever(pose) if "lever" in pose.props else ""
    drawn += body.limb("f-leg", seen.shank, pose.knee, pose.near_shank, pose.short)
    if pose.muscle == "calf":
        drawn += body.limb("f-ham", body.CALF, pose.knee, pose.near_shank)
    shoe = body.shoe("f-shoe", seen.shoe, pose.ankle, pose.near_foot)
    drawn += scene.turn(shoe, pose.ankle, foot)
    if scene.banded:
        drawn += gear.cuff(f"f-{scene.band}", pose.knee, pose.near_shank)
    return drawn + (gear.weight(pose) if scene.weighted and pose.weight else "")


def _still_shank(scene: Scene) -> str:
    return _shank(scene) if scene.pose.move == "lean" else ""


def _leg(scene: Scene) -> str:
    """The working thigh, with the shank turning in it unless that stays on the floor."""
    pose, steps, seen = scene.now, scene.steps, scene.body
    if pose.short != 1:
        return _leg_at_you(scene)
    drawn = ""
    if pose.move != "lean":
        bend = changes([s.near_thigh - s.near_shank for s in steps])
        drawn = scene.turn(_shank(scene), pose.knee, bend)
    drawn += body.limb("f-leg", seen.thigh, pose.near_hip, pose.near_thigh)
    drawn += _lit_short(scene)
    turns = [-s.near_thigh - (0 if pose.move == "joints" else s.trunk) for s in steps]
    return scene.turn(drawn, pose.near_hip, changes(turns))


def _leg_at_you(scene: Scene) -> str:
    """A working leg that points at whoever looks, and is longer on the page as it turns away."""
    pose, hip, seen = scene.now, scene.now.near_hip, scene.body
    ways = scene.through(EASED[::2])
    leg = scene.changing("f-leg", [body.near_leg(seen, way) for way in ways])
    shoe = body.shoe("f-shoe", seen.shoe, pose.ankle, 0)
    if scene.clock:
        shifts = [f"{num(p.ankle[0] - hip[0])} {num(p.ankle[1] - hip[1])}" for p in ways]
        shoe = body.shoe("f-shoe", seen.shoe, hip, pose.near_foot)
        shoe = f"<g>{shoe}{scene.clock.shift(shifts)}</g>"
    turns = changes([-s.near_thigh for s in scene.steps])
    return shoe + leg + scene.turn(_lit_short(scene), hip, turns)


def _lit_short(scene: Scene) -> str:
    """The working half of the shorts, and over or under it what works most."""
    pose = scene.now
    short = body.limb("f-short", scene.body.short, pose.near_hip, pose.near_thigh)
    if pose.muscle not in scene.body.lit:
        return short
    part, over = scene.body.lit[pose.muscle]
    light = body.limb("f-ham", part, pose.near_hip, pose.near_thigh)
    return short + light if over else light + short


def _arrow(scene: Scene) -> str:
    if scene.marked and (scene.pose.move == "press" or scene.pose.mark == "push"):
        return marks.press(scene.pose, scene.clock)
    return ""


_PARTS: dict[str, Callable[[Scene], str]] = {
    "far_arm": _far_arm,
    "far_strand": _strand("-far", 3.2),
    "far_leg": _far_leg,
    "neck": lambda scene: _nodding(scene, body.neck(scene.body, scene.now)),
    "head": lambda scene: _nodding(scene, body.head(scene.body, scene.now)),
    "pelvis": lambda scene: body.torso("f-short", scene.body.pelvis, scene.now),
    "shank": _still_shank,
    "leg": _leg,
    "strand": _strand("", 0),
    "shirt": lambda scene: body.torso("f-shirt", scene.body.shirt, scene.now),
    "arm": _near_arm,
    "front": lambda scene: gear.front(scene.pose),
    "arrow": _arrow,
}
