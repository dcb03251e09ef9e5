"""What was typed for a patient as a template: the doses, the days, the weeks and the rules.

Nothing of the patient is in it: no first day, no note.
"""

from dataclasses import dataclass
from typing import Any

from programs.doses import as_library
from programs.models import Template
from programs.prescribing.plan import (
    Changes,
    ExerciseChange,
    Rung,
    SourceExercise,
    TemplateSource,
    kept_schedule,
    ladders_of,
    offered_days,
)
from programs.prescribing.rules import adjusted


@dataclass(frozen=True)
class Kept:
    """The body and the rules of a template, as Template holds them."""

    body: dict[str, Any]
    ruleset: dict[str, Any]


def kept(source: TemplateSource, changes: Changes) -> Kept:
    """The program as it would be assigned. Raises RulesetError if the rules have a fault."""
    plans = [
        _plan(exercise, change, ladder)
        for exercise, change, ladder in zip(
            source.exercises, changes.exercises, ladders_of(source, changes), strict=True
        )
    ]
    body: dict[str, Any] = {
        "weeks": changes.weeks,
        "weekdays": sorted(changes.weekdays),
        "prescriptions": plans,
    }
    if source.later:
        body["phases"] = source.later
    return Kept(body, _rules(source, changes))


def _plan(exercise: SourceExercise, change: ExerciseChange, ladder: list[Rung]) -> dict[str, Any]:
    """Each ticked step has its own dose and bounds: the library may change, this stays."""
    picked = {"exercise": exercise.exercise} if exercise.exercise else {}
    return picked | {
        "ladder": exercise.ladder,
        "steps": [rung.pinned.key for rung in ladder],
        "start": change.start,
        "sides": change.sides,
        "doses": {rung.pinned.key: as_library(rung.entry, rung.bounds) for rung in ladder},
    }


def _rules(source: TemplateSource, changes: Changes) -> dict[str, Any]:
    """The rules with the chosen numbers in them; other days than theirs are named by the body."""
    raw = adjusted(source, changes).raw
    if sorted(changes.weekdays) == sorted(offered_days(source.template)):
        return dict(raw)
    schedule = kept_schedule(source.template, changes)
    rest = {name: value for name, value in raw.items() if name != "schedule"}
    return rest | ({"schedule": schedule} if schedule else {})


def phases_of(template: Template) -> list[Template]:
    """The later phases, each as a template of its own with the same days and rules; not saved."""
    return [
        Template(
            name=each["name"],
            body={
                "weeks": each["weeks"],
                "weekdays": template.body["weekdays"],
                "prescriptions": each["prescriptions"],
            },
            ruleset=template.ruleset,
        )
        for each in template.body.get("phases", ())
    ]
