"""The body as seen from its side, and how the parts of any body are moved into place.

Limbs are points (t along the bone, f to the front); trunk parts (x, height above the hip);
the head around its centre, y down; the shoe around the ankle, toes to +x.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .geometry import Point, above, along, num, outline, pair, turned
from .pose import Arm, Muscle, Pose, elbow_and_wrist

type Shape = tuple[Point, ...]
type Bone = tuple[Shape, Point, float]  # a part, its joint, and the bone's direction


def shape(text: str) -> Shape:
    points = [point.split(",") for point in text.split()]
    return tuple((float(x), float(y)) for x, y in points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The parts that look different from another side.

    `ears` are places around the head's centre; from the side, one lies over the hair.
    `lit` is what works most, along the thigh, and whether it lies over the shorts.
    """

    thigh: Shape
    shank: Shape
    short: Shape
    pelvis: Shape
    shirt: Shape
    neck: Shape
    head: Shape
    hair: Shape
    ears: Shape
    ear_width: float
    shoe: str
    lit: dict[Muscle, tuple[Shape, bool]]


FROM_SIDE = Body(
    thigh=shape(
        "8,8.5 13,11 26,10 40,7.6 49,7 55,4.3 55.6,-2.2 50,-6.1 40,-7.2 24,-10.2 13,-11.4 8,-9"
    ),
    shank=shape(
        "-6,2.6 -1,6.6 6,6.5 16,5.5 32,4.2 46,3.6 52,2.2 52,-2.6 45,-4 35,-5.3 24,-8.6 13,-9.6 "
        "3,-7.2 -4,-4.6"
    ),
    short=shape(
        "-8,3 -2,10.2 8,12 17,11.7 21.4,10.9 22.4,8 22.4,-8.2 21.4,-11 15.5,-12.7 8.5,-14.2 1,-14 "
        "-5,-9.6"
    ),
    pelvis=shape("-11,2 -13.4,-3 -13.6,-8 -11,-13 0,-14 10.6,-11 11.4,-4.5 10.4,2 0,4"),
    shirt=shape(
        "-12.6,2 -10.2,10.5 -9.4,20 -11.2,31 -13.2,42 -13,51.5 -9.6,60.4 -6,63.8 0,62 5.4,61 "
        "9,56.4 12.4,47.4 12.2,38 10.7,27 10.6,16 11.2,6 11.9,-2 10.4,-4.4 4,-5 -4,-4.9 "
        "-11.6,-4.4 -13.8,-2.2"
    ),
    neck=shape("-6.2,58 -5.8,65 -5.6,72 -2,77 4,76 5,70 4.6,65 6,59 0,56"),
    head=shape(
        ".5,-13.2 6.2,-11.6 9.3,-7 9.7,-2.6 10.3,.4 12,3.6 10.5,5.2 10.3,7.6 9.4,10.8 6.2,12.9 "
        "1.6,11 -3,8 -8,5.4 -11.2,0 -10.6,-7 -6,-12"
    ),
    hair=shape(
        "9.4,-8.4 6.8,-12.8 1,-14.7 -5.4,-14.2 -10.8,-10.2 -12.9,-3.6 -12.1,3 -9.4,7.8 -6.6,8.4 "
        "-4.9,4.6 -4.4,.4 -2,-2.2 .8,-1.6 2.2,-5 5,-7.4"
    ),
    ears=((-2.2, 1.4),),
    ear_width=2.2,
    shoe="M-4.6-3.5C-6-1-8.2 1.5-8 5.2-7.9 7-6.8 8-5 8H18.5C21.6 8 22.6 6.4 21.6 4.6 "
    "19.6 1.6 13 .6 8.6-2 6.6-3.2 5.6-4 4.4-5z",
    lit={
        "ham": (
            shape("14,-2.4 24,-1.6 34,-2 42,-3 46.2,-4.2 42.4,-5.7 32,-7.4 21,-9 14,-9"),
            False,
        ),
        "quad": (shape("15,9.4 26,8.9 38,6.8 44,6.2 39,3.2 28,3 18,4.4"), False),
        "glute": (shape("-6,-9 0,-13.4 8,-13.8 16,-12 15,-5 6,-2 -2,-3.6"), True),
    },
)
UPPER_SHAPE = shape(
    "-5,1 -3.5,4.6 5,5.6 16,5 28,4 36,3.3 38.4,-.4 35,-3.9 26,-4.6 12,-5.6 0,-5.6 -4.4,-3"
)
SLEEVE = shape("-6.4,1 -4.4,5.2 4,6.9 12,6.5 17,5.8 18.8,4 19,-4.2 17.4,-6 10,-6.9 1,-7 -5,-4")
FORE_SHAPE = shape("-3.6,1 -1.5,3.6 7,4.2 18,3.2 27,2.5 30,0 27,-2.5 16,-3.4 6,-4.3 -1.5,-3.8")
HAND = shape("-2,2.6 3.4,3.6 7.6,3.2 9.8,.2 8.6,-3 4,-3.8 -1,-2.8")
CALF = shape("5,-3.4 13,-2.6 22,-2.8 31,-4.2 24,-7 14,-8 7,-6.6")


def path(css: str, data: str) -> str:
    return f'<path class="{css}" d="{data}"/>'


def outlines(bones: Iterable[Bone], by: float = 1.0) -> str:
    """Path data of parts that lie along their bones, all shortened by as much."""
    return "".join(
        outline([along(joint, angle, t * by, f) for t, f in part]) for part, joint, angle in bones
    )


def limb(css: str, part: Shape, joint: Point, angle: float, by: float = 1.0) -> str:
    """One such part as a path of its own."""
    return path(css, outlines([(part, joint, angle)], by))


def torso(css: str, part: Shape, pose: Pose) -> str:
    """A part that leans with the trunk."""
    return path(css, outline([above(pose.hip, pose.trunk, x, up) for x, up in part]))


def shoe(css: str, data: str, ankle: Point, foot: float) -> str:
    place = f"translate({pair(ankle)})" + (f"rotate({num(-foot)})" if foot else "")
    return f'<path class="{css}" d="{data}" transform="{place}"/>'


def neck(body: Body, pose: Pose) -> str:
    """The neck, which may turn about the shoulder so that a head stays on its mat."""
    points = [above(pose.hip, pose.trunk, x, up) for x, up in body.neck]
    return path("f-skin", outline([turned(p, pose.shoulder, pose.neck) for p in points]))


def head(body: Body, pose: Pose) -> str:
    """Head, hair and ears, tilted about the head's centre."""
    centre = above(pose.hip, pose.trunk, pose.head_x, pose.head_up)
    x, y = centre = turned(centre, pose.shoulder, pose.neck)

    def placed(part: Shape) -> list[Point]:
        return [turned((x + px, y + py), centre, pose.head) for px, py in part]

    ear = f'<ellipse class="f-ear" rx="{num(body.ear_width)}" ry="3.1"'
    turn = f"rotate({num(pose.head)})"
    ears = "".join(f'{ear} transform="translate({pair(at)}){turn}"/>' for at in placed(body.ears))
    drawn = path("f-skin", outline(placed(body.head))) + path("f-hair", outline(placed(body.hair)))
    return drawn + ears if len(body.ears) == 1 else ears + drawn


def arm(css: str, shoulder: Point, angles: Arm) -> str:
    """Upper arm, forearm and hand as one path of three outlines."""
    return path(css, outlines(_arm_bones(shoulder, angles)))


def sleeve(shoulder: Point, angles: Arm) -> str:
    return limb("f-sleeve", SLEEVE, shoulder, angles[0])


def forearm(css: str, shoulder: Point, angles: Arm) -> str:
    """What turns about the elbow."""
    return "".join(limb(css, *bone) for bone in _arm_bones(shoulder, angles)[1:])


def upper_arm(css: str, shoulder: Point, angles: Arm) -> str:
    return limb(css, UPPER_SHAPE, shoulder, angles[0])


def _arm_bones(shoulder: Point, angles: Arm) -> list[Bone]:
    elbow, wrist = elbow_and_wrist(shoulder, angles)
    joints = (shoulder, elbow, wrist)
    return list(zip((UPPER_SHAPE, FORE_SHAPE, HAND), joints, angles, strict=True))


def near_leg(body: Body, pose: Pose) -> str:
    """The outlines of the working leg, without its shoe."""
    bones = (body.thigh, pose.near_hip, pose.near_thigh), (body.shank, pose.knee, pose.near_shank)
    return outlines(bones, pose.short)


def far_leg(body: Body, pose: Pose) -> str:
    """The leg behind, with its shoe and its half of the shorts."""
    bones = (body.thigh, pose.far_hip, pose.far_thigh), (body.shank, pose.far_knee, pose.far_shank)
    return (
        path("f-far", outlines(bones))
        + shoe("f-farshoe", body.shoe, pose.far_ankle, pose.far_foot)
        + limb("f-farshort", body.short, pose.far_hip, pose.far_thigh)
    )
