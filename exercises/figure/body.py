"""The one body: every part as a closed outline, moved into place.

Limbs are points (t along the bone, f to the front); trunk parts (x, height above the hip);
the head around its centre, y down; the shoe around the ankle, toes to +x.
"""

from dataclasses import dataclass

from .geometry import Point, above, along, num, outline, pair, turned
from .pose import FOREARM, UPPER_ARM, Pose

type Shape = tuple[Point, ...]


def shape(text: str) -> Shape:
    points = [point.split(",") for point in text.split()]
    return tuple((float(x), float(y)) for x, y in points)


THIGH_SHAPE = shape(
    "8,8.5 13,11 26,10 40,7.6 49,7 55,4.3 55.6,-2.2 50,-6.1 40,-7.2 24,-10.2 13,-11.4 8,-9"
)
SHANK_SHAPE = shape(
    "-6,2.6 -1,6.6 6,6.5 16,5.5 32,4.2 46,3.6 52,2.2 52,-2.6 45,-4 35,-5.3 24,-8.6 13,-9.6 "
    "3,-7.2 -4,-4.6"
)
UPPER_SHAPE = shape(
    "-5,1 -3.5,4.6 5,5.6 16,5 28,4 36,3.3 38.4,-.4 35,-3.9 26,-4.6 12,-5.6 0,-5.6 -4.4,-3"
)
SLEEVE = shape("-6.4,1 -4.4,5.2 4,6.9 12,6.5 17,5.8 18.8,4 19,-4.2 17.4,-6 10,-6.9 1,-7 -5,-4")
FORE_SHAPE = shape("-3.6,1 -1.5,3.6 7,4.2 18,3.2 27,2.5 30,0 27,-2.5 16,-3.4 6,-4.3 -1.5,-3.8")
HAND = shape("-2,2.6 3.4,3.6 7.6,3.2 9.8,.2 8.6,-3 4,-3.8 -1,-2.8")
SHORT = shape(
    "-8,3 -2,10.2 8,12 17,11.7 21.4,10.9 22.4,8 22.4,-8.2 21.4,-11 15.5,-12.7 8.5,-14.2 1,-14 "
    "-5,-9.6"
)
HAMSTRING = shape("14,-2.4 24,-1.6 34,-2 42,-3 46.2,-4.2 42.4,-5.7 32,-7.4 21,-9 14,-9")
QUAD = shape("15,9.4 26,8.9 38,6.8 44,6.2 39,3.2 28,3 18,4.4")
CALF = shape("5,-3.4 13,-2.6 22,-2.8 31,-4.2 24,-7 14,-8 7,-6.6")
GLUTE = shape("-6,-9 0,-13.4 8,-13.8 16,-12 15,-5 6,-2 -2,-3.6")
PELVIS = shape("-11,2 -13.4,-3 -13.6,-8 -11,-13 0,-14 10.6,-11 11.4,-4.5 10.4,2 0,4")
NECK = shape("-6.2,58 -5.8,65 -5.6,72 -2,77 4,76 5,70 4.6,65 6,59 0,56")
SHIRT = shape(
    "-12.6,2 -10.2,10.5 -9.4,20 -11.2,31 -13.2,42 -13,51.5 -9.6,60.4 -6,63.8 0,62 5.4,61 "
    "9,56.4 12.4,47.4 12.2,38 10.7,27 10.6,16 11.2,6 11.9,-2 10.4,-4.4 4,-5 -4,-4.9 "
    "-11.6,-4.4 -13.8,-2.2"
)
HEAD = shape(
    ".5,-13.2 6.2,-11.6 9.3,-7 9.7,-2.6 10.3,.4 12,3.6 10.5,5.2 10.3,7.6 9.4,10.8 6.2,12.9 "
    "1.6,11 -3,8 -8,5.4 -11.2,0 -10.6,-7 -6,-12"
)
HAIR = shape(
    "9.4,-8.4 6.8,-12.8 1,-14.7 -5.4,-14.2 -10.8,-10.2 -12.9,-3.6 -12.1,3 -9.4,7.8 -6.6,8.4 "
    "-4.9,4.6 -4.4,.4 -2,-2.2 .8,-1.6 2.2,-5 5,-7.4"
)
SHOE = (
    "M-4.6-3.5C-6-1-8.2 1.5-8 5.2-7.9 7-6.8 8-5 8H18.5C21.6 8 22.6 6.4 21.6 4.6 "
    "19.6 1.6 13 .6 8.6-2 6.6-3.2 5.6-4 4.4-5z"
)


def path(css: str, data: str) -> str:
    return f'<path class="{css}" d="{data}"/>'


def limb(css: str, shape: Shape, joint: Point, angle: float) -> str:
    """A part that lies along a bone."""
    return path(css, outline([along(joint, angle, t, f) for t, f in shape]))


def thigh(css: str, joint: Point, angle: float, _short: float = 1.0) -> str:
    return limb(css, THIGH_SHAPE, joint, angle)


def shank(css: str, joint: Point, angle: float, _short: float = 1.0) -> str:
    return limb(css, SHANK_SHAPE, joint, angle)


def short(css: str, joint: Point, angle: float) -> str:
    return limb(css, SHORT, joint, angle)


def lit(pose: Pose) -> tuple[Shape, bool]:
    """The outline of what works most, along the thigh, and whether it lies over the shorts."""
    shapes: dict[str, tuple[Shape, bool]] = {
        "ham": (HAMSTRING, False),
        "quad": (QUAD, False),
        "glute": (GLUTE, True),
    }
    return shapes.get(pose.muscle, ((), False))


def torso(css: str, shape: Shape, pose: Pose) -> str:
    """A part that leans with the trunk."""
    return path(css, outline([above(pose.hip, pose.trunk, x, up) for x, up in shape]))


def pelvis(pose: Pose) -> str:
    return torso("f-short", PELVIS, pose)


def shirt(pose: Pose) -> str:
    return torso("f-shirt", SHIRT, pose)


def shoe(css: str, ankle: Point, foot: float) -> str:
    place = f"translate({pair(ankle)})" + (f"rotate({num(-foot)})" if foot else "")
    return f'<path class="{css}" d="{SHOE}" transform="{place}"/>'


def neck(pose: Pose) -> str:
    """The neck, which may turn about the shoulder so that a head stays on its mat."""
    points = [above(pose.hip, pose.trunk, x, up) for x, up in NECK]
    return path("f-skin", outline([turned(p, pose.shoulder, pose.neck) for p in points]))


def head(pose: Pose) -> str:
    """Head, hair and ear, tilted about the head's centre."""
    centre = above(pose.hip, pose.trunk, pose.head_x, pose.head_up)
    x, y = turned(centre, pose.shoulder, pose.neck)

    def placed(shape: Shape) -> str:
        return outline([turned((x + px, y + py), (x, y), pose.head) for px, py in shape])

    ear = turned((x - 2.2, y + 1.4), (x, y), pose.head)
    turn = f"translate({pair(ear)})rotate({num(pose.head)})"
    return (
        path("f-skin", placed(HEAD))
        + path("f-hair", placed(HAIR))
        + f'<ellipse class="f-ear" rx="2.2" ry="3.1" transform="{turn}"/>'
    )


def arm(css: str, shoulder: Point, upper: float, fore: float, hand: float) -> str:
    """Upper arm, forearm and hand as one path of three outlines."""
    elbow = along(shoulder, upper, UPPER_ARM)
    wrist = along(elbow, fore, FOREARM)
    bones = (
        (UPPER_SHAPE, shoulder, upper),
        (FORE_SHAPE, elbow, fore),
        (HAND, wrist, hand),
    )
    placed = [[along(joint, angle, *p) for p in shape] for shape, joint, angle in bones]
    return path(css, "".join(map(outline, placed)))


@dataclass(frozen=True, slots=True)
class ArmParts:
    """An arm in two, to bend between them."""

    shoulder: Point
    elbow: Point
    upper: str
    fore: str


def whole_arm(shoulder: Point, angles: tuple[float, float, float]) -> str:
    """An arm in its sleeve."""
    return arm("f-skin", shoulder, *angles) + limb("f-sleeve", SLEEVE, shoulder, angles[0])


def near_arm_parts(pose: Pose) -> ArmParts:
    angles = (pose.near_upper, pose.near_fore, pose.near_hand)
    parts = _arm_parts("f-skin", pose.shoulder, angles)
    sleeve = limb("f-sleeve", SLEEVE, pose.shoulder, pose.near_upper)
    return ArmParts(parts.shoulder, parts.elbow, parts.upper + sleeve, parts.fore)


def far_arm_parts(pose: Pose) -> ArmParts:
    angles = (pose.far_upper, pose.far_fore, pose.far_hand)
    return _arm_parts("f-far", pose.far_shoulder, angles)


def _arm_parts(css: str, shoulder: Point, angles: tuple[float, float, float]) -> ArmParts:
    upper, fore, hand = angles
    elbow = along(shoulder, upper, UPPER_ARM)
    lower = limb(css, FORE_SHAPE, elbow, fore)
    lower += limb(css, HAND, along(elbow, fore, FOREARM), hand)
    return ArmParts(shoulder, elbow, limb(css, UPPER_SHAPE, shoulder, upper), lower)


def far_leg(pose: Pose) -> str:
    """The leg behind, with its shoe and its half of the shorts."""
    bones = (
        (THIGH_SHAPE, pose.far_hip, pose.far_thigh),
        (SHANK_SHAPE, pose.far_knee, pose.far_shank),
    )
    placed = [[along(joint, angle, *p) for p in shape] for shape, joint, angle in bones]
    return (
        path("f-far", "".join(map(outline, placed)))
        + shoe("f-farshoe", pose.far_ankle, pose.far_foot)
        + limb("f-farshort", SHORT, pose.far_hip, pose.far_thigh)
    )
