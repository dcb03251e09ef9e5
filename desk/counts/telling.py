"""The clinic's counts as a table: for the page in words, for the file in plain columns."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from desk.counts.cells import SMALL, Counts, Who, hidden, summed
from desk.mine.tables import Table
from programs.wording import NBSP, day_words

COLUMNS = (
    *("month", "clinician", "patients", "sessions_due", "sessions_done", "adherence_percent"),
    *("pain_median", "pain_highest", "doses_raised", "doses_lowered", "proposals_answered"),
    "hours_to_answer_median",
)
NOTHING = "–"
ALL = ""
Months = Mapping[date, Mapping[Who, Counts]]


class Row(NamedTuple):
    """A clinician's month, or everybody's (no name). None: too few patients to say more."""

    month: date
    name: str
    counts: Counts | None


def rows_of(months: Months) -> Iterator[Row]:
    """The newest month first, everybody's row at its end; a month without a program has none."""
    for month in sorted(months, reverse=True):
        rows = months[month]
        gone = hidden(rows)
        for who, counts in rows.items():
            yield Row(month, who[0], None if who in gone else counts)
        if rows:
            total = summed(rows.values())
            yield Row(month, ALL, None if total.patients < SMALL else total)


def values(counts: Counts) -> tuple[Any, ...]:
    """What stands in the columns after the name."""
    return (
        *(counts.patients, counts.due, counts.done, counts.adherence, counts.pain),
        *(counts.highest, counts.raised, counts.lowered, len(counts.hours)),
        counts.answered_after,
    )


def as_table(months: Months) -> Table:
    """The file: one line a row, months as 2026-11, nothing where it isn't said."""
    rows = [
        (f"{row.month:%Y-%m}", row.name or "all", *_told(row.counts)) for row in rows_of(months)
    ]
    return Table("counts", _("Counts"), COLUMNS, rows, {})


def _told(counts: Counts | None) -> tuple[Any, ...]:
    return values(counts) if counts else (f"under {SMALL}", *[None] * 9)


class Shown(NamedTuple):
    """A row of the page."""

    month: str
    name: str
    cells: list[str]
    all: bool


def shown(months: Months) -> list[Shown]:
    """In the language of the page; each month is named once."""
    found, before = [], None
    for row in rows_of(months):
        name = row.name or _("Everybody")
        month = "" if row.month == before else day_words(row.month, "YEAR_MONTH_FORMAT")
        found.append(Shown(month, name, _cells(row.counts), row.name == ALL))
        before = row.month
    return found


def _cells(counts: Counts | None) -> list[str]:
    if counts is None:
        return [_("under %(n)s") % {"n": SMALL}, *[NOTHING] * 6]
    share = NOTHING if counts.adherence is None else f"{counts.adherence}{NBSP}%"
    pain = NOTHING if counts.pain is None else f"{counts.pain:g} / {counts.highest}"
    hours = NOTHING
    if counts.answered_after is not None:
        hours = _("%(n)s h") % {"n": f"{counts.answered_after:g}"}
    return [
        str(counts.patients),
        f"{counts.done} / {counts.due}",
        share,
        pain,
        f"{counts.raised} / {counts.lowered}",
        str(len(counts.hours)),
        hours,
    ]
