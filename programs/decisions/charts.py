"""The patient's chart as numbers for its template. Pure: days and heights in, coordinates out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

LEFT, SHELVED_LEFT, RIGHT, WIDTH = 28, 92, 318, 342
TITLE, MARK_Y, MARKS, GAP = 14, 36, 44, 46  # from a title's baseline, and between two panels
PAIN, TICK, BELOW = 80, 24, 8
APART = 1.5  # so that two equal lines are both seen
CLOSE = 12  # two numbers at the end of lines stand at least so far apart
MOST_TICKS = 5

Context = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One side over time: a height in its panel, 0 to 1, from each of these days on.

    `note` is the number that the line ends with.
    """

    side: str
    label: str
    points: tuple[tuple[date, float], ...]
    note: str = ""


@dataclass(frozen=True)
class Rule:
    """A height in a panel: its words at the left, and a line across unless it names a shelf."""

    at: float
    label: str = ""
    line: bool = True


@dataclass(frozen=True)
class Panel:
    """The dose of one exercise; `height` in units of the picture."""

    title: str
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    height: int = 64
    shelved: bool = False


@dataclass(frozen=True)
class Picture:
    """What the chart shows, from the first day to the last, both included.

    `limit`: pain above it is a band; `calm`: where the rules' own limit is a line instead.
    `named`: the days below the axis, where they aren't Mondays.
    """

    first: date
    last: date
    panels: tuple[Panel, ...]
    pains: tuple[tuple[date, int], ...]
    days: tuple[tuple[date, str], ...] = ()
    marks: tuple[tuple[date, int], ...] = ()
    limit: int | None = None
    calm: int | None = None
    named: tuple[date, ...] = ()

    @property
    def left(self) -> int:
        return SHELVED_LEFT if any(each.shelved for each in self.panels) else LEFT


@dataclass(frozen=True)
class Words:
    """Every word of the chart, in the reader's language."""

    title: str
    text: str
    pain: str
    limit: str


def layout(data: Picture, words: Words, tick: Any, *, name: str = "progress") -> Context:
    """The chart's context; `tick` makes a label of a date, `name` an id of its own."""
    panels, y = [], TITLE
    for index, panel in enumerate(data.panels):
        top = y + (MARKS if data.marks and not index else TITLE)
        panels.append(_panel(data, panel, y, top))
        y = top + panel.height + (GAP if index + 1 < len(data.panels) else 34)
    pain = _pain(data, words, y)
    days_y = pain["end"] + 22
    ticks_y = days_y + (TICK if data.days else 0)
    return {
        "id": name,
        "title": words.title,
        "text": words.text,
        "width": WIDTH,
        "height": ticks_y + BELOW,
        "left": data.left,
        "right": RIGHT,
        "span": RIGHT - data.left,
        "axis": data.left - 8,
        "panels": panels,
        "pain": pain,
        "days_y": days_y,
        "days": [{"x": _x(data, day), "state": state} for day, state in data.days],
        "ticks_y": ticks_y,
        "ticks": [{"x": _x(data, day), "label": tick(day)} for day in _ticks(data)],
        "marks": [_mark(data, day, number, days_y) for day, number in data.marks],
    }


def _x(data: Picture, day: date) -> float:
    days = max((data.last - data.first).days, 1)
    share = min(max((day - data.first).days / days, 0), 1)
    return round(data.left + 6 + (RIGHT - data.left - 12) * share, 1)


def _panel(data: Picture, panel: Panel, title_y: int, top: int) -> Context:
    lines = [_line(data, panel, top, index) for index in range(len(panel.lines))]
    if len(lines) > 1 and abs(lines[0]["end"] - lines[1]["end"]) < CLOSE:
        same = lines[0]["note"] == lines[1]["note"]
        lines[1] |= {"note": ""} if same else {"end": lines[0]["end"] + CLOSE}
    return {
        "title": panel.title,
        "title_y": title_y,
        "rules": [_rule(panel, top, rule) for rule in panel.rules],
        "lines": lines,
    }


def _rule(panel: Panel, top: int, rule: Rule) -> Context:
    y, (first, second) = _height(panel, top, rule.at), _halves(rule.label)
    return {"y": y, "line": rule.line, "label": first, "second": second}


def _halves(label: str) -> tuple[str, str]:
    """The words of a shelf in the room at its left: two lines of some thirteen letters."""
    if len(label) <= 13 or " " not in label:
        return label, ""
    words = label.split(" ")
    cuts = range(1, len(words))
    cut = min(cuts, key=lambda n: abs(2 * len(" ".join(words[:n])) - len(label)))
    return " ".join(words[:cut]), " ".join(words[cut:])


def _height(panel: Panel, top: int, share: float) -> float:
    return round(top + panel.height * (1 - share), 1)


def _line(data: Picture, panel: Panel, top: int, index: int) -> Context:
    line = panel.lines[index]
    shift = APART * (1 if index else -1) if len(panel.lines) > 1 else 0
    points = [(_x(data, day), _height(panel, top, at) + shift) for day, at in line.points]
    path = f"M{points[0][0]} {points[0][1]}"
    path += "".join(f"H{x}V{y}" for x, y in points[1:]) + f"H{_x(data, data.last)}"
    x, y = points[-1]
    return {
        "side": line.side,
        "path": path,
        "label": line.label,
        "x": min(x, 262),
        "y": round(y - 8 if index else y + 17, 1),
        "note": line.note,
        "end": round(y + 4, 1),
    }


def _pain(data: Picture, words: Words, title_y: int) -> Context:
    top = title_y + TITLE
    end = top + (PAIN if data.limit is not None else PAIN // 2)

    def y(value: int) -> float:
        return round(end - (end - top) * value / 10, 1)

    grid = (0, 3, 6, 10) if data.limit is not None else (0, 10)
    return {
        "label": words.pain,
        "y": title_y,
        "end": end,
        "grid": [{"y": y(value), "label": value} for value in grid],
        "limit": None if data.limit is None else _limit(y(10), y(data.limit), words.limit),
        "calm": None if data.calm is None else {"y": y(data.calm), "label": words.limit},
        "dots": [{"x": _x(data, day), "y": y(value)} for day, value in data.pains],
    }


def _limit(top: float, end: float, label: str) -> Context:
    return {"y": top, "height": round(end - top, 1), "label": label, "text_y": top + 14}


def _mark(data: Picture, day: date, number: int, to: int) -> Context:
    return {"x": _x(data, day), "y": MARK_Y, "number": number, "to": to}


def _ticks(data: Picture) -> Sequence[date]:
    """The named days, else Mondays; at most five of them."""
    span = (data.first + timedelta(days=n) for n in range((data.last - data.first).days + 1))
    days = data.named or tuple(day for day in span if day.weekday() == 0)
    step = -(-len(days) // MOST_TICKS) if days else 1
    return days[::step]
