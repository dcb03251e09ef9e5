"""Reasons in words: numbers as the language writes them, one thing in the singular."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from programs.decisions.reasons import because
from programs.decisions.saying import rule_text
from programs.decisions.sentences import decision_sentences, dose_words, notice_sentence, sentence
from programs.progression import load_preset
from programs.progression.types import Audience, FactValue, Message, Notice, Pain
from programs.wording import number
from tests.programs.progression.story import at


def told(id: str, audience: Audience = "clinician", **numbers: Any) -> str:
    return sentence(Message(id, tuple(numbers.items())), audience)


def test_a_dose_of_a_reason_is_written_as_the_language_does() -> None:
    told = {"sets": 3, "reps": 8, "hold_s": 0, "load_g": 2500, "band": None}
    with translation.override("es"):
        assert "2,5" in dose_words({f"{name}_after": each for name, each in told.items()}, "after")


def test_a_whole_number_keeps_no_places() -> None:
    assert number(100) == "100"


def test_one_session_is_told_in_the_singular() -> None:
    one: dict[str, FactValue] = {"sets_met": True, "sessions": 1}
    two: dict[str, FactValue] = {"sets_met": True, "sessions": 2}
    assert because("because.good", one, "patient") == "Your last session went well."
    assert because("because.good", two, "patient") == "Your last 2 sessions went well."
    with translation.override("es"):
        assert because("because.good", two, "patient") == "Tus últimas 2 sesiones fueron bien."


def test_a_reason_names_only_what_the_rule_read() -> None:
    read: dict[str, FactValue] = {
        "set_reps.4": 9,
        "set_load_kg.4": "42.5",
        "live": True,
        "dose.load_kg": 40,
        "sessions": 1,
    }
    assert because("because.good", read, "patient") == "You did 9 reps in set 4."
    said = because("because.good", read, "clinician")
    assert "the load of set 4: 42.5 kg" in said
    assert "morning" not in said


@pytest.mark.parametrize(
    ("soreness", "later", "said"),
    [
        ("none", False, "Nothing was sore."),
        ("gone", True, "It got sore later on."),
        ("persists", True, "It was sore, and that stayed."),
        ("returns", False, "It was sore, that went away and came back."),
    ],
)
def test_soreness_is_told_as_it_was(soreness: str, later: bool, said: str) -> None:
    read: dict[str, FactValue] = {"soreness": soreness, "soreness_later": later, "sessions": 1}
    assert because("because.soreness", read, "patient") == said


def test_what_no_table_covers_is_said_to_be_unpublished() -> None:
    assert told("missing.table").startswith("Nothing was published for this")
    assert "published" in told("missing.table", "patient")


def test_a_missing_fact_is_named_for_the_clinician() -> None:
    assert told("missing.entry.ten_rm_kg") == "Not known: the tested load for ten reps."


def test_a_suppressed_rule_is_called_by_its_name() -> None:
    said = told("suppressed.too_soon", rule="more", days=1, every=5)
    assert said == "Rule “More”: at most one rise in 5 days, 1 day to go."


def test_a_clamp_shows_loads_in_kg() -> None:
    said = told("clamped.largest_step", field="load_g", asked=44000, given=42500)
    assert said == "The load: 44 kg asked, 42.5 kg by the clinic's largest step."


def test_a_question_is_told_to_both() -> None:
    asked = Notice("patient", "ask:soreness", "ask")
    assert notice_sentence(asked, "patient") == "Next time we ask you about soreness."
    assert notice_sentence(asked, "clinician").startswith("The patient is asked about")


def test_a_decision_says_who_is_told() -> None:
    decision = at(2, 12).train(0, pains=(Pain.one_tap(7),)).decide()
    assert "The clinician is told that the dose went down." in decision_sentences(
        decision, "clinician"
    )
    assert not any("clinician is told" in each for each in decision_sentences(decision, "patient"))


def test_days_of_rest_are_told_by_their_end() -> None:
    decision = at(2, 12).train(0).decide()._replace(rest_until=date(2026, 3, 5))
    assert any("Thu 5 Mar" in each for each in decision_sentences(decision, "patient"))


def test_a_program_without_such_a_rule_has_no_words_for_it() -> None:
    with pytest.raises(KeyError):
        rule_text(load_preset("dapre").raw, "nothing")
