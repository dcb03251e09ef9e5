"""Charts as SVG text. Pure: numbers and words in, markup out; colours come from classes."""

from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import NamedTuple

from programs.charts import Line, Shelf, across, num, path, rect, shelf_label, steps, text

WIDTH, GUTTER = 812, 104
SHELF, SHELF_SHORT = 58, 44
PAIN, EFFORT, SESSIONS = 118, 54, 58


@dataclass(frozen=True, slots=True)
class Spark:
    """A row's small picture: x and dose are shares 0-1, pain is 0-10."""

    dose: tuple[tuple[float, float], ...]
    pain: tuple[tuple[float, int], ...]
    missed: tuple[float, ...] = ()
    pain_limit: int = 5


class PainMark(NamedTuple):
    """Pain 0-10 of one session and side; None = not answered."""

    day: float
    during: int | None
    after: int | None
    morning: int | None


class SessionMark(NamedTuple):
    """state: done, short, missed, later, staff or due."""

    day: float
    state: str
    word: str = ""


class Mark(NamedTuple):
    """A decision day. kind: up, down, hold, lock or you; target is the id of its popover."""

    day: float
    kind: str
    target: str
    label: str


@dataclass(frozen=True, slots=True)
class Words:
    """Every word that the story chart shows, already in the reader's language."""

    title: str
    description: str
    week: str
    dose: str
    shelf_range: str
    pain: str
    pain_limit: str
    pain_key: tuple[str, str, str]
    effort: str
    effort_now: str
    sessions: str
    sessions_note: str
    dates: tuple[tuple[float, str], ...]
    today: str


@dataclass(frozen=True, slots=True)
class Story:
    """A program on one time axis; days count from the program's first day."""

    words: Words
    weeks: int
    today: float
    shelves: tuple[Shelf, ...]
    lines: tuple[Line, ...]
    pains: tuple[PainMark, ...]
    pain_limit: int
    efforts: tuple[tuple[float, float], ...]
    effort_band: tuple[int, int]
    sessions: tuple[SessionMark, ...]
    marks: tuple[Mark, ...]


def spark(data: Spark, label: str) -> str:
    """100 x 34: dose as a step line, pain as dots below, missed as a dash on the base line."""
    dose = steps([(3 + 94 * x, 16 - 14 * y) for x, y in data.dose], 97 if data.dose else None)
    calm = [(x, p) for x, p in data.pain if p <= data.pain_limit]
    sharp = [(x, p) for x, p in data.pain if p > data.pain_limit]
    missed = "".join(f"M{num(3 + 94 * x - 2)} 32h4" for x in data.missed)
    return (
        f'<svg class="spark" viewBox="0 0 100 34" width="100" height="34" role="img" '
        f'aria-label="{escape(label)}">{path(dose, "c-l")}'
        f"{path(_dots(calm), 'c-dots')}{path(_dots(sharp), 'c-dots c-hot')}"
        f"{path(missed, 'c-missed')}</svg>"
    )


def _dots(pain: list[tuple[float, int]]) -> str:
    return "".join(f"M{num(3 + 94 * x)} {num(31 - 1.15 * p)}h.01" for x, p in pain)


@dataclass(frozen=True)
class _Frame:
    """Where things stand: the x of a day and the top of each panel."""

    days: float
    shelves: int

    @cached_property
    def shelf(self) -> int:
        return SHELF if self.shelves <= 6 else SHELF_SHORT

    @cached_property
    def dose_top(self) -> float:
        return 62

    @cached_property
    def dose_end(self) -> float:
        return self.dose_top + self.shelf * self.shelves

    @cached_property
    def pain_top(self) -> float:
        return self.dose_end + 46

    @cached_property
    def effort_top(self) -> float:
        return self.pain_top + PAIN + 40

    @cached_property
    def sessions_top(self) -> float:
        return self.effort_top + EFFORT + 28

    @cached_property
    def end(self) -> float:
        return self.sessions_top + SESSIONS

    @cached_property
    def height(self) -> float:
        return self.end + 26

    def x(self, day: float) -> float:
        return GUTTER + (WIDTH - GUTTER) * day / self.days

    def dose_y(self, height: float) -> float:
        """height in shelves; a shelf keeps 4 units clear at its foot and its top."""
        whole = min(int(height), self.shelves - 1)
        return self.dose_end - whole * self.shelf - 4 - (height - whole) * (self.shelf - 10)

    def pain_y(self, pain: float) -> float:
        return self.pain_top + PAIN * (1 - pain / 10)

    def effort_y(self, effort: float) -> float:
        return self.effort_top + EFFORT * (1 - effort / 10)


def story(data: Story) -> str:
    """The patient's chart: dose, pain, effort and sessions on one axis of weeks."""
    frame = _Frame(max(data.weeks * 7, 7), len(data.shelves))
    parts = [
        _ground(data, frame),
        _dose(data, frame),
        _pain(data, frame),
        _effort(data, frame),
        _sessions(data, frame),
    ]
    head = f"<title>{escape(data.words.title)}</title><desc>{escape(data.words.description)}</desc>"
    size = f'viewBox="0 0 {WIDTH} {num(frame.height)}"'
    return f'<svg class="chart" {size} role="img">{head}{"".join(parts)}</svg>'


def story_marks(data: Story) -> str:
    """The decision markers over the chart: a box a day, so that no position needs a style."""
    marks = {int(mark.day): mark for mark in data.marks}
    days = range(max(data.weeks * 7, 7))
    boxes = "".join(f"<i>{_button(marks[day]) if day in marks else ''}</i>" for day in days)
    return f'<div class="marks">{boxes}</div>'


_GLYPH = {
    "up": "m5 9.6 3-3 3 3",
    "down": "m5 6.6 3 3 3-3",
    "hold": "M6.4 5.6v4.8M9.6 5.6v4.8",
    "lock": "M5.4 7.6h5.2v3.4H5.4zM6.4 7.4V6a1.6 1.6 0 0 1 3.2 0v1.4",
    "you": "M8 5v6M5 8h6",
}


def _button(mark: Mark) -> str:
    glyph = f'<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{_GLYPH[mark.kind]}"/></svg>'
    return (
        f'<button type="button" class="mark {mark.kind}" popovertarget="{escape(mark.target)}" '
        f'aria-label="{escape(mark.label)}">{glyph}</button>'
    )


def _ground(data: Story, frame: _Frame) -> str:
    """Weeks, the veil over what has not happened, today's line and the decision lines."""
    now = frame.x(data.today)
    grid = "".join(f"M{num(frame.x(7 * w))} 44V{num(frame.end)}" for w in range(data.weeks + 1))
    dotted = "".join(f"M{num(frame.x(int(m.day) + 0.5))} 54V{num(frame.end)}" for m in data.marks)
    parts = [
        rect(now, 44, WIDTH - now, frame.end - 44, "c-veil"),
        path(grid, "c-grid"),
        text(0, 18, data.words.week, "c-muted"),
        *(_week(week, data, frame) for week in range(data.weeks)),
        path(dotted, "c-decided"),
        path(f"M{num(now)} 44V{num(frame.end)}", "c-today"),
        *(_date(day, words, now, frame) for day, words in data.words.dates),
        text(min(now, WIDTH - 44), frame.height - 6, data.words.today, "c-strong", "middle"),
    ]
    return "".join(parts)


def _week(week: int, data: Story, frame: _Frame) -> str:
    current = 7 * week <= data.today < 7 * week + 7
    kind = "c-strong" if current else "c-muted"
    return text(frame.x(7 * week + 3.5), 18, str(week + 1), kind, "middle")


def _date(day: float, words: str, now: float, frame: _Frame) -> str:
    x = frame.x(day)
    return "" if abs(x - now) < 74 else text(x, frame.height - 6, words, "c-muted")


def _dose(data: Story, frame: _Frame) -> str:
    edges = [frame.dose_end - i * frame.shelf for i in range(len(data.shelves) + 1)]
    parts = [
        text(0, 50, data.words.dose, "c-strong"),
        across(edges, GUTTER, WIDTH, "c-shelf"),
        *(_shelf_name(i, s, frame, GUTTER) for i, s in enumerate(data.shelves)),
        *(_dose_line(line, data.today, frame) for line in reversed(data.lines)),
        *_line_names(data, frame),
        text(WIDTH - 8, frame.dose_end + 16, data.words.shelf_range, "c-small", "end"),
    ]
    return "".join(parts)


def _shelf_name(index: int, shelf: Shelf, frame: _Frame, right: float) -> str:
    top = frame.dose_end - (index + 1) * frame.shelf
    stripe = rect(right - 6, top + 3, 3, frame.shelf - 6, f"c-band {shelf.band}".strip(), 1.5)
    return stripe + shelf_label(shelf.label, right - 13, top + frame.shelf / 2)


def _dose_line(line: Line, today: float, frame: _Frame) -> str:
    lift = 2.5 if line.kind == "right" else 0
    points = [(frame.x(day), frame.dose_y(height) + lift) for day, height in line.points]
    end = frame.x(today if line.until is None else line.until)
    if not points:
        return ""
    drawn = path(steps(points, end), f"c-{line.kind}")
    return (
        drawn
        + f'<circle cx="{num(end)}" cy="{num(points[-1][1])}" r="3.5" class="c-end-{line.kind}"/>'
    )


def _line_names(data: Story, frame: _Frame) -> list[str]:
    """Direct labels in the veil, kept 30 apart; left of the line once the program is over."""
    room = WIDTH - frame.x(data.today) > 130
    x = frame.x(data.today) + 10 if room else frame.x(data.today) - 10
    anchor = "" if room else "end"
    named = [(frame.dose_y(line.points[-1][1]), line) for line in data.lines if line.points]
    named.sort(key=lambda pair: pair[0])
    placed, last = [], -100.0
    for y, line in named:
        last = max(y - 2, last + 32)
        placed.append(text(x, last, line.label, f"c-name-{line.kind}", anchor))
        placed.append(text(x, last + 15, line.note, "c-label", anchor))
    return placed


def _pain(data: Story, frame: _Frame) -> str:
    limit = frame.pain_y(data.pain_limit + 0.5)
    parts = [
        rect(GUTTER, frame.pain_top, WIDTH - GUTTER, limit - frame.pain_top, "c-hotband"),
        across([frame.pain_y(p) for p in (0, 5, 10)], GUTTER, WIDTH, "c-shelf"),
        text(0, frame.pain_top - 10, data.words.pain, "c-strong"),
        *(text(GUTTER - 10, frame.pain_y(p) + 4, str(p), "c-label", "end") for p in (0, 5, 10)),
        text(WIDTH - 8, frame.pain_top + 16, data.words.pain_limit, "c-hotword", "end"),
        *(_pain_marks(mark, data.pain_limit, frame) for mark in data.pains),
        _pain_key(data, frame),
    ]
    return "".join(parts)


def _pain_marks(mark: PainMark, limit: int, frame: _Frame) -> str:
    x = frame.x(mark.day)
    spots = [
        (x - 5, mark.during, "during"),
        (x, mark.after, "after"),
        (x + 5, mark.morning, "next"),
    ]
    known = [(at, frame.pain_y(p), kind, p > limit) for at, p, kind in spots if p is not None]
    joined = (
        "M" + "L".join(f"{num(at)} {num(y)}" for at, y, _, _ in known) if len(known) > 1 else ""
    )
    return path(joined, "c-join") + "".join(_spot(*spot) for spot in known)


def _spot(x: float, y: float, kind: str, hot: bool) -> str:
    heat = " c-hot" if hot else ""
    if kind == "next":
        return path(f"M{num(x - 2.2)} {num(y)}h4.4", f"c-next{heat}")
    radius = "2.7" if kind == "during" else "2.1"
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{radius}" class="c-{kind}{heat}"/>'


def _pain_key(data: Story, frame: _Frame) -> str:
    x = frame.x(data.today) + 14
    if WIDTH - x < 110:
        return ""
    kinds = zip(("during", "after", "next"), data.words.pain_key, strict=True)
    shown = [(kind, words) for kind, words in kinds if words]
    tops = [frame.pain_top + 36 + 17 * place for place in range(len(shown))]
    return "".join(
        _spot(x, y - 4, kind, hot=False) + text(x + 10, y, words, "c-label")
        for y, (kind, words) in zip(tops, shown, strict=True)
    )


def _effort(data: Story, frame: _Frame) -> str:
    low, high = (frame.effort_y(value) for value in data.effort_band)
    points = [(frame.x(day), frame.effort_y(value)) for day, value in data.efforts]
    line = "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points) if points else ""
    band = f"{data.effort_band[0]}–{data.effort_band[1]}"
    parts = [
        rect(GUTTER, high, WIDTH - GUTTER, low - high, "c-calmband"),
        across([frame.effort_y(0)], GUTTER, WIDTH, "c-shelf"),
        text(0, frame.effort_top - 12, data.words.effort, "c-strong"),
        text(GUTTER - 10, (low + high) / 2 + 4, band, "c-label", "end"),
        text(GUTTER - 10, frame.effort_y(0) + 4, "0", "c-label", "end"),
        path(line, "c-effort"),
    ]
    if WIDTH - frame.x(data.today) > 90:
        parts.append(
            text(frame.x(data.today) + 10, (low + high) / 2 + 4, data.words.effort_now, "c-label")
        )
    return "".join(parts)


def _sessions(data: Story, frame: _Frame) -> str:
    top = frame.sessions_top
    parts = [
        text(0, top + 12, data.words.sessions, "c-strong"),
        text(0, top + 28, data.words.sessions_note, "c-small"),
        *(_block(mark, top, frame) for mark in data.sessions if mark.state != "due"),
        _due(data, top, frame),
        *_block_words(data, top, frame),
        path(f"M{GUTTER} {num(frame.end)}H{WIDTH}", "c-shelf"),
    ]
    return "".join(parts)


def _due(data: Story, top: float, frame: _Frame) -> str:
    """A dot a day to come, all in one path."""
    places = [frame.x(mark.day) for mark in data.sessions if mark.state == "due"]
    y = num(top + 8)
    return path("".join([f"M{x:.1f} {y}h.01" for x in places]), "c-due")


def _block(mark: SessionMark, top: float, frame: _Frame) -> str:
    x = frame.x(mark.day)
    box = rect(x - 4.5, top, 9, 16, f"c-s-{mark.state}", 2.5)
    if mark.state == "short":
        return box + rect(x - 4.5, top + 8, 9, 8, "c-s-done", 2.5)
    if mark.state == "later":
        return box + path(
            f"M{num(x - 3)} {num(top + 9)}l6-6M{num(x - 3)} {num(top + 14)}l6-6", "c-hatch"
        )
    if mark.state == "staff":
        return box + path(f"M{num(x)} {num(top)}v16M{num(x - 4.5)} {num(top + 8)}h9", "c-hatch")
    return box


def _block_words(data: Story, top: float, frame: _Frame) -> list[str]:
    """Reasons beneath their blocks; one that would touch the last is left to the table."""
    words, last = [], GUTTER - 10.0
    for mark in data.sessions:
        half = 3.2 * len(mark.word)
        x = frame.x(mark.day)
        if mark.word and x - half > last:
            words.append(text(x, top + 32, mark.word, "c-small", "middle"))
            last = x + half + 6
    return words
