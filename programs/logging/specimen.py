"""A set on the patient's screen as the library's editor shows it: of nobody, and never logged."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from exercises.models import LadderStep, Revision
from programs.doses import library_dose
from programs.logging.plan import PlannedSide
from programs.logging.set_screen import shown
from programs.models import DoseVersion, PrescriptionStep, Side
from programs.wording import band_name

USUAL = {"sets": 2, "reps": 8}  # where no ladder has the exercise yet
OF_A_DOSE = ("sets", "reps", "hold_s", "up_s", "top_s", "down_s", "rest_s", "range_deg")


def specimen(request: HttpRequest, revision: Revision, rung: LadderStep | None) -> HttpResponse:
    """The first set of this revision, at the entry dose of its rung."""
    both = rung is not None and rung.laterality == LadderStep.Laterality.BOTH
    side = Side.BOTH if both else Side.LEFT
    entry = library_dose(rung.entry if rung else USUAL, per_week=3)
    told = {name: getattr(entry, name) for name in OF_A_DOSE}
    dose = DoseVersion(side=side, band_level=entry.band, load_kg=entry.load_kg, **told)
    card = _card(PlannedSide(side, dose, PrescriptionStep(revision=revision)))
    return render(request, "programs/logging/specimen.html", {"card": card, "revision": revision})


def _card(planned: PlannedSide) -> dict[str, Any]:
    """What templates/programs/logging/session.html asks for."""
    dose, own = planned.dose, shown(planned, 1)
    level = dose.band_level
    return own | {
        "bars": [{"done": 0, "total": dose.sets, "name": own["exercise_name"]}],
        "dots": [],
        "bands": [{"value": level, "label": band_name(level)}] if level else [],
        "reps": _number("reps", dose.reps, _("reps")),
        "weight": _number("load_kg", f"{dose.load_kg:f}", "kg") if dose.load_kg else None,
    }


def _number(name: str, value: Any, unit: str) -> dict[str, Any]:
    same = {"value": value, "planned": value, "min": 0, "max": 100, "step": "any", "by": 1}
    return same | {"name": name, "unit": unit}
