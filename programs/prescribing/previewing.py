"""What happens if this program is assigned: twelve weeks of virtual patients, and the phone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from exercises import figure
from exercises.schema import FigureSpec
from patients.models import Patient
from programs.charts import Line, Shelf, simulated
from programs.limits import limits_of
from programs.prescribing.cautions import Needs, exercise_cautions, minutes, program_cautions
from programs.prescribing.fault_words import placed_words
from programs.prescribing.plan import (
    Changes,
    Rung,
    TemplateSource,
    first_of,
    ladders_of,
    rung_name,
)
from programs.prescribing.rules import adjusted, check_with_ladders, engine_steps
from programs.prescribing.scheme import Scheme, scheme
from programs.prescribing.sentences import patient_words
from programs.prescribing.virtual import WEEKS, Question, Virtual, question_of, virtual_patients
from programs.progression import RulesetError
from programs.progression.types import Bounds, Dose, Span
from programs.tables import Row, table
from programs.wording import band_class, dose_words, side_words, tempo_words

MOST_STAGES = 12
KEPT = 256  # drawings kept a process


@dataclass(frozen=True, slots=True)
class Result:
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Phone:
    """The first set as the patient will see it."""

    title: str
    side: str
    set: str
    name: str
    figure: SafeString
    number: str
    unit: str
    tempo: str


class Rise(NamedTuple):
    """A step of the ladder as far as the picture shows it."""

    name: str
    entry: Dose
    bounds: Bounds


type Ladder = tuple[Rise, ...]


class Picture(NamedTuple):
    """Twelve weeks of virtual patients: drawn, in short, and as numbers."""

    chart: SafeString
    results: tuple[Result, ...]
    table: SafeString

    @classmethod
    def of(cls, ladder: Ladder, people: Sequence[Virtual]) -> "Picture":
        return cls(_chart(ladder, people), tuple(_results(ladder, people)), _table(ladder, people))


@dataclass(frozen=True, slots=True)
class Preview:
    """Of one exercise what will come of it; of each what stands against it.

    `names`: the exercises to choose from, where there are several; `cautions`: by exercise.
    Without an exercise there is no picture and no phone.
    """

    scheme: Scheme
    title: str = ""
    names: tuple[str, ...] = ()
    shown: int = 0
    picture: Picture | None = None
    phone: Phone | None = None
    sentences: tuple[str, ...] = ()
    takes: str = ""
    faults: tuple[str, ...] = ()
    cautions: tuple[tuple[str, ...], ...] = ()
    many: tuple[str, ...] = ()


def preview(patient: Patient, source: TemplateSource, changes: Changes, shown: int = 0) -> Preview:
    """Simulate and draw one exercise; faults of the rules stand in place of the picture."""
    ladders = ladders_of(source, changes)
    if not ladders:
        return Preview(scheme(source.rules, None))
    shown = shown if shown < len(ladders) else 0
    picture, faults = _simulated(patient, source, changes, ladders, shown)
    ladder, change = ladders[shown], changes.exercises[shown]
    start = ladder[first_of(ladder, change)]
    names = tuple(each.title for each in source.exercises)
    return Preview(
        scheme=scheme(source.rules, engine_steps([start])[0]),
        title=gettext("%(weeks)s weeks, simulated") % {"weeks": WEEKS},
        names=names if len(names) > 1 else (),
        shown=shown,
        picture=picture,
        phone=_phone(patient, start, change.sides),
        sentences=tuple(patient_words(source.template.ruleset)),
        takes=_takes(ladders, changes),
        faults=faults,
        cautions=tuple(_cautions(patient, ladders, changes)),
        many=program_cautions(ladders, changes),
    )


def _cautions(
    patient: Patient, ladders: list[list[Rung]], changes: Changes
) -> Iterable[tuple[str, ...]]:
    for ladder, change in zip(ladders, changes.exercises, strict=True):
        needs = [Needs(rung_name(r), r.pinned.equipment, r.pinned.resisted) for r in ladder]
        first = first_of(ladder, change)
        yield exercise_cautions(patient, needs, first, changes.start_on)


def asked(
    patient: Patient,
    source: TemplateSource,
    changes: Changes,
    ladders: list[list[Rung]],
    shown: int = 0,
) -> Question:
    """What is simulated: one of the exercises. Raises RulesetError with every fault of any."""
    ruleset = adjusted(source, changes)
    check_with_ladders(ruleset, ladders, patient)
    steps = engine_steps(ladders[shown])
    return question_of(
        ruleset,
        steps=steps,
        start=first_of(ladders[shown], changes.exercises[shown]),
        per_week=len(changes.weekdays),
        limits=limits_of(patient, steps),
        equipment=tuple(patient.equipment),
    )


def _simulated(
    patient: Patient,
    source: TemplateSource,
    changes: Changes,
    ladders: list[list[Rung]],
    shown: int,
) -> tuple[Picture | None, tuple[str, ...]]:
    rises = tuple(Rise(rung_name(rung), rung.entry, rung.bounds) for rung in ladders[shown])
    try:
        question = asked(patient, source, changes, ladders, shown)
    except RulesetError as error:
        return None, fault_lines(source, error)
    return _drawn(question, rises, get_language()), ()


def fault_lines(source: TemplateSource, error: RulesetError) -> tuple[str, ...]:
    """What is wrong in words; where there are several exercises, with which of them."""
    many, lines = len(source.exercises) > 1, list[str]()
    for place, words in placed_words(error.faults).items():
        named = f"{source.exercises[place].title}: " if many and place is not None else ""
        lines += [f"{named}{each}" for each in words]
    return tuple(lines)


@lru_cache(maxsize=KEPT)
def _drawn(question: Question, rises: Ladder, _language: str | None) -> Picture:
    """The same question has the same picture; there is no patient in it."""
    return Picture.of(rises, virtual_patients(question))


def _chart(ladder: Ladder, people: Sequence[Virtual]) -> SafeString:
    """The ladder up to one step above the highest that anyone reached."""
    if not people:
        return SafeString("")
    top = min(len(ladder), 2 + max(point.step for each in people for point in each.weeks))
    shelves = tuple(Shelf(rise.name, band_class(rise.entry.band)) for rise in ladder[:top])
    lines = tuple(_line(each, ladder) for each in people)
    svg = simulated(
        shelves,
        lines,
        WEEKS,
        title=gettext("Simulated doses of five virtual patients"),
        description="; ".join(f"{each.name}: {_end(each, ladder)}" for each in people),
        week=gettext("week"),
    )
    return mark_safe(svg)  # noqa: S308 (words are escaped where it is drawn)


def _line(person: Virtual, ladder: Ladder) -> Line:
    points = tuple((week, height(ladder[p.step], p.dose, p.step)) for week, p in person.points())
    return Line(person.kind, person.name, "", points, person.silent_after)


def height(rung: Rung | Rise, dose: Dose, step: int) -> float:
    """Where a dose stands on the picture: its step, and within it how far it has come."""
    return step + share(dose, rung.bounds)


def share(dose: Dose, bounds: Bounds) -> float:
    """0 at the lowest dose of a step, just under 1 at the highest: load, then sets, then reps."""
    stages = [_stage(dose.load_g, bounds.load_g), _stage(dose.sets, bounds.sets)]
    low, high = (bounds.reps.low, bounds.reps.high) if bounds.reps else (dose.reps, dose.reps)
    place = (max(0, min(dose.reps, high) - low)) / (max(high - low, 1) + 1)
    for number, count in reversed(stages):
        place = (number + place) / count
    return min(0.97, place)


def _stage(value: int | None, span: Span | None) -> tuple[int, int]:
    """Which step of a span this is, and how many there are; at most a dozen are told apart."""
    if value is None or span is None:
        return 0, 1
    count = (span.high - span.low) // span.step + 1
    shown, place = min(count, MOST_STAGES), (value - span.low) // span.step
    return min(max(0, place * shown // count), shown - 1), shown


def _end(person: Virtual, ladder: Ladder) -> str:
    last = person.weeks[-1]
    return f"{ladder[last.step].name}, {dose_words(last.dose)}"


def _results(ladder: Ladder, people: Sequence[Virtual]) -> Iterable[Result]:
    for kind in ("steady", "fast", "flare"):
        for person in (each for each in people if each.kind == kind):
            last = person.weeks[-1]
            said = ladder[last.step].name if len(ladder) > 1 else dose_words(last.dose)
            yield Result(said, _after(person.name))
    if people:
        down = sum(each.lowered for each in people)
        yield Result(str(down), ngettext("step down in all", "steps down in all", down))


def _after(name: str) -> str:
    return gettext("%(name)s, week %(week)s") % {"name": name, "week": WEEKS}


def _table(ladder: Ladder, people: Sequence[Virtual]) -> SafeString:
    """What was prescribed to each virtual patient, every other week."""
    heads = (gettext("patient"), *range(0, WEEKS + 1, 2))
    return table("numbers", heads, (_row(person, ladder) for person in people))


def _row(person: Virtual, ladder: Ladder) -> Row:
    shown = (person.weeks[min(week, len(person.weeks) - 1)] for week in range(0, WEEKS + 1, 2))
    return Row(person.name, [f"{ladder[p.step].name}, {dose_words(p.dose)}" for p in shown])


def _phone(patient: Patient, start: Rung, sides: str) -> Phone:
    side = "right" if sides == "right" else "left"
    dose = start.entry
    return Phone(
        title=gettext("%(name)s sees") % {"name": patient.first_name},
        side=side_words(side).capitalize(),
        set=gettext("set 1 of %(sets)s") % {"sets": dose.sets},
        name=start.pinned.revision.name,
        figure=drawn(start.pinned.revision.figure_spec, side, dose.range_deg, dose.band),
        number=str(dose.hold_s or dose.reps),
        unit=gettext("seconds") if dose.hold_s else gettext("reps"),
        tempo=tempo_words(dose),
    )


@lru_cache(maxsize=KEPT)
def drawn(spec: FigureSpec, side: str, range_deg: int | None, band: int | None) -> SafeString:
    """The end of the prescribed movement, small and still; drawn once a process."""
    pose = figure.POSES[spec.pose]
    svg = figure.tile(
        pose,
        side="right" if side == "right" else "left",
        range_deg=range_deg or spec.range_deg or pose.range_deg,
        band=band_class(band) or spec.band,
    )
    return mark_safe(svg)  # noqa: S308 (exercises.figure escapes the words it is given)


def _takes(ladders: list[list[Rung]], changes: Changes) -> str:
    days = len(changes.weekdays)
    return ngettext(
        "about %(minutes)s minutes, %(days)s day a week",
        "about %(minutes)s minutes, %(days)s days a week",
        days,
    ) % {"minutes": minutes(ladders, changes), "days": days}
