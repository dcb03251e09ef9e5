"""The app's icons as PNG, drawn from the mark's own numbers. Standard library only.

One palette: the ground fading into the mark, then the ground fading away at round corners. So few
colours compress to a fraction of what a renderer's output needs.
"""

import struct
import zlib
from collections.abc import Iterator
from math import cos, hypot, pi, sin

GROUND, MARK = (10, 112, 118), (255, 255, 255)
SHADES, FADES = 8, 4
BOX, CORNER = 32.0, 9.0
STROKE, DOT, DOT_SHADE = 2.3, 1.05, 0.65
LEG = ((20.0, 4.9), (20.0, 15.4), (8.0, 15.4))
ARC_RADIUS, ARC_STEPS = 12.0, 5
ICONS = {
    "icon-180.png": (180, 1.0, 0.0),  # name: size, how much of the square the mark's box fills
    "icon-192.png": (192, 1.0, CORNER),  # and its round corner
    "icon-512.png": (512, 1.0, CORNER),
    "icon-maskable.png": (512, 0.72, 0.0),
}


def icon(size: int, fill: float, corner: float) -> bytes:
    """A square PNG of so many pixels."""
    rows = b"".join(b"\0" + bytes(_row(y, size, fill, corner)) for y in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", head), (b"PLTE", _palette()), (b"tRNS", _alpha())]
    parts += [(b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(*each) for each in parts)


def _part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _palette() -> bytes:
    shades = [
        round(ground + (mark - ground) * step / (SHADES - 1))
        for step in range(SHADES)
        for ground, mark in zip(GROUND, MARK, strict=True)
    ]
    return bytes(shades) + bytes(GROUND) * FADES


def _alpha() -> bytes:
    return b"\xff" * SHADES + bytes(round(255 * step / FADES) for step in range(FADES))


def _row(y: int, size: int, fill: float, corner: float) -> Iterator[int]:
    """The palette's index of each pixel of a line."""
    pixel = BOX / size / fill
    down = BOX / 2 + (y + 0.5 - size / 2) * pixel
    dots = [dot for dot in _dots() if abs(dot[1] - down) < DOT + pixel]
    for x in range(size):
        across = BOX / 2 + (x + 0.5 - size / 2) * pixel
        inside = _within(across, down, corner, pixel) if corner else 1.0
        if inside < 1:
            yield SHADES + int(inside * FADES)
        else:
            yield round(_shade(across, down, dots, pixel) * (SHADES - 1))


def _within(x: float, y: float, corner: float, pixel: float) -> float:
    """How much of the pixel lies inside the round square, 0 to 1."""
    reach = BOX / 2 - corner
    away = hypot(max(abs(x - BOX / 2) - reach, 0), max(abs(y - BOX / 2) - reach, 0))
    return _covered(away - corner, pixel)


def _shade(x: float, y: float, dots: list[tuple[float, float]], pixel: float) -> float:
    """How much of the mark lies on the pixel, 0 to 1."""
    (top_x, top_y), (knee_x, knee_y), (foot_x, _foot_y) = LEG
    thigh = hypot(x - top_x, y - min(max(y, top_y), knee_y))
    shank = hypot(x - min(max(x, foot_x), knee_x), y - knee_y)
    line = _covered(min(thigh, shank) - STROKE, pixel)
    near = min((hypot(x - dot_x, y - dot_y) for dot_x, dot_y in dots), default=BOX)
    return max(line, DOT_SHADE * _covered(near - DOT, pixel))


def _covered(distance: float, pixel: float) -> float:
    return min(max(0.5 - distance / pixel, 0.0), 1.0)


def _dots() -> list[tuple[float, float]]:
    """The way of the foot: a quarter of a circle about the knee."""
    knee_x, knee_y = LEG[1]
    turns = (pi / 2 * step / (ARC_STEPS - 1) for step in range(ARC_STEPS))
    return [(knee_x - ARC_RADIUS * sin(a), knee_y + ARC_RADIUS * cos(a)) for a in turns]
