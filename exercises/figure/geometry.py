"""Points, bones and outlines. Units: 200 to a body's height, y down, floor at 0.

An angle is a bone's direction from straight down, in degrees, positive to the front (+x).
"""

from collections.abc import Sequence
from math import acos, atan2, cos, degrees, hypot, radians, sin

type Point = tuple[float, float]


def num(value: float) -> str:
    """One decimal at most, without a trailing zero, a leading zero or a minus zero."""
    text = f"{value:.1f}".removesuffix(".0")
    if text == "-0":
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def pair(point: Point) -> str:
    """Two numbers of a path, parted only where they have to be."""
    x, y = num(point[0]), num(point[1])
    return x + y if y.startswith("-") else f"{x} {y}"


def along(origin: Point, angle: float, t: float, f: float = 0.0) -> Point:
    """The point t along a bone from its joint and f to its front."""
    s, c = sin(radians(angle)), cos(radians(angle))
    return origin[0] + t * s + f * c, origin[1] + t * c - f * s


def above(hip: Point, lean: float, x: float, up: float) -> Point:
    """The point x to the front and `up` above the hip of a trunk that leans forward."""
    s, c = sin(radians(lean)), cos(radians(lean))
    return hip[0] + x * c + up * s, hip[1] + x * s - up * c


def turned(point: Point, pivot: Point, angle: float) -> Point:
    """A point after a turn about a pivot, clockwise on the page as SVG's rotate counts it."""
    s, c = sin(radians(angle)), cos(radians(angle))
    x, y = point[0] - pivot[0], point[1] - pivot[1]
    return pivot[0] + x * c - y * s, pivot[1] + x * s + y * c


def solve(start: Point, end: Point, upper: float, lower: float) -> tuple[float, float]:
    """Angles of two bones from start to end, the joint between them bent to the front."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    reach = min(hypot(dx, dy), upper + lower - 0.01)
    straight = degrees(atan2(dx, dy))
    at_start = degrees(acos((upper**2 + reach**2 - lower**2) / (2 * upper * reach)))
    at_end = degrees(acos((lower**2 + reach**2 - upper**2) / (2 * lower * reach)))
    return straight + at_start, straight - at_end


def outline(points: Sequence[Point]) -> str:
    """Path data of a closed smooth line through the points (uniform Catmull-Rom)."""
    count = len(points)
    pen = (round(points[0][0], 1), round(points[0][1], 1))
    data = "M" + pair(pen)
    for i in range(count):
        before, here, there, after = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        bends = [_toward(here, before, there)] if i == 0 else []
        bends += [_toward(there, after, here), there]
        steps = [(p[0] - pen[0], p[1] - pen[1]) for p in bends]
        data += ("c" if i == 0 else "s") + _join([pair(s) for s in steps])
        pen = (pen[0] + round(steps[-1][0], 1), pen[1] + round(steps[-1][1], 1))
    return data + "z"


def _toward(at: Point, back: Point, ahead: Point) -> Point:
    return at[0] + (ahead[0] - back[0]) / 6, at[1] + (ahead[1] - back[1]) / 6


def _join(words: Sequence[str]) -> str:
    return "".join(w if i == 0 or w.startswith("-") else f" {w}" for i, w in enumerate(words))
