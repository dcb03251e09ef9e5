"""The progress chart as numbers for its template. Pure: days and values in, coordinates out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

LEFT, RIGHT, WIDTH = 28, 322, 342
MARK_Y, DOSE_TOP, DOSE_END = 36, 76, 140
PAIN_TOP, PAIN_END, DAYS_Y, TICKS_Y, HEIGHT = 186, 266, 288, 312, 320
APART = 1.5  # so that two equal lines are both seen
MOST_TICKS = 5

Context = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One side's reps over time: each value from its day on."""

    side: str
    label: str
    points: tuple[tuple[date, int], ...]


@dataclass(frozen=True)
class Progress:
    """What the chart shows, from the first day to the last, both included."""

    first: date
    last: date
    lines: tuple[Line, ...]
    pains: tuple[tuple[date, int], ...]
    days: tuple[tuple[date, str], ...]
    marks: tuple[tuple[date, int], ...]
    limit: int

    @property
    def values(self) -> list[int]:
        return [value for line in self.lines for _day, value in line.points]


@dataclass(frozen=True)
class Words:
    """Every word of the chart, in the reader's language."""

    title: str
    text: str
    dose: str
    pain: str
    limit: str


def layout(data: Progress, words: Words, tick: Any) -> Context:
    """The chart's context; `tick` makes a label of a date."""
    return {
        "id": "progress",
        "title": words.title,
        "text": words.text,
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": RIGHT,
        "span": RIGHT - LEFT,
        "axis": LEFT - 8,
        "dose_label": words.dose,
        "dose_y": 14,
        "doses": [{"y": _dose_y(data, value), "label": value} for value in _grid(data.values)],
        "lines": [_line(data, line, index) for index, line in enumerate(data.lines)],
        "pain_label": words.pain,
        "pain_y": PAIN_TOP - 16,
        "pain_grid": [{"y": _pain_y(value), "label": value} for value in (0, 3, 6, 10)],
        "limit": _limit(data.limit, words.limit),
        "pains": [{"x": _x(data, day), "y": _pain_y(value)} for day, value in data.pains],
        "days_y": DAYS_Y,
        "days": [{"x": _x(data, day), "state": state} for day, state in data.days],
        "ticks_y": TICKS_Y,
        "ticks": [{"x": _x(data, day), "label": tick(day)} for day in _ticks(data)],
        "marks": [_mark(data, day, number) for day, number in data.marks],
    }


def _x(data: Progress, day: date) -> float:
    days = max((data.last - data.first).days, 1)
    share = min(max((day - data.first).days / days, 0), 1)
    return round(LEFT + 6 + (RIGHT - LEFT - 12) * share, 1)


def _dose_y(data: Progress, value: int) -> float:
    low, high = _range(data.values)
    return round(DOSE_END - (DOSE_END - DOSE_TOP) * (value - low) / (high - low), 1)


def _range(values: Sequence[int]) -> tuple[int, int]:
    low, high = min(values, default=0), max(values, default=1)
    return (low, high) if high > low else (low - 2, high + 2)


def _grid(values: Sequence[int]) -> list[int]:
    """The values themselves where they are few, else three of them."""
    found = sorted(set(values))
    return found if len(found) <= 4 else [found[0], found[len(found) // 2], found[-1]]


def _pain_y(value: int) -> float:
    return round(PAIN_END - (PAIN_END - PAIN_TOP) * value / 10, 1)


def _line(data: Progress, line: Line, index: int) -> Context:
    shift = APART * (1 if index else -1) if len(data.lines) > 1 else 0
    points = [(_x(data, day), _dose_y(data, value) + shift) for day, value in line.points]
    path = f"M{points[0][0]} {points[0][1]}"
    path += "".join(f"H{x}V{y}" for x, y in points[1:]) + f"H{_x(data, data.last)}"
    x, y = points[-1]
    label_y = round(y - 8 if index else y + 17, 1)
    return {"side": line.side, "path": path, "label": line.label, "x": min(x, 270), "y": label_y}


def _limit(limit: int, label: str) -> Context:
    top, end = _pain_y(10), _pain_y(limit)
    return {"y": top, "height": round(end - top, 1), "label": label, "text_y": top + 14}


def _mark(data: Progress, day: date, number: int) -> Context:
    return {"x": _x(data, day), "y": MARK_Y, "number": number, "to": DAYS_Y}


def _ticks(data: Progress) -> Iterable[date]:
    """Mondays, at most five of them."""
    days = (data.last - data.first).days
    mondays = [
        day
        for day in (data.first + timedelta(days=n) for n in range(days + 1))
        if day.weekday() == 0
    ]
    step = -(-len(mondays) // MOST_TICKS) if mondays else 1
    return mondays[::step]
