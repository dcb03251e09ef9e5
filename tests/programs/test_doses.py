"""A dose reads the same wherever it came from."""

from typing import Any

from exercises import shipped
from programs.doses import library_bounds, library_dose
from programs.progression.types import Span
from programs.wording import dose_words, tempo_words

STEPS = {step["key"]: step for step in shipped.steps()}


def entry(key: str) -> Any:
    return library_dose(STEPS[key]["entry"], per_week=3)


def test_the_hold_of_an_isometric_step_is_what_is_done() -> None:
    dose = entry("heel-dig")
    assert (dose.reps, dose.hold_s) == (8, 5)
    assert dose_words(dose) == "2 × 8 × 5 s".replace(" ", "\u00a0")
    assert "5\u00a0s hold" in tempo_words(dose)


def test_the_hold_of_a_movement_is_its_stay_at_the_top() -> None:
    dose = entry("bridge")
    assert (dose.hold_s, dose.top_s) == (0, 3)
    assert dose_words(dose) == "2 × 8".replace(" ", "\u00a0")


def test_the_bounds_of_a_hold_bind_what_is_held() -> None:
    held = library_bounds(STEPS["heel-dig"]["bounds"], isometric=True)
    stayed = library_bounds(STEPS["bridge"]["bounds"])
    assert (held.hold_s, held.top_s) == (Span(3, 10), None)
    assert (stayed.hold_s, stayed.top_s) == (None, Span(1, 10))
