"""How far a drawing reaches: the box of every point that its outlines pass or lean on."""

import re
from collections.abc import Iterator
from math import cos, radians, sin
from xml.etree import ElementTree

type Point = tuple[float, float]
type Box = tuple[float, float, float, float]

ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "A": 7, "Z": 0}
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


def reach(svg: str) -> Box:
    """The left, top, right and bottom of what is drawn: body, props and marks, but no words."""
    points = list(_placed(ElementTree.fromstring(svg)))  # noqa: S314  our own drawing
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


def _placed(element: ElementTree.Element) -> Iterator[Point]:
    inner = list(_own(element))
    for child in element:
        inner += _placed(child)
    steps = re.findall(r"(\w+)\(([^)]*)\)", element.get("transform", ""))
    for kind, text in reversed(steps):
        values = [float(n) for n in NUMBER.findall(text)]
        inner = [_moved(kind, values, point) for point in inner]
    yield from inner


def _moved(kind: str, values: list[float], point: Point) -> Point:
    x, y = point
    if kind == "translate":
        return x + values[0], y + (values[1] if len(values) > 1 else 0)
    if kind == "scale":
        return x * values[0], y * values[1]
    turn, (px, py) = radians(values[0]), values[1:] or (0.0, 0.0)
    c, s = cos(turn), sin(turn)
    return px + (x - px) * c - (y - py) * s, py + (x - px) * s + (y - py) * c


def _own(element: ElementTree.Element) -> Iterator[Point]:
    kind = element.tag.rpartition("}")[2]
    if kind == "path":
        yield from outline(element.attrib["d"])
    elif kind in ("circle", "ellipse"):
        x, y = float(element.get("cx", 0)), float(element.get("cy", 0))
        rx, ry = (float(element.get(name) or element.get("r", 0)) for name in ("rx", "ry"))
        yield from ((x - rx, y), (x + rx, y), (x, y - ry), (x, y + ry))


def outline(data: str) -> Iterator[Point]:
    """The points of path data and those that bend it, in the frame of the path."""
    here = start = (0.0, 0.0)
    for letter, text in re.findall(r"([A-Za-z])([^A-Za-z]*)", data):
        values, size = [float(n) for n in NUMBER.findall(text)], ARGUMENTS[letter.upper()]
        if not size:
            here = start
        for k in range(0, len(values), size or 1):
            passed = [*_steps(letter, values[k : k + size], here)]
            yield from passed
            here = passed[-1] if passed else here
            start = here if letter == "M" else start


def _steps(letter: str, values: list[float], here: Point) -> Iterator[Point]:
    x, y = here if letter.islower() else (0.0, 0.0)
    if letter in "Hh":
        yield x + values[0], here[1]
    elif letter in "Vv":
        yield here[0], y + values[0]
    else:
        ends = values[5:] if letter in "Aa" else values
        for k in range(0, len(ends), 2):
            yield x + ends[k], y + ends[k + 1]
