"""Drawing how many people spread over a ladder by week. Pure: numbers and words in, markup out."""

from dataclasses import dataclass
from html import escape

from programs.charts import Shelf, SimFrame, across, num, path, sim_shelf, steps, text


@dataclass(frozen=True, slots=True)
class Band:
    """From the lowest to the highest height at each week's end, week 0 first. kind is a class."""

    kind: str
    low: tuple[float, ...]
    high: tuple[float, ...]


def fanned(
    shelves: tuple[Shelf, ...],
    bands: tuple[Band, ...],
    middle: tuple[float, ...],
    *,
    title: str,
    description: str,
    week: str,
) -> str:
    """Bands and the line in the middle over the steps of the ladder, as one SVG picture."""
    weeks = len(middle) - 1
    frame = SimFrame(len(shelves), weeks)
    parts = [
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>",
        *(_band(band, frame) for band in bands),
        across([frame.y(i) for i in range(len(shelves) + 1)], frame.left, frame.right, "c-shelf"),
        *(sim_shelf(i, shelf, frame) for i, shelf in enumerate(shelves)),
        path(steps(_points(middle, frame), frame.right), "c-fan middle"),
        text(frame.left - 12, frame.bottom + 20, week, "c-label", "end"),
        *(
            text(frame.x(w), frame.bottom + 20, str(w), "c-label", "middle")
            for w in range(0, weeks + 1, 2)
        ),
    ]
    size = f'viewBox="0 0 424 {num(frame.bottom + 28)}"'
    return f'<svg class="chart" {size} role="img">{"".join(parts)}</svg>'


def _points(heights: tuple[float, ...], frame: SimFrame) -> list[tuple[float, float]]:
    return [(frame.x(week), frame.y(height)) for week, height in enumerate(heights)]


def _band(band: Band, frame: SimFrame) -> str:
    """Along the upper edge to the right in steps, back along the lower one."""
    there = steps(_points(band.high, frame), None)
    low = _points(band.low, frame)
    back = f"V{num(low[-1][1])}"
    for (x, _y), (_x, y) in zip(reversed(low), reversed(low[:-1]), strict=False):
        back += f"H{num(x)}V{num(y)}"
    back += f"H{num(low[0][0])}Z"
    return path(there + back, f"c-fan {band.kind}")
