"""Doses in their three shapes: a row of DoseVersion, the engine's Dose, a step of the library.

The one place that knows them all, so that a dose reads the same wherever it came from.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from programs.codec import from_json
from programs.models import DoseVersion, PrescriptionStep
from programs.progression.types import Bounds, Dose, Span, Step, Unit

SAME = ("sets", "reps", "hold_s", "up_s", "top_s", "down_s", "rest_s", "range_deg")
COPIED = tuple(name for name in SAME if name != "hold_s")


def dose_of(version: DoseVersion, *, per_week: int) -> Dose:
    """The engine's dose of a stored version."""
    return Dose(
        **{name: getattr(version, name) for name in SAME},
        load_g=None if version.load_kg is None else int(version.load_kg * 1000),
        band=version.band_level,
        per_week=per_week,
    )


def columns(dose: Dose) -> dict[str, Any]:
    """The columns of DoseVersion that hold this dose (all but prescription, side, number, step)."""
    same = {name: getattr(dose, name) for name in SAME}
    return same | {"load_kg": dose.load_kg, "band_level": dose.band}


def step_of(row: PrescriptionStep) -> Step:
    """The engine's rung of a program's own ladder."""
    return Step(
        key=str(row.id),
        entry=from_json(Dose, row.entry),
        bounds=from_json(Bounds, row.bounds),
        laterality="both" if row.laterality == PrescriptionStep.Laterality.BOTH else "each",
        equipment=tuple(row.equipment),
        resisted=row.resisted,
    )


def unit_of(ladder: Iterable[Step]) -> Unit:
    """The unit in which the equipment is marked: the tables of rules go by it, not by what a
    patient likes to read.
    """
    loads = (step.bounds.load_g for step in ladder if step.bounds)
    return "lb" if any(span and span.pounds for span in loads) else "kg"


def library_dose(entry: Mapping[str, Any], *, per_week: int) -> Dose:
    """The entry dose of a library step.

    Its hold is the stay at the top of each repetition, and of an isometric one also what is
    prescribed and logged.
    """
    load, stay = entry.get("load_kg"), entry.get("hold_s", 1)
    return Dose(
        sets=entry["sets"],
        reps=entry["reps"],
        hold_s=stay if entry.get("isometric") else 0,
        up_s=entry.get("up_s", 2),
        top_s=stay,
        down_s=entry.get("down_s", 3),
        rest_s=entry.get("rest_s", 60),
        load_g=None if load is None else int(Decimal(str(load)) * 1000),
        band=entry.get("band_level"),
        range_deg=entry.get("range_deg"),
        per_week=per_week,
    )


def library_bounds(bounds: Mapping[str, Any], *, isometric: bool = False) -> Bounds:
    """The bounds of a library step: pairs of [lowest, highest] by field."""
    spans = {
        ours: Span(*bounds[theirs])
        for ours, theirs in (
            ("sets", "sets"),
            ("reps", "reps"),
            ("hold_s" if isometric else "top_s", "hold_s"),
            ("range_deg", "range_deg"),
            ("band", "band_level"),
        )
        if theirs in bounds
    }
    if "load_kg" in bounds:
        low, high = (int(Decimal(str(kg)) * 1000) for kg in bounds["load_kg"])
        step = int(Decimal(str(bounds.get("load_step_kg", "0.5"))) * 1000)
        spans["load_g"] = Span(low, high, step)
    return Bounds(**spans)


def as_library(dose: Dose, bounds: Bounds) -> dict[str, dict[str, Any]]:
    """A dose and its bounds as a library step would have them: what the two above read back."""
    entry: dict[str, Any] = {name: getattr(dose, name) for name in COPIED} | {"hold_s": dose.top_s}
    if dose.load_g is not None:
        entry["load_kg"] = dose.load_g / 1000
    spans = {
        "sets": bounds.sets,
        "reps": bounds.reps,
        "hold_s": bounds.hold_s if dose.hold_s else bounds.top_s,
        "range_deg": bounds.range_deg,
    }
    given = {name: [span.low, span.high] for name, span in spans.items() if span}
    return {"dose": entry, "bounds": given}
