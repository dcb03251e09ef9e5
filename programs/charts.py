"""Drawing SVG charts as text. Pure: numbers and words in, markup out; colours are classes."""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Shelf:
    """One step of the ladder; band is a colour name or empty."""

    label: str
    band: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A dose over time: (day, height in shelves) as steps. kind is a class of the stylesheet."""

    kind: str
    label: str
    note: str
    points: tuple[tuple[float, float], ...]
    until: float | None = None


def num(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "") -> str:
    extra = f' class="{kind}"' if kind else ""
    extra += f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{num(x)}" y="{num(y)}"{extra}>{escape(words)}</text>'


def rect(x: float, y: float, width: float, height: float, kind: str, radius: float = 0) -> str:
    rounded = f' rx="{num(radius)}"' if radius else ""
    size = f'width="{num(width)}" height="{num(height)}"'
    return f'<rect x="{num(x)}" y="{num(y)}" {size} class="{kind}"{rounded}/>'


def path(d: str, kind: str) -> str:
    return f'<path d="{d}" class="{kind}"/>' if d else ""


def across(ys: list[float], x: float, end: float, kind: str) -> str:
    return path("".join(f"M{num(x)} {num(y)}H{num(end)}" for y in ys), kind)


def steps(points: list[tuple[float, float]], end: float | None) -> str:
    """A step line through (x, y) points: level first, then the rise."""
    if not points:
        return ""
    d = f"M{num(points[0][0])} {num(points[0][1])}"
    d += "".join(f"H{num(x)}V{num(y)}" for x, y in points[1:])
    return d + (f"H{num(end)}" if end is not None else "")


def shelf_label(label: str, x: float, middle: float) -> str:
    """One line of at most 14 letters, else two."""
    if len(label) <= 14:
        return text(x, middle + 4, label, "c-label", "end")
    first, second = _halves(label)
    return text(x, middle - 3, first, "c-label", "end") + text(
        x, middle + 11, second, "c-label", "end"
    )


def _halves(label: str) -> tuple[str, str]:
    words = label.split()
    cut = min(
        range(1, max(len(words), 2)), key=lambda i: abs(len(" ".join(words[:i])) * 2 - len(label))
    )
    rest = " ".join(words[cut:])
    return " ".join(words[:cut]), rest if len(rest) <= 18 else rest[:17] + "…"


def simulated(
    shelves: tuple[Shelf, ...],
    lines: tuple[Line, ...],
    weeks: int,
    *,
    title: str,
    description: str,
    week: str,
) -> str:
    """Named virtual patients as step lines over the ladder; labels 15 apart at the right end."""
    frame = SimFrame(len(shelves), weeks)
    edges = [frame.y(i) for i in range(len(shelves) + 1)]
    parts = [
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>",
        across(edges, frame.left, frame.right, "c-shelf"),
        *(sim_shelf(i, shelf, frame) for i, shelf in enumerate(shelves)),
        *(_sim_line(line, frame) for line in lines),
        *_sim_names(lines, frame),
        text(frame.left - 12, frame.bottom + 20, week, "c-label", "end"),
        *(
            text(frame.x(w), frame.bottom + 20, str(w), "c-label", "middle")
            for w in range(0, weeks + 1, 2)
        ),
    ]
    size = f'viewBox="0 0 424 {num(frame.bottom + 28)}"'
    return f'<svg class="chart" {size} role="img">{"".join(parts)}</svg>'


@dataclass(frozen=True, slots=True)
class SimFrame:
    shelves: int
    weeks: int
    left: float = 96
    right: float = 372

    @property
    def shelf(self) -> float:
        tallest = 54 if self.shelves > 2 else 110
        return max(26, min(tallest, 290 / max(self.shelves, 1)))

    @property
    def bottom(self) -> float:
        return 8 + self.shelf * self.shelves

    def x(self, week: float) -> float:
        return self.left + (self.right - self.left) * week / max(self.weeks, 1)

    def y(self, height: float) -> float:
        return self.bottom - self.shelf * height


def sim_shelf(index: int, shelf: Shelf, frame: SimFrame) -> str:
    top = frame.y(index + 1)
    stripe = rect(frame.left - 6, top + 2, 3, frame.shelf - 4, f"c-band {shelf.band}".strip(), 1.5)
    return stripe + shelf_label(shelf.label, frame.left - 12, top + frame.shelf / 2)


def _sim_line(line: Line, frame: SimFrame) -> str:
    points = [(frame.x(week), frame.y(height)) for week, height in line.points]
    end = frame.x(frame.weeks if line.until is None else line.until)
    rest = f"M{num(end)} {num(points[-1][1])}H{num(frame.right)}" if points and line.until else ""
    return path(steps(points, end), f"c-sim {line.kind}") + path(rest, "c-sim silent")


def _sim_names(lines: tuple[Line, ...], frame: SimFrame) -> list[str]:
    """From the top down, each at least 15 below the last."""
    named = sorted(
        ((frame.y(line.points[-1][1]), line) for line in lines if line.points), key=lambda p: p[0]
    )
    texts, last = [], -20.0
    for y, line in named:
        last = max(y + 4, last + 15)
        texts.append(text(frame.right + 7, last, line.label, f"c-simname {line.kind}"))
    return texts
