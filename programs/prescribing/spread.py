"""The fan of many virtual patients: how the doses spread by week, drawn and as a table."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from patients.models import Patient
from programs.charts import Shelf
from programs.fans import Band, fanned
from programs.prescribing.plan import Changes, Rung, TemplateSource, ladders_of, rung_name
from programs.prescribing.previewing import asked, fault_lines, height
from programs.prescribing.virtual import PEOPLE, WEEKS, Question, spread_of
from programs.progression import RulesetError
from programs.progression.types import Dose
from programs.simulation import FanWeek
from programs.tables import Row, table
from programs.wording import band_class, dose_words

KEPT = 64  # drawings kept a process
NOTHING = SafeString("")
PARTS = ("low", "quarter", "median", "three_quarters", "high")


@dataclass(frozen=True, slots=True)
class Spread:
    """The picture and its numbers; or why there is none."""

    title: str
    chart: SafeString = NOTHING
    table: SafeString = NOTHING
    faults: tuple[str, ...] = ()


def spread(patient: Patient, source: TemplateSource, changes: Changes, shown: int = 0) -> Spread:
    """Two hundred people on one exercise; the same question gives the same picture."""
    title = gettext("%(people)s virtual patients") % {"people": PEOPLE}
    ladders = ladders_of(source, changes)
    if not ladders:
        return Spread(title, faults=(gettext("There is no exercise yet."),))
    shown = shown if shown < len(ladders) else 0
    try:
        question = asked(patient, source, changes, ladders, shown)
    except RulesetError as error:
        return Spread(title, faults=fault_lines(source, error))
    names = tuple(rung_name(rung) for rung in ladders[shown])
    chart, numbers = _drawn(question, names, get_language() or "", _Ladder(ladders[shown]))
    return Spread(title, chart, numbers)


class _Ladder(tuple[Rung, ...]):
    """The rungs of a question; the question itself tells them apart."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ladder)

    def __new__(cls, rungs: list[Rung]) -> "_Ladder":
        return super().__new__(cls, rungs)


@lru_cache(maxsize=KEPT)
def _drawn(
    question: Question, names: tuple[str, ...], _language: str, ladder: _Ladder
) -> tuple[SafeString, SafeString]:
    weeks = spread_of(question)
    return _chart(question, weeks, names, ladder), _table(weeks, names)


def _chart(
    question: Question, weeks: tuple[FanWeek, ...], names: tuple[str, ...], ladder: _Ladder
) -> SafeString:
    start = (question.start, question.steps[question.start].entry)
    lines = {
        part: tuple(_height(ladder, at) for at in (start, *(getattr(w, part) for w in weeks)))
        for part in PARTS
    }
    top = min(len(ladder), 2 + int(max(lines["high"])))
    svg = fanned(
        tuple(
            Shelf(name, band_class(rung.entry.band))
            for name, rung in zip(names[:top], ladder[:top], strict=True)
        ),
        (
            Band("outer", lines["low"], lines["high"]),
            Band("inner", lines["quarter"], lines["three_quarters"]),
        ),
        lines["median"],
        title=gettext("Doses of %(people)s virtual patients by week") % {"people": PEOPLE},
        description=_described(weeks[-1], names),
        week=gettext("week"),
    )
    return mark_safe(svg)  # noqa: S308 (words are escaped where it is drawn)


def _height(ladder: _Ladder, at: tuple[int, Dose]) -> float:
    step, dose = at
    return height(ladder[step], dose, step)


def _described(last: FanWeek, names: tuple[str, ...]) -> str:
    told = {part: _said(getattr(last, part), names) for part in PARTS} | {"week": WEEKS}
    return (
        gettext(
            "After %(week)s weeks half of them are from %(quarter)s to %(three_quarters)s, four of "
            "five from %(low)s to %(high)s; in the middle: %(median)s."
        )
        % told
    )


def _said(at: tuple[int, Dose], names: tuple[str, ...]) -> str:
    return f"{names[at[0]]}, {dose_words(at[1])}"


def _table(weeks: tuple[FanWeek, ...], names: tuple[str, ...]) -> SafeString:
    """The same numbers: a row for each week."""
    heads = (gettext("week"), "10 %", "25 %", gettext("middle"), "75 %", "90 %")
    rows = (Row(w.week, [_said(getattr(w, part), names) for part in PARTS]) for w in weeks)
    return table("numbers", heads, rows)
