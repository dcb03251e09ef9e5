"""Outcome scores as a small chart. Pure: numbers and words in, markup out; colours are classes."""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from programs.charts import across, num, path, text

LEFT, RIGHT, TOP, BOTTOM = 18, 236, 8, 118
LINES = {
    "pain": ("c-join", "c-during"),
    "1": ("c-left", "c-end-left"),
    "2": ("c-right", "c-end-right"),
    "3": ("c-effort", "c-end-third"),
}
GAP = 13


class Track(NamedTuple):
    """Scores 0-10 of one thing, oldest first; `key` one of LINES."""

    key: str
    label: str
    told: tuple[tuple[date, int], ...]


def scores_chart(tracks: Sequence[Track], title: str, ends: tuple[str, ...]) -> str:
    """Lines from 0 to 10, named at their right ends; `ends`: the first and the last day."""
    days = [day for each in tracks for day, _value in each.told]
    first, span = min(days), max((max(days) - min(days)).days, 1)
    parts = [across([_y(0), _y(5), _y(10)], LEFT, RIGHT, "c-grid")]
    parts += [text(LEFT - 5, _y(n) + 4, str(n), "c-small", "end") for n in (0, 5, 10)]
    for each in tracks:
        points = [(_x((day - first).days / span), _y(value)) for day, value in each.told]
        parts.append(_line(each.key, points))
    parts += _names(tracks, first, span)
    parts += [text(LEFT, BOTTOM + 16, ends[0], "c-small")]
    parts += [text(RIGHT, BOTTOM + 16, ends[1], "c-small", "end")]
    body = "".join(parts)
    return (
        f'<svg class="chart" viewBox="0 0 280 {BOTTOM + 20}" role="img">'
        f"<title>{escape(title)}</title>{body}</svg>"
    )


def _x(share: float) -> float:
    return LEFT + (RIGHT - LEFT) * share


def _y(value: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / 10


def _line(key: str, points: Sequence[tuple[float, float]]) -> str:
    line, dot = LINES[key]
    d = "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points)
    dots = "".join(f'<circle cx="{num(x)}" cy="{num(y)}" r="3" class="{dot}"/>' for x, y in points)
    return path(d, line) + dots


def _names(tracks: Sequence[Track], first: date, span: int) -> list[str]:
    """Beside the last score of each; from the top down, each at least a line below the last."""
    ends = sorted((_y(each.told[-1][1]), each.label, each.told[-1][0]) for each in tracks)
    names, last = [], -float(GAP)
    for y, label, day in ends:
        last = max(y + 4, last + GAP)
        names.append(text(_x((day - first).days / span) + 8, last, label, "c-strong"))
    return names
