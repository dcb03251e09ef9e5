"""What a template offers and what the clinician changed in it, before anything is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from exercises.pinned import PinnedLadder, PinnedStep, pinned_ladders
from programs.doses import library_bounds, library_dose
from programs.limits import compiled
from programs.models import Template
from programs.progression.rules import Ruleset
from programs.progression.types import Bounds, Dose, Span
from programs.wording import variant_name

SAID = ("sets", "up_s", "top_s", "down_s", "rest_s")
Number = int | float


@dataclass(frozen=True)
class SourceExercise:
    """One exercise of a template: the whole library ladder, and what the template ticks.

    `place`: where it stands in the template's plan, and so the name of its form. `exercise`: its
    address in the library, where it is one exercise that was picked from the ladder.
    """

    place: int
    ladder: str
    exercise: str
    title: str
    steps: tuple[PinnedStep, ...]
    ticked: tuple[str, ...]
    start: str
    sides: str

    def step(self, key: str) -> PinnedStep:
        """The step of this key; KeyError if the ladder has none."""
        for each in self.steps:
            if each.key == key:
                return each
        raise KeyError(key)


@dataclass(frozen=True)
class TemplateSource:
    """A template with its ladders read: one query, however many and long the ladders are."""

    template: Template
    exercises: tuple[SourceExercise, ...]

    @cached_property
    def rules(self) -> Ruleset:
        """The template's rules, compiled. Raises RulesetError if they have a fault."""
        return compiled(self.template.ruleset)

    @property
    def body(self) -> dict[str, Any]:
        return dict(self.template.body)

    @property
    def later(self) -> list[dict[str, Any]]:
        """The phases after the first, as the template has them."""
        return list(self.template.body.get("phases", ()))

    def weeks_with(self, first: int) -> int:
        """The weeks of all phases, where the first has so many."""
        later: int = sum(each["weeks"] for each in self.later)
        return first + later


@dataclass(frozen=True)
class ExerciseChange:
    """The exercise sentence as the clinician left it. Seconds, degrees; range None = no range."""

    steps: tuple[str, ...]
    start: str
    sides: str
    sets: int
    reps_from: int
    reps_to: int
    up_s: int
    top_s: int
    down_s: int
    rest_s: int
    range_deg: int | None = None
    load_kg: Decimal | None = None


@dataclass(frozen=True)
class Changes:
    """Everything that is chosen while assigning. Empty mappings leave the rules as they are.

    `acknowledged`: the clinician knows that parts of the rules are not published as such.
    """

    start_on: date
    weeks: int
    weekdays: tuple[int, ...]
    exercises: tuple[ExerciseChange, ...]
    parameters: Mapping[str, Number] = field(default_factory=dict)
    approvals: Mapping[str, str] = field(default_factory=dict)
    acknowledged: bool = False


@dataclass(frozen=True)
class Rung:
    """A step of the program's own ladder: the pinned step, its entry dose and bounds."""

    pinned: PinnedStep
    entry: Dose
    bounds: Bounds


def load_source(*, template: Template) -> TemplateSource:
    """Read the ladders that a template names; a ladder or step that is gone is left out."""
    (source,) = load_sources([template])
    return source


def load_sources(templates: Sequence[Template]) -> list[TemplateSource]:
    """The same for several, in as many statements as for one."""
    slugs = {plan["ladder"] for each in templates for plan in each.body["prescriptions"]}
    ladders = pinned_ladders(slugs=slugs)
    return [TemplateSource(each, tuple(_exercises(each, ladders))) for each in templates]


def _exercises(template: Template, ladders: Mapping[str, PinnedLadder]) -> Iterator[SourceExercise]:
    for place, plan in enumerate(template.body["prescriptions"]):
        if plan["ladder"] in ladders:
            yield _exercise(place, plan, ladders[plan["ladder"]])


def there(source: TemplateSource) -> TemplateSource:
    """Without the exercises whose first step has gone from the library."""
    exercises = tuple(each for each in source.exercises if each.start in each.ticked)
    return replace(source, exercises=exercises)


def _exercise(place: int, plan: dict[str, Any], pinned: PinnedLadder) -> SourceExercise:
    steps = tuple(_as_planned(step, plan) for step in pinned.steps)
    known, exercise = {step.key: step for step in steps}, plan.get("exercise", "")
    first = known.get(plan["start"]) if exercise else None
    return SourceExercise(
        place=place,
        ladder=plan["ladder"],
        exercise=exercise,
        title=first.revision.name if first else pinned.title,
        steps=steps,
        ticked=tuple(key for key in plan["steps"] if key in known),
        start=plan["start"],
        sides=plan.get("sides", "each"),
    )


def _as_planned(step: PinnedStep, plan: dict[str, Any]) -> PinnedStep:
    """A ticked step with the dose and the bounds of the plan: those of all steps, then its own."""
    told = [plan, plan.get("doses", {}).get(step.key, {})]
    if step.key not in plan["steps"] or not any("dose" in e or "bounds" in e for e in told):
        return step
    entry, bounds = step.entry, step.bounds
    for each in told:
        entry, bounds = entry | each.get("dose", {}), bounds | each.get("bounds", {})
    return replace(step, entry=entry, bounds=bounds)


def unchanged(source: TemplateSource, *, start_on: date) -> Changes:
    """The template as it is, from a day on; where its rules name their days, on those."""
    body, days = source.body, offered_days(source.template)
    per_week = len(days)
    return Changes(
        start_on=start_on,
        weeks=body["weeks"],
        weekdays=days,
        exercises=tuple(as_offered(each, per_week=per_week) for each in source.exercises),
    )


def offered_days(template: Template) -> tuple[int, ...]:
    """The weekdays that are ticked at first; where the rules count days, all seven."""
    schedule = template.ruleset.get("schedule", {})
    if "every_days" in schedule:
        return tuple(range(7))
    return tuple(schedule.get("weekdays", template.body["weekdays"]))


def kept_schedule(template: Template, changes: Changes) -> dict[str, Any]:
    """What the rules say of the days beside the weekdays, as far as the clinician kept it.

    Other days than offered are the clinician's own: then nothing counts days for them.
    """
    schedule = dict(template.ruleset.get("schedule", {}))
    schedule.pop("weekdays", None)
    if sorted(changes.weekdays) != sorted(offered_days(template)):
        for name in ("every_days", "per_week"):
            schedule.pop(name, None)
    return schedule


def as_offered(exercise: SourceExercise, *, per_week: int) -> ExerciseChange:
    """The exercise sentence as the template has it."""
    step = exercise.step(exercise.start)
    dose, bounds = _library(step, per_week)
    return ExerciseChange(
        steps=exercise.ticked,
        start=exercise.start,
        sides=exercise.sides,
        sets=dose.sets,
        reps_from=dose.reps,
        reps_to=bounds.reps.high if bounds.reps else dose.reps,
        up_s=dose.up_s,
        top_s=dose.top_s,
        down_s=dose.down_s,
        rest_s=dose.rest_s,
        range_deg=dose.range_deg,
        load_kg=dose.load_kg,
    )


def _library(step: PinnedStep, per_week: int) -> tuple[Dose, Bounds]:
    dose = library_dose(step.entry, per_week=per_week)
    return dose, library_bounds(step.bounds, isometric=dose.hold_s > 0)


def load_span(step: PinnedStep) -> Span | None:
    """The loads that a step's equipment allows, in grams; None where it has none."""
    return library_bounds(step.bounds).load_g


def ladders_of(source: TemplateSource, changes: Changes) -> list[list[Rung]]:
    """The program's own ladders, one for each exercise."""
    return [
        rungs(exercise, change, per_week=len(changes.weekdays))
        for exercise, change in zip(source.exercises, changes.exercises, strict=True)
    ]


def first_of(ladder: Sequence[Rung], change: ExerciseChange) -> int:
    """Where on its own ladder an exercise starts; 0 where that step isn't ticked."""
    places = (at for at, rung in enumerate(ladder) if rung.pinned.key == change.start)
    return next(places, 0)


def rung_name(rung: Rung) -> str:
    """Its short name, with the colour of its band."""
    return variant_name(rung.pinned.revision.variant, rung.entry.band)


def rungs(exercise: SourceExercise, change: ExerciseChange, *, per_week: int) -> list[Rung]:
    """The program's ladder: the ticked steps in the library's order.

    What differs from the template's sentence, which is that of the first step as it was chosen,
    goes to every step; range and load to the first only.
    """
    offered = as_offered(replace(exercise, start=change.start), per_week=per_week)
    chosen = [step for step in exercise.steps if step.key in change.steps]
    return [_rung(step, offered, change, per_week) for step in chosen]


def _rung(step: PinnedStep, offered: ExerciseChange, change: ExerciseChange, per_week: int) -> Rung:
    entry, bounds = _library(step, per_week)
    new: dict[str, Any] = {
        name: getattr(change, name)
        for name in SAID
        if getattr(change, name) != getattr(offered, name)
    }
    if change.reps_from != offered.reps_from:
        new["reps"] = change.reps_from
    if step.key == change.start:
        new["range_deg"] = change.range_deg
        if change.load_kg is not None and bounds.load_g:
            new["load_g"] = int(change.load_kg * 1000)
    entry = entry._replace(**new)
    if entry.hold_s:
        entry = entry._replace(hold_s=entry.top_s)
    return Rung(step, entry, _wide_enough(bounds, entry, offered, change))


def _wide_enough(
    bounds: Bounds, entry: Dose, offered: ExerciseChange, change: ExerciseChange
) -> Bounds:
    """Bounds that hold the entry dose, and end at the chosen number of repetitions."""
    if bounds.reps and change.reps_to != offered.reps_to:
        bounds = bounds._replace(reps=bounds.reps._replace(high=change.reps_to))
    kept = {"load_g": bounds.load_g}
    wide = {name: _holding(span, getattr(entry, name)) for name, span in bounds._asdict().items()}
    return Bounds(**wide | kept)


def _holding(span: Span | None, value: int | None) -> Span | None:
    if span is None or value is None:
        return span
    return span._replace(low=min(span.low, value), high=max(span.high, value))
