"""What the body holds, lies on or works against: chair, mat, step, band, ankle weight."""

from collections.abc import Sequence
from math import hypot

from .body import path
from .geometry import Point, along, num, pair
from .movement import Clock
from .pose import Pose

CUFF = (40.4, 46.0)
SLACK = 34.0


def floor(pose: Pose) -> str:
    """The floor line, and on it the props that stand behind the body."""
    x, _, width, _ = pose.view
    line = path("f-floor", f"M{x + 6} 0H{x + width - 6}")
    return line + "".join(_drawn(prop, BEHIND) for prop in pose.props)


def front(pose: Pose) -> str:
    """The props that lie over the body."""
    return "".join(_drawn(prop, BEFORE) for prop in pose.props)


def _drawn(prop: str, shapes: dict[str, str]) -> str:
    name, *places = prop.split()
    return shapes.get(name, "").format(*places)


BEHIND = {
    "chair": (
        '<path class="f-chair" d="M46.5-105.5C50.5-88 53.5-66 54.5-50L59 0M103-50 108 0'
        'M57-24H105.5"/><path class="f-seat" d="M54.5-50H103"/>'
    ),
    "seat": (
        '<path class="f-chair" d="M-27-100C-24-84-22-66-22-46L-26 0M26-46 30 0M-24-22H28"/>'
        '<path class="f-seat" d="M-22-44H27"/>'
    ),
    "mat": '<path class="f-mat" d="M{0}-2.2H{1}"/>',
    "bench": (
        '<path class="f-chair" d="M{0}-38V0M{1}-38V0M{0}-8H{1}"/>'
        '<path class="f-bench" d="M{0}-40H{1}"/>'
    ),
    "step": '<path class="f-ball" d="M{0} 0V{2}H{1}V0z"/>',
    "wall": '<path class="f-bench" d="M{0} 0V-196"/>',
    "rail": (
        '<path class="f-chair" d="M-21-105.5V0M21-105.5V0M-21-24H21M-21-82H21"/>'
        '<path class="f-seat" d="M-21-105.5H21M-21-50H21"/>'
    ),
    "roll": '<circle class="f-ball" cx="{0}" cy="-{1}" r="{1}"/>',
    "post": '<path class="f-chair" d="M{0} 0V-34"/>',
}
BEFORE = {
    "strap": '<path class="f-strap" d="M{0}-1V-9C{0}-19 {1}-19 {1}-9V-1"/>',
}


def shadow(pose: Pose) -> str:
    if pose.hip_y > -80:
        return ""
    return f'<ellipse class="f-shadow" cx="{num(pose.far_hip[0] + 7)}" cy="1" rx="27" ry="2.4"/>'


def weight(pose: Pose) -> str:
    """A cuff with a seam, a little wider than the shank it lies on."""
    corners = [(37.5, 5.2), (48, 4.7), (48, -4.6), (37.5, -6.2)]
    box = "L".join(pair(along(pose.knee, pose.near_shank, *c)) for c in corners)
    seam = "L".join(pair(along(pose.knee, pose.near_shank, 42.8, f)) for f in (2.6, -3.2))
    return path("f-weight", f"M{box}z") + path("f-seam", f"M{seam}")


def cuff(css: str, knee: Point, shank: float) -> str:
    """The band where it lies flat around an ankle, with its edge bowed as cloth is."""
    low, high = CUFF
    a, b = along(knee, shank, low, 4.7), along(knee, shank, high, 4.4)
    c, d = along(knee, shank, high, -4.4), along(knee, shank, low, -5.0)
    over, under = along(knee, shank, low + 1.2, 0), along(knee, shank, high + 1.2, 0)
    return path(
        css,
        f"M{pair(a)}L{pair(b)}Q{pair(under)} {pair(c)}L{pair(d)}Q{pair(over)} {pair(a)}z",
    )


def strand(pose: Pose, lift: float) -> str:
    """The free part of the band from the working ankle to the other end.

    It is as wide as the cuffs at its ends and thins between them as it is stretched.
    """
    low, high = CUFF[0] - lift, CUFF[1] - lift
    start = [along(pose.knee, pose.near_shank, t, 0.8) for t in (low, high)]
    end = _far_end(pose, low, high)
    middle = _between(_between(*start), _between(*end))
    length = hypot(end[0][0] - start[0][0], end[0][1] - start[0][1])
    thin = min(1.0, SLACK / max(length, 1)) ** 0.5 * 0.62
    bends = [_toward(middle, _between(start[i], end[i]), thin) for i in (0, 1)]
    return (
        f"M{pair(start[0])}Q{pair(bends[0])} {pair(end[0])}"
        f"L{pair(end[1])}Q{pair(bends[1])} {pair(start[1])}z"
    )


def _far_end(pose: Pose, low: float, high: float) -> list[Point]:
    if pose.band == "anchor":
        return [
            (pose.anchor_x, pose.anchor_y - 2.4),
            (pose.anchor_x, pose.anchor_y + 2.4),
        ]
    return [along(pose.far_knee, pose.far_shank, t, -0.8) for t in (low, high)]


def _between(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _toward(a: Point, b: Point, part: float) -> Point:
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part


def lever(pose: Pose) -> str:
    """A machine's arm from the knee's axis to the roller behind the ankle."""
    roller = along(pose.knee, pose.near_shank, 43, -9.5)
    arm = along(pose.knee, pose.near_shank, 0, -3)
    bar = path("f-chair", f"M{pair(arm)}L{pair(roller)}")
    return bar + f'<circle class="f-weight" cx="{num(roller[0])}" cy="{num(roller[1])}" r="5"/>'


def ball(start: Pose, steps: Sequence[Pose], clock: Clock | None) -> str:
    """A ball under the heels; rolling, its centre goes half as far as they do."""
    x = start.ankle[0] - 6 + (steps[0].ankle[0] - start.ankle[0]) / 2
    drawn = f'<circle class="f-ball" cx="{num(x)}" cy="-30" r="30"/>'
    if clock is None:
        return drawn
    ways = [(pose.ankle[0] - start.ankle[0]) / 2 for pose in steps]
    return f"<g>{drawn}{clock.shift([f'{num(way)} 0' for way in ways])}</g>"


def slider(start: Pose, steps: Sequence[Pose], clock: Clock | None) -> str:
    """A flat pad under the heel, which goes where it goes."""
    x = steps[0].ankle[0]
    drawn = path("f-slider", f"M{num(x - 7)}-.8H{num(x + 9)}")
    if clock is None:
        return drawn
    ways = [f"{num(pose.ankle[0] - start.ankle[0])} 0" for pose in steps]
    return f"<g>{drawn}{clock.shift(ways)}</g>"
