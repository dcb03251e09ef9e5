"""The body as seen from behind, or (lying on its side) from the front: the same parts.

Limbs are points (t along the bone, f to the right of it); trunk parts (x, height above the hip).
"""

from .body import Shape, limb, path, shape, torso
from .geometry import Point, above, along, num, outline, pair, turned
from .pose import Pose

THIGH = shape("4,8.4 14,10.6 28,9 42,6.6 50,5.6 55,4 55,-4 50,-5.6 42,-6.4 28,-8 14,-9 4,-8")
SHANK = shape(
    "-5,4.6 4,5.6 14,7.2 24,6 38,3.8 50,3 52,0 50,-3 38,-3.8 24,-5.8 14,-6.8 4,-5.4 -5,-4.4"
)
SHORT = shape("-9,6 -4,9.4 6,11.2 21,11.4 22.6,8 22.6,-8 21,-11.4 6,-11.2 -4,-9.4 -9,-6")
SIDE = shape("-8,6.4 -3,10.2 8,12.2 17,12 12,7.4 2,5.6 -6,4.2")
PELVIS = shape("-16.6,3 -17.6,-4 -15,-10 -5,-11.6 5,-11.6 15,-10 17.6,-4 16.6,3 0,5")
SHIRT = shape(
    "-16.2,-3 -15.6,8 -14.6,18 -16,30 -18.4,42 -21,51 -17,57.6 -8,60.4 0,61 8,60.4 17,57.6 "
    "21,51 18.4,42 16,30 14.6,18 15.6,8 16.2,-3 0,-5"
)
NECK = shape("-5,57 -4.8,64 -4.6,70 0,72 4.6,70 4.8,64 5,57 0,55")
HEAD = shape("0,-13 7,-10.6 9.6,-4 9,3 6.4,9.6 0,13 -6.4,9.6 -9,3 -9.6,-4 -7,-10.6")
BACK_HAIR = shape("0,-14.8 8,-12 11,-4.6 10,3 7,8.4 0,10 -7,8.4 -10,3 -11,-4.6 -8,-12")
FRONT_HAIR = shape(
    "0,-14.8 8,-12 11,-4.6 9.6,0 7.6,-5.4 3,-8.4 -4,-8.2 -7.8,-5 -9.6,0 -11,-4.6 -8,-12"
)
SHOE = "M-5.4-3C-6.6 1-6.4 5-6 6.4-5.6 7.6-4.6 8-3.4 8H3.4C4.6 8 5.6 7.6 6 6.4 6.4 5 6.6 1 5.4-3z"


def _shortened(points: Shape, by: float) -> Shape:
    return tuple((t * by, f) for t, f in points) if by != 1 else points


def thigh(css: str, joint: Point, angle: float, short: float) -> str:
    return limb(css, _shortened(THIGH, short), joint, angle)


def shank(css: str, joint: Point, angle: float, short: float) -> str:
    return limb(css, _shortened(SHANK, short), joint, angle)


def leg(pose: Pose) -> str:
    """The outlines of the working leg, without its shoe."""
    bones = ((THIGH, pose.near_hip, pose.near_thigh), (SHANK, pose.knee, pose.near_shank))
    placed = [
        [along(at, angle, t * pose.short, f) for t, f in points] for points, at, angle in bones
    ]
    return "".join(map(outline, placed))


def short(css: str, joint: Point, angle: float) -> str:
    return limb(css, SHORT, joint, angle)


def lit(pose: Pose) -> tuple[Shape, bool]:
    """The outline of what works most, along the thigh, and whether it lies over the shorts."""
    if pose.muscle != "side":
        return (), False
    return tuple((t, f if pose.across > 0 else -f) for t, f in SIDE), True


def shoe(css: str, ankle: Point, foot: float) -> str:
    place = f"translate({pair(ankle)})" + (f"rotate({num(-foot)})" if foot else "")
    return f'<path class="{css}" d="{SHOE}" transform="{place}"/>'


def pelvis(pose: Pose) -> str:
    return torso("f-short", PELVIS, pose)


def shirt(pose: Pose) -> str:
    return torso("f-shirt", SHIRT, pose)


def neck(pose: Pose) -> str:
    return torso("f-skin", NECK, pose)


def head(pose: Pose) -> str:
    """The back of a head, or a face with its hair; the ears on either side."""
    centre = above(pose.hip, pose.trunk, 0, pose.head_up)

    def placed(points: Shape) -> str:
        around = [(centre[0] + x, centre[1] + y) for x, y in points]
        return outline([turned(point, centre, pose.head) for point in around])

    ears = [turned((centre[0] + x, centre[1] + 1.4), centre, pose.head) for x in (-9.6, 9.6)]
    turn = num(pose.head)
    drawn = [
        f'<ellipse class="f-ear" rx="2" ry="3.1" transform="translate({pair(ear)})rotate({turn})"/>'
        for ear in ears
    ]
    hair = BACK_HAIR if pose.across > 0 else FRONT_HAIR
    return "".join(drawn) + path("f-skin", placed(HEAD)) + path("f-hair", placed(hair))
