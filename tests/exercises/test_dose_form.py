"""A step's dose as fields: what ships comes back as it was, and what doesn't fit is told."""

from typing import Any

import pytest

from exercises import shipped
from exercises.dose_form import RungForm, bounds_of, entry_of, initial_of
from exercises.models import LadderStep

STEPS = [step for ladder in shipped.ladders() for step in ladder["steps"]]
OWN = ("key", "position", "exercise", "laterality", "equipment")
DOSE: dict[str, Any] = {"sets": 2, "reps": 8, "load_kg": 5}
SPANS: dict[str, Any] = {"sets": [2, 3], "reps": [8, 12], "load_kg": [2.5, 80], "load_step_kg": 2.5}


def form_of(entry: dict[str, Any], bounds: dict[str, Any], **changed: Any) -> RungForm:
    """The form as posted; only its dose is looked at."""
    told = initial_of(entry, bounds) | changed
    return RungForm({name: value for name, value in told.items() if value is not None})


def told(entry: dict[str, Any], bounds: dict[str, Any], **changed: Any) -> dict[str, list[str]]:
    return {
        name: each
        for name, each in form_of(entry, bounds, **changed).errors.items()
        if name not in OWN
    }


@pytest.mark.parametrize("step", STEPS, ids=[step["key"] for step in STEPS])
def test_a_dose_that_ships_comes_back_as_it_was(step: dict[str, Any]) -> None:
    form = form_of(step["entry"], step["bounds"])
    assert told(step["entry"], step["bounds"]) == {}
    form.full_clean()
    assert entry_of(form.cleaned_data) == step["entry"]
    assert bounds_of(form.cleaned_data) == step["bounds"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sets": 4}, "sets"), ({"sets": None}, "sets"), ({"reps_high": None}, "reps_high"),
        ({"reps_low": 13}, "reps_high"), ({"hold_s_low": 1}, "hold_s_high"),
        ({"hold_s_high": 3}, "hold_s_low"),
        ({"range_deg_low": 20, "range_deg_high": 40}, "range_deg"),
        ({"load_step_kg": None}, "load_step_kg"), ({"load_step_kg": 0}, "load_step_kg"),
        ({"load_kg": 6}, "load_step_kg"), ({"up_s": 0}, "up_s"), ({"band_level": 5}, "band_level"),
        ({"reps": "many"}, "reps"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_beside_its_field(changed: dict[str, Any], field: str) -> None:
    assert [*told(DOSE, SPANS, **changed)] == [field]


def test_a_new_step_begins_with_what_is_usual() -> None:
    form = RungForm(instance=LadderStep())
    assert {name: form.initial[name] for name in ("sets", "reps", "up_s", "rest_s")} == {
        "sets": 2, "reps": 8, "up_s": 2, "rest_s": 60,
    }  # fmt: skip
