"""What is drawn about a movement: the fan of its range and the angle's place, a track, a push."""

from math import cos, radians

from .body import path
from .geometry import Point, along, num, pair
from .movement import Clock, moment
from .pose import Pose

PAST, SHORTEST = 10.0, 30.0
RADII: dict[str, tuple[float, float]] = {"knee": (57.0, 65.0), "lean": (88.0, 96.0)}
LEG = (88.0, 96.0)  # about the hip


def radii(pose: Pose) -> tuple[float, float] | None:
    """The fan's own radius and that of the dots around it, if this movement has a fan."""
    if pose.move == "joints":
        return {"hip": LEG, "knee": RADII["knee"]}.get(pose.mark)
    return RADII.get(pose.move)


def centre(pose: Pose) -> Point:
    """The joint whose range is drawn."""
    return pose.near_hip if pose.mark == "hip" else pose.knee


def sector(pose: Pose, range_deg: int) -> str:
    """The prescribed range: a pale fan about its joint and dots outside of it."""
    reach = radii(pose)
    if reach is None:
        return ""
    inner, outer = reach
    start, end = sorted(_arc(pose, range_deg), reverse=True)
    fan = f"M{pair(centre(pose))}L{_curve(centre(pose), inner, start, end)}z"
    dots = _above_floor(pose, start, end, outer)
    drawn = path("f-range", fan)
    return drawn + (path("f-dots", "M" + _curve(centre(pose), outer, *dots)) if dots else "")


def _arc(pose: Pose, range_deg: int) -> tuple[float, float]:
    """The directions in which the range starts and ends."""
    if pose.move == "lean":
        return 180.0, 180.0 - range_deg
    if pose.move == "joints":
        end, name = moment(pose, range_deg, 1.0), "thigh" if pose.mark == "hip" else "shank"
        return getattr(pose, f"near_{name}"), getattr(end, f"near_{name}")
    return pose.zero - pose.arc_from, pose.zero - range_deg


def _above_floor(pose: Pose, start: float, end: float, r: float) -> tuple[float, float] | None:
    """The first stretch of an arc that does not run under the floor."""
    angles = [start - k / 2 for k in range(int((start - end) * 2) + 1)]
    clear = [centre(pose)[1] + r * cos(radians(angle)) < -0.5 for angle in angles]
    if True not in clear:
        return None
    first = clear.index(True)
    last = clear.index(False, first) - 1 if False in clear[first:] else len(clear) - 1
    return (angles[first], angles[last]) if last > first else None


def _curve(centre: Point, r: float, start: float, end: float) -> str:
    """An arc that turns backward (clockwise on the page) from start to end."""
    large = int(start - end > 180)
    here, there = along(centre, start, r), along(centre, end, r)
    return f"{pair(here)}A{num(r)} {num(r)} 0 {large} 1 {pair(there)}"


def label_place(pose: Pose, range_deg: int, far: float) -> Point:
    """Beside the arc; past its end, where the arc of a knee is too short to stand beside.

    `far` is how much further out than the fan.
    """
    reach = (radii(pose) or (0.0, 0.0))[0] + far
    start, end = _arc(pose, range_deg)
    direction = pose.label_at or end + (pose.label_turn if end > start else -pose.label_turn)
    if pose.move == "knee" and not pose.label_at and direction > start - SHORTEST:
        direction = min(direction, end - PAST)
    return along(centre(pose), direction, reach)


def labelled(pose: Pose) -> bool:
    """True where the range is a number of degrees that one prescribes."""
    return pose.move in RADII or (pose.move == "joints" and pose.mark == "hip")


def track(pose: Pose, end: Pose) -> str:
    """Dots along the floor where the heel slides."""
    return path("f-dots", f"M{num(pose.ankle[0] - 4)} 5H{num(end.ankle[0] - 4)}")


def press(pose: Pose, clock: Clock | None) -> str:
    """An arrow that says: push the heel, or the back of the knee, down."""
    x, y = (pose.knee[0], pose.knee[1] + 6) if pose.mark == "push" else (pose.ankle[0] + 7, 0.0)
    tip, tail = num(y - 24), num(y - 44)
    barbs = f"M{num(x - 6)} {num(y - 30)}L{num(x)} {tip} {num(x + 6)} {num(y - 30)}"
    arrow = path("f-arrow", f"M{num(x)} {tail}V{tip}{barbs}")
    if clock is None:
        return arrow
    return f"<g>{arrow}{clock.shift(['0 0', '0 8'])}</g>"
