"""The small picture of a row: the dose as steps, the pain of each session below it."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.safestring import SafeString, mark_safe

from desk import charts
from desk.numbers import Trained
from desk.queries import LOOK_BACK
from desk.rows import PastDose
from programs.schedule import Plan


def spark(
    doses: Sequence[PastDose],
    trained: Sequence[Trained],
    plan: Plan,
    today: date,
    *,
    side: str,
    pain_limit: int,
    label: str,
) -> SafeString:
    """Six weeks of one side, or less if the program is younger."""
    first = max(plan.start_on, today - LOOK_BACK)
    days = max((today - first).days, 1)
    picture = charts.Spark(
        dose=_dose([row for row in doses if row.side == side], first, days),
        pain=tuple(
            ((one.local_date - first).days / days, one.pain)
            for one in trained
            if one.pain is not None and one.local_date >= first
        ),
        missed=_missed(plan, trained, first, today, days),
        pain_limit=pain_limit,
    )
    svg = charts.spark(picture, label)
    return mark_safe(svg)  # noqa: S308 (numbers, and one escaped label)


def _dose(rows: Sequence[PastDose], first: date, days: int) -> tuple[tuple[float, float], ...]:
    """Heights from 0 to 1 between the lowest and the highest dose of the picture."""
    if not rows:
        return ()
    older = [row for row in rows if row.day <= first]
    shown = [*older[-1:], *(row for row in rows if row.day > first)]
    heights = [row.step * 100 + row.sets * row.reps for row in shown]
    low, width = min(heights), max(max(heights) - min(heights), 1)
    places = [max(0.0, (row.day - first).days / days) for row in shown]
    return tuple(
        (place, (height - low) / width) for place, height in zip(places, heights, strict=True)
    )


def _missed(
    plan: Plan, trained: Sequence[Trained], first: date, today: date, days: int
) -> tuple[float, ...]:
    done = {one.local_date for one in trained if one.done}
    due = plan.days(first, today - timedelta(days=1))
    return tuple([(day - first).days / days for day in due if day not in done])
