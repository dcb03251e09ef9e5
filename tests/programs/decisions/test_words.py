"""Rules and reasons in words: numbers as the language writes them, one thing in the singular."""

from typing import Any

import pytest
from django.utils import translation

from programs.decisions.rule_words import rule_words, written
from programs.decisions.sentences import dose_words
from programs.progression import Message
from programs.wording import number


def part(id: str, **numbers: Any) -> str:
    return rule_words.part(Message(id, tuple(numbers.items())))


@pytest.mark.parametrize(("language", "told"), [("en", "2.5"), ("es", "2,5")])
def test_a_fraction_is_written_as_the_language_does(language: str, told: str) -> None:
    with translation.override(language):
        assert written("2.5") == told
        assert told in part("do.scale_up", field="load_kg", percent="2.5")


def test_a_dose_of_a_reason_is_written_as_the_language_does() -> None:
    told = {"sets": 3, "reps": 8, "hold_s": 0, "load_g": 2500, "band": None}
    with translation.override("es"):
        assert "2,5" in dose_words({f"{name}_after": each for name, each in told.items()}, "after")


def test_a_whole_number_keeps_no_places() -> None:
    assert (number(100), written("the next morning")) == ("100", "the next morning")


def test_one_more_set_is_told_in_the_singular() -> None:
    with translation.override("en"):
        assert part("do.add_up", field="sets", by=1, to=3) == "1 more set, up to 3"
        assert part("do.add_down", field="sets", by=-2, to=1) == "2 fewer sets, down to 1"
        assert part("do.rest", days=1) == "rest one day"
        assert part("if.streak", sessions=2) == "in 2 sessions running"
