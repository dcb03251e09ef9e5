"""A pose: joint angles and a few places, as plain numbers that an admin can edit."""

import re
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, Self, get_args

from .geometry import Point, above, along

THIGH, SHANK, UPPER_ARM, FOREARM = 49.5, 49.0, 35.0, 29.0
SHOULDER_X, SHOULDER_UP = -0.8, 53.4
WIDER = 1.9  # the shoulders of a body seen from front or back, by its hips

type Move = Literal["knee", "lean", "bridge", "slide", "press", "joints"]
type Root = Literal["hip", "near", "both", "far", "toes"]
type Mark = Literal["", "hip", "knee", "push"]
type Muscle = Literal["ham", "quad", "calf", "glute", "side"]
type Ends = tuple[str, ...]
type Arm = tuple[float, float, float]  # the angles of upper arm, forearm and hand
ARMS = ("near_upper", "near_fore", "near_hand", "far_upper", "far_fore", "far_hand")
# The props by name, each with how many places it wants.
PROPS = {
    "chair": 0,
    "seat": 0,
    "mat": 2,
    "bench": 2,
    "post": 1,
    "strap": 2,
    "lever": 0,
    "ball": 0,
    "slider": 0,
    "step": 3,
    "wall": 1,
    "roll": 2,
    "rail": 0,
}

type Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """The start of a movement, and how it goes on from there.

    Angles are degrees from straight down, positive to the front; `trunk` is the lean from
    upright, `neck` turns with the head about the shoulder, `head` is its tilt on the page, a
    foot is 0 when level and positive with toes up.
    `move`: knee = the shank turns; lean = all above the knee turns about it; bridge = the
    trunk turns about the shoulder over a planted foot; slide = the heel slides under a hip
    that stays; press = nothing moves, an arrow shows the push; joints = each angle named in `to`
    goes to its number there, as "near_thigh 131", and `root` stays where it is (a foot or
    both, the toes with the heel rising, or the hip). Where a foot stands, `to` may name the hip's
    place instead of the leg's angles. A far leg that `to` doesn't name goes along with a near one
    that stands. With `grip` the hands stay where they hold on.
    `mark` is the joint whose range is drawn as a fan, or where an arrow shows a push; `muscle`
    what is lit. `across` is how far each hip is from the middle of a body seen from behind, or
    (below 0) from the front; `short` and `far_short` shorten legs that point at whoever looks.
    `arm_reach` is how far the arms swing forward in a lean, `foot_turn` how far the toes rise in
    a slide. Props are a name and its places on the floor line, as "mat -100 118".
    The angle's label stands `label_turn` past the end of the range, or in its own direction
    `label_at`.
    `zero` is the shank's direction at 0 degrees of bend. Boxes are x, y, width, height.
    """

    move: Move
    range_deg: int
    view: Box
    tile: Box
    props: tuple[str, ...] = ()
    hip_x: float = 0.0
    hip_y: float = -106.5
    trunk: float = 4.5
    neck: float = 0.0
    head: float = 3.0
    head_x: float = 4.0
    head_up: float = 80.6
    near_thigh: float = -2.5
    near_shank: float = -3.5
    near_foot: float = 0.0
    far_leg: bool = True
    far_x: float = 2.0
    far_y: float = 0.0
    far_thigh: float = 2.5
    far_shank: float = -1.0
    far_foot: float = 0.0
    near_upper: float = 27.0
    near_fore: float = 51.0
    near_hand: float = 73.0
    far_upper: float = 27.0
    far_fore: float = 51.0
    far_hand: float = 73.0
    far_arm_x: float = 3.0
    arm_reach: float = 0.0
    foot_turn: float = 0.0
    zero: float = 0.0
    arc_from: float = 0.0
    label_turn: float = 8.0
    label_at: float = 0.0
    band: str = ""
    anchor_x: float = 0.0
    anchor_y: float = 0.0
    weight: bool = False
    root: Root = "hip"
    to: Ends = ()
    grip: bool = False
    mark: Mark = ""
    muscle: Muscle = "ham"
    across: float = 0.0
    short: float = 1.0
    far_short: float = 1.0

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary for a JSON column."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The pose back from its dictionary.

        Raises ValueError, naming the field, for an unknown or missing name, or a value of
        another kind.
        """
        kinds = {f.name: f.type for f in fields(cls)}
        missing = {"move", "range_deg", "view", "tile"} - data.keys()
        if missing:
            raise ValueError(f"missing: {', '.join(sorted(missing))}")
        return cls(**{name: _checked(name, kinds.get(name), v) for name, v in data.items()})

    @property
    def hip(self) -> Point:
        return self.hip_x, self.hip_y

    @property
    def near_hip(self) -> Point:
        return above(self.hip, self.trunk, self.across, 0) if self.across else self.hip

    @property
    def knee(self) -> Point:
        return along(self.near_hip, self.near_thigh, THIGH * self.short)

    @property
    def ankle(self) -> Point:
        return along(self.knee, self.near_shank, SHANK * self.short)

    @property
    def far_hip(self) -> Point:
        if self.across:
            return above(self.hip, self.trunk, -self.across, 0)
        return self.hip_x + self.far_x, self.hip_y + self.far_y

    @property
    def far_knee(self) -> Point:
        return along(self.far_hip, self.far_thigh, THIGH * self.far_short)

    @property
    def far_ankle(self) -> Point:
        return along(self.far_knee, self.far_shank, SHANK * self.far_short)

    @property
    def shoulder(self) -> Point:
        x = WIDER * self.across if self.across else SHOULDER_X
        return above(self.hip, self.trunk, x, SHOULDER_UP)

    @property
    def far_shoulder(self) -> Point:
        if self.across:
            return above(self.hip, self.trunk, -WIDER * self.across, SHOULDER_UP)
        return self.shoulder[0] + self.far_arm_x, self.shoulder[1]

    @property
    def near_arm(self) -> Arm:
        return self.near_upper, self.near_fore, self.near_hand

    @property
    def far_arm(self) -> Arm:
        return self.far_upper, self.far_fore, self.far_hand

    @property
    def ends(self) -> dict[str, float]:
        """The angles and places at the end of the movement, by name."""
        return {name: float(value) for name, value in (each.split() for each in self.to)}


def with_hip(pose: Pose, hip: Point, **angles: float) -> Pose:
    """The pose with its hip elsewhere and some angles changed."""
    changed: dict[str, Any] = {"hip_x": hip[0], "hip_y": hip[1]} | angles
    return replace(pose, **changed)


def arms(near: Arm, far: Arm) -> dict[str, Any]:
    """The angles of both arms, as a pose names them."""
    return dict(zip(ARMS, near + far, strict=True))


def elbow_and_wrist(shoulder: Point, arm: Arm) -> tuple[Point, Point]:
    """Where an arm bends and where its hand begins."""
    elbow = along(shoulder, arm[0], UPPER_ARM)
    return elbow, along(elbow, arm[1], FOREARM)


def _checked(name: str, kind: object, value: Any) -> Any:
    test = _TESTS.get(kind)
    if test is None or not test(value):
        raise ValueError(f"{name}: {value!r}")
    return tuple(value) if isinstance(value, list) else value


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1000


def _whole(value: Any) -> bool:
    return _number(value) and isinstance(value, int)


def _box(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 4 and all(map(_whole, value))


def _props(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(map(_prop, value))


def _prop(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z]+( -?\d{1,3})*", value):
        return False
    name, *places = value.split()
    return PROPS.get(name) == len(places)


def _ends(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(map(_end, value))


def _end(value: Any) -> bool:
    shape = r"(hip_[xy]|trunk|neck|head|short|(near|far)_[a-z]+) -?\d{1,3}(\.\d\d?)?"
    return isinstance(value, str) and re.fullmatch(shape, value) is not None


def _one_of(alias: Any) -> Any:
    return lambda value: value in get_args(alias.__value__)


_TESTS: dict[object, Any] = {
    float: _number,
    int: lambda v: _whole(v) and 0 <= v <= 180,
    bool: lambda v: isinstance(v, bool),
    str: lambda v: v in ("", "ankles", "anchor"),
    tuple[str, ...]: _props,
    Ends: _ends,
    Box: _box,
    **{alias: _one_of(alias) for alias in (Move, Root, Mark, Muscle)},
}
